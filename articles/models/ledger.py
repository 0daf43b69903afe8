"""The rows of the books that the database keeps by itself (see articles/ledger.py)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple, Self, TypeVar, cast

from django.core.cache import cache
from django.db import models

from .statements import Statement

Kept = TypeVar("Kept")


class PeriodKind(models.TextChoices):
    ALL = "all"
    UNDATED = "undated"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class PeriodQuerySet(models.QuerySet):
    def years(self) -> Self:
        return self.held(PeriodKind.YEAR)

    def months(self, year: int) -> Self:
        return self.held(PeriodKind.MONTH).filter(label__startswith=f"{year:04}-")

    def days(self, year: int, month: int) -> Self:
        return self.held(PeriodKind.DAY).filter(label__startswith=f"{year:04}-{month:02}-")

    def held(self, kind: PeriodKind) -> Self:
        """Years, months or days of which something is published, in their order."""
        return self.filter(kind=kind, published_count__gt=0).order_by("label")

    def on_any(self, month: int, day: int) -> dict[str, int]:
        """The days of this name of all years, as far as something is held of them, with how many articles."""
        years = self.years().values_list("label", flat=True)
        counts = self.counts_of(*(f"{year}-{month:02}-{day:02}" for year in years))
        return {label: counts[label] for label in sorted(counts) if counts[label] > 0}

    def count_of(self, label: str) -> int:
        """How many published articles: of "all", "undated", a year "1923", a month "1923-05" or a day "1923-05-30"."""
        return self.counts_of(label)[label]

    def counts_of(self, *labels: str) -> Counter[str]:
        return Counter(dict(COUNTS.rows(labels)))


class Period(models.Model):
    """How many published articles fall into a year, month or day; in all; and in none."""

    label = models.CharField(max_length=10, primary_key=True)
    kind = models.CharField(max_length=8, choices=PeriodKind.choices)
    published_count = models.IntegerField(default=0)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        # With the counts, so that what is held is summed up without a look at each row.
        indexes = [models.Index(fields=["kind", "label", "published_count"], name="period_held")]

    def __str__(self) -> str:
        return self.label


COUNTS = Statement(
    lambda labels: Period.objects.filter(label__in=labels).order_by().values_list("label", "published_count"), str
)


class Change(NamedTuple):
    """The last change that readers see; as a text, a name for what was the case from then on."""

    number: int = 0
    moment: dt.datetime = dt.datetime(1, 1, 1, tzinfo=dt.UTC)

    def __str__(self) -> str:
        return f"{self.number}.{self.moment:%Y%m%d%H%M%S%f}"


class EditionQuerySet(models.QuerySet):
    def current(self) -> Change:
        return next((Change(*row) for row in EDITION.rows()), Change())

    def kept(self, name: str, make: Callable[[], Kept], now: Change | None = None) -> Kept:
        """What `make` gave, remembered until something that readers see changes; `now` where the edition is known.

        Of what has never changed nothing is remembered: in a transaction that is not at its end nothing has, yet.
        """
        now = now or self.current()
        if not now.number:
            return make()
        return cast(Kept, cache.get_or_set(f"{name}:{now}", make))


class Edition(models.Model):
    """One row, which says how often something that readers see has changed: what they have kept of a page stays right
    for as long as it stays the same.
    """

    number = models.BigIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField()
    # The transaction that changed something last, in a database where several write at once.
    writer = models.BigIntegerField(default=0, db_default=0)

    objects = EditionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.number)


EDITION = Statement(lambda _: Edition.objects.order_by().values_list("number", "changed_at"), int)


class IndexStamp(models.Model):
    """One row, which says what the index has for a token if it is that of this database as it is now: `current`, or
    `coming` if the change that is on its way has come.
    """

    current = models.CharField(max_length=32, default="", db_default="")
    coming = models.CharField(max_length=32, default="", db_default="")

    def __str__(self) -> str:
        return self.coming


class IndexBacklog(models.Model):
    """An article whose place in the index is out of date; `seq` grows with each change that happens meanwhile.

    `withdrawn` tells that it was deleted, or is not published any more: no answer may have it.
    """

    article_id = models.BigIntegerField(primary_key=True)
    seq = models.PositiveIntegerField(default=1)
    withdrawn = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["article_id"], name="backlog_withdrawn", condition=models.Q(withdrawn=True)),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}.{self.seq}"
