from django.db import migrations, models
from django.db.models import F


def all_have_joined(apps, _editor):
    rows = apps.get_model("accounts", "Membership").objects.filter(joined_at=None)
    rows.update(joined_at=F("created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_names_for_staff'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='joined_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='joined'),
        ),
        migrations.RunPython(all_have_joined, migrations.RunPython.noop),
    ]
