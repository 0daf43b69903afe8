"""Text to terms: one way for what is indexed and for what is asked.

Case, accents, apostrophes, vowel signs and forms of letters do not tell words apart, and English endings come off.
Every word takes one position, so that phrases are exact; there are no stop words. Scripts that do not put spaces
between words take one position a character and are found by pairs of them.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

# Part of the stamp of an index: to be raised with every change of what this module returns.
VERSION = 1
# Of a longer word only the beginning tells it apart; terms must not grow with hostile text.
TERM_LENGTH = 64
# The terms before the first word and after the last of each value of a field with several.
START, END = "\x02", "\x03"

APOSTROPHES = "'`´‘’‛′ʹʻʼʽʾʿˈ՚׳＇"
HYPHENS = r"\-_‐‑⁃−－"
# Invisible inside a word: soft hyphen, joiners, marks of direction.
INVISIBLE = "\u00ad\u034f\u061c\u200c\u200d\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"


def _of_category(first: str) -> str:
    """Every character of the basic plane whose Unicode category begins so."""
    return "".join(chr(code) for code in range(0x10000) if unicodedata.category(chr(code)).startswith(first))


MARKS = _of_category("M")
DIGITS = {ord(sign): str(unicodedata.decimal(sign)) for sign in _of_category("Nd")}
# Accents, and the vowel signs of Arabic and Hebrew. Marks of other scripts are letters of their own.
ACCENTS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufe20-\ufe2f"
)
DROPPED = re.compile(f"[{ACCENTS}{APOSTROPHES}{INVISIBLE}\u0640]")
# Letters that no decomposition makes plain, and letters that one script writes in two ways.
LETTERS = (
    str.maketrans(
        {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i"}
        | {"ى": "ي", "ی": "ي", "ے": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا", "⁄": " "}
    )
    | DIGITS
)
SIGNS = str.maketrans({sign: " " for sign in "™®©℠"} | {sign: "" for sign in APOSTROPHES})

# Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer.
UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3041-\u30ff\u3131-\u318e"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
SEGMENT = re.compile(rf"([{UNSPACED}]+)|(?:(?![{UNSPACED}])[^\W_]|(?![{UNSPACED}])[{MARKS}])+")

# A run is a word as it is written: letters, digits and their marks, with apostrophes and hyphens inside; or initials.
INITIALS = r"(?<!\w)[^\W\d_](?:\.[^\W\d_](?!\w))+\.?"
RUN = re.compile(rf"{INITIALS}|[\w{MARKS}](?:[\w{MARKS}{INVISIBLE}]|[{APOSTROPHES}{HYPHENS}](?=[\w{MARKS}]))*")
HYPHEN = re.compile(f"[{HYPHENS}]")
PART = re.compile(f"[^{HYPHENS}]+")
POSSESSIVE = re.compile(f"[{APOSTROPHES}][sS]$")
# The articles and pronouns that French and Italian write into the next word.
ELIDED = re.compile(
    rf"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|all|dall|dell|nell|sull|quell|un)[{APOSTROPHES}](?=\w\w)", re.IGNORECASE
)


def fold(text: str) -> str:
    """The text without what does not tell words apart: case, accents, apostrophes, forms of letters and digits."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    plain = unicodedata.normalize("NFKD", text.translate(SIGNS)).casefold()
    return unicodedata.normalize("NFC", DROPPED.sub("", plain).translate(LETTERS))


_stemmer = Stemmer.Stemmer("english", 0)
_stemming = threading.Lock()


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """A folded word without its English ending."""
    if not (word.isascii() and word.isalpha()) or len(word) > TERM_LENGTH:
        return word[:TERM_LENGTH]
    with _stemming:
        return _stemmer.stemWord(word)


class Run(NamedTuple):
    """The terms of one word as written, a tuple for each position that it takes.

    The first term of a position is the one to ask for, the others are found too. `whole` is a hyphenated word in one.
    """

    places: tuple[tuple[str, ...], ...]
    whole: str = ""


def read(run: str) -> Run:
    return _read(run) if len(run) <= TERM_LENGTH else _read.__wrapped__(run)


