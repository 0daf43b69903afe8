"""What lists show of a version stands beside its record, which is long; here it is read off the records that there are."""

import hashlib
import json

from django.conf import settings
from django.db import migrations, models

# Records may be of a megabyte each.
AT_ONCE = 20
# As of this migration; a later one reads them off anew where the models do it otherwise.
SEEN = (
    "body", "body_type",
    "title", "kicker", "standfirst", "byline", "authors", "source", "date", "sections", "tags", "dateline", "language",
    "canonical_url", "correction", "editors_note", "images",
)


def read_off(apps, schema_editor):
    versions = apps.get_model("articles", "ArticleVersion").objects.using(schema_editor.connection.alias)
    last = 0
    while some := list(versions.filter(pk__gt=last).order_by("pk").only("record")[:AT_ONCE]):
        for version in some:
            record = version.record
            seen = {name: record[name] for name in SEEN if name in record}
            version.status, version.title = record.get("status", "published"), record.get("title", "")[:500]
            version.looks = hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
        versions.bulk_update(some, ["status", "title", "looks"])
        last = some[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0006_keeping"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="articleversion",
            name="status",
            field=models.CharField(
                choices=[("draft", "Draft"), ("published", "Published"), ("withheld", "Withheld")],
                default="", editable=False, max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="articleversion",
            name="title",
            field=models.CharField(default="", editable=False, max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="articleversion",
            name="looks",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(read_off, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="articleversion",
            index=models.Index(
                fields=["article", "number", "ended_at", "cause", "status", "title", "looks"], name="version_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "published", "withheld"])), name="version_status_known"
            ),
        ),
    ]
