"""The passage of a text that has most of what was looked for, as HTML with what matched in marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from whoosh import query

from ..analysis import Span, spans
from ..asking.queries import as_bytes, each_of, parts

# How long a passage is, and how much of that stands before the first mark.
LENGTH, LEAD = 300, 60
# Of a text without end only the beginning is looked at.
LOOKED_AT = 200_000

# Terms that stand one behind the other, at each place any of some; a word is a row of one.
Row = tuple[frozenset[str], ...]


class Mark(NamedTuple):
    start: int
    end: int
    row: int


def wanted(asked: query.Query) -> set[Row]:
    """The words and phrases that a found document has, in any field; not those that it must not have."""
    found: set[Row] = set()
    waiting = [asked]
    while waiting:
        part = waiting.pop()
        if isinstance(part, query.Term | query.Phrase):
            terms = part.words if isinstance(part, query.Phrase) else [part.text]
            found.add(tuple(map(_alternatives, terms)))
        elif isinstance(part, query.AndNot):
            waiting.append(part.a)
        elif not isinstance(part, query.ConstantScoreQuery | query.Not):
            waiting.extend(parts(part))
    return found


def _alternatives(term: bytes | str) -> frozenset[str]:
    return frozenset(one.decode(errors="replace") for one in each_of(as_bytes(term)))


def highlight(text: str, rows: Iterable[Row], language: str, before: str, after: str) -> str:
    text = text[:LOOKED_AT]
    marks = list(_marks(list(spans(text, language)), list(rows)))
    start = _beginning(text, _best(marks) - LEAD) if len(text) > LENGTH else 0
    end = min(len(text), start + LENGTH)
    return "".join(_pieces(text, marks, start, end, (before, after)))


def _beginning(text: str, start: int) -> int:
    """Of a word, if one begins nearby: some scripts have no spaces."""
    space = text.find(" ", start, start + LEAD // 2) if start > 0 else -1
    return space + 1 if space >= 0 else max(0, start)


def _marks(words: Sequence[Span], rows: Sequence[Row]) -> Iterator[Mark]:
    heads: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for term in row[0]:
            heads.setdefault(term, []).append(number)
    for at, word in enumerate(words):
        for number in (number for term in word.terms for number in heads.get(term, ())):
            held = words[at : at + len(rows[number])]
            if _stands(rows[number], held):
                yield Mark(word.start, held[-1].end, number)


def _stands(row: Row, held: Sequence[Span]) -> bool:
    met = (not terms.isdisjoint(word.terms) for terms, word in zip(row, held, strict=False))
    return len(held) == len(row) and all(met)


def _best(marks: Sequence[Mark]) -> int:
    """Where the passage begins that has the most different rows in it."""
    best, chosen, first = 0, 0, 0
    for last in range(len(marks)):
        while marks[last].end - marks[first].start > LENGTH - LEAD and first < last:
            first += 1
        different = len({mark.row for mark in marks[first : last + 1]})
        if different > best:
            best, chosen = different, marks[first].start
    return chosen


def _pieces(text: str, marks: Iterable[Mark], start: int, end: int, signs: tuple[str, str]) -> Iterator[str]:
    at = start
    for first, last in _joined(marks, start, end):
        yield escape(text[at:first])
        yield f"{signs[0]}{escape(text[first:last])}{signs[1]}"
        at = last
    yield escape(text[at:end])


def _joined(marks: Iterable[Mark], start: int, end: int) -> list[tuple[int, int]]:
    """What is marked between two places; marks that overlap are one."""
    joined: list[tuple[int, int]] = []
    for mark in marks:
        if mark.start < start or mark.end > end:
            continue
        if joined and mark.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], mark.end))
        else:
            joined.append((mark.start, mark.end))
    return joined
