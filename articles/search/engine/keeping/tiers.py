"""Which segments are written anew as one: few stay, and no article makes the whole index be written again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .files import Part

# Segments of fewer documents than FLOOR are of one size; above it, a size is FANOUT times the one before.
FLOOR, FANOUT = 512, 8
# No more documents at a time than this, so that no merge takes minutes.
CEILING = 1 << 18


def choose(parts: Sequence[Part]) -> list[Part]:
    """The segments that are worth a merge; none if it can wait."""
    return _crowded(parts) or _sparse(parts)


def _crowded(parts: Sequence[Part]) -> list[Part]:
    """The smallest size of which there are too many."""
    tiers = defaultdict(list)
    for part in parts:
        if part.live <= CEILING // 2:
            tiers[tier(part.live)].append(part)
    full = [number for number, held in tiers.items() if len(held) >= FANOUT]
    return _fitting(tiers[min(full)]) if full else []


def tier(documents: int) -> int:
    return 1 + ((documents // FLOOR).bit_length() - 1) // 3


def _fitting(parts: Sequence[Part]) -> list[Part]:
    chosen, total = [], 0
    for part in sorted(parts, key=lambda part: part.live):
        total += part.live
        if total > CEILING:
            break
        chosen.append(part)
    return chosen


def _sparse(parts: Sequence[Part]) -> list[Part]:
    """One of which more than half is deleted; small ones go away in the company of others."""
    return [part for part in parts if part.count >= FLOOR and part.deleted > part.live][:1]
