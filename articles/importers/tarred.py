"""TAR archives, compressed or not."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from tarfile import TarInfo
from typing import BinaryIO

from articles.importers.entries import (
    DEVICE,
    LINK,
    MOST_ENTRIES,
    THE_REST,
    TOO_MANY,
    Entry,
    Places,
    SavedPages,
    in_folder_like_a_page,
    is_hidden,
    known_by_head,
)
from articles.importers.unpacking import (
    Allowance,
    Spooled,
    buffered,
    bunzip2,
    first_of,
    method_of,
    pieces,
    unpack,
)
from articles.records import Unreadable, UnreadableFile

BLOCK = tarfile.BLOCKSIZE
MAGIC = slice(257, 262)
# Headers that say more of the next one: a long name in the way of GNU, and records in the way of POSIX.
_MORE = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_LONGEST_MORE = 1 << 20
_SPARSE_FLAG = 482
_MORE_SPARSE_FLAG = 504

NOT_TAR = "The file is no TAR archive: choose another format for it."
BROKEN = "a header of the archive is broken here; what stands between it and the next whole one is not read"
CUT_SHORT = "The archive is cut short: there should be {:,} bytes more. Get it once more."
NO_END = "The archive is cut short: the mark at its end is missing. Get it once more."
ODD = "a kind of entry that is not read here: unpack the archive and upload what is in it"


def looks_like(name: str, head: bytes) -> bool:
    if _is_header(head[:BLOCK]) or _is_header(first_of(head, BLOCK)):
        return True
    # Nothing can be told from the first bytes of bzip2; where the name errs, its content is still seen to be TAR.
    return name.lower().endswith((".tar.bz2", ".tbz2", ".tbz")) and method_of(head) is bunzip2


def _is_header(block: bytes) -> bool:
    header = _header(block)
    return bool(header and header.name)


def _header(block: bytes) -> TarInfo | None:
    """A header whose checksum is right, else None."""
    try:
        header = TarInfo.frombuf(block, "utf-8", "replace")
    except (tarfile.HeaderError, ValueError, OverflowError):
        return None
    return header if header.size >= 0 else None


class _Source:
    """The archive, unpacked, from its beginning on; `at` is how many bytes are behind it.

    `told` is whether somebody who read from it was told how it fails.
    """

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        method = method_of(stream.read(16))
        stream.seek(0)
        self._pieces = unpack(pieces(stream), method, Allowance()) if method else pieces(stream)
        self._rest = memoryview(b"")
        self._failure: UnreadableFile | None = None
        self.told = False
        self.at = 0

    def read(self, size: int) -> bytes:
        """As many bytes; fewer only at the end."""
        return b"".join(self.take(size))

    def take(self, size: int) -> Iterator[bytes]:
        while size > 0:
            self._rest = self._rest or self._next()
            piece = self._rest[:size]
            if not piece:
                return
            self._rest = self._rest[len(piece) :]
            size -= len(piece)
            self.at += len(piece)
            yield bytes(piece)

    def _next(self) -> memoryview:
        # Whoever reads on is told the same again.
        if self._failure:
            raise self._failure
        try:
            return memoryview(next(self._pieces, b""))
        except UnreadableFile as error:
            self._failure = error
            raise

    def skip_to(self, at: int) -> None:
        """Raises `UnreadableFile` where the stream ends before."""
        for _ in self.take(at - self.at):
            continue
        if self.at < at:
            raise UnreadableFile(CUT_SHORT.format(at - self.at))


@dataclass(frozen=True, slots=True)
class _Broken:
    """A place where there should be a header."""

    at: int


def entries(stream: BinaryIO, start: int) -> Iterator[Entry | Unreadable]:
    source = _Source(stream)
    pages = _Pages(stream)
    places = Places()
    number = 0
    try:
        for found in _listed(source):
            place = places.take(f"byte {found.at:,}" if isinstance(found, _Broken) else found.name)
            if number == MOST_ENTRIES:
                raise UnreadableFile(f"The archive is too large: {TOO_MANY}.")
            pages.note(found)
            if number >= start:
                yield from _told_of(source, place, found, pages)
            number += 1
    except UnreadableFile as error:
        if not number:
            raise
        if number >= start and not source.told:
            yield Unreadable(places.take(THE_REST), str(error))


class _Pages:
    """The saved pages of the archive. One may stand behind its parts: then all names are read ahead, once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._saved = SavedPages()
        self._ahead = False

    def note(self, found: TarInfo | _Broken) -> None:
        if isinstance(found, TarInfo):
            self._saved.note(found.name)

    def around(self, path: str) -> str:
        if in_folder_like_a_page(path) and not self._ahead and not self._saved.around(path):
            self._ahead = True
            self._look_ahead()
        return self._saved.around(path)

    def _look_ahead(self) -> None:
        at = self._stream.tell()
        # Where the archive is broken off, who reads it will tell.
        with suppress(UnreadableFile):
            for found in islice(_listed(_Source(self._stream)), MOST_ENTRIES):
                self.note(found)
        self._stream.seek(at)


