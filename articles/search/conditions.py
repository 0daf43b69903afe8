"""A question as Haystack's conditions, for whichever engine is behind it."""

from __future__ import annotations

from collections.abc import Iterable

from haystack.backends import SQ
from haystack.inputs import Exact

from ..records import Refused
from .grammar import All, Dated, Either, Expression, Named, Not, Phrase, Word, dated
from .question import Question

FIELDS = {"": "content", "title": "title", "body": "text", "caption": "caption"}


def conditions(question: Question, without: Iterable[int] = ()) -> SQ:
    """Everything that `question` asks for, except the articles `without`."""
    parts = [SQ(**{f"{facet}__exact": value}) for facet, value in question.filters]
    if question.parsed.expression:
        parts.append(of_expression(question.parsed.expression))
    if bounds := between(question):
        parts.append(of_expression(bounds))
    if without:
        parts.append(~SQ(django_id__in=[str(key) for key in without]))
    return SQ(*parts)


def between(question: Question) -> Dated | None:
    if not (question.since or question.until):
        return None
    try:
        return dated(question.since, question.until)
    except Refused:
        return None


def of_expression(part: Expression) -> SQ:
    match part:
        case Word(text, field):
            return SQ(**{FIELDS[field]: text})
        case Phrase(text, field):
            return SQ(**{FIELDS[field]: Exact(text)})
        case Named(facet, name, exact):
            return SQ(**{f"{facet}_names__exact" if exact else f"{facet}_names": name})
        case Dated(earliest, latest):
            bounds = {"earliest__gte": earliest, "earliest__lte": latest}
            return SQ(**{lookup: moment for lookup, moment in bounds.items() if moment})
        case Not(inner):
            return ~of_expression(inner)
        case All(parts):
            return SQ(*map(of_expression, parts))
        case Either(parts):
            return SQ(*map(of_expression, parts), _connector=SQ.OR)
