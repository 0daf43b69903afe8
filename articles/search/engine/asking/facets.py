"""Which values of an exact field each document has, ready to be counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from ..schema import MISSING, exact_bytes, minutes
from .matches import ranges

if TYPE_CHECKING:
    from ..segments.segment import Segment

# A list of values may hold so many times as many as there are in use, before it is made anew.
WORN = 4
# Values of a document that are counted together with those of all others; of a document with more, one by one.
LAYERS = 8
EPOCH = minutes(dt.date(1970, 1, 1))


class Held(NamedTuple):
    """The values in a segment: how many each document has, and their numbers, document by document."""

    counts: np.ndarray
    numbers: np.ndarray


class Values:
    """The values of a field, numbered as they are met. It only grows, so that a new segment costs only itself."""

    def __init__(self, field: str) -> None:
        self.field = field
        self.names: list[str] = []
        self._numbers: dict[bytes, int] = {}
        self._held: WeakKeyDictionary[Segment, Held] = WeakKeyDictionary()
        self._lock = Lock()

    def of(self, segment: Segment) -> Held:
        with self._lock:
            if segment not in self._held:
                self._held[segment] = self._read(segment)
            return self._held[segment]

    def number(self, value: str) -> int:
        """Of a value that no document has, one past the last number."""
        return self._numbers.get(exact_bytes(value), len(self.names))

    def is_worn_out(self, segments: Sequence[Segment]) -> bool:
        """Most of the values are of segments that are no more."""
        used = sum(len(segment.terms_of(self.field)) for segment in segments)
        return len(self.names) > WORN * (used + 1024)

    def _read(self, segment: Segment) -> Held:
        terms = segment.terms_of(self.field)
        numbers = np.array([self._number(term) for term in segment.terms(terms)], np.int32)
        documents = segment.ids_between(terms)
        each = np.repeat(numbers, segment.frequencies[terms.start : terms.stop])
        # Terms come in order, so the values of a document do too: the first one is the smallest.
        by_document = np.argsort(documents, kind="stable")
        counts = np.bincount(documents, minlength=segment.count)
        return Held(counts.astype(np.min_scalar_type(counts.max(initial=0))), each.take(by_document))

    def _number(self, term: bytes) -> int:
        number = self._numbers.setdefault(term, len(self.names))
        if number == len(self.names):
            self.names.append(term.decode("utf-8", "replace"))
        return number


class Periods:
    """The year, month or day of each document."""

    def __init__(self, minutes: np.ndarray, unit: str) -> None:
        kind = {"year": "M8[Y]", "month": "M8[M]", "day": "M8[D]"}[unit]
        dated = np.flatnonzero(minutes > MISSING)
        periods = (minutes.take(dated) - EPOCH).astype("M8[m]").astype(kind).astype(np.int64)
        first = periods.min(initial=0)
        periods -= first
        there = np.bincount(periods) > 0
        self.names = (np.flatnonzero(there) + first).astype(kind).astype(str).tolist()
        self._numbers = np.full(len(minutes), len(self.names), np.min_scalar_type(len(self.names)))
        self._numbers[dated] = (there.cumsum() - 1).take(periods)

    def count(self, ids: np.ndarray) -> dict[str, int]:
        """How many of these documents are of each period, in order of time."""
        return self._counted(ids) if len(ids) < len(self._numbers) else dict(self._of_all)

    @cached_property
    def _of_all(self) -> dict[str, int]:
        return self._counted(np.arange(len(self._numbers)))

    def _counted(self, ids: np.ndarray) -> dict[str, int]:
        counts = np.bincount(self._numbers.take(ids), minlength=len(self.names) + 1)
        return dict(_named(counts[:-1], self.names))


class Facet:
    """The values of all documents, by their numbers. `size`, one past the last number, stands for no value."""

    def __init__(self, values: Values, counts: np.ndarray, numbers: np.ndarray) -> None:
        # The list may grow by values of later segments.
        self.values, self.names, self.size = values, values.names, len(values.names)
        starts = counts.cumsum(dtype=np.intp) - counts
        depths = range(max(1, min(LAYERS, int(counts.max(initial=0)))))
        # The first values of all documents, the second ones, and so on.
        self._layers = [_layer(depth, starts, counts, numbers, self.size) for depth in depths]
        deeper = np.maximum(counts.astype(np.intp) - LAYERS, 0)
        self._deeper = (starts + LAYERS, deeper, numbers) if deeper.any() else None

    def has_some(self) -> np.ndarray:
        """For each document, whether it has a value at all."""
        return self._layers[0] < self.size

    def count(self, ids: np.ndarray) -> Counter[str]:
        """How many of these documents have each value."""
        return Counter(dict(_named(self._counts(ids), self.names)))

    def commonest(self, ids: np.ndarray, most: int, also: Iterable[str]) -> Counter[str]:
        """The same of so many values, of equal ones the first by name, and of some besides that any document has."""
        counts = self._counts(ids)
        there = np.flatnonzero(counts)
        # Every value of an order of its own, so that it does not matter how they are picked.
        standing = counts.take(there) * (self.size + 1) - self._order.take(there)
        best = np.argpartition(-standing, most)[:most] if most < len(there) else np.arange(len(there))
        chosen = there.take(best.take(np.argsort(-standing.take(best)))).tolist()
        besides = (self.values.number(value) for value in also)
        chosen += [number for number in besides if number < self.size and counts[number]]
        return Counter({self.names[number]: int(counts[number]) for number in chosen})

    @cached_property
    def ranks(self) -> np.ndarray:
        """Where the smallest value of each document stands in the order of all values; MISSING if there is none."""
        return np.append(self._order, MISSING).take(self._layers[0])

    @cached_property
    def _order(self) -> np.ndarray:
        """Where each value stands in the order of all values."""
        order = np.empty(self.size, np.int64)
        order[sorted(range(self.size), key=self.names.__getitem__)] = np.arange(self.size)
        return order

    def _counts(self, ids: np.ndarray) -> np.ndarray:
        counts = np.zeros(self.size + 1, np.intp)
        for numbers in self._all_of(ids):
            counts += np.bincount(numbers, minlength=self.size + 1)
        return counts[: self.size]

    def _all_of(self, ids: np.ndarray) -> Iterator[np.ndarray]:
        """The values of documents."""
        numbers = self._layers[0].take(ids)
        yield numbers
        for layer in self._layers[1:]:
            # What has no value in one layer has none in those behind it.
            ids = ids.compress(numbers < self.size)
            numbers = layer.take(ids)
            yield numbers
        if self._deeper is not None:
            starts, counts, numbers = self._deeper
            yield numbers.take(ranges(starts.take(ids), counts.take(ids)))


def joined(values: Values, segments: Sequence[Segment]) -> Facet:
    """The values of the documents of several segments, one segment behind the other."""
    held = [values.of(segment) for segment in segments]
    counts = np.concatenate([np.zeros(0, np.uint8), *(part.counts for part in held)])
    return Facet(values, counts, np.concatenate([np.zeros(0, np.int32), *(part.numbers for part in held)]))


def _layer(depth: int, starts: np.ndarray, counts: np.ndarray, numbers: np.ndarray, none: int) -> np.ndarray:
    """The value at this depth of each document, in as few bytes as it can be."""
    layer = np.full(len(counts), none, np.min_scalar_type(none))
    some = np.flatnonzero(counts > depth)
    layer[some] = numbers.take(starts.take(some) + depth)
    return layer


def _named(counts: np.ndarray, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    some = np.flatnonzero(counts)
    return zip(map(names.__getitem__, some.tolist()), counts.take(some).tolist(), strict=True)
