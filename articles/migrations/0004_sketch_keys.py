"""Sketches are made otherwise. What `manage.py work` finds without one it sketches anew; stories stay until then."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0003_rights_on_searching'),
    ]

    operations = [
        migrations.RunSQL('DELETE FROM articles_sketch', migrations.RunSQL.noop),
        migrations.DeleteModel(name='SketchBand'),
        migrations.CreateModel(
            name='SketchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sketch_keys', to='articles.article')),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'article'], name='sketch_key')],
            },
        ),
    ]
