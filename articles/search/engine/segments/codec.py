"""Whoosh's own face of a segment: with it a plain Whoosh searcher answers from our files, for reading and comparing.

    searcher = Searcher(MultiReader([reader(schema, segment, deleted) for segment, deleted in ...]))

Numbers have no terms, so Whoosh's NumericRange finds nothing; its ColumnQuery and its sorting do read them.
"""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from whoosh import columns
from whoosh.codec import base
from whoosh.fields import FieldType, Schema
from whoosh.formats import Format
from whoosh.matching import ListMatcher
from whoosh.reading import SegmentReader, TermInfo, TermNotFound
from whoosh.util.numeric import byte_to_length

from ..schema import KEY, Number, Text
from .segment import Segment


def reader(schema: Schema, segment: Segment, deleted: np.ndarray | None = None) -> SegmentReader:
    """Whoosh's reader of a segment; `deleted` is true for each document that does not count any more."""
    described = Described(segment, np.zeros(0, bool) if deleted is None else deleted)
    return SegmentReader(None, schema, described, codec=Codec(schema))


class Described(base.Segment):
    """What Whoosh asks of a segment before it opens it."""

    def __init__(self, segment: Segment, deleted: np.ndarray) -> None:
        super().__init__(segment.name)
        self.segment, self._deleted = segment, frozenset(np.flatnonzero(deleted).tolist())

    def doc_count_all(self) -> int:
        return self.segment.count

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> frozenset[int]:
        return self._deleted

    def is_deleted(self, docnum: int) -> bool:
        """Whoosh asks this of the number after the last one too."""
        return docnum in self._deleted


class Codec(base.Codec):
    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def terms_reader(self, storage: None, segment: Described) -> Terms:
        return Terms(segment.segment)

    def per_document_reader(self, storage: None, segment: Described) -> Documents:
        return Documents(self._schema, segment)


