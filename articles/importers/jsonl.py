"""JSON Lines: one article a line, the shape that the archive's own export writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from articles.records import ArticleRecord, Guidance, Refused, Unreadable, UnreadableFile, from_json

# A page-text record holds its page three times, so a line may be far longer than the longest page-text file.
LINE_BYTES = 64_000_000

# How the last line of an export begins; it holds a question and sentences, and no article.
ENDING, ENDING_BYTES = b'{"export"', 100_000
SHORT = "the file is cut short: here it says that it has {:,} articles, and there are {:,}; get it once more"

_BOM = b"\xef\xbb\xbf"
_ONLY_OPENS = (b"{", b"[", b"[{")
_LIST = re.compile(rb"\[\s*\{")


def looks_like(name: str, head: bytes) -> bool:
    start = head.removeprefix(_BOM).lstrip()
    return start.startswith(b"{") or bool(_LIST.match(start))


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each line as its record. A line that is broken or too long is `Unreadable`; the next one is read all the same.

    An export ends with a line that says how many articles it has. Where they are not so many, that line is
    `Unreadable`. `UnreadableFile` if the first line only opens a value that goes on below it.
    """
    articles = 0
    for number, line in enumerate(_lines(stream), start=1):
        place = f"line {number}"
        text = (line.removeprefix(_BOM) if number == 1 else line).strip()
        if len(line) > LINE_BYTES:
            yield Unreadable(place, f"the line is longer than {LINE_BYTES:,} bytes; one line holds one article")
        elif text in _ONLY_OPENS:
            raise UnreadableFile(
                f"{place} only opens a JSON value: write each article as one line, not spread over many."
            )
        elif (told := _told(text)) is not None:
            if told != articles:
                yield Unreadable(place, SHORT.format(told, articles))
            # Another export may follow in the same file.
            articles = 0
            continue
        elif text:
            yield _record(text, place)
        articles += bool(text)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of the file. Of one that is too long, only as much as shows that it is."""
    while line := stream.readline(LINE_BYTES + 1):
        yield line
        rest = line
        while len(rest) > LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_BYTES + 1)


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


def _record(line: bytes, place: str) -> ArticleRecord | Unreadable:
    try:
        return from_json(_object(line), place)
    except RecursionError:
        return Unreadable(place, "the values are nested too deeply to be an article")
    except Refused as error:
        return Unreadable(place, _printable(str(error)))


def _object(line: bytes) -> Any:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(f"byte {error.start + 1} is not UTF-8; save the file as UTF-8") from error
    except ValueError as error:
        raise Refused(f"not a JSON object on one line ({error}); write each article as one line") from error
    if isinstance(value, list):
        raise Refused("a JSON list; write each of its articles as a line of its own")
    return value


def _printable(reason: str) -> str:
    """A refusal may quote what was refused; a megabyte of it, or half a character, would help nobody."""
    return reason[:500].encode("utf-8", "replace").decode("utf-8")
