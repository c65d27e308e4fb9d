"""django-q2's scheduler empties the bin once a night; the indexes find what is in it."""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

NAME = "bin"
# In TIME_ZONE; half an hour before the sweep of files that no row has.
HOUR, MINUTE = 3, 30


def add(apps, _schema_editor):
    tomorrow = timezone.localtime() + timedelta(days=1)
    first = tomorrow.replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0)
    when = {"schedule_type": "D", "next_run": first, "repeats": -1}
    task = {"func": "projects.tasks.empty_the_bin", **when}
    apps.get_model("django_q", "Schedule").objects.update_or_create(name=NAME, defaults=task)


def remove(apps, _schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0016_favourites_notes_bin_and_drafts"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.RunPython(add, remove),
        migrations.AddIndex(
            model_name="generation",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)),
                fields=["removed_at"],
                name="generation_bin",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)),
                fields=["removed_at"],
                name="project_bin",
            ),
        ),
    ]
