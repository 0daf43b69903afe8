"""Where the words of a text begin and end, and what each is found by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .folding import HYPHENS, TERM_LENGTH, fold
from .languages import language_of
from .tokens import RUN
from .words import UNSPACED_RUN, parts_of, places, whole

PART = re.compile(f"[^{HYPHENS}]+")
# Runs of which the terms are kept.
KEPT = 1 << 15


class Span(NamedTuple):
    start: int
    end: int
    terms: frozenset[str]
    form: str


def spans(text: str, language: str = "") -> Iterator[Span]:
    """Where each word of a text of a language stands; a hyphenated word by its parts."""
    key = language_of(language)
    for match in RUN.finditer(text):
        run = match[0]
        if _in_parts(run):
            yield from _part_spans(run, match.start(), key)
        elif found := _all(run, key):
            yield Span(*match.span(), *found)


def _in_parts(run: str) -> bool:
    return len(parts_of(run)) > 1 or not (run.isascii() or UNSPACED_RUN.search(run) is None)


def _part_spans(run: str, start: int, language: str) -> Iterator[Span]:
    parts = parts_of(run)
    also: frozenset[str] = frozenset()
    if 1 < len(parts) == len(places(run, language)):
        also = frozenset(whole(parts, language))
    for part in PART.finditer(run):
        first = start + part.start()
        if UNSPACED_RUN.search(part[0]):
            yield from _character_spans(part[0], first, language)
        elif found := _all(part[0], language):
            yield Span(first, start + part.end(), found[0] | also, found[1])


def _all(run: str, language: str) -> tuple[frozenset[str], str] | None:
    """What a word is found by, and its form; nothing for a run without a letter or digit."""
    return _kept(run, language) if len(run) <= TERM_LENGTH else _kept.__wrapped__(run, language)


@lru_cache(KEPT)
def _kept(run: str, language: str) -> tuple[frozenset[str], str] | None:
    found = places(run, language)
    return (frozenset(term for place in found for term in place.terms), found[0].form) if found else None


def _character_spans(part: str, start: int, language: str) -> Iterator[Span]:
    """A character of a script without spaces is found by itself and by the pairs on both sides of it."""
    at = 0
    for match in UNSPACED_RUN.finditer(part):
        yield from _word_span(part, start, at, match.start(), language)
        at = match.end()
        signs = [fold(sign) for sign in match[0]]
        for number, sign in enumerate(signs, match.start()):
            place = number - match.start()
            around = {sign, "".join(signs[max(0, place - 1) : place + 1]), "".join(signs[place : place + 2])}
            yield Span(start + number, start + number + 1, frozenset(around), "")
    yield from _word_span(part, start, at, len(part), language)


def _word_span(part: str, start: int, first: int, last: int, language: str) -> Iterator[Span]:
    """Of what stands between such characters."""
    if first < last and (found := _all(part[first:last], language)):
        yield Span(start + first, start + last, *found)
