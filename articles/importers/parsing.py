"""The rows of a table out of its lines. A quotation mark too many costs its own row, and not those behind it."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers.lines import split

# One row. What nothing closes takes no more lines with it than this.
ROW_LINES, ROW_CHARACTERS = 10_000, 10_000_000
CHUNK = 1_000_000
RUNAWAY = "a quotation mark that opens here is not closed as it should be; inside a value a mark is written twice"
TOO_LONG = f"the row is longer than {ROW_CHARACTERS:,} characters; one row holds one article"

csv.field_size_limit(ROW_CHARACTERS + 1)

Numbered = tuple[int, list[str] | str]


class _Runaway(Exception):
    """A row that does not end."""


def parsed(stream: BinaryIO, encoding: str, mark: str, most: int = 0) -> Iterator[Numbered]:
    """Each row, or what is wrong with it, with the number of its first line. Ends behind `most` characters, if given.

    Behind a row that is wrong, the next line that has the width of the first row is taken for the next row.
    """
    lines = _Lines(stream, encoding, most)
    width = 0
    reader = csv.reader(lines, delimiter=mark)
    while True:
        number = lines.begin()
        try:
            row = next(reader, None)
        except (_Runaway, csv.Error):
            row = None
            reader = csv.reader(lines, delimiter=mark)
        if row is None and not lines.row:
            return
        # A first row of one value says what parts the others, in files for spreadsheets.
        width = width or (len(row) if row and all(row[:2]) else 0)
        if row is not None and _is_sound(lines.row, row, width, mark):
            yield number, row
        else:
            yield number, TOO_LONG if len(lines.row) == 1 and lines.size > ROW_CHARACTERS else RUNAWAY
            lines.take_back(_next_row(lines.row, width, mark))


def _is_sound(lines: list[str], row: list[str], width: int, mark: str) -> bool:
    """Whether a row over several lines is one. If its quotation marks are not as they should be, it must at least have
    the width of the others, and none of its lines may look like a row of its own."""
    if len(lines) == 1:
        return True
    try:
        return bool(list(csv.reader(lines, delimiter=mark, strict=True)))
    except csv.Error:
        return len(row) == width and _next_row(lines, width, mark) == len(lines)


def _next_row(lines: list[str], width: int, mark: str) -> int:
    """The place of the first line, behind the first one, that may begin a row."""
    return next((place for place in range(1, len(lines)) if _width(lines[place], mark) == width), len(lines))


def _width(line: str, mark: str) -> int:
    if line.count(mark) > 10 * ROW_LINES:
        return 0
    try:
        return len(next(csv.reader([line], delimiter=mark), ()))
    except csv.Error:
        return 0


class _Lines:
    """The lines of the file, one after the other. Those of the row that is being read can be taken back."""

    def __init__(self, stream: BinaryIO, encoding: str, most: int) -> None:
        self.number = 0
        self.row: list[str] = []
        self.size = 0
        self.again: deque[str] = deque()
        self.coming = _read(stream, encoding, most)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.coming, "")
        if not line:
            if self.row:
                # Only within quotation marks is there more asked for.
                raise _Runaway
            raise StopIteration
        self.number += 1
        self.row.append(line)
        self.size += len(line)
        if len(self.row) > ROW_LINES or self.size > ROW_CHARACTERS:
            raise _Runaway
        return line

    def begin(self) -> int:
        """The number of the line that the next row begins with."""
        self.row, self.size = [], 0
        return self.number + 1

    def take_back(self, kept: int) -> None:
        """All lines of this row but the first ones will come again."""
        self.again.extendleft(reversed(self.row[kept:]))
        self.number -= len(self.row) - kept


def _read(stream: BinaryIO, encoding: str, most: int) -> Iterator[str]:
    """The lines with their ends; of one that is too long, only as much as shows that it is."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=False)
    rest, read, skipping = "", 0, False
    while content := stream.read(CHUNK):
        text = decoder.decode(content)
        text = text.removeprefix("\ufeff") if not read else text
        read += len(text) or 1
        *whole, rest = split(rest + text) or [""]
        if rest.endswith(("\n", "\r")):
            whole, rest = [*whole, rest], ""
        if skipping and whole:
            whole, skipping = whole[1:], False
        yield from whole
        if len(rest) > ROW_CHARACTERS:
            if not skipping:
                yield rest
            rest, skipping = "", True
        if most and read > most:
            return
    last = rest + decoder.decode(b"", final=True)
    if last and not skipping:
        yield from split(last)
