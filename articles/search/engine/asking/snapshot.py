"""All segments of a commit, seen as one row of documents, so that each step of a query is one step on whole arrays.

The number of a document is its number in its segment and the number of documents in the segments before. Deleted
documents are left out of everything here but the frequency of a term and the average length, as in Whoosh.
"""

from __future__ import annotations

import itertools
import weakref
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from whoosh.fields import Schema

from ..errors import IndexBroken, Unsupported
from ..schema import MISSING, Exact, Moment, Number
from . import facets, scoring
from .cache import CACHE
from .matches import DENSE, NOTHING, Band, Few, Many, Matches
from .ordering import Key, Order, Standing, newest_first, sorted_by
from .places import SHIFT, Places
from .postings import Postings
from .scoring import LEAST, TRACE

if TYPE_CHECKING:
    from ..segments.segment import Segment

TOKENS = itertools.count()
# Missing numbers lie one below the negative of this, all others between, where they take half the bytes.
NARROW = (1 << 31) - 1
# Arrays with a place for each document, one segment behind the other.
JOINED = ("keys", "lengths", "numbers")
# Keys that are read one by one rather than segment by segment.
SHORT = 128
# Seconds for which files that were looked at are taken for untouched.
UNCHECKED = 0.01


class Lent(NamedTuple):
    """What an earlier snapshot knew of the first segments: arrays, and the order of their documents by age."""

    segments: int
    documents: int
    arrays: dict[tuple[str, str], np.ndarray]
    order: np.ndarray | None


