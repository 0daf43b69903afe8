"""Rows of whole numbers, each row as narrow as its largest number allows: no byte a number where all are 0, or 1, 2, 4.

The rows of one width lie in one array in the order of the rows, so that any range of rows is one slice of each width.
"""

from __future__ import annotations

import numpy as np

from ..errors import IndexBroken
from .arrays import ArrayFile, ArrayOutput

WIDTHS: dict[int, np.dtype] = {1: np.dtype("u1"), 2: np.dtype("<u2"), 3: np.dtype("<u4")}
LARGEST = np.array([0, *(np.iinfo(width).max for width in WIDTHS.values())], "i8")
# Where a row begins and its kind of width are one number, and the kind takes the last two bits of it.
BITS = 2
KIND = (1 << BITS) - 1


def write(output: ArrayOutput, name: str, values: np.ndarray, counts: np.ndarray) -> None:
    """Append rows to `name`: `values` one row behind the other, `counts` of them in each."""
    kinds = _kinds(name, values, counts)
    output.append(f"{name}.kinds", kinds)
    each = np.repeat(kinds, counts)
    for kind, width in WIDTHS.items():
        output.append(f"{name}.{kind}", values[each == kind].astype(width))


def _kinds(name: str, values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    if values.size and (values.min() < 0 or values.max() > LARGEST[-1]):
        raise ValueError(f"{name} holds numbers from 0 to {LARGEST[-1]} only")
    kinds = np.zeros(len(counts), "u1")
    filled = np.flatnonzero(counts)
    if filled.size:
        starts = np.cumsum(counts, dtype=np.intp)[filled] - counts[filled]
        kinds[filled] = np.searchsorted(LARGEST, np.maximum.reduceat(values, starts))
    return kinds


class Packed:
    """Rows read from a file. `counts` says how many numbers each row has."""

    def __init__(self, file: ArrayFile, name: str, counts: np.ndarray) -> None:
        self._file, self._counts = file, counts
        self._names = [f"{name}.{kind}" for kind in range(KIND + 1)]
        self._places = self._located(f"{name}.kinds")
        # Far quicker than an array where one number is asked for.
        self._place, self._count = self._places.data, counts.data

    def row(self, number: int) -> np.ndarray:
        place, count = self._place[number], self._count[number]
        if not place & KIND:
            return np.zeros(count, "u1")
        start = place >> BITS
        return self._file.read(self._names[place & KIND], start, start + count)

    def is_zero(self, number: int) -> bool:
        """Every number of the row is 0."""
        return not self._place[number] & KIND

    def rows(self, start: int, stop: int) -> np.ndarray:
        """All numbers of the rows from `start` up to `stop`, one row behind the other."""
        places, counts = self._places[start:stop], self._counts[start:stop]
        kinds = (places & KIND).astype("u1")
        each = np.repeat(kinds, counts)
        values = np.zeros(len(each), WIDTHS[max(int(kinds.max(initial=0)), 1)])
        for kind in WIDTHS:
            of_kind = np.flatnonzero(kinds == kind)
            if of_kind.size:
                first = int(places[of_kind[0]]) >> BITS
                total = int(counts[of_kind].sum(dtype=np.intp))
                values[each == kind] = self._file.read(self._names[kind], first, first + total)
        return values

    def _located(self, name: str) -> np.ndarray:
        """Where each row begins among those of its width, with its kind of width; 0 for a row of zeros."""
        kinds = self._file.read(name)
        if kinds.dtype != np.uint8 or len(kinds) != len(self._counts) or kinds.max(initial=0) > KIND:
            raise IndexBroken(f"{name} of the index does not fit its rows.")
        places = np.zeros(len(kinds), "u8")
        for kind, width in WIDTHS.items():
            of_kind = np.flatnonzero(kinds == kind)
            counts = self._counts[of_kind]
            ends = np.cumsum(counts, dtype="u8")
            self._check(kind, width, int(ends[-1]) if ends.size else 0)
            places[of_kind] = (ends - counts) << np.uint64(BITS) | np.uint64(kind)
        return places.astype("u4") if places.max(initial=0) < 1 << 32 else places

    def _check(self, kind: int, width: np.dtype, count: int) -> None:
        name = self._names[kind]
        if self._file.count(name) != count or self._file.kind(name) != width:
            raise IndexBroken(f"{name} of the index does not fit its rows.")
