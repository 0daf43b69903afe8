"""Where an index lives: one folder a generation, and a pointer to the one that counts.

    PATH/CURRENT                 the pointer, replaced at once: what it names is the index, anything else is not
    PATH/<generation>/           Whoosh's files, and of the last two commits a list with sizes and checksums
    PATH/lock                    held by the one writer
    PATH/SUSPECT                 somebody met an error; the indexer is to look at every byte

A commit writes new files beside the old ones, waits until they are on the disk, and replaces the pointer. The files of
the commit before stay one commit longer, for readers on their way in. Searching writes nothing at all.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from whoosh.fields import Schema
from whoosh.index import TOC

from . import files
from .errors import CORRUPTION, EngineError, IndexBroken, IndexMissing, IndexOutdated, NoRoom
from .files import Pointer, Storage
from .leaves import Leaf, Snapshot
from .schema import fingerprint
from .writer import NAME, Base, Writer

TRIES = 5
# How long a generation stays after another took its place.
GRACE = 300.0
# How many times the size of what is there must be free for a rebuild.
ROOM = 2


@dataclass(frozen=True)
class State:
    """`status` is fresh, missing, broken or outdated; `documents` and `generation` are as the pointer says."""

    status: str
    documents: int = 0
    generation: str = ""
    reason: str = ""


class Store:
    """The index in one folder. One object a process, used from all its threads."""

    def __init__(self, path: Path, schema: Schema, timeout: float) -> None:
        self.path, self.schema, self.timeout = path, schema, timeout
        self.fingerprint = fingerprint(schema)
        self._opening = threading.Lock()
        self._opened: tuple[Pointer, Snapshot] | None = None
        self._sound: dict[tuple[str, str], tuple[int, int]] = {}

    # Reading

    def pointer(self) -> Pointer:
        pointer = files.read_pointer(self.path)
        if pointer.fingerprint != self.fingerprint:
            raise IndexOutdated("The search index was written by another version of the archive.")
        return pointer

    def snapshot(self) -> Snapshot:
        """The index as of the last commit; it is opened anew only when there is a new one."""
        pointer = self.pointer()
        opened = self._opened
        if opened and opened[0] == pointer:
            return opened[1]
        with self._opening:
            return self._open(pointer)

    def _open(self, pointer: Pointer) -> Snapshot:
        """A commit may take away the files of the one before the last under our hands: then look again."""
        for _ in range(TRIES):
            if self._opened and self._opened[0] == pointer:
                return self._opened[1]
            try:
                self._opened = (pointer, self._read(pointer))
            except IndexBroken:
                latest = self.pointer()
                if latest == pointer:
                    raise
                pointer = latest
        if self._opened and self._opened[0] == pointer:
            return self._opened[1]
        raise IndexBroken("The search index changes faster than it can be opened.")

    def _read(self, pointer: Pointer) -> Snapshot:
        self._check(pointer)
        storage = Storage(str(self.path / pointer.folder))
        with broken_unless_read():
            contents = TOC.read(storage, NAME, gen=pointer.commit, schema=self.schema)
            known = {leaf.segment.segment_id(): leaf for leaf in self._leaves(pointer.folder)}
            leaves = [known.get(seg.segment_id()) or Leaf(storage, seg, self.schema) for seg in contents.segments]
            deleted = [frozenset(segment.deleted_docs()) for segment in contents.segments]
            return Snapshot(self.schema, leaves, deleted, f"{pointer.folder}.{pointer.commit}")

    def _leaves(self, folder: str) -> list[Leaf]:
        return self._opened[1].leaves if self._opened and self._opened[0].folder == folder else []

    # Checking

    def _check(self, pointer: Pointer, thorough: bool = False) -> dict[str, list[int]]:
        """Compare every file with the list of its commit, by size, and by checksum unless that was done before."""
        folder = self.path / pointer.folder
        with broken_unless_read():
            content = (folder / listing(pointer.commit)).read_bytes()
            if zlib.crc32(content) != pointer.checksum:
                raise IndexBroken("The list of files of the search index is damaged.")
            listed: dict[str, list[int]] = json.loads(content)
            for name, (size, checksum) in listed.items():
                if (folder / name).stat().st_size != size:
                    raise IndexBroken(f"The file {name} of the search index has another size than it was written with.")
                if thorough or self._sound.get((pointer.folder, name)) != (size, checksum):
                    if files.checked(folder / name) != (size, checksum):
                        raise IndexBroken(f"The file {name} of the search index is not as it was written.")
                    self._sound[pointer.folder, name] = (size, checksum)
        self._sound = {key: sums for key, sums in self._sound.items() if key[1] in listed}
        return listed

    def check(self, thorough: bool = False) -> Pointer:
        """Raises `EngineError` unless the index can be used; `thorough` reads every byte of it and ends suspicion."""
        pointer = self.pointer()
        try:
            self._check(pointer, thorough)
        except IndexBroken:
            if self.pointer() == pointer:
                raise
        if thorough:
            self.trust()
        return pointer

    def usable(self) -> bool:
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
        return State("fresh", pointer.documents, f"{pointer.folder}.{pointer.commit}")

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
        with files.locked(self.path, self.timeout):
            pointer = self.pointer()
            listed = self._check(pointer)
            folder = self.path / pointer.folder
            self._sweep(pointer)
            _keep_only(folder, {*listed, listing(pointer.commit)})
            storage = Storage(str(folder))
            with broken_unless_read():
                contents = TOC.read(storage, NAME, gen=pointer.commit, schema=self.schema)
            leaves = {leaf.segment.segment_id(): leaf for leaf in self.snapshot().leaves}
            with filled(storage, contents, leaves) as writer:
                yield writer
            if writer.changed:
                new = self._point(replace(pointer, commit=pointer.commit + 1), writer, listed)
                _keep_only(folder, {*listed, listing(pointer.commit), *new, listing(pointer.commit + 1)})

    def rebuild(self, documents: Iterable[dict[str, Any]]) -> int:
        """Write a new index beside the live one, and let it take its place; returns how many documents it has."""
        with files.locked(self.path, self.timeout), contextlib.ExitStack() as undo:
            with contextlib.suppress(EngineError):
                self._sweep(self.pointer(), grace=0.0)
            self._require_room()
            pointer = Pointer(f"{time.strftime('%Y%m%d-%H%M%S')}-{token_hex(3)}", 1, self.fingerprint, 0)
            folder = self.path / pointer.folder
            folder.mkdir(mode=0o700)
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            count = self._fill(pointer, documents)
            undo.pop_all()
            return count

    def _require_room(self) -> None:
        """A rebuild that fills the disk would take the database with it."""
        needed = ROOM * sum(path.stat().st_size for path in self.path.rglob("*") if path.is_file())
        if shutil.disk_usage(self.path).free < needed:
            raise NoRoom(f"Building the search index anew needs {needed >> 20} MB of free space in {self.path}.")

    def _fill(self, pointer: Pointer, documents: Iterable[dict[str, Any]]) -> int:
        storage = Storage(str(self.path / pointer.folder))
        with filled(storage, TOC(self.schema, [], 0), {}) as writer:
            writer.changed = True
            for document in documents:
                writer.put(document)
        self._point(pointer, writer, {})
        self.trust()
        return writer.documents()

    def _point(self, pointer: Pointer, writer: Writer, known: dict[str, Any]) -> dict[str, Any]:
        """Wait until every new file is on the disk; then this commit is the index. Returns the list of its files."""
        folder = self.path / pointer.folder
        held = {f"_{NAME}_{pointer.commit}.toc"}
        for segment in writer.committed:
            held.update(segment.list_files(writer.storage))
        listed = {name: known.get(name) or files.checked(folder / name, durable=True) for name in sorted(held)}
        self._sound.update({(pointer.folder, name): (size, checksum) for name, (size, checksum) in listed.items()})
        content = json.dumps(listed).encode()
        files.replace(folder / listing(pointer.commit), content)
        files.write_pointer(self.path, replace(pointer, documents=writer.documents(), checksum=zlib.crc32(content)))
        return listed

    def _sweep(self, pointer: Pointer, grace: float = GRACE) -> None:
        """Remove generations that are not the index and that no reader can be on its way to."""
        for folder in self.path.iterdir():
            if folder.is_dir() and folder.name != pointer.folder and folder.stat().st_mtime < time.time() - grace:
                shutil.rmtree(folder, ignore_errors=True)


def listing(commit: int) -> str:
    return f"files-{commit}.json"


@contextlib.contextmanager
def broken_unless_read() -> Iterator[None]:
    try:
        yield
    except EngineError:
        raise
    except CORRUPTION as error:
        raise IndexBroken(f"The search index cannot be read: {error!r}") from error


@contextlib.contextmanager
def filled(storage: Storage, contents: TOC, leaves: dict[str, Leaf]) -> Iterator[Writer]:
    """A writer that commits at the end if it changed anything, and leaves nothing open if it fails."""
    with contextlib.ExitStack() as undo:
        undo.callback(storage.let_go)
        writer = Writer(Base(storage, contents), leaves)
        yield writer
        if writer.changed:
            writer.commit()
        else:
            writer.cancel()
        undo.pop_all()


def _keep_only(folder: Path, names: set[str]) -> None:
    """Remove what no commit that counts has: an unfinished write, and what merging made superfluous."""
    for path in folder.iterdir():
        if path.name in names:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
