"""The files of an index: read from many threads, written to last, replaced at once, locked by one writer at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pickle
import sys
import time
import weakref
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from .errors import IndexBroken, IndexBusy, IndexMissing

POINTER, LOCK, SUSPECT = "CURRENT", "lock", "SUSPECT"
CHUNK = 1 << 20
# Files up to this size are read whole when they are opened.
SMALL = 1 << 18
POLL = 0.05


class ReadFile(StructFile):
    """A file that any number of threads read at once: each read names its place, and none is mapped into memory.

    A file that is cut short under a reader is an error here; a mapped one would end the process.
    """

    def __init__(self, path: str, name: str) -> None:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._descriptor, self._at = descriptor, 0
        self._closing = weakref.finalize(self, os.close, descriptor)
        self._name, self.onclose, self.is_closed, self.is_real = name, None, False, False
        self._opened = self._stamp()
        size = self._opened[0]
        self._content = os.pread(descriptor, size, 0) if size <= SMALL else b""

    @property
    def file(self) -> ReadFile:
        return self

    def _stamp(self) -> tuple[int, int]:
        status = os.fstat(self._descriptor)
        return status.st_size, status.st_mtime_ns

    def is_untouched(self) -> bool:
        """Nobody wrote to the file since it was opened: no file of an index is ever written twice."""
        return self._stamp() == self._opened

    def get(self, position: int, length: int) -> bytes:
        if self._content:
            found = self._content[position : position + length]
        else:
            found = os.pread(self._descriptor, length, position)
        if len(found) != length:
            raise EOFError(f"{self._name} ends before byte {position + length}")
        return found

    def get_array(self, position: int, typecode: str, length: int) -> array:
        found = array(typecode)
        found.frombytes(self.get(position, length * found.itemsize))
        if sys.byteorder == "little":
            found.byteswap()
        return found

    # Reading on from where the last read ended is for one thread alone: the one that opens the file.
    def read(self, length: int = -1) -> bytes:
        if length < 0:
            length = os.fstat(self._descriptor).st_size - self._at
        found = os.pread(self._descriptor, length, self._at)
        self._at += len(found)
        return found

    def read_pickle(self) -> Any:
        start = self._at
        stream = BytesIO(self.read())
        value = pickle.load(stream)  # noqa: S301 (Whoosh's own, in a file whose checksum was compared)
        self._at = start + stream.tell()
        return value

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._descriptor).st_size}[whence]
        self._at = base + position
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._closing()


class Storage(FileStorage):
    """Whoosh's files in one folder. What is still open when writing fails can be let go of."""

    def __init__(self, path: str, opened: list[Any] | None = None) -> None:
        super().__init__(path)
        self._opened = [] if opened is None else opened

    def open_file(self, name: str, **options: Any) -> StructFile:
        return ReadFile(self._fpath(name), name)

    def create_file(self, name: str, **options: Any) -> StructFile:
        file = super().create_file(name, **options)
        self._opened.append(file.raw_file())
        return file

    def temp_storage(self, name: str | None = None) -> Storage:
        return Scratch(os.path.join(self.folder, name or "temporary"), self._opened).create()

    def let_go(self) -> None:
        """Close what a failed writer left open; what cannot be written any more is of no use to anyone."""
        for file in self._opened:
            with contextlib.suppress(OSError, ValueError):
                file.close()
        self._opened.clear()


class Scratch(Storage):
    """Files of a writer at work: read once from beginning to end, by the thread that wrote them."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        file = FileStorage.open_file(self, name, **options)
        self._opened.append(file.raw_file())
        return file


@dataclass(frozen=True)
class Pointer:
    """What CURRENT says: which folder holds the index, which commit of it counts, and how it was written."""

    folder: str
    commit: int
    fingerprint: str
    documents: int
    checksum: int = 0


def read_pointer(path: Path) -> Pointer:
    try:
        return _pointer((path / POINTER).read_bytes())
    except FileNotFoundError as error:
        raise IndexMissing(f"There is no search index in {path}.") from error
    except OSError as error:
        raise IndexBroken(f"The search index in {path} cannot be read ({error.strerror}).") from error


def _pointer(content: bytes) -> Pointer:
    try:
        values = json.loads(content)
        pointer = Pointer(**{name: kind(values[name]) for name, kind in POINTER_TYPES.items()})
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise IndexBroken("The search index has lost its pointer.") from error
    if "/" in pointer.folder or pointer.folder in ("", ".", ".."):
        raise IndexBroken("The search index points outside its folder.")
    return pointer


POINTER_TYPES = {"folder": str, "commit": int, "fingerprint": str, "documents": int, "checksum": int}


def write_pointer(path: Path, pointer: Pointer) -> None:
    replace(path / POINTER, json.dumps(asdict(pointer)).encode())


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it is there as it was or as it is to be, whatever happens meanwhile."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checked(path: Path, durable: bool = False) -> tuple[int, int]:
    """Size and checksum of a file; `durable` waits until it is on the disk."""
    size = checksum = 0
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
        if durable:
            os.fsync(file.fileno())
    return size, checksum


@contextlib.contextmanager
def locked(path: Path, timeout: float) -> Iterator[None]:
    """Be the only writer in `path`, of all processes and threads. Raises `IndexBusy` after `timeout` seconds."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait_for(descriptor, time.monotonic() + timeout)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise IndexBusy("Another process is writing the search index.") from error
            time.sleep(POLL)
        else:
            return
