"""One page of an answer, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from ...models import Article
from ..question import Question, Sort
from ..question.sentence import Chip
from .chart import Chart

NEAR = 2
# So many values of a facet are offered, until it is opened.
OFFERED = 8
EXPORTS = {"json": "JSON", "csv": "CSV", "jsonl": gettext_lazy("JSON lines"), "atom": "Atom"}
SORTS = {
    Sort.RELEVANCE: gettext_lazy("Relevance"),
    Sort.NEWEST: gettext_lazy("Newest"),
    Sort.OLDEST: gettext_lazy("Oldest"),
}
# Articles in a feed to follow.
FEED = 50


Facets = dict[str, tuple["FacetValue", ...]]


@dataclass(frozen=True)
class Hit:
    """An article that was found. `title` and `snippet` are escaped, with the words that matched in <mark>.

    `url` is the article's address with the question and the place among the results in it, so that the words stay
    marked there and the next result is a step away; `why` that of the page which says why it was found.
    """

    article: Article
    title: SafeString
    snippet: SafeString
    score: float
    url: str
    why: str


@dataclass(frozen=True)
class FacetValue:
    """A value to narrow by, or, when `active` or `excluded`, one that narrows already and that `url` takes away.

    `value` is a slug, a language code, a year or a way of knowing; `name` is what to show for it. `count` is how many
    articles `url` gives, or, where it `adds`, how many more. `without` is the address that excludes it.
    """

    value: str
    name: str
    count: int
    url: str
    active: bool = False
    without: str = ""
    adds: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class Link:
    """A link of a row of links: to a page of results by its number, or to another order of them."""

    name: str
    url: str
    active: bool = False


@dataclass(frozen=True)
class Addition:
    """What a name ring added to a name: links that leave one of the others out."""

    name: str
    others: tuple[Link, ...]


@dataclass(frozen=True)
class Page:
    """One page of hits, and what is to be said of all of them.

    `total` is how many articles were found, `listed` how many results those are, since the printings of one story are
    one result unless they are asked for apart. `facets` has an entry per facet, in the order of `FACETS`; facets
    without a value are left out, and `cut` names those that have more values. `also` is what name rings added,
    `widened` says which other forms of the words are found. `notes` are sentences for the reader. `degraded` means
    that the database answered because the index could not, `refused` that nobody did because too much was asked for;
    a note says so.
    """

    question: Question
    hits: tuple[Hit, ...] = ()
    total: int = 0
    listed: int = 0
    facets: Facets = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    chart: Chart | None = None
    chips: tuple[Chip, ...] = ()
    sentence: str = ""
    also: tuple[Addition, ...] = ()
    widened: str = ""
    notes: tuple[str, ...] = ()
    degraded: bool = False
    refused: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are; an empty answer has one."""
        return max(1, -(-self.listed // self.question.size))

    @property
    def first(self) -> int:
        """The number, from 1, of the first hit of this page in the whole answer."""
        return (self.question.page - 1) * self.question.size + 1

    @property
    def last(self) -> int:
        return min(self.listed, self.question.page * self.question.size)

    @property
    def is_grouped(self) -> bool:
        """Some results stand for several printings."""
        return self.listed < self.total

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
        asked = self.question
        return [Link(str(SORTS[sort]), asked.with_(sort=sort).url(), active=sort == asked.order) for sort in SORTS]

    @property
    def exports(self) -> list[Link]:
        """Links to all that was found, in each format."""
        return [Link(str(name), self.question.url(kind)) for kind, name in EXPORTS.items()]

    @property
    def feed(self) -> str:
        """The address of a feed of the newest articles that this finds."""
        url = self.question.with_(sort=Sort.NEWEST).url("atom")
        return f"{url}{'&' if '?' in url else '?'}newest={FEED}"

    @property
    def together(self) -> str:
        """The address that shows printings of one story as one result, or, where they are, each by itself."""
        return self.question.with_(apart=not self.question.apart).url()

    @property
    def lines(self) -> str:
        """The address of the same as a concordance."""
        return self.question.with_(view="lines").url()

    @property
    def exactly(self) -> str:
        """The address that looks for words only as they are written, or, where it does, for all their forms."""
        return self.question.with_(exact=not self.question.exact, not_also=()).url()

    @property
    def more(self) -> dict[str, str]:
        """Of facets with more values than are shown, the address that shows them; of the one opened, that closes it."""
        asked = self.question
        links = {name: asked.with_(more=name).url() for name in self.cut}
        return links | ({asked.more: asked.with_(more="").url()} if asked.more in self.facets else {})
