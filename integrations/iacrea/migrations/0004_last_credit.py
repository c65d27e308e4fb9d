"""What iacrea last said that an account has left; django-q2's scheduler has it asked every hour."""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

NAME = "iacrea credits"
# Past each hour, when the sweep of photos is over.
MINUTE = 20


def add(apps, _schema_editor):
    first = timezone.localtime().replace(minute=MINUTE, second=0, microsecond=0)
    when = {"schedule_type": "H", "next_run": first + timedelta(hours=1), "repeats": -1}
    task = {"func": "projects.tasks.ask_credits", **when}
    apps.get_model("django_q", "Schedule").objects.update_or_create(name=NAME, defaults=task)


def remove(apps, _schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("iacrea", "0003_what_may_be_sent"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.AddField(
            model_name="iacreaaccount",
            name="credit",
            field=models.IntegerField(blank=True, null=True, verbose_name="photos left at iacrea"),
        ),
        migrations.AddField(
            model_name="iacreaaccount",
            name="credit_seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="seen"),
        ),
        migrations.RunPython(add, remove),
    ]
