"""Documents in, one segment out.

Of a document that was added, only the numbers of its runs are kept; what they stand for is worked out for all documents
together when the segment is written (`inverting`).
"""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

import numpy as np
from whoosh.fields import Schema
from whoosh.util.numeric import byte_to_length

from .. import analysis
from ..analysis.gathering import Gathered
from ..analysis.tokens import spaced
from ..schema import KEY, Exact, Number, Text, exact_bytes
from ..segments.output import SegmentOutput
from .inverting import END, FIRST, PARAGRAPH, START, Entries, Field, Reading
from .numbering import Numbers, Seen

# How much a builder takes before it is full, in words of text: new ones, and new values, weigh more (`numbering`).
TOKENS = 6_000_000
# Letters of text that wait for their words to be found together; no more than an eighth of what a builder takes.
WAITING = 1 << 16
MARKS = {analysis.PARAGRAPH: PARAGRAPH, analysis.START: START, analysis.END: END}
LENGTHS = np.array([byte_to_length(code) for code in range(256)])


# Of a document: its language, and its numbers by column.
Told = tuple[str, tuple[float, ...]]


class Column:
    """What is kept of one field: numbers of runs or of values, one document behind the other, and how many each has."""

    def __init__(self) -> None:
        self._numbers, self._counts = array("I"), array("I")

    def add(self, numbers: Collection[int]) -> None:
        """Those of the next document."""
        self._numbers.extend(numbers)
        self._counts.append(len(numbers))

    def add_all(self, numbers: np.ndarray, counts: np.ndarray) -> None:
        """Those of the next documents."""
        self._numbers.frombytes(numbers.astype("u4").tobytes())
        self._counts.frombytes(counts.astype("u4").tobytes())

    def of(self, documents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Numbers and counts of some of the documents, or of all."""
        numbers, counts = np.frombuffer(self._numbers, "u4"), np.frombuffer(self._counts, "u4").astype("i8")
        if len(documents) < len(counts):
            numbers = numbers[np.repeat(np.isin(np.arange(len(counts)), documents), counts)]
        return numbers.astype(np.intp), counts[documents]


class SegmentBuilder:
    """Collects documents. One with a key that is there already takes the place of the earlier one."""

    def __init__(self, schema: Schema, language_field: str = "language", budget: int = TOKENS) -> None:
        self._language_field, self._budget = language_field, budget
        self._texts = {name: Column() for name, field in sorted(schema.items()) if isinstance(field, Text)}
        self._exacts = {name: Column() for name, field in sorted(schema.items()) if isinstance(field, Exact)}
        self._columns = {name: field for name, field in schema.items() if isinstance(field, Number)}
        self._following = count(FIRST)
        self._values = Numbers({}, self._following)
        self._languages: dict[str, Numbers] = {}
        self._seen = Seen()
        # Of each document its language and its columns; of each key its last document.
        self._told: list[Told] = []
        self._documents: dict[str, int] = {}
        self._waiting: list[tuple[str, list[str]]] = []
        self._letters = self._words = 0

    @property
    def count(self) -> int:
        return len(self._documents)

    @property
    def full(self) -> bool:
        """Words that are still to be found, of the last few documents, do not count yet."""
        return self._words + sum(table.weight for table in self._tables()) >= self._budget

    def add(self, document: Mapping[str, Any]) -> None:
        language = analysis.language_of(document.get(self._language_field) or "")
        if language not in self._languages:
            self._languages[language] = Numbers(MARKS, self._following)
        texts = [_spaced(document.get(name)) for name in self._texts]
        values = [_values(document.get(name)) for name in self._exacts]
        columns = tuple(field.to_column_value(document.get(name)) for name, field in self._columns.items())
        for column, found in zip(self._exacts.values(), values, strict=True):
            column.add([self._values[value] for value in found])
            self._words += len(found)
        self._documents.pop(document[KEY], None)
        self._documents[document[KEY]] = len(self._told)
        self._told.append((language, columns))
        self._waiting.append((language, texts))
        self._letters += sum(map(len, texts))
        if self._letters >= min(WAITING, self._budget // 8):
            self._find_words()

    def write(self, path: str | os.PathLike[str]) -> tuple[int, int]:
        """Write the segment so that it is on the disk; returns size and checksum of the file."""
        output = SegmentOutput(path)
        try:
            self._find_words()
            kept = np.fromiter(self._documents.values(), np.intp, len(self._documents))
            lengths = self._write_fields(kept, output)
            self._write_documents([self._told[number] for number in kept.tolist()], lengths, output)
            return output.close()
        finally:
            output.abandon()

    def _write_fields(self, kept: np.ndarray, output: SegmentOutput) -> dict[str, np.ndarray]:
        """Returns the length of each text in each document."""
        entries, lengths = self._entries(), {}
        for name, column in sorted((self._texts | self._exacts).items()):
            field = Field(entries, *column.of(kept))
            for chunk in field.texts() if name in self._texts else field.values():
                output.terms(name, chunk)
            if name in self._texts:
                lengths[name] = field.lengths()
        return lengths

    def _write_documents(self, told: list[Told], lengths: dict[str, np.ndarray], output: SegmentOutput) -> None:
        output.documents(
            list(self._documents),
            {name: length_codes(array) for name, array in lengths.items()},
            {name: int(array.sum()) for name, array in lengths.items()},
            {
                name: np.array([numbers[at] for _, numbers in told], f"{field.kind}")
                for at, (name, field) in enumerate(self._columns.items())
            },
            Counter(language for language, _ in told),
        )

    def _entries(self) -> Entries:
        reading = Reading(next(self._following))
        for language, numbers in self._languages.items():
            reading.words(numbers, language)
        return reading.entries(self._values)

    def _find_words(self) -> None:
        """Find the words of all documents that wait, and keep their numbers field by field."""
        waiting, self._waiting, self._letters = self._waiting, [], 0
        words = Gathered([texts[at] for at in range(len(self._texts)) for _, texts in waiting])
        names, tables = list(self._languages), list(self._languages.values())
        languages = np.array([names.index(language) for language, _ in waiting] * len(self._texts), np.intp)
        numbers = self._seen.numbers(words, np.repeat(languages, words.counts), tables)
        self._words += len(numbers)
        counts = words.counts.reshape(len(self._texts), len(waiting))
        parts = np.split(numbers, np.cumsum(counts.sum(1))[:-1])
        for column, part, of_documents in zip(self._texts.values(), parts, counts, strict=True):
            column.add_all(part, of_documents)

    def _tables(self) -> Iterator[Numbers]:
        yield self._values
        yield from self._languages.values()


def _spaced(value: str | Iterable[str] | None) -> str:
    """The runs of a field with marks between them, to be found together with others."""
    if not value:
        return ""
    if isinstance(value, str):
        return spaced(value)
    return " ".join(f"{analysis.START} {spaced(single)} {analysis.END}" for single in value)


def _values(value: Any) -> list[bytes]:
    if value is None:
        return []
    values = value if isinstance(value, list | tuple | set) else [value]
    return list(dict.fromkeys(map(exact_bytes, values)))


def length_codes(lengths: np.ndarray) -> np.ndarray:
    """What Whoosh's `length_to_byte` gives for each length."""
    return np.searchsorted(LENGTHS, lengths).clip(max=len(LENGTHS) - 1).astype("u1")
