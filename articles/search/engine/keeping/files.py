"""What an index consists of on the disk: the pointer, contents of commits, masks; replaced at once, locked, checked."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ..errors import CORRUPTION, EngineError, IndexBroken, IndexBusy, IndexMissing, IndexOutdated
from ..segments.arrays import ArrayFile, ArrayOutput

POINTER, LOCK, SUSPECT = "CURRENT", "lock", "SUSPECT"
MASK = ".del"
# Changes whenever an older reader could not read the contents of a commit.
CONTENTS_FORMAT = 1
CHUNK = 1 << 20
POLL = 0.005
# So many files are remembered as checked: far more than an index has.
REMEMBERED = 4096

Sum = tuple[int, int]  # size and checksum of a file


@contextlib.contextmanager
def broken_unless_read() -> Iterator[None]:
    """Whatever goes wrong in reading an index means that the index is broken."""
    try:
        yield
    except EngineError:
        raise
    except CORRUPTION as error:
        raise IndexBroken(f"The search index cannot be read: {error!r}") from error


# The pointer


@dataclass(frozen=True)
class Pointer:
    """What CURRENT says: which folder holds the index, which commit of it counts, and how it was written.

    `token` is a word of whoever keeps the index, by which they know it again.
    """

    folder: str
    commit: int
    fingerprint: str
    documents: int
    checksum: int = 0
    token: str = ""

    @property
    def generation(self) -> str:
        """A name that changes with every commit."""
        return f"{self.folder}.{self.commit}"


POINTER_TYPES = {"folder": str, "commit": int, "fingerprint": str, "documents": int, "checksum": int}


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
        told = {name: kind(values[name]) for name, kind in POINTER_TYPES.items()}
        pointer = Pointer(**told, token=str(values.get("token", "")))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise IndexBroken("The search index has lost its pointer.") from error
    if not _is_name(pointer.folder):
        raise IndexBroken("The search index points outside its folder.")
    return pointer


def _is_name(name: str) -> bool:
    return "/" not in name and "\x00" not in name and name not in ("", ".", "..")


def stamp(path: str) -> tuple[int, ...]:
    """What is different when a file was replaced or written to; nothing if there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size


def write_pointer(path: Path, pointer: Pointer) -> None:
    replace(path / POINTER, json.dumps(asdict(pointer)).encode())


# The contents of a commit


@dataclass(frozen=True)
class Part:
    """One segment of a commit: how many documents it has, and which file says which of them are deleted."""

    name: str
    count: int
    deleted: int = 0
    mask: str = ""

    @property
    def live(self) -> int:
        return self.count - self.deleted


@dataclass(frozen=True)
class Contents:
    """Everything that belongs to a commit: its segments in order, and each file with size and checksum."""

    parts: tuple[Part, ...]
    files: dict[str, Sum]

    @property
    def documents(self) -> int:
        return sum(part.live for part in self.parts)


def contents_name(commit: int) -> str:
    return f"contents-{commit}.json"


def write_contents(folder: Path, commit: int, contents: Contents) -> int:
    """Returns the checksum by which the pointer will know them."""
    told = {
        "format": CONTENTS_FORMAT,
        "documents": contents.documents,
        "segments": [asdict(part) for part in contents.parts],
        "files": contents.files,
    }
    content = json.dumps(told, indent=1).encode()
    replace(folder / contents_name(commit), content)
    return zlib.crc32(content)


def read_contents(folder: Path, pointer: Pointer) -> Contents:
    with broken_unless_read():
        content = (folder / contents_name(pointer.commit)).read_bytes()
        if zlib.crc32(content) != pointer.checksum:
            raise IndexBroken("The contents of the search index are not as they were written.")
        told = json.loads(content)
        if told["format"] != CONTENTS_FORMAT:
            raise IndexOutdated("The search index was written by another version of the archive.")
        contents = Contents(
            tuple(Part(**part) for part in told["segments"]),
            {name: (size, checksum) for name, (size, checksum) in told["files"].items()},
        )
    if contents.documents != pointer.documents or not all(map(_is_name, contents.files)):
        raise IndexBroken("The contents of the search index are not those that the pointer means.")
    return contents


