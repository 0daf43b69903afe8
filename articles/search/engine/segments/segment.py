"""Reading one segment: a dictionary of terms and forms that stays in memory, and postings read where they lie."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import IndexBroken
from ..schema import MISSING
from .arrays import ArrayFile
from .packed import Packed

# How the name of a file ends.
SEGMENT = ".seg"
# No place of a word reaches this.
PLACES = 1 << 24
NONE = (0, 0)
# Of so many strings, one is kept at hand.
MARKED = 32


class Segment:
    """One immutable file of documents. Any number of threads share it.

    Terms and forms have ordinals, which ascend by field and then by their bytes. All arrays cover the whole segment;
    what was read from the file cannot be written to.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file = file = ArrayFile(path)
        self.name = Path(path).stem
        self._keys, self._terms, self._forms = (Strings(file, name) for name in ("keys", "terms", "names"))
        self.count = len(self._keys)
        self.frequencies = _column(file, "frequencies", len(self._terms))
        self.occurrences = _column(file, "occurrences", len(self._terms))
        self.form_terms = _column(file, "names.terms", len(self._forms))
        self.form_numbers = _column(file, "names.numbers", len(self._forms))
        self.form_frequencies = _column(file, "names.frequencies", len(self._forms))
        self._check_columns()
        self._read_meta(file.meta)
        self.texts = self._described("lengths.", "u1")
        self.columns = self._described("numbers.", "if")
        self._ids, self._times = (Packed(file, name, self.frequencies) for name in ("ids", "times"))
        self._places, self._numbers = (Packed(file, name, self.occurrences) for name in ("places", "forms"))

    def is_untouched(self) -> bool:
        """Nobody wrote to the file since it was opened."""
        return self._file.is_untouched()

    # Documents

    def total(self, field: str) -> int:
        """The sum of all lengths of a field."""
        return self._totals.get(field, 0)

    def lengths(self, field: str) -> np.ndarray:
        """The length of a field in every document, as Whoosh's `byte_to_length` reads it."""
        return self._file.read(f"lengths.{field}") if field in self.texts else np.zeros(self.count, "u1")

    def numbers(self, field: str) -> np.ndarray:
        return self._file.read(f"numbers.{field}") if field in self.columns else np.full(self.count, MISSING, "i8")

    def key(self, number: int) -> str:
        return self._keys[number].decode("utf-8", "replace")

    def keys(self, ids: Iterable[int]) -> list[str]:
        return list(map(self.key, ids))

    def key_numbers(self) -> np.ndarray:
        """The digits that each key ends with, -1 for none."""
        return self._file.read("key_numbers")

    # Terms

    def lookup(self, field: str, term: bytes) -> int:
        """The ordinal of a term, -1 if there is none."""
        low, high = self._term_ranges.get(field, NONE)
        ordinal = self._terms.find(term, low, high)
        return ordinal if ordinal < high and self._terms[ordinal] == term else -1

    def terms_of(self, field: str) -> range:
        return range(*self._term_ranges.get(field, NONE))

    def between(self, field: str, low: bytes, high: bytes) -> range:
        """The ordinals of the terms from `low` on and before `high`."""
        return self._terms.between(low, high, *self._term_ranges.get(field, NONE))

    def term(self, ordinal: int) -> bytes:
        return self._terms[ordinal]

    def terms(self, ordinals: range) -> list[bytes]:
        return self._terms.some(ordinals)

    # Postings of one term

    def ids(self, ordinal: int) -> np.ndarray:
        ids = np.cumsum(self._ids.row(ordinal), dtype=np.intp)
        if ids[-1] >= self.count:
            raise self._broken("postings")
        return ids

    def times(self, ordinal: int) -> np.ndarray:
        """How often the term stands in each of its documents."""
        times = self._times.row(ordinal).astype(np.int32)
        times += 1
        if times.sum() != self.occurrences[ordinal]:
            raise self._broken("postings")
        return times

    def places(self, ordinal: int) -> np.ndarray:
        """Where the term stands, one document behind the other; 0 for a whole value."""
        return self.narrow_places(ordinal).astype(np.int64)

    def narrow_places(self, ordinal: int) -> np.ndarray:
        """The same in as few bytes as they were written with."""
        return self._checked_places(self._places.row(ordinal))

    def forms(self, ordinal: int) -> np.ndarray | None:
        """The number of the form at each place; None where the term has one form or none."""
        return None if self._numbers.is_zero(ordinal) else self._numbers.row(ordinal)

    # Postings of a range of terms, one term behind the other

    def ids_between(self, ordinals: range) -> np.ndarray:
        counts = self.frequencies[ordinals.start : ordinals.stop].astype(np.intp)
        gaps = self._ids.rows(ordinals.start, ordinals.stop)
        ends = np.cumsum(counts)
        ids = np.cumsum(gaps, dtype=np.intp)
        ids -= np.repeat(ids[ends - counts] - gaps[ends - counts], counts)
        if (ids[ends - 1] >= self.count).any():
            raise self._broken("postings")
        return ids

    def times_between(self, ordinals: range) -> np.ndarray:
        times = self._times.rows(ordinals.start, ordinals.stop).astype(np.int32)
        times += 1
        counts = self.frequencies[ordinals.start : ordinals.stop].astype(np.intp)
        starts = np.cumsum(counts) - counts
        if counts.size and (np.add.reduceat(times, starts) != self.occurrences[ordinals.start : ordinals.stop]).any():
            raise self._broken("postings")
        return times

    def places_between(self, ordinals: range) -> np.ndarray:
        return self._checked_places(self._places.rows(ordinals.start, ordinals.stop)).astype(np.int64)

    def forms_between(self, ordinals: range) -> np.ndarray:
        """The number of the form at each place; 0 where a term has one form or none."""
        return self._numbers.rows(ordinals.start, ordinals.stop)

    # Forms

    def form_range(self, field: str, low: bytes, high: bytes) -> range:
        """The entries of the forms from `low` on and before `high`. A form of several terms has several entries."""
        return self._forms.between(low, high, *self._form_ranges.get(field, NONE))

    def form(self, entry: int) -> bytes:
        return self._forms[entry]

    def form_bytes(self, entries: range) -> tuple[np.ndarray, np.ndarray]:
        """All forms one behind the other; where each begins, and where the last one ends."""
        return self._forms.together(entries)

    # What the file says of itself

    def _checked_places(self, numbers: np.ndarray) -> np.ndarray:
        if numbers.itemsize == 4 and numbers.max(initial=0) >= PLACES:
            raise self._broken("places")
        return numbers

    def _check_columns(self) -> None:
        frequencies, occurrences = self.frequencies, self.occurrences
        fit = frequencies.min(initial=1) > 0 and frequencies.max(initial=0) <= self.count
        if not fit or (occurrences < frequencies).any() or (self.form_terms >= len(self._terms)).any():
            raise self._broken("numbers")
        _column(self._file, "key_numbers", self.count, "i")

    def _read_meta(self, meta: Mapping[str, Any]) -> None:
        try:
            self.languages = {str(name): int(number) for name, number in meta["languages"].items()}
            self._totals = {str(name): int(number) for name, number in meta["totals"].items()}
            self._term_ranges = _ranges(meta["fields"], "terms", len(self._terms))
            self._form_ranges = _ranges(meta["fields"], "forms", len(self._forms))
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise self._broken("description") from error
        self.fields = tuple(self._term_ranges)

    def _described(self, prefix: str, kind: str) -> tuple[str, ...]:
        """The fields that have an array of this name, a number a document."""
        named = [name for name in self._file.names if name.startswith(prefix)]
        for name in named:
            _column(self._file, name, self.count, kind)
        return tuple(sorted(name.removeprefix(prefix) for name in named))

    def _broken(self, what: str) -> IndexBroken:
        return IndexBroken(f"The {what} of segment {self.name} are not as they were written.")


