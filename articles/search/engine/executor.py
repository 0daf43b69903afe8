"""Whoosh query objects, answered: every match with its score, in a stable order, and what the matches share."""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from math import log
from typing import Any, NamedTuple

from whoosh import query
from whoosh.util.numeric import byte_to_length

from .errors import IndexBroken, TooSlow, Unsupported
from .leaves import Leaf, Snapshot
from .schema import UNDATED

# BM25 as Whoosh has it by default.
B, K1 = 0.75, 1.2
Scores = dict[int, float]
Within = Collection[int] | None
# Whoosh keeps the number of words of a field in a byte.
WORDS = [byte_to_length(byte) for byte in range(256)]


class Order(NamedTuple):
    """By "score", "newest" or "oldest"; `field` is the date that decides, or that breaks ties."""

    by: str
    field: str


@dataclass
class Answer:
    """`hits` holds the scores of all matches, segment by segment; everything else is counted from them."""

    snapshot: Snapshot
    hits: list[Scores]
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.total = sum(map(len, self.hits))

    def window(self, start: int, end: int | None, order: Order) -> list[tuple[str, float]]:
        """Keys and scores from `start` to `end`.

        Ties are broken by the newest, then by the highest key; what has no date is last in every order by date.
        """
        end = self.total if end is None else min(end, self.total)
        if start >= end:
            return []
        sortable = self._sortable(order)
        first = heapq.nlargest(end, sortable) if end * 8 < self.total else sorted(sortable, reverse=True)
        return [self._named(*entry[-2:]) for entry in first[start:end]]

    def _sortable(self, order: Order) -> Iterator[tuple[Any, ...]]:
        """An entry a match, of which a greater one comes first; its end says which match it is."""
        for place, (leaf, hits) in enumerate(zip(self.snapshot.leaves, self.hits, strict=True)):
            if not hits:
                continue
            moments, numbers = leaf.moments[order.field], leaf.numbers
            if order.by == "score":
                yield from ((round(hits[doc], 9), moments[doc], numbers[doc], place, doc) for doc in hits)
            elif order.by == "newest":
                yield from ((moments[doc], numbers[doc], place, doc) for doc in hits)
            else:
                yield from ((moments[doc] != UNDATED, -moments[doc], -numbers[doc], place, doc) for doc in hits)

    def _named(self, place: int, document: int) -> tuple[str, float]:
        return self.snapshot.leaves[place].keys[document], self.hits[place][document]

    def facet(self, name: str) -> Counter[str]:
        """How many matches have each value of an exact field."""
        counts: Counter[str] = Counter()
        for leaf, hits in zip(self.snapshot.leaves, self.hits, strict=True):
            if hits:
                values, held = leaf.facet(name)
                found = Counter(chain.from_iterable(map(held.__getitem__, hits)))
                counts.update({values[place]: count for place, count in found.items()})
        return counts


def answer(snapshot: Snapshot, asked: query.Query, seconds: float) -> Answer:
    """Raises `TooSlow` when the time is up, `IndexBroken` rather than an answer from files that are not ours."""
    deadline = time.monotonic() + seconds
    weights = Weights(snapshot)
    hits = []
    for leaf, deleted in zip(snapshot.leaves, snapshot.deleted, strict=True):
        if not leaf.is_untouched():
            raise IndexBroken("A file of the search index was changed by somebody else.")
        found = Search(leaf, weights, deadline).find(asked)
        if deleted:
            found = {document: score for document, score in found.items() if document not in deleted}
        hits.append(found)
    return Answer(snapshot, hits)


