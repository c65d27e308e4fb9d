"""django-q2's scheduler calls them once a night, when few people work."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

# The hour and the minute, in TIME_ZONE.
NIGHTLY = {
    "ledger audit": ("projects.tasks.audit_ledger", 3, 0),
    "file sweep": ("projects.tasks.sweep_files", 4, 0),
}


def add(apps, _schema_editor):
    schedules = apps.get_model("django_q", "Schedule").objects
    tomorrow = timezone.localtime() + timedelta(days=1)
    for name, (task, hour, minute) in NIGHTLY.items():
        first = tomorrow.replace(hour=hour, minute=minute, second=0, microsecond=0)
        when = {"schedule_type": "D", "next_run": first, "repeats": -1}
        schedules.update_or_create(name=name, defaults={"func": task, **when})


def remove(apps, _schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name__in=NIGHTLY).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0008_dead_links"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [migrations.RunPython(add, remove)]
