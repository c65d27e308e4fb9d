"""django-q2's scheduler calls it once an hour: expiry, monthly plans, the refill of test mode."""

from django.db import migrations

NAME = "photo sweep"


def add(apps, _schema_editor):
    schedules = apps.get_model("django_q", "Schedule").objects
    schedules.update_or_create(
        name=NAME,
        defaults={
            "func": "projects.tasks.sweep_photos",
            "schedule_type": "H",
            "repeats": -1,
        },
    )


def remove(apps, _schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0005_late_success"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [migrations.RunPython(add, remove)]