def names_of(folder: Path, commit: int) -> set[str]:
    """The files of a commit, none if it is there no longer. Nothing is checked: this is for leaving them alone."""
    try:
        told = json.loads((folder / contents_name(commit)).read_bytes())
        return {*told["files"], contents_name(commit)}
    except (OSError, ValueError, LookupError, TypeError):
        return set()


# Which documents of a segment are deleted


def write_mask(path: Path, deleted: np.ndarray) -> Sum:
    output = ArrayOutput(path)
    output.append("deleted", np.packbits(deleted))
    return output.close({"documents": len(deleted)})


def read_mask(path: Path, count: int) -> np.ndarray:
    file = ArrayFile(path)
    packed = file.read("deleted")
    file.close()
    if file.meta.get("documents") != count or len(packed) != -(-count // 8):
        raise IndexBroken(f"{path} belongs to another segment.")
    return np.unpackbits(packed, count=count).astype(bool)


# Writing so that it lasts


def replace(path: Path, content: bytes) -> None:
    """Write a file so that it is there as it was or as it is to be, whatever happens meanwhile.

    Only for who holds a lock: the name of the file in the making is always the same, so that kills leave one at most.
    """
    temporary = path.with_name(f".{path.name}.part")
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


def checked(path: Path, durable: bool = False) -> Sum:
    """Size and checksum of a file; `durable` waits until it is on the disk."""
    size = checksum = 0
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
        if durable:
            os.fsync(file.fileno())
    return size, checksum


class Seals:
    """Which files have been read to the end and found as they were written, and are the same files still."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], int] = {}
        self._lock = threading.Lock()

    def note(self, path: Path, told: Sum) -> None:
        """Remember that a file was written with this checksum just now."""
        self._remember(_identity(path), told)

    def require(self, path: Path, told: Sum, thorough: bool = False) -> None:
        """Raises `IndexBroken` unless the file is as it was written. Its bytes are read only if that is not known."""
        with broken_unless_read():
            identity = _identity(path)
            if identity[0] != told[0]:
                raise IndexBroken(f"{path} has another size than it was written with.")
            if (thorough or self._known.get(identity) != told[1]) and checked(path) != told:
                raise IndexBroken(f"{path} is not as it was written.")
        self._remember(identity, told)

    def clear(self) -> None:
        with self._lock:
            self._known.clear()

    def _remember(self, identity: tuple[int, ...], told: Sum) -> None:
        with self._lock:
            self._known.pop(identity, None)
            self._known[identity] = told[1]
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]


def _identity(path: Path) -> tuple[int, ...]:
    """No file of an index is ever written twice: one of the same size, time and place on the disk is the same."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev


def keep_only(folder: Path, names: Collection[str]) -> None:
    """Remove everything else from a folder."""
    for path in folder.iterdir():
        if path.name in names:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder, without those that vanish while they are counted."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.stat(os.path.join(place, name)).st_size
    return total


# Locks


@contextlib.contextmanager
def locked(path: Path, timeout: float, name: str = LOCK) -> Iterator[None]:
    """Be the only one at it in `path`, of all processes and threads. Raises `IndexBusy` after `timeout` seconds."""
    with _lock_file(path, name) as take:
        deadline = time.monotonic() + timeout
        while not take():
            if time.monotonic() > deadline:
                raise IndexBusy("Another process is writing the search index.")
            time.sleep(POLL)
        yield


@contextlib.contextmanager
def alone(path: Path, name: str) -> Iterator[bool]:
    """Whether nobody else was at it; others find out the same as long as this lasts. The end of a process ends it."""
    with _lock_file(path, name) as take:
        yield take()


@contextlib.contextmanager
def _lock_file(path: Path, name: str) -> Iterator[Callable[[], bool]]:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        yield take
    finally:
        os.close(descriptor)
