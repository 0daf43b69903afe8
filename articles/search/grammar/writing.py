"""A tree, written as it would be typed: what is written is read as the same tree again.

Signs and quotation marks stand only where they must. Brackets also stand where the grammar could do without and a
reader could not: few know what OR and near join first.
"""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from .parts import All, AtLeast, Dated, Either, Expression, Fuzzy, Has, Named, Near, Not, Pattern, Phrase, Sought, Word
from .reading import DEPTH
from .tokens import BLANKS, QUOTE, is_word

FIELDS = {"author": "by", "language": "lang"}


def write(part: Expression) -> str:
    """Brackets that only help the reader are left out where all of them would be too deep to be read."""
    return _written(part, _depth(part) <= DEPTH)


def beside(part: Expression) -> str:
    """As it is written beside others that must all match."""
    return _bracketed(write(part), isinstance(part, Either) and _depth(part) < DEPTH)


def _depth(part: Expression) -> int:
    """How deep the brackets are with which `part` is clear."""
    match part:
        case Near():
            return 1 if part.parts[0].field else 0
        case Not(Near() | All() | Either()):
            return 1 + _depth(part.part)
        case Not():
            return _depth(part.part)
        case All() | Either():
            return max(_depth(inner) + isinstance(inner, All | Either) for inner in part.parts)
    return 0


@singledispatch
def _written(part: Expression, clear: bool) -> str:
    raise NotImplementedError(part)


@_written.register
def _word(part: Word, clear: bool) -> str:
    return _behind(part, part.text if is_word(part.text) else _in_quotes(part.text))


@_written.register
def _phrase(part: Phrase, clear: bool) -> str:
    return _behind(part, _in_quotes(part.text))


@_written.register
def _pattern(part: Pattern, clear: bool) -> str:
    return _behind(part, part.text)


@_written.register
def _fuzzy(part: Fuzzy, clear: bool) -> str:
    return _behind(part, f"{part.text}~{part.errors or ''}")


@_written.register
def _near(part: Near, clear: bool) -> str:
    """The field of the first is that of all."""
    first, *others = [_written(replace(inner, field=""), clear) for inner in part.parts]
    row = f" near/{part.distance} ".join([first, *others])
    field = part.parts[0].field
    return _fielded(field, _bracketed(row, clear)) if field else row


@_written.register
def _at_least(part: AtLeast, clear: bool) -> str:
    return f"atleast{part.times}:{_written(part.part, clear)}"


@_written.register
def _named(part: Named, clear: bool) -> str:
    return _fielded(FIELDS.get(part.facet, part.facet), _in_quotes(part.name) if part.exact else part.name)


@_written.register
def _has(part: Has, clear: bool) -> str:
    return _fielded("has", part.what)


@_written.register
def _dated(part: Dated, clear: bool) -> str:
    if part.kind != "date":
        return _fielded(part.kind, part.since or part.until)
    return _fielded("date", part.since if part.since == part.until else f"{part.since}..{part.until}")


@_written.register
def _not(part: Not, clear: bool) -> str:
    inner = part.part
    if isinstance(inner, Not):
        return _written(inner.part, clear)
    needed = isinstance(inner, All | Either) or (clear and isinstance(inner, Near) and not inner.parts[0].field)
    return f"-{_bracketed(_written(inner, clear), needed)}"


@_written.register
def _all(part: All, clear: bool) -> str:
    """OR joins only what stands beside it."""
    return " ".join(_bracketed(_written(inner, clear), clear and isinstance(inner, Either)) for inner in part.parts)


@_written.register
def _either(part: Either, clear: bool) -> str:
    return " OR ".join(_bracketed(_written(inner, clear), isinstance(inner, All)) for inner in part.parts)


def _behind(part: Sought, text: str) -> str:
    return _fielded(part.field, f"={text}" if getattr(part, "exact", False) else text)


def _fielded(field: str, text: str) -> str:
    return f"{field}:{text}" if field else text


def _bracketed(text: str, needed: bool) -> str:
    return f"({text})" if needed else text


def _in_quotes(text: str) -> str:
    """Nothing can stand for a quotation mark in a phrase."""
    return f'"{BLANKS.sub(" ", QUOTE.sub(" ", text)).strip()}"'
