"""A text as a few numbers, by which another printing of it is known again: MinHash over runs of words.

A sketch is bytes: `SIZE` numbers, each the least of all runs of words under a hash function of its own, and the number
of words. The share of equal numbers in two sketches is about the share of runs that two texts have in common. The same
text has the same sketch in every process and on every machine; whoever changes that deletes the stored ones.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
from numpy.typing import NDArray

SIZE = 32
# Articles that have one of ten bands of three numbers in common are compared. Of two texts with half of their runs in
# common this finds 74 in a hundred, with six tenths 91, with two thirds 97, and with a tenth one (docs/printings.md).
BANDS, ROWS = 10, 3
# A text of fewer words says too little to be known by.
FEWEST_WORDS = 20
# So much of a text is looked at.
MOST_CHARACTERS = 1_000_000
# Runs that are hashed in one step: it bounds the memory for long texts.
STEP = 4096

# Thai and Lao, Burmese, Khmer, Japanese and Chinese: scripts without spaces, of which each character counts as a word.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
# Most texts are plain letters but for these; their words are found ten times faster, and are the same.
_MARKS = re.compile("[‘’“”–—…\u00a0]")
_PLAIN = bytes(code if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128)).lower() + bytes(128)
# Words in a run; characters in one, where they are words. Eight characters are about five words.
RUN, UNSPACED_RUN = 5, 8

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_STIR = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_HALF = np.uint64(32)
_SEEDS = np.arange(1, SIZE + 1, dtype=np.uint64)[:, None] * _FACTOR


def sketch(text: str) -> bytes | None:
    """The sketch of a text; None for one that is too short to be told from others."""
    words, length = _words(text[:MOST_CHARACTERS])
    if len(words) < FEWEST_WORDS:
        return None
    runs = _runs(words, length)
    least = np.full(SIZE, 2**32 - 1, dtype=np.uint64)
    for start in range(0, len(runs), STEP):
        least = np.minimum(least, _stirred(runs[start : start + STEP] ^ _SEEDS).min(axis=1) >> _HALF)
    return np.append(least, np.uint64(len(words))).astype("<u4").tobytes()


def _words(text: str) -> tuple[list[bytes], int]:
    """The words of a text, their case folded, and how many make a run."""
    plain = _MARKS.sub(" ", text)
    if plain.isascii():
        return plain.encode().translate(_PLAIN).split(), RUN
    words = _WORD.findall(text.casefold())
    unspaced = 2 * len(_UNSPACED.findall(text)) > len(words)
    return [word.encode("utf-8", "surrogatepass") for word in words], UNSPACED_RUN if unspaced else RUN


def _runs(words: list[bytes], length: int) -> NDArray[np.uint64]:
    """A number for each run of so many words."""
    numbers = np.fromiter(map(zlib.crc32, words), np.uint64, len(words))
    count = len(words) - length + 1
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        runs = runs * _FACTOR + numbers[place : place + count]
    return runs


def _stirred(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same numbers, in place, so mixed that each of the upper half of the bits depends on all bits there were."""
    numbers *= _STIR[0]
    numbers ^= numbers >> _HALF
    numbers *= _STIR[1]
    return numbers


def likeness(one: bytes, other: bytes) -> float:
    """About what share of their runs of words two texts have in common, from 0 to 1, told by their sketches."""
    return float((_numbers(one)[:SIZE] == _numbers(other)[:SIZE]).mean())


def alike(one: bytes, other: bytes) -> bool:
    """Whether two texts are printings of one story."""
    words = min(int(_numbers(one)[SIZE]), int(_numbers(other)[SIZE]))
    return likeness(one, other) >= least_likeness(words)


def least_likeness(words: int) -> float:
    """How alike two texts must be, of which the shorter has so many words.

    Short texts of one form, such as notices of prices, share most of their words and differ in what they say.
    """
    return max(0.5, 0.9 - words / 600)


def band_keys(sketched: bytes) -> list[int]:
    """A number for each band, such as a database can hold; two texts that share one may be alike."""
    bands = _numbers(sketched)[: BANDS * ROWS].reshape(BANDS, ROWS).astype(np.uint64)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in range(ROWS):
        keys = (keys ^ bands[:, row]) * _FACTOR
        keys ^= keys >> _HALF
    return [int(key) for key in keys.view(np.int64)]


def _numbers(sketched: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(sketched, dtype="<u4")
