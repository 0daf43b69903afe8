"""Where the words of a text begin and end, and what each is found by."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from .folding import APOSTROPHES, HYPHENS, TERM_LENGTH, fold
from .languages import language_of
from .tokens import plainer, runs
from .words import UNSPACED_RUN, parts_of, places, whole

PART = re.compile(f"[^{HYPHENS}]+")
# Runs of which the terms are kept.
KEPT = 1 << 15

# What a run is found by as one, and its form; nothing where it has no letter or digit; None where its parts are found.
Found = tuple[frozenset[str], str] | tuple[()] | None


class Span(NamedTuple):
    start: int
    end: int
    terms: Collection[str]
    form: str


def spans(text: str, language: str = "") -> Iterator[Span]:
    """Where each word of a text of a language stands; a hyphenated word by its parts."""
    key = language_of(language)
    text = plainer(text)
    at = 0
    for run in runs(text):
        # Nothing between two runs is as a run begins, so that the next place is the right one.
        start = text.find(run, at)
        at = start + len(run)
        found = _found(run, key)
        if found is None:
            yield from _part_spans(run, start, key)
        elif found:
            yield Span(start, at, *found)


def _found(run: str, language: str) -> Found:
    return _kept(run, language) if len(run) <= TERM_LENGTH else _kept.__wrapped__(run, language)


@lru_cache(KEPT)
def _kept(run: str, language: str) -> Found:
    if len(parts_of(run)) > 1 or not (run.isascii() or UNSPACED_RUN.search(run) is None):
        return None
    found = places(run, language)
    return (frozenset(term for place in found for term in place.terms), found[0].form) if found else ()


def _part_spans(run: str, start: int, language: str) -> Iterator[Span]:
    parts = parts_of(run)
    also: frozenset[str] = frozenset()
    if 1 < len(parts) == len(places(run, language)):
        also = frozenset(whole(parts, language))
    for part in PART.finditer(run):
        first = start + part.start()
        if UNSPACED_RUN.search(part[0]):
            yield from _character_spans(part[0], first, language)
        elif found := _found(part[0], language):
            yield Span(first, start + part.end(), found[0] | also, found[1])


_sign = lru_cache(KEPT)(fold)


def _character_spans(part: str, start: int, language: str) -> Iterator[Span]:
    """A character of a script without spaces is found by itself and by the pairs on both sides of it."""
    at = 0
    for match in UNSPACED_RUN.finditer(part):
        yield from _word_span(part, start, at, match.start(), language)
        at = match.end()
        signs = [_sign(sign) for sign in match[0]]
        around = zip(["", *signs], signs, [*signs[1:], ""], strict=False)
        for first, (before, sign, after) in enumerate(around, start + match.start()):
            yield Span(first, first + 1, (sign, before + sign, sign + after), "")
    yield from _word_span(part, start, at, len(part), language)


def _word_span(part: str, start: int, first: int, last: int, language: str) -> Iterator[Span]:
    """Of what stands between such characters. There an apostrophe at either end joins nothing."""
    between = part[first:last]
    word = between.strip(APOSTROPHES)
    if word and (found := _found(word, language)):
        begin = start + first + between.index(word)
        yield Span(begin, begin + len(word), *found)
