"""The door to every format that the archive reads: `detect` says which it is, `read` gives its records.

A new format is one file with `looks_like` and `read`, and one line in `FORMATS`. A container, such as a ZIP, is one
file with `looks_like` and `entries`, and one line in `CONTAINERS`; what is in it is read here, so that no format knows
another.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from articles.importers import (
    compressed,
    feed,
    json_file,
    jsonl,
    newsml,
    newsmlg2,
    ninjs,
    nitf,
    pagetext,
    table,
    tarred,
    webarchive,
    webpage,
    wordpress,
    zipped,
)
from articles.importers.columns import Column
from articles.importers.entries import THE_REST, Entry, shortened
from articles.importers.finishing import finished
from articles.importers.rows import MOST_COLUMNS
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile

HEAD_BYTES = 8192
# So many files in a container are asked for their columns.
MOST_WITH_COLUMNS = 20

NOTHING_SAID = Guidance()

Results = Iterator[ArticleRecord | Unreadable]


@dataclass(frozen=True, slots=True)
class Format:
    """`title` is what people call it. `read` takes a stream that can seek, at its beginning.

    `columns`, of a format whose fields have names of their own, says which of them goes where.
    """

    name: str
    title: str
    media_type: str
    looks_like: Callable[[str, bytes], bool]
    read: Callable[[BinaryIO, Guidance], Results]
    columns: Callable[[BinaryIO, Guidance], tuple[Column, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """`entries(stream, start)` gives what is in it from the entry numbered `start`, from 0.

    `nests` names the containers that may be inside.
    """

    name: str
    title: str
    media_type: str
    looks_like: Callable[[str, bytes], bool]
    entries: Callable[[BinaryIO, int], Iterator[Entry | Unreadable]]
    nests: tuple[str, ...] = ()


Kind = Format | Container


@dataclass(frozen=True, slots=True)
class Part:
    """What one entry of a container gives; a file that is no container is one part with the number 0 and no place."""

    number: int
    place: str
    results: Results


# A compressed file may be any of the others, compressed, so it comes last.
CONTAINERS: tuple[Container, ...] = (
    Container("warc", "a web archive (WARC)", "application/warc", webarchive.looks_like, webarchive.entries),
    Container(
        "wacz", "a packed web archive (WACZ)", "application/wacz", zipped.looks_like_wacz, zipped.entries, ("warc",)
    ),
    Container("zip", "a ZIP archive", "application/zip", zipped.looks_like, zipped.entries, ("warc", "gzip")),
    Container("tar", "a TAR archive", "application/x-tar", tarred.looks_like, tarred.entries, ("warc", "gzip")),
    Container("gzip", "a compressed file", "application/gzip", compressed.looks_like, compressed.entries, ("warc",)),
)

# The first that takes a file reads it. Page-text takes any text, so it comes last.
FORMATS: tuple[Format, ...] = (
    Format("ninjs", "ninjs newswire", "application/json", ninjs.looks_like, ninjs.read),
    Format("wordpress", "a WordPress export", "application/rss+xml", wordpress.looks_like, wordpress.read),
    Format("feed", "a feed", "application/xml", feed.looks_like, feed.read),
    Format("nitf", "NITF newswire", "application/xml", nitf.looks_like, nitf.read),
    Format("newsml", "NewsML 1 newswire", "application/xml", newsml.looks_like, newsml.read),
    Format("newsmlg2", "NewsML-G2 newswire", "application/xml", newsmlg2.looks_like, newsmlg2.read),
    Format("webpage", "a saved web page", "text/html", webpage.looks_like, webpage.read),
    Format("jsonl", "JSON Lines", "application/jsonl", jsonl.looks_like, jsonl.read, jsonl.columns),
    Format("json", "JSON", "application/json", json_file.looks_like, json_file.read, json_file.columns),
    Format("table", "a table", "text/csv", table.looks_like, table.read, table.columns),
    Format("pagetext", "the text of a page", "text/plain", pagetext.looks_like, pagetext.read),
)


def _pass_over(stream: BinaryIO, guidance: Guidance) -> Results:
    yield Unreadable("", guidance.passed_over or "somebody said that it is no article", passed_over=True)


# What stands beside articles, such as a part of a saved page. A person may say so of any file, and otherwise of one
# that came so.
NO_ARTICLE = Format("none", "no article, passed over", "application/octet-stream", lambda name, head: False, _pass_over)

_ALL: tuple[Kind, ...] = (*CONTAINERS, *FORMATS)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (*_ALL, NO_ARTICLE)}

# How files begin that people take for articles. Bytes decide, since names are often wrong.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a rich text document"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office document"),
    (b"filedesc://", "an ARC file, the web archive of before WARC"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "an image, a sound or a film"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound or a film"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_SOURCES = (
    (b"<!doctype html", "the source of a web page"),
    (b"<html", "the source of a web page"),
    (b"<?xml", "an XML file"),
)
_LETTER_HEAD = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}")
_LETTER_ONLY = re.compile(rb"^(?:Received|Return-Path|Message-ID|MIME-Version|DKIM-Signature|X-Received):", re.I | re.M)
_SAVE_AS_TEXT = "save what you want to keep as plain text and upload that"


def detect(name: str, head: bytes) -> Kind:
    """What reads a file which begins with `head`. The name counts only where the bytes allow both.

    Raises `UnreadableFile` for what nobody reads.
    """
    if not head.strip():
        raise UnreadableFile("The file is empty: save the page again and upload the new file.")
    if container := _first(CONTAINERS, name, head):
        return container
    if document := zipped.document(head):
        raise UnreadableFile(f"The file is {document}, which is not read here: {_SAVE_AS_TEXT}.")
    _refuse(head, _SIGNATURES)
    *marked, plain = FORMATS
    if known := _first(marked, name, head):
        return known
    _refuse_mail(head)
    _refuse(head.lstrip(b"\xef\xbb\xbf \t\r\n").lower(), _SOURCES)
    if not plain.looks_like(name, head):
        raise UnreadableFile(f"The file is not text: {_SAVE_AS_TEXT}.")
    return plain


def _first(kinds: Sequence[Kind], name: str, head: bytes) -> Kind | None:
    return next((kind for kind in kinds if kind.looks_like(name, head)), None)


def _refuse_mail(head: bytes) -> None:
    """The head of a letter would be shown to everybody: who sent it to whom, and by what way."""
    if (letter := _LETTER_HEAD.match(head)) and _LETTER_ONLY.search(letter[0]):
        raise UnreadableFile(f"The file is an e-mail, which is not read here: {_SAVE_AS_TEXT}.")


def _refuse(start: bytes, foreign: Iterable[tuple[bytes, str]]) -> None:
    for opening, what in foreign:
        if start.startswith(opening):
            raise UnreadableFile(f"The file is {what}, which is not read here: {_SAVE_AS_TEXT}.")


def read(name: str, stream: BinaryIO, guidance: Guidance = NOTHING_SAID) -> Results:
    """The records of a file, one after the other, without holding more than one of them. The stream can seek.

    A record that cannot be read comes as `Unreadable` among its neighbours. `UnreadableFile` is raised at once for a
    foreign file, and on the first step for a file that turns out to hold no article.
    """
    parts = walk(name, stream, guidance)
    return (result for part in parts for result in part.results)


def columns(name: str, stream: BinaryIO, guidance: Guidance = NOTHING_SAID) -> tuple[Column, ...]:
    """What a person may map: the columns of a table or the keys of foreign JSON; () where there is nothing to map.

    Of a container, those of the first files in it. Raises `UnreadableFile`. The stream is anywhere after it.
    """
    kind = kind_of(name, stream, guidance)
    if isinstance(kind, Container):
        return _columns_inside(kind, name, stream, guidance)
    return kind.columns(stream, guidance) if kind.columns else ()


def _columns_inside(kind: Container, outer: str, stream: BinaryIO, guidance: Guidance) -> tuple[Column, ...]:
    told = dataclasses.replace(guidance, format="", passed_over="")
    found: dict[str, Column] = {}
    for entry in islice(kind.entries(stream, 0), MOST_WITH_COLUMNS):
        if isinstance(entry, Entry):
            inner = _columns_of(kind, _inner_name(outer, entry), entry.stream, told)
            found |= {column.header: column for column in inner if column.header not in found}
    return tuple(islice(found.values(), MOST_COLUMNS))


def _columns_of(kind: Container, name: str, stream: BinaryIO, guidance: Guidance) -> tuple[Column, ...]:
    """Those of a file in a container; none where it cannot be read, for why not is said when it is read."""
    try:
        inner = kind_of(name, stream, guidance)
        nested = isinstance(inner, Container) and inner.name not in kind.nests
        return () if nested else columns(name, stream, guidance)
    except UnreadableFile:
        return ()


def _inner_name(outer: str, entry: Entry) -> str:
    """What is compressed by itself has its own name in front of the ending."""
    return entry.name or outer.rpartition(".")[0] or outer


def walk(name: str, stream: BinaryIO, guidance: Guidance = NOTHING_SAID, start: int = 0) -> Iterator[Part]:
    """As `read`, part by part, from the part numbered `start`. The results of a part are taken before the next part."""
    kind = kind_of(name, stream, guidance)
    if isinstance(kind, Format):
        results = (finished(result, guidance) for result in kind.read(stream, guidance))
        return iter([Part(0, "", results)] if start == 0 else [])
    return _parts(kind, name, stream, guidance, start)


def kind_of(name: str, stream: BinaryIO, guidance: Guidance) -> Kind:
    """As a person decided, else as it came, else as the bytes say. The stream is at its beginning after it."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if guidance.format in KINDS:
        return KINDS[guidance.format]
    return NO_ARTICLE if guidance.passed_over else detect(name, head)


