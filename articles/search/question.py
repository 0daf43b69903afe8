"""What a reader asks, as one value: the page, the JSON and the engine all see the same."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse

from . import grammar

PAGE_SIZE = 20
# What a result can be narrowed by. Of some an article has one at most, of the others any number.
SINGLE = ("source", "language", "year", "known")
FACETS = ("source", "section", "tag", "author", "language", "year", "known")


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True)
class Question:
    """What was typed, how to sort it, which page of it, and what narrows it.

    `filters` holds pairs of a facet (see FACETS) and a value: the slug of a source, section, tag or author; a language
    code; a year such as "1923"; "printed", "inferred" or "unknown" for `known`. Several tags (sections, authors) must
    all be there. `since` and `until` are written 2017, 2017-05 or 2017-05-30 and include the whole of what they name;
    in addresses they are called `from` and `to`.
    """

    text: str = ""
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = PAGE_SIZE
    filters: tuple[tuple[str, str], ...] = ()
    since: str = ""
    until: str = ""
    # What was given but could not be read, in sentences for the page.
    notes: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def parsed(self) -> grammar.Parsed:
        """What the grammar read in `text`: `.expression`, and `.notes` in words for the page."""
        return grammar.parse(self.text)

    @property
    def is_open(self) -> bool:
        """Nothing is asked for: everything is found, newest first."""
        return not (self.parsed.expression or self.filters or self.since or self.until)

    @property
    def order(self) -> Sort:
        """The sort that is used: without words nothing is more relevant than another."""
        return Sort.NEWEST if self.sort == Sort.RELEVANCE and not self.parsed.expression else self.sort

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values of `facet` that narrow this question."""
        return tuple(value for name, value in self.filters if name == facet)

    @property
    def window(self) -> slice:
        """Which of all that is found this page shows."""
        return slice((self.page - 1) * self.size, self.page * self.size)

    def with_(self, **changes: Any) -> Question:
        """This question with something changed, on its first page unless `page` is given."""
        return dataclasses.replace(self, **{"page": 1, **changes})

    def narrowed(self, facet: str, value: str) -> Question:
        kept = [pair for pair in self.filters if pair != (facet, value) and not (pair[0] == facet and facet in SINGLE)]
        return self.with_(filters=tuple(sorted([*kept, (facet, value)])))

    def widened(self, facet: str, value: str = "") -> Question:
        """Without this value of the facet; without a value, without all of them."""
        kept = (pair for pair in self.filters if pair[0] != facet or (value and pair[1] != value))
        return self.with_(filters=tuple(kept))

    def querystring(self) -> str:
        """The shortest query string that asks this; what is as by default is left out."""
        pairs = [("q", self.text), *self.filters, ("from", self.since), ("to", self.until)]
        pairs.append(("sort", self.sort if self.sort != Sort.RELEVANCE else ""))
        pairs.append(("page", str(self.page) if self.page > 1 else ""))
        return urlencode([(name, value) for name, value in pairs if value])

    def url(self) -> str:
        """The address of the page that answers this, such as /search/?q=flood&page=2."""
        query = self.querystring()
        return _address(get_script_prefix()) + (f"?{query}" if query else "")


@lru_cache(4)
def _address(prefix: str) -> str:
    """Of the search page, for a site that lies under a prefix: a page of results asks for it a hundred times."""
    return reverse("articles:search")
