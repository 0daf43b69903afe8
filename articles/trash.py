"""The trash: articles that were deleted and can still come back. Nobody but staff sees them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import Article
from .models.article import ArticleQuerySet
from .records import Status


def discard(numbers: Sequence[int]) -> int:
    """Move the articles with these numbers to the trash; how many were not there already."""
    now = timezone.now()
    held = Article.objects.filter(pk__in=numbers, trashed_at=None)
    return held.update(trashed_at=now, trashed_from=F("status"), status=Status.WITHHELD, modified_at=now)


def put_back(numbers: Sequence[int]) -> int:
    """Take the articles with these numbers out of the trash, with the status that they had; how many were in it."""
    now = timezone.now()
    held = Article.objects.trashed().filter(pk__in=numbers)
    return held.update(trashed_at=None, trashed_from="", status=F("trashed_from"), modified_at=now)


@transaction.atomic
def delete_for_ever(numbers: Sequence[int]) -> int:
    """Delete the articles with these numbers that are in the trash; how many. Their originals are kept."""
    held = Article.objects.trashed().filter(pk__in=numbers)
    count = held.count()
    held.delete()
    return count


def newest() -> ArticleQuerySet:
    """What is in the trash, the last that came first, with what a line of a list shows."""
    return Article.objects.trashed().for_listing().order_by("-trashed_at", "-pk")
