"""BM25F as Whoosh counts it by default."""

from __future__ import annotations

from math import log

import numpy as np
from whoosh.util.numeric import byte_to_length

B, K1 = 0.75, 1.2
# Whoosh keeps the number of words of a field in a byte.
LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)
# The score of what matches and is worth nothing: added to a real score it changes nothing, but it is not zero, so that
# in an array of scores only those documents have zero that do not match.
TRACE = 1e-30
# What is below comes from TRACE alone.
LEAST = 1e-20


def rarity(documents: int, frequency: int) -> float:
    """What a term weighs that stands in so many of all documents."""
    return log(max(1, documents) / (frequency + 1)) + 1


def norms(lengths: np.ndarray, words: int, documents: int) -> np.ndarray:
    """What the length of each document's field takes from its score."""
    average = words / max(1, documents) or 1
    return (K1 * ((1 - B) + B * LENGTHS / average)).astype(np.float32).take(lengths)


def rated(times: np.ndarray, norms: np.ndarray, weight: float) -> np.ndarray:
    """Scores of documents in which a term of this weight stands so many times."""
    scores = times.astype(np.float32)
    norms = norms + scores
    scores *= weight * (K1 + 1)
    scores /= norms
    return scores
