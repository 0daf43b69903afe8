"""One file of flat arrays: a header, the arrays, a directory that says where each lies. Written once, then only read.

Everything is little-endian. The header (64 bytes) holds a mark, the version, the size of the file, size and checksum of
the directory, and a checksum of itself; it keeps this shape in every version. The directory is JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
import weakref
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np

from ..errors import IndexBroken, IndexOutdated

# Changes whenever an older reader could not read what is written: the shape of files, or what the arrays in them mean.
FORMAT = 2
MAGIC = b"\x93ARRAYS\n"
HEADER = struct.Struct("<8sIIQQ28x")
CHECK = struct.Struct("<I")
START = HEADER.size + CHECK.size
ALIGNED = 8
KINDS = {kind: np.dtype(kind) for kind in ("|u1", "|b1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f4", "<f8")}
# An array up to this size waits in memory for the file to be written, a larger one in a nameless file beside it.
SPOOL = 1 << 18
CHUNK = 1 << 20


class ArrayFile:
    """The arrays of a file, read by any number of threads.

    Each read names its place, and nothing is mapped into memory: a file that is cut short under a reader is an error
    here, while a mapped one would end the process.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise IndexBroken(f"{self._path} cannot be opened ({error.strerror}).") from error
        self._closing = weakref.finalize(self, os.close, self._descriptor)
        self._opened = self._stamp()
        self._arrays, self.meta = self._directory()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._arrays)

    def count(self, name: str) -> int:
        return self._place(name)[2]

    def kind(self, name: str) -> np.dtype:
        return self._place(name)[0]

    def read(self, name: str, start: int = 0, stop: int | None = None) -> np.ndarray:
        """The numbers of an array from `start` up to `stop`; they cannot be written to."""
        kind, offset, count = self._place(name)
        stop = count if stop is None else stop
        if not 0 <= start <= stop <= count:
            raise IndexBroken(f"{self._path} holds no {name} from {start} to {stop}.")
        size = kind.itemsize
        return np.frombuffer(self._bytes(offset + start * size, (stop - start) * size), kind)

    def is_untouched(self) -> bool:
        """Nobody wrote to the file since it was opened."""
        return self._stamp() == self._opened

    def close(self) -> None:
        """Let go of the file now; otherwise it is let go of with the object."""
        self._closing()

    def _stamp(self) -> tuple[int, int]:
        status = os.fstat(self._descriptor)
        return status.st_size, status.st_mtime_ns

    def _place(self, name: str) -> tuple[np.dtype, int, int]:
        try:
            return self._arrays[name]
        except KeyError as error:
            raise IndexBroken(f"{self._path} holds no array {name}.") from error

    def _bytes(self, offset: int, length: int) -> bytes:
        try:
            found = os.pread(self._descriptor, length, offset)
            # One call reads no more than two gigabytes.
            while len(found) < length and (
                more := os.pread(self._descriptor, length - len(found), offset + len(found))
            ):
                found += more
        except OSError as error:
            raise IndexBroken(f"{self._path} cannot be read ({error.strerror}).") from error
        if len(found) < length:
            raise IndexBroken(f"{self._path} ends before byte {offset + length}.")
        return found

    def _directory(self) -> tuple[dict[str, tuple[np.dtype, int, int]], dict[str, Any]]:
        start, length, checksum = self._header()
        content = self._bytes(start, length)
        if zlib.crc32(content) != checksum:
            raise IndexBroken(f"The directory of {self._path} is not as it was written.")
        try:
            told = json.loads(content)
            arrays = {name: _checked(start, *place) for name, place in told["arrays"].items()}
            return arrays, dict(told["meta"])
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise IndexBroken(f"The directory of {self._path} makes no sense.") from error

    def _header(self) -> tuple[int, int, int]:
        """Where the directory starts, its length and its checksum."""
        header = self._bytes(0, START)
        magic, version, checksum, length, size = HEADER.unpack_from(header)
        if magic != MAGIC or CHECK.unpack_from(header, HEADER.size) != (zlib.crc32(header[: HEADER.size]),):
            raise IndexBroken(f"{self._path} is not a file of this index, or was changed.")
        if version != FORMAT:
            raise IndexOutdated(f"{self._path} is written in format {version}; this version reads format {FORMAT}.")
        if size != self._opened[0] or length > size - START:
            raise IndexBroken(f"{self._path} has {self._opened[0]} bytes and should have {size}.")
        return size - length, length, checksum


def _checked(end: int, kind: str, offset: int, count: int) -> tuple[np.dtype, int, int]:
    dtype = KINDS[kind]
    if not all(type(number) is int for number in (offset, count)):
        raise TypeError("a place is two whole numbers")
    if offset < START or offset % ALIGNED or count < 0 or offset + count * dtype.itemsize > end:
        raise ValueError("an array lies outside the file")
    return dtype, offset, count


class ArrayOutput:
    """A file of arrays in the making. Arrays grow in any order; nothing is at `path` before `close`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._kinds: dict[str, str] = {}
        self._spools: dict[str, tempfile.SpooledTemporaryFile[bytes]] = {}

    def append(self, name: str, array: np.ndarray) -> None:
        """Put numbers at the end of an array; the first ones set its type."""
        kind = array.dtype.newbyteorder("<").str
        if self._kinds.setdefault(name, kind) != kind or kind not in KINDS:
            raise TypeError(f"{kind} cannot be appended to {name}, which holds {self._kinds[name]}")
        if name not in self._spools:
            self._spools[name] = tempfile.SpooledTemporaryFile(SPOOL, "w+b", dir=str(self._path.parent))  # noqa: SIM115
        self._spools[name].write(np.ascontiguousarray(array, KINDS[kind]).tobytes())

    def close(self, meta: dict[str, Any]) -> tuple[int, int]:
        """Write the file, wait until it is on the disk, and name it. Returns its size and its checksum (crc32)."""
        partial = self._path.with_name(f".{self._path.name}.part")
        try:
            with open(partial, "wb") as file:
                size, checksum = self._write(file, meta)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, self._path)
        finally:
            partial.unlink(missing_ok=True)
            self.abandon()
        return size, checksum

    def abandon(self) -> None:
        """Let go of everything; nothing stays behind."""
        for spool in self._spools.values():
            spool.close()
        self._spools.clear()

    def _write(self, file: IO[bytes], meta: dict[str, Any]) -> tuple[int, int]:
        places, end = self._places()
        directory = json.dumps({"arrays": places, "meta": meta}).encode()
        size = end + len(directory)
        header = HEADER.pack(MAGIC, FORMAT, zlib.crc32(directory), len(directory), size)
        checked = _Checked(file)
        checked.write(header + CHECK.pack(zlib.crc32(header)))
        for spool in self._spools.values():
            length = spool.tell()
            spool.seek(0)
            shutil.copyfileobj(spool, checked, CHUNK)
            checked.write(bytes(-length % ALIGNED))
        checked.write(directory)
        return size, checked.checksum

    def _places(self) -> tuple[dict[str, tuple[str, int, int]], int]:
        """Type, offset and count of every array, and where the last one ends."""
        places, offset = {}, START
        for name, spool in self._spools.items():
            length = spool.tell()
            places[name] = (self._kinds[name], offset, length // KINDS[self._kinds[name]].itemsize)
            offset += length + -length % ALIGNED
        return places, offset


class _Checked:
    """A file being written, with the checksum of what went into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.checksum = file, 0

    def write(self, content: bytes) -> int:
        self.checksum = zlib.crc32(content, self.checksum)
        return self._file.write(content)
