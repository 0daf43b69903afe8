"""That an import is to be undone stands on its row, whatever becomes of the account of who asked for it."""

from django.db import migrations, models
from django.utils import timezone


def asked(apps, schema_editor):
    jobs = apps.get_model("articles", "ImportJob").objects.using(schema_editor.connection.alias)
    jobs.filter(undone_by__isnull=False, undone_at=None).update(undo_asked_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0007_version_columns"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="undo_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(asked, migrations.RunPython.noop),
    ]
