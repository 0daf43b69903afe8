"""Documents that match a query: a few as their numbers, many as an array with a place for every document there is.

Matches never change once made, so threads share them. `scores` stand beside `ids`; they are None where every match has
the same score, `constant`. Every score is above zero: what matches and is worth nothing has TRACE.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import local

import numpy as np

from .scoring import LEAST, TRACE

# One in so many documents, and an array for all of them is the quicker way.
DENSE = 16
# So many times smaller, and looking up each number is quicker than laying out the larger array.
SEARCHED = 30
# One number in so many, and to wipe all is quicker than to wipe some.
WIPED = 5
# Documents of which the greatest score is kept.
BLOCK = 64
NONE = np.zeros(0, np.intp)


class Few:
    """Given by their numbers in ascending order."""

    dense = False

    def __init__(self, ids: np.ndarray, scores: np.ndarray | None = None, constant: float = TRACE) -> None:
        self.ids, self.scores, self.constant = ids, scores, constant
        self.scored = scores is not None
        self.total = self.size = len(ids)

    def among(self, ids: np.ndarray) -> np.ndarray:
        """For each of these documents, whether it matches."""
        if len(ids) * SEARCHED < self.total:
            return _searched(self.ids, ids)[1]
        return _laid_out(self.ids, 1, ids) > 0

    def scores_at(self, ids: np.ndarray) -> np.ndarray:
        """For each of these documents its score, or zero if it does not match."""
        if self.scores is None:
            return self.among(ids) * np.float32(self.constant)
        if len(ids) * SEARCHED < self.total:
            at, found = _searched(self.ids, ids)
            return self.scores.take(at) * found
        return _laid_out(self.ids, self.scores, ids)

    def even(self, constant: float) -> Few:
        """The same documents, all with one score."""
        return Few(self.ids, None, constant)


class Many:
    """Given either by `weights`, the score of each document or zero, or by `mask`, whether it matches."""

    dense = True

    def __init__(
        self,
        weights: np.ndarray | None = None,
        mask: np.ndarray | None = None,
        constant: float = TRACE,
    ) -> None:
        self._weights, self.constant = weights, constant
        self.scored = weights is not None
        if mask is not None:
            self.mask = mask

    @cached_property
    def mask(self) -> np.ndarray:
        return self.weights > 0

    @cached_property
    def weights(self) -> np.ndarray:
        return self.mask * np.float32(self.constant) if self._weights is None else self._weights

    @cached_property
    def total(self) -> int:
        return int(np.count_nonzero(self.mask))

    @cached_property
    def peaks(self) -> np.ndarray | None:
        """The greatest score in each block of documents; None where that is not worth finding out."""
        return np.maximum.reduceat(self.weights, np.arange(0, len(self.weights), BLOCK)) if self.scored else None

    @property
    def peaks_are_reached(self) -> bool:
        """Whether there is a document with the greatest score of its block."""
        return True

    @property
    def size(self) -> int:
        """About how many there are; told without looking at every document."""
        return self.total

    @property
    def ids(self) -> np.ndarray:
        """Not kept: they would take more room than all the rest."""
        return self.mask.nonzero()[0]

    @property
    def scores(self) -> np.ndarray | None:
        return self.scores_at(self.ids) if self.scored else None

    def among(self, ids: np.ndarray) -> np.ndarray:
        return self.mask.take(ids)

    def scores_at(self, ids: np.ndarray) -> np.ndarray:
        return self.weights.take(ids)

    def even(self, constant: float) -> Many:
        if constant == self.constant and not self.scored:
            return self
        evened = Many(mask=self.mask, constant=constant)
        evened.total = self.total
        return evened


class Narrowed(Many):
    """Those documents of all `parts` that are marked; scores are added up once they are asked for."""

    def __init__(self, mask: np.ndarray, parts: Sequence[Many]) -> None:
        super().__init__(mask=mask, constant=sum(part.constant for part in parts if not part.scored))
        self._parts = [part for part in parts if part.scored]
        self.scored = bool(self._parts)

    @cached_property
    def weights(self) -> np.ndarray:
        if not self._parts:
            return self.mask * np.float32(self.constant)
        found = self._sum([part.weights for part in self._parts])
        # In place where the sum is an array of our own.
        return np.multiply(found, self.mask, out=None if found is self._parts[0].weights else found)

    @property
    def peaks(self) -> np.ndarray | None:
        """Of several parts, hardly any block has the greatest scores at one document."""
        return self._parts[0].peaks if len(self._parts) == 1 and self.constant < LEAST else None

    @property
    def peaks_are_reached(self) -> bool:
        return False

    def scores_at(self, ids: np.ndarray) -> np.ndarray:
        if "weights" in self.__dict__ or not self._parts:
            return super().scores_at(ids)
        return self._sum([part.scores_at(ids) for part in self._parts]) * self.mask.take(ids)

    def _sum(self, scores: Sequence[np.ndarray]) -> np.ndarray:
        found = scores[0] if len(scores) == 1 else combined(scores, np.add)
        return found if self.constant < LEAST else found + np.float32(self.constant)


class Widened(Many):
    """The documents of any of `parts`, of which some are dense; scores are combined once they are asked for."""

    def __init__(self, count: int, parts: Sequence[Matches], combine: np.ufunc) -> None:
        super().__init__()
        self._dense = [part for part in parts if isinstance(part, Many)]
        self._few = [part for part in parts if isinstance(part, Few)]
        self._count, self._combine = count, combine
        self.scored = any(part.scored or part.constant > LEAST for part in parts)

    @cached_property
    def mask(self) -> np.ndarray:
        if self.scored and self._few:
            return self.weights > 0
        mask = self._together([part.mask for part in self._dense], self._count, bool)
        for part in self._few:
            mask[part.ids] = True
        return mask

    @cached_property
    def weights(self) -> np.ndarray:
        if not self.scored:
            return super().weights
        weights = self._together([part.weights for part in self._dense], self._count, np.float32)
        for part in self._few:
            weights[part.ids] = self._combine(weights.take(part.ids), filled(part))
        return weights

    @property
    def peaks(self) -> np.ndarray | None:
        return None

    def _together(self, arrays: list[np.ndarray], count: int, kind: type) -> np.ndarray:
        """What the dense parts come to, as an array of our own."""
        if len(arrays) > 1:
            return combined(arrays, np.logical_or if kind is bool else self._combine)
        return arrays[0].copy() if arrays else np.zeros(count, kind)

    def scores_at(self, ids: np.ndarray) -> np.ndarray:
        if "weights" in self.__dict__ or not self.scored:
            return super().scores_at(ids)
        parts: list[Matches] = [*self._dense, *self._few]
        return combined([part.scores_at(ids) for part in parts], self._combine)


def combined(arrays: Sequence[np.ndarray], combine: np.ufunc) -> np.ndarray:
    """What two or more arrays come to, as a new array."""
    found = combine(arrays[0], arrays[1])
    for array in arrays[2:]:
        combine(found, array, out=found)
    return found


class Band(Many):
    """Documents whose number lies between two; of a few documents only those are looked at."""

    def __init__(self, column: np.ndarray, low: float, high: float, alive: np.ndarray | None, constant: float) -> None:
        super().__init__(constant=constant)
        self._column, self._low, self._high, self._alive = column, low, high, alive

    @property
    def size(self) -> int:
        return len(self._column)

    @cached_property
    def mask(self) -> np.ndarray:
        return self._inside(self._column, self._alive)

    def among(self, ids: np.ndarray) -> np.ndarray:
        return self._inside(self._column.take(ids), None if self._alive is None else self._alive.take(ids))

    def scores_at(self, ids: np.ndarray) -> np.ndarray:
        return self.among(ids) * np.float32(self.constant)

    def even(self, constant: float) -> Band:
        return Band(self._column, self._low, self._high, self._alive, constant)

    def _inside(self, numbers: np.ndarray, alive: np.ndarray | None) -> np.ndarray:
        inside = numbers >= self._low
        inside &= numbers <= self._high
        return inside if alive is None else np.logical_and(inside, alive, out=inside)


Matches = Few | Many
NOTHING = Few(NONE)


def filled(found: Matches) -> np.ndarray:
    """A score for each of the ids."""
    scores = found.scores
    return np.full(found.total, found.constant, np.float32) if scores is None else scores


def changes(numbers: np.ndarray) -> np.ndarray:
    """Where a sorted array goes on to another number."""
    kept = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=kept[1:])
    return kept


def each_once(numbers: np.ndarray) -> np.ndarray:
    """In ascending order. Numpy's own way counts them in a table, which is slower where they are thousands."""
    numbers = np.sort(numbers)
    return numbers.compress(changes(numbers))


