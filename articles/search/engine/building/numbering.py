"""Words to numbers: by the bytes of those seen of late, by a table of strings what else there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..analysis.gathering import Gathered

# A new word, or a new value, weighs as much as this many words, and two more for each of its letters.
NEW = 32
LETTER = 2
# How many words have a place to be found at by their bytes: 20 bytes each.
BITS = 18
# Spreads what differs in any byte over all bits.
FACTOR = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(64 - BITS)
# The last byte of a key, of which a word takes fifteen, tells the language: from 1 on, or that the word has no key.
LANGUAGE = np.uint64(56)
NONE = 255


class Numbers(dict[Any, int]):
    """Runs of one language, or values, with their numbers. What is new gets the next number by being asked for."""

    def __init__(self, known: dict[str, int], following: Iterator[int]) -> None:
        super().__init__(known)
        self._following = following
        self.weight = 0

    def __missing__(self, new: Any) -> int:
        self.weight += NEW + LETTER * len(new)
        number = self[new] = next(self._following)
        return number


class Seen:
    """Numbers of words by their bytes. Each has one place, which it takes from the one that had it before."""

    def __init__(self) -> None:
        self._first, self._following = np.zeros((2, 1 << BITS), "u8")
        self._numbers = np.zeros(1 << BITS, "u4")

    def numbers(self, words: Gathered, languages: np.ndarray, tables: list[Numbers]) -> np.ndarray:
        """The number of each word; `languages` says which of the tables has it."""
        first, following = words.keys
        following |= np.where(words.long, NONE, languages + 1).astype("u8") << LANGUAGE
        places = ((first ^ following * FACTOR) * FACTOR >> SHIFT).astype(np.intp)
        numbers = self._numbers[places]
        known = (self._first[places] == first) & (self._following[places] == following) & ~words.long
        new = np.flatnonzero(~known)
        told = zip(languages[new].tolist(), words.some(new), strict=True)
        numbers[new] = [tables[language][word] for language, word in told]
        taken = places[new]
        self._first[taken], self._following[taken], self._numbers[taken] = first[new], following[new], numbers[new]
        return numbers
