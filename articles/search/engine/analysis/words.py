"""From a word as it is written to the places that it takes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .folding import APOSTROPHES, HYPHENS, MARKS, TERM_LENGTH, fold, written
from .stemming import stems, stems_of

# Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer.
UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3041-\u30ff\u3131-\u318e"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
SEGMENT = re.compile(rf"([{UNSPACED}]+)|(?:(?![{UNSPACED}])[^\W_]|(?![{UNSPACED}])[{MARKS}])+")

HYPHEN = re.compile(f"[{HYPHENS}]")
POSSESSIVE = re.compile(f"[{APOSTROPHES}][sS]$")
# The articles and pronouns that French, Italian and Catalan write into the next word.
ELIDED = re.compile(
    rf"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|all|dall|dell|nell|sull|quell|un)[{APOSTROPHES}](?=\w\w)", re.IGNORECASE
)
ELIDING = frozenset({"fr", "it", "ca"})


class Place(NamedTuple):
    """What stands at one place: the term to ask for, then those it is found by too; and the word as written."""

    terms: tuple[str, ...]
    form: str


def places(run: str, language: str) -> tuple[Place, ...]:
    """The places that a run takes in a text of a language (a key of `language_of`)."""
    if run.isalnum():
        return tuple(_places(run, language))
    if "." in run:
        return (_initials(run, language),)
    parts = parts_of(run)
    found = [place for part in parts for place in _places(part, language)]
    if len(parts) > 1 and len(found) == len(parts):
        terms = dict.fromkeys((*found[0].terms, *whole(parts, language)))
        found[0] = Place(tuple(terms), found[0].form)
    return tuple(found)


def is_plain(run: str) -> bool:
    """It takes one place, and in small letters it is the form there; `plain_stems` has the term."""
    return run.isascii() and run.isalpha() and len(run) <= TERM_LENGTH and not _is_capitals(run)


def parts_of(run: str) -> list[str]:
    """The words of a hyphenated word; of another the word itself. The possessive 's is no part of it."""
    return [part for part in HYPHEN.split(POSSESSIVE.sub("", run)) if part]


def whole(parts: list[str], language: str) -> tuple[str, ...]:
    """The terms of a hyphenated word in one."""
    return stems(written("".join(parts)), language)


def _initials(run: str, language: str) -> Place:
    letters = fold(run.replace(".", ""))[: TERM_LENGTH - 1]
    terms = dict.fromkeys((f"{letters}.", *stems(letters, language)))
    return Place(tuple(terms), f"{written(run).rstrip('.')}."[-TERM_LENGTH:])


def _places(part: str, language: str) -> list[Place]:
    """Of a word without hyphens: one place, or one a character where the script has no spaces."""
    if part.isascii() and part.isalnum():
        return [_place(part.lower(), part.lower(), _capitals(part), language)]
    also: tuple[str, ...] = ()
    if elided := ELIDED.match(part):
        rest = part[elided.end() :]
        part, other = (rest, part) if language in ELIDING else (part, rest)
        also = stems(written(other), language)
    also += _capitals(part)
    plain = fold(part)
    segments = list(SEGMENT.finditer(plain))
    if len(segments) == 1 and not segments[0][1]:
        return [_place(written(part), segments[0][0], also, language)]
    found: list[Place] = []
    for segment in segments:
        found += _pairs(segment[1]) if segment[1] else [_place(segment[0], segment[0], also, language)]
    return found


def _place(form: str, plain: str, also: tuple[str, ...], language: str) -> Place:
    terms = stems_of(form, plain, language)
    return Place(tuple(dict.fromkeys(terms + also)) if also else terms, form[:TERM_LENGTH])


def _capitals(part: str) -> tuple[str, ...]:
    return (f"{part.lower()}.",) if _is_capitals(part) else ()


def _is_capitals(part: str) -> bool:
    """A short word in capitals may be initials."""
    return part.isupper() and 1 < len(part) < 6 and part.isascii() and part.isalpha()


def _pairs(text: str) -> list[Place]:
    return [*map(_pair, text, text[1:]), Place((text[-1],), "")]


@lru_cache(1 << 15)
def _pair(first: str, second: str) -> Place:
    return Place((first + second, first), "")
