"""The company that names keep: what is filed beside them and how often, and when. Right also while the index lags.

What the index has not taken in yet is left out of its answer and counted in the database. Where that is too much, or
the index is away, the database counts alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from ...models import IndexBacklog
from .. import asking
from ..edge import attempt
from ..names.naming import MODELS, named
from ..question import Question, Window
from . import database
from .chart import Chart
from .database import DAY_KNOWN
from .facets import Answered, Find, commonest_of
from .finding import lacking
from .times import times

# So many articles that await indexing are counted one by one.
AWAITING = 1000
# Of more articles than this the database does not count what they have in common: it would take seconds.
MOST = 5000
UNCOUNTED = gettext_lazy(
    "What these articles have in common, and when they were published, is counted again when the search index is ready."
)


@dataclass(frozen=True)
class Neighbour:
    """A name that is filed beside others; `count` articles have all of them, and `url` finds those."""

    slug: str
    name: str
    count: int
    url: str


@dataclass(frozen=True)
class Company:
    """How many articles a question finds, when they were published, and the commonest names of each kind beside.

    `days` are those that any of them is known to be of. Where the database cannot count all this, a `note` says so.
    """

    total: int
    chart: Chart | None = None
    days: tuple[str, ...] = ()
    names: dict[str, tuple[Neighbour, ...]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Current:
    """What the index answers, and what the database has of the articles that the index was not asked for."""

    indexed: asking.Indexed
    recent: database.Rows

    @property
    def read(self) -> asking.Read:
        return self.indexed.read

    @property
    def total(self) -> int:
        return self.indexed.total + self.recent.total

    def commonest(self, field: str, most: int, also: Iterable[str] = ()) -> Counter[str]:
        recent = self.recent.facet(field)
        return commonest_of(self.indexed.commonest(field, most, {*also, *recent}) + recent, most, also)

    def histogram(self, field: str, unit: str) -> dict[str, int]:
        counts = Counter(self.indexed.histogram(field, unit)) + Counter(self.recent.histogram(field, unit))
        return dict(sorted(counts.items()))

    def span(self) -> tuple[str, str] | None:
        spans = [span for span in (self.indexed.span(), self.recent.span()) if span]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None

    def window(self, question: Question) -> Window:
        return self.indexed.window(question)

    def keys(self, question: Question) -> Iterable[int]:
        return self.indexed.keys(question)


class Wanted(NamedTuple):
    kinds: tuple[str, ...]
    most: int
    daily: bool


def company(question: Question, kinds: Iterable[str] = MODELS, most: int = 0, daily: bool = False) -> Company:
    """So many names of each of these kinds; with the days, if `daily`. `question` has nothing but names: no words."""
    wanted = Wanted(tuple(kinds), most, daily)
    with attempt("counting what names have in common"):
        awaiting = list(IndexBacklog.objects.values_list("pk", flat=True)[: AWAITING + 1])
        if len(awaiting) <= AWAITING and not lacking():
            asker = asking.Asker(without=awaiting)

            def find(asked: Question) -> Answered:
                indexed = asker.find(asked, scored=False)
                return Current(indexed, _of(asked, awaiting)) if awaiting else indexed

            return _company(question, find, wanted)
    found = database.find(question)
    if found.total > MOST:
        return Company(found.total, note=str(UNCOUNTED))
    return _company(question, database.find, wanted)


def _of(question: Question, awaiting: list[int]) -> database.Rows:
    found = database.find(question)
    return database.Rows(found.matching.filter(pk__in=awaiting), found.read)


def _company(question: Question, find: Find, wanted: Wanted) -> Company:
    answer = find(question)
    if not wanted.kinds:
        return Company(answer.total)
    days = tuple(answer.histogram(DAY_KNOWN, "day")) if wanted.daily else ()
    names = {kind: _neighbours(question, answer, kind, wanted.most) for kind in wanted.kinds}
    return Company(answer.total, _times(question, answer, find), days, names)


def _neighbours(question: Question, answer: Answered, kind: str, most: int) -> tuple[Neighbour, ...]:
    asked = question.chosen(kind)
    counts = answer.commonest(kind, most + len(asked))
    slugs = sorted((slug for slug in counts if slug not in asked), key=lambda slug: (-counts[slug], slug))[:most]
    names = named(kind, slugs)
    return tuple(
        Neighbour(slug, names[slug], counts[slug], question.narrowed(kind, slug).url())
        for slug in slugs
        if slug in names
    )


def _times(question: Question, answer: Answered, find: Find) -> Chart | None:
    """By year; by less where all is of one year."""
    return times(question.with_(bars="year"), answer, find) or times(question, answer, find)
