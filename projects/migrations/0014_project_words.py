from django.db import migrations, models

from projects.words import plain

AT_ONCE = 1000


def fill(apps, _editor):
    """Rerunnable: what has words is left alone."""
    projects = apps.get_model("projects", "Project").objects.exclude(title="").filter(words="")
    for project in projects.only("title").iterator(AT_ONCE):
        projects.filter(pk=project.pk).update(words=plain(project.title))


class Migration(migrations.Migration):
    dependencies = [("projects", "0013_generation_status_list")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="words",
            field=models.TextField(blank=True, db_default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
