"""A text as a few numbers, by which another printing of it is known again: MinHash over runs of words.

A sketch is bytes. Each run of words is given a number, which falls into one of `SIZE` parts; the sketch is the least
number of each part. What two texts have in common they have in common there. The same text has the same sketch in every
process and on every machine; whoever changes that deletes the stored ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

SIZE = 32
# The least numbers of a sketch are its keys. A text is kept under so many of them and looked for by more, because what
# is least in one may be a little less so in another, which has other runs too.
KEPT, ASKED = 5, 10
# A text of fewer words says too little to be known by.
FEWEST_WORDS = 20
# So much of a text is looked at.
MOST_CHARACTERS = 1_000_000
# Bytes that are hashed in one step, unless one text has more.
STEP = 400_000

# Thai and Lao, Burmese, Khmer, Japanese and Chinese: scripts without spaces, of which each character counts as a word.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_SPACED, _NO_WORD = re.compile(r"\w+"), re.compile(r"\W+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
# Most texts are letters of Western Europe but for these; their words are found ten times faster, and are the same.
_MARKS = re.compile("[‘’‚“”„‹›–—…•€™]")
_WESTERN = "".join(chr(code).lower() if chr(code).isalnum() or chr(code) == "_" else " " for code in range(256))
_PLAIN = _WESTERN.encode("latin-1")
# Words in a run; characters in one, where they are words. Eight characters are about five words.
RUN, UNSPACED_RUN = 5, 8

# What stands for the least number of a part that no run falls into.
_EMPTY = 2**32 - 1
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(int(_FACTOR), -1, 2**64))
_POWERS = {base: np.cumprod(np.full(STEP + 100_000, base), dtype=np.uint64) for base in (_FACTOR, _INVERSE)}
_SPACE = ord(" ")
_STIR = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_HALF = np.uint64(32)


def sketch(text: str) -> bytes | None:
    """The sketch of a text; None for one that is too short to be told from others."""
    return next(sketches([text]))


def sketches(texts: Iterable[str]) -> Iterator[bytes | None]:
    """The sketch of each text. Many are made in one go, since a go takes about as long for one as for a hundred."""
    waiting: list[tuple[bytes, int]] = []
    held = 0
    for text in texts:
        waiting.append(_words(text[:MOST_CHARACTERS]))
        held += len(waiting[-1][0])
        if held >= STEP:
            yield from _sketched(waiting)
            waiting, held = [], 0
    yield from _sketched(waiting)


def _words(text: str) -> tuple[bytes, int]:
    """The words of a text, their case folded, with spaces between them; and how many make a run."""
    plain = text if text.isascii() else _MARKS.sub(" ", text)
    if plain.isascii():
        return plain.encode().translate(_PLAIN), RUN
    if _is_western(plain):
        western = plain.encode("latin-1").translate(_PLAIN).decode("latin-1")
        return western.replace("ß", "ss").replace("µ", "μ").encode(), RUN
    folded = text.casefold()
    if not _UNSPACED.search(folded):
        return _encoded(_NO_WORD.sub(" ", folded)), RUN
    words = _WORD.findall(folded)
    return _encoded(" ".join(words)), UNSPACED_RUN if 2 * len(_UNSPACED.findall(folded)) > len(words) else RUN


def _is_western(text: str) -> bool:
    return len(text.encode("latin-1", "ignore")) == len(text)


def _encoded(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")


def words_of(text: str) -> list[str]:
    return (_WORD if _UNSPACED.search(text) else _SPACED).findall(text)


def _sketched(worded: list[tuple[bytes, int]]) -> list[bytes | None]:
    made: list[bytes | None] = [None] * len(worded)
    for length in (RUN, UNSPACED_RUN):
        chosen = [place for place, (_, of) in enumerate(worded) if of == length]
        if chosen:
            for place, sketched in zip(chosen, _made([worded[place][0] for place in chosen], length), strict=True):
                made[place] = sketched
    return made


def _made(texts: list[bytes], length: int) -> list[bytes | None]:
    """The sketches of these texts, whose runs have so many words."""
    words, ends = _numbered(b" %b " % b" ".join(texts))
    text_of = np.searchsorted(np.cumsum([len(text) + 1 for text in texts]), ends, side="left")
    counts = np.bincount(text_of, minlength=len(texts))
    last = max(len(words) - length + 1, 0)
    whole = text_of[:last] == text_of[len(words) - last :]
    runs = _stirred(_runs(words, length, last)[whole])
    parts = text_of[:last][whole] * SIZE + (runs % np.uint64(SIZE)).astype(np.intp)
    least = np.full(len(texts) * SIZE, _EMPTY, dtype="<u4")
    np.minimum.at(least, parts, (runs >> _HALF).astype("<u4"))
    rows = least.reshape(-1, SIZE)
    return [row.tobytes() if count >= FEWEST_WORDS else None for row, count in zip(rows, counts.tolist(), strict=True)]


def _numbered(spaced: bytes) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """A number for each word of a text that has spaces between them and at both ends, and where each word ends.

    The number of a word is a polynomial of its letters. Summed up along the text, all are the work of a few steps.
    """
    letters = np.frombuffer(spaced, dtype=np.uint8)
    space = letters == _SPACE
    edges = np.flatnonzero(space[1:] != space[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    sums = np.cumsum(letters * _powers(_FACTOR, len(letters)), dtype=np.uint64)
    polynomials = (sums[ends - 1] - sums[starts - 1]) * _powers(_INVERSE, len(letters))[starts]
    return _stirred(polynomials), ends.astype(np.intp)


def _powers(base: np.uint64, count: int) -> NDArray[np.uint64]:
    return _POWERS[base][:count] if count <= len(_POWERS[base]) else np.cumprod(np.full(count, base), dtype=np.uint64)


def _runs(words: NDArray[np.uint64], length: int, count: int) -> NDArray[np.uint64]:
    """A number for each run of so many words, those that reach from one text into the next among them."""
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        runs = runs * _FACTOR + words[place : place + count]
    return runs


def _stirred(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same numbers, in place, so mixed that each bit depends on all bits there were."""
    for factor in _STIR:
        numbers ^= numbers >> _HALF
        numbers *= factor
    numbers ^= numbers >> _HALF
    return numbers


def keys(sketched: Sequence[bytes]) -> list[list[int]]:
    """The keys of each sketch, least first: the first `KEPT` to keep it under, all to look for others by."""
    least = _matrix(sketched)
    order = np.argsort(least, axis=1, kind="stable")[:, :ASKED]
    chosen = np.take_along_axis(least, order, axis=1)
    numbers = (order.astype(np.int64) << 32) + chosen
    return [row[:count] for row, count in zip(numbers.tolist(), (chosen != _EMPTY).sum(axis=1).tolist(), strict=True)]


def in_common(sketched: dict[int, bytes], pairs: Sequence[tuple[int, int]]) -> list[int]:
    """How many numbers the sketches of each of these pairs have in common."""
    rows = {number: row for row, number in enumerate(sketched)}
    chosen = np.array([(rows[one], rows[other]) for one, other in pairs], dtype=np.intp).reshape(-1, 2)
    least = _matrix(list(sketched.values()))
    ones, others = least[chosen[:, 0]], least[chosen[:, 1]]
    found: list[int] = ((ones == others) & (ones != _EMPTY)).sum(axis=1).tolist()
    return found


def _matrix(sketched: Sequence[bytes]) -> NDArray[np.uint32]:
    return np.frombuffer(b"".join(sketched), dtype="<u4").reshape(-1, SIZE)
