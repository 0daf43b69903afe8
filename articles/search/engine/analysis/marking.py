"""Where the words of a text begin and end, and what each is found by."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from .folding import APOSTROPHES, HYPHENS, TERM_LENGTH, fold
from .languages import language_of
from .stemming import plain_stems
from .tokens import blanked, plainer, runs
from .words import UNSPACED_RUN, is_plain, parts_of, places, whole

PART = re.compile(f"[^{HYPHENS}]+")
PIECE = re.compile(r"[^ ]+")
# Runs of which the terms are kept.
KEPT = 1 << 15

# Terms and forms that are kept of the pieces of a language.
KNOWN = 1 << 17
# So many pieces are looked for one by one; for more, every piece of the text is looked at.
FEW = 16

# What a run is found by as one, and its form; nothing where it has no letter or digit; None where its parts are found.
Found = tuple[frozenset[str], str] | tuple[()] | None


class Span(NamedTuple):
    start: int
    end: int
    terms: Collection[str]
    form: str

    def moved(self, by: int) -> Span:
        return Span(self.start + by, self.end + by, self.terms, self.form)


def spans(text: str, language: str = "") -> Iterator[Span]:
    """Where each word of a text of a language stands; a hyphenated word by its parts."""
    key = language_of(language)
    if text.isalnum():
        yield from _spans(text, 0, key)
        return
    text = plainer(text)
    found = runs(text)
    for run, start in zip(found, _starts(text, found), strict=True):
        yield from _spans(run, start, key)


class Vocabulary:
    """Pieces of texts of a language that were seen, by the words in them: most stand in text after text.

    So a question that is new costs little: what it looks for is looked up, and not compared with every piece.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._known: set[str] = set()
        self._by_term: dict[str, list[str]] = {}
        self._by_form: dict[str, list[str]] = {}
        self._kept = 0

    def having(self, pieces: set[str], terms: frozenset[str], forms: frozenset[str]) -> set[str]:
        """Those with a word that has one of these terms, or is written in one of these forms."""
        new = pieces - self._known
        long = {piece for piece in new if len(piece) > TERM_LENGTH}
        self._learn(new - long)
        found = {piece for term in terms for piece in self._by_term.get(term, ())}
        found.update(piece for form in forms for piece in self._by_form.get(form, ()))
        also = {piece for piece in long if any(_meets(word, terms, forms) for word in spans(piece, self._language))}
        return found & pieces | also

    def _learn(self, pieces: set[str]) -> None:
        plain = [piece for piece in pieces if is_plain(piece)]
        forms = [piece.lower() for piece in plain]
        for piece, form, stem in zip(plain, forms, plain_stems(forms, self._language), strict=True):
            self._keep(piece, (stem,), form)
        for piece in pieces.difference(plain):
            for word in spans(piece, self._language):
                self._keep(piece, word.terms, word.form)
        # Last, so that no other thread takes one for known before it is.
        self._known.update(pieces)

    def _keep(self, piece: str, terms: Collection[str], form: str) -> None:
        for term in terms:
            self._by_term.setdefault(term, []).append(piece)
        self._by_form.setdefault(form, []).append(piece)
        self._kept += len(terms) + 1

    @property
    def is_full(self) -> bool:
        return self._kept > KNOWN


_vocabularies: dict[str, Vocabulary] = {}


def _vocabulary(language: str) -> Vocabulary:
    held = _vocabularies.get(language)
    if held is None or held.is_full:
        held = _vocabularies[language] = Vocabulary(language)
    return held


def _meets(word: Span, terms: frozenset[str], forms: frozenset[str]) -> bool:
    return word.form in forms or not terms.isdisjoint(word.terms)


class Sought:
    """Words that are looked for in texts of a language: by any of their terms, or as they are written."""

    def __init__(self, terms: frozenset[str], forms: frozenset[str], language: str = "") -> None:
        self._terms, self._forms, self._language = terms, forms, language_of(language)

    def words(self, text: str) -> Iterator[tuple[list[Span], int]]:
        """Each piece of the text with such a word: its words as if it stood at the beginning, and where it stands."""
        laid = blanked(text)
        found = self._found(laid)
        for piece, start in _standing(laid, found):
            yield found[piece], start

    def stretches(self, text: str, reach: int) -> Iterator[tuple[list[Span], list[int]]]:
        """The words around those that are looked for: each with so many pieces in all, of which it is in the first; and
        which of the words they are, or stand in one piece with.
        """
        laid = blanked(text)
        here = {start for _, start in _standing(laid, self._found(laid))}
        end = 0
        for start in sorted(here):
            if start >= end:
                words, sought, end = self._stretch(laid, start, here, reach)
                yield words, sought

    def _stretch(self, laid: str, start: int, here: set[int], reach: int) -> tuple[list[Span], list[int], int]:
        """From one of the places that are looked for, as far as they follow each other; and where that ends."""
        words: list[Span] = []
        sought: list[int] = []
        left = end = 0
        for piece in PIECE.finditer(laid, start):
            own = [word.moved(piece.start()) for word in spans(piece[0], self._language)]
            if piece.start() in here:
                left = reach
                sought.extend(range(len(words), len(words) + len(own)))
            words += own
            # Signs alone take no place.
            left -= bool(own)
            end = piece.end()
            if not left:
                break
        return words, sought, end

    def _found(self, laid: str) -> dict[str, list[Span]]:
        """The pieces with a word that is looked for, and the words of each."""
        found = _vocabulary(self._language).having(set(laid.split()), self._terms, self._forms)
        return {piece: list(spans(piece, self._language)) for piece in found}


def _standing(laid: str, pieces: Collection[str]) -> Iterator[tuple[str, int]]:
    """Where some pieces stand among blanks, in no order."""
    if len(pieces) > FEW:
        yield from ((piece[0], piece.start()) for piece in PIECE.finditer(laid) if piece[0] in pieces)
        return
    laid = f" {laid} "
    for piece in pieces:
        at = laid.find(f" {piece} ")
        while at >= 0:
            yield piece, at
            at = laid.find(f" {piece} ", at + len(piece) + 1)


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
