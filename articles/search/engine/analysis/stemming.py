"""Words without their endings, as each language has them."""

from __future__ import annotations

import re
import threading
from functools import cache

import Stemmer

from . import arabic
from .folding import TERM_LENGTH, fold
from .languages import DEFAULT, MARKS, PLAIN, WAYS

NUMBERED = re.compile(r"[\d_]")

# Where an apostrophe stands between a name and its endings.
ENDINGS_APART = frozenset({"tr"})

# Snowball gives this plural a stem of its own: eleições would not be found by eleição.
PLURALS = {"pt": (("ões", "ão"), ("oes", "ao"))}

# A stemmer is not safe in threads.
_stemming = threading.Lock()


def stems(form: str, language: str) -> tuple[str, ...]:
    """The terms of a word, the one to ask for first: its stem, and the stems that other spellings of it have.

    Each has the mark of its language behind it; a word with a digit in it, which no language shortens, has none.
    """
    return stems_of(form, fold(form), language)


def stems_of(form: str, plain: str, language: str) -> tuple[str, ...]:
    """The same of a word that is folded already."""
    way = _language(plain, language)
    if len(plain) > TERM_LENGTH or NUMBERED.search(plain):
        return (plain[:TERM_LENGTH],)
    if way == PLAIN:
        return (plain + MARKS[way],)
    if way == "ar":
        return tuple(dict.fromkeys([_folded_stem(reading, way) for reading in arabic.readings(plain)]))
    bare = _folded_stem(plain, way)
    if form == plain or not WAYS[way].accents or len(form) > TERM_LENGTH:
        return (bare,)
    stem = _folded_stem(form if way in ENDINGS_APART else form.replace("'", ""), way)
    # Many type a word without its accents.
    return (stem,) if stem == bare else (stem, bare)


def plain_stems(words: list[str], language: str) -> list[str]:
    """What `stems` says of words of small letters from a to z: one stem each. Of many words it is much quicker."""
    way = _language("", language)
    return [word + MARKS[way] for word in words] if way == PLAIN else _folded_stems(words, way)


def _language(plain: str, language: str) -> str:
    """By which language a word is stemmed: by script as well, for what is English in a text of another script."""
    if language == PLAIN or (plain.isascii() and WAYS[language].latin):
        return language
    if plain.isascii():
        return DEFAULT
    return PLAIN if language == DEFAULT else language


def _folded_stem(word: str, language: str) -> str:
    return _folded_stems([word], language)[0]


def _folded_stems(words: list[str], language: str) -> list[str]:
    if language in PLURALS:
        words = [_singular(word, language) for word in words]
    with _stemming:
        stemmed = _stemmer(language).stemWords(words)
    mark = MARKS[language]
    stems = [stem if stem.isascii() else fold(stem)[:TERM_LENGTH] for stem in stemmed]
    return [(stem or word) + mark for stem, word in zip(stems, words, strict=True)]


def _singular(word: str, language: str) -> str:
    for plural, singular in PLURALS[language]:
        if word.endswith(plural):
            word = word.removesuffix(plural) + singular
    return word


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    """One that keeps no table of words: its callers have their own."""
    return Stemmer.Stemmer(WAYS[language].algorithm, 0)
