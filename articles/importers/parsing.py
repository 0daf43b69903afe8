"""The rows of a table out of its lines. A quotation mark too many costs its own row, and not those behind it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers.lines import split

# One row. What nothing closes takes no more lines with it than this.
ROW_LINES, ROW_CHARACTERS = 10_000, 10_000_000
# Where quotation marks are not as they should be, a row is tried anew with each line.
SLOPPY_LINES, SLOPPY_CHARACTERS = 100, 1_000_000
MOST_VALUES = 100_000
CHUNK = 1_000_000
RUNAWAY = "a quotation mark that opens here is not closed as it should be; inside a value a mark is written twice"
TOO_LONG = f"the row is longer than {ROW_CHARACTERS:,} characters; one row holds one article"

csv.field_size_limit(ROW_CHARACTERS + 1)

Numbered = tuple[int, list[str] | str]


def parsed(stream: BinaryIO, encoding: str, mark: str, most: int = 0) -> Iterator[Numbered]:
    """Each row, or what is wrong with it, with the number of its first line. Ends behind `most` characters, if given.

    Behind a row that is wrong, the next line that has the width of the first row is taken for the next row.
    """
    lines = _Lines(stream, encoding, most)
    width = 0
    reader = csv.reader(lines, delimiter=mark, strict=True)
    while True:
        number = lines.begin()
        try:
            row = next(reader, None)
        except csv.Error:
            row = _sloppy(lines, width, mark)
            reader = csv.reader(lines, delimiter=mark, strict=True)
        if row is None and not lines.row:
            return
        # A first row of one value says what parts the others, in files for spreadsheets.
        width = width or (len(row) if row and all(row[:2]) else 0)
        if row is not None:
            yield number, row
        else:
            yield number, TOO_LONG if len(lines.row) == 1 and lines.size > ROW_CHARACTERS else RUNAWAY
            lines.take_back(_next_row(lines.row, width, mark))


def width_of(line: str, mark: str) -> int:
    """How many values a line has, as far as it goes."""
    if line.count(mark) > MOST_VALUES:
        return 0
    try:
        return len(next(csv.reader([line], delimiter=mark), ()))
    except csv.Error:
        return 0


def _next_row(lines: list[str], width: int, mark: str) -> int:
    """The place of the first line, behind the first one, that may begin a row."""
    return next((place for place in range(1, len(lines)) if width_of(lines[place], mark) == width), len(lines))


def _sloppy(lines: _Lines, width: int, mark: str) -> list[str] | None:
    """The row whose quotation marks inside of values are not written twice. It must have the width of the others, and
    none of its lines may look like a row of its own."""
    looked = 1
    while len(lines.row) <= SLOPPY_LINES and lines.size <= SLOPPY_CHARACTERS:
        if any(width_of(line, mark) == width for line in lines.row[looked:]):
            return None
        looked = len(lines.row)
        if row := _values("".join(lines.row), mark):
            return row if len(row) == width else None
        if not lines.more():
            return None
    return None


def _values(text: str, mark: str) -> list[str] | None:
    """The values, where a quotation mark closes one only if nothing else comes before the next value; None where one
    is still open."""
    closing = re.compile(rf'"+(?=[{re.escape(mark)}\r\n]|\Z)')
    ending = re.compile(rf"[{re.escape(mark)}\r\n]|\Z")
    found, at = [], 0
    while True:
        quoted = text.startswith('"', at)
        runs = (run.end() for run in closing.finditer(text, at + 1) if len(run.group()) % 2)
        end = next(runs, 0) if quoted else ending.search(text, at).start()  # type: ignore[union-attr]
        if not end:
            return None if quoted else [text]
        found.append(text[at + 1 : end - 1].replace('""', '"') if quoted else text[at:end])
        if text[end : end + 1] in ("", "\r", "\n"):
            return found
        at = end + 1


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
        if not self.more():
            raise StopIteration
        if len(self.row) > ROW_LINES or self.size > ROW_CHARACTERS:
            raise csv.Error("a row that does not end")
        return self.row[-1]

    def more(self) -> bool:
        """Whether there is another line; it belongs to the row that is being read."""
        line = self.again.popleft() if self.again else next(self.coming, "")
        self.number += bool(line)
        self.row += [line] if line else []
        self.size += len(line)
        return bool(line)

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
