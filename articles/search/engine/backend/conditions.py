"""Haystack's tree of conditions as Whoosh query objects. Nothing is put into a string and parsed again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from haystack.backends import SearchNode
from haystack.constants import DJANGO_ID, ID
from haystack.inputs import Exact as Quoted
from haystack.inputs import Not
from whoosh import query

from ..asking.queries import AnyOf
from ..errors import Unsupported
from ..schema import KEY, Exact, Moment, Number, Text, exact_bytes, minutes
from .fields import Fields
from .inputs import Sought
from .joining import both, either, opposite, unscored
from .querystring import Reader
from .words import FAMILIES, VERY_FUZZY, Words

READ_AS_THEY_ARE = ("", "base", "clean", "python_data")
NAMES = {"pk": DJANGO_ID, ID: KEY}
BOUNDS = ("gt", "gte", "lt", "lte", "range")
AUTO_PART = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
YES_OR_NO = {"true": 1, "false": 0}


class Conditions:
    """Reads conditions on the fields of one index, whose texts are in some languages."""

    def __init__(self, fields: Fields, languages: Iterable[str]) -> None:
        self.fields, self.schema = fields, fields.schema
        self.words = Words(fields.schema, languages)
        self.languages = self.words.languages

    # Trees and strings

    def read(self, node: SearchNode) -> query.Query:
        """The query of a tree; a tree that asks for nothing asks for everything."""
        found = self._node(node)
        return query.Every() if found is None else found

    def read_string(self, text: str, name: str = "content") -> query.Query | None:
        return Reader(text, self._of_string, both, either, opposite).read(name)

    def _of_string(self, name: str, lookup: str, value: Any, quoted: bool) -> query.Query | None:
        return self.condition(name, lookup, Quoted(value) if quoted else value)

    def _node(self, node: SearchNode) -> query.Query | None:
        join = either if node.connector == SearchNode.OR else both
        found = join([self._child(node, child) for child in node.children])
        return opposite(found) if node.negated else found

    def _child(self, node: SearchNode, child: Any) -> query.Query | None:
        if isinstance(child, SearchNode):
            return self._node(child)
        name, lookup = node.split_expression(child[0])
        return self.condition(name, lookup, child[1])

    # One condition

    def condition(self, name: str, lookup: str, value: Any) -> query.Query | None:
        """One condition. None where the value has nothing to look for, such as a lone sign."""
        if isinstance(value, Sought):
            return self._sought(name, lookup, value)
        kind = getattr(value, "input_type_name", "")
        value = getattr(value, "query_string", value)
        if kind == "not":
            return opposite(self.condition(name, lookup, value))
        if kind == "auto_query":
            return both([self.condition(name, lookup, part) for part in auto_parts(value)])
        if kind == "raw":
            return self.read_string(str(value), name)
        if kind == "exact":
            return self._of_field(name, lookup, value, phrase=True)
        if kind in READ_AS_THEY_ARE:
            return self._of_field(name, lookup, value, phrase=False)
        raise Unsupported(f"This engine does not read input of the type {kind}.")

    def _of_field(self, name: str, lookup: str, value: Any, phrase: bool) -> query.Query | None:
        name = self.fields.name(NAMES.get(name, name))
        if name == "content":
            return self._text(name, self.fields.content, lookup, value, phrase)
        if name not in self.schema:
            raise Unsupported(f"The index has no field {name}.")
        if isinstance(self.schema[name], Number):
            return self._number(name, lookup, value)
        if isinstance(self.schema[name], Exact):
            return self._exact(name, lookup, value)
        if lookup in BOUNDS and name in self.fields.whole:
            return self._exact(self.fields.whole[name], lookup, value)
        lookup = self.fields.lookups.get(name, lookup) if lookup == "content" else lookup
        return self._text(name, (name,), lookup, value, phrase)

    # Words

    def _sought(self, name: str, lookup: str, value: Sought) -> query.Query | None:
        name = self.fields.name(name)
        names = self.fields.content if name == "content" else (name,)
        if lookup != "content" or not all(isinstance(dict(self.schema.items()).get(name), Text) for name in names):
            raise Unsupported(f"{type(value).__name__} looks for words, and {name}__{lookup} holds none.")
        return self.words.sought(value, names)

    def _text(self, name: str, names: tuple[str, ...], lookup: str, value: Any, phrase: bool) -> query.Query | None:
        """Every word of a text, each in one of the fields; or all of them in a row; or any of several rows."""
        if lookup == "in":
            return either([self.words.piece(str(text), names) for text in value])
        if lookup == "exact" or (phrase and lookup == "content"):
            whole = lookup == "exact" and name in self.fields.several
            return self.words.whole(name, str(value)) if whole else self.words.piece(str(value), names)
        if lookup in FAMILIES:
            return self.words.family(str(value), names, lookup)
        if lookup == "all" and name == "content":
            return query.Every()
        if lookup != "content":
            raise Unsupported(f"Words can be looked for in {name}, but not with {lookup}.")
        return both([self.words.piece(piece, names) for piece in str(value).split()])

    # Whole values and numbers

    def _exact(self, name: str, lookup: str, value: Any) -> query.Query:
        if lookup in ("content", "exact"):
            return exactly(name, [value])
        if lookup == "in":
            return exactly(name, value)
        if lookup == "all":
            return unscored(query.Every(name))
        if lookup in BOUNDS:
            low, high, above, below = bounds(lookup, value)
            return unscored(query.TermRange(name, low, high, startexcl=above, endexcl=below))
        return unscored(value_family(name, str(value), lookup))

    def _number(self, name: str, lookup: str, value: Any) -> query.Query | None:
        if lookup in ("content", "exact"):
            return self._between(name, value, value, False, False)
        if lookup == "in":
            return either([self._between(name, one, one, False, False) for one in value])
        if lookup == "all":
            return unscored(query.Every(name))
        if lookup not in BOUNDS:
            raise Unsupported(f"{name} holds numbers and cannot be searched with {lookup}.")
        return self._between(name, *bounds(lookup, value))

    def _between(self, name: str, low: Any, high: Any, above: bool, below: bool) -> query.Query:
        """Between two bounds. What has no value is in no range."""
        first, last = (None if bound is None else self._to_number(name, bound) for bound in (low, high))
        return unscored(query.NumericRange(name, first, last, startexcl=above, endexcl=below))

    def _to_number(self, name: str, value: Any) -> float:
        field = self.schema[name]
        try:
            if isinstance(field, Moment):
                return minutes(dt.datetime.fromisoformat(value) if isinstance(value, str) else value)
            if name in self.fields.booleans and isinstance(value, str):
                return YES_OR_NO[value.lower()]
            return float(value) if field.kind == "d" else whole_number(value)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unsupported(f"{name} cannot be compared with {value!r}: it holds another kind of value.") from error


def whole_number(value: Any) -> float:
    """A bound with a fraction stays as it is: what is over 11.5 is not what is over 11."""
    if isinstance(value, int):
        return int(value)
    number = float(value)
    return int(number) if number.is_integer() else number


def bounds(lookup: str, value: Any) -> tuple[Any, Any, bool, bool]:
    """The lower and the upper bound, and whether each is left out itself."""
    if lookup == "range":
        return value[0], value[1], False, False
    if lookup in ("gt", "gte"):
        return value, None, lookup == "gt", False
    return None, value, False, lookup == "lt"


def value_family(name: str, value: str, lookup: str) -> query.Query:
    if lookup == "startswith":
        return query.Prefix(name, value)
    if lookup == "fuzzy":
        return query.FuzzyTerm(name, value, maxdist=1 if len(value) < VERY_FUZZY else 2, prefixlength=1)
    if lookup not in FAMILIES:
        raise Unsupported(f"{name} holds whole values and cannot be searched with {lookup}.")
    # Signs that would stand for any letters stand for one.
    plain = re.sub(r"[*?\[\]]", "?", value)
    return query.Wildcard(name, f"*{plain}" if lookup == "endswith" else f"*{plain}*")


def exactly(name: str, values: Iterable[Any]) -> query.Query:
    """Any of these whole values."""
    encoded = frozenset(map(exact_bytes, values))
    if not encoded:
        return query.NullQuery
    return unscored(AnyOf(name, encoded) if len(encoded) > 1 else query.Term(name, *encoded))


def auto_parts(text: str) -> Iterator[Any]:
    """The parts of what Haystack calls an automatic query: words, "phrases", and either with a minus before it."""
    for minus, phrase, word in AUTO_PART.findall(text):
        part = Quoted(phrase) if phrase else word
        yield Not(part) if minus else part
