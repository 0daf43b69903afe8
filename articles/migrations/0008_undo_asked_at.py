"""That an import is to be undone stands on its row, whatever becomes of the account of who asked, and how far that is."""

from django.db import migrations, models
from django.utils import timezone


def asked(apps, schema_editor):
    jobs = apps.get_model("articles", "ImportJob").objects.using(schema_editor.connection.alias)
    jobs.filter(undone_by__isnull=False, undone_at=None).update(undo_asked_at=timezone.now())
    versions = apps.get_model("articles", "ArticleVersion").objects.using(schema_editor.connection.alias)
    for job in jobs.filter(models.Q(undone_at__isnull=False) | models.Q(undo_asked_at__isnull=False)):
        job.removed = job.outcomes.filter(result="created", article=None).count()
        job.put_back = versions.filter(job=job, cause="undone").count()
        job.save(update_fields=["removed", "put_back"])


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
        migrations.AddField(
            model_name="importjob",
            name="removed",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importjob",
            name="put_back",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.RunPython(asked, migrations.RunPython.noop),
    ]
