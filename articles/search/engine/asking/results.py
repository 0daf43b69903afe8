"""An answer: how many documents match, any window of them in any order, and what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from whoosh import query

from ..errors import Unsupported
from ..schema import KEY, Exact, Moment, Number, exact_bytes
from .collapsing import collapsed
from .costs import check_costs
from .executor import match
from .explain import Contribution, explain
from .limits import LIMITS, Limits, check
from .matches import Matches
from .ordering import BEST, Key, window
from .scoring import LEAST
from .snapshot import Snapshot

__all__ = ["BEST", "Answer", "Contribution", "Hit", "Key", "answer"]


class Hit(NamedTuple):
    key: str
    score: float
    id: int


def answer(snapshot: Snapshot, asked: query.Query, limits: Limits = LIMITS, scored: bool = True) -> Answer:
    """Without `scored` all scores are zero, which is quicker where the order is another.

    Raises `QueryRefused` for what passes the limits, and `IndexBroken` rather than answering from changed files.
    """
    check(asked, limits)
    snapshot.check()
    check_costs(snapshot, asked, limits)
    return Answer(snapshot, match(snapshot, asked, limits, scored), asked, limits)


@dataclass(frozen=True)
class Answer:
    snapshot: Snapshot
    matches: Matches
    asked: query.Query
    limits: Limits = LIMITS

    @cached_property
    def ids(self) -> np.ndarray:
        return self.matches.ids

    @property
    def total(self) -> int:
        return self.matches.total

    def window(self, start: int, end: int, order: Sequence[Key] = ()) -> list[Hit]:
        """Ties are broken by the newest, then by the highest number in the key."""
        ids, weights = window(self.snapshot, self.matches, start, end, order)
        # A score that is worth nothing is shown as none.
        scores = [score if score > LEAST else 0.0 for score in weights.tolist()]
        return list(map(Hit, self.snapshot.keys(ids), scores, ids.tolist()))

    def walk(self, order: Sequence[Key] = (), size: int = 500) -> Iterator[list[str]]:
        """The keys of all matches in an order, so many at a time; besides those, only numbers are held in memory."""
        ids = window(self.snapshot, self.matches, 0, self.total, order).ids
        return (self.snapshot.keys(ids[start : start + size]) for start in range(0, len(ids), size))

    def collapsed(self, field: str, order: Sequence[Key] = ()) -> Answer:
        """Of the matches that share a number in a field, only the first in an order; what has no number stays."""
        self._demand(field, Number)
        return replace(self, matches=collapsed(self.snapshot, self.matches, field, order))

    def explain(self, key: str) -> list[Contribution]:
        """What made up the score of the document with this key, the most first. Nothing if it was not found."""
        ids = self.snapshot.ids(KEY, exact_bytes(key))
        return explain(self.snapshot, self.asked, int(ids[0]), self.limits) if len(ids) else []

    def facet(self, field: str) -> Counter[str]:
        """How many matches have each value of an exact field."""
        self._demand(field, Exact)
        return self.snapshot.facet(field).count(self.ids)

    def commonest(self, field: str, most: int, also: Iterable[str] = ()) -> Counter[str]:
        """Only so many values of an exact field, commonest first and then by name; and those `also` that any match has.

        Where a field has thousands of values, this takes a fraction of the time of all of them.
        """
        self._demand(field, Exact)
        return self.snapshot.facet(field).commonest(self.ids, most, also)

    def histogram(self, field: str, unit: str) -> dict[str, int]:
        """How many matches there are in each year, month or day that has any."""
        self._demand(field, Moment)
        return self.snapshot.periods(field, unit).count(self.ids)

    def bounds(self, field: str) -> tuple[float, float] | None:
        """The least and the greatest number of the matches; a moment is a number of minutes."""
        self._demand(field, Number)
        numbers = self.snapshot.numbers(field).take(self.ids)
        numbers = numbers.compress(numbers > self.snapshot.schema[field].missing)
        return (numbers.min().item(), numbers.max().item()) if len(numbers) else None

    def _demand(self, field: str, kind: type) -> None:
        if field not in self.snapshot.schema or not isinstance(self.snapshot.schema[field], kind):
            raise Unsupported(f"{field} is not a field of kind {kind.__name__}.")
