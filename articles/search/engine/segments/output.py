"""Writing one segment: its documents, then its terms field by field, in chunks as large or small as they come."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import ge

import numpy as np

from . import packed
from .arrays import ArrayOutput

# Occurrences worked on at a time: what a large chunk needs beside itself stays small.
PART = 1 << 20
DIGITS = "0123456789"
# A number in a key has so many digits at most; of a longer one the last count.
WHOLE = 18


@dataclass
class Chunk:
    """Terms of one field, ascending, with all of their postings one term behind the other.

    A posting is a document (`ids`, ascending within a term) and how often the term stands in it (`times`); an
    occurrence is a place in that document and the number, within its term, of the form that stands there.
    Without `times` every posting is one occurrence, without `places` all stand at 0, without `forms` all have the
    first form or none. `names` are the forms of each term by their numbers: none for whole values and marks.
    """

    terms: list[bytes]
    frequencies: np.ndarray
    ids: np.ndarray
    times: np.ndarray | None
    places: np.ndarray | None
    forms: np.ndarray | None
    names: list[tuple[bytes, ...]]


class SegmentOutput:
    """A segment in the making; nothing is at `path` before `close`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._output = ArrayOutput(path)
        self._count = self._terms = self._form_count = 0
        self._totals: dict[str, int] = {}
        self._languages: dict[str, int] = {}
        self._ranges: dict[str, dict[str, tuple[int, int]]] = {}
        self._last: tuple[str, bytes] = ("", b"")
        self._forms = _Forms()
        self._write_empty()

    def documents(
        self,
        keys: Sequence[str],
        lengths: Mapping[str, np.ndarray],
        totals: Mapping[str, int],
        numbers: Mapping[str, np.ndarray],
        languages: Mapping[str, int],
    ) -> None:
        """Append documents: keys, lengths of texts (as Whoosh's `length_to_byte` has them) and the exact sums of these,
        numbers by field, and how many documents are in which language.
        """
        self._count += len(keys)
        self._append_bytes("keys", [key.encode("utf-8", "replace") for key in keys])
        self._output.append("key_numbers", np.array([_number(key) for key in keys], "i8"))
        for name, array in lengths.items():
            self._output.append(f"lengths.{name}", array.astype("u1", copy=False))
        for name, array in numbers.items():
            self._output.append(f"numbers.{name}", array)
        _add(self._totals, totals)
        _add(self._languages, languages)

    def terms(self, field: str, chunk: Chunk) -> None:
        """Append terms with their postings; fields ascend, and so do the terms of a field."""
        if chunk.terms:
            self._begin(field, chunk.terms)
            for part in _parts(chunk):
                self._append(part)
            self._ranges[field]["terms"] = (self._ranges[field]["terms"][0], self._terms)

    def close(self) -> tuple[int, int]:
        """Write the file so that it is on the disk. Returns its size and its checksum (crc32)."""
        self._end_field()
        meta = {"count": self._count, "languages": self._languages, "totals": self._totals, "fields": self._ranges}
        return self._output.close(meta)

    def abandon(self) -> None:
        self._output.abandon()

    def _write_empty(self) -> None:
        """Every array is there, whatever comes."""
        none = np.zeros(0, "u1")
        self.documents([], {}, {}, {}, {})
        self._append(Chunk([], none, none, none, none, none, []))
        self._append_forms(self._forms)

    def _begin(self, field: str, terms: list[bytes]) -> None:
        if (field, terms[0]) <= self._last or any(map(ge, terms, terms[1:])):
            raise ValueError(f"the terms of {field} do not ascend")
        if field not in self._ranges:
            self._end_field()
            self._ranges[field] = {"terms": (self._terms, self._terms)}
        self._last = (field, terms[-1])

    def _end_field(self) -> None:
        if self._ranges:
            before = self._form_count
            self._append_forms(self._forms)
            self._ranges[self._last[0]]["forms"] = (before, self._form_count)
        self._forms = _Forms()

    def _append(self, chunk: Chunk) -> None:
        frequencies = chunk.frequencies.astype(np.intp)
        starts = np.cumsum(frequencies) - frequencies
        times = np.ones(len(chunk.ids), np.intp) if chunk.times is None else chunk.times.astype(np.intp)
        occurrences = np.add.reduceat(times, starts) if starts.size else starts
        gaps = np.diff(chunk.ids.astype(np.intp), prepend=0)
        gaps[starts] = chunk.ids[starts]
        zeros = np.zeros(len(times) if chunk.times is None else int(times.sum()), "u1")
        forms = zeros if chunk.forms is None else chunk.forms
        self._forms.add(chunk, self._terms, times, forms)
        self._append_bytes("terms", chunk.terms)
        self._output.append("frequencies", frequencies.astype("<u4"))
        self._output.append("occurrences", occurrences.astype("<u4"))
        packed.write(self._output, "ids", gaps, frequencies)
        packed.write(self._output, "times", times - 1, frequencies)
        packed.write(self._output, "places", zeros if chunk.places is None else chunk.places, occurrences)
        packed.write(self._output, "forms", forms, occurrences)
        self._terms += len(chunk.terms)

    def _append_forms(self, forms: _Forms) -> None:
        content, lengths, terms, numbers, frequencies = forms.ascending()
        self._output.append("names", content)
        self._output.append("names.lengths", lengths)
        self._output.append("names.terms", terms)
        self._output.append("names.numbers", numbers)
        self._output.append("names.frequencies", frequencies)
        self._form_count += len(terms)

    def _append_bytes(self, name: str, items: Sequence[bytes]) -> None:
        content, lengths = _flat(items)
        self._output.append(name, content)
        self._output.append(f"{name}.lengths", lengths)


