"""Tables: a row an article, the first row with the names of the columns; between commas, semicolons, tabs or bars."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from articles.importers import charset
from articles.importers.columns import TEXTS, Column, guess
from articles.importers.lines import BYTE_ORDER_MARKS
from articles.importers.parsing import parsed, width_of
from articles.importers.rows import MOST_COLUMNS, Plan, Row, plan, refuse_without_text
from articles.records import ArticleRecord, Guidance, Refused, Unreadable, UnreadableFile, storable

HEAD_BYTES = 8192
# What is read before the first record, where the order of day and month is open for so long.
SCANNED_CHARACTERS = 64_000_000
CHUNK = 1_000_000
UNSURE_BYTES = 32_768
MARKS = ",;\t|"
HEADER_LENGTH, NAME_WORDS = 100, 4
PROBED_ROWS = 20

_NAMED = re.compile(r"\.(?:csv|tsv|tab)$", re.IGNORECASE)
_SEPARATOR = re.compile(r"sep=(?P<mark>[^\r\n])\r?\n?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class _Shape:
    encoding: str
    mark: str


def looks_like(name: str, head: bytes) -> bool:
    """A first row of short names, two of them known and one a title or a text, and a second row as wide.

    Where the file is called a table one known name is enough; with its first rows all of one width, they may be any.
    """
    text = _decoded_head(head)
    mark = _mark(text)
    if not mark or text.lstrip().startswith(("{", "[", "<")):
        return False
    whole = len(head) < HEAD_BYTES
    rows = _probed(text, mark, whole)
    if not rows:
        return False
    named = bool(_NAMED.search(name))
    known = [to for to in map(guess, rows[0]) if to]
    has_text = not TEXTS.isdisjoint(known) and (named or (len(known) > 1 and _are_short(rows[0])))
    if len(rows) == 1 and not whole:
        # All that is there of the file is names, the last of them cut.
        return (has_text or named) and _is_header(rows[0][:-1])
    if len(rows) == 1 or not _is_header(rows[0]):
        return False
    if has_text and len(rows) == 2 and not whole and len(known) > 1:
        # A first article that is longer than what is there of the file.
        return len(rows[1]) <= len(rows[0])
    if has_text:
        second = next(filter(str.strip, text.splitlines()[1:]), "")
        widths = [len(row) for row in rows[1:]]
        mostly = 2 * widths.count(len(rows[0])) > len(widths)
        return mostly or len(rows[0]) in (widths[0], width_of(second, mark))
    return named and len(rows) > 2 and len({len(row) for row in rows}) == 1


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each row. One of another width, without title and text, or that does not end, is `Unreadable`.

    `UnreadableFile` where the first row does not say which column is the title or the text.
    """
    shape = _shape(stream)
    made = _plan(stream, shape, guidance)
    if made.fields:
        refuse_without_text(made, "The first line")
    stream.seek(0)
    empty = True
    for place, row in _rows(stream, shape):
        empty = False
        yield row if isinstance(row, Unreadable) else _record(made, row, place)
    if empty:
        raise UnreadableFile("The table has no row: put each article on a line below the names of the columns.")


def columns(stream: BinaryIO, guidance: Guidance) -> tuple[Column, ...]:
    return _plan(stream, _shape(stream), guidance).columns()


def _record(made: Plan, row: Row, place: str) -> ArticleRecord | Unreadable:
    try:
        return made.record(row, place)
    except Refused as error:
        return Unreadable(place, str(error)[:500])


def _plan(stream: BinaryIO, shape: _Shape, guidance: Guidance) -> Plan:
    stream.seek(0)
    rows = (row for _, row in _rows(stream, shape, SCANNED_CHARACTERS) if not isinstance(row, Unreadable))
    return plan(rows, guidance)


