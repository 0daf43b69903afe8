"""How many articles questions find, for pages that can do without the number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.core.cache import cache

from .asking import Asker, engine
from .edge import attempt
from .question import Question

# Seconds that numbers are remembered: so late a change of name rings counts.
KEPT = 60


def totals(questions: Sequence[Question]) -> list[int | None]:
    """A number for each question; None where it asks for too much, and for all of them while the index is away."""
    with attempt("counting what questions find"):
        counting = Asker()
        return [counting.total(question) for question in questions]
    return [None] * len(questions)


def kept_totals(questions: Sequence[Question]) -> list[int | None]:
    """The same, remembered for a while: until the index changes, or something is withdrawn."""
    with attempt("counting what questions find"):
        counting = Asker()
        key = _key(questions, counting.withdrawn)
        numbers: list[int | None] | None = cache.get(key)
        if numbers is None:
            numbers = [counting.total(question) for question in questions]
            cache.set(key, numbers, KEPT)
        return numbers
    return [None] * len(questions)


def _key(questions: Sequence[Question], withdrawn: Sequence[int]) -> str:
    """Of everything that numbers follow from, but for name rings."""
    state = (engine().store.pointer().generation, sorted(withdrawn), [asked.querystring() for asked in questions])
    return f"totals:{hashlib.sha256(repr(state).encode()).hexdigest()}"
