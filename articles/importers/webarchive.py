"""Web archives (WARC): each page that was captured is an entry, with its address and the time of the capture."""

from __future__ import annotations

import functools
import itertools
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO

from fastwarc import stream_io
from fastwarc.warc import WarcRecordType

from articles.importers import warcrecords
from articles.importers.entries import HEAD_BYTES, THE_REST, Entry, Places
from articles.importers.unpacking import BOMB, CHUNK, MEMORY_BYTES, first_of, is_bomb, opened, pieces
from articles.importers.warcrecords import BEGINNING, Record
from articles.records import Unreadable, UnreadableFile

logger = logging.getLogger(__name__)

MOST_PAGES = 500_000
TOO_MANY = f"the web archive has more than {MOST_PAGES:,} pages: split it, and upload the parts"
PAGE_BYTES = 200_000_000
TOO_LARGE = f"a page of more than {PAGE_BYTES // 1_000_000} MB is not read"
CANNOT_UNPACK = "The page is damaged: it is not packed as its headers say."
BROKEN = "the reader broke down on this record; the file is kept, please report it"
OTHERS = "other records"
LONGEST_ADDRESS = 2000

# What strange headers or bytes raise where nobody thought of them.
_BREAKS = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError)

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)

# What is counted and not read: by the type of the record, by the answer of the server, and by the type of the content.
_TYPES = {
    int(WarcRecordType.request): "request",
    int(WarcRecordType.revisit): "revisit",
    int(WarcRecordType.metadata): "metadata record",
    int(WarcRecordType.warcinfo): "description of the archive",
    int(WarcRecordType.conversion): "conversion",
    int(WarcRecordType.continuation): "continuation",
}
_CONTENTS = (
    (re.compile("image/"), "picture"),
    (re.compile("audio/"), "sound"),
    (re.compile("video/"), "film"),
    (re.compile("font/|application/(x-)?font"), "font"),
    (re.compile("text/css"), "style sheet"),
    (re.compile(".*(java|ecma)script"), "script"),
    (re.compile(".*json"), "JSON file"),
    (re.compile("application/pdf"), "PDF"),
    (re.compile("(text|application)/(?!xhtml)(.*[+])?xml"), "XML file"),
)
OTHER = "other file"
_PLURALS = {
    "description of the archive": "descriptions of the archive",
    "answer without HTTP": "answers without HTTP",
    "error of a server": "errors of a server",
    "record of an unknown kind": "records of an unknown kind",
}

_DECODERS: dict[str, Callable[[Any], Any]] = {
    "chunked": stream_io.ChunkedReader,
    "gzip": stream_io.GzipReader,
    "x-gzip": stream_io.GzipReader,
    "deflate": lambda inner: stream_io.GzipReader(inner, zlib=True),
    "br": stream_io.BrotliReader,
    "zstd": stream_io.ZstdReader,
}
_MOST_CODINGS = 3


def looks_like(name: str, head: bytes) -> bool:
    return head.startswith(BEGINNING) or first_of(head).startswith(BEGINNING)


def entries(stream: BinaryIO, start: int) -> Iterator[Entry | Unreadable]:
    # Which record is a page is known only once it has been looked at, so those before `start` are looked at too.
    return itertools.islice(_all_entries(stream), start, None)


def _all_entries(stream: BinaryIO) -> Iterator[Entry | Unreadable]:
    """The pages, in their order, and at the end what else there is."""
    others: Counter[str] = Counter()
    places = Places()
    found = False
    try:
        for record in warcrecords.read(stream):
            found = True
            if isinstance(record, Unreadable):
                yield record
            else:
                yield from _told_of(record, places, others)
            if places.taken > MOST_PAGES:
                raise UnreadableFile(f"The archive is too large: {TOO_MANY}.")
    except UnreadableFile as error:
        if not found:
            raise
        yield Unreadable(THE_REST, str(error))
    if others:
        yield Unreadable(OTHERS, _told(others), passed_over=True)


def _told_of(record: Record, places: Places, others: Counter[str]) -> Iterator[Entry | Unreadable]:
    """The page of a record, or what else there is to tell of it; one that breaks its reader does not cost the next."""
    try:
        if other := _other(record):
            others[other] += 1
        else:
            yield from _page(record, places, others)
    except _BREAKS:
        logger.warning("the record at byte %s of a web archive cannot be read", record.at, exc_info=True)
        yield Unreadable(places.take(_place(record)), BROKEN)


def _place(record: Record) -> str:
    try:
        return _address(record)
    except _BREAKS:
        return f"byte {record.at:,}"


def _told(others: Counter[str]) -> str:
    """Such as "214 other records: 120 pictures, 94 redirects"."""
    kinds = sorted(others.items(), key=lambda kind: (-kind[1], kind[0]))
    each = ", ".join(f"{count:,} {what if count == 1 else _PLURALS.get(what, what + 's')}" for what, count in kinds)
    total = others.total()
    return f"{total:,} other record{'s' * (total != 1)}: {each}"


