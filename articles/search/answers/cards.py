"""What a question finds in the database as cards in memory: looked for once, and counted in every way from them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Model

from ...models import ArticleAuthor, ArticleSection, ArticleTag, Statement
from ...records import Precision
from ..asking import Read
from ..question import SINGLE, Question, Sort, Window
from .chart import WIDTHS
from .facets import commonest_of

LINKS: dict[str, type[Model]] = {"section": ArticleSection, "tag": ArticleTag, "author": ArticleAuthor}
# What a card is made of; an article without a date or a source has none on its card.
COLUMNS = ("pk", "earliest", "precision", "source__slug", "language", "known")
# Articles whose links are read at once.
AT_ONCE = 1000


def _filed(facet: str) -> Statement:
    links = LINKS[facet]._default_manager.order_by().values_list("article", f"{facet}__slug")
    return Statement(lambda keys: links.filter(article__in=keys), int)


FILED = {facet: _filed(facet) for facet in LINKS}


class Card(NamedTuple):
    key: int
    earliest: dt.datetime | None
    precision: str
    source: str | None
    language: str
    known: str

    @property
    def year(self) -> str | None:
        return f"{self.earliest.year:04}" if self.earliest else None


class Links:
    """What the articles of some cards are filed under. Each kind is read when it is first asked for."""

    def __init__(self, keys: Sequence[int]) -> None:
        self._keys = keys
        self._kinds: dict[str, dict[int, list[str]]] = {}

    def of(self, facet: str) -> dict[int, list[str]]:
        """By the primary key of the article. One that is filed under nothing is not in it."""
        if facet not in self._kinds:
            self._kinds[facet] = self._read(facet)
        return self._kinds[facet]

    def _read(self, facet: str) -> dict[int, list[str]]:
        held: dict[int, list[str]] = {}
        for start in range(0, len(self._keys), AT_ONCE):
            some = self._keys[start : start + AT_ONCE]
            # As many each time, so that their SQL is written once.
            for key, slug in FILED[facet].rows([*some, *repeat(some[0], AT_ONCE - len(some))]):
                held.setdefault(key, []).append(slug)
        return held


class Cards:
    """An answer, counted as the engine's is: see `facets.Answered`."""

    def __init__(self, cards: Iterable[Card], links: Links, read: Read) -> None:
        self.cards, self.links, self.read = list(cards), links, read

    @property
    def total(self) -> int:
        return len(self.cards)

    def narrowed(self, question: Question) -> Cards:
        """Those that the facets of the question leave."""
        if not (question.filters or question.excluded):
            return self
        return Cards((card for card in self.cards if self._fits(card, question)), self.links, self.read)

    def window(self, question: Question) -> Window:
        """Past the last page, that of the last page. Printings of one story are not put together."""
        question = question.within(self.total)
        return Window(question, dict.fromkeys(self.keys(question)[question.window], 0.0), self.total)

    def keys(self, question: Question) -> list[int]:
        """The primary keys, in the order of the question."""
        return [card.key for card in (self._oldest if question.order == Sort.OLDEST else self._newest)]

    def commonest(self, field: str, most: int, also: Iterable[str] = ()) -> Counter[str]:
        return commonest_of(Counter(self._all(field)), most, also)

    def histogram(self, field: str, unit: str) -> dict[str, int]:
        """How many there are in each year, month or day that has any."""
        width = WIDTHS[unit]
        counts = Counter(card.earliest.isoformat()[:width] for card in self.cards if card.earliest)
        return dict(sorted(counts.items()))

    def span(self) -> tuple[str, str] | None:
        dated = [card for card in self._oldest if card.earliest]
        ends = [written(card.earliest, card.precision) for card in (*dated[:1], *dated[-1:]) if card.earliest]
        return (ends[0], ends[1]) if ends else None

    @cached_property
    def _newest(self) -> list[Card]:
        return sorted(self.cards, key=lambda card: (card.earliest is not None, card.earliest, card.key), reverse=True)

    @cached_property
    def _oldest(self) -> list[Card]:
        latest_first = sorted(self.cards, key=lambda card: -card.key)
        return sorted(latest_first, key=lambda card: (card.earliest is None, card.earliest))

    def _all(self, facet: str) -> Iterable[str]:
        """The values of all cards, as often as they occur."""
        if facet not in LINKS:
            return filter(None, map(attrgetter(facet), self.cards))
        held = self.links.of(facet)
        return chain.from_iterable([held[card.key] for card in self.cards if card.key in held])

    def _values(self, card: Card, facet: str) -> Sequence[str]:
        return self.links.of(facet).get(card.key, ()) if facet in LINKS else (getattr(card, facet),)

    def _fits(self, card: Card, question: Question) -> bool:
        if any(value in self._values(card, facet) for facet, value in question.excluded):
            return False
        return all(self._has(card, facet, question.chosen(facet)) for facet in dict(question.filters))

    def _has(self, card: Card, facet: str, chosen: Sequence[str]) -> bool:
        found: Any = (value in self._values(card, facet) for value in chosen)
        return any(found) if facet in SINGLE else all(found)


def written(earliest: dt.datetime, precision: str) -> str:
    """The day, or the year where the day is not known."""
    return earliest.isoformat()[: 10 if precision in (Precision.DAY, Precision.MINUTE) else 4]
