"""What two or more matches have in common, have together, or have one without the other; scores are added up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from .matches import DENSE, NOTHING, Few, Many, Matches, filled
from .scoring import LEAST


def intersect(one: Matches, other: Matches) -> Matches:
    """Documents that match both."""
    if one.size > other.size:
        one, other = other, one
    if isinstance(one, Many) and isinstance(other, Many):
        return _marked_twice(one, other)
    if not other.scored:
        kept = np.flatnonzero(other.among(one.ids))
        return _picked(one, kept, other.constant)
    scores = other.scores_at(one.ids)
    kept = np.flatnonzero(scores > 0)
    return _added(one.ids.take(kept), _some(one, kept), scores.take(kept), one.constant)


def union(parts: Sequence[Matches], count: int, combine: np.ufunc = np.add) -> Matches:
    """Documents that match any. The scores of one that matches several are added, or the greatest is taken."""
    parts = [part for part in parts if part.size]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    if any(part.dense for part in parts) or sum(part.total for part in parts) * DENSE > count:
        return _laid_over(parts, count, combine)
    return _merged(parts, combine)


def exclude(one: Matches, other: Matches) -> Matches:
    """Documents that match the one and not the other."""
    if isinstance(one, Few):
        return _picked(one, np.flatnonzero(~other.among(one.ids)))
    if isinstance(other, Few):
        return _without(one, other.ids)
    mask = one.mask & ~other.mask
    if not one.scored:
        return Many(mask=mask, constant=one.constant)
    ids = np.flatnonzero(mask)
    return Few(ids, one.scores_at(ids))


def maybe(one: Matches, other: Matches) -> Matches:
    """Documents that match the one, with the scores of the other where it matches too."""
    return Few(one.ids, filled(one) + other.scores_at(one.ids))


def raised(found: Matches, by: float) -> Matches:
    """The same documents, each with a score that is higher by so much."""
    if by < LEAST:
        return found
    return Few(found.ids, filled(found) + np.float32(by)) if found.scored else found.even(found.constant + by)


def _marked_twice(one: Many, other: Many) -> Matches:
    mask = one.mask & other.mask
    if not one.scored and not other.scored:
        return Many(mask=mask, constant=one.constant + other.constant)
    ids = np.flatnonzero(mask)
    if not one.scored or not other.scored:
        one, other = (one, other) if one.scored else (other, one)
        return _added(ids, one.weights.take(ids), None, other.constant)
    return Few(ids, one.weights.take(ids) + other.weights.take(ids))


def _picked(found: Matches, kept: np.ndarray, raised_by: float = 0.0) -> Few:
    """Some of the matches, by their places among them."""
    return _added(found.ids.take(kept), _some(found, kept), None, found.constant * (not found.scored) + raised_by)


def _some(found: Matches, kept: np.ndarray) -> np.ndarray | None:
    return None if found.scores is None else found.scores.take(kept)


def _added(ids: np.ndarray, scores: np.ndarray | None, others: np.ndarray | None, constant: float) -> Few:
    """Scores from two sides, of which one may be the same for all."""
    if scores is None or others is None:
        scores = others if scores is None else scores
        if scores is None:
            return Few(ids, None, constant)
        return Few(ids, scores if constant < LEAST else scores + np.float32(constant))
    return Few(ids, scores + others)


def _without(found: Many, ids: np.ndarray) -> Many:
    if found.scored:
        weights = found.weights.copy()
        weights[ids] = 0
        return Many(weights)
    mask = found.mask.copy()
    mask[ids] = False
    return Many(mask=mask, constant=found.constant)


def _is_only_marked(parts: Sequence[Matches]) -> bool:
    return not any(part.scored or part.constant > LEAST for part in parts)


def _laid_over(parts: Sequence[Matches], count: int, combine: np.ufunc) -> Many:
    dense = [part for part in parts if isinstance(part, Many)]
    few = [part for part in parts if isinstance(part, Few)]
    if _is_only_marked(parts):
        mask = reduce(np.logical_or, (part.mask for part in dense), np.zeros(count, bool))
        for part in few:
            mask[part.ids] = True
        return Many(mask=mask)
    weights = _combined([part.weights for part in dense], count, combine)
    for part in few:
        weights[part.ids] = combine(weights.take(part.ids), filled(part))
    return Many(weights)


def _combined(arrays: Sequence[np.ndarray], count: int, combine: np.ufunc) -> np.ndarray:
    """A new array with what the arrays come to."""
    if not arrays:
        return np.zeros(count, np.float32)
    if len(arrays) == 1:
        return arrays[0].copy()
    combined = combine(arrays[0], arrays[1])
    for array in arrays[2:]:
        combine(combined, array, out=combined)
    return combined


def _merged(parts: Sequence[Matches], combine: np.ufunc) -> Few:
    ids = np.concatenate([part.ids for part in parts])
    # Stable, since that merges what is in order already.
    order = ids.argsort(kind="stable")
    ids = ids.take(order)
    new = np.empty(len(ids), bool)
    new[:1] = True
    np.not_equal(ids[1:], ids[:-1], out=new[1:])
    first = np.flatnonzero(new)
    if _is_only_marked(parts):
        return Few(ids.take(first))
    scores = np.concatenate([filled(part) for part in parts]).take(order)
    return Few(ids.take(first), combine.reduceat(scores, first))
