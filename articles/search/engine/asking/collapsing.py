"""Documents that share a number, as the printings of one story do: of those that are found, only the first is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .combining import exclude
from .matches import Few, Matches
from .ordering import Key, window
from .snapshot import Snapshot


def collapsed(snapshot: Snapshot, found: Matches, field: str, order: Sequence[Key]) -> Matches:
    """Of the matches with one number, only the first in the order. All others stay, with their scores."""
    ids, groups = snapshot.sharing(field)
    there = np.flatnonzero(found.among(ids))
    ids, groups = ids.take(there), groups.take(there)
    if not len(ids):
        return found
    sharing = Few(ids, found.scores_at(ids) if found.scored else None)
    ordered = window(snapshot, sharing, 0, len(ids), order).ids
    group_of = groups.take(ids.searchsorted(ordered))
    # Written from the last to the first, so that of each group the first one stays.
    firsts = np.full(int(groups.max()) + 1, -1, np.intp)
    firsts[group_of[::-1]] = ordered[::-1]
    others = ordered.compress(firsts.take(group_of) != ordered)
    others.sort()
    return exclude(found, Few(others)) if len(others) else found
