"""The one way to read text that all engines share: ASCII letters or digits, lower case, stems by Snowball."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import Stemmer

WORD = re.compile(r"[a-z]+|[0-9]+")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
# Words that nobody asks for by themselves. They are indexed, and phrases hold them.
STOP_WORDS = frozenset(
    """a about after all also an and any are as at be been before but by can could did do for from had has have he her
    him his how i if in into is it its just like may me more most my no not now of on one only or other our out over
    said say says she so some such than that the their them then there these they this to two under up was we were
    what when which who will with would you your""".split()
)


def words_of(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return WORD.findall(plain.lower())


def sentences_of(text: str) -> list[list[str]]:
    """Its sentences as words; what is not written in Latin letters leaves none."""
    found = (words_of(sentence) for sentence in SENTENCE.split(text))
    return [words for words in found if words]


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@cache
def stem(word: str) -> str:
    return _stemmer().stemWord(word)


def stems(words: Iterable[str]) -> list[str]:
    return [stem(word) for word in words]
