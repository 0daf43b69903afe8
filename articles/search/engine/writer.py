"""Writing to an index: documents in, documents out, small segments put together."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from haystack.constants import ID
from whoosh.codec.whoosh3 import W3Segment
from whoosh.index import TOC
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from .files import Storage
from .leaves import Codec, Leaf
from .schema import exact_bytes

NAME = "MAIN"
# So many segments of about one size become one; never more documents at a time than MERGED, so that no commit is long.
FANOUT, MERGED = 8, 4000
MEMORY_MB = 64


class Base:
    """What a writer starts from: the part of Whoosh's index object that its writer asks for."""

    indexname = NAME

    def __init__(self, storage: Storage, contents: TOC) -> None:
        self.storage, self.contents = storage, contents

    def _read_toc(self) -> TOC:
        return self.contents


class Writer(SegmentWriter):
    """One batch of changes. Nothing of it counts before the store says so: see store.py."""

    def __init__(self, base: Base, leaves: dict[str, Leaf]) -> None:
        super().__init__(base, _lk=False, codec=Codec(), compound=False, limitmb=MEMORY_MB)
        self._leaves = leaves
        self._new: dict[str, int] = {}
        self.changed = False
        self.committed: list[W3Segment] = []

    def put(self, document: dict[str, Any]) -> None:
        """Add a document in place of the one with its key, if there is one."""
        self.remove(document[ID])
        self._new[document[ID]] = self.docnum
        self.changed = True
        self.add_document(**document)

    def remove(self, key: str) -> None:
        if key in self._new:
            self.newsegment.delete_document(self._new.pop(key))
        for segment in self.segments:
            for number in self._leaf(segment).documents(ID, exact_bytes(key)):
                self.changed = self.changed or not segment.is_deleted(number)
                segment.delete_document(number)

    def _leaf(self, segment: W3Segment) -> Leaf:
        if segment.segment_id() not in self._leaves:
            self._leaves[segment.segment_id()] = Leaf(self.storage, segment, self.schema)
        return self._leaves[segment.segment_id()]

    def add_postings_to_pool(self, reader: SegmentReader, startdoc: int, docmap: dict[int, int] | None) -> None:
        """Take over the postings of a segment in the order they lie in; Whoosh would look up every term of it."""
        add, leaf = self.pool.add, self._leaf(reader.segment())
        for field, term, number, weight, value in leaf.everything():
            if docmap is None:
                add((field, term, startdoc + number, weight, value))
            elif number in docmap:
                add((field, term, docmap[number], weight, value))

    def commit(self) -> None:
        super().commit(mergetype=put_together)

    def _commit_toc(self, segments: list[W3Segment]) -> None:
        """Whoosh would delete the files of the commit before; here both stay until the new one counts."""
        self.committed = segments
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)

    def documents(self) -> int:
        return sum(_live(segment) for segment in self.committed)


def put_together(writer: Writer, segments: list[W3Segment]) -> list[W3Segment]:
    """Write anew the segments that are not worth a file of their own; returns those that stay as they are."""
    chosen = _small(segments) or _sparse(segments)
    for segment in chosen:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in chosen and _live(segment)]


def _live(segment: W3Segment) -> int:
    return segment.doc_count_all() - segment.deleted_count()


def _small(segments: list[W3Segment]) -> list[W3Segment]:
    """The largest tier of small segments that is full, with all that is smaller."""
    tiers = defaultdict(list)
    for segment in segments:
        if _live(segment) and segment.doc_count_all() <= MERGED // FANOUT:
            tiers[int(math.log(segment.doc_count_all(), FANOUT))].append(segment)
    full = [tier for tier, held in tiers.items() if len(held) >= FANOUT]
    return [segment for tier, held in tiers.items() if full and tier <= max(full) for segment in held]


def _sparse(segments: list[W3Segment]) -> list[W3Segment]:
    """A segment of which more is deleted than alive."""
    found = [segment for segment in segments if 0 < _live(segment) < min(MERGED, segment.deleted_count())]
    return found[:1]
