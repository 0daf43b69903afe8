"""The forms of one field in one segment, to be looked through by their letters."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary, proxy

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .. import analysis
from ..segments.segment import Segment
from .matches import each_once, ranges

Numbers = npt.NDArray[np.intp]
# Behind every UTF-8 string.
LAST = b"\xff"
BREAK = "\n"
# Of the bytes of UTF-8: all signs but those of ASCII are from here on; and so are, by these bits, all but the first of
# a sign.
FIRST_UNPLAIN, CONTINUES = 0x80, 0xC0
APOSTROPHE = ord("'")
# The bit of a letter is told by the last bits of its number.
BITS = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))


class Lexicon:
    """Forms are told apart without accents, as words are everywhere else; their numbers are the segment's.

    Derived from the dictionary of the segment when something is first looked for, and kept as long as the segment.
    """

    def __init__(self, segment: Segment, name: str) -> None:
        # The table of lexicons must not keep a segment that nobody uses any more.
        self.segment, self.name = proxy(segment), name
        self.range = segment.form_range(name, b"", LAST)

    def beginning(self, start: str) -> Numbers:
        """Forms that begin so, folded, in ascending order."""
        plain, encoded = analysis.fold(start), start.encode()
        if not plain:
            return np.empty(0, np.intp)
        written = [self._between(text) for text in {plain.encode(), encoded}]
        return each_once(np.concatenate([*written, self._refolded(plain)]))

    def like(self, pattern: str) -> Numbers:
        """Forms with `*` for any letters and `?` for one letter."""
        pieces = [analysis.fold(piece) for piece in re.split(r"[*?]", pattern)]
        longest = max(pieces, key=len)
        candidates = self.beginning(pieces[0]) if pieces[0] else self._holding(longest)
        candidates = self._as_long(candidates, sum(map(len, pieces)) + pattern.count("?"), "*" in pattern)
        matches = matcher(pattern).fullmatch
        kept = [
            number for number, text in zip(candidates.tolist(), self.texts(candidates), strict=True) if matches(text)
        ]
        return np.array(kept, np.intp)

    def near(self, word: str, distance: int, prefix: int = 0) -> tuple[Numbers, npt.NDArray[np.uint8]]:
        """Forms at most so many letters from a folded word, and how many; to swap two neighbours counts once."""
        lines = self._folded
        candidates = lines.alike(word, distance)
        texts = lines.some(candidates)
        if prefix:
            begun = [number for number, text in enumerate(texts) if text.startswith(word[:prefix])]
            candidates, texts = candidates[begun], [texts[number] for number in begun]
        kept, far = closest(word, texts, distance, OSA.distance)
        return candidates[kept] + self.range.start, far

    def _as_long(self, numbers: Numbers, length: int, or_longer: bool) -> Numbers:
        lines = numbers - self.range.start
        lengths = self._folded.starts.take(lines + 1) - self._folded.starts.take(lines) - 1
        return numbers.compress(lengths >= length if or_longer else lengths == length)

    def texts(self, numbers: Numbers) -> list[str]:
        """Forms by their numbers, folded."""
        return self._folded.some(numbers - self.range.start)

    def _between(self, start: bytes) -> Numbers:
        found = self.segment.form_range(self.name, start, start + LAST)
        return np.arange(found.start, found.stop)

    def _holding(self, piece: str) -> Numbers:
        """Forms with a piece of text in them."""
        folded = self._folded
        places = list(_places(piece, folded.text))
        lines = folded.starts.searchsorted(np.array(places, np.intp), "right") - 1
        return each_once(lines) + self.range.start

    def _refolded(self, plain: str) -> Numbers:
        texts, numbers = self._sorted
        return numbers[bisect_left(texts, plain) : bisect_left(texts, plain + "\U0010ffff")]

    @cached_property
    def _changed(self) -> tuple[Numbers, list[str]]:
        """Forms that folding may change, as numbers of lines, and what it makes of them."""
        content, bounds = self.segment.form_bytes(self.range)
        odd = np.flatnonzero((content >= FIRST_UNPLAIN) | (content == APOSTROPHE))
        numbers = np.unique(bounds.searchsorted(odd, "right") - 1)
        forms = [content[bounds[number] : bounds[number + 1]].tobytes() for number in numbers.tolist()]
        return numbers, list(map(analysis.fold, decoded(forms)))

    @cached_property
    def _sorted(self) -> tuple[list[str], Numbers]:
        """The same in the order of what folding makes of them, with the numbers of the segment."""
        numbers, folded = self._changed
        order = sorted(range(len(folded)), key=folded.__getitem__)
        return [folded[at] for at in order], numbers[order] + self.range.start

    @cached_property
    def _folded(self) -> Lines:
        """Everything is put in its place at once; a form by itself would take a hundred times as long."""
        content, bounds = self.segment.form_bytes(self.range)
        numbers, folded = self._changed
        others = [text.encode() for text in folded]
        starts, lengths = bounds[:-1].copy(), np.diff(bounds)
        lengths[numbers] = list(map(len, others))
        starts[numbers] = len(content) + np.cumsum(lengths[numbers]) - lengths[numbers]
        source = np.concatenate((content, np.frombuffer(b"".join(others), np.uint8)))
        begins = np.cumsum(lengths + 1) - lengths - 1
        lines = np.full(int(lengths.sum()) + len(lengths), ord(BREAK), np.uint8)
        lines[ranges(begins, lengths)] = source.take(ranges(starts, lengths))
        return Lines.read(lines, begins)

    @cached_property
    def terms(self) -> Lines:
        """The terms of the field, in the order of the segment."""
        segment = self.segment
        return Lines.of(decoded(segment.terms(segment.terms_of(self.name))))


class Lines:
    """Words, one a line; each line starts at one of `starts`, and the last of these is behind them all."""

    def __init__(self, text: str, starts: Numbers) -> None:
        self.text, self.starts = text, starts

    @classmethod
    def of(cls, words: list[str]) -> Lines:
        starts = np.zeros(len(words) + 1, np.intp)
        lengths = np.fromiter(map(len, words), np.intp, len(words))
        np.cumsum(lengths + 1, out=starts[1:])
        return cls(BREAK.join([*words, ""]), starts)

    @classmethod
    def read(cls, lines: npt.NDArray[np.uint8], begins: Numbers) -> Lines:
        """Of lines as bytes, each of which begins with a letter of its own."""
        text = lines.tobytes().decode(errors="replace")
        ends = np.append(begins, len(lines))
        if len(text) == len(lines):
            return cls(text, ends)
        letters = np.zeros(len(lines) + 1, np.intp)
        np.cumsum((lines & CONTINUES) != FIRST_UNPLAIN, out=letters[1:])
        return cls(text, letters.take(ends))

    def some(self, numbers: Numbers) -> list[str]:
        bounds = zip(self.starts[numbers].tolist(), (self.starts[numbers + 1] - 1).tolist(), strict=True)
        return [self.text[start:end] for start, end in bounds]

    def alike(self, word: str, distance: int, among: slice = slice(None)) -> Numbers:
        """The numbers of those that may be so many letters from a word, told by which letters they have."""
        marks, lengths = self._signatures
        mark, length = signatures(word + BREAK, np.zeros(1, np.intp))
        # A letter more or less changes one bit of the mark, another letter two.
        alike = np.bitwise_count(marks[among] ^ mark) <= 2 * distance
        alike &= np.abs(lengths[among] - length) <= distance
        found = np.flatnonzero(alike) + (among.start or 0)
        # Those that are left are looked at more closely: what is longer has letters more, and lacks fewer.
        marks, longer = marks[found], lengths[found] - length
        added, missing = np.bitwise_count(marks & ~mark), np.bitwise_count(mark & ~marks)
        return found[(added <= distance + np.minimum(longer, 0)) & (missing <= distance - np.maximum(longer, 0))]

    @cached_property
    def _signatures(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int16]]:
        return signatures(self.text, self.starts[:-1])


def decoded(strings: list[bytes]) -> list[str]:
    """All at once, which is far quicker; only if some hold a break themselves, one by one."""
    together = BREAK.encode().join(strings).decode(errors="replace").split(BREAK)
    return together if len(together) == len(strings) else [string.decode(errors="replace") for string in strings]


def _places(piece: str, text: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + len(piece))


def closest(word: str, texts: list[str], distance: int, scorer: Any) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    """Which of some words are at most so far from one, and how far each of these is."""
    if not texts:
        return np.empty(0, np.intp), np.empty(0, np.uint8)
    far = process.cdist([word], texts, scorer=scorer, score_cutoff=distance, dtype=np.uint8)[0]
    kept = np.flatnonzero(far <= distance)
    return kept, far[kept]


def signatures(text: str, starts: Numbers) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int16]]:
    """For each line a mark with a bit for each letter in it, and its length."""
    if not len(starts):
        return np.empty(0, np.uint64), np.empty(0, np.int16)
    letters = codes(text)
    bits = BITS.take(letters & (len(BITS) - 1))
    lengths = np.diff(np.append(starts, len(letters))) - 1
    return np.bitwise_or.reduceat(bits, starts), np.minimum(lengths, 1 << 14).astype(np.int16)


def codes(text: str) -> npt.NDArray[Any]:
    if text.isascii():
        return np.frombuffer(text.encode(), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern of `*` and `?` as an expression that takes time in proportion to the word.

    The first place where a piece fits is as good as any later one, so it is never given up again.
    """
    first, *middle = [_piece(piece) for piece in re.split(r"\*+", pattern)]
    if not middle:
        return re.compile(first)
    last = middle.pop()
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last)


