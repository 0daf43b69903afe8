"""When what was found was published: the chart of an answer."""

from __future__ import annotations

from ..question import Question
from .chart import WIDTHS, Chart, chart, unit_for, within
from .facets import Answered, Find


def times(question: Question, answer: Answered, find: Find) -> Chart | None:
    """None where nothing found has a date."""
    span = answer.span()
    if span is None:
        return None
    first, last = span
    unit = unit_for(question, first, last)
    held = answer if question.is_open else find(_held(question, first, last, unit))
    counts = answer.histogram("earliest", unit)
    return chart(question, counts, held.histogram("earliest", unit), unit, first=first, last=last)


def _held(question: Question, first: str, last: str, unit: str) -> Question:
    """Everything in the periods from the first hit to the last: whole ones, but no more than is asked for.

    Of whole years it is everything: what is held of each year is counted once, and not for each page.
    """
    if unit == "year" and not (question.since or question.until):
        return Question()
    width = WIDTHS[unit]
    return Question(since=within(question, first[:width])[0], until=within(question, last[:width])[1])
