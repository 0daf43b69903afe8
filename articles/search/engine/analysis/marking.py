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

# Runs of which is known whether they are looked for.
KNOWN = 1 << 13

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
    found = runs(text)
    for run, start in zip(found, _starts(text, found), strict=True):
        yield from _spans(run, start, key)


class Sought:
    """Words that are looked for in texts of a language: by any of their terms, or as they are written."""

    def __init__(self, terms: frozenset[str], forms: frozenset[str], language: str = "") -> None:
        self._terms, self._forms, self._language = terms, forms, language_of(language)
        # Of each run that was seen, whether it has such a word: most stand in text after text.
        self._known: dict[str, bool] = {}

    def stretches(self, text: str, reach: int) -> Iterator[tuple[list[Span], list[int]]]:
        """The words around those that are looked for: each with so many runs in all, of which it is in the first; and
        which of the words they are, or stand in one run with.
        """
        text = plainer(text)
        found = runs(text)
        known = self._known
        here = {at for at, run in enumerate(found) if (known[run] if run in known else self._has(run))}
        words: list[Span] = []
        sought: list[int] = []
        left = 0
        for at, start in enumerate(_starts(text, found) if here else ()):
            if at in here:
                left = reach
            if left:
                own = list(_spans(found[at], start, self._language))
                if at in here:
                    sought.extend(range(len(words), len(words) + len(own)))
                words += own
                # A run of signs alone takes no place.
                left -= bool(own)
            if words and not left:
                yield words, sought
                words, sought = [], []
        if words:
            yield words, sought

    def _meets(self, word: Span) -> bool:
        return word.form in self._forms or not self._terms.isdisjoint(word.terms)

    def _has(self, run: str) -> bool:
        found = any(map(self._meets, _spans(run, 0, self._language)))
        if len(self._known) >= KNOWN:
            self._known.clear()
        if len(run) <= TERM_LENGTH:
            self._known[run] = found
        return found


def _starts(text: str, found: list[str]) -> Iterator[int]:
    """Where the runs of a text begin. Nothing between two of them is as a run begins, so that the next place is it."""
    at = 0
    for run in found:
        start = text.find(run, at)
        at = start + len(run)
        yield start


def _spans(run: str, start: int, language: str) -> Iterator[Span]:
    found = _found(run, language)
    if found is None:
        yield from _part_spans(run, start, language)
    elif found:
        yield Span(start, start + len(run), *found)


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
    # Of more parts than a term has letters, nobody asks for the word in one.
    if 1 < len(parts) <= TERM_LENGTH and len(parts) == len(places(run, language)):
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
