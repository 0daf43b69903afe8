"""Documents with any of very many whole values: dictionaries are read in one go rather than a value at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query

from ..schema import Exact
from .matches import DENSE, Few, Many, Matches, ranges

if TYPE_CHECKING:
    from ..segments.segment import Segment
    from .snapshot import Snapshot

# Values from which on it is worth it.
MANY = 32
# Looking up one value takes about as long as reading so many.
LOOKUP = 50


def values_of(snapshot: Snapshot, parts: Sequence[query.Query]) -> tuple[str, set[bytes]] | None:
    """The field and the values, if many are asked for and nothing else."""
    if len(parts) < MANY or not all(type(part) is query.Term for part in parts):
        return None
    names = {part.fieldname for part in parts}
    name = names.pop()
    if names or name not in snapshot.schema or not isinstance(snapshot.schema[name], Exact):
        return None
    encoded = snapshot.schema[name].to_bytes
    return name, {encoded(part.text) for part in parts}


def any_of(snapshot: Snapshot, field: str, values: Collection[bytes]) -> Matches:
    """Documents that have any of the values; their scores say nothing."""
    found = [
        _documents(segment, _ordinals(segment, field, values)) + base
        for segment, base in zip(snapshot.segments, snapshot.bases, strict=True)
    ]
    mask = np.zeros(snapshot.count, bool)
    mask[np.concatenate([np.zeros(0, np.intp), *found])] = True
    if snapshot.alive is not None:
        mask &= snapshot.alive
    marked = Many(mask=mask)
    return marked if marked.total * DENSE > snapshot.count else Few(marked.ids)


def _ordinals(segment: Segment, field: str, values: Collection[bytes]) -> list[int]:
    terms = segment.terms_of(field)
    if len(values) * LOOKUP < len(terms):
        return sorted(ordinal for value in values if (ordinal := segment.lookup(field, value)) >= 0)
    return [ordinal for ordinal, term in zip(terms, segment.terms(terms), strict=True) if term in values]


def _documents(segment: Segment, ordinals: list[int]) -> np.ndarray:
    """The documents of terms in ascending order, one term behind the other."""
    if not ordinals:
        return np.zeros(0, np.intp)
    terms = range(ordinals[0], ordinals[-1] + 1)
    if len(terms) > LOOKUP * len(ordinals):
        return np.concatenate([segment.ids(ordinal) for ordinal in ordinals])
    counts = segment.frequencies[terms.start : terms.stop].astype(np.intp)
    wanted = np.array(ordinals, np.intp) - terms.start
    return segment.ids_between(terms).take(ranges((counts.cumsum() - counts).take(wanted), counts.take(wanted)))
