"""Common words as bits: a bit for each of the first places of each document, set where the word stands.

A phrase of common words has hundreds of thousands of places to compare; of bits, 64 places are compared at once. The
few occurrences behind the places that have bits are compared one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from .snapshot import SHIFT, Snapshot

Rows = npt.NDArray[np.uint64]
Keys = npt.NDArray[np.int64]
Ids = npt.NDArray[np.intp]

# A word is common that more than one in so many documents have; for rarer ones merging is quicker.
COMMON = 2
# Places in a number, which no phrase and no distance may pass.
WIDTH, SHARE = 64, 6
PLACES = (1 << SHIFT) - 1
# Documents much longer than others have the rest of their words behind the bits.
LENGTHS = 1.5
# Occurrences that are made bits at once: few enough to stay in the fast memory of the processor.
STEP = 1 << 15
# Bytes of the bits of one word, above which they are too large to be kept.
LARGEST = 16 << 20


def are_common(snapshot: Snapshot, name: str, terms: Sequence[bytes]) -> bool:
    """Whether bits are the quicker way for all of these words together."""
    if not 1 < len(terms) < WIDTH or min(snapshot.frequency(name, term) for term in terms) * COMMON <= snapshot.count:
        return False
    return fit(snapshot, name)


def fit(snapshot: Snapshot, name: str) -> bool:
    return snapshot.count * width(snapshot, name) * 8 <= LARGEST


def width(snapshot: Snapshot, name: str) -> int:
    """How many numbers hold the bits of one document; the last of them is for what reaches over the end."""
    words = sum(segment.total(name) for segment in snapshot.segments)
    return int(LENGTHS * words / max(1, snapshot.count) / WIDTH) + 2


def places(snapshot: Snapshot, name: str, term: bytes) -> tuple[Rows, Keys]:
    """The bits of a word, a column for each document, and its occurrences from the last number of a column on."""
    found: tuple[Rows, Keys] = snapshot.kept(("bits", name, term), lambda: _places(snapshot, name, term))
    return found


def _places(snapshot: Snapshot, name: str, term: bytes) -> tuple[Rows, Keys]:
    rows = np.zeros((width(snapshot, name), snapshot.count), np.uint64)
    keys = snapshot.occurrences(name, term)
    late = [keys[:0]]
    for start in range(0, len(keys), STEP):
        late.append(_set(rows, keys[start : start + STEP]))
    return rows, np.concatenate(late)


def _set(rows: Rows, keys: Keys) -> Keys:
    """Set the bits of some keys; returns those that lie in the last number or behind it."""
    number = (keys & PLACES) >> SHARE
    late = keys.compress(number >= len(rows) - 1)
    if len(late):
        keys = keys.compress(number < len(rows))
    group = keys >> SHARE
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1]))[: len(keys)]
    if len(first):
        bit = np.left_shift(np.uint64(1), (keys & (WIDTH - 1)).astype(np.uint64))
        at = keys.take(first)
        rows[(at & PLACES) >> SHARE, at >> SHIFT] |= np.bitwise_or.reduceat(bit, first)
    return late


def held(found: tuple[Rows, Keys], keys: Keys) -> npt.NDArray[np.bool_]:
    """For each of some ascending keys, whether the word stands there."""
    rows, late = found
    number = (keys & PLACES) >> SHARE
    inside = np.flatnonzero(number < len(rows))
    there = np.zeros(len(keys), np.bool_)
    kept = keys.take(inside)
    bit = rows[number.take(inside), kept >> SHIFT] >> (kept & (WIDTH - 1)).astype(np.uint64)
    there[inside] = (bit & np.uint64(1)).astype(np.bool_)
    if len(inside) < len(keys) and len(late):
        behind = np.flatnonzero(number >= len(rows))
        kept = keys.take(behind)
        there[behind] = late.take(late.searchsorted(kept), mode="clip") == kept
    return there


def earlier(rows: Rows, by: int) -> Rows:
    """The bits so many places towards the beginning of each document."""
    if not by:
        return rows
    moved = rows >> np.uint64(by)
    moved[:-1] |= rows[1:] << np.uint64(WIDTH - by)
    return moved


def later(rows: Rows, by: int) -> Rows:
    moved = rows << np.uint64(by)
    moved[1:] |= rows[:-1] >> np.uint64(WIDTH - by)
    return moved


def following(rows: Rows, slop: int) -> Rows:
    """The places from one to `slop` behind those of the bits. Each step doubles the distance."""
    reached, far = later(rows, 1), 1
    while far < slop:
        step = min(far, slop - far)
        reached |= later(reached, step)
        far += step
    return reached


def phrase(found: Sequence[Rows]) -> Ids:
    """Documents in which words stand one behind the other."""
    return _documents(reduce(np.bitwise_and, (earlier(rows, offset) for offset, rows in enumerate(found))))


def near(a: Rows, b: Rows, slop: int, ordered: bool) -> Ids:
    """Documents in which a word stands at most so many places behind another."""
    held = following(a, slop) & b
    return _documents(held if ordered else held | (following(b, slop) & a))


def _documents(rows: Rows) -> Ids:
    return np.flatnonzero(np.bitwise_or.reduce(rows, axis=0))
