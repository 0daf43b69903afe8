"""The order of results, and any window of it. Every order is total, so that no document is on two pages or on none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..schema import MISSING, MISSING_FLOAT
from .matches import BLOCK, Few, Many, Matches, filled
from .scoring import TRACE

if TYPE_CHECKING:
    from .snapshot import Snapshot

# Scores in a block, of which the greatest tells whether to look at the others; the deeper the window, the fewer.
ROWS = (BLOCK, 16, 4)
# Blocks are left out only if so many times as many as are looked at.
MANY = 3
# Blocks that are looked at to tell what score is reached, for each document that is asked for.
TRIED = 4
IN_BLOCK = np.arange(BLOCK)
# Of so many documents, none are left out before scores and standings are put together.
SHORT = 1024
# So few are sorted as a whole.
FEW = 128
LAST = 1 << 62
# The least score there can be.
TINY = np.float32(TRACE)
# A score of 32 bits made one of 64 leaves its last bits empty: room for where a document stands.
RANK = (1 << 29) - 1
# Numbers at the end of keys that fit beside a moment.
NUMBER_BITS = 30


class Key(NamedTuple):
    """`field` is "score", a number, a date or an exact field. Documents without a value are last both ways."""

    field: str
    descending: bool = False


Order = tuple[Key, ...]
BEST = Key("score", True)


class Standing(NamedTuple):
    """All documents in an order, and where each stands in it."""

    ids: np.ndarray
    ranks: np.ndarray


class Window(NamedTuple):
    """Documents in the order that was asked for, each with its score."""

    ids: np.ndarray
    scores: np.ndarray


NO_WINDOW = Window(np.zeros(0, np.intp), np.zeros(0, np.float32))


def window(snapshot: Snapshot, found: Matches, start: int, end: int, order: Sequence[Key] = ()) -> Window:
    """Documents from `start` up to `end` of the matches in an order, best first where none is given."""
    keys = tuple(order) or (BEST,)
    if not found.scored:
        keys = tuple(key for key in keys if key.field != "score")
    end = min(end, found.total)
    if start >= end:
        return NO_WINDOW
    if len(keys) == 1 and keys[0].field == "score":
        return _by_score(snapshot.standing(), found, start, end, keys[0].descending)
    if any(key.field == "score" for key in keys):
        ids = _mixed(snapshot, found, start, end, keys)
    else:
        ids = _by_standing(snapshot.standing(keys), found, start, end)
    return Window(ids, found.scores_at(ids))


def newest_first(snapshot: Snapshot, known: np.ndarray | None) -> Standing:
    """`known` are the first documents in this order, as they stood before others were added."""
    first = np.zeros(0, np.intp) if known is None else known
    begun = np.concatenate((first, np.arange(len(first), snapshot.count)))
    ages = -_freshness(snapshot).take(begun)
    # Stable, since that is quick with what is nearly in order.
    return _standing(begun.take(np.argsort(ages, kind="stable")))


def sorted_by(snapshot: Snapshot, order: Order) -> Standing:
    # What is equal stays as it stands: the newest first.
    ids = snapshot.standing().ids
    columns = [_ascending(snapshot.column(key.field), key.descending).take(ids) for key in reversed(order)]
    return _standing(ids.take(np.lexsort(columns)))


def _freshness(snapshot: Snapshot) -> np.ndarray:
    """A number for each document: the greater, the newer; of one minute, the greater the number in the key."""
    numbers = snapshot.key_numbers
    if snapshot.moment is None:
        return numbers
    moments = snapshot.numbers(snapshot.moment)
    if numbers.max(initial=0) < (1 << NUMBER_BITS) - 1 and moments.max(initial=0) < 1 << 32:
        return (np.maximum(moments, -1) << NUMBER_BITS) + numbers
    return _standing(np.lexsort((numbers, moments))).ranks.astype(np.int64)


def _standing(ids: np.ndarray) -> Standing:
    ranks = np.empty(len(ids), np.int32)
    ranks[ids] = np.arange(len(ids), dtype=np.int32)
    return Standing(ids, ranks)


def _ascending(column: np.ndarray, descending: bool) -> np.ndarray:
    """Numbers that ascend in the wanted order, with the greatest where there is none."""
    if descending:
        return np.negative(column)
    if column.dtype.kind == "f":
        return np.where(column == MISSING_FLOAT, np.inf, column)
    return np.where(column <= MISSING, LAST, column)


def _by_standing(standing: Standing, found: Matches, start: int, end: int) -> np.ndarray:
    if found.dense and end * 8 < found.total:
        return _walked(standing.ids, found, start, end)
    return standing.ids.take(_smallest(standing.ranks.take(found.ids), start, end))


def _walked(ids: np.ndarray, found: Matches, start: int, end: int) -> np.ndarray:
    """Looks at documents in their order until there are enough that match."""
    reach = 2 * end * len(ids) // found.total + BLOCK
    while True:
        first = ids[:reach]
        at = found.among(first).nonzero()[0]
        if len(at) >= end or reach >= len(ids):
            return first.take(at[start:end])
        reach *= 4


def _by_score(standing: Standing, found: Matches, start: int, end: int, descending: bool) -> Window:
    """Each score and standing is made one number, by which nothing is equal to anything else."""
    ids, scores, before = _candidates(found, start, end) if descending else (found.ids, filled(found), 0)
    ranks = standing.ranks.take(ids)
    # Scores are above zero, so their bits ascend as they do.
    bits = scores.astype(np.float64).view(np.int64)
    places = _smallest(ranks - bits if descending else ranks + bits, start - before, end - before)
    ranks = places & RANK
    bits = ranks - places if descending else places - ranks
    return Window(standing.ids.take(ranks), bits.view(np.float64))


def _smallest(numbers: np.ndarray, start: int, end: int) -> np.ndarray:
    """The numbers from `start` up to `end` in ascending order, of numbers that are all different and are ours."""
    if len(numbers) > FEW and end < len(numbers):
        numbers.partition((start, end - 1) if start else end - 1)
        numbers, start, end = numbers[start:end], 0, end - start
    numbers.sort()
    return numbers[start:end]


def _candidates(found: Matches, start: int, end: int) -> tuple[np.ndarray, np.ndarray, int]:
    """All documents that may be in a window of the best and not many others, their scores, and how many are better."""
    if isinstance(found, Many):
        near = _in_blocks(found, end)
        if near is not None:
            return *near, 0
    scores = found.weights if isinstance(found, Many) else filled(found)
    rows = 0 if len(scores) <= SHORT else next((rows for rows in ROWS if len(scores) >= 4 * end * rows), 0)
    if not rows:
        return _between(found.ids, filled(found), start, end)
    at = _in_columns(scores, rows, end)
    return (found.ids.take(at) if isinstance(found, Few) else at), scores.take(at), 0


def _between(ids: np.ndarray, scores: np.ndarray, start: int, end: int) -> tuple[np.ndarray, np.ndarray, int]:
    """What is as good as anything in the window."""
    count = len(ids)
    if count <= SHORT:
        return ids, scores, 0
    least, greatest = np.partition(scores, (count - end, count - 1 - start))[[count - end, count - 1 - start]]
    at = ((scores >= least) & (scores <= greatest)).nonzero()[0]
    return ids.take(at), scores.take(at), int(np.count_nonzero(scores > greatest))


def _in_blocks(found: Many, end: int) -> tuple[np.ndarray, np.ndarray] | None:
    """What may be among the best, from those blocks of documents only in which such a score is possible.

    None if too many blocks would have to be looked at.
    """
    peaks = found.peaks
    if peaks is None or TRIED * MANY * end > len(peaks):
        return None
    if found.peaks_are_reached:
        least = np.partition(peaks, len(peaks) - end)[len(peaks) - end]
    else:
        least = _reached(found, peaks, end)
    some = (peaks >= max(least, TINY)).nonzero()[0]
    if len(some) * MANY > len(peaks):
        return None
    ids = _documents(some, len(found.mask))
    scores = found.scores_at(ids)
    at = (scores >= max(least, TINY)).nonzero()[0]
    return ids.take(at), scores.take(at)


def _reached(found: Many, peaks: np.ndarray, end: int) -> float:
    """A score that as many documents have as are asked for, told from the most promising blocks."""
    tried = np.argpartition(peaks, len(peaks) - TRIED * end)[len(peaks) - TRIED * end :]
    tried.sort()
    scores = found.scores_at(_documents(tried, len(found.mask)))
    return float(np.partition(scores, len(scores) - end)[len(scores) - end])


def _documents(blocks: np.ndarray, count: int) -> np.ndarray:
    """All documents of some blocks, of which the last one may be shorter."""
    ids = (blocks[:, np.newaxis] * BLOCK + IN_BLOCK).ravel()
    return ids if ids[-1] < count else ids[: len(ids) - (ids[-1] + 1 - count)]


def _in_columns(scores: np.ndarray, rows: int, end: int) -> np.ndarray:
    """Where all scores stand that are as great as the one at `end`, and few others.

    As many blocks as are asked for have a score at least as great as the least of the greatest peaks. The scores of a
    block lie a row apart, since whole rows are compared the quickest.
    """
    width = len(scores) // rows
    peaks = scores[: width * rows].reshape(rows, width).max(axis=0)
    least = np.partition(peaks, width - end)[width - end]
    return (scores >= max(least, TINY)).nonzero()[0]


def _mixed(snapshot: Snapshot, found: Matches, start: int, end: int, keys: Order) -> np.ndarray:
    """By score and by columns."""
    ids, scores = found.ids, filled(found)
    values = [_values(snapshot, key, ids, scores) for key in keys]
    near = np.arange(len(ids))
    if len(ids) > max(SHORT, 2 * end):
        near = np.flatnonzero(values[0] <= np.partition(values[0], end - 1)[end - 1])
        values = [value.take(near) for value in values]
    ranks = snapshot.standing().ranks.take(ids.take(near))
    return ids.take(near.take(np.lexsort((ranks, *reversed(values)))[start:end]))


def _values(snapshot: Snapshot, key: Key, ids: np.ndarray, scores: np.ndarray) -> np.ndarray:
    if key.field == "score":
        return -scores if key.descending else scores
    return _ascending(snapshot.column(key.field).take(ids), key.descending)
