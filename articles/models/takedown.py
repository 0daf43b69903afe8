"""How far an article is shown: the ladder of takedown, and each step on it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..records import Status

HEADLINE_LENGTH = 500


class Access(StrEnum):
    """The steps of the ladder, from the top down. The last two hide an article from readers."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    STAFF = "staff"
    TOMBSTONE = "tombstone"


HIDDEN = (Access.STAFF, Access.TOMBSTONE)


class Reason(StrEnum):
    """Why an article was taken down, as far as readers are told; see wording/takedowns.py for the words."""

    ORDER = "order"
    PERSON = "person"
    RIGHTS = "rights"
    PUBLISHER = "publisher"
    MISTAKE = "mistake"
    OTHER = "other"


def _pairs(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(item.value, item.value.capitalize()) for item in kind]


# What readers are told of an article that has a tombstone, and nothing else of it.
TOLD = (
    "headline", "reason", "words", "since", "step",
    *(f"article__{name}" for name in ("title", "earliest", "latest", "precision", "known", "language", "source__name")),
)  # fmt: skip


class TakedownQuerySet(models.QuerySet):
    def holding(self) -> Self:
        """Those that hold: of each article the last one."""
        return self.filter(holds=True)

    def tombstones(self) -> Self:
        return self.holding().filter(step=Access.TOMBSTONE)

    def for_readers(self) -> Self:
        """Tombstones with what readers are told."""
        return self.tombstones().select_related("article__source").only(*TOLD)


class Takedown(models.Model):
    """One step of an article on the ladder: when, by whom and why. The last one `holds`, the others are its history.

    `headline` and `words` are what readers are told: the first in place of the headline that the article has, the
    second beside the reason. `note` is for staff. `status` is what the article goes back to when it is shown again.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="takedowns")
    step = models.CharField(max_length=10, choices=_pairs(Access))
    before = models.CharField(max_length=10, choices=_pairs(Access))
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=10, choices=_pairs(Reason), blank=True)
    words = models.TextField(blank=True)
    headline = models.CharField(max_length=HEADLINE_LENGTH, blank=True)
    note = models.TextField(blank=True)
    since = models.DateTimeField(default=timezone.now)
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    holds = models.BooleanField(default=True)

    objects = TakedownQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["article"], name="takedown_once", condition=Q(holds=True)),
            models.CheckConstraint(name="takedown_step_known", condition=Q(step__in=list(Access))),
            models.CheckConstraint(name="takedown_status_known", condition=Q(status__in=list(Status))),
        ]
        indexes = [
            models.Index(
                fields=["since", "id"], name="tombstone_shelf", condition=Q(holds=True, step=Access.TOMBSTONE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} since {self.since:%Y-%m-%d}"