def _piece(text: str) -> str:
    return "".join("." if part == "?" else re.escape(analysis.fold(part)) for part in re.split(r"(\?)", text))


_lexicons: WeakKeyDictionary[Segment, dict[str, Lexicon]] = WeakKeyDictionary()
_counts: WeakKeyDictionary[Segment, Numbers] = WeakKeyDictionary()
_by_term: WeakKeyDictionary[Segment, tuple[Numbers, Numbers]] = WeakKeyDictionary()
_keeping = threading.Lock()


def lexicon(segment: Segment, name: str) -> Lexicon:
    with _keeping:
        kept = _lexicons.setdefault(segment, {})
        if name not in kept:
            kept[name] = Lexicon(segment, name)
        return kept[name]


def form_counts(segment: Segment) -> Numbers:
    """How many forms each term of a segment has."""
    with _keeping:
        if segment not in _counts:
            _counts[segment] = np.bincount(segment.form_terms, minlength=len(segment.frequencies))
        return _counts[segment]


def form_entries(segment: Segment, term: int) -> Numbers:
    """The entries of the forms of a term, in ascending order."""
    with _keeping:
        held = _by_term.get(segment)
    if held is None:
        held = np.argsort(segment.form_terms, kind="stable").astype(np.int32), form_counts(segment).cumsum()
        with _keeping:
            _by_term[segment] = held
    entries, ends = held
    return entries[ends[term - 1] if term else 0 : ends[term]].astype(np.intp)
