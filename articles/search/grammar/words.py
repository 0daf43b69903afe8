"""What one word is, as it was typed: itself, a pattern such as wor* or w?rd, or nearly a word, such as word~."""

from __future__ import annotations

import re
import unicodedata

MOST_ERRORS = 2

STARS = re.compile(r"\*+")
# A question mark that stands for a letter has one behind it, or another sign.
ASKING = re.compile(r"\?(?![^\W_]|[*?])")
NEARLY = re.compile(r"([^~]+)~(\d*)")


def searchable(text: str) -> bool:
    """Whether there is a letter or digit in it."""
    return any(sign.isalnum() for sign in text)


def pattern(text: str) -> str | None:
    """The pattern in `text`, without the punctuation around it. A question mark at its end is punctuation."""
    if "*" not in text and "?" not in text:
        return None
    core = STARS.sub("*", _core(text, "*?", "*"))
    signs = core.replace("*", "").replace("?", "")
    if len(signs) == len(core) or ASKING.search(core) or not _is_written_in_letters(signs):
        return None
    return core


def nearly(text: str) -> tuple[str, int] | None:
    """The word in `text` and how many letters of it may be wrong, as typed: 0 where that is left open."""
    found = NEARLY.fullmatch(_core(text, "", "~")) if "~" in text else None
    if found is None or not _is_written_in_letters(found[1]):
        return None
    return found[1], int(found[2] or 0)


def _core(text: str, first: str, last: str) -> str:
    """Without the punctuation at both ends, other than the signs `first` and `last`."""
    begin, end = 0, len(text)
    while begin < end and not (text[begin] in first or _is_letter(text[begin])):
        begin += 1
    while end > begin and not (text[end - 1] in last or _is_letter(text[end - 1])):
        end -= 1
    return text[begin:end]


def _is_written_in_letters(text: str) -> bool:
    """A word as texts have it, not an address or a sum."""
    return searchable(text) and all(sign in "-'’_" or _is_letter(sign) for sign in text)


def _is_letter(sign: str) -> bool:
    """A letter or digit, or a mark that belongs to one, as many scripts write their vowels."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")