def _told_of(source: _Source, place: str, found: TarInfo | _Broken, pages: _Pages) -> Iterator[Entry | Unreadable]:
    if isinstance(found, _Broken):
        yield Unreadable(place, BROKEN)
    elif page := pages.around(found.name):
        yield Unreadable(place, page, passed_over=True)
    else:
        yield from _entry(source, place, found)


def _listed(source: _Source) -> Iterator[TarInfo | _Broken]:
    """What somebody put there; the source stands at the bytes of each when it is given."""
    for found in _headers(source):
        if isinstance(found, _Broken) or not (found.isdir() or is_hidden(found.name)):
            yield found


def _headers(source: _Source) -> Iterator[TarInfo | _Broken]:
    """The headers of all entries, with what others say of them."""
    said: dict[str, str] = {}
    for found in _whole_headers(source):
        if isinstance(found, _Broken):
            yield found
            continue
        header, block = found
        if header.type in _MORE:
            said |= _said(header, source)
            continue
        header = _with(header, said)
        said = {}
        end = _begin(source, header, block) + _padded(header)
        yield header
        source.skip_to(end)


def _whole_headers(source: _Source) -> Iterator[tuple[TarInfo, bytes] | _Broken]:
    """Each header with its bytes. Behind a broken one, the next whole one is looked for, and behind the end as well:

    archives are put together by writing one behind the other.
    """
    whole, ended = True, False
    while block := source.read(BLOCK):
        header = _header(block) if (whole and not ended) or block[MAGIC] == b"ustar" else None
        if header:
            whole, ended = True, False
            yield header, block
        elif source.at <= BLOCK:
            raise UnreadableFile(NOT_TAR)
        elif whole and not any(block):
            ended = True
        elif whole and not ended:
            whole = False
            yield _Broken(source.at - len(block))
    if whole and not ended:
        raise UnreadableFile(NO_END)


def _said(header: TarInfo, source: _Source) -> dict[str, str]:
    """What a header in front of another says of it, by the names that POSIX has for it."""
    end = source.at + _blocks(header.size)
    read = source.read(header.size) if header.size <= _LONGEST_MORE else b""
    source.skip_to(end)
    if header.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": read.split(b"\0")[0].decode("utf-8", "replace")}
    return dict(_records(read)) if header.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE) else {}


def _records(read: bytes) -> Iterator[tuple[str, str]]:
    """Each is its own length, a space, a name, an equals sign, a value and the end of a line."""
    while read:
        digits = read[:20].partition(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        if length <= len(digits):
            return
        name, _, value = read[len(digits) + 1 : length - 1].decode("utf-8", "replace").partition("=")
        yield name, value
        read = read[length:]


def _with(header: TarInfo, said: dict[str, str]) -> TarInfo:
    header.name = said.get("path") or header.name
    size = said.get("size", "")
    header.size = int(size) if size.isascii() and size.isdigit() and len(size) < 20 else header.size
    if any(name.startswith("GNU.sparse.") for name in said):
        header.type = tarfile.GNUTYPE_SPARSE
    return header


def _begin(source: _Source, header: TarInfo, block: bytes) -> int:
    """Where the bytes of an entry begin: behind the blocks that say where the holes of a sparse file are."""
    more = header.type == tarfile.GNUTYPE_SPARSE and block[_SPARSE_FLAG]
    while more:
        block = source.read(BLOCK)
        more = len(block) == BLOCK and block[_MORE_SPARSE_FLAG]
    return source.at


def _padded(header: TarInfo) -> int:
    """How many bytes follow a header. Links and folders may have a size, and nothing follows them all the same."""
    has_bytes = header.isreg() or header.type not in tarfile.SUPPORTED_TYPES
    return _blocks(header.size) if has_bytes else 0


def _blocks(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _entry(source: _Source, place: str, header: TarInfo) -> Iterator[Entry | Unreadable]:
    if header.issym() or header.islnk():
        yield Unreadable(place, LINK, passed_over=True)
    elif header.isdev():
        yield Unreadable(place, DEVICE, passed_over=True)
    elif not header.isreg() or header.type == tarfile.GNUTYPE_SPARSE:
        yield Unreadable(place, ODD)
    else:
        spool = Spooled(_bytes_of(source, header.size))
        with closing(buffered(spool)) as content:
            yield from known_by_head(place, header.name, content)
        source.told = spool.told


def _bytes_of(source: _Source, size: int) -> Iterator[bytes]:
    end = source.at + size
    yield from source.take(size)
    if source.at < end:
        raise UnreadableFile(CUT_SHORT.format(end - source.at))
