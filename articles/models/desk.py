"""What waits for staff, as far as it is not read off the articles: own drafts, what is no copy, what nobody found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from .article import Article


class Draft(Article):
    """An article that who wrote or uploaded it may still change; a kind of its own, so that it has its own rights."""

    class Meta:
        proxy = True
        default_permissions = ("add", "change", "view")
        verbose_name = "own draft"


class Distinct(models.Model):
    """An article of which somebody said that it is no copy, however like others it is."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="distinct")
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"article {self.article_id} is no copy"


class FruitlessSearch(models.Model):
    """A search of readers that found nothing; who asked is not known. `query` is the query string of its address."""

    query = models.CharField(max_length=500, unique=True)
    words = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ("view", "delete")
        indexes = [models.Index(fields=["last_at"], name="fruitless_last")]
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"

    def __str__(self) -> str:
        return self.words
