"""What is held is summed up from the index of periods alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0004_sketch_keys'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='period',
            name='period_kind',
        ),
        migrations.AddIndex(
            model_name='period',
            index=models.Index(fields=['kind', 'label', 'published_count'], name='period_held'),
        ),
    ]
