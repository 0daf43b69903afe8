"""What articles said before they were changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..records import Status
from .article import TITLE_LENGTH, Article, choices
from .imports import ImportJob

# What a reader sees of an article beside its text.
SEEN = (
    "title", "kicker", "standfirst", "byline", "authors", "source", "date", "sections", "tags", "dateline", "language",
    "canonical_url", "correction", "editors_note", "images",
)  # fmt: skip
# What lists show of a version; read off its record, and kept beside it, since records are long.
GLANCE = ("status", "title", "looks")


def looks_of(record: Mapping[str, Any]) -> str:
    """A digest of what a reader sees of a record in JSON. Two states with the same looks are one to readers.

    Whoever changes what goes in writes a migration that works out anew what is kept.
    """
    seen = {name: record[name] for name in ("body", "body_type", *SEEN) if name in record}
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def glance_at(record: Mapping[str, Any]) -> dict[str, str]:
    """What lists show of a version with this record. Raises `TypeError` or `ValueError` for what is no record."""
    told = dict(record)
    status, title = told.get("status", Status.PUBLISHED.value), told.get("title", "")
    return {"status": status, "title": title[:TITLE_LENGTH], "looks": looks_of(told)}


class Cause(models.TextChoices):
    IMPORTED = "imported"
    EDITED = "edited"
    UNDONE = "undone"
    RESTORED = "restored"


class ArticleVersion(models.Model):
    """One state of an article that was replaced by the next: the record as it was, when it ended, and by what.

    `number` counts from 1, the oldest. What holds now is the article itself. Made by `of`, changed by `say`.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    record = models.JSONField(help_text="As `records.to_json` writes it.")
    status = models.CharField(max_length=10, choices=choices(Status), editable=False)
    title = models.CharField(max_length=TITLE_LENGTH, editable=False)
    looks = models.CharField(max_length=64, editable=False)
    ended_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cause = models.CharField(max_length=10, choices=Cause.choices)
    job = models.ForeignKey(ImportJob, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["article_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_once"),
            models.CheckConstraint(name="version_status_known", condition=Q(status__in=list(Status))),
        ]
        # All that lists need: no list goes near the records.
        indexes = [models.Index(fields=["article", "number", "ended_at", "cause", *GLANCE], name="version_list")]

    def __str__(self) -> str:
        return f"version {self.number} of article {self.article_id}"

    @classmethod
    def of(cls, record: dict[str, Any], **about: Any) -> Self:
        """A version that says this, not yet stored."""
        return cls(record=record, **glance_at(record), **about)

    def say(self, record: dict[str, Any]) -> None:
        """Make the version say this, and store it."""
        self.record = record
        self.status, self.title, self.looks = glance_at(record).values()
        self.save(update_fields=["record", *GLANCE])
