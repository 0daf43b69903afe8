"""Runs to postings: each distinct run is looked at once, and a field is turned over for all documents of a segment.

A document is kept as the numbers of its runs (words as written). Here those numbers become terms with places, by ranges
of terms, so that the memory for it stays bounded.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .. import analysis
from ..analysis.stemming import plain_stems
from ..analysis.words import is_plain
from ..schema import GAP
from ..segments.output import Chunk

# The first numbers are no runs: nothing, and the marks.
NOTHING, PARAGRAPH, START, END = range(4)
FIRST = 4
# What a mark is found by, and the places it takes: after an END the next value begins GAP places on.
MARKS = {PARAGRAPH: (analysis.PARAGRAPH, 0), START: (analysis.START, 1), END: (analysis.END, GAP)}
# Of a text with more words than that, all that follow are taken to stand here.
LAST_PLACE = (1 << 24) - 1
# Occurrences that are sorted at a time: few enough to lie in the caches of a processor.
RANGE = 1 << 19


@dataclass
class Entries:
    """What the runs stand for: an entry for each term of each place of each run. Those of a run stand together.

    Terms and forms are numbers in `term_names` and `form_names`. Those of words ascend, and so do those of values that
    follow. The form of a place belongs to its first term; the other terms have form 0, which has no name.
    """

    runs: np.ndarray
    offsets: np.ndarray
    terms: np.ndarray
    forms: np.ndarray
    # By number of run: how many places it takes.
    widths: np.ndarray
    term_names: list[bytes]
    form_names: list[bytes]

    def __post_init__(self) -> None:
        # How many of these are words.
        self.words = self.widths.copy()
        self.words[:FIRST] = 0


class Reading:
    """Runs being looked at; `count` is above all their numbers."""

    def __init__(self, count: int) -> None:
        self._terms: dict[str, int] = {}
        self._forms = {"": 0}
        # Of each entry.
        self._runs, self._offsets, self._terms_of, self._forms_of = (array("I") for _ in range(4))
        self._widths = array("I", bytes(count * 4))
        for mark, (term, width) in MARKS.items():
            self._add(mark, 0, self._number(term), 0)
            self._widths[mark] = width

    def words(self, numbers: Mapping[str, int], language: str) -> None:
        """Take in the runs of a language."""
        plain: list[str] = []
        for run, number in numbers.items():
            if number >= FIRST:
                plain.append(run) if is_plain(run) else self._take(run, number, language)
        self._take_plain(plain, numbers, language)

    def _take(self, run: str, number: int, language: str) -> None:
        places = analysis.places(run, language)
        self._widths[number] = len(places)
        for offset, (terms, written) in enumerate(places):
            form = self._form(written)
            for term in terms if len(terms) == 1 else dict.fromkeys(terms):
                self._add(number, offset, self._number(term), form)
                form = 0

    def _take_plain(self, runs: list[str], numbers: Mapping[str, int], language: str) -> None:
        """Most runs by far are plain ones; many together take a fraction of the time."""
        written = [run.lower() for run in runs]
        own = list(map(numbers.__getitem__, runs))
        self._runs.extend(own)
        self._offsets.frombytes(bytes(4 * len(own)))
        self._terms_of.extend(map(self._number, plain_stems(written, language)))
        self._forms_of.extend(map(self._form, written))
        for number in own:
            self._widths[number] = 1

    def _add(self, run: int, offset: int, term: int, form: int) -> None:
        self._runs.append(run)
        self._offsets.append(offset)
        self._terms_of.append(term)
        self._forms_of.append(form)

    def entries(self, values: Mapping[bytes, int]) -> Entries:
        """Entries of all words, and of whole values."""
        above, nothing = len(self._terms), bytes(4 * len(values))
        names, terms, forms = sorted(values), sorted(self._terms), sorted(self._forms)
        self._runs.extend(map(values.__getitem__, names))
        self._offsets.frombytes(nothing)
        self._forms_of.frombytes(nothing)
        of_values = np.arange(above, above + len(names), dtype="u4")
        return Entries(
            _numbers(self._runs),
            _numbers(self._offsets),
            np.concatenate((_ranks(self._terms, terms)[_numbers(self._terms_of)], of_values)),
            _ranks(self._forms, forms)[_numbers(self._forms_of)],
            _numbers(self._widths),
            [term.encode() for term in terms] + names,
            [form.encode() for form in forms],
        )

    def _number(self, term: str) -> int:
        return self._terms.setdefault(term, len(self._terms))

    def _form(self, written: str) -> int:
        return self._forms.setdefault(written, len(self._forms))


def _numbers(column: array[int]) -> np.ndarray:
    return np.frombuffer(column, "u4")


def _ranks(numbers: dict[str, int], names: list[str]) -> np.ndarray:
    """The place of each number when its names ascend; those of characters ascend as their bytes do."""
    ranks = np.empty(len(numbers), "u4")
    ranks[list(map(numbers.__getitem__, names))] = np.arange(len(numbers))
    return ranks


class Field:
    """One field of all documents: `runs` (as intp, and not to be used again) one document behind the other, `counts` of
    them in each.
    """

    def __init__(self, entries: Entries, runs: np.ndarray, counts: np.ndarray) -> None:
        self._entries, self._counts = entries, counts
        self._runs = runs
        _drop_empty_paragraphs(runs, entries.words)
        self._documents = np.repeat(np.arange(len(counts), dtype="u4"), counts)
        self._used = np.bincount(self._runs, minlength=len(entries.widths))[entries.runs]
        totals = np.bincount(entries.terms, self._used, len(entries.term_names)).astype(np.intp)
        self._present = np.flatnonzero(totals)
        self._totals = totals[self._present]

    def lengths(self) -> np.ndarray:
        """How many places the words of each document take."""
        lengths = np.zeros(len(self._counts), "i8")
        filled = np.flatnonzero(self._counts)
        if filled.size:
            starts = np.cumsum(self._counts)[filled] - self._counts[filled]
            lengths[filled] = np.add.reduceat(self._entries.words[self._runs], starts, dtype="i8")
        return lengths

    def texts(self) -> Iterator[Chunk]:
        """Terms with their places and forms."""
        places, (numbers, names) = self._places(), self._numbered_forms()
        for low, high in stretches(self._totals, RANGE):
            entries, at, chunk = self._inverted(low, high)
            standing = np.minimum(places[at] + self._entries.offsets[entries], LAST_PLACE)
            yield replace(chunk, places=standing, forms=numbers[entries], names=names[low:high])

    def values(self) -> Iterator[Chunk]:
        """Whole values: a document has one or not."""
        for low, high in stretches(self._totals, RANGE):
            yield replace(self._inverted(low, high)[2], times=None)

    def _inverted(self, low: int, high: int) -> tuple[np.ndarray, np.ndarray, Chunk]:
        """The occurrences of a range of terms, as entries and as places among the runs; and their postings."""
        entries, at = self._occurrences(self._present[low], self._present[high - 1])
        terms, order = _stably_sorted(self._entries.terms[entries])
        entries, at = entries[order], at[order]
        documents = self._documents[at]
        first = np.concatenate(([True], (terms[1:] != terms[:-1]) | (documents[1:] != documents[:-1])))
        starts = np.flatnonzero(first)
        _, frequencies = np.unique(terms[starts], return_counts=True)
        names = [self._entries.term_names[term] for term in self._present[low:high].tolist()]
        times = np.diff(starts, append=len(terms)).astype("u4")
        return entries, at, Chunk(names, frequencies, documents[starts], times, None, None, [()] * len(names))

    def _occurrences(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Where terms from `first` to `last` stand: entries, and which of the runs they belong to, in that order."""
        terms = self._entries.terms
        entries = np.flatnonzero((terms >= first) & (terms <= last) & (self._used > 0))
        owners = self._entries.runs[entries]
        each = np.bincount(owners, minlength=len(self._entries.widths))
        begins = np.zeros_like(each)
        first_ones = np.flatnonzero(np.diff(owners.astype(np.intp), prepend=-1))
        begins[owners[first_ones]] = first_ones
        at = np.flatnonzero((each > 0)[self._runs])
        runs = self._runs[at]
        counts = each[runs]
        return entries[ragged(begins[runs], counts)], np.repeat(at, counts)

    def _places(self) -> np.ndarray:
        """The place of every run in its document."""
        widths = self._entries.widths[self._runs]
        # Sums may pass the largest number of this type; differences within a document are right all the same.
        places = np.cumsum(widths, dtype="u4")
        places -= widths
        filled = np.flatnonzero(self._counts)
        starts = np.cumsum(self._counts)[filled] - self._counts[filled]
        places -= np.repeat(places[starts], self._counts[filled])
        return places

    def _numbered_forms(self) -> tuple[np.ndarray, list[tuple[bytes, ...]]]:
        """The number of each entry's form within its term, and the forms of each term that is present."""
        terms, forms = self._entries.terms, self._entries.forms
        written = np.zeros(len(self._entries.term_names), bool)
        written[terms[(forms > 0) & (self._used > 0)]] = True
        used = np.flatnonzero(written[terms] & (self._used > 0))
        slots = np.searchsorted(self._present, terms[used])
        numbers = np.zeros(len(terms), "u4")
        numbers[used], names = numbered(
            slots, forms[used], self._used[used], self._entries.form_names, len(self._present)
        )
        return numbers, names


