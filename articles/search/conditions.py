"""A question as Haystack's conditions, for the engine behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from haystack.backends import SQ
from haystack.inputs import Exact

from .engine.backend.inputs import Like, Near, Nearly, Times, Written
from .engine.schema import microseconds
from .grammar import (
    All,
    AtLeast,
    Dated,
    Either,
    Expression,
    Fuzzy,
    Has,
    Named,
    Not,
    Pattern,
    Phrase,
    Sought,
    Word,
    period,
)
from .grammar import Near as NearParts
from .question import SINGLE, Question

FIELDS = {"": "content", "title": "title", "body": "text", "caption": "caption"}


def conditions(question: Question, without: Sequence[int] = (), widened: Expression | None = None) -> SQ:
    """Everything that `question` asks for, except the articles `without`. `widened` is what is asked in place of its
    own words."""
    parts = [*_narrowing(question)]
    if expression := widened or question.parsed.expression:
        parts.append(of_expression(expression, question.exact))
    if without:
        parts.append(~SQ(django_id__in=without))
    return SQ(*parts)


def of_expression(part: Expression, exact: bool = False) -> SQ:
    """If `exact`, words and phrases are looked for only as they are written."""
    return _KINDS[type(part)](part, exact)


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
    if question.stored:
        yield SQ(stored__gt=microseconds(dt.datetime.fromisoformat(question.stored)))


# Words


def _words(part: Sought, exact: bool) -> SQ:
    return SQ(**{FIELDS[part.field]: _value(part, exact)})


def _near(part: NearParts, exact: bool) -> SQ:
    """In the field that any of the parts names: words of two fields are not near each other."""
    field = next((inner.field for inner in part.parts if inner.field), "")
    return SQ(**{FIELDS[field]: Near([_value(inner, exact) for inner in part.parts], part.distance)})


def _at_least(part: AtLeast, exact: bool) -> SQ:
    return SQ(**{FIELDS[part.part.field]: Times(_value(part.part, exact), part.times)})


def _value(part: Sought, exact: bool) -> Any:
    """What the engine is to look for in a field."""
    if isinstance(part, Pattern):
        return Like(part.text)
    if isinstance(part, Fuzzy):
        return Nearly(part.text, part.errors)
    if exact or part.exact:
        return Written(part.text)
    return Exact(part.text) if isinstance(part, Phrase) else part.text


# Everything else


def _named(part: Named, exact: bool) -> SQ:
    if part.facet == "language":
        return _language(spellings(part.name))
    return SQ(**{f"{part.facet}_names__exact" if part.exact else f"{part.facet}_names": part.name})


def _language(codes: Sequence[str]) -> SQ:
    """Also as it is written in any region or script: what is in zh-Hant is in Chinese."""
    begun = (("language__startswith", f"{code}-") for code in codes)
    return SQ(("language__in", codes), *begun, _connector=SQ.OR)


def spellings(code: str) -> list[str]:
    """How the code of a language may be written in a record: as it was typed, pt-BR, pt-br or PT-BR."""
    language, *others = code.lower().split("-")
    # A region has two letters and is written in capitals; a script has four.
    marked = [other.upper() if len(other) == 2 else other.title() if len(other) == 4 else other for other in others]
    return list(dict.fromkeys([code, "-".join([language, *marked]), code.lower(), code.upper()]))


def _has(part: Has, exact: bool) -> SQ:
    return SQ(has__exact=part.what)


def _dated(part: Dated, exact: bool) -> SQ:
    bounds = {"earliest__gte": part.earliest, "earliest__lte": part.latest}
    return SQ(**{lookup: moment for lookup, moment in bounds.items() if moment})


def _not(part: Not, exact: bool) -> SQ:
    return ~of_expression(part.part, exact)


def _all(part: All, exact: bool) -> SQ:
    return SQ(*(of_expression(inner, exact) for inner in part.parts))


def _either(part: Either, exact: bool) -> SQ:
    return SQ(*(of_expression(inner, exact) for inner in part.parts), _connector=SQ.OR)


_KINDS: dict[type, Callable[[Any, bool], SQ]] = {
    **dict.fromkeys((Word, Phrase, Pattern, Fuzzy), _words),
    NearParts: _near,
    AtLeast: _at_least,
    Named: _named,
    Has: _has,
    Dated: _dated,
    Not: _not,
    All: _all,
    Either: _either,
}
