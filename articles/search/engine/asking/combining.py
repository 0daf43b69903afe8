"""What two or more matches have in common, have together, or have one without the other; scores are added up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .matches import DENSE, NOTHING, SEARCHED, Few, Many, Matches, Narrowed, Widened, filled
from .scoring import LEAST


def intersect(one: Matches, other: Matches) -> Matches:
    """Documents that match both."""
    if one.size > other.size:
        one, other = other, one
    if isinstance(one, Many) and isinstance(other, Many):
        return _marked(one.mask & other.mask, [one, other])
    if not other.scored:
        kept = other.among(one.ids).nonzero()[0]
        return _picked(one, kept, other.constant)
    if isinstance(other, Few) and one.scored and one.total * SEARCHED > other.total:
        # It is the smaller one that is laid out.
        one, other = other, one
    ids = one.ids
    scores = other.scores_at(ids)
    kept = (scores > 0).nonzero()[0]
    ids = ids.take(kept)
    return _added(ids, _some(one, kept, ids), scores.take(kept), one.constant)


def union(parts: Sequence[Matches], count: int, combine: np.ufunc = np.add) -> Matches:
    """Documents that match any. The scores of one that matches several are added, or the greatest is taken."""
    parts = [part for part in parts if part.size]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    if any(part.dense for part in parts) or sum(part.total for part in parts) * DENSE > count:
        return Widened(count, parts, combine)
    return _merged(parts, combine)


def exclude(one: Matches, other: Matches) -> Matches:
    """Documents that match the one and not the other."""
    if isinstance(one, Few):
        return _picked(one, (~other.among(one.ids)).nonzero()[0])
    if isinstance(other, Many):
        return _marked(one.mask & ~other.mask, [one])
    mask = one.mask.copy()
    mask[other.ids] = False
    return Narrowed(mask, [one])


def maybe(one: Matches, other: Matches) -> Matches:
    """Documents that match the one, with the scores of the other where it matches too."""
    if isinstance(one, Few):
        return Few(one.ids, filled(one) + other.scores_at(one.ids))
    if isinstance(other, Many) and other.scored:
        return Narrowed(one.mask, [one, other])
    return Widened(len(one.mask), [one, _picked(other, one.among(other.ids).nonzero()[0])], np.add)


def raised(found: Matches, by: float) -> Matches:
    """The same documents, each with a score that is higher by so much."""
    if by < LEAST:
        return found
    if not found.scored:
        return found.even(found.constant + by)
    if isinstance(found, Many):
        return Narrowed(found.mask, [found, Many(mask=found.mask, constant=by)])
    return Few(found.ids, filled(found) + np.float32(by))


def _marked(mask: np.ndarray, parts: Sequence[Many]) -> Matches:
    """The marked documents, which all parts have."""
    found = Narrowed(mask, parts)
    if found.total * DENSE > len(mask):
        return found
    ids = found.ids
    return Few(ids, found.scores_at(ids) if found.scored else None, found.constant)


def _picked(found: Matches, kept: np.ndarray, raised_by: float = 0.0) -> Few:
    """Some of the matches, by their places among them."""
    ids = found.ids.take(kept)
    return _added(ids, _some(found, kept, ids), None, found.constant * (not found.scored) + raised_by)


def _some(found: Matches, kept: np.ndarray, ids: np.ndarray) -> np.ndarray | None:
    """The scores of some of the matches, by their places among them and by their numbers."""
    if isinstance(found, Few):
        return None if found.scores is None else found.scores.take(kept)
    return found.scores_at(ids) if found.scored else None


def _added(ids: np.ndarray, scores: np.ndarray | None, others: np.ndarray | None, constant: float) -> Few:
    """Scores from two sides, of which one may be the same for all."""
    if scores is None or others is None:
        scores = others if scores is None else scores
        if scores is None:
            return Few(ids, None, constant)
        return Few(ids, scores if constant < LEAST else scores + np.float32(constant))
    return Few(ids, scores + others)


def _merged(parts: Sequence[Matches], combine: np.ufunc) -> Few:
    ids = np.concatenate([part.ids for part in parts])
    # Stable, since that merges what is in order already.
    order = ids.argsort(kind="stable")
    ids = ids.take(order)
    new = np.empty(len(ids), bool)
    new[:1] = True
    np.not_equal(ids[1:], ids[:-1], out=new[1:])
    first = new.nonzero()[0]
    if not any(part.scored or part.constant > LEAST for part in parts):
        return Few(ids.take(first))
    scores = np.concatenate([filled(part) for part in parts]).take(order)
    if len(parts) > 2:
        return Few(ids.take(first), combine.reduceat(scores, first))
    twice = (~new).nonzero()[0] - 1
    scores[twice] = combine(scores.take(twice), scores.take(twice + 1))
    return Few(ids.take(first), scores.take(first))
