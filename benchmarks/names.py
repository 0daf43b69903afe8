"""Invented names whose frequencies have no end: a Zipf-Mandelbrot law.

Recombined sentences hold no more words than their sources; the words of a real archive grow with its length (Heaps'
law). Newswire, press releases and two papers in English, read one behind the other, have about 16 * n ** 0.55
different words in n. Names of which the one of rank r is drawn in proportion to (r + OFFSET) ** -EXPONENT come to
n ** (1 / EXPONENT), and so to that growth when one word in twenty-five is such a name.
"""

from __future__ import annotations

import random
from functools import lru_cache

EXPONENT = 1.8
OFFSET = 6000
SHARE = 0.04
# No invented word may come by a doubtful way to be longer than an index takes.
LAST = 10**9

SYLLABLES = tuple(
    start + vowel for start in "b br d dr f g gr h k kl l m n p r s st t tr v z".split() for vowel in "aeiou"
)


def draw(chance: random.Random) -> str:
    """A name; the more often one is drawn, the lower its rank."""
    rank = OFFSET * ((1.0 - chance.random()) ** (-1 / (EXPONENT - 1)) - 1.0)
    return name(min(int(rank), LAST))


@lru_cache(200_000)
def name(rank: int) -> str:
    """Different names for different ranks, of two syllables and more."""
    base = len(SYLLABLES)
    rank += base
    parts = []
    while rank:
        rank, part = divmod(rank, base)
        parts.append(SYLLABLES[part])
    return "".join(reversed(parts))