def ranges(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The numbers from each start on, so many each, one behind the other."""
    ends = counts.cumsum()
    steps = np.repeat(starts - (ends - counts), counts)
    steps += np.arange(len(steps))
    return steps


class _Scratch(local):
    """Zeros, as many as there are documents, of which each thread has its own. Whoever uses them cleans up."""

    def __init__(self) -> None:
        self.zeros = np.zeros(0, np.float32)

    def room(self, count: int) -> np.ndarray:
        if len(self.zeros) < count:
            self.zeros = np.zeros(count + count // 4, np.float32)
        return self.zeros[:count]


_SCRATCH = _Scratch()


def rows_by_document(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """For each wanted document, its row in `ids`, counted from one; 0 if it is not there. Both ascend."""
    if not len(ids) or not len(wanted):
        return np.zeros(len(wanted), np.intp)
    if len(wanted) * SEARCHED < len(ids):
        at, found = _searched(ids, wanted.astype(ids.dtype))
        return (at + 1) * found
    room = _SCRATCH.room(max(int(ids[-1]), int(wanted[-1])) + 1).view(np.int32)
    # Numpy is far quicker with numbers of its own size.
    ids = ids.astype(np.intp, copy=False)
    try:
        room[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
        return room.take(wanted)
    finally:
        _clean(room, ids)


def _searched(ids: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where in `ids` each of the wanted documents would be, and whether it is there."""
    at = ids.searchsorted(wanted)
    at[at == len(ids)] = 0
    return at, ids.take(at) == wanted


def _laid_out(ids: np.ndarray, scores: np.ndarray | int, wanted: np.ndarray) -> np.ndarray:
    """The scores of the wanted documents, which may stand in any order; zero for those that are not in `ids`."""
    if not len(ids) or not len(wanted):
        return np.zeros(len(wanted), np.float32)
    room = _SCRATCH.room(max(int(ids[-1]), int(wanted.max())) + 1)
    try:
        room[ids] = scores
        return room.take(wanted)
    finally:
        _clean(room, ids)


def _clean(room: np.ndarray, ids: np.ndarray) -> None:
    if len(ids) * WIPED > len(room):
        room.fill(0)
    else:
        room[ids] = 0
