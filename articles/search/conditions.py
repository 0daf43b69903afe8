"""A question as Haystack's conditions, for the engine behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from haystack.backends import SQ
from haystack.inputs import Exact

from .grammar import All, Dated, Either, Expression, Named, Not, Phrase, Word, period
from .question import SINGLE, Question

FIELDS = {"": "content", "title": "title", "body": "text", "caption": "caption"}


def conditions(question: Question, without: Iterable[int] = ()) -> SQ:
    """Everything that `question` asks for, except the articles `without`."""
    parts = [*_narrowing(question)]
    if question.parsed.expression:
        parts.append(of_expression(question.parsed.expression))
    if without:
        parts.append(~SQ(django_id__in=[str(key) for key in without]))
    return SQ(*parts)


def _narrowing(question: Question) -> Iterator[SQ]:
    for facet in dict(question.filters):
        values = question.chosen(facet)
        if facet in SINGLE:
            yield SQ(**{f"{facet}__in": values})
        else:
            yield from (SQ(**{f"{facet}__exact": value}) for value in values)
    yield from (~SQ(**{f"{facet}__exact": value}) for facet, value in question.excluded)
    if question.since or question.until:
        yield of_expression(period(question.since, question.until))


def of_expression(part: Expression) -> SQ:
    match part:
        case Word(text, field):
            return SQ(**{FIELDS[field]: text})
        case Phrase(text, field):
            return SQ(**{FIELDS[field]: Exact(text)})
        case Named(facet, name, exact):
            return SQ(**{f"{facet}_names__exact" if exact else f"{facet}_names": name})
        case Dated():
            bounds = {"earliest__gte": part.earliest, "earliest__lte": part.latest}
            return SQ(**{lookup: moment for lookup, moment in bounds.items() if moment})
        case Not(inner):
            return ~of_expression(inner)
        case All(parts):
            return SQ(*map(of_expression, parts))
        case Either(parts):
            return SQ(*map(of_expression, parts), _connector=SQ.OR)
    raise NotImplementedError(part)
