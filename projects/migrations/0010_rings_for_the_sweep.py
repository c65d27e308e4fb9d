from django.db import migrations, models
from django.db.models import F


def settle(apps, _schema_editor):
    """The code before this one drew its conclusions at once."""
    receipts = apps.get_model("projects", "CallbackReceipt").objects
    receipts.filter(handled_at=None).update(handled_at=F("received_at"))


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_nightly_tasks")]

    operations = [
        migrations.AddField(
            model_name="callbackreceipt",
            name="handled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(settle, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="callbackreceipt",
            index=models.Index(
                condition=models.Q(("handled_at", None)),
                fields=["attempt"],
                name="callback_waiting",
            ),
        ),
    ]
