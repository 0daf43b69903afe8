"""How far an article is shown, and each step of a takedown."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0008_undo_asked_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Takedown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('public', 'Public'), ('unlisted', 'Unlisted'), ('staff', 'Staff'), ('tombstone', 'Tombstone')], max_length=10)),
                ('before', models.CharField(choices=[('public', 'Public'), ('unlisted', 'Unlisted'), ('staff', 'Staff'), ('tombstone', 'Tombstone')], max_length=10)),
                ('status', models.CharField(max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('order', 'Order'), ('person', 'Person'), ('rights', 'Rights'), ('publisher', 'Publisher'), ('mistake', 'Mistake'), ('other', 'Other')], max_length=10)),
                ('words', models.TextField(blank=True)),
                ('headline', models.CharField(blank=True, max_length=500)),
                ('note', models.TextField(blank=True)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('holds', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AlterModelOptions(
            name='article',
            options={'permissions': [('upload_article', 'Can upload articles'), ('takedown_article', 'Can take articles down and bring them back')]},
        ),
        migrations.AddField(
            model_name='article',
            name='access',
            field=models.CharField(choices=[('public', 'Public'), ('unlisted', 'Unlisted'), ('staff', 'Staff'), ('tombstone', 'Tombstone')], default='public', editable=False, max_length=10),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('access__in', ['public', 'unlisted', 'staff', 'tombstone'])), name='article_access_known'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('access__in', ('staff', 'tombstone')), _negated=True), ('status', 'withheld'), _connector='OR'), name='article_hidden_withheld'),
        ),
        migrations.AddField(
            model_name='takedown',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='takedowns', to='articles.article'),
        ),
        migrations.AddField(
            model_name='takedown',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='takedown',
            index=models.Index(condition=models.Q(('holds', True), ('step', 'tombstone')), fields=['since', 'id'], name='tombstone_shelf'),
        ),
        migrations.AddConstraint(
            model_name='takedown',
            constraint=models.UniqueConstraint(condition=models.Q(('holds', True)), fields=('article',), name='takedown_once'),
        ),
        migrations.AddConstraint(
            model_name='takedown',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['public', 'unlisted', 'staff', 'tombstone'])), name='takedown_step_known'),
        ),
        migrations.AddConstraint(
            model_name='takedown',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'published', 'withheld'])), name='takedown_status_known'),
        ),
    ]
