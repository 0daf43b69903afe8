"""What of a text to show for a search: escaped first, then marked. Time grows with the text and not faster."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from itertools import islice
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from ..engine.analysis import Row, Sought, Span

LENGTH = 280
LEAD = 60
# Of a text without end only the beginning is looked at, and of a long phrase.
LOOKED_AT, COMPARED, FOUND = 200_000, 8, 2_000
# Where words are common, the first so many characters have all the places that are marked.
AT_FIRST = (12_500, 50_000)
# Characters looked at for all the texts of one page.
OF_PAGE = 500_000

BREAK = re.compile(r"\s+")
# The same but a single space, which is what most of them are.
WIDE = re.compile(r"(?! \S)\s+")
# Between texts that are looked at in one.
PARAGRAPH = "\n\n"


class Mark(NamedTuple):
    start: int
    end: int
    row: int


class Slots(NamedTuple):
    """The rows of a question, ready to be looked for in texts of a language."""

    rows: list[list[tuple[str, str]]]
    # The numbers of the rows that begin with a term, or where they have none with a form.
    by_term: dict[str, list[int]]
    by_form: dict[str, list[int]]
    sought: Sought

    def beginning(self, word: Span) -> list[int]:
        """The rows that may begin with this word."""
        found = [row for term in word.terms if term in self.by_term for row in self.by_term[term]]
        return found + self.by_form.get(word.form, [])


@lru_cache(64)
def _slots(rows: tuple[Row, ...], language: str) -> Slots:
    by_term: dict[str, list[int]] = {}
    by_form: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        term, form = row.terms[0], row.forms[0]
        (by_term if term else by_form).setdefault(term or form, []).append(number)
    slots = [list(zip(row.terms, row.forms, strict=True)) for row in rows]
    return Slots(slots, by_term, by_form, Sought(frozenset(by_term), frozenset(by_form), language))


def marks(text: str, rows: Sequence[Row], language: str, looked_at: int = LOOKED_AT) -> list[Mark]:
    """Where in a text of a language the rows stand, from its beginning to its end."""
    if not rows:
        return []
    slots = _slots(tuple(rows), language)
    reach = max(map(len, slots.rows))
    found: list[Mark] = []
    for part in _parts(text, looked_at):
        found = sorted(islice(_in_a_row(part, slots, reach), FOUND) if reach > 1 else _words(part, slots))
        if len(found) >= FOUND:
            break
    return found[:FOUND]


def _parts(text: str, looked_at: int) -> Iterator[str]:
    """More and more of a long text, at last all of it that is looked at."""
    for length in AT_FIRST:
        if min(len(text), looked_at) > 2 * length:
            yield _beginning(text, length)
    yield _beginning(text, looked_at)


def _beginning(text: str, length: int) -> str:
    """Up to the end of a word, if there is one nearby: some scripts have no spaces."""
    if len(text) <= length:
        return text
    space = text.rfind(" ", max(0, length - LEAD), length)
    return text[: space if space >= 0 else length]


def shares(lengths: Sequence[int]) -> list[int]:
    """How much of each text is looked at for one page. What the short ones leave, the long ones share."""
    left, held = OF_PAGE, [0] * len(lengths)
    for before, at in enumerate(sorted(range(len(lengths)), key=lengths.__getitem__)):
        held[at] = min(lengths[at], LOOKED_AT, left // (len(lengths) - before))
        left -= held[at]
    return held


def _words(text: str, slots: Slots) -> Iterator[Mark]:
    for words, at in slots.sought.words(text):
        for word in words:
            for row in slots.beginning(word):
                yield Mark(at + word.start, at + word.end, row)


def _in_a_row(text: str, slots: Slots, reach: int) -> Iterator[Mark]:
    """From the beginning of the text on."""
    for words, begins in slots.sought.stretches(text, reach):
        for at in begins:
            for row in slots.beginning(words[at]):
                if _stands(slots.rows[row][:COMPARED], words, at):
                    last = min(at + len(slots.rows[row]), len(words)) - 1
                    yield Mark(words[at].start, words[last].end, row)


def _stands(row: list[tuple[str, str]], words: list[Span], at: int) -> bool:
    """Whether a row begins there; a slot is met by its term, or where it has none by exactly its form."""
    here = words[at : at + len(row)]
    return len(here) == len(row) and all(
        term in word.terms if term else form == word.form for (term, form), word in zip(row, here, strict=True)
    )


def marked(text: str, rows: Sequence[Row], language: str = "") -> SafeString:
    """The whole text, with what was looked for in <mark>."""
    return _write(text, marks(text, rows, language), 0, len(text))


def snippet(
    text: str, rows: Sequence[Row], language: str = "", length: int = LENGTH, looked_at: int = LOOKED_AT
) -> SafeString:
    """The passage with most of what was looked for, or the two that have more of it; else the beginning."""
    return best_passage(text, marks(text, rows, language, looked_at), length)


def best_passage(text: str, found: list[Mark], length: int = LENGTH) -> SafeString:
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
    held: dict[int, int] = {}
    first = 0
    for last, (_start, end, row) in enumerate(found):
        held[row] = held.get(row, 0) + 1
        while first < last and end - found[first].start > length:
            gone = found[first].row
            held[gone] -= 1
            if not held[gone]:
                del held[gone]
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


def _write(text: str, found: Sequence[Mark], start: int, end: int) -> SafeString:
    written: list[str] = []
    at = start
    for first, last in joined(found, start, end):
        written.append(_plain(text[at:first]))
        written.append(f"<mark>{_plain(text[first:last])}</mark>")
        at = last
    written.append(_plain(text[at:end]))
    return mark_safe("".join(written))  # noqa: S308 (every piece is escaped)


def joined(found: Sequence[Mark], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is marked between two places, marks that touch made one."""
    open_first, open_last = -1, -1
    for first, last, _row in found[: bisect_left(found, (end,))]:
        if last <= start:
            continue
        first, last = max(first, start), min(last, end)
        if first > open_last:
            if open_last > open_first:
                yield open_first, open_last
            open_first = first
        open_last = max(open_last, last)
    if open_last > open_first:
        yield open_first, open_last


def _plain(text: str) -> str:
    return escape(WIDE.sub(" ", text), quote=True)