class Strings:
    """Strings of bytes one behind the other."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        lengths = _column(file, f"{name}.lengths", file.count(f"{name}.lengths"))
        ends = np.cumsum(lengths, dtype="u8")
        if file.kind(name) != np.uint8 or file.count(name) != (ends[-1] if ends.size else 0):
            raise IndexBroken(f"The {name} of the index do not fit their lengths.")
        self._content = file.read(name).tobytes()
        bounds = np.zeros(len(lengths) + 1, "u4" if len(self._content) < 1 << 32 else "u8")
        bounds[1:] = ends
        self._bounds = bounds.data
        # Python compares these by itself; of the others, each comparison is a call.
        self._marks = [self[number] for number in range(0, len(lengths), MARKED)]

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._content[self._bounds[number] : self._bounds[number + 1]]

    def some(self, numbers: range) -> list[bytes]:
        content = self._content
        return [
            content[start:stop] for start, stop in pairwise(self._bounds[numbers.start : numbers.stop + 1].tolist())
        ]

    def together(self, numbers: range) -> tuple[np.ndarray, np.ndarray]:
        """Their bytes, one behind the other; where each begins, and where the last one ends."""
        bounds = np.asarray(self._bounds[numbers.start : numbers.stop + 1], np.intp)
        return np.frombuffer(self._content, "u1")[bounds[0] : bounds[-1]], bounds - bounds[0]

    def find(self, string: bytes, low: int, high: int) -> int:
        """Where a string stands or would stand among those from `low` up to `high`, which ascend."""
        mark = bisect_left(self._marks, string, -(-low // MARKED), -(-high // MARKED)) * MARKED
        return bisect_left(self, string, max(low, mark - MARKED), min(high, mark))

    def between(self, first: bytes, end: bytes, low: int, high: int) -> range:
        start = self.find(first, low, high)
        return range(start, max(start, self.find(end, start, high)))


def _column(file: ArrayFile, name: str, count: int, kinds: str = "u") -> np.ndarray:
    found = file.read(name)
    if len(found) != count or found.dtype.kind not in kinds:
        raise IndexBroken(f"{name} of the index does not fit the rest.")
    return found


def _ranges(fields: Mapping[str, Any], name: str, count: int) -> dict[str, tuple[int, int]]:
    ranges = {field: (int(bounds[name][0]), int(bounds[name][1])) for field, bounds in fields.items()}
    if any(not 0 <= start <= stop <= count for start, stop in ranges.values()):
        raise ValueError("a range lies outside")
    return ranges
