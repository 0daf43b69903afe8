"""The words of many texts at once, as bytes in one array, so that few calls of numpy find them all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .tokens import JOINS, STOP

# What a byte is to a word. What joins is a part of one only between two letters or digits.
LETTER, JOINING, INSIDE = 1, 2, 3


def _kind(code: int) -> int:
    if code >= 128 or (sign := chr(code)).isalnum() or sign == "_":
        return LETTER
    if sign in JOINS:
        return JOINING
    return INSIDE if sign in SIGNS else 0


# The marks of paragraphs and values, and full stops inside initials.
SIGNS = f"\x01\x02\x03{STOP}"
KINDS = bytes(map(_kind, range(256)))
# A number holds eight bytes of a word. By so many bytes, where only the first are of the word, those are left.
EIGHT = 8
MASKS = np.array([(1 << (8 * count)) - 1 for count in range(EIGHT + 1)], "u8")
# A longer word has no key.
LONGEST = 15


class Gathered:
    """The words of texts that `spaced` returned, one text behind the other; `counts` says how many each has."""

    def __init__(self, texts: Sequence[str]) -> None:
        parts = [text.encode() for text in texts]
        self._content = b" ".join([b"", *parts, b" " * 2 * EIGHT])
        edges = _edges(self._content)
        self._starts, self._lengths = edges[::2], edges[1::2] - edges[::2]
        ends = np.cumsum([len(part) + 1 for part in parts])
        self.counts = np.diff(np.searchsorted(self._starts, ends), prepend=0)
        self.long = self._lengths > LONGEST

    def __len__(self) -> int:
        return len(self._starts)

    def some(self, numbers: np.ndarray) -> list[str]:
        """Words by their numbers."""
        starts = self._starts[numbers]
        bounds = zip(starts.tolist(), (starts + self._lengths[numbers]).tolist(), strict=True)
        return [self._content[start:end].decode().replace(STOP, ".") for start, end in bounds]

    @property
    def keys(self) -> tuple[np.ndarray, np.ndarray]:
        """The first eight bytes of each word as a number, and the following seven; 0 where it is over.

        Only of words that are not `long` they are all that there is.
        """
        eights = np.ndarray(len(self._content) - EIGHT + 1, "<u8", self._content, strides=(1,))
        first = eights[self._starts] & MASKS[np.minimum(self._lengths, EIGHT)]
        following = np.zeros_like(first)
        longer = np.flatnonzero(self._lengths > EIGHT)
        left = np.minimum(self._lengths[longer], LONGEST) - EIGHT
        following[longer] = eights[self._starts[longer] + EIGHT] & MASKS[left]
        return first, following


def _edges(content: bytes) -> np.ndarray:
    """Where words begin and end, in turn."""
    kinds = np.frombuffer(bytearray(content.translate(KINDS)), "u1")
    joining = np.flatnonzero(kinds == JOINING)
    loose = (kinds[joining - 1] != LETTER) | (kinds[joining + 1] != LETTER)
    kinds[joining[loose]] = 0
    inside = kinds > 0
    return np.flatnonzero(inside[1:] != inside[:-1]) + 1