@lru_cache(maxsize=1 << 17)
def _read(run: str) -> Run:
    if "." in run:
        letters = fold(run.replace(".", ""))[: TERM_LENGTH - 1]
        return Run(((f"{letters}.", letters),))
    parts = [part for part in HYPHEN.split(POSSESSIVE.sub("", run)) if part]
    places = tuple(place for part in parts for place in _places(part))
    if len(parts) < 2 or len(places) != len(parts):
        return Run(places)
    whole = stem("".join(fold(part) for part in parts))
    return Run(((*places[0], whole), *places[1:]), whole)


def _places(part: str) -> Iterator[tuple[str, ...]]:
    """Of a word without hyphens: one place, or one a character where the script has no spaces."""
    also = []
    if elided := ELIDED.match(part):
        also.append(stem(fold(part[elided.end() :])))
    if part.isupper() and part.isascii() and part.isalpha() and 1 < len(part) < 6:
        also.append(f"{part.lower()}.")
    for segment in SEGMENT.finditer(fold(part)):
        if segment[1]:
            yield from _pairs(segment[1])
        else:
            yield (stem(segment[0]), *also)


def _pairs(text: str) -> Iterator[tuple[str, ...]]:
    yield from ((text[at : at + 2], text[at]) for at in range(len(text) - 1))
    yield (text[-1],)


def placed(text: str, found: dict[str, list[int]], at: int = 0) -> int:
    """Add to `found` where each term stands in `text`, counted from `at`; returns the position after the last."""
    for run in RUN.findall(text):
        for place in read(run).places:
            for term in place:
                found.setdefault(term, []).append(at)
            at += 1
    return at


def asked(text: str) -> list[str]:
    """The terms that must stand one behind the other where `text` stands."""
    places = [place for run in RUN.findall(text) for place in read(run).places]
    terms = [place[0] for place in places]
    # A last character alone says no more than the pair before it.
    if len(places) > 1 and len(places[-2]) > 1 and places[-2][1] + terms[-1] == terms[-2]:
        terms.pop()
    return terms


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of terms by any of which `text` is found: its words, and for a hyphenated word the whole in one."""
    terms, runs = asked(text), RUN.findall(text)
    whole = read(runs[0]).whole if len(runs) == 1 else ""
    return [row for row in (tuple(terms), (whole,) if whole else ()) if row]


def spans(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Where each word of `text` begins and ends, and the terms it is found by; a hyphenated word by its parts."""
    for match in RUN.finditer(text):
        run = match[0]
        terms = _terms(run) if len(run) <= TERM_LENGTH else _terms.__wrapped__(run)
        if terms is not None:
            yield *match.span(), terms
        elif whole := read(run).whole:
            start = match.start()
            parts = PART.finditer(run)
            yield from ((start + part.start(), start + part.end(), _all(part[0]) | {whole}) for part in parts)
        else:
            yield from _character_spans(run, match.start())


@lru_cache(maxsize=1 << 17)
def _terms(run: str) -> frozenset[str] | None:
    """What a run is found by as one; None if it is found by its parts."""
    in_parts = read(run).whole or (not run.isascii() and UNSPACED_RUN.search(run))
    return None if in_parts else _all(run)


def _all(run: str) -> frozenset[str]:
    return frozenset(term for place in read(run).places for term in place)


def _character_spans(run: str, start: int) -> Iterator[tuple[int, int, frozenset[str]]]:
    """A character of a script without spaces is found by itself and by the pairs on both sides of it."""
    end = 0
    for match in UNSPACED_RUN.finditer(run):
        if match.start() > end:
            yield start + end, start + match.start(), _all(run[end : match.start()])
        end = match.end()
        signs = [fold(sign) for sign in match.group()]
        for at, sign in enumerate(signs):
            around = {sign, "".join(signs[max(0, at - 1) : at + 1]), "".join(signs[at : at + 2])}
            yield start + match.start() + at, start + match.start() + at + 1, frozenset(around)
    if end < len(run):
        yield start + end, start + len(run), _all(run[end:])
