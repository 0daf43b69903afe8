"""What can be asked, as a tree: independent of how it was typed, and of the engine that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from ...records import Dating

# Of a `field`: "" is wherever words are.
TEXT_FIELDS = ("title", "body", "caption")
# Of a `facet`: names that articles are filed under, the language, and the place that a text names at its head.
FACETS = ("source", "section", "tag", "author", "language", "place")
HAS = ("correction", "image", "date")


@dataclass(frozen=True)
class Word:
    """A word, or what is searched like one. If `exact`, only as it is written: no other ending, accent or name."""

    text: str
    field: str = ""
    exact: bool = False


@dataclass(frozen=True)
class Phrase:
    text: str
    field: str = ""
    exact: bool = False


@dataclass(frozen=True)
class Pattern:
    """Words that are written so: `*` stands for any letters or none, `?` for one letter."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Fuzzy:
    """Words that are written nearly so. `errors` letters may be wrong; 0 leaves it to the length of the word."""

    text: str
    errors: int = 0
    field: str = ""


@dataclass(frozen=True)
class Near:
    """Two or more words or phrases, in any order, each at most `distance` words from the one before."""

    parts: tuple[Sought, ...]
    distance: int


@dataclass(frozen=True)
class AtLeast:
    """A word or phrase that stands in one field of an article so many times."""

    times: int
    part: Sought


@dataclass(frozen=True)
class Named:
    """Filed under a name: of exactly these words if `exact`, else with these words in it."""

    facet: str
    name: str
    exact: bool = False


@dataclass(frozen=True)
class Has:
    """Has a correction, an image or a date: see HAS."""

    what: str


@dataclass(frozen=True)
class Dated:
    """Published in a time. `kind` is "date", "before" or "after".

    `since` and `until` are written 2017, 2017-05 or 2017-05-30; of "date" one may be empty, and one alone stands in
    both. "before" has only an `until`, "after" only a `since`, and both leave out what they name.
    """

    kind: str
    since: str = ""
    until: str = ""

    @property
    def earliest(self) -> datetime | None:
        """The first moment that is in it."""
        if not self.since:
            return None
        if self.kind == "after":
            return cast(datetime, Dating.parse(self.since).latest) + timedelta(minutes=1)
        return Dating.parse(self.since).earliest

    @property
    def latest(self) -> datetime | None:
        """The last moment that is in it."""
        if not self.until:
            return None
        if self.kind == "before":
            return cast(datetime, Dating.parse(self.until).earliest) - timedelta(minutes=1)
        return Dating.parse(self.until).latest


@dataclass(frozen=True)
class Not:
    part: Expression


@dataclass(frozen=True)
class All:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Either:
    parts: tuple[Expression, ...]


Sought = Word | Phrase | Pattern | Fuzzy
Expression = Sought | Near | AtLeast | Named | Has | Dated | Not | All | Either


def sought(part: Expression) -> Iterator[Sought]:
    """What a found article has in its text, for marking; not what it must not have."""
    if isinstance(part, Sought):
        yield part
    elif isinstance(part, AtLeast):
        yield part.part
    elif isinstance(part, All | Either | Near):
        for inner in part.parts:
            yield from sought(inner)
