"""What articles said before they were changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from .article import Article
from .imports import ImportJob


class Cause(models.TextChoices):
    IMPORTED = "imported"
    EDITED = "edited"
    UNDONE = "undone"
    RESTORED = "restored"


class ArticleVersion(models.Model):
    """One state of an article that was replaced by the next: the record as it was, when it ended, and by what.

    `number` counts from 1, the oldest. What holds now is the article itself.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    record = models.JSONField(help_text="As `records.to_json` writes it.")
    ended_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cause = models.CharField(max_length=10, choices=Cause.choices)
    job = models.ForeignKey(ImportJob, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["article_id", "number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of article {self.article_id}"
