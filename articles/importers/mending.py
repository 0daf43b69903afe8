"""Text that was decoded wrongly once (donâ€™t for don’t): what it was before. Nothing else of it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ftfy
from ftfy import badness

# Lines are mended each by itself, since texts are put together of pieces with fates of their own.
_LINE = re.compile(r"[^\n]{1,20000}\n?|\n")
# Of a longer text only so much is mended: it takes a second for every hundred thousand characters that are damaged.
LONGEST = 300_000
# Scripts of two bytes a letter that no press in their language was seen to be damaged in, but a ligature or a soft
# hyphen behind a letter looks like them: Syriac, Thaana and N'Ko, Braille, and what is nobody's.
_UNLIKELY = re.compile("[\u0700-\u074f\u0780-\u07ff\u2800-\u28ff\ue000-\uf8ff]")
_AROUND = 20


def mended(text: str) -> str:
    """The text as it was before it was decoded wrongly, where that is sure."""
    return "".join(after for _, after in _lines(text))


def damage(text: str) -> tuple[str, str] | None:
    """The first damaged words of a text, as they are and as they would be mended; None for a sound text."""
    for before, after in _lines(text):
        if before != after:
            return _excerpts(before, after)
    return None


def _lines(text: str) -> Iterator[tuple[str, str]]:
    head = "" if text.isascii() else text[:LONGEST]
    for line in _LINE.findall(head):
        yield line, _mended(line) if not line.isascii() and badness.is_bad(line) else line
    yield text[len(head) :], text[len(head) :]


def _mended(line: str) -> str:
    found = ftfy.fix_encoding(line)
    return line if len(_UNLIKELY.findall(found)) > len(_UNLIKELY.findall(line)) else found


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """What stands around the first place that differs."""
    pairs = enumerate(zip(before, after, strict=False))
    place = next((place for place, (old, new) in pairs if old != new), 0)
    around = slice(max(0, place - _AROUND), place + _AROUND)
    return before[around].strip(), after[around].strip()