def numbered(
    terms: np.ndarray, forms: np.ndarray, counts: np.ndarray, names: list[bytes], total: int
) -> tuple[np.ndarray, list[tuple[bytes, ...]]]:
    """The forms of terms numbered within each term, the most frequent first, of equal ones the first by its bytes.

    Given are pairs of a term (below `total`) and a form (a number in `names`) with how often each occurs. Returns the
    number of the form of each pair, and the forms of each term; none for a term whose only form has no name.
    """
    distinct, which = np.unique(terms.astype("i8") << 32 | forms, return_inverse=True)
    of_term, of_form = distinct >> 32, distinct & 0xFFFFFFFF
    order = np.lexsort((of_form, -np.bincount(which, counts), of_term))
    each = np.bincount(of_term, minlength=total)
    numbers = np.empty(len(order), "u4")
    numbers[order] = ragged(np.zeros(len(each), np.intp), each)
    told = [names[form] for form in of_form[order].tolist()]
    bounds = pairwise([0, *np.cumsum(each).tolist()])
    groups = (tuple(told[start:stop]) for start, stop in bounds)
    return numbers[which], [() if group == (b"",) else group for group in groups]


def stretches(sizes: np.ndarray, most: int) -> Iterator[tuple[int, int]]:
    """Neighbours put together up to a size of about `most`."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    cuts = np.searchsorted(ends, np.arange(most, total, most)) + 1
    yield from pairwise(np.unique([0, *cuts, len(ends)]).tolist())


def ragged(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The numbers from each start on, `counts` of them, one row behind the other."""
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)


def _stably_sorted(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers in ascending order, and where each came from; equal ones keep their order.

    Number and place are sorted as one number of 64 bits: four times as fast as numpy's stable argsort.
    """
    bits = np.int64(len(numbers).bit_length())
    both = numbers.astype("i8") << bits | np.arange(len(numbers))
    both.sort()
    return both >> bits, both & ((1 << bits) - 1)


def _drop_empty_paragraphs(runs: np.ndarray, words: np.ndarray) -> None:
    """A paragraph whose runs are no words has no mark: it would stand where the next one's does."""
    marks = np.flatnonzero(runs == PARAGRAPH)
    if marks.size:
        runs[marks[np.add.reduceat(words[runs], marks) == 0]] = NOTHING
