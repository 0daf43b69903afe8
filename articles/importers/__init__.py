"""The door to every format that the archive reads: `detect` says which it is, `read` gives its records.

A new format is one file with `looks_like` and `read`, and one line in `FORMATS`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from articles.importers import jsonl, pagetext
from articles.records import ArticleRecord, Unreadable, UnreadableFile, Vocabulary

HEAD_BYTES = 8192

NO_NAMES = Vocabulary()

Results = Iterator[ArticleRecord | Unreadable]


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    media_type: str
    looks_like: Callable[[str, bytes], bool]
    read: Callable[[BinaryIO, Vocabulary], Results]


# The first that takes a file reads it; page-text takes any text, so it comes last.
FORMATS = (
    Format("jsonl", "application/jsonl", jsonl.looks_like, jsonl.read),
    Format("pagetext", "text/plain", pagetext.looks_like, pagetext.read),
)

# How files begin that people take for articles. Bytes decide, since names are often wrong.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a rich text document"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
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
_SAVE_AS_TEXT = "save what you want to keep as plain text and upload that"


def detect(name: str, head: bytes) -> Format:
    """The format that reads a file which begins with `head`. The name counts only where the bytes allow both.

    Raises `UnreadableFile` for what nobody reads.
    """
    _refuse_foreign(head)
    for candidate in FORMATS:
        if candidate.looks_like(name, head):
            return candidate
    raise UnreadableFile(f"The file is not text: {_SAVE_AS_TEXT}.")


def read(name: str, stream: BinaryIO, known: Vocabulary = NO_NAMES) -> Results:
    """The records of a file, one after the other, without holding more than one of them.

    A record that cannot be read comes as `Unreadable` among its neighbours. `UnreadableFile` is raised at once for a
    foreign file, and on the first step for a file that turns out to hold no article.
    """
    head = stream.read(HEAD_BYTES)
    chosen = detect(name, head)
    return chosen.read(io.BufferedReader(_Rejoined(head, stream)), known)


def _refuse_foreign(head: bytes) -> None:
    if not head.strip():
        raise UnreadableFile("The file is empty: save the page again and upload the new file.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise UnreadableFile(f"The file is {what}, which is not read here: {_SAVE_AS_TEXT}.")
    for opening, what in _SOURCES:
        if start.startswith(opening):
            raise UnreadableFile(f"The file is {what}, which is not read here: {_SAVE_AS_TEXT}.")


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already, whole again; what it wraps need not know how to seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._head[: len(target)] or self._rest.read(len(target))
        self._head = self._head[len(piece) :]
        target[: len(piece)] = piece
        return len(piece)
