"""An index as it is searched: its segments, read by any number of threads, and what is deleted from them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from io import BytesIO
from secrets import token_hex
from typing import Any, NamedTuple, TypeVar

from haystack.constants import DJANGO_ID, ID
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3Segment
from whoosh.fields import Schema
from whoosh.filedb.structfile import StructFile

from .files import Storage
from .schema import UNDATED

Found = TypeVar("Found")


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
    """One segment. It never changes; what is derived from it is derived once."""

    def __init__(self, storage: Storage, segment: W3Segment, schema: Schema) -> None:
        self.segment, self.schema, self.storage = segment, schema, storage
        self.count: int = segment.doc_count_all()
        self.terms = Codec().terms_reader(storage, segment)
        self._derived: dict[tuple[str, str], Any] = {}

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

    def documents(self, field: str, term: bytes) -> list[int]:
        return [document for numbers, _, _ in self.postings(field, term) for document in numbers]

    def words(self, field: str) -> int:
        return self.segment._fieldlengths.get(field, 0)

    def _once(self, kind: str, field: str, derive: Callable[[str], Found]) -> Found:
        if (kind, field) not in self._derived:
            self._derived[kind, field] = derive(field)
        return self._derived[kind, field]

    def lengths(self, field: str) -> array:
        """How many words each document has in the field, as Whoosh keeps it: in a byte."""
        return self._once("lengths", f"_{field}_len", lambda name: self._column(name, "B", 0))

    def moments(self, field: str) -> array:
        return self._once("moments", field, lambda name: self._column(name, "q", UNDATED))

    def _column(self, name: str, typecode: str, default: int) -> array:
        """A column of numbers; Whoosh leaves out those at its end that are as by default."""
        file = W3Codec.column_filename(self.segment, name)
        values = array(typecode)
        if self.storage.file_exists(file):
            values = self.storage.open_file(file).get_array(
                0, typecode, self.storage.file_length(file) // values.itemsize
            )
        values.extend([default] * (self.count - len(values)))
        return values

    def keys(self) -> list[str]:
        """The Haystack identifier of each document."""
        return self._once("keys", ID, self._read_keys)

    def _read_keys(self, field: str) -> list[str]:
        name = W3Codec.column_filename(self.segment, field)
        file = self.storage.open_file(name)
        column = self.schema[field].column_type.reader(file, 0, self.storage.file_length(name), self.count)
        return [column[document].decode() for document in range(self.count)]

    def numbers(self) -> list[int]:
        """The primary key of each document, as a number if it is one."""
        return self._once("numbers", DJANGO_ID, lambda _: [_number(key) for key in self.keys()])

    def facet(self, field: str) -> Facet:
        return self._once("facet", field, self._read_facet)

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