class Weights:
    """What a term weighs in the whole index, not in one segment, so that where a document lies does not matter."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._rarity: dict[tuple[str, bytes], float] = {}
        self._average: dict[str, float] = {}

    def rarity(self, name: str, term: bytes) -> float:
        if (name, term) not in self._rarity:
            found = self.snapshot.frequency(name, term)
            self._rarity[name, term] = log(self.snapshot.total / (found + 1)) + 1
        return self._rarity[name, term]

    def average(self, name: str) -> float:
        if name not in self._average:
            self._average[name] = self.snapshot.average_length(name)
        return self._average[name]


class Search:
    """Walks a query in one segment. Each method returns the documents that match, with their scores.

    `within` holds the documents that can still matter to whoever asks; others need not be returned.
    """

    def __init__(self, leaf: Leaf, weights: Weights, deadline: float) -> None:
        self.leaf, self.weights, self.deadline = leaf, weights, deadline
        self._kinds: dict[type, Callable[[Any, Within], Scores]] = {
            query.Every: self._every,
            query.Term: self._term,
            query.Phrase: self._phrase,
            query.NumericRange: self._range,
            query.ConstantScoreQuery: self._unscored,
            query.And: self._and,
            query.Or: self._or,
            query.AndNot: self._and_not,
        }

    def find(self, asked: query.Query, within: Within = None) -> Scores:
        if time.monotonic() > self.deadline:
            raise TooSlow("The search took longer than it may.")
        kind = self._kinds.get(type(asked))
        if kind is None:
            raise Unsupported(f"This engine does not know {type(asked).__name__}.")
        return kind(asked, within)

    def size(self, asked: query.Query) -> int:
        """At most how many documents match, told without looking at them."""
        if isinstance(asked, query.Term):
            return self.leaf.frequency(asked.fieldname, asked.text)
        if isinstance(asked, query.Phrase):
            return min(self.leaf.frequency(asked.fieldname, term) for term in asked.words)
        if isinstance(asked, query.And):
            return min(map(self.size, asked))
        if isinstance(asked, query.Or):
            return min(self.leaf.count, sum(map(self.size, asked)))
        if isinstance(asked, query.ConstantScoreQuery):
            return self.size(asked.child)
        return self.leaf.count

    def _every(self, asked: query.Every, within: Within) -> Scores:
        return dict.fromkeys(range(self.leaf.count) if within is None else within, 0.0)

    def _term(self, asked: query.Term, within: Within) -> Scores:
        name, term = asked.fieldname, asked.text
        if not self.leaf.frequency(name, term):
            return {}
        weight = self.weights.rarity(name, term) * asked.boost
        found: Scores = {}
        for numbers, times, _ in self.leaf.postings(name, term):
            pairs = zip(numbers, times, strict=True)
            found.update(self._rated(name, weight, pairs if within is None else [p for p in pairs if p[0] in within]))
        return found

    def _rated(self, name: str, weight: float, pairs: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
        """BM25 as Whoosh counts it, of documents in each of which a term stands so many times."""
        lengths, top = self.leaf.lengths[name], weight * (K1 + 1)
        fixed, per_word = K1 * (1 - B), K1 * B / self.weights.average(name)
        return [(n, top * times / (times + fixed + per_word * WORDS[lengths[n]])) for n, times in pairs]

    def _phrase(self, asked: query.Phrase, within: Within) -> Scores:
        """Documents in which the terms stand one behind the other, rated by how often they do."""
        name = asked.fieldname
        starts: dict[int, set[int]] | None = None
        for offset, term in sorted(enumerate(asked.words), key=lambda pair: self.leaf.frequency(name, pair[1])):
            starts = self._starts(name, term, offset, within if starts is None else starts, starts)
            if not starts:
                return {}
        weight = sum(self.weights.rarity(name, term) for term in asked.words) * asked.boost
        return dict(self._rated(name, weight, [(number, len(found)) for number, found in (starts or {}).items()]))

    def _starts(
        self, name: str, term: bytes, offset: int, within: Within, before: dict[int, set[int]] | None
    ) -> dict[int, set[int]]:
        """Where a phrase can begin, of which `term` stands `offset` places behind the beginning."""
        decode = self.leaf.schema[name].format.decode_positions
        found: dict[int, set[int]] = {}
        for numbers, _, values in self.leaf.postings(name, term):
            for number, value in zip(numbers, values, strict=True):
                if within is None or number in within:
                    places = {place - offset for place in decode(value)}
                    found[number] = places if before is None else places & before[number]
        return {number: places for number, places in found.items() if places}

    def _range(self, asked: query.NumericRange, within: Within) -> Scores:
        moments = self.leaf.moments[asked.fieldname]
        numbers = range(self.leaf.count) if within is None else within
        return {number: 0.0 for number in numbers if asked.start <= moments[number] <= asked.end}

    def _unscored(self, asked: query.ConstantScoreQuery, within: Within) -> Scores:
        """Filters: exact values, which say nothing about how well a document matches."""
        found: Scores = {}
        for part in asked.child:
            documents = self.leaf.documents(part.fieldname, part.text)
            found.update((number, 0.0) for number in documents if within is None or number in within)
        return found

    def _and(self, asked: query.And, within: Within) -> Scores:
        first, *others = sorted(asked, key=self.size)
        found = self.find(first, within)
        for part in others:
            if not found:
                break
            also = self.find(part, found)
            found = {number: found[number] + score for number, score in also.items()}
        return found

    def _or(self, asked: query.Or, within: Within) -> Scores:
        found: Scores = {}
        for part in asked:
            also = self.find(part, within)
            # The few are added to the many.
            found, also = (also, found) if len(also) > len(found) else (found, also)
            for number, score in also.items():
                found[number] = found.get(number, 0.0) + score
        return found

    def _and_not(self, asked: query.AndNot, within: Within) -> Scores:
        found = self.find(asked.a, within)
        excluded = self.find(asked.b, found)
        return {number: score for number, score in found.items() if number not in excluded}