def _other(record: Record) -> str:
    """What a record is that is no page, as far as its headers say; "" if it may be one."""
    warc = record.warc
    if warc.record_type == WarcRecordType.response:
        return _answer(record) or _content(warc.http_content_type or "")
    if warc.record_type == WarcRecordType.resource:
        return _content(_header(record, "Content-Type"))
    return _TYPES.get(int(warc.record_type), "record of an unknown kind")


def _answer(record: Record) -> str:
    if not record.warc.is_http_parsed:
        return "answer without HTTP"
    status = record.warc.http_headers.status_code or 0
    if 300 <= status < 400:
        return "redirect"
    if status >= 400:
        return "error of a server"
    return "" if status == 200 else "incomplete answer"


def _content(media_type: str) -> str:
    return next((what for kind, what in _CONTENTS if kind.match(media_type.strip().lower())), "")


def _header(record: Record, name: str) -> str:
    return record.warc.headers.get(name) or ""


def _page(record: Record, places: Places, others: Counter[str]) -> Iterator[Entry | Unreadable]:
    """The page that a record holds, if it does. One that is cut short is told of by whoever reads the records."""
    with SpooledTemporaryFile(MEMORY_BYTES) as body:
        if not _copy(record, body):
            yield Unreadable(places.take(_address(record)), TOO_LARGE)
        elif record.is_whole():
            with closing(opened(_decoded(body, _codings(record)))) as content:
                yield from _entry(record, content, places, others)


def _copy(record: Record, body: IO[bytes]) -> bool:
    """False where it is too large for a page; then only a part of it is there."""
    while body.tell() <= PAGE_BYTES and (piece := record.read(CHUNK)):
        body.write(piece)
    return body.tell() <= PAGE_BYTES


def _entry(record: Record, content: BinaryIO, places: Places, others: Counter[str]) -> Iterator[Entry | Unreadable]:
    address = _address(record)
    try:
        is_page = _is_page(content.read(HEAD_BYTES))
        content.seek(0)
    except UnreadableFile as error:
        yield Unreadable(places.take(address), str(error))
        return
    if not is_page:
        others[OTHER] += 1
        return
    yield Entry(
        place=places.take(address),
        name=address,
        stream=content,
        address=address if address.startswith(("http://", "https://")) and len(address) <= LONGEST_ADDRESS else "",
        captured=_captured(record),
        charset=_charset(record),
    )


def _is_page(head: bytes) -> bool:
    # UTF-16 has a NUL in every letter of a tag.
    return bool(_PAGE.search(head.replace(b"\0", b"")))


def _address(record: Record) -> str:
    """Some programs write the address in the brackets that the first standard seemed to ask for."""
    return _header(record, "WARC-Target-URI").strip().removeprefix("<").removesuffix(">")


def _captured(record: Record) -> datetime | None:
    """The moment of the capture. The first and the last day there are have none in another zone."""
    moment = record.warc.record_date
    try:
        return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment else None
    except OverflowError:
        return None


def _charset(record: Record) -> str:
    if record.warc.is_http_parsed:
        return record.warc.http_charset or ""
    named = _CHARSET.search(_header(record, "Content-Type"))
    return named[1].lower() if named else ""


def _codings(record: Record) -> tuple[str, ...]:
    """How the body is packed, from the outside to the inside."""
    if not record.warc.is_http_parsed:
        return ()
    headers = record.warc.http_headers
    listed = ",".join(headers.get(name) or "" for name in ("Content-Encoding", "Transfer-Encoding"))
    known = [coding for coding in re.split(r"[\s,]+", listed.lower()) if coding in _DECODERS]
    return tuple(reversed(known))[:_MOST_CODINGS]


def _decoded(body: Any, codings: tuple[str, ...]) -> Iterator[bytes]:
    """The body as a browser would have it. Programs that capture may unpack it and leave the headers as they were."""
    size = body.tell()
    for chain in dict.fromkeys((codings, codings[1:], codings[:-1], ())):
        body.seek(0)
        reader = functools.reduce(lambda inner, coding: _DECODERS[coding](inner), chain, body)
        try:
            first = reader.read(CHUNK)
        except OSError:
            continue
        if codings and not chain and not _is_page(first):
            raise UnreadableFile(CANNOT_UNPACK)
        yield first
        yield from _bounded(reader, len(first), size)
        return


def _bounded(reader: Any, given: int, size: int) -> Iterator[bytes]:
    try:
        for piece in pieces(reader):
            given += len(piece)
            if is_bomb(given, size):
                raise UnreadableFile(f"The page is not what it seems: {BOMB}.")
            if given > PAGE_BYTES:
                raise UnreadableFile(f"The page is too large: {TOO_LARGE}.")
            yield piece
    except OSError as error:
        raise UnreadableFile(CANNOT_UNPACK) from error
