"""Packed bytes are unpacked as they are read, and counted as they come: no header is believed about a size."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Protocol, cast

from articles.records import UnreadableFile

CHUNK = 1 << 16
# All that may be unpacked of one file; and what a bomb is told by: many times its size, once it is large at all.
FILE_BYTES = 4 << 30
RATIO, RATIO_FROM = 200, 10_000_000
# What is unpacked is kept in memory up to this size, and on the disk beyond it.
MEMORY_BYTES = 8 << 20
# More than the largest dictionary that the xz program makes.
XZ_MEMORY = 128 << 20

GZIP, BZIP2, XZ = b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00"
# A block of bzip2, and the end of a file with nothing in it.
_BZIP2_NEXT = (b"1AY&SY", b"\x17rE8P\x90")

BOMB = f"it unpacks to more than {RATIO} times its size, which no text does, and is not read"
TOO_LARGE = f"more than {FILE_BYTES >> 30} GB come out of it: unpack it and upload it in parts"
DAMAGED = "The file is damaged: it cannot be unpacked beyond byte {:,}. Get it once more."
CUT_SHORT = "The file is cut short: {:,} bytes came out of it, and more should follow. Get it once more."

OTHER_CHECKSUM = "The file is damaged: it has another checksum than when it was packed. Get the archive once more."


class Decompressor(Protocol):
    """What bzip2 and xz have in Python."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Inflate:
    """zlib with the face of the others. `wbits`: 31 for gzip, -15 for what is in a ZIP archive."""

    def __init__(self, wbits: int) -> None:
        self._zlib = zlib.decompressobj(wbits)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        unpacked = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        self.needs_input = len(unpacked) < max_length
        return unpacked


Method = Callable[[], Decompressor]


def gunzip() -> Decompressor:
    return Inflate(31)


def inflate() -> Decompressor:
    return Inflate(-15)


def unxz() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)


bunzip2: Method = bz2.BZ2Decompressor


def method_of(head: bytes) -> Method | None:
    """How a file that begins with `head` is unpacked; None if it is not packed."""
    if head.startswith(GZIP):
        return gunzip
    if head.startswith(BZIP2) and head[4:10] in _BZIP2_NEXT:
        return bunzip2
    return unxz if head.startswith(XZ) else None


def first_of(head: bytes, most: int = 16) -> bytes:
    """What the first bytes of a packed file unpack to; as much as can be told from them, which may be nothing."""
    method = method_of(head)
    try:
        return method().decompress(head, most) if method else b""
    except (zlib.error, OSError, lzma.LZMAError, ValueError):
        return b""


@dataclass
class Allowance:
    """What may still be unpacked of a file, over all its entries."""

    left: int = FILE_BYTES

    def take(self, size: int, unpacked: int, packed: int) -> None:
        """Count `size` bytes more of an entry that gave `unpacked` in all out of `packed`."""
        self.left -= size
        if is_bomb(unpacked, packed):
            raise UnreadableFile(f"The file is not what it seems: {BOMB}.")
        if self.left < 0:
            raise UnreadableFile(f"The archive is too large: {TOO_LARGE}.")


def is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > RATIO * packed


def unpack(packed: Iterable[bytes], method: Method, allowance: Allowance) -> Iterator[bytes]:
    """The bytes of one packed file, piece by piece; several that follow one another are one, as gzip and xz have it.

    Raises `UnreadableFile` where they are damaged, cut short, or more than a text can be.
    """
    taken = given = 0
    decompressor = method()
    whole = False
    for piece in packed:
        taken += len(piece)
        while piece := piece.lstrip(b"\0") if whole else piece:
            decompressor = method() if whole else decompressor
            for unpacked in _steps(decompressor, piece, taken):
                given += len(unpacked)
                allowance.take(len(unpacked), given, taken)
                yield unpacked
            whole = decompressor.eof
            piece = decompressor.unused_data if whole else b""
    if not whole:
        raise UnreadableFile(CUT_SHORT.format(given))


def _steps(decompressor: Decompressor, piece: bytes, taken: int) -> Iterator[bytes]:
    """What a piece of packed bytes gives, a little at a time. `taken` is how many bytes were behind it at its end."""
    try:
        while unpacked := decompressor.decompress(piece, CHUNK):
            yield unpacked
            if decompressor.eof or decompressor.needs_input:
                return
            piece = b""
    except (zlib.error, OSError, lzma.LZMAError, ValueError, EOFError) as error:
        raise UnreadableFile(DAMAGED.format(max(taken - len(piece), 0))) from error


def pieces(stream: Any, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a stream from where it is to its end, or at most `size` of them."""
    while piece := stream.read(CHUNK if size is None else min(CHUNK, size)):
        yield piece
        size = None if size is None else size - len(piece)


def checked(pieces: Iterable[bytes], crc: int) -> Iterator[bytes]:
    """The pieces. Raises `UnreadableFile` at their end where they are not what was packed."""
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != crc:
        raise UnreadableFile(OTHER_CHECKSUM)


class _Seekable(io.RawIOBase):
    """A file that is read at `_at`, which can be set."""

    _at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}
        self._at = max(0, offset + (base[whence] if whence in base else self._end()))
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        read = self._read(len(buffer))
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)

    def _read(self, size: int) -> bytes:
        raise NotImplementedError

    def _end(self) -> int:
        raise NotImplementedError


class Spooled(_Seekable):
    """A file made of pieces, which are asked for only as far as it is read. What they raise, a read raises.

    `told` is whether one did.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._file = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 (closed in close)
        self._size = 0
        self._failure: UnreadableFile | None = None
        self.told = False

    def _read(self, size: int) -> bytes:
        self._fill(self._at + size)
        self._file.seek(self._at)
        read: bytes = self._file.read(size)
        # What stands before the damage is given first.
        if self._failure and not read:
            self.told = True
            raise self._failure
        return read

    def _fill(self, upto: int | None) -> None:
        try:
            while (upto is None or self._size < upto) and (piece := next(self._pieces, None)):
                self._file.seek(self._size)
                self._size += self._file.write(piece)
        except UnreadableFile as error:
            self._failure = error

    def _end(self) -> int:
        self._fill(None)
        return self._size

    def close(self) -> None:
        self._file.close()
        super().close()


class _Window(_Seekable):
    """A part of a file as a file. Its checksum is looked at when it has been read from one end to the other."""

    def __init__(self, stream: BinaryIO, begin: int, size: int, crc: int) -> None:
        self._stream, self._begin, self._size, self._crc = stream, begin, size, crc
        self._summed = self._checksum = 0

    def _read(self, size: int) -> bytes:
        self._stream.seek(self._begin + self._at)
        read = self._stream.read(max(0, min(size, self._size - self._at)))
        if self._at == self._summed:
            self._checksum = zlib.crc32(read, self._checksum)
            self._summed += len(read)
        if not read and self._summed == self._at and self._checksum != self._crc:
            raise UnreadableFile(OTHER_CHECKSUM)
        return read

    def _end(self) -> int:
        return self._size


def window(stream: BinaryIO, begin: int, size: int, crc: int) -> BinaryIO:
    """`size` bytes of a stream that has nobody else read from it meanwhile; they can be sought in."""
    return buffered(_Window(stream, begin, size, crc))


def opened(pieces: Iterable[bytes]) -> BinaryIO:
    """A stream of the pieces that can seek. What the pieces raise, a read raises."""
    return buffered(Spooled(pieces))


def buffered(raw: io.RawIOBase) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(raw, CHUNK))