def _shape(stream: BinaryIO) -> _Shape:
    """The encoding of the whole file, and what parts its columns."""
    head = stream.read(CHUNK)
    marked = next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), "")
    encoding = marked or charset.wide(head[:HEAD_BYTES]) or _encoding(stream, head)
    mark = _mark(head[:HEAD_BYTES].decode(encoding, "replace").removeprefix("\ufeff"))
    if not mark:
        raise UnreadableFile(
            "The file is no table: its first line must name the columns, with commas, semicolons or tabs between them, "
            "for example title,date,text."
        )
    return _Shape(encoding, mark)


def _encoding(stream: BinaryIO, head: bytes) -> str:
    """UTF-8 where all of the file is; else as the bytes around the first that is not have it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    content = head
    try:
        while content:
            decoder.decode(content)
            content = stream.read(CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return charset.of(content[max(0, error.start - UNSURE_BYTES) :][: 2 * UNSURE_BYTES] or head)
    return "utf-8"


def _decoded_head(head: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.decode(charset.wide(head) or "utf-8", "replace")


def _mark(text: str) -> str:
    """What parts the columns of a header: of the marks that part it, the one that parts it into the most known names,
    and then into rows of one width."""
    if separator := _SEPARATOR.match(text):
        return separator["mark"]
    found = []
    for mark in MARKS:
        rows = _probed(text, mark)
        if rows and len(rows[0]) > 1:
            known = sum(bool(guess(cell)) for cell in rows[0][:MOST_COLUMNS])
            same = sum(len(row) == len(rows[0]) for row in rows)
            found.append((known, same, len(rows[0]), mark))
    return max(found)[-1] if found else ""


def _probed(text: str, mark: str, whole: bool = True) -> list[list[str]]:
    """The first rows; of a head that is not the whole file, without the last of several, which may be cut."""
    text = _SEPARATOR.sub("", text, count=1) if _SEPARATOR.match(text) else text
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=mark):
            if row:
                rows.append(row)
            if len(rows) > PROBED_ROWS:
                return rows[:PROBED_ROWS]
    except csv.Error:
        return rows
    return rows if whole or len(rows) < 3 else rows[:-1]


def _are_short(cells: Sequence[str]) -> bool:
    return all(len(cell.split()) <= NAME_WORDS for cell in cells)


def _is_header(cells: Sequence[str]) -> bool:
    """Names: short, mostly there, and each of them once."""
    named = [cell.strip() for cell in cells if cell.strip()]
    short = all(len(name) <= HEADER_LENGTH and not _CONTROL.search(name) for name in named)
    return bool(named) and short and len(set(named)) == len(named)


def _rows(stream: BinaryIO, shape: _Shape, most: int = 0) -> Iterator[tuple[str, Row | Unreadable]]:
    """Each row by the names of its columns, with its line; blank ones are left out. Ends behind `most` characters."""
    names: list[str] = []
    for number, row in parsed(stream, shape.encoding, shape.mark, most):
        place = f"line {number}"
        if isinstance(row, str):
            yield place, Unreadable(place, row)
        elif not any(map(str.strip, row)) or (not names and _SEPARATOR.match(shape.mark.join(row))):
            continue
        elif not names:
            names = _header(row)
        elif len(row) < len(names) or any(row[len(names) :]):
            yield place, Unreadable(place, _width(len(row), len(names), shape.mark))
        else:
            yield place, dict(zip(names, row, strict=False))


def _width(found: int, named: int, mark: str) -> str:
    word = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(mark, "separator")
    return f"{found:,} values, but the first line names {named:,} columns; put quotation marks around what has a {word}"


def _header(row: Sequence[str]) -> list[str]:
    """The names of the columns, each once; one without a name has its number."""
    if len(row) > MOST_COLUMNS:
        raise UnreadableFile(
            f"The first line names {len(row):,} columns, and at most {MOST_COLUMNS:,} are read: leave out those that "
            "are not about articles."
        )
    names: dict[str, None] = {}
    for number, cell in enumerate(row, start=1):
        name = " ".join(storable(cell).split())[:HEADER_LENGTH] or f"column {number}"
        names[f"{name} ({number})" if name in names else name] = None
    return list(names)
