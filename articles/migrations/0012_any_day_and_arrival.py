from django.db import migrations, models

from articles.models.monthday import MonthDay


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_roles")]

    operations = [
        migrations.AddIndex(
            "article",
            models.Index(
                models.F("status"),
                MonthDay("earliest"),
                models.F("earliest"),
                models.F("id"),
                models.F("precision"),
                name="article_day_shelf",
            ),
        ),
        migrations.AddIndex("article", models.Index(fields=["status", "id"], name="article_arrival")),
    ]