class Snapshot:
    """Never changes, and is shared by any number of threads. `previous` lends what it knows of the same segments."""

    def __init__(
        self,
        schema: Schema,
        segments: Sequence[Segment],
        deleted: Sequence[np.ndarray | None],
        name: str,
        previous: Snapshot | None = None,
    ) -> None:
        self.schema, self.segments, self.name = schema, tuple(segments), name
        counts = [segment.count for segment in segments]
        self.bases = [0, *itertools.accumulate(counts)][: len(counts)]
        # Deleted documents count.
        self.count = sum(counts)
        CACHE.fit(self.count)
        self.alive = _alive(counts, deleted)
        self.documents = self.count if self.alive is None else int(np.count_nonzero(self.alive))
        self.languages: Counter[str] = Counter()
        for segment in segments:
            self.languages.update(segment.languages)
        self.values: dict[str, facets.Values] = previous.values if previous else {}
        self._postings = Postings(self.segments, self.bases, self.alive)
        self._arrays: dict[tuple[str, str], Any] = {}
        self._lent = _lent(previous, self.segments) if previous else Lent(0, 0, {}, None)
        self._token = next(TOKENS)
        self._checked = -inf
        weakref.finalize(self, CACHE.forget, self._token)

    # Terms

    def frequency(self, field: str, term: bytes) -> int:
        """How many documents have the term, deleted ones included."""
        return self._postings.find(field, term).frequency

    def often(self, field: str, term: bytes) -> int:
        """How often the term stands in all of them."""
        return self._postings.often(field, term)

    def form_frequency(self, field: str, form: bytes) -> int:
        """About how many documents have a word written so."""
        return sum(
            int(segment.form_frequencies[entry])
            for segment in self.segments
            for entry in segment.form_range(field, form, form + b"\x00")
        )

    def form_often(self, field: str, form: bytes) -> int:
        """About how often a word stands there that is written so: as its term does in as many documents."""
        return sum(
            int(segment.form_frequencies[entry]) * int(segment.occurrences[term]) // int(segment.frequencies[term])
            for segment in self.segments
            for entry in segment.form_range(field, form, form + b"\x00")
            for term in (segment.form_terms[entry],)
        )

    def matches(self, field: str, term: bytes, boost: float = 1.0) -> Matches:
        """Documents that have a term. Words are scored by how often they stand there, whole values by the boost."""
        if not self.frequency(field, term):
            return NOTHING
        if boost < LEAST or not self.schema[field].scorable:
            marked = CACHE.get((self._token, "scored", field, term, 1.0))
            marked = marked or self.kept(("marked", field, term), lambda: self._marked(field, term))
            return marked.even(max(boost, TRACE))
        return self.kept(("scored", field, term, boost), lambda: self._weighed(field, term, boost))

    def ids(self, field: str, term: bytes) -> np.ndarray:
        ids = self.matches(field, term).ids
        ids.flags.writeable = False
        return ids

    def weight(self, field: str, term: bytes) -> float:
        """What the term is worth in any document, before its length and how often it stands there."""
        return scoring.rarity(self.count, self.frequency(field, term))

    def norms(self, field: str) -> np.ndarray:
        return self._once("norms", field, self._norms)

    # Occurrences

    def places(self, field: str, term: bytes) -> Places:
        return cast(Places, self.kept(("places", field, term), lambda: self._postings.places(field, term, self.count)))

    def places_at_hand(self, field: str, term: bytes) -> Places | None:
        return CACHE.get((self._token, "places", field, term))

    def form_occurrences(self, field: str, form: bytes, within: np.ndarray | None = None) -> np.ndarray:
        """Where a word stands that is written so."""
        keys = self.kept(("form", field, form), lambda: self._postings.form_keys(field, form))
        return keys if within is None else keys.take(np.flatnonzero(Few(within).among(keys >> SHIFT)))

    # Documents

    @cached_property
    def everything(self) -> Matches:
        return Many(mask=np.ones(self.count, bool) if self.alive is None else self.alive)

    def holding(self, field: str) -> Matches:
        """Documents that have anything in a field."""
        return self._once("holding", field, self._holding)

    @cached_property
    def moment(self) -> str | None:
        """The field that tells which of two documents is newer."""
        return next((name for name, field in self.schema.items() if isinstance(field, Moment)), None)

    @property
    def key_numbers(self) -> np.ndarray:
        return self._joined("keys", "", lambda segment: segment.key_numbers(), np.int64)

    def lengths(self, field: str) -> np.ndarray:
        """The number of words in each document's field, as a byte of Whoosh's."""
        return self._joined("lengths", field, lambda segment: segment.lengths(field), np.uint8)

    def numbers(self, field: str) -> np.ndarray:
        kind = np.dtype(self.schema[field].kind)
        return self._joined("numbers", field, lambda segment: segment.numbers(field), kind)

    def band(self, field: str, low: float, high: float, constant: float) -> Band:
        """Documents whose number is at least `low` and at most `high`, of which no missing one may be."""
        column = self._once("narrow", field, lambda _: _narrowed(self.numbers(field)))
        if column.dtype == np.int32:
            low, high = max(low, -NARROW), min(high, NARROW)
        return Band(column, low, high, self.alive, constant)

    def sharing(self, field: str) -> tuple[np.ndarray, np.ndarray]:
        """Documents that have a number which others have too, and for each a small number that stands for it."""
        return cast(tuple[np.ndarray, np.ndarray], self._once("sharing", field, self._sharing))

    def facet(self, field: str) -> facets.Facet:
        return self._once("facet", field, self._facet)

    def column(self, field: str) -> np.ndarray:
        """What to sort by: a number for each document."""
        kind = dict(self.schema.items()).get(field)
        if isinstance(kind, Number):
            return self.numbers(field)
        if isinstance(kind, Exact):
            return self.facet(field).ranks
        raise Unsupported(f"Results cannot be ordered by {field}: it is neither a number nor a whole value.")

    def periods(self, field: str, unit: str) -> facets.Periods:
        return self._once(f"periods {unit}", field, lambda _: facets.Periods(self.numbers(field), unit))

    def standing(self, order: Order = ()) -> Standing:
        """All documents in an order. Ties are broken by the newest, then by the highest number in the key."""
        if order and order != (Key(self.moment or "", True),):
            return self.kept(("standing", order), lambda: sorted_by(self, order))
        return self._once("standing", "", lambda _: newest_first(self, self._lent.order))

    def known_order(self) -> np.ndarray | None:
        """Documents from the newest to the oldest, or the first ones of them, if that was found out already."""
        standing = self._arrays.get(("standing", ""))
        return standing.ids if standing else self._lent.order

    def keys(self, ids: np.ndarray) -> list[str]:
        """The keys of documents in any order."""
        if len(ids) < SHORT:
            return list(map(self._key, ids.tolist()))
        segment = np.searchsorted(self.bases, ids, "right") - 1
        keys = [""] * len(ids)
        for number in np.unique(segment).tolist():
            at = np.flatnonzero(segment == number)
            found = self.segments[number].keys(ids.take(at) - self.bases[number])
            for place, key in zip(at.tolist(), found, strict=True):
                keys[place] = key
        return keys

    def check(self) -> None:
        """Raises `IndexBroken` where a file was changed; looked at again only after a moment."""
        now = monotonic()
        if now - self._checked < UNCHECKED:
            return
        if not all(segment.is_untouched() for segment in self.segments):
            raise IndexBroken("A file of the search index was changed by somebody else.")
        self._checked = now

    # How it is done

    def _key(self, number: int) -> str:
        segment = bisect_right(self.bases, number) - 1
        return self.segments[segment].key(number - self.bases[segment])

    def kept(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """An array, several or matches, made now or kept from before."""
        key = (self._token, *key)
        value = CACHE.get(key)
        if value is None:
            value = _sealed(make())
            CACHE.put(key, value, _size(value, self.count))
        return value

    def _once(self, kind: str, name: str, make: Callable[[str], Any]) -> Any:
        """Something that is small enough to be kept as long as the snapshot lives."""
        value = self._arrays.get((kind, name))
        if value is None:
            value = self._arrays[kind, name] = _sealed(make(name))
        return value

    def _joined(self, kind: str, name: str, read: Callable[[Segment], np.ndarray], dtype: Any) -> np.ndarray:
        """One array for all segments. Of those that the snapshot before had too, it is taken over from there."""

        def join(name: str) -> np.ndarray:
            lent = self._lent.arrays.pop((kind, name), None)
            new = self.segments if lent is None else self.segments[self._lent.segments :]
            known = np.zeros(0, dtype) if lent is None else lent[: self._lent.documents]
            return np.concatenate([known, *map(read, new)])

        return self._once(kind, name, join)

    def _marked(self, field: str, term: bytes) -> Matches:
        ids = self._postings.ids(field, term)
        if len(ids) * DENSE < self.count:
            return Few(ids)
        mask = np.zeros(self.count, bool)
        mask[ids] = True
        return Many(mask=mask)

    def _weighed(self, field: str, term: bytes, boost: float) -> Matches:
        ids, times = self._postings.ids_and_times(field, term)
        scores = scoring.rated(times, self.norms(field).take(ids), self.weight(field, term) * boost)
        if len(ids) * DENSE < self.count:
            return Few(ids, scores)
        weights = np.zeros(self.count, np.float32)
        weights[ids] = scores
        return Many(weights)

    def _norms(self, field: str) -> np.ndarray:
        words = sum(segment.total(field) for segment in self.segments)
        return scoring.norms(self.lengths(field), words, self.count)

    def _holding(self, field: str) -> Matches:
        kind = self.schema[field]
        if isinstance(kind, Number):
            mask = self.numbers(field) > kind.missing
        else:
            mask = self.lengths(field) > 0 if kind.scorable else self.facet(field).has_some()
        return Many(mask=mask if self.alive is None else mask & self.alive)

    def _sharing(self, field: str) -> tuple[np.ndarray, np.ndarray]:
        ids = self.holding(field).ids
        _, groups, counts = np.unique(self.numbers(field).take(ids), return_inverse=True, return_counts=True)
        kept = np.flatnonzero(counts.take(groups) > 1)
        return ids.take(kept), groups.take(kept).astype(np.int32)

    def _facet(self, field: str) -> facets.Facet:
        values = self.values.get(field)
        if values is None or values.is_worn_out(self.segments):
            values = self.values[field] = facets.Values(field)
        return facets.joined(values, self.segments)


def _alive(counts: list[int], deleted: Sequence[np.ndarray | None]) -> np.ndarray | None:
    if not any(mask is not None and mask.any() for mask in deleted):
        return None
    masks = [np.zeros(count, bool) if mask is None else mask for count, mask in zip(counts, deleted, strict=True)]
    return ~np.concatenate(masks)


def _narrowed(numbers: np.ndarray) -> np.ndarray:
    """The same numbers in half the bytes if they fit; moments do, up to the year 4083."""
    if numbers.dtype.kind != "i" or numbers.max(initial=0) >= NARROW:
        return numbers
    narrow = np.maximum(numbers, -NARROW - 1)
    fits = (narrow == numbers) | (numbers <= MISSING)
    return narrow.astype(np.int32) if fits.all() else numbers


def _lent(previous: Snapshot, segments: tuple[Segment, ...]) -> Lent:
    pairs = zip(previous.segments, segments, strict=False)
    same = [segment for segment, _ in itertools.takewhile(lambda pair: pair[0] is pair[1], pairs)]
    documents = sum(segment.count for segment in same)
    arrays = {key: array for key, array in previous._arrays.items() if key[0] in JOINED} if same else {}
    order = previous.known_order()
    return Lent(len(same), documents, arrays, None if order is None else order.take(np.flatnonzero(order < documents)))


def _sealed(value: Any) -> Any:
    """What many share cannot be written to."""
    arrays = value if isinstance(value, tuple) else vars(value).values() if hasattr(value, "__dict__") else (value,)
    for array in arrays:
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return value


def _size(value: Any, count: int) -> int:
    """Bytes, with those that matches take when all is asked of them."""
    if isinstance(value, tuple):
        return sum(part.nbytes for part in value)
    if isinstance(value, Few):
        return value.total * 12
    if isinstance(value, Many):
        return count * 5
    return int(value.nbytes)
