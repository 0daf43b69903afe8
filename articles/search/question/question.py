"""What a reader asks, as one value: pages, feeds, exports, charts and followed searches all see the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...addresses import address
from .. import grammar

PAGE_SIZE = 10
# What a result can be narrowed by. Of the single ones an article has one at most: of several that are chosen, it has
# any. Of the others it may have any number, and has all that are chosen.
SINGLE = ("source", "language", "year", "known")
FACETS = ("source", "section", "tag", "author", "language", "year", "known")
# The units of the chart.
BARS = ("year", "month", "day")
# What is said instead of NO_WORD where nothing narrows the search either.
EVERYTHING = gettext_lazy("There is no word to search for in this, so it finds every article.")
# Signs that an address can hold as they are, and that are easier to read so.
READABLE = ":*(),/~"


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class LineSort(StrEnum):
    """The orders of a concordance: by the word before the hit, by the word behind it, or as the articles come."""

    LEFT = "left"
    RIGHT = "right"
    ARTICLES = ""


Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """What was typed, what narrows it, how to sort it, which page of it, and how to show it.

    `filters` and `excluded` hold pairs of a facet (see FACETS) and a value: the slug of a source, section, tag or
    author; a language code; a year such as "1923"; "printed", "inferred" or "unknown" for `known`. `since` and `until`
    are written 2017, 2017-05 or 2017-05-30 and include the whole of what they name; in addresses they are called
    `from` and `to`. `stored` is an ISO moment: only what came into the archive after it. `exact` looks for words only
    as they are written. `not_also` are names that are not looked for although a name ring has them. `apart` shows each
    printing of a story by itself. `bars` is the unit of the chart, year, month or day, or "" for what fits, and `rate`
    shows it per 1,000 articles held. `view` is "lines" for a concordance, in the order `lines`. `more` is the facet of
    which all values are shown.
    """

    text: str = ""
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = PAGE_SIZE
    filters: Pairs = ()
    excluded: Pairs = ()
    since: str = ""
    until: str = ""
    stored: str = ""
    exact: bool = False
    not_also: tuple[str, ...] = ()
    apart: bool = False
    bars: str = ""
    rate: bool = False
    view: str = ""
    lines: LineSort = LineSort.ARTICLES
    more: str = ""
    # What was given but could not be read, in sentences for the page.
    notes: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def parsed(self) -> grammar.Parsed:
        """What the grammar read in `text`: `.expression`, and `.notes` in words for the page."""
        return grammar.parse(self.text)

    @property
    def told(self) -> tuple[str, ...]:
        """What of the address and of the words could not be read, in sentences."""
        notes = (*self.notes, *self.parsed.notes)
        return tuple(str(EVERYTHING) if note == grammar.NO_WORD and self.is_open else note for note in notes)

    @property
    def is_narrowed(self) -> bool:
        """Something else than words is asked for."""
        return bool(self.filters or self.excluded or self.since or self.until or self.stored)

    @property
    def is_open(self) -> bool:
        """Nothing is asked for: everything is found, newest first."""
        return not (self.parsed.expression or self.is_narrowed)

    @property
    def order(self) -> Sort:
        """The sort that is used: without words nothing is more relevant than another."""
        return Sort.NEWEST if self.sort == Sort.RELEVANCE and not self.parsed.expression else self.sort

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values of `facet` that narrow this question."""
        return tuple(value for name, value in self.filters if name == facet)

    def kept_out(self, facet: str) -> tuple[str, ...]:
        """The values of `facet` that are excluded."""
        return tuple(value for name, value in self.excluded if name == facet)

    @property
    def window(self) -> slice:
        """Which of all that is found this page shows."""
        return slice((self.page - 1) * self.size, self.page * self.size)

    def within(self, listed: int) -> Question:
        """This question where so many results are; past the last page, on the last page, with a note."""
        if not self.window.start >= listed > 0:
            return self
        said = _("There is no page %(number)s; this is the last.") % {"number": self.page}
        notes = (*self.notes, said)
        return self.with_(page=-(-listed // self.size), notes=notes)

    # Variations

    def with_(self, **changes: Any) -> Question:
        """This question with something changed, on its first page unless `page` is given."""
        # A page of results asks for it a hundred times, and dataclasses.replace takes ten times as long.
        made = object.__new__(Question)
        vars(made).update(vars(self), **{"page": 1, "_path": self._path, **changes})
        if "text" in changes:
            vars(made).pop("parsed", None)
        return made

    def asking(self, expression: grammar.Expression | None) -> Question:
        """The same with other words."""
        return self.with_(text=grammar.write(expression) if expression else "")

    def narrowed(self, facet: str, value: str) -> Question:
        """With this value of the facet, beside those that are chosen."""
        without = self._without(facet, value)
        return without.with_(filters=tuple(sorted([*without.filters, (facet, value)])))

    def excluding(self, facet: str, value: str) -> Question:
        without = self._without(facet, value)
        return without.with_(excluded=tuple(sorted([*without.excluded, (facet, value)])))

    def _without(self, facet: str, value: str) -> Question:
        pair = (facet, value)
        return self.widened(facet, value) if pair in self.filters or pair in self.excluded else self

    def widened(self, facet: str, value: str = "") -> Question:
        """Neither with nor without this value of the facet; without a value, without any of them."""

        def kept(pairs: Pairs) -> Pairs:
            return tuple(pair for pair in pairs if pair[0] != facet or (value and pair[1] != value))

        return self.with_(filters=kept(self.filters), excluded=kept(self.excluded))

    @property
    def plain(self) -> Question:
        """What is asked, without how it is shown: two that are equal find the same articles in the same order."""
        return Question(
            text=self.text, sort=self.sort, filters=self.filters, excluded=self.excluded, since=self.since,
            until=self.until, stored=self.stored, exact=self.exact, not_also=self.not_also,
        )  # fmt: skip

    @property
    def listing(self) -> Question:
        """What is asked and what is one result: two that are equal have the same results at the same places."""
        return self.plain.with_(apart=self.apart)

    @property
    def words(self) -> Question:
        """What is looked for in texts, without what narrows: for marking."""
        return Question(text=self.text, exact=self.exact, not_also=self.not_also)

    # Addresses

    def querystring(self) -> str:
        """The shortest query string that asks this; what is as by default is left out."""
        return "&".join([f"{name}={quoted(value)}" for name, value in self.parameters() if value])

    def parameters(self) -> list[tuple[str, str]]:
        """Names and values of the address, empty where they are as by default. `SearchForm` reads them back."""
        return [
            ("q", self.text),
            *self.filters,
            *[(facet, f"-{value}") for facet, value in self.excluded],
            ("from", self.since),
            ("to", self.until),
            ("stored", self.stored),
            ("exact", "1" if self.exact else ""),
            *[("not_also", name) for name in self.not_also],
            ("sort", self.sort if self.sort != Sort.RELEVANCE else ""),
            ("apart", "1" if self.apart else ""),
            ("bars", self.bars),
            ("rate", "1" if self.rate else ""),
            ("view", self.view),
            ("lines", self.lines),
            ("more", self.more),
            ("page", str(self.page) if self.page > 1 else ""),
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays as it is when other words are asked for."""
        return [(name, value) for name, value in self.parameters() if value and name not in ("q", "page", "not_also")]

    def url(self, kind: str = "") -> str:
        """The address of what answers this, such as /search/?q=flood&page=2; of a `kind`, /search.csv?q=flood."""
        query = (self.plain if kind else self).querystring()
        path = f"{self._path.removesuffix('/')}.{kind}" if kind else self._path
        return f"{path}?{query}" if query else path

    def varying(self, part: str) -> Callable[[str], str]:
        """How to write the address of this with something else for a `part` of it, such as "year=0".

        To ask for it from a question of each facet value and each bar would take a millisecond. What was typed cannot
        be taken for the part: `=` is written otherwise in an address.
        """
        before, _part, behind = self.url().partition(part)
        return lambda other: f"{before}{other}{behind}"

    @cached_property
    def _path(self) -> str:
        return address("articles:search")


@dataclass(frozen=True)
class Window:
    """The part of an answer that a page shows: primary keys in their order, with scores, and how many results in all.

    `question` is on the page that there is.
    """

    question: Question
    scores: dict[int, float]
    listed: int


@lru_cache(4096)
def quoted(value: str) -> str:
    """A value as it is written in an address."""
    return quote_plus(value, READABLE)
