"""The counts of the API's limits. A lost count harms nobody, so PostgreSQL need not log it: a call
then waits for no disk."""

import django.db.models.deletion
from django.db import migrations, models


def log_nothing(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE accounts_ratewindow SET UNLOGGED")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_idempotent_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='RateWindow',
            fields=[
                ('api_key', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='accounts.apikey', verbose_name='API key')),
                ('began_at', models.FloatField()),
                ('calls', models.PositiveIntegerField()),
                ('creates', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'rate window',
                'verbose_name_plural': 'rate windows',
            },
        ),
        migrations.RunPython(log_nothing, migrations.RunPython.noop),
    ]
