"""What of a text to show for a search: escaped first, then marked. Time grows with the text and not faster."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .engine.analysis import Row, Sought, Span

LENGTH = 280
LEAD = 60
# Of a text without end only the beginning is looked at, and of a long phrase.
LOOKED_AT, COMPARED, FOUND = 200_000, 8, 2_000

BREAK = re.compile(r"\s+")


class Mark(NamedTuple):
    start: int
    end: int
    row: int


def marks(text: str, rows: Sequence[Row], language: str) -> list[Mark]:
    """Where in a text of a language the rows stand, from its beginning to its end."""
    if not rows:
        return []
    slots = [list(zip(row.terms, row.forms, strict=True)) for row in rows]
    sought = _sought(tuple(row.terms[0] or row.forms[:1] for row in rows), language)
    found: list[Mark] = []
    for words, begins in sought.stretches(text[:LOOKED_AT], max(map(len, slots))):
        for at, row in product(begins, range(len(slots))):
            if len(found) < FOUND and _stands(slots[row][:COMPARED], words, at):
                last = min(at + len(slots[row]), len(words)) - 1
                found.append(Mark(words[at].start, words[last].end, row))
    return found


@lru_cache(16)
def _sought(begins: tuple[str | tuple[str], ...], language: str) -> Sought:
    """What the rows of a question begin with: a term, or where there is none, a form by itself."""
    terms = frozenset(begin for begin in begins if isinstance(begin, str))
    return Sought(terms, frozenset(begin[0] for begin in begins if not isinstance(begin, str)), language)


def _stands(row: list[tuple[str, str]], words: list[Span], at: int) -> bool:
    """Whether a row begins there; a slot is met by its term, or where it has none by exactly its form."""
    here = words[at : at + len(row)]
    return len(here) == len(row) and all(
        term in word.terms if term else form == word.form for (term, form), word in zip(row, here, strict=True)
    )


def marked(text: str, rows: Sequence[Row], language: str = "") -> SafeString:
    """The whole text, with what was looked for in <mark>."""
    return _write(text, marks(text, rows, language), 0, len(text))


def snippet(text: str, rows: Sequence[Row], language: str = "", length: int = LENGTH) -> SafeString:
    """The passage with most of what was looked for, or the two that have more of it; else the beginning."""
    found = marks(text, rows, language)
    if not found:
        return _passage(text, [], 0, length)
    first = _best(found, length - LEAD)
    missing = {mark.row for mark in found} - {mark.row for mark in found if _inside(mark, first, length)}
    others = [mark for mark in found if mark.row in missing and not _inside(mark, first, length)]
    if not others:
        return _passage(text, found, first - LEAD, length)
    second = _best(others, length // 2 - LEAD)
    earlier, later = (_passage(text, found, start - LEAD // 2, length // 2) for start in sorted((first, second)))
    return mark_safe(f"{earlier.removesuffix(' …')} … {later.removeprefix('… ')}")  # noqa: S308 (both are escaped)


def _inside(mark: Mark, start: int, length: int) -> bool:
    return start <= mark.start and mark.end <= start + length // 2


def _best(found: list[Mark], length: int) -> int:
    """Where the passage begins that has the most different rows in it, and then the most marks."""
    best, chosen = (0, 0), found[0].start
    held: Counter[int] = Counter()
    first = 0
    for last, mark in enumerate(found):
        held[mark.row] += 1
        while first < last and mark.end - found[first].start > length:
            held[found[first].row] -= 1
            if not held[found[first].row]:
                del held[found[first].row]
            first += 1
        if (score := (len(held), last - first)) > best:
            best, chosen = score, found[first].start
    return chosen


def _passage(text: str, found: list[Mark], start: int, length: int) -> SafeString:
    """About `length` characters from `start`, from a word's beginning to a word's end."""
    start = _word_start(text, max(0, start))
    end = _word_end(text, start, min(len(text), start + length))
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(before + _write(text, found, start, end) + after)  # noqa: S308 (escaped by _write)


def _word_start(text: str, at: int) -> int:
    """The next beginning of a word, if there is one nearby: some scripts have no spaces."""
    if at == 0:
        return 0
    found = BREAK.search(text, at, at + LEAD // 2)
    return found.end() if found else at


def _word_end(text: str, start: int, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
    return space if space > end - LEAD else end


def _write(text: str, found: Iterable[Mark], start: int, end: int) -> SafeString:
    written: list[str] = []
    at = start
    for first, last in _joined(found, start, end):
        written.append(_plain(text[at:first]))
        written.append(f"<mark>{_plain(text[first:last])}</mark>")
        at = last
    written.append(_plain(text[at:end]))
    return mark_safe("".join(written))  # noqa: S308 (every piece is escaped)


def _joined(found: Iterable[Mark], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is marked between two places, marks that touch made one."""
    open_first, open_last = -1, -1
    for mark in sorted(found):
        first, last = max(mark.start, start), min(mark.end, end)
        if first >= last:
            continue
        if first > open_last:
            if open_last > open_first:
                yield open_first, open_last
            open_first = first
        open_last = max(open_last, last)
    if open_last > open_first:
        yield open_first, open_last


def _plain(text: str) -> str:
    return escape(BREAK.sub(" ", text))
