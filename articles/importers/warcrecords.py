"""The records of a web archive, one after the other; where one is damaged, from the next whole one on."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord

from articles.importers.entries import THE_REST
from articles.importers.unpacking import BOMB, CHUNK, GZIP, first_of, is_bomb, pieces
from articles.records import Unreadable, UnreadableFile

BEGINNING = b"WARC/"
_PLAIN = re.compile(rb"WARC/[01]\.[0-9]+\r?\n")
_HEADERS = re.compile(rb".*?\r?\n\r?\n", re.DOTALL)
_PACKED = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
# The longest beginning of a record that is looked for, and what is read at once for it.
_OVERLAP, _WINDOW = 512, 1 << 20
# A record that claims to be longer than it is takes in those behind it, which are then read once more; so much of that
# is done, and no more.
MOST_LOST_BYTES = 1 << 30
MOST_BREAKS = 1000

NO_RECORD = "The web archive is damaged: no record in it is whole. Get it once more."
NO_HEADERS = "the record here is damaged: its headers cannot be read"
DAMAGED = "the record here is damaged: it cannot be unpacked to its end"
CUT_SHORT = "the record here is cut short: it should have {:,} bytes more"
CUT_OFF = "the archive is cut short here, before the headers of a record end: get it once more"
GIVEN_UP = "the archive is damaged in too many places: get it once more"


class _Broken(Exception):
    """A record that is not what its headers say."""


class Record:
    """A record whose bytes are counted as they are read. What its HTTP headers say is in `warc` already."""

    def __init__(self, warc: WarcRecord, stream: BinaryIO) -> None:
        self.warc = warc
        self.at = warc.stream_pos
        self.length = warc.content_length
        self._stream = stream
        self._parse_http()
        self._left = warc.content_length
        self._taken = 0
        self._problem = ""

    def _parse_http(self) -> None:
        # Headers that cannot be read are as good as none.
        with suppress(OSError):
            self.warc.parse_http()

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at its end, and none behind what is wrong with it."""
        try:
            piece = b"" if self._problem else self.warc.reader.read(size)
        except OSError:
            self._problem = DAMAGED
            return b""
        self._count(len(piece))
        return piece

    def is_whole(self) -> bool:
        """Whether all its bytes are there, once there are no more to read."""
        return not self._left and not self._problem

    def finish(self) -> None:
        """Pass over what was not read. Raises `_Broken`, and `OSError` where the stream is damaged."""
        while not self._problem and (passed := self.warc.consume(CHUNK)):
            self._count(passed)
        if self._left and not self._problem:
            self._problem = CUT_SHORT.format(self._left)
        if self._problem:
            raise _Broken(self._problem)

    def _count(self, size: int) -> None:
        self._left -= size
        self._taken += size
        if is_bomb(self._taken, self._stream.tell() - self.at):
            self._problem = BOMB

    @property
    def taken(self) -> int:
        return self._taken


def read(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """Each record, to be read before the next one is asked for.

    Where some are damaged, there is one `Unreadable` for all of them up to the next whole one. A record whose own bytes
    are not all there comes first, and its `Unreadable` behind it.
    """
    return _Reading(stream).records()


class _Reading:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._packed = stream.read(len(GZIP)) == GZIP
        self._size = stream.seek(0, 2)
        # Up to where the archive has been read, as far as is known.
        self._on = 0
        # Where the last record begins, and how long it is without its headers.
        self._last = (0, 0)
        self._lost_bytes = self._breaks = 0
        self._in_a_gap = False
        # Whether there was a whole record yet, and what is to be told before it.
        self._any = False
        self._first_gap: list[Unreadable] = []

    def records(self) -> Iterator[Record | Unreadable]:
        at: int | None = 0
        while at is not None:
            try:
                yield from self._from(at)
                yield from self._cut_off()
                break
            except _Broken as error:
                yield from self._gap(f"byte {self._on:,}", str(error))
            except OSError:
                yield from self._gap(f"after byte {self._on:,}", NO_HEADERS)
            if self._breaks > MOST_BREAKS or self._lost_bytes > MOST_LOST_BYTES:
                yield Unreadable(THE_REST, GIVEN_UP)
                break
            at = self._next(max(self._on, at) + 1)
        if not self._any:
            raise UnreadableFile(NO_RECORD)

    def _from(self, at: int) -> Iterator[Record | Unreadable]:
        """The records from one that begins at a byte. Raises `OSError` or `_Broken` where there is none."""
        self._stream.seek(at)
        for found in ArchiveIterator(self._stream, parse_http=False):
            record = Record(found, self._stream)
            self._on, self._last = record.at, (record.at, record.length)
            # What is cut off in the middle of its headers comes as a record of nothing.
            if not found.headers.get("Content-Length"):
                raise _Broken(NO_HEADERS)
            # Else each of many such records would be read to the end of the file.
            if not self._packed and record.at + record.length > self._size:
                raise _Broken(CUT_SHORT.format(record.at + record.length - self._size))
            self._in_a_gap, self._any = False, True
            yield from self._first_gap
            self._first_gap = []
            yield record
            self._finish(record)

    def _finish(self, record: Record) -> None:
        try:
            record.finish()
        except (_Broken, OSError):
            self._lost_bytes += record.taken
            raise
        if not self._packed:
            self._on += record.length

    def _cut_off(self) -> Iterator[Unreadable]:
        """What is behind the last record, if anything is: too little of another one for anybody to see it."""
        end = self._end_of_packed(self._last[0]) if self._packed else self._end_of_plain(*self._last)
        self._stream.seek(end)
        if self._any and self._stream.read(_WINDOW).strip(b"\r\n\0"):
            yield Unreadable(f"byte {end:,}", CUT_OFF)

    def _end_of_plain(self, at: int, length: int) -> int:
        self._stream.seek(at)
        headers = _HEADERS.match(self._stream.read(_WINDOW))
        return at + headers.end() + length if headers else self._size

    def _end_of_packed(self, at: int) -> int:
        """Where what is compressed at this byte ends; the end of the archive where that cannot be told."""
        self._stream.seek(at)
        member = zlib.decompressobj(31)
        with suppress(zlib.error):
            for piece in pieces(self._stream):
                at += len(piece)
                while piece and not member.eof:
                    member.decompress(piece, CHUNK)
                    piece = member.unconsumed_tail
                if member.eof:
                    return at - len(member.unused_data)
        return self._size

    def _gap(self, place: str, reason: str) -> Iterator[Unreadable]:
        if not self._in_a_gap:
            gap = [Unreadable(place, reason)]
            yield from gap if self._any else []
            self._first_gap = [] if self._any else gap
        self._in_a_gap = True
        self._breaks += 1

    def _next(self, at: int) -> int | None:
        """Where the next record begins that may be whole."""
        begin = _PACKED if self._packed else _PLAIN
        while at < self._size:
            self._stream.seek(at)
            window = self._stream.read(_WINDOW + _OVERLAP)
            for found in begin.finditer(window, 0, _WINDOW):
                start = found.start()
                if not self._packed or first_of(window[start : start + _OVERLAP]).startswith(BEGINNING):
                    return at + start
            at += _WINDOW
        return None
