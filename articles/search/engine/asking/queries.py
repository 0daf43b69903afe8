"""What can be asked that Whoosh has no query for, and how to walk any query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whoosh import query
from whoosh.query import spans

Change = Callable[[query.Query], query.Query]

# Between terms of the index that are one to whoever asks, such as the stems of a word in several languages. Nothing
# that is indexed has this byte in it.
OR = b"\xfe"


class Asked(query.Query):
    """Whoosh's own `!=` cannot compare with another kind of query."""

    __ne__ = object.__ne__


@dataclass(unsafe_hash=True)
class AnyOf(Asked):
    """Documents with any of these whole values."""

    fieldname: str
    values: frozenset[bytes]
    boost: float = 1.0


@dataclass(unsafe_hash=True)
class Form(Asked):
    """A word exactly as written: lower case, but with its ending, its accents and its letters."""

    fieldname: str
    form: bytes
    boost: float = 1.0


@dataclass(unsafe_hash=True)
class FormPrefix(Asked):
    """Words that are written with this beginning."""

    fieldname: str
    text: str
    boost: float = 1.0


@dataclass(unsafe_hash=True)
class FormPattern(Asked):
    """Words that are written so: `*` stands for any letters or none, `?` for one letter."""

    fieldname: str
    text: str
    boost: float = 1.0


@dataclass(unsafe_hash=True)
class FormFuzzy(Asked):
    """Words that are written nearly so: at most `distance` letters wrong, missing, too many or swapped.

    The first letters are those of `text`, `prefix` of them.
    """

    fieldname: str
    text: str
    distance: int = 1
    prefix: int = 1
    boost: float = 1.0


@dataclass(unsafe_hash=True)
class AtLeast(Asked):
    """Documents in which something stands so many times."""

    query: query.Query
    times: int

    def is_leaf(self) -> bool:
        return False

    def children(self) -> Iterator[query.Query]:
        yield self.query

    def apply(self, change: Change) -> AtLeast:
        return AtLeast(change(self.query), self.times)


@dataclass(unsafe_hash=True)
class SameParagraph(Asked):
    """Documents that have a paragraph in which all parts begin."""

    fieldname: str
    parts: tuple[query.Query, ...]

    def is_leaf(self) -> bool:
        return False

    def children(self) -> Iterator[query.Query]:
        yield from self.parts

    def apply(self, change: Change) -> SameParagraph:
        return SameParagraph(self.fieldname, tuple(map(change, self.parts)))


@dataclass(unsafe_hash=True)
class InRow(Asked):
    """Words that stand one directly behind the other, each as a query that finds single words."""

    parts: tuple[query.Query, ...]

    def is_leaf(self) -> bool:
        return False

    def children(self) -> Iterator[query.Query]:
        yield from self.parts

    def apply(self, change: Change) -> InRow:
        return InRow(tuple(map(change, self.parts)))


@dataclass(unsafe_hash=True)
class Chain(Asked):
    """Documents with all parts in any order, each at most `distance` places before or behind the part named before."""

    parts: tuple[query.Query, ...]
    distance: int

    def is_leaf(self) -> bool:
        return False

    def children(self) -> Iterator[query.Query]:
        yield from self.parts

    def apply(self, change: Change) -> Chain:
        return Chain(tuple(map(change, self.parts)), self.distance)


# Queries that stand for all words of a kind.
FORM_FAMILIES = (FormPrefix, FormPattern, FormFuzzy)
TERM_FAMILIES = (query.Prefix, query.Wildcard, query.FuzzyTerm)
FAMILIES = FORM_FAMILIES + TERM_FAMILIES
# Queries that need to know where in a document words stand.
POSITIONAL = (query.Phrase, spans.SpanNear, spans.SpanFirst, spans.SpanOr, AtLeast, SameParagraph, InRow, Chain)


def parts(asked: query.Query) -> Sequence[query.Query]:
    """The queries that a query is made of. Whoosh's own `children` leaves out some of them."""
    if isinstance(asked, spans.SpanNear):
        return (asked.a, asked.b)
    if isinstance(asked, spans.SpanFirst):
        return (asked.q,)
    if isinstance(asked, spans.SpanOr):
        return tuple(asked.subqs)
    return tuple(asked.children())


def as_one(terms: Iterable[str]) -> bytes:
    """Several terms in one, for a Term or a Phrase: it stands where any of them does, and is scored as one word."""
    return OR.join(term.encode() for term in terms)


def each_of(term: bytes) -> list[bytes]:
    """The terms that are put together in one."""
    return term.split(OR)


def as_bytes(term: Any) -> bytes:
    """A term as the index holds it; a query may also give it as text."""
    return term if isinstance(term, bytes) else str(term).encode()
