"""From what somebody typed to the rows of terms by which it is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from .folding import APOSTROPHES, INVISIBLE, MARKS, unaccented
from .languages import DEFAULT, language_of
from .tokens import runs
from .words import Place, parts_of, places, whole

# Typed texts of which the rows are kept, and how long such a text may be.
KEPT, LENGTH = 1 << 12, 200
# What a pattern of letters has in it, `*` and `?` among them, without what parts a word from the next.
PATTERN = re.compile(rf"[\w*?{APOSTROPHES}{MARKS}{INVISIBLE}]+")

# Terms of which each must stand behind the one before, where a place may have any of several.
Slots = tuple[tuple[str, ...], ...]


class Row(NamedTuple):
    """Terms that must stand one behind the other, and beside each the form of its word.

    A slot has no form ("") where a script has no spaces, and where the row is not what was typed: a hyphenated word
    put together, or a text without its accents.
    """

    terms: tuple[str, ...]
    forms: tuple[str, ...]


def rows(text: str, languages: Iterable[str]) -> list[Row]:
    """The rows by any of which `text` is found in texts of these languages, the likeliest first."""
    asked = _keys(languages)
    return list(_rows(text, asked) if len(text) <= LENGTH else _rows.__wrapped__(text, asked))


def slots(text: str, languages: Iterable[str]) -> list[Slots]:
    """The same with all rows of one kind in one: of each slot, the terms that it may have.

    No two languages meet in it, since a text has one: what stands in another script there is stemmed alike in all.
    """
    asked = _keys(languages)
    return list(_slots(text, asked) if len(text) <= LENGTH else _slots.__wrapped__(text, asked))


def standing(text: str, languages: Iterable[str]) -> list[Row]:
    """The rows of `text` just as it stands, neither put together nor without its accents; no two of the same forms."""
    found = (_standing(text, language) for language in _keys(languages))
    told = {tuple(form or term for term, form in zip(*row, strict=True)): row for row in found if row.terms}
    return list(told.values())


def pattern_words(text: str) -> list[str]:
    """A pattern in pieces that can be compared with forms: words have no signs between letters but apostrophes."""
    return PATTERN.findall(text)


def _keys(languages: Iterable[str]) -> tuple[str, ...]:
    keys = dict.fromkeys(language_of(code) for code in languages) or {DEFAULT: None}
    return tuple(sorted(keys, key=lambda key: key != DEFAULT))


@lru_cache(KEPT)
def _rows(text: str, languages: tuple[str, ...]) -> tuple[Row, ...]:
    """No two with the same terms. A text may have been printed without accents, so that is looked for as well."""
    found: dict[tuple[str, ...], Row] = {}
    for language in languages:
        for row in _of_language(text, language):
            found.setdefault(row.terms, row)
    bare = unaccented(text)
    for language in languages if bare != text else ():
        for row in _of_language(bare, language):
            found.setdefault(row.terms, Row(row.terms, ("",) * len(row.terms)))
    return tuple(found.values())


@lru_cache(KEPT)
def _slots(text: str, languages: tuple[str, ...]) -> tuple[Slots, ...]:
    kinds: dict[tuple[int, bool], list[tuple[str, ...]]] = {}
    for row in rows(text, languages):
        kinds.setdefault((len(row.terms), any(row.forms)), []).append(row.terms)
    return tuple(tuple(tuple(dict.fromkeys(slot)) for slot in zip(*kind, strict=True)) for kind in kinds.values())


def _of_language(text: str, language: str) -> Iterator[Row]:
    """The words of `text` in a row, and a hyphenated word in one."""
    row = _standing(text, language)
    if row.terms:
        yield row
    written = runs(text)
    parts = parts_of(written[0]) if len(written) == 1 and "." not in written[0] else []
    if 1 < len(parts) == len(row.terms):
        yield Row(whole(parts, language)[:1], ("",))


def _standing(text: str, language: str) -> Row:
    stands = [place for run in runs(text) for place in places(run, language)]
    if _ends_in_pair(stands):
        stands.pop()
    return Row(tuple(place.terms[0] for place in stands), tuple(place.form for place in stands))


def _ends_in_pair(stands: list[Place]) -> bool:
    """Whether the last character says no more than the pair before it."""
    if len(stands) < 2 or stands[-2].form or len(stands[-2].terms) < 2:
        return False
    pair, first = stands[-2].terms
    return first + stands[-1].terms[0] == pair
