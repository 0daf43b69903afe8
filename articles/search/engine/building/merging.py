"""Several segments in, one out, without the deleted documents. No text is read again: postings are moved.

Terms are taken in ranges that all sources share, so that memory holds a few ranges, however large the segments are.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from ..segments.output import Chunk, SegmentOutput
from ..segments.segment import Segment
from .builder import LENGTHS
from .inverting import numbered, ragged, stretches

# Terms of each source that are looked at, occurrences of all, and documents of one that are moved, at a time.
TERMS = 1 << 16
OCCURRENCES = 1 << 20
DOCUMENTS = 1 << 16
# No form is above it.
LAST = b"\xff"


def merge(sources: Sequence[tuple[Segment, np.ndarray | None]], path: str | os.PathLike[str]) -> tuple[int, int]:
    """Write the documents of all sources that are not deleted (by a mask of each) as one segment, in the same order.

    The result is what building them at once would give, but for two things of sources with deleted documents: the
    length of the rest is estimated, and languages are counted as before. Returns size and checksum of the file.
    """
    output = SegmentOutput(path)
    try:
        parts = list(_sources(sources))
        for part in parts:
            _move_documents(part, output)
        for field in sorted({field for part in parts for field in part.segment.fields}):
            for chunk in _chunks(field, parts):
                output.terms(field, chunk)
        return output.close()
    finally:
        output.abandon()


@dataclass
class Source:
    """A segment that goes into another one; the first of its living documents becomes number `base`."""

    segment: Segment
    alive: np.ndarray
    base: int

    def __post_init__(self) -> None:
        self.whole = bool(self.alive.all())
        self.numbers = np.cumsum(self.alive, dtype="u4") - 1 + self.base

    def total(self, field: str) -> int:
        """The sum of the lengths of living documents; where some are deleted, by what lengths are written as."""
        total = self.segment.total(field)
        if self.whole:
            return total
        lengths = LENGTHS[self.segment.lengths(field)]
        return round(total * lengths[self.alive].sum() / max(lengths.sum(), 1))


def _sources(sources: Sequence[tuple[Segment, np.ndarray | None]]) -> Iterator[Source]:
    base = 0
    for segment, deleted in sources:
        alive = np.ones(segment.count, bool) if deleted is None else ~deleted
        yield Source(segment, alive, base)
        base += int(alive.sum())


def _move_documents(source: Source, output: SegmentOutput) -> None:
    segment, living = source.segment, np.flatnonzero(source.alive)
    lengths = {name: segment.lengths(name)[living] for name in segment.texts}
    numbers = {name: segment.numbers(name)[living] for name in segment.columns}
    totals = {name: source.total(name) for name in segment.texts}
    output.documents([], {}, totals, {}, segment.languages if living.size else {})
    for start in range(0, max(living.size, 1), DOCUMENTS):
        part = slice(start, start + DOCUMENTS)
        output.documents(
            segment.keys(living[part].tolist()),
            {name: array[part] for name, array in lengths.items()},
            {},
            {name: array[part] for name, array in numbers.items()},
            {},
        )


def _chunks(field: str, sources: list[Source]) -> Iterator[Chunk]:
    """The terms of a field that living documents have."""
    forms = [Forms(source.segment, field) for source in sources]
    text = any(field in source.segment.texts for source in sources)
    for terms, held in _windows(field, sources):
        totals = np.zeros(len(terms), np.intp)
        for source, (ordinals, slots) in zip(sources, held, strict=True):
            totals[slots] += source.segment.occurrences[ordinals.start : ordinals.stop]
        for low, high in stretches(totals, OCCURRENCES):
            cuts = [_cut(ordinals, slots, low, high) for ordinals, slots in held]
            if text:
                yield _texts(terms[low:high], [Texts(*each) for each in zip(sources, forms, cuts, strict=True)])
            else:
                yield _values(terms[low:high], [Values(*each) for each in zip(sources, cuts, strict=True)])


def _cut(ordinals: range, slots: np.ndarray, low: int, high: int) -> tuple[range, np.ndarray]:
    """Of the terms of a source those from `low` up to `high`, counted from `low`."""
    start, stop = np.searchsorted(slots, [low, high]).tolist()
    return ordinals[start:stop], slots[start:stop] - low


def _windows(field: str, sources: list[Source]) -> Iterator[tuple[list[bytes], list[tuple[range, np.ndarray]]]]:
    """Ascending terms of all sources, and of each source the ordinals of those it has, with their places among all."""
    rests = [source.segment.terms_of(field) for source in sources]
    while any(rests):
        seen = [source.segment.terms(rest[:TERMS]) for source, rest in zip(sources, rests, strict=True)]
        # What lies beyond the last term seen of a source that has more may lie between terms not yet seen.
        ends = [names[-1] for names, rest in zip(seen, rests, strict=True) if len(rest) > len(names)]
        counts = [bisect_right(names, min(ends)) if ends else len(names) for names in seen]
        seen = [names[:count] for names, count in zip(seen, counts, strict=True)]
        # What ascends already is sorted in no time, if it is left in its order.
        terms = list(dict.fromkeys(sorted(chain.from_iterable(seen))))
        places = {term: place for place, term in enumerate(terms)}
        slots = [np.fromiter(map(places.__getitem__, names), np.intp, len(names)) for names in seen]
        taken = [rest[:count] for rest, count in zip(rests, counts, strict=True)]
        yield terms, list(zip(taken, slots, strict=True))
        rests = [rest[count:] for rest, count in zip(rests, counts, strict=True)]


class Forms:
    """The forms of a field in a segment, by their terms."""

    def __init__(self, segment: Segment, field: str) -> None:
        found = segment.form_range(field, b"", LAST)
        part = slice(found.start, found.stop)
        order = np.lexsort((segment.form_numbers[part], segment.form_terms[part]))
        self._segment, self._entries, self._terms = segment, order + found.start, segment.form_terms[part][order]

    def of(self, ordinals: range) -> tuple[list[bytes], np.ndarray, np.ndarray]:
        """The forms of terms, the term that each belongs to, and where those of a term begin.

        For a term without forms there is one without a name.
        """
        bounds = np.searchsorted(self._terms, np.arange(ordinals.start, ordinals.stop + 1))
        names = [self._segment.form(entry) for entry in self._entries[bounds[0] : bounds[-1]].tolist()]
        counts, starts = np.diff(bounds), bounds[:-1] - bounds[0]
        without = np.flatnonzero(counts == 0)
        starts[without] = len(names) + np.arange(len(without))
        owners = np.concatenate((np.repeat(np.arange(len(counts)), counts), without))
        return names + [b""] * len(without), owners, starts


class Values:
    """The postings of living documents that one source has of a range of terms; `slots` says which of the terms."""

    def __init__(self, source: Source, cut: tuple[range, np.ndarray]) -> None:
        ordinals, slots = cut
        frequencies = source.segment.frequencies[ordinals.start : ordinals.stop]
        self.owners = np.repeat(np.arange(len(ordinals)), frequencies)
        ids = source.segment.ids_between(ordinals)
        self.kept = None if source.whole else np.flatnonzero(source.alive[ids])
        self.owners, ids = self.living(self.owners), self.living(ids)
        self.ids, self.slots = source.numbers[ids], slots[self.owners]

    def living(self, postings: np.ndarray) -> np.ndarray:
        return postings if self.kept is None else postings[self.kept]


class Texts(Values):
    """The same with places, and with forms that are numbers in `names`."""

    def __init__(self, source: Source, forms: Forms, cut: tuple[range, np.ndarray]) -> None:
        super().__init__(source, cut)
        ordinals, slots = cut
        times = source.segment.times_between(ordinals)
        places, numbers = source.segment.places_between(ordinals), source.segment.forms_between(ordinals)
        self.times = self.living(times)
        if self.kept is not None:
            kept = ragged((np.cumsum(times) - times)[self.kept], self.times)
            places, numbers = places[kept], numbers[kept]
        self.places = places.astype("u4")
        self.names, owners, starts = forms.of(ordinals)
        self.named = slots[owners]
        self.forms = np.repeat(starts[self.owners], self.times) + numbers


def _values(terms: list[bytes], parts: Sequence[Values]) -> Chunk:
    counts = np.array([np.bincount(part.slots, minlength=len(terms)) for part in parts])
    frequencies = counts.sum(0)
    living = np.flatnonzero(frequencies)
    ids = _laid([part.ids for part in parts], _destinations(counts))
    names = [terms[slot] for slot in living.tolist()]
    return Chunk(names, frequencies[living], ids, None, None, None, [()] * len(names))


def _texts(terms: list[bytes], parts: list[Texts]) -> Chunk:
    counts = np.array([np.bincount(part.slots, minlength=len(terms)) for part in parts])
    frequencies, postings = counts.sum(0), _destinations(counts)
    living = np.flatnonzero(frequencies)
    totals = np.array([np.bincount(part.slots, part.times, len(terms)) for part in parts])
    occurrences = _destinations(totals.astype(np.intp))
    forms, names = _renumbered(parts, living)
    return Chunk(
        [terms[slot] for slot in living.tolist()],
        frequencies[living],
        _laid([part.ids for part in parts], postings),
        _laid([part.times for part in parts], postings),
        _laid([part.places for part in parts], occurrences),
        _laid(forms, occurrences),
        names,
    )


def _destinations(counts: np.ndarray) -> list[np.ndarray]:
    """Where what each source has goes, by terms and then by sources; `counts` says how much each has of each term."""
    sizes = counts.T.ravel()
    starts = (np.cumsum(sizes) - sizes).reshape(counts.T.shape)
    return [ragged(starts[:, source], counts[source]) for source in range(len(counts))]


def _laid(rows: list[np.ndarray], destinations: list[np.ndarray]) -> np.ndarray:
    laid = np.empty(sum(map(len, rows)), rows[0].dtype)
    for row, destination in zip(rows, destinations, strict=True):
        laid[destination] = row
    return laid


def _renumbered(parts: list[Texts], living: np.ndarray) -> tuple[list[np.ndarray], list[tuple[bytes, ...]]]:
    """The forms of each source by new numbers within their terms, and the forms of each term that is left."""
    told = list(chain.from_iterable(part.names for part in parts))
    names = sorted(dict.fromkeys(told))
    ranks = {name: rank for rank, name in enumerate(names)}
    counts = [np.bincount(part.forms, minlength=len(part.names)) for part in parts]
    used = np.flatnonzero(np.concatenate(counts))
    terms = np.searchsorted(living, np.concatenate([part.named for part in parts])[used])
    forms = np.fromiter(map(ranks.__getitem__, told), np.intp, len(told))[used]
    numbers = np.zeros(len(told), "u4")
    numbers[used], groups = numbered(terms, forms, np.concatenate(counts)[used], names, len(living))
    bounds = np.cumsum([len(part.names) for part in parts])[:-1]
    split = np.split(numbers, bounds)
    return [of_part[part.forms] for of_part, part in zip(split, parts, strict=True)], groups
