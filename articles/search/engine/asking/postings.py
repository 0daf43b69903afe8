"""Where terms and forms stand in the documents of several segments, read from their files.

A term here may be several in one (`queries.as_one`): it stands where any of them does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .matches import NONE, changes, each_once, ranges
from .places import PLACES, SHIFT, Places
from .queries import each_of

if TYPE_CHECKING:
    from ..segments.segment import Segment

# Terms of which is remembered where they are.
REMEMBERED = 1 << 16


class Found(NamedTuple):
    """Where a term is: numbers of segments, with the number of the term in each.

    `mixed` where a segment has more than one of its terms: what is read has to be put in order.
    """

    frequency: int
    places: tuple[tuple[int, int], ...]
    mixed: bool


class Postings:
    """`bases` are the numbers of the first documents of the segments; of deleted documents nothing is told."""

    def __init__(self, segments: Sequence[Segment], bases: Sequence[int], alive: np.ndarray | None) -> None:
        self.segments, self.bases, self.alive = segments, bases, alive
        self._found: dict[tuple[str, bytes], Found] = {}

    def find(self, field: str, term: bytes) -> Found:
        found = self._found.get((field, term))
        if found is None:
            found = self._look_up(field, term)
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[field, term] = found
        return found

    def often(self, field: str, term: bytes) -> int:
        """How often a term stands in all documents, deleted ones included."""
        return sum(int(self.segments[number].occurrences[at]) for number, at in self.find(field, term).places)

    def ids(self, field: str, term: bytes) -> np.ndarray:
        return self._living(field, term)[0]

    def ids_and_times(self, field: str, term: bytes) -> tuple[np.ndarray, np.ndarray]:
        """Documents that have a term, and how often it stands in each."""
        if self.find(field, term).mixed:
            return self._mixed(field, term)
        ids, kept = self._living(field, term)
        times = self._gathered(field, term, _times)
        return ids, times if kept is None else times.take(kept)

    def places(self, field: str, term: bytes, documents: int) -> Places:
        """Where a term stands in the living of so many documents."""
        if self.find(field, term).mixed:
            return self._mixed_places(field, term, documents)
        ids, kept = self._living(field, term)
        times = self._gathered(field, term, _times)
        places = self._gathered(field, term, _places)
        if kept is not None:
            ends = times.cumsum()
            times = times.take(kept)
            places = places.take(ranges(ends.take(kept) - times, times))
        return Places(ids, times, places, documents)

    def form_keys(self, field: str, form: bytes) -> np.ndarray:
        found = [
            _keys(segment, entry, base)
            for segment, base in zip(self.segments, self.bases, strict=True)
            for entry in segment.form_range(field, form, form + b"\x00")
        ]
        return self._once(found)

    def _once(self, found: Sequence[np.ndarray]) -> np.ndarray:
        """Keys in ascending order. A word may be in the index by several terms; it stands there once all the same."""
        keys = np.concatenate([np.zeros(0, np.int64), *found])
        if self.alive is not None:
            keys = keys.take(np.flatnonzero(self.alive.take(keys >> SHIFT)))
        return each_once(keys)

    def _look_up(self, field: str, term: bytes) -> Found:
        terms = each_of(term)
        segments = enumerate(self.segments)
        ordinals = [(number, segment.lookup(field, one)) for number, segment in segments for one in terms]
        places = tuple((number, ordinal) for number, ordinal in ordinals if ordinal >= 0)
        frequency = sum(int(self.segments[number].frequencies[ordinal]) for number, ordinal in places)
        return Found(frequency, places, len({number for number, _ in places}) < len(places))

    def _mixed(self, field: str, term: bytes) -> tuple[np.ndarray, np.ndarray]:
        """Where a document has two of the terms, as it hardly ever does, the greater number of times counts."""
        ids, times = once(self._joined_ids(field, term), self._gathered(field, term, _times))
        if self.alive is None:
            return ids, times
        kept = np.flatnonzero(self.alive.take(ids))
        return ids.take(kept), times.take(kept)

    def _mixed_places(self, field: str, term: bytes, documents: int) -> Places:
        found = self.find(field, term).places
        keys = self._once([_term_keys(self.segments[number], ordinal, self.bases[number]) for number, ordinal in found])
        ids, places = keys >> SHIFT, keys & PLACES
        begins = np.flatnonzero(changes(ids))
        counts = np.diff(begins, append=len(ids))
        return Places(ids.take(begins), counts, places.astype(np.min_scalar_type(places.max(initial=0))), documents)

    def _gathered(self, field: str, term: bytes, read: Callable[[Segment, int], np.ndarray]) -> np.ndarray:
        arrays = [read(self.segments[number], ordinal) for number, ordinal in self.find(field, term).places]
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays or [NONE])

    def _living(self, field: str, term: bytes) -> tuple[np.ndarray, np.ndarray | None]:
        """Documents that have a term, and which of all its postings those are if some are deleted."""
        ids = self._all_ids(field, term)
        if self.alive is None:
            return ids, None
        kept = np.flatnonzero(self.alive.take(ids))
        return (ids, None) if len(kept) == len(ids) else (ids.take(kept), kept)

    def _all_ids(self, field: str, term: bytes) -> np.ndarray:
        """Deleted documents too."""
        ids = self._joined_ids(field, term)
        return each_once(ids) if self.find(field, term).mixed else ids

    def _joined_ids(self, field: str, term: bytes) -> np.ndarray:
        places = self.find(field, term).places
        arrays = [self.segments[number].ids(ordinal) + self.bases[number] for number, ordinal in places]
        return arrays[0] if len(arrays) == 1 else np.concatenate([NONE, *arrays])


def _times(segment: Segment, ordinal: int) -> np.ndarray:
    """How often a term stands in each of its documents, which in most is once."""
    frequency = segment.frequencies[ordinal]
    if segment.occurrences[ordinal] == frequency:
        return np.ones(frequency, np.int32)
    return segment.times(ordinal)


def _places(segment: Segment, ordinal: int) -> np.ndarray:
    """Where a term stands, as narrow as it was written."""
    return segment.narrow_places(ordinal)


def _keys(segment: Segment, entry: int, base: int) -> np.ndarray:
    """Where a form stands in a segment, deleted documents included."""
    ordinal = int(segment.form_terms[entry])
    keys, forms = _term_keys(segment, ordinal, base), segment.forms(ordinal)
    return keys if forms is None else keys.take(np.flatnonzero(forms == segment.form_numbers[entry]))


def _term_keys(segment: Segment, ordinal: int, base: int) -> np.ndarray:
    ids = np.repeat(segment.ids(ordinal) + base, segment.times(ordinal))
    return (ids << SHIFT) | segment.places(ordinal)


def once(ids: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In ascending order. Of a document that is told twice, the greater number of times counts."""
    order = ids.argsort(kind="stable")
    ids, times = ids.take(order), times.take(order)
    first = np.flatnonzero(changes(ids))
    return ids.take(first), np.maximum.reduceat(times, first) if len(first) < len(ids) else times
