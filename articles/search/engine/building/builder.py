"""Documents in, one segment out.

Of a document that was added, only the numbers of its runs are kept; what they stand for is worked out for all documents
together when the segment is written (`inverting`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count
from typing import Any, NamedTuple

import numpy as np
from whoosh.fields import Schema
from whoosh.util.numeric import byte_to_length

from .. import analysis
from ..schema import KEY, Exact, Number, Text, exact_bytes
from ..segments.output import SegmentOutput
from .inverting import END, FIRST, PARAGRAPH, START, Entries, Field, Reading

# How much a builder takes before it is full, in words of text. A new word, or a new value, weighs as much as this many,
# and two more for each of its letters: it is what memory goes to.
TOKENS = 6_000_000
NEW = 32
LETTER = 2
MARKS = {analysis.PARAGRAPH: PARAGRAPH, analysis.START: START, analysis.END: END}
LENGTHS = np.array([byte_to_length(code) for code in range(256)])


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


class Kept(NamedTuple):
    """What is kept of a document: numbers of runs and values field by field, how many in each; columns; language."""

    runs: np.ndarray
    counts: tuple[int, ...]
    columns: tuple[float, ...]
    language: str


class SegmentBuilder:
    """Collects documents. One with a key that is there already takes the place of the earlier one."""

    def __init__(self, schema: Schema, language_field: str = "language", budget: int = TOKENS) -> None:
        self._language_field, self._budget = language_field, budget
        self._texts = [name for name, field in sorted(schema.items()) if isinstance(field, Text)]
        self._exacts = [name for name, field in sorted(schema.items()) if isinstance(field, Exact)]
        self._columns = {name: field for name, field in schema.items() if isinstance(field, Number)}
        self._following = count(FIRST)
        self._values = Numbers({}, self._following)
        self._languages: dict[str, Numbers] = {}
        self._documents: dict[str, Kept] = {}
        self._words = 0

    @property
    def count(self) -> int:
        return len(self._documents)

    @property
    def full(self) -> bool:
        return self._words + sum(table.weight for table in self._tables()) >= self._budget

    def add(self, document: Mapping[str, Any]) -> None:
        language = analysis.language_of(document.get(self._language_field) or "")
        if language not in self._languages:
            self._languages[language] = Numbers(MARKS, self._following)
        words = [_runs(document.get(name)) for name in self._texts]
        values = [_values(document.get(name)) for name in self._exacts]
        counts = (*map(len, words), *map(len, values))
        numbers = chain(
            map(self._languages[language].__getitem__, chain.from_iterable(words)),
            map(self._values.__getitem__, chain.from_iterable(values)),
        )
        runs = np.fromiter(numbers, "u4", sum(counts))
        columns = tuple(field.to_column_value(document.get(name)) for name, field in self._columns.items())
        self._words += len(runs)
        self._documents.pop(document[KEY], None)
        self._documents[document[KEY]] = Kept(runs, counts, columns, language)

    def write(self, path: str | os.PathLike[str]) -> tuple[int, int]:
        """Write the segment so that it is on the disk; returns size and checksum of the file."""
        output = SegmentOutput(path)
        try:
            entries = self._entries()
            lengths = {name: self._write_field(name, entries, output) for name in sorted(self._texts + self._exacts)}
            self._write_documents({name: lengths[name] for name in self._texts}, output)
            return output.close()
        finally:
            output.abandon()

    def _write_field(self, name: str, entries: Entries, output: SegmentOutput) -> np.ndarray:
        """Returns the length of the field in each document."""
        field = Field(entries, *self._section(name))
        for chunk in field.texts() if name in self._texts else field.values():
            output.terms(name, chunk)
        return field.lengths()

    def _write_documents(self, lengths: dict[str, np.ndarray], output: SegmentOutput) -> None:
        output.documents(
            list(self._documents),
            {name: length_codes(array) for name, array in lengths.items()},
            {name: int(array.sum()) for name, array in lengths.items()},
            {
                name: np.array([kept.columns[at] for kept in self._documents.values()], f"{field.kind}")
                for at, (name, field) in enumerate(self._columns.items())
            },
            Counter(kept.language for kept in self._documents.values()),
        )

    def _entries(self) -> Entries:
        reading = Reading(next(self._following))
        for language, numbers in self._languages.items():
            reading.words(numbers, language)
        return reading.entries(self._values)

    def _section(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The runs of a field, one document behind the other, and how many each document has."""
        at = (self._texts + self._exacts).index(name)
        counts = np.array([kept.counts for kept in self._documents.values()], "i8")
        ends = counts[:, : at + 1].sum(1)
        bounds = zip(self._documents.values(), (ends - counts[:, at]).tolist(), ends.tolist(), strict=True)
        return np.concatenate([kept.runs[start:end] for kept, start, end in bounds], dtype=np.intp), counts[:, at]

    def _tables(self) -> Iterator[Numbers]:
        yield self._values
        yield from self._languages.values()


def _runs(value: str | Iterable[str] | None) -> list[str]:
    """The runs of a field with marks between them."""
    if not value:
        return []
    if isinstance(value, str):
        return analysis.marked(value)
    return [run for single in value for run in (analysis.START, *analysis.marked(single), analysis.END)]


def _values(value: Any) -> list[bytes]:
    if value is None:
        return []
    values = value if isinstance(value, list | tuple | set) else [value]
    return list(dict.fromkeys(map(exact_bytes, values)))


def length_codes(lengths: np.ndarray) -> np.ndarray:
    """What Whoosh's `length_to_byte` gives for each length."""
    return np.searchsorted(LENGTHS, lengths).clip(max=len(LENGTHS) - 1).astype("u1")