class _Forms:
    """The forms of one field, gathered until the field is complete: bytes, lengths, terms, numbers, frequencies."""

    def __init__(self) -> None:
        none = np.zeros(0, "<u4")
        self._parts: list[tuple[np.ndarray, ...]] = [(np.zeros(0, "u1"), none, none, none, none)]

    def add(self, chunk: Chunk, first: int, times: np.ndarray, forms: np.ndarray) -> None:
        """Take over the forms of a chunk whose first term has the ordinal `first`."""
        sizes = np.fromiter(map(len, chunk.names), np.intp, len(chunk.names))
        if sizes.any():
            content, lengths = _flat(list(chain.from_iterable(chunk.names)))
            owners = np.repeat(np.arange(len(sizes)), sizes)
            numbers = np.arange(len(owners)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            frequencies = np.where(sizes[owners] == 1, chunk.frequencies[owners], _several(chunk, sizes, times, forms))
            columns = (array.astype("<u4") for array in (owners + first, numbers, frequencies))
            self._parts.append((content, lengths, *columns))

    def ascending(self) -> tuple[np.ndarray, ...]:
        """All of them, by form and then by term."""
        content, lengths, *columns = (np.concatenate(parts) for parts in zip(*self._parts, strict=True))
        order = _order(content, lengths)
        return _permuted(content, lengths, order), lengths[order], *(column[order] for column in columns)


def _several(chunk: Chunk, sizes: np.ndarray, times: np.ndarray, forms: np.ndarray) -> np.ndarray:
    """In how many documents each form stands, for the terms that have several."""
    owner = np.repeat(np.arange(len(sizes), dtype=np.int32), chunk.frequencies)
    several = np.repeat(sizes > 1, chunk.frequencies)
    chosen = np.flatnonzero(several).astype(np.int32)
    posting, forms = np.repeat(chosen, times[chosen]), forms[np.repeat(several, times)]
    forms = forms.astype(np.min_scalar_type(int(forms.max(initial=0))), copy=False)
    order = np.argsort(forms, kind="stable")
    posting, forms = posting[order], forms[order]
    first = np.ones(len(order), bool)
    first[1:] = (posting[1:] != posting[:-1]) | (forms[1:] != forms[:-1])
    slots = (np.cumsum(sizes) - sizes)[owner[posting[first]]] + forms[first]
    return np.bincount(slots, minlength=int(sizes.sum()))


def _flat(items: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
    return np.frombuffer(b"".join(items), "u1"), np.fromiter(map(len, items), "<u4", len(items))


def _order(content: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The order in which strings of bytes ascend: sorted by eight bytes at a time, the last ones first."""
    starts = np.cumsum(lengths, dtype=np.intp) - lengths
    order = np.argsort(lengths, kind="stable")
    for column in reversed(range(0, int(lengths.max(initial=0)), 8)):
        order = order[np.argsort(_eight(content, starts, lengths, column)[order], kind="stable")]
    return order


def _eight(content: np.ndarray, starts: np.ndarray, lengths: np.ndarray, column: int) -> np.ndarray:
    """Eight bytes of each string as one number, 0 where it is over."""
    numbers = np.zeros(len(starts), "u8")
    for at in range(column, column + 8):
        numbers <<= np.uint64(8)
        reaching = np.flatnonzero(lengths > at)
        numbers[reaching] |= content[starts[reaching] + at]
    return numbers


def _permuted(content: np.ndarray, lengths: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The strings of bytes in another order, a part of them at a time."""
    starts, parts = np.cumsum(lengths, dtype=np.intp) - lengths, [content[:0]]
    for begin in range(0, len(order), PART):
        chosen = order[begin : begin + PART]
        sizes = lengths[chosen].astype(np.intp)
        steps = np.repeat(starts[chosen] - (np.cumsum(sizes) - sizes), sizes)
        parts.append(content[steps + np.arange(len(steps))])
    return np.concatenate(parts)


def _parts(chunk: Chunk) -> Iterator[Chunk]:
    """A chunk in pieces of about PART occurrences; a term stays whole."""
    postings = np.concatenate(([0], np.cumsum(chunk.frequencies, dtype=np.intp)))
    if chunk.times is None:
        occurrences = postings
    else:
        occurrences = np.concatenate(([0], np.cumsum(chunk.times, dtype=np.intp)))[postings]
    cuts = np.searchsorted(occurrences[1:], np.arange(PART, occurrences[-1], PART)) + 1
    for start, stop in pairwise(np.unique([0, *cuts, len(chunk.terms)]).tolist()):
        of_postings, of_occurrences = (slice(bounds[start], bounds[stop]) for bounds in (postings, occurrences))
        yield Chunk(
            chunk.terms[start:stop],
            chunk.frequencies[start:stop],
            chunk.ids[of_postings],
            _cut(chunk.times, of_postings),
            _cut(chunk.places, of_occurrences),
            _cut(chunk.forms, of_occurrences),
            chunk.names[start:stop],
        )


def _cut(array: np.ndarray | None, part: slice) -> np.ndarray | None:
    return None if array is None else array[part]


def _number(key: str) -> int:
    """The digits that a key ends with, -1 if there are none."""
    digits = key[len(key.rstrip(DIGITS)) :]
    return int(digits[-WHOLE:]) if digits else -1


def _add(sums: dict[str, int], more: Mapping[str, int]) -> None:
    for name, number in more.items():
        sums[name] = sums.get(name, 0) + int(number)
