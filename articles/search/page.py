"""One page of an answer, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from ..models import Article
from .question import Question, Sort

NEAR = 2


@dataclass(frozen=True)
class Found:
    """What an engine answered: primary keys with scores, best first, how many in all, and counts by facet."""

    scores: dict[int, float] = field(default_factory=dict)
    total: int = 0
    counts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """An article that was found. `title` and `snippet` are escaped, with the words that matched in <mark>."""

    article: Article
    title: SafeString
    snippet: SafeString
    score: float


@dataclass(frozen=True)
class FacetValue:
    """A value to narrow by, or, when `active`, one that narrows already and that `url` takes away.

    `value` is a slug, a language code, a year or a way of knowing; `name` is what to show for it.
    """

    value: str
    name: str
    count: int
    url: str
    active: bool = False


@dataclass(frozen=True)
class Link:
    """A link of a row of links: to a page of results by its number, or to another order of them."""

    name: str
    url: str
    active: bool = False


@dataclass(frozen=True)
class Page:
    """One page of hits, and of how many.

    `facets` has an entry per facet, in the order of `FACETS`; facets without a value are left out. `notes` are
    sentences for the reader. `degraded` means that the database answered because the index could not; a note says so.
    """

    question: Question
    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    degraded: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are; an empty answer has one."""
        return max(1, -(-self.total // self.question.size))

    @property
    def first(self) -> int:
        """The number, from 1, of the first hit of this page in the whole answer."""
        return (self.question.page - 1) * self.question.size + 1

    @property
    def last(self) -> int:
        return min(self.total, self.question.page * self.question.size)

    @property
    def previous_url(self) -> str:
        return self._url(self.question.page - 1)

    @property
    def next_url(self) -> str:
        return self._url(self.question.page + 1)

    def _url(self, number: int) -> str:
        return self.question.with_(page=number).url() if 1 <= number <= self.pages else ""

    @property
    def links(self) -> list[Link | None]:
        """Links to the first page, the last, and those near this one; None stands for a gap."""
        here = self.question.page
        shown = sorted({1, self.pages, *range(max(1, here - NEAR), min(self.pages, here + NEAR) + 1)})
        links: list[Link | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number > before + 1:
                links.append(None)
            links.append(Link(str(number), self._url(number), active=number == here))
        return links

    @property
    def sorts(self) -> list[Link]:
        """Links to the same answer in each order."""
        return [Link(sort, self.question.with_(sort=sort).url(), active=sort == self.question.order) for sort in Sort]

    @property
    def chosen(self) -> list[FacetValue]:
        """What narrows the answer now, each with the address that takes it away."""
        asked = self.question
        chosen = [value for values in self.facets.values() for value in values if value.active]
        if asked.since:
            chosen.append(FacetValue(asked.since, f"From {asked.since}", self.total, asked.with_(since="").url(), True))
        if asked.until:
            chosen.append(FacetValue(asked.until, f"To {asked.until}", self.total, asked.with_(until="").url(), True))
        return chosen
