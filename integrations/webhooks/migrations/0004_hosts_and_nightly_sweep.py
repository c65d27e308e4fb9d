"""What waits learns its host, and django-q2's scheduler calls the sweep of old messages once a
night."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.db import migrations
from django.utils import timezone

NAME = "message sweep"


def name_hosts(apps, _schema_editor):
    waiting = apps.get_model("webhooks", "Delivery").objects.filter(state="pending", host="")
    for row in waiting.only("url").iterator():
        try:
            row.host = urlsplit(row.url).netloc.rpartition("@")[2].lower()[:255]
        except ValueError:
            continue  # no URL at all: it is sent, and refused, without one
        row.save(update_fields=["host"])


def add(apps, _schema_editor):
    first = (timezone.localtime() + timedelta(days=1)).replace(hour=4, minute=30, second=0)
    when = {"schedule_type": "D", "next_run": first.replace(microsecond=0), "repeats": -1}
    schedules = apps.get_model("django_q", "Schedule").objects
    defaults = {"func": "projects.tasks.sweep_messages", **when}
    schedules.update_or_create(name=NAME, defaults=defaults)


def remove(apps, _schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0003_endpoints_and_events"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.RunPython(name_hosts, migrations.RunPython.noop),
        migrations.RunPython(add, remove),
    ]
