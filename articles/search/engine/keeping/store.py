"""Where an index lives: one folder a generation, and a pointer to the one that counts.

    PATH/CURRENT                             the pointer, replaced at once: what it names is the index, nothing else is
    PATH/<generation>/<segment>.seg          segments, never changed once written
    PATH/<generation>/<segment>-<n>.del      which documents of a segment are deleted, as of commit n
    PATH/<generation>/contents-<n>.json      what commit n consists of, each file with size and checksum
    PATH/building/, PATH/merging/            an index or a segment in the making
    PATH/lock, rebuild.lock, merge.lock      held by the one who commits, rebuilds, merges
    PATH/SUSPECT                             somebody met an error; the indexer is to look at every byte

A commit writes new files beside the old ones, waits until they are on the disk, and replaces the pointer. The files of
the commit before stay one commit longer, for readers on their way in. Searching writes nothing at all.

Rebuilding and merging hold the lock for a moment at the end; others commit meanwhile, and nothing of that is lost: a
rebuild takes over what was changed since it began (journal.py), a merge the deletions in the segments that it read.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.fields import Schema

from ..asking.snapshot import Snapshot
from ..errors import EngineError, IndexMissing, IndexOutdated
from . import files, journal, rebuilding, upkeep
from .commits import Commits
from .files import Pointer
from .journal import Changes
from .writer import Writer


@dataclass(frozen=True)
class State:
    """`status` is fresh, missing, broken or outdated; `documents` and `generation` are as the pointer says."""

    status: str
    documents: int = 0
    generation: str = ""
    reason: str = ""


class Store:
    """The index in one folder. One object a process, used from all its threads.

    `timeout` is how many seconds a writer waits for another.
    """

    def __init__(self, path: Path, schema: Schema, timeout: float) -> None:
        self.path, self.schema = path, schema
        self.commits = Commits(path, schema, timeout)
        self._opening = threading.Lock()
        self._opened: tuple[Pointer, Snapshot] | None = None

    # Reading

    def pointer(self) -> Pointer:
        return self.commits.pointer()

    def snapshot(self) -> Snapshot:
        """The index as of the last commit; it is opened anew only when there is a new one."""
        pointer, opened = self.pointer(), self._opened
        if opened and opened[0] == pointer:
            return opened[1]
        with self._opening:
            return self.commits.latest(self._open)

    def _open(self, pointer: Pointer) -> Snapshot:
        before = self._opened
        if before and before[0] == pointer:
            return before[1]
        members = self.commits.view(pointer).members
        segments, deleted = [member.segment for member in members], [member.deleted for member in members]
        snapshot = Snapshot(self.schema, segments, deleted, pointer.generation, before[1] if before else None)
        self._opened = (pointer, snapshot)
        return snapshot

    def forget(self) -> None:
        """Let go of everything that was opened and checked."""
        self._opened = None
        self.commits.forget()

    # Checking

    def check(self, thorough: bool = False) -> Pointer:
        """Raises `EngineError` unless the index can be used; `thorough` reads every byte of it and ends suspicion."""

        def checked(pointer: Pointer) -> Pointer:
            self.commits.check(pointer, thorough)
            return pointer

        pointer = self.commits.latest(checked)
        if thorough:
            self.trust()
        return pointer

    def usable(self) -> bool:
        """There is an index of the right kind; its files are not looked at."""
        try:
            return bool(self.pointer())
        except EngineError:
            return False

    def state(self) -> State:
        kinds = {IndexMissing: "missing", IndexOutdated: "outdated"}
        try:
            pointer = self.check()
        except EngineError as error:
            return State(kinds.get(type(error), "broken"), reason=str(error))
        return State("fresh", pointer.documents, pointer.generation)

    def suspect(self) -> None:
        """Ask the indexer to look at every byte. Where that cannot be written down, it finds out by itself."""
        with contextlib.suppress(OSError):
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.path / files.SUSPECT).touch()

    def suspected(self) -> bool:
        return (self.path / files.SUSPECT).exists()

    def trust(self) -> None:
        with contextlib.suppress(OSError):
            (self.path / files.SUSPECT).unlink()

    # Writing

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change the index as a whole or not at all, alone. Raises `IndexBusy` when another does not end in time."""
        with self.commits.alone() as commit:
            changes = Changes() if self.commits.being_rebuilt() else None
            folder, token = self.path / commit.pointer.folder, commit.pointer.token
            writer = Writer(self.schema, folder, commit.members, changes, token)
            yield writer
            members = writer.finish()
            if changes:
                journal.note(self.commits.building, commit.pointer.commit + 1, changes)
            if writer.changed:
                self.commits.commit(commit, members, writer.sums, writer.token)

    def disown(self) -> None:
        """Let there be no index any more, until it is rebuilt."""
        with files.locked(self.path, self.commits.timeout):
            (self.path / files.POINTER).unlink(missing_ok=True)
            files.sync_folder(self.path)
        self.forget()

    def create(self) -> None:
        """Make an empty index where there is none. One that is there, whatever its state, stays as it is."""
        rebuilding.create(self.commits)

    def merge(self) -> bool:
        """One step of putting small segments together, if there is one to take and nobody else is at it.

        Returns whether the index changed: then there may be another step. Others commit meanwhile.
        """
        return upkeep.step(self.commits)

    def rebuild(self, documents: Iterable[Mapping[str, Any]], renew: Callable[[str], str] = str) -> int:
        """Write a new index beside the live one, and let it take its place; returns how many documents it has.

        What others commit after the first document was asked for, or a moment before, is taken over: so documents must
        not be read earlier than they are asked for. `renew` gets the token of the index and gives that of the new one,
        just before that one counts. Raises `NoRoom` unless twice the size of the index is free.
        """
        count = rebuilding.rebuild(self.commits, documents, renew)
        self.trust()
        return count
