"""Names by how their words begin: sources, sections, tags and authors, found as quickly as they are typed."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from django.urls import reverse

from .naming import MODELS
from .rings import key_of

# Of each kind the names with most articles are kept in memory, so long in seconds; so many that fit are looked up.
HELD, FRESH, FITTING = 5000, 30.0, 12
# Behind all that begins with a text.
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Name:
    """A name that is in use, with the number of articles on its page."""

    kind: str
    name: str
    slug: str
    count: int

    @property
    def url(self) -> str:
        return reverse(f"articles:{self.kind}", args=[self.slug])


@dataclass(frozen=True)
class Shelf:
    """The names of a kind as they were read: what each of their words begins, sorted, with size and key."""

    until: float
    endings: list[tuple[str, int, int]]

    def beginning(self, start: str) -> Iterable[int]:
        """The keys of the largest names that have a word, or words in a row, that begin so."""
        first = bisect_left(self.endings, (start,))
        last = bisect_left(self.endings, (start + LAST,))
        best = nsmallest(2 * FITTING, self.endings[first:last], key=lambda ending: (-ending[1], ending[2]))
        return list(dict.fromkeys(key for _, _, key in best))[:FITTING]


_shelves: dict[str, Shelf] = {}


def _shelf(kind: str) -> Shelf:
    """What changed meanwhile is seen when a name is looked up; a new name is offered within FRESH seconds."""
    held, now = _shelves.get(kind), time.monotonic()
    if held is None or held.until <= now:
        names = MODELS[kind].objects.by_size().values_list("pk", "name", "published_count")[:HELD]
        rows = (*names, *_others(kind).values_list("target", "name", "target__published_count")[:HELD])
        endings = sorted((ending, size, key) for key, name, size in rows for ending in _endings(name))
        held = _shelves[kind] = Shelf(now + FRESH, endings)
    return held


@lru_cache(4 * HELD)
def _endings(name: str) -> tuple[str, ...]:
    """The name from each of its words on, without what does not tell words apart."""
    words = key_of(name)
    return tuple(" ".join(words[at:]) for at in range(len(words)))


def beginning(text: str, kinds: Iterable[str], count: int) -> list[Name]:
    """Names in use that have `text` at the beginning of a word of theirs, or of an alias; the largest first."""
    start = " ".join(key_of(text))
    if not start:
        return []
    found = (name for kind in kinds for name in _fresh(kind, start))
    return nsmallest(count, found, key=lambda name: (-name.count, name.name.casefold(), name.kind, name.slug))


def _fresh(kind: str, start: str) -> Iterator[Name]:
    """As they are now: they may have been renamed, or nothing be filed under them any more."""
    keys = _shelf(kind).beginning(start)
    if not keys:
        return
    rows = list(MODELS[kind].objects.in_use().filter(pk__in=keys).values_list("pk", "name", "slug", "published_count"))
    unlike = [key for key, name, *_ in rows if not _begins(name, start)]
    others = _others(kind).filter(target__in=unlike).values_list("target", "name") if unlike else ()
    led = {key for key, name in others if _begins(name, start)}
    for key, name, slug, count in rows:
        if key in led or key not in unlike:
            yield Name(kind, name, slug, count)


def _others(kind: str) -> Any:
    """The aliases of names that are in use, those of the largest first."""
    aliases = MODELS[kind].alias_model().objects.filter(target__published_count__gt=0)
    return aliases.order_by("-target__published_count", "key")


def _begins(name: str, start: str) -> bool:
    return any(ending.startswith(start) for ending in _endings(name))