class Documents(base.PerDocumentReader):
    """Lengths, numbers, keys and deletions."""

    def __init__(self, schema: Schema, described: Described) -> None:
        self._schema, self._described, self._segment = schema, described, described.segment
        self.doc_count, self.doc_count_all = described.doc_count, described.doc_count_all
        self.has_deletions, self.is_deleted = described.has_deletions, described.is_deleted
        self.deleted_docs = described.deleted_docs
        self._lengths: dict[str, list[int]] = {}

    def stored_fields(self, docnum: int) -> dict[str, str]:
        return {KEY: self._segment.keys([docnum])[0]}

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return isinstance(self._schema[fieldname], Number)

    def column_reader(self, fieldname: str, column: columns.Column) -> Column:
        return Column(self._segment.numbers(fieldname))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return self._lengths_of(fieldname)[docnum] if isinstance(self._schema[fieldname], Text) else default

    def field_length(self, fieldname: str) -> int:
        return self._segment.total(fieldname)

    def min_field_length(self, fieldname: str) -> int:
        return min(self._lengths_of(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        return max(self._lengths_of(fieldname), default=0)

    def _lengths_of(self, fieldname: str) -> list[int]:
        if fieldname not in self._lengths:
            self._lengths[fieldname] = [byte_to_length(byte) for byte in self._segment.lengths(fieldname).tolist()]
        return self._lengths[fieldname]


class Column(columns.ColumnReader):
    """A number for each document, to sort by."""

    def __init__(self, numbers: np.ndarray) -> None:
        self._numbers, self._sign = numbers.tolist(), 1

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[float]:
        return iter(self._numbers)

    def __getitem__(self, docnum: int) -> float:
        return self._numbers[docnum]

    def sort_key(self, docnum: int) -> float:
        return self._sign * self._numbers[docnum]

    def set_reverse(self) -> None:
        self._sign = -1


class Terms(base.TermsReader):
    """The dictionary and the postings."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._segment.lookup(*term) >= 0

    def indexed_field_names(self) -> tuple[str, ...]:
        return self._segment.fields

    def cursor(self, fieldname: str, fieldobj: FieldType) -> Cursor:
        return Cursor(self._segment, fieldname, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return (term for field in self._segment.fields for term in self.terms_from(field, b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        return ((fieldname, self._segment.term(at)) for at in _from(self._segment, fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return (item for field in self._segment.fields for item in self.items_from(field, b""))

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for at in _from(self._segment, fieldname, prefix):
            yield (fieldname, self._segment.term(at)), _info(self._segment, fieldname, at)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return _info(self._segment, fieldname, self._ordinal(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> int:
        ordinal = self._segment.lookup(fieldname, text)
        return 0 if ordinal < 0 else int(self._segment.occurrences[ordinal])

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        ordinal = self._segment.lookup(fieldname, text)
        return 0 if ordinal < 0 else int(self._segment.frequencies[ordinal])

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> Postings:
        ordinal = self._ordinal(fieldname, text)
        info = _info(self._segment, fieldname, ordinal)
        return Postings(self._segment, ordinal, format=format_, scorer=scorer, term=(fieldname, text), terminfo=info)

    def _ordinal(self, fieldname: str, text: bytes) -> int:
        ordinal = self._segment.lookup(fieldname, text)
        if ordinal < 0:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return ordinal


def _from(segment: Segment, field: str, term: bytes) -> range:
    """The terms of a field from one on; no term of a text in UTF-8 begins with 0xff."""
    return segment.between(field, term, b"\xff")


def _info(segment: Segment, field: str, ordinal: int) -> TermInfo:
    """What bounds the scores of a term, among others."""
    ids = segment.ids(ordinal)
    lengths = segment.lengths(field)[ids]
    shortest, longest = byte_to_length(int(lengths.min())), byte_to_length(int(lengths.max()))
    most, occurrences = int(segment.times(ordinal).max()), int(segment.occurrences[ordinal])
    return TermInfo(occurrences, len(ids), shortest, longest, float(most), int(ids[0]), int(ids[-1]))


class Postings(ListMatcher):
    """The postings of one term. Where it stands is read when it is first asked for."""

    _i: int

    def __init__(self, segment: Segment, ordinal: int, **options: Any) -> None:
        times = segment.times(ordinal)
        super().__init__(segment.ids(ordinal).tolist(), times.astype(float).tolist(), **options)
        self._bounds = np.concatenate(([0], np.cumsum(times)))
        self._segment, self._ordinal = segment, ordinal

    @cached_property
    def _places(self) -> np.ndarray:
        return self._segment.places(self._ordinal)

    def value(self) -> bytes:
        if not self.supports("positions"):
            return b""
        return self._format.encode(self._places[self._bounds[self._i] : self._bounds[self._i + 1]])

    def skip_to(self, id: int) -> None:
        self._i = bisect_left(self._ids, id, self._i)

    def block_max_weight(self) -> float:
        return self._terminfo.max_weight()

    def copy(self) -> Postings:
        return copy.copy(self)


class Cursor(base.FieldCursor):
    """A walk over the terms of a field as Whoosh's search for similar words does it."""

    def __init__(self, segment: Segment, fieldname: str, fieldobj: FieldType) -> None:
        self._segment, self._fieldname, self._fieldobj = segment, fieldname, fieldobj
        self._left = iter(range(0))
        self._ordinal: int | None = None
        self.first()

    def first(self) -> str | None:
        return self.find(b"")

    def find(self, string: str | bytes) -> str | None:
        self._left = iter(_from(self._segment, self._fieldname, self._fieldobj.to_bytes(string)))
        return self.next()

    def next(self) -> str | None:
        self._ordinal = next(self._left, None)
        return self.text()

    def text(self) -> str | None:
        return None if self._ordinal is None else self._fieldobj.from_bytes(self._segment.term(self._ordinal))

    term = text

    def term_info(self) -> TermInfo | None:
        return None if self._ordinal is None else _info(self._segment, self._fieldname, self._ordinal)

    def is_valid(self) -> bool:
        return self._ordinal is not None
