"""How many articles questions find, for pages that can do without the number."""

from __future__ import annotations

from collections.abc import Sequence

from .asking import Asker
from .edge import attempt
from .question import Question


def totals(questions: Sequence[Question]) -> list[int | None]:
    """A number for each question; None where it asks for too much, and for all of them while the index is away."""
    with attempt("counting what questions find"):
        counting = Asker()
        return [counting.total(question) for question in questions]
    return [None] * len(questions)
