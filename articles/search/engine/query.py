"""Haystack's tree of conditions as Whoosh query objects. Nothing is put into a string and parsed again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from haystack.backends import SearchNode
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.inputs import Exact as Row
from haystack.inputs import Not
from whoosh import query
from whoosh.fields import Schema

from . import analysis
from .errors import TooSlow, Unsupported
from .schema import Exact, Moment, exact_bytes, minutes

# More than any question needs; what would pass it is an attack or a mistake.
TERMS = 4096
ALIASES = {"pk": DJANGO_ID, "id": ID, "django_ct": DJANGO_CT, "django_id": DJANGO_ID}
AUTO_PART = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
EARLIEST, LATEST = -(1 << 61), 1 << 61


class Conditions:
    """Reads conditions on the fields of one schema. `content` is every field that words are looked for in."""

    def __init__(self, schema: Schema, content: tuple[str, ...]) -> None:
        self.schema, self.content, self.terms = schema, content, 0

    def read(self, node: SearchNode) -> query.Query:
        """The query of a tree; a tree that asks for nothing asks for everything."""
        return self._node(node) or query.Every()

    def _node(self, node: SearchNode) -> query.Query | None:
        read = [self._child(node, child) for child in node.children]
        found = [part for part in read if part is not None]
        if not found:
            return None
        join = either if node.connector == SearchNode.OR else both
        return query.AndNot(query.Every(), join(found)) if node.negated else join(found)

    def _child(self, node: SearchNode, child: Any) -> query.Query | None:
        if isinstance(child, SearchNode):
            return self._node(child)
        name, lookup = node.split_expression(child[0])
        return self.condition(name, lookup, child[1])

    def condition(self, name: str, lookup: str, value: Any) -> query.Query | None:
        """One condition. None where the value has nothing to look for, such as a lone sign."""
        kind = getattr(value, "input_type_name", "")
        value = getattr(value, "query_string", value)
        if kind not in ("", "clean", "exact", "not", "auto_query"):
            raise Unsupported(f"This engine does not read input of the type {kind}.")
        if kind == "not":
            found = self.condition(name, lookup, value)
            return found and query.AndNot(query.Every(), found)
        if kind == "auto_query":
            return joined(both, [self.condition(name, lookup, part) for part in auto_parts(value)])
        name = ALIASES.get(name, name)
        if name != "content" and name not in self.schema:
            raise Unsupported(f"The index has no field {name}.")
        if name != "content" and isinstance(self.schema[name], Moment):
            return moment_range(name, lookup, value)
        if name != "content" and isinstance(self.schema[name], Exact):
            return self._exact(name, lookup, value)
        return self._text(name, lookup, value, phrase=kind == "exact")

    def _text(self, name: str, lookup: str, value: Any, phrase: bool) -> query.Query | None:
        """Every word of a text, each in one of the fields; or all of them in a row; or any of several rows."""
        names = self.content if name == "content" else (name,)
        if lookup == "in":
            return joined(either, [self._piece(str(text), names) for text in value])
        if lookup == "exact":
            return self._piece(str(value), names) if name == "content" else self._whole(name, str(value))
        if lookup != "content":
            raise Unsupported(f"Words can be looked for in {name}, but not with {lookup}.")
        pieces = [str(value)] if phrase else str(value).split()
        return joined(both, [self._piece(piece, names) for piece in pieces])

    def _piece(self, piece: str, names: tuple[str, ...]) -> query.Query | None:
        found = [self._row(name, row) for row in analysis.rows(piece) for name in names]
        return either(found) if found else None

    def _whole(self, name: str, text: str) -> query.Query | None:
        """A whole value of a field of several; of any other field, a phrase."""
        terms = analysis.asked(text)
        return self._row(name, (analysis.START, *terms, analysis.END)) if terms else None

    def _row(self, name: str, terms: tuple[str, ...]) -> query.Query:
        self._count(len(terms))
        boost = self.schema[name].boost
        if len(terms) == 1:
            return query.Term(name, terms[0].encode(), boost=boost)
        return query.Phrase(name, [term.encode() for term in terms], boost=boost)

    def _exact(self, name: str, lookup: str, value: Any) -> query.Query:
        if lookup not in ("content", "exact", "in"):
            raise Unsupported(f"{name} holds whole values and cannot be searched with {lookup}.")
        values = list(value) if lookup == "in" else [value]
        self._count(len(values))
        return exactly(name, values)

    def _count(self, terms: int) -> None:
        self.terms += terms
        if self.terms > TERMS:
            raise TooSlow(f"More than {TERMS} terms were asked for at once.")


def exactly(name: str, values: Iterable[Any]) -> query.Query:
    """A filter: any of these whole values. It says nothing about how well a document matches."""
    terms = [query.Term(name, exact_bytes(value)) for value in values]
    return query.ConstantScoreQuery(query.Or(terms), score=0.0)


def auto_parts(text: str) -> Iterator[Any]:
    """The parts of what Haystack calls an automatic query: words, "phrases", and either with a minus before it."""
    for minus, phrase, word in AUTO_PART.findall(text):
        part = Row(phrase) if phrase else word
        yield Not(part) if minus else part


def joined(join: Callable[[list[Any]], query.Query], found: Iterable[query.Query | None]) -> query.Query | None:
    parts = [part for part in found if part is not None]
    return join(parts) if parts else None


def both(parts: list[query.Query]) -> query.Query:
    """All of the parts. What only excludes is taken from what includes, not from everything there is."""
    negative: list[query.AndNot] = []
    positive: list[query.Query] = []
    for part in parts:
        (negative if isinstance(part, query.AndNot) and isinstance(part.a, query.Every) else positive).append(part)
    found = positive[0] if len(positive) == 1 else query.And(positive) if positive else query.Every()
    return query.AndNot(found, either([part.b for part in negative])) if negative else found


def either(parts: list[query.Query]) -> query.Query:
    return parts[0] if len(parts) == 1 else query.Or(parts)


def moment_range(name: str, lookup: str, value: Any) -> query.Query:
    """Between two moments, or on one side of one. Nothing without a date is in any range."""
    low, high = EARLIEST, LATEST
    if lookup in ("range", "in"):
        low, high = (minutes(value[0]), minutes(value[1]))
    elif lookup in ("gte", "gt"):
        low = minutes(value) + (lookup == "gt")
    elif lookup in ("lte", "lt"):
        high = minutes(value) - (lookup == "lt")
    elif lookup in ("content", "exact"):
        low = high = minutes(value)
    else:
        raise Unsupported(f"{name} is a date and cannot be searched with {lookup}.")
    return query.NumericRange(name, low, high)
