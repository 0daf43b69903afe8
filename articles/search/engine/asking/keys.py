"""Where something stands, as sorted arrays of keys: what two of them share, and where one follows another.

A span reaches from the key of its first word to the key of its last; a key is the number of the document and the place
in it (`id << SHIFT | place`), so that one array holds the spans of all documents and one search compares them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .matches import changes
from .places import SHIFT

Keys = npt.NDArray[np.int64]
Ids = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

NO_KEYS: Keys = np.empty(0, np.int64)
# Of two sorted arrays, the one so many times longer is searched in; arrays nearer in length are merged.
LONGER = 8


class Spans(NamedTuple):
    """Sorted by where they start. The ends are the same array where each span is one word."""

    starts: Keys
    ends: Keys

    def documents(self) -> Ids:
        return documents_of(self.starts)

    def only(self, kept: Mask) -> Spans:
        return Spans(self.starts[kept], self.ends[kept])


NONE = Spans(NO_KEYS, NO_KEYS)


def documents_of(keys: Keys) -> Ids:
    ids = keys >> SHIFT
    return ids[changes(ids)].astype(np.intp, copy=False)


def common(few: npt.NDArray[Any], many: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What two ascending arrays share."""
    if len(few) > len(many):
        few, many = many, few
    if not len(few):
        return few
    if len(many) > LONGER * len(few):
        return few[many.take(many.searchsorted(few), mode="clip") == few]
    both = np.concatenate((few, many))
    # Two sorted runs are merged, not sorted again.
    both.sort(kind="stable")
    return both[:-1][both[1:] == both[:-1]]


def joined(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What is in either of two ascending arrays."""
    if not len(other):
        return one
    both = np.concatenate((one, other))
    both.sort(kind="stable")
    return both[changes(both)]


def united(found: Sequence[Spans]) -> Spans:
    """Each span of several once, in order."""
    if not found:
        return NONE
    starts, ends = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((ends, starts))
    starts, ends = starts[order], ends[order]
    return Spans(starts, ends).only(changes(starts) | changes(ends))


def follow(a: Spans, b: Spans, nearest: int, farthest: int) -> Keys:
    """Starts of spans in the documents in which one of `b` starts so far behind the end of one of `a`.

    Whichever spans are fewer are looked at one by one.
    """
    if len(a.starts) <= len(b.starts):
        return a.starts[reached(b.starts, a.ends + nearest, a.ends + farthest)]
    ends = a.ends if a.ends is a.starts else np.sort(a.ends)
    return b.starts[reached(ends, b.starts - farthest, b.starts - nearest)]


def near(a: Spans, b: Spans, farthest: int) -> Mask:
    """For each span of `a`, whether one of `b` ends or starts at most so far from it; they do not overlap."""
    ends = b.ends if b.ends is b.starts else np.sort(b.ends)
    before = reached(ends, a.starts - farthest, a.starts - 1)
    return before | reached(b.starts, a.ends + 1, a.ends + farthest)


def reached(keys: Keys, low: Keys, high: Keys) -> Mask:
    """For each pair of bounds, whether a key lies between them."""
    if not len(keys):
        return np.zeros(len(low), np.bool_)
    next_key = keys.take(keys.searchsorted(low), mode="clip")
    return (next_key >= low) & (next_key <= high)
