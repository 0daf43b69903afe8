"""The commits of an index in its folder: found, checked, opened, made to count, and tidied up after. See store.py."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from whoosh.fields import Schema

from ..errors import EngineError, IndexBroken, IndexOutdated
from ..schema import fingerprint
from ..segments.segment import SEGMENT, Segment
from . import files
from .files import Contents, Part, Pointer, Sum
from .writer import Member

Found = TypeVar("Found")

# An index and a segment in the making, and the locks of those who make them.
BUILDING, MERGING = "building", "merging"
REBUILD_LOCK, MERGE_LOCK = "rebuild.lock", "merge.lock"
# How often a reader looks again when the files it was about to open are gone, because there is a newer commit.
TRIES = 50
# Nanoseconds after which a file that is replaced has another time, whatever the file system counts in.
SETTLED = 3_000_000_000
# How long a generation stays after another took its place.
GRACE = 300.0


@dataclass(frozen=True)
class Commit:
    """A commit with its segments opened."""

    pointer: Pointer
    contents: Contents
    members: tuple[Member, ...]


class Commits:
    """One object a process, used from all its threads."""

    def __init__(self, path: Path, schema: Schema, timeout: float) -> None:
        self.path, self.schema, self.timeout = path, schema, timeout
        self.building, self.merging = path / BUILDING, path / MERGING
        self.fingerprint = fingerprint(schema)
        self.seals = files.Seals()
        self._viewing = threading.Lock()
        self._seen: Commit | None = None
        self._current = str(path / files.POINTER)
        self._known: tuple[tuple[int, ...], Pointer] | None = None

    # Reading

    def pointer(self) -> Pointer:
        pointer = self._read_pointer()
        if pointer.fingerprint != self.fingerprint:
            raise IndexOutdated("The search index was written by another version of the archive.")
        return pointer

    def _read_pointer(self) -> Pointer:
        """Read it unless it is known to be the same file; one that is so young could be replaced and look the same."""
        stamp, known = files.stamp(self._current), self._known
        if known and known[0] == stamp:
            return known[1]
        pointer = files.read_pointer(self.path)
        if stamp and time.time_ns() - stamp[0] > SETTLED:
            self._known = (stamp, pointer)
        return pointer

    def latest(self, act: Callable[[Pointer], Found]) -> Found:
        """Two commits may take away the files of one under our hands: then there is a newer one to look at."""
        for _ in range(TRIES):
            pointer = self.pointer()
            try:
                return act(pointer)
            except IndexBroken:
                if self.pointer() == pointer:
                    raise
        raise IndexBroken("The search index changes faster than it can be opened.")

    def contents(self, pointer: Pointer) -> Contents:
        return files.read_contents(self.path / pointer.folder, pointer)

    def check(self, pointer: Pointer, thorough: bool = False) -> Contents:
        """Compare every file with the contents of its commit; its bytes are read unless that was done before."""
        contents = self.contents(pointer)
        for name, told in contents.files.items():
            self.seals.require(self.path / pointer.folder / name, told, thorough)
        return contents

    def view(self, pointer: Pointer) -> Commit:
        """Only what the last commit seen did not have is opened, and read to compare its checksum."""
        with self._viewing:
            contents = self.check(pointer)
            if self._seen is None or self._seen.pointer != pointer:
                self._seen = Commit(pointer, contents, tuple(self._members(pointer.folder, contents)))
            return self._seen

    def forget(self) -> None:
        """Let go of what was opened and checked."""
        with self._viewing:
            self._seen = self._known = None
            self.seals.clear()

    def _members(self, generation: str, contents: Contents) -> Iterator[Member]:
        seen = self._seen.members if self._seen and self._seen.pointer.folder == generation else ()
        known = {member.segment.name: member for member in seen}
        for part in contents.parts:
            yield open_member(self.path / generation, part, known.get(part.name))

    # Committing

    @contextlib.contextmanager
    def alone(self) -> Iterator[Commit]:
        """The index as its one writer sees it. What no commit names is removed, however this ends."""
        with files.locked(self.path, self.timeout):
            self._known = None
            commit = self.view(self.pointer())
            self.tidy()
            try:
                yield commit
            finally:
                self.tidy()

    def being_rebuilt(self) -> bool:
        """For who holds the lock: a rebuild begins and ends under it."""
        return self.building.exists()

    def commit(self, before: Commit, members: Sequence[Member], sums: Mapping[str, Sum], token: str) -> None:
        """Let these segments be the index. `sums` are size and checksum of the new ones."""
        pointer = replace(before.pointer, commit=before.pointer.commit + 1, token=token)
        known = {**before.contents.files, **sums}
        files.write_pointer(self.path, self.prepare(self.path / pointer.folder, pointer, members, known))

    def prepare(self, folder: Path, pointer: Pointer, members: Sequence[Member], known: Mapping[str, Sum]) -> Pointer:
        """Put everything of a commit on the disk; returns the pointer that will make it count."""
        listed: dict[str, Sum] = {}
        for member in members:
            listed[member.file] = known[member.file]
            if member.mask:
                listed[member.mask] = known[member.mask]
            elif member.deleted is not None:
                member.mask = f"{member.segment.name}-{pointer.commit}{files.MASK}"
                listed[member.mask] = files.write_mask(folder / member.mask, member.deleted)
        contents = Contents(tuple(member.part() for member in members), listed)
        checksum = files.write_contents(folder, pointer.commit, contents)
        for name, told in listed.items():
            self.seals.note(folder / name, told)
        return replace(pointer, documents=contents.documents, checksum=checksum)

    # Tidying

    def tidy(self) -> None:
        """Leave the commit that counts, and the one before, which readers may be opening. What fails waits."""
        with contextlib.suppress(EngineError, OSError):
            pointer = self.pointer()
            folder = self.path / pointer.folder
            if named := files.names_of(folder, pointer.commit):
                files.keep_only(folder, named | files.names_of(folder, pointer.commit - 1))
            self._sweep(pointer.folder)

    def _sweep(self, generation: str) -> None:
        """Remove other generations that no reader can be on its way to, and a rebuild that was killed."""
        others = [path for path in self.path.iterdir() if path.is_dir() and path.name not in (generation, MERGING)]
        if not others:
            return
        with files.alone(self.path, REBUILD_LOCK) as free:
            for path in others:
                if free if path.name == BUILDING else _is_old(path):
                    shutil.rmtree(path, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    """Its time is from before the grace, or from a clock that was put back since."""
    return not 0 <= time.time() - folder.stat().st_mtime < GRACE


def open_member(folder: Path, part: Part, known: Member | None = None) -> Member:
    if known and known.mask == part.mask:
        return known
    with files.broken_unless_read():
        segment = known.segment if known else Segment(folder / f"{part.name}{SEGMENT}")
        if segment.count != part.count:
            raise IndexBroken(f"{folder / part.name}{SEGMENT} belongs to another index.")
        deleted = files.read_mask(folder / part.mask, part.count) if part.mask else None
        return Member(segment, deleted, part.mask)
