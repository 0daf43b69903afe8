"""What is held, and of when: so that readers know what an answer was looked for in."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from heapq import nlargest

import numpy as np
from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast, Left

from .models import Article, Edition, Period, Source
from .models.ledger import PeriodKind
from .records import Precision

YEAR, MONTH, DAY = 4, 7, 10
# How much of its date an article is counted under; of what is not named here, the year alone.
_LENGTHS = {Precision.MINUTE: DAY, Precision.DAY: DAY, Precision.MONTH: MONTH}


@dataclass(frozen=True)
class Holdings:
    """How much is held, from when to when.

    `first` and `last` are months, "1911-05", or years where no more is known of the date; empty where nothing has a
    date. `empty_days` are days without an article, between the first and the last day that have one.
    """

    articles: int = 0
    sources: int = 0
    first: str = ""
    last: str = ""
    empty_days: int = 0
    undated: int = 0


@dataclass(frozen=True)
class Gap:
    """Days in a row of which nothing is held, both ends included."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Extent:
    """Of labels of one length: the first, the last, and how many there are."""

    first: str = ""
    last: str = ""
    labels: int = 0

    @classmethod
    def of(cls, labels: Collection[str]) -> Extent:
        return cls(min(labels), max(labels), len(labels)) if labels else cls()

    @property
    def gaps(self) -> int:
        """How many days there are between the first and the last that are no labels."""
        if not self.labels:
            return 0
        return (dt.date.fromisoformat(self.last) - dt.date.fromisoformat(self.first)).days + 1 - self.labels


@dataclass(frozen=True)
class Tally:
    """How many articles of each year, month and day that has any, by labels such as "1923", "1923-05", "1923-05-30".

    A year counts the articles known by their year or better, a month those known by their month or better.
    """

    years: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)

    def holdings(self, articles: int, sources: int) -> Holdings:
        """With the number of all articles, the undated included."""
        extents = [Extent.of(labels) for labels in (self.years, self.months, self.days)]
        return _holdings(articles, sources, articles - self.years.total(), *extents)


def summary() -> Holdings:
    """What the whole archive holds: one short query while nothing has changed."""
    return Edition.objects.kept("holdings", _all)


def _all() -> Holdings:
    counts = Period.objects.counts_of("all", "undated")
    return _summed(counts["all"], counts["undated"])


def _summed(articles: int, undated: int) -> Holdings:
    extents = [_extent(Period.objects.held(kind)) for kind in (PeriodKind.YEAR, PeriodKind.MONTH, PeriodKind.DAY)]
    return _holdings(articles, Source.objects.in_use().count(), undated, *extents)


def _extent(held: QuerySet[Period]) -> Extent:
    """Asked one by one: asked at once for the first and the last, a database compares all of them."""
    labels = held.values_list("label", flat=True)
    first = labels.first()
    return Extent(first, labels.last() or first, labels.count()) if first else Extent()


def _holdings(articles: int, sources: int, undated: int, years: Extent, months: Extent, days: Extent) -> Holdings:
    first = months.first if years.first and months.first.startswith(years.first) else years.first
    last = months.last if years.last and months.last.startswith(years.last) else years.last
    return Holdings(articles, sources, first, last, days.gaps, undated)


def gaps(days: Iterable[str], most: int, shortest: int) -> list[Gap]:
    """The longest between these days, the longest first, and none that is shorter than so many days."""
    held = np.sort(np.array([*days], dtype="datetime64[D]"))
    apart = np.diff(held).astype(int)
    longest = nlargest(most, np.flatnonzero(apart > shortest), key=apart.__getitem__)
    return [Gap((held[place] + 1).item(), (held[place + 1] - 1).item()) for place in longest]


def tally(source: Source | None = None) -> Tally:
    """The counts of the whole archive, or of one source: work in proportion to the days or to the articles."""
    return _of_source(source) if source else _of_archive()


def _of_archive() -> Tally:
    counted = Tally()
    kinds = {PeriodKind.YEAR: counted.years, PeriodKind.MONTH: counted.months, PeriodKind.DAY: counted.days}
    held = Period.objects.filter(kind__in=list(kinds), published_count__gt=0)
    for kind, label, count in held.values_list("kind", "label", "published_count").iterator():
        kinds[PeriodKind(kind)][label] = count
    return counted


def _of_source(source: Source) -> Tally:
    counted = Tally()
    dated = Article.objects.published().filter(source=source, earliest__isnull=False).order_by()
    # A time begins with its day in the text of either database; to take it apart there would be a call for each row.
    rows = dated.values_list("precision", Left(Cast("earliest", TextField()), DAY)).annotate(Count("pk"))
    for precision, day, count in rows.iterator():
        known = _LENGTHS.get(Precision(precision), YEAR)
        for length, labels in ((YEAR, counted.years), (MONTH, counted.months), (DAY, counted.days)):
            if length <= known:
                labels[day[:length]] += count
    return counted
