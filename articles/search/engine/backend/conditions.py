"""Haystack's tree of conditions as Whoosh query objects. Nothing is put into a string and parsed again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from haystack.backends import SearchNode
from haystack.constants import DJANGO_ID, ID
from haystack.inputs import Exact as Quoted
from haystack.inputs import Not
from whoosh import query

from .. import analysis
from ..asking.queries import Form, FormFuzzy, FormPattern, FormPrefix
from ..errors import Unsupported
from ..schema import KEY, Exact, Moment, Number, exact_bytes, minutes
from .fields import Fields
from .querystring import Reader

# What a word counts that stands exactly as it was typed, beside the 1 that it counts with any ending.
EXACT = 0.3
# Of a longer phrase only so many words are looked for.
PHRASE = 64
# Shorter words are not looked for with errors, in shorter ones than the second one letter may be wrong, then two.
FUZZY, VERY_FUZZY = 4, 6

READ_AS_THEY_ARE = ("", "base", "clean", "python_data")
NAMES = {"pk": DJANGO_ID, ID: KEY}
BOUNDS = ("gt", "gte", "lt", "lte", "range")
FAMILIES = ("startswith", "endswith", "contains", "fuzzy")
AUTO_PART = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
YES_OR_NO = {"true": 1, "false": 0}


class Conditions:
    """Reads conditions on the fields of one index, whose texts are in some languages."""

    def __init__(self, fields: Fields, languages: Iterable[str]) -> None:
        self.fields, self.languages = fields, tuple(languages)
        self.schema = fields.schema

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

    def _text(self, name: str, names: tuple[str, ...], lookup: str, value: Any, phrase: bool) -> query.Query | None:
        """Every word of a text, each in one of the fields; or all of them in a row; or any of several rows."""
        if lookup == "in":
            return either([self.piece(str(text), names) for text in value])
        if lookup == "exact" or (phrase and lookup == "content"):
            whole = lookup == "exact" and name in self.fields.several
            return self._whole(name, str(value)) if whole else self.piece(str(value), names)
        if lookup in FAMILIES:
            return both([self._family(form, names, lookup) for form in self._forms(str(value))])
        if lookup == "all" and name == "content":
            return query.Every()
        if lookup != "content":
            raise Unsupported(f"Words can be looked for in {name}, but not with {lookup}.")
        return both([self.piece(piece, names) for piece in str(value).split()])

    def piece(self, text: str, names: Iterable[str], boost: float = 1.0) -> query.Query | None:
        """A word or phrase in any of some fields. It counts more where it stands exactly as it is written here."""
        rows, names = analysis.rows(text, self.languages), tuple(names)
        found = either([self._row(name, row.terms[:PHRASE], boost) for row in rows for name in names])
        written = dict.fromkeys(row.forms[0] for row in rows if len(row.terms) == 1 and row.forms[0])
        forms = either([self._form(name, form, boost * EXACT) for form in written for name in names])
        return found if found is None or forms is None else query.AndMaybe(found, forms)

    def _row(self, name: str, terms: tuple[str, ...], boost: float = 1.0) -> query.Query:
        boost *= self.schema[name].boost
        if len(terms) == 1:
            return query.Term(name, terms[0].encode(), boost=boost)
        return query.Phrase(name, [term.encode() for term in terms], boost=boost)

    def _form(self, name: str, form: str, boost: float) -> query.Query:
        return Form(name, form.encode(), self.schema[name].boost * boost)

    def _whole(self, name: str, text: str) -> query.Query | None:
        """A whole value of a field of several."""
        rows = analysis.rows(text, self.languages)
        return either([self._row(name, (analysis.START, *row.terms, analysis.END)) for row in rows])

    def _forms(self, text: str) -> list[str]:
        """The words of a text as they are written."""
        places = (place for run in analysis.runs(text) for place in analysis.places(run, analysis.language_of("")))
        return [place.form or place.terms[0] for place in places]

    def _family(self, form: str, names: tuple[str, ...], lookup: str) -> query.Query | None:
        if lookup == "fuzzy" and len(form) < FUZZY:
            return self.piece(form, names)
        return either([form_family(name, form, lookup, self.schema[name].boost) for name in names])

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
        return query.NumericRange(name, first, last, startexcl=above, endexcl=below)

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


def form_family(name: str, form: str, lookup: str, boost: float) -> query.Query:
    if lookup == "fuzzy":
        return FormFuzzy(name, form, 1 if len(form) < VERY_FUZZY else 2, 1, boost)
    if lookup == "startswith":
        return FormPrefix(name, form, boost)
    return FormPattern(name, f"*{form}" if lookup == "endswith" else f"*{form}*", boost)


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


def unscored(asked: query.Query) -> query.Query:
    """A filter says nothing about how well a document matches."""
    return query.ConstantScoreQuery(asked, score=0.0)


def exactly(name: str, values: Iterable[Any]) -> query.Query:
    """Any of these whole values."""
    terms = [query.Term(name, exact_bytes(value)) for value in values]
    return unscored(query.Or(terms)) if terms else query.NullQuery


def auto_parts(text: str) -> Iterator[Any]:
    """The parts of what Haystack calls an automatic query: words, "phrases", and either with a minus before it."""
    for minus, phrase, word in AUTO_PART.findall(text):
        part = Quoted(phrase) if phrase else word
        yield Not(part) if minus else part


def both(parts: list[query.Query | None]) -> query.Query | None:
    """All of the parts. What only excludes is taken from what includes, not from everything there is."""
    found = [part for part in parts if part is not None]
    negative = [part.b for part in found if is_opposite(part)]
    positive = [part for part in found if not is_opposite(part)]
    if not negative:
        return joined(query.And, positive)
    return query.AndNot(joined(query.And, positive or [query.Every()]), either(negative))


def either(parts: list[query.Query | None]) -> query.Query | None:
    return joined(query.Or, [part for part in parts if part is not None])


def joined(join: Callable[[list[query.Query]], query.Query], parts: list[query.Query]) -> query.Query | None:
    return parts[0] if len(parts) == 1 else join(parts) if parts else None


def opposite(part: query.Query | None) -> query.Query | None:
    return None if part is None else query.AndNot(query.Every(), part)


def is_opposite(part: query.Query) -> bool:
    return isinstance(part, query.AndNot) and isinstance(part.a, query.Every)
