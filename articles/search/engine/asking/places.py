"""Where one term stands in all documents: kept as narrow as it was written, searched only where it can matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .matches import ranges, rows_by_document

Ids = npt.NDArray[np.intp]
Keys = npt.NDArray[np.int64]
Numbers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

# An occurrence is one number: the document above, the place of the word in it below.
SHIFT = 24
PLACES = (1 << SHIFT) - 1
# The largest number of so many bytes that can be compared with a place.
LARGEST = {1: (1 << 8) - 1, 2: (1 << 16) - 1, 4: (1 << 31) - 1}
# Keys that are looked up at once: few enough to stay in the fast memory of the processor.
STEP = 1 << 14
# One in so many documents, and where the places of every document begin takes no more room than where those of some do.
EVERYWHERE = 3


class Places:
    """`ids` are the documents that have the term, None where it is kept for every document whether it has it.

    The places of a document stand in `places` from one of `begins` up to the next: those of the n-th of `ids` from the
    number n + 1 on, those of document n of all from the number n on.
    """

    def __init__(self, ids: Ids, counts: Numbers, places: npt.NDArray[np.unsignedinteger], of: int) -> None:
        # Whoever looks for a place may look as far behind them all.
        kind = np.int32 if len(places) < 1 << 30 else np.int64
        self.places = places
        self.ids: npt.NDArray[np.int32] | None = None
        if len(ids) * EVERYWHERE < of:
            self.ids = ids.astype(np.int32)
            self.begins = np.zeros(len(ids) + 2, kind)
            counts.cumsum(out=self.begins[2:])
        else:
            self.begins = np.zeros(of + 1, kind)
            self.begins[ids + 1] = counts
            self.begins.cumsum(out=self.begins)

    @property
    def nbytes(self) -> int:
        return self.begins.nbytes + self.places.nbytes + (0 if self.ids is None else self.ids.nbytes)

    def keys(self, within: Ids | None = None) -> Keys:
        """Every occurrence in ascending order; on demand only those in some documents, which ascend."""
        if within is not None:
            at, ends = self.bounds(within)
            counts = ends - at
            return np.repeat(within << SHIFT, counts) | self.places.take(ranges(at, counts))
        if self.ids is None:
            return np.repeat(np.arange(len(self.begins) - 1) << SHIFT, np.diff(self.begins)) | self.places
        return np.repeat(self.ids.astype(np.int64) << SHIFT, np.diff(self.begins[1:])) | self.places

    def everywhere(self, documents: int) -> Numbers:
        """Where the places of each of all documents begin, and behind them where those of the last one end."""
        if self.ids is None:
            return self.begins
        begins = np.zeros(documents + 1, self.begins.dtype)
        begins[self.ids + 1] = np.diff(self.begins[1:])
        return begins.cumsum(out=begins)

    def often(self, times: int) -> Ids:
        """Documents in which the term stands at least so many times."""
        found = np.flatnonzero(np.diff(self.begins) >= times)
        return found if self.ids is None else self.ids.take(found - 1).astype(np.intp)

    def times(self, ids: Ids) -> Numbers:
        """How often the term stands in each of these documents."""
        at, ends = self.bounds(ids)
        return ends - at

    def bounds(self, ids: Ids) -> tuple[Numbers, Numbers]:
        """Where the places of each of these documents begin and end; they ascend, and some may be the same."""
        rows = self._rows(ids)
        return self.begins.take(rows), self.begins.take(rows + 1)

    def beside(self, keys: Keys, *distances: tuple[int, int]) -> Keys:
        """Those of the keys from which the term stands so far away, at least and at most; before them is below zero."""
        rows = self._rows(keys >> SHIFT)
        if self.ids is not None:
            there = rows.nonzero()[0]
            keys, rows = keys.take(there), rows.take(there)
        found = [
            self._reached(keys[first : first + STEP], rows[first : first + STEP], distances)
            for first in range(0, len(keys), STEP)
        ]
        return keys.compress(found[0] if len(found) == 1 else np.concatenate([np.zeros(0, np.bool_), *found]))

    def _rows(self, ids: Ids) -> Numbers:
        """Where in `begins` to look for each of these documents; for one without the term nothing begins there."""
        return ids if self.ids is None else rows_by_document(self.ids, ids)

    def _reached(self, keys: Keys, rows: Numbers, distances: tuple[tuple[int, int], ...]) -> Mask:
        stand, at, ends = (keys & PLACES).astype(np.int32), self.begins.take(rows), self.begins.take(rows + 1)
        found = at != ends if self.ids is None else np.ones(len(keys), np.bool_)
        low, high = distances[0]
        found &= self._between(at, ends, stand + low, stand + high)
        for low, high in distances[1:]:
            rest = (~found & (at != ends)).nonzero()[0]
            missed = stand.take(rest)
            found[rest] = self._between(at.take(rest), ends.take(rest), missed + low, missed + high)
        return found

    def _between(self, at: Numbers, ends: Numbers, low: Numbers, high: Numbers) -> Mask:
        """For each document, whether one of its places lies between two. Mostly the first one tells it."""
        place = self.places.take(at, mode="clip")
        before = place < low
        found = (place <= high) & ~before
        rest = (before & (ends - at > 1)).nonzero()[0]
        if len(rest):
            at, ends, low, high = (numbers.take(rest) for numbers in (at, ends, low, high))
            at = self._first(at + 1, ends, low)
            place = self.places.take(at, mode="clip")
            found[rest] = (at < ends) & (place >= low) & (place <= high)
        return found

    def _first(self, at: Numbers, ends: Numbers, wanted: Numbers) -> Numbers:
        """Of each document, the first place that is not before the wanted one: what is left of it is halved for all
        at once."""
        # In the type of the places, which is quicker; one too large for it is found to be wrong by whoever asks.
        narrow = np.minimum(np.maximum(wanted, 0), LARGEST[self.places.itemsize]).astype(self.places.dtype)
        step = 1 << int((ends - at).max()).bit_length()
        while step := step >> 1:
            ahead = at + step
            before = self.places.take(ahead - 1, mode="clip") < narrow
            before &= ahead <= ends
            at = at + before * at.dtype.type(step)
        return at
