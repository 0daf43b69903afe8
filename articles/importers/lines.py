"""The lines of a page-text file: bytes become text, text becomes lines, lines become blocks.

Nothing here judges what a block is to the article; it only says what can be seen of it.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from articles.importers import charset

# The widest mark first: that of UTF-32 begins like that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# How Python spells a byte that is no UTF-8.
_BROKEN_BYTE = re.compile("[\udc80-\udcff]")

# What a sentence may end with, and what may close it after that.
_ENDS = tuple(".!?…。！？؟۔।:;")
_QUOTE_ENDS = ("”", "»", "」")
_BRACKETS = re.compile(r"\s?\(.{0,80}\)$")
BRACKETS_LENGTH = 100
_CLOSERS = "\"'”’»›)]）」』*"
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")

# Scripts that put no space between words; two of their characters count as a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

WRAPPED_AT_LEAST = 45
WRAPPED_AT_MOST = 110


def decoded(content: bytes, declared: str = "") -> str:
    """The text of a file: by its byte order mark, else as its bytes say, which `declared` may help.

    A mark is taken off. What no database can hold (NUL, bytes without a meaning) becomes U+FFFD, one for one.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _text(content[len(mark) :], encoding)
    return _text(content, charset.of(content, declared))


def _text(content: bytes, encoding: str) -> str:
    if encoding == "utf-8":
        return _storable(_BROKEN_BYTE.sub("\ufffd", content.decode(encoding, errors="surrogateescape")))
    return _storable(content.decode(encoding, errors="replace"))


def _storable(text: str) -> str:
    return text.replace("\x00", "\ufffd")


def split(text: str) -> list[str]:
    """The lines with their ends as they came; joined, they are the text."""
    return list(io.StringIO(text, newline=""))


@dataclass(frozen=True)
class Block:
    """What reads as one paragraph: a line, or the lines of a paragraph that was wrapped. Numbers are from 0."""

    first: int
    last: int
    text: str

    @cached_property
    def words(self) -> int:
        unspaced = len(_UNSPACED.findall(self.text))
        return self.text.count(" ") + 1 if not unspaced else _UNSPACED.sub("", self.text).count(" ") + unspaced // 2 + 1

    @cached_property
    def ends(self) -> bool:
        """Whether it ends like a sentence, be it with a source in brackets behind it."""
        end = _BRACKETS.sub("", self.text[-BRACKETS_LENGTH:])
        return self.text.endswith(_QUOTE_ENDS) or any(
            part.rstrip(_CLOSERS).endswith(_ENDS) for part in (self.text, end)
        )

    @cached_property
    def teaser(self) -> bool:
        """Whether it breaks off, as an excerpt does that links to the whole."""
        return self.text.endswith(("...", "…]", "...]"))

    @cached_property
    def key(self) -> str:
        return comparable(self.text)


def comparable(text: str) -> str:
    """Letters and digits only, so that two prints of a headline are equal."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def visible(line: str) -> str:
    """The line as a reader sees it: one space between words, no control or invisible characters."""
    printable = line.strip().translate(_INVISIBLE)
    if not printable.isprintable():
        printable = "".join(mark if mark.isprintable() or mark.isspace() else " " for mark in printable)
    return " ".join(printable.split())


def blocks(lines: Sequence[str]) -> list[Block]:
    """The blocks of a page in order; blank lines belong to none."""
    found: list[Block] = []
    for group in _groups(lines):
        if _wrapped(group):
            found.append(Block(group[0][0], group[-1][0], " ".join(text for _, text in group)))
        else:
            found.extend(Block(number, number, text) for number, text in group)
    return found


def _groups(lines: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Runs of lines without a blank one between them, as numbers and visible text."""
    group: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        text = visible(line)
        if text:
            group.append((number, text))
        elif group:
            yield group
            group = []
    if group:
        yield group


def _wrapped(group: Sequence[tuple[int, str]]) -> bool:
    """Whether the lines are one paragraph, broken at a width: all but the last are of a kind, and many break off
    inside a sentence, so that the next begins with a small letter."""
    filled = [text for _, text in group[:-1]]
    if not filled or not all(WRAPPED_AT_LEAST <= len(text) <= WRAPPED_AT_MOST for text in filled):
        return False
    carried_on = sum(text[0].islower() for _, text in group[1:])
    return carried_on * 4 >= len(filled)
