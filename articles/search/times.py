"""When what was found was published: the chart of an answer."""

from __future__ import annotations

from .chart import WIDTHS, Chart, chart, unit_for
from .facets import Answered, Find
from .question import Question


def times(question: Question, answer: Answered, find: Find) -> Chart | None:
    """None where nothing found has a date."""
    span = answer.span()
    if span is None:
        return None
    first, last = span
    unit = unit_for(question, first, last)
    # Whole periods, of which no bar counts a part only.
    width = WIDTHS[unit]
    held = answer if question.is_open else find(Question(since=first[:width], until=last[:width]))
    counts = answer.histogram("earliest", unit)
    return chart(question, counts, held.histogram("earliest", unit), unit, first=first, last=last)
