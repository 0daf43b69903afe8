"""Words without their endings, as each language has them."""

from __future__ import annotations

import re
import threading

import Stemmer

from .folding import TERM_LENGTH, fold
from .languages import DEFAULT, PLAIN, WAYS

NUMBERED = re.compile(r"[\d_]")

# A stemmer is not safe in threads.
_stemming = threading.Lock()
_stemmers: dict[str, Stemmer.Stemmer] = {}


def stems(form: str, language: str) -> tuple[str, ...]:
    """The terms of a word: its folded stem, and the stem of how it is written without accents if that is another."""
    plain = fold(form)
    way = _language(plain, language)
    if way == PLAIN or len(plain) > TERM_LENGTH or NUMBERED.search(plain):
        return (plain[:TERM_LENGTH],)
    without = _folded_stem(plain, way)
    if not WAYS[way].accents or form == plain or len(form) > TERM_LENGTH:
        return (without,)
    return tuple(dict.fromkeys((_folded_stem(form, way), without)))


def _language(plain: str, language: str) -> str:
    """By which language a word is stemmed: by script as well, for what is English in a text of another script."""
    if language == PLAIN or (plain.isascii() and WAYS[language].latin):
        return language
    if plain.isascii():
        return DEFAULT
    return PLAIN if language == DEFAULT else language


def _folded_stem(word: str, language: str) -> str:
    return fold(stem(word, language))[:TERM_LENGTH] or word


def stem(word: str, language: str) -> str:
    with _stemming:
        if language not in _stemmers:
            _stemmers[language] = Stemmer.Stemmer(WAYS[language].algorithm, 0)
        return _stemmers[language].stemWord(word)
