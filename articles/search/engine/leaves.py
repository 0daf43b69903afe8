"""An index as it is searched: its segments, read by any number of threads, and what is deleted from them."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from io import BytesIO
from secrets import token_hex
from typing import Any, NamedTuple

from haystack.constants import ID
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3Segment
from whoosh.fields import FieldType, Schema
from whoosh.filedb.structfile import BufferFile, StructFile

from .files import Storage
from .schema import UNDATED, Moment, Text


class Blocks(W3LeafMatcher):
    """Postings a block at a time."""

    def blocks(self) -> Iterator[tuple[Any, Any, Any]]:
        """Document numbers, weights and encoded values, block by block."""
        while not self._atend:
            self._read_ids()
            self._read_weights()
            self._read_values()
            yield self._ids, self._weights, self._values
            self._next_block()


class Codec(W3Codec):
    """Whoosh's own codec. Each reader of postings gets them as a copy of its own, so that threads do not meet."""

    # Shortest and longest fields of each block are for a way of searching that is not used here.
    length_stats = False

    def postings_reader(
        self, dbfile: StructFile, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Blocks:
        # Read from disk, the length is still packed in a tuple.
        start, (length,) = terminfo.extent()
        stream = StructFile(BytesIO(dbfile.get(start, length)))
        return Blocks(stream, 0, length, format_, term=term, scorer=scorer)

    def new_segment(self, storage: Storage, indexname: str) -> W3Segment:
        # Whoosh draws names from a generator that others may seed.
        return W3Segment(self, indexname, segid=token_hex(8))


class Facet(NamedTuple):
    """The values of a field in a segment, and for each document which of them it has."""

    values: list[str]
    held: list[tuple[int, ...]]


class Leaf:
    """One segment. It never changes, and a commit may remove its files: what is not held open is read at once."""

    def __init__(self, storage: Storage, segment: W3Segment, schema: Schema) -> None:
        self.segment, self.schema = segment, schema
        self.count: int = segment.doc_count_all()
        self.terms = Codec().terms_reader(storage, segment)
        columns = Columns(storage, segment)
        # How many words each document has in a field, as Whoosh keeps it: in a byte.
        self.lengths = {name: columns.numbers(f"_{name}_len", "B", 0) for name in _of_kind(schema, Text)}
        self.moments = {name: columns.numbers(name, "q", UNDATED) for name in _of_kind(schema, Moment)}
        # The Haystack identifier of each document, and its primary key as a number if it is one.
        self.keys = columns.strings(ID, schema[ID])
        self.numbers = [_number(key) for key in self.keys]
        self._facets: dict[str, Facet] = {}

    def is_untouched(self) -> bool:
        return self.terms._dbfile.is_untouched() and self.terms._postfile.is_untouched()

    def frequency(self, field: str, term: bytes) -> int:
        """How many documents have the term, deleted ones included."""
        try:
            return self.terms.doc_frequency(field, term)
        except KeyError:
            return 0

    def postings(self, field: str, term: bytes) -> Iterator[tuple[Any, Any, Any]]:
        if (field, term) not in self.terms:
            return iter(())
        return self.terms.matcher(field, term, self.schema[field].format).blocks()

    def everything(self) -> Iterator[tuple[str, bytes, int, float, bytes | None]]:
        """All postings in order: field, term, document, weight and encoded value."""
        read, file = Codec().postings_reader, self.terms._postfile
        for (field, term), information in self.terms.items():
            for numbers, weights, values in read(file, information, self.schema[field].format).blocks():
                for number, weight, value in zip(numbers, weights, values, strict=True):
                    yield field, term, number, weight, value

    def documents(self, field: str, term: bytes) -> list[int]:
        return [document for numbers, _, _ in self.postings(field, term) for document in numbers]

    def words(self, field: str) -> int:
        return self.segment._fieldlengths.get(field, 0)

    def facet(self, field: str) -> Facet:
        if field not in self._facets:
            self._facets[field] = self._read_facet(field)
        return self._facets[field]

    def _read_facet(self, field: str) -> Facet:
        values: list[str] = []
        held: list[tuple[int, ...]] = [()] * self.count
        for name, term in self.terms.terms_from(field, b""):
            if name != field:
                break
            for document in self.documents(field, term):
                held[document] += (len(values),)
            values.append(term.decode("utf-8", "replace"))
        return Facet(values, held)


class Columns:
    """What Whoosh keeps of a segment document by document."""

    def __init__(self, storage: Storage, segment: W3Segment) -> None:
        self.storage, self.segment = storage, segment

    def _read(self, name: str) -> bytes:
        """Nothing where no document has a value."""
        file = W3Codec.column_filename(self.segment, name)
        if not self.storage.file_exists(file):
            return b""
        return self.storage.open_file(file).read()

    def numbers(self, name: str, typecode: str, default: int) -> array:
        """Whoosh leaves out the values at the end that are as by default."""
        values = array(typecode, self._read(name))
        if sys.byteorder == "little":
            values.byteswap()
        values.extend([default] * (self.segment.doc_count_all() - len(values)))
        return values

    def strings(self, name: str, field: FieldType) -> list[str]:
        content, count = self._read(name), self.segment.doc_count_all()
        column = field.column_type.reader(BufferFile(content), 0, len(content), count)
        return [column[document].decode() for document in range(count)]


def _of_kind(schema: Schema, kind: type[FieldType]) -> list[str]:
    return [name for name, field in schema.items() if isinstance(field, kind)]


def _number(key: str) -> int:
    last = key.rpartition(".")[2]
    return int(last) if last.isdecimal() else 0


class Snapshot:
    """All segments of one commit, and what is deleted from each."""

    def __init__(self, schema: Schema, leaves: list[Leaf], deleted: list[frozenset[int]], name: str) -> None:
        self.schema, self.leaves, self.deleted, self.name = schema, leaves, deleted, name
        self.total = sum(leaf.count for leaf in leaves)
        self.documents = self.total - sum(map(len, deleted))

    def frequency(self, field: str, term: bytes) -> int:
        return sum(leaf.frequency(field, term) for leaf in self.leaves)

    def average_length(self, field: str) -> float:
        return max(1.0, sum(leaf.words(field) for leaf in self.leaves) / max(1, self.total))
