"""Documents with any of very many whole values: they are looked up all at once rather than a value at a time."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from .combining import union
from .matches import DENSE, Few, Many, Matches, ranges

if TYPE_CHECKING:
    from ..segments.segment import Segment
    from .snapshot import Snapshot

# Values from which on it is worth it.
MANY = 32
# Bytes of a value that make a number.
WIDTH = 8


class Short(NamedTuple):
    """The values of a field of a segment as ascending numbers, with the documents of each value in turn."""

    numbers: np.ndarray
    starts: np.ndarray
    counts: np.ndarray
    documents: np.ndarray


_short: WeakKeyDictionary[Segment, dict[str, Short | None]] = WeakKeyDictionary()
_keeping = threading.Lock()


def any_of(snapshot: Snapshot, field: str, values: Collection[bytes]) -> Matches:
    """Documents that have any of the values; their scores say nothing."""
    if len(values) < MANY:
        return union([snapshot.matches(field, value, 0.0) for value in values], snapshot.count)
    found = [
        base + ids
        for segment, base in zip(snapshot.segments, snapshot.bases, strict=True)
        for ids in _documents(segment, field, values)
    ]
    mask = np.zeros(snapshot.count, bool)
    mask[np.concatenate([np.zeros(0, np.intp), *found])] = True
    if snapshot.alive is not None:
        mask &= snapshot.alive
    marked = Many(mask=mask)
    return marked if marked.total * DENSE > snapshot.count else Few(marked.ids)


def _documents(segment: Segment, field: str, values: Collection[bytes]) -> Iterator[np.ndarray]:
    short = _of_segment(segment, field)
    if short is None:
        yield from _one_by_one(segment, field, values)
        return
    fitting = [value for value in values if _fits(value)]
    yield _at_once(short, fitting)
    if len(fitting) < len(values):
        yield from _one_by_one(segment, field, [value for value in values if not _fits(value)])


def _one_by_one(segment: Segment, field: str, values: Iterable[bytes]) -> Iterator[np.ndarray]:
    ordinals = (segment.lookup(field, value) for value in values)
    return (segment.ids(ordinal) for ordinal in ordinals if ordinal >= 0)


def _at_once(short: Short, values: list[bytes]) -> np.ndarray:
    if not values or not len(short.numbers):
        return np.zeros(0, np.intp)
    wanted = np.sort(_as_numbers(values))
    at = np.minimum(short.numbers.searchsorted(wanted), len(short.numbers) - 1)
    at = at.compress(short.numbers.take(at) == wanted)
    return short.documents.take(ranges(short.starts.take(at), short.counts.take(at)))


def _of_segment(segment: Segment, field: str) -> Short | None:
    """Kept as long as the segment; None where some values are too long."""
    with _keeping:
        kept = _short.setdefault(segment, {})
        if field not in kept:
            kept[field] = _read(segment, field)
        return kept[field]


def _read(segment: Segment, field: str) -> Short | None:
    terms = segment.terms_of(field)
    values = segment.terms(terms)
    if not all(map(_fits, values)):
        return None
    counts = segment.frequencies[terms.start : terms.stop].astype(np.intp)
    documents = segment.ids_between(terms).astype(np.int32)
    return Short(_as_numbers(values), counts.cumsum() - counts, counts, documents)


def _fits(value: bytes) -> bool:
    """A number cannot tell whether a zero byte is of the value."""
    return len(value) <= WIDTH and b"\x00" not in value


def _as_numbers(values: list[bytes]) -> np.ndarray:
    """Numbers that ascend as the values do."""
    return np.array(values, f"S{WIDTH}").view(f">u{WIDTH}").astype(f"u{WIDTH}")
