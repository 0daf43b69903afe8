"""What tells a document apart from others, and so finds those like it."""

from __future__ import annotations

import heapq
import math
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from whoosh import query

from .. import analysis
from ..asking.snapshot import Snapshot

# Of so many frequent terms of a document the most telling, none of them in over a tenth of all documents.
CONSIDERED, TELLING, COMMON = 120, 20, 0.1
# Of a text without end only the beginning is read.
READ = 100_000
LANGUAGE = "language"


class Telling:
    """The telling terms of the object that was asked for last: a page asks for what is like one in several ways."""

    def __init__(self) -> None:
        self._asked: tuple[weakref.ref[Any], ...] = ()
        self._terms: list[query.Term] = []

    def terms(self, snapshot: Snapshot, item: object, read: Callable[[], list[query.Term]]) -> list[query.Term]:
        """`read` gives them where another object was asked for last, or another state of the index."""
        if not self._asked or any(
            held() is not given for held, given in zip(self._asked, (snapshot, item), strict=True)
        ):
            self._terms = read()
            self._asked = weakref.ref(snapshot), weakref.ref(item)
        return self._terms


def telling_terms(snapshot: Snapshot, document: Mapping[str, Any], names: Iterable[str]) -> list[query.Term]:
    """The terms of a document that are frequent in it and rare elsewhere, but not so rare that nothing shares them."""
    frequent = heapq.nlargest(CONSIDERED, (found for name in names for found in _terms(snapshot, document, name)))
    weighed = ((_telling(snapshot, name, term, weight), name, term) for weight, _, name, term in frequent)
    best = heapq.nlargest(TELLING, (found for found in weighed if found[0] > 0))
    return [query.Term(name, term) for _, name, term in best]


def _terms(snapshot: Snapshot, document: Mapping[str, Any], name: str) -> Iterator[tuple[float, int, str, bytes]]:
    """The terms of a field with their weight in it and their length; a single character seldom says anything."""
    language = analysis.language_of(str(document.get(LANGUAGE, "")))
    held = str(document.get(name, ""))[:READ]
    counted = Counter(place.terms[0] for run in analysis.runs(held) for place in analysis.places(run, language))
    for term, times in counted.items():
        if len(term) > 1 and not term.endswith("."):
            yield times * snapshot.schema[name].boost, len(term), name, term.encode()


def _telling(snapshot: Snapshot, name: str, term: bytes, weight: float) -> float:
    found = snapshot.frequency(name, term)
    if found < 2 or found > max(5, COMMON * snapshot.count):
        return 0.0
    return weight * math.log(1 + snapshot.count / found)
