"""Common words as bits: a bit for each of the first places of each document, set where the word stands.

Two common words near each other have millions of places to compare; of bits, 64 places are compared at once. The few
occurrences behind the places that have bits are compared one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .matches import changes
from .places import SHIFT
from .snapshot import Snapshot

Rows = npt.NDArray[np.uint64]
Keys = npt.NDArray[np.int64]
Ids = npt.NDArray[np.intp]

# A word is common that more than one in so many documents have; for rarer ones merging is quicker.
COMMON = 2
# Places in a number, which no phrase and no distance may pass.
WIDTH, SHARE = 64, 6
BITS = np.left_shift(np.uint64(1), np.arange(WIDTH, dtype=np.uint64))
# Documents much longer than others have the rest of their words behind the bits.
LENGTHS = 1.5
# Documents that are compared at once, and that are made bits: what they take stays in the fast memory of the processor.
STEP, READ = 1 << 10, 1 << 12
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
    held = snapshot.places(name, term)
    starts, late = held.everywhere(snapshot.count), []
    for first in range(0, snapshot.count, READ):
        begins = starts[first : first + READ + 1]
        documents = np.repeat(np.arange(first, first + len(begins) - 1, dtype=np.int32), np.diff(begins))
        late.append(_set(rows, documents, held.places[begins[0] : begins[-1]].astype(np.int32)))
    return rows, np.concatenate([np.zeros(0, np.int64), *late])


def _set(rows: Rows, documents: npt.NDArray[np.int32], places: npt.NDArray[np.int32]) -> Keys:
    """Set the bits of places, which ascend within each document; returns those from the last number of a column on."""
    numbers = places >> SHARE
    last = len(rows) - 1
    behind = np.flatnonzero(numbers >= last)
    late = (documents.take(behind).astype(np.int64) << SHIFT) | places.take(behind)
    if len(behind):
        inside = np.flatnonzero(numbers <= last)
        documents, places, numbers = documents.take(inside), places.take(inside), numbers.take(inside)
    index = numbers.astype(np.intp) * rows.shape[1] + documents
    begins = np.flatnonzero(changes(index))
    if len(begins):
        rows.reshape(-1)[index.take(begins)] = np.bitwise_or.reduceat(BITS.take(places & (WIDTH - 1)), begins)
    return late


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


def near(a: Rows, b: Rows, slop: int, ordered: bool) -> Ids:
    """Documents in which a word stands at most so many places behind another."""
    found = [
        _near(a[:, first : first + STEP], b[:, first : first + STEP], slop, ordered)
        for first in range(0, a.shape[1], STEP)
    ]
    return np.flatnonzero(np.concatenate([np.zeros(0, np.bool_), *found]))


def _near(a: Rows, b: Rows, slop: int, ordered: bool) -> npt.NDArray[np.bool_]:
    held = following(a, slop) & b
    if not ordered:
        held |= following(b, slop) & a
    return np.bitwise_or.reduce(held, axis=0) > 0
