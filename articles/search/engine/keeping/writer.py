"""Writing to an index: a batch of documents in, documents out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
from whoosh.fields import Schema

from ..building.builder import SegmentBuilder
from ..schema import KEY, exact_bytes
from ..segments.segment import SEGMENT, Segment
from .files import Part, Sum
from .journal import Changes


@dataclass
class Member:
    """A segment in the index, and which of its documents are deleted; `mask` is the file that says so, if one does."""

    segment: Segment
    deleted: np.ndarray | None = None
    mask: str = ""

    @property
    def file(self) -> str:
        return f"{self.segment.name}{SEGMENT}"

    @property
    def live(self) -> int:
        return self.segment.count - (0 if self.deleted is None else int(np.count_nonzero(self.deleted)))

    def part(self) -> Part:
        return Part(self.segment.name, self.segment.count, self.segment.count - self.live, self.mask)

    def remove(self, key: bytes) -> bool:
        """Delete the document with a key; returns whether there was one."""
        ordinal = self.segment.lookup(KEY, key)
        if ordinal < 0:
            return False
        ids = self.segment.ids(ordinal)
        return self.delete(ids if self.deleted is None else ids[~self.deleted[ids]])

    def delete(self, ids: np.ndarray) -> bool:
        """Others read the mask that was committed: the first change makes it another."""
        if not len(ids):
            return False
        if self.deleted is None:
            self.deleted = np.zeros(self.segment.count, bool)
        elif self.mask:
            self.deleted = self.deleted.copy()
        self.mask = ""
        self.deleted[ids] = True
        return True


def new_name() -> str:
    return f"{token_hex(8)}{SEGMENT}"


class Writer:
    """One batch of changes. Nothing of it counts before the store says so: see store.py.

    `token` is that of the index, and may be set to another, which comes with the changes.
    """

    def __init__(
        self,
        schema: Schema,
        folder: Path,
        members: Iterable[Member],
        changes: Changes | None = None,
        token: str = "",
    ) -> None:
        self.schema, self.changed, self.token = schema, False, token
        self._folder, self._members, self._changes = folder, [replace(member) for member in members], changes
        self.sums: dict[str, Sum] = {}
        self._begin()

    def put(self, document: Mapping[str, Any]) -> None:
        """Add a document in place of the one with its key, if there is one."""
        key = document[KEY]
        self._builder.add(document)
        self.remove(key)
        self._gone.discard(key)
        self._put.add(key)
        self.changed = True
        if self._builder.full:
            self._write()

    def remove(self, key: str) -> None:
        if self._changes is not None:
            self._changes.keys.add(key)
            self.changed = True
        if key in self._put:
            self._put.remove(key)
            self._gone.add(key)
        found = [member.remove(exact_bytes(key)) for member in self._members]
        self.changed = self.changed or any(found)

    def clear(self) -> None:
        """Remove everything; searches find all of it until the commit."""
        if self._changes is not None:
            self._changes.clear()
        self._members, self.changed = [], True
        self._begin()

    def finish(self) -> list[Member]:
        """The segments of the index as this batch leaves it."""
        self._write()
        return [member for member in self._members if member.live]

    def _begin(self) -> None:
        self._builder = SegmentBuilder(self.schema)
        # Keys of the segment to come: of documents that count, and of those that were removed again.
        self._put: set[str] = set()
        self._gone: set[str] = set()

    def _write(self) -> None:
        if self._put:
            path = self._folder / new_name()
            self.sums[path.name] = self._builder.write(path)
            member = Member(Segment(path))
            for key in self._gone:
                member.remove(exact_bytes(key))
            self._members.append(member)
        self._begin()