def others(name: str, stream: BinaryIO, kind: Kind) -> tuple[Kind, ...]:
    """What else the file could be, the likeliest first: what looks like it, and what can be made of any text.

    The stream is at its beginning after it.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    alike = [other for other in _ALL if other.looks_like(name, head)]
    if KINDS["pagetext"] not in alike:
        return tuple(other for other in alike if other != kind)
    is_json = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    of_text = ("jsonl", "json") if is_json else ("webpage", "table")
    found = dict.fromkeys([*alike[:-1], *(KINDS[other] for other in of_text), alike[-1]])
    return tuple(other for other in found if other != kind)


def _parts(kind: Container, name: str, stream: BinaryIO, guidance: Guidance, start: int) -> Iterator[Part]:
    for number, entry in enumerate(kind.entries(stream, start), start=start):
        results = iter([entry]) if isinstance(entry, Unreadable) else _inside(kind, name, entry, guidance)
        yield Part(number, entry.place, results)


def _inside(kind: Container, outer: str, entry: Entry, guidance: Guidance) -> Results:
    """The records of an entry; what it cannot give as a whole is one result, since its neighbours go on.

    An entry without a place is all that there is in the file, and its refusal is that of the file.
    """
    told = dataclasses.replace(
        guidance, format="", passed_over="", address=entry.address, captured=entry.captured, charset=entry.charset
    )
    name = _inner_name(outer, entry)
    given = False
    try:
        inner = kind_of(name, entry.stream, told)
        if isinstance(inner, Container) and inner.name not in kind.nests:
            raise UnreadableFile(f"The file is {inner.title} inside {kind.title}: unpack it and upload it by itself.")
        for result in read(name, entry.stream, told):
            given = True
            yield dataclasses.replace(result, place=shortened(", ".join(filter(None, (entry.place, result.place)))))
    except UnreadableFile as error:
        if not (entry.place or given):
            raise
        yield Unreadable(entry.place or THE_REST, str(error))
