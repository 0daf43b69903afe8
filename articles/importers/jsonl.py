"""JSON Lines: one article a line, in the shape that the archive's own export writes or in anyone else's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from articles.importers import jsonvalues
from articles.importers.columns import Column
from articles.importers.jsonvalues import TOO_MUCH, foreign, is_too_much, printable, reader
from articles.importers.rows import plan
from articles.records import ArticleRecord, Guidance, Refused, Unreadable, UnreadableFile

# A page-text record holds its page three times, so a line may be far longer than the longest page-text file.
LINE_BYTES = 64_000_000
# What is read before the first record, where the order of day and month is open for so long.
SCANNED_BYTES = 64_000_000

# How the last line of an export begins; it holds a question and sentences, and no article.
ENDING, ENDING_BYTES = b'{"export"', 100_000
SHORT = "the file is cut short: here it says that it has {:,} articles, and there are {:,}; get it once more"

_BOM = b"\xef\xbb\xbf"
_ONLY_OPENS = (b"{", b"[", b"[{")
_GOES_ON = re.compile(rb"\{[^\n]*\n\s*(?:[^\s{]|$)")


def looks_like(name: str, head: bytes) -> bool:
    """A line with an object; an object that is spread over lines is not one, nor one that holds a list of articles."""
    start = head.removeprefix(_BOM).lstrip()
    if not start.startswith(b"{"):
        return False
    line, end, _ = start.partition(b"\n")
    if not end:
        return not jsonvalues.holds_list(line.decode("utf-8", "replace"))
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return not _GOES_ON.match(start)
    return not (isinstance(value, dict) and jsonvalues.holds_list(line.decode("utf-8", "replace")))


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each line as its record. A line that is broken or too long is `Unreadable`; the next one is read all the same.

    An export ends with a line that says how many articles it has. Where they are not so many, that line is
    `Unreadable`. `UnreadableFile` if the first line only opens a value that goes on below it.
    """
    record_of = reader(_first_values(stream), guidance)
    stream.seek(0)
    articles = 0
    for number, line in enumerate(_lines(stream), start=1):
        place = f"line {number}"
        text = (line.removeprefix(_BOM) if number == 1 else line).strip()
        if len(line) > LINE_BYTES:
            yield Unreadable(place, f"the line is longer than {LINE_BYTES:,} bytes; one line holds one article")
        elif text in _ONLY_OPENS:
            raise UnreadableFile(
                f"{place} only opens a JSON value: write each article as one line, or read the file as JSON."
            )
        elif (told := _told(text)) is not None:
            if told != articles:
                yield Unreadable(place, SHORT.format(told, articles))
            # Another export may follow in the same file.
            articles = 0
            continue
        elif text:
            value = _value(text, place)
            yield value if isinstance(value, Unreadable) else record_of(value, place)
        articles += bool(text)


def columns(stream: BinaryIO, guidance: Guidance) -> tuple[Column, ...]:
    """The keys of the objects, with the fields that they go to; () for a file in our own shape."""
    return plan(foreign(_first_values(stream), exact=not guidance.columns), guidance).columns()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of the file. Of one that is too long, only as much as shows that it is."""
    while line := stream.readline(LINE_BYTES + 1):
        yield line
        rest = line
        while len(rest) > LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_BYTES + 1)


def _first_values(stream: BinaryIO) -> Iterator[Any]:
    """What can be read of the first lines."""
    scanned = 0
    for line in _lines(stream):
        scanned += len(line)
        value = _value(line.removeprefix(_BOM).strip(), "") if len(line) <= LINE_BYTES else None
        if isinstance(value, dict) and not line.startswith(ENDING):
            yield value
        if scanned > SCANNED_BYTES:
            return


def _told(line: bytes) -> int | None:
    """How many articles stand before this line, if it is the last of an export."""
    if len(line) > ENDING_BYTES or not line.startswith(ENDING):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    told = value["export"].get("count") if list(value) == ["export"] and isinstance(value["export"], dict) else None
    return told if isinstance(told, int) else None


def _value(line: bytes, place: str) -> Any:
    try:
        return _object(line)
    except RecursionError:
        return Unreadable(place, "the values are nested too deeply to be an article")
    except Refused as error:
        return Unreadable(place, printable(str(error)))


def _object(line: bytes) -> Any:
    if is_too_much(line):
        raise Refused(TOO_MUCH)
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(f"byte {error.start + 1} is not UTF-8; save the file as UTF-8") from error
    except ValueError as error:
        raise Refused(f"not a JSON object on one line ({error}); write each article as one line") from error
    if isinstance(value, list):
        raise Refused("a JSON list; write each of its articles as a line of its own")
    return value
