"""Where in the documents something stands: words, words in a row, near each other, in one paragraph.

What is near and what is first is as Whoosh's span queries have it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext
from whoosh import query
from whoosh.query import spans

from .. import analysis
from ..errors import TooBroad, Unsupported
from . import bits, expansion
from .keys import NONE, Ids, Keys, Spans, common, documents_of, follow, joined, near, united
from .limits import LIMITS, Limits
from .matches import changes
from .places import PLACES, SHIFT
from .queries import FAMILIES, AtLeast, Chain, Form, InRow, SameParagraph, as_bytes, parts
from .scoring import TRACE, rated
from .snapshot import Snapshot

Scores = npt.NDArray[np.float32]

MARK = analysis.PARAGRAPH.encode()
# The occurrences of a word in so many documents are read as a whole and kept; of more, only those that can matter.
WHOLE = 1 << 15


def match(
    snapshot: Snapshot, asked: query.Query, within: Ids | None = None, scored: bool = True, limits: Limits = LIMITS
) -> tuple[Ids, Scores | None]:
    """Documents in which something stands as it is asked for, with what its words score there."""
    ids = Finder(snapshot, limits).documents(asked, within)
    if within is not None:
        ids = common(ids, within)
    return ids, np.maximum(Rating(snapshot, limits).of(asked, ids), TRACE) if scored else None


class Finder:
    """Finds spans. `within` holds the documents that can still matter; spans in others may or may not be found."""

    def __init__(self, snapshot: Snapshot, limits: Limits) -> None:
        self.snapshot, self.limits = snapshot, limits

    def documents(self, asked: query.Query, within: Ids | None) -> Ids:
        """The documents of the spans. Whether there is one is told sooner than which there are."""
        if type(asked) is spans.SpanNear and asked.mindist > 0:
            return self._near_documents(asked, within)
        if type(asked) is AtLeast and type(asked.query) is query.Term:
            word = asked.query
            name, term = word.fieldname, as_bytes(word.text)
            return self.snapshot.places(name, term).often(asked.times)
        return self.find(asked, within).documents()

    def find(self, asked: query.Query, within: Ids | None) -> Spans:
        kind = _KINDS.get(type(asked))
        if kind is None:
            raise Unsupported(f"{type(asked).__name__} has no place in a text: ask for it outside of near and phrases.")
        return kind(self, asked, within)

    def size(self, asked: query.Query) -> int:
        """About how many documents match, told without looking at them."""
        if isinstance(asked, query.Term):
            return self.snapshot.frequency(asked.fieldname, as_bytes(asked.text))
        if isinstance(asked, query.Phrase):
            return min((self.snapshot.frequency(asked.fieldname, as_bytes(word)) for word in asked.words), default=0)
        if isinstance(asked, Form):
            return self.snapshot.form_frequency(asked.fieldname, asked.form)
        sizes = [self.size(part) for part in parts(asked)]
        if not sizes:
            return self.snapshot.count
        return sum(sizes) if isinstance(asked, query.Or | spans.SpanOr) else min(sizes)

    def keys(self, name: str, term: bytes, within: Ids | None) -> Keys:
        few = _is_few(within, self.snapshot.frequency(name, term))
        return self.snapshot.places(name, term).keys(within if few else None)

    def _term(self, asked: query.Term, within: Ids | None) -> Spans:
        keys = self.keys(asked.fieldname, as_bytes(asked.text), within)
        return Spans(keys, keys)

    def _form(self, asked: Form, within: Ids | None) -> Spans:
        keys = self.snapshot.form_occurrences(asked.fieldname, asked.form, within)
        return Spans(keys, keys)

    def _family(self, asked: query.Query, within: Ids | None) -> Spans:
        keys = expansion.keys(self.snapshot, asked, within, self.limits)
        return Spans(keys, keys)

    def _any(self, asked: query.Or, within: Ids | None) -> Spans:
        return united([self.find(part, within) for part in asked])

    def _merged(self, asked: spans.SpanOr, within: Ids | None) -> Spans:
        """Spans that overlap or touch become one."""
        starts, ends = united([self.find(part, within) for part in asked.subqs])
        if not len(starts):
            return NONE
        reach = np.maximum.accumulate(ends)
        first = np.append(True, starts[1:] > reach[:-1] + 1)
        return Spans(starts[first], reach[np.append(first[1:], True)])

    def _phrase(self, asked: query.Phrase, within: Ids | None) -> Spans:
        if not asked.words:
            return NONE
        if asked.slop != 1:
            return self._loose_phrase(asked, within)
        frequency, name = self.snapshot.frequency, asked.fieldname
        terms = list(map(as_bytes, asked.words))
        (fewest, offset, term), *others = sorted((frequency(name, term), n, term) for n, term in enumerate(terms))
        if not fewest:
            return NONE
        keys = self.keys(name, term, within)
        for _, place, term in others:
            keys = self.snapshot.places(name, term).beside(keys, (place - offset, place - offset))
        keys = keys - offset
        return Spans(keys, keys + (len(terms) - 1))

    def _in_row(self, asked: InRow, within: Ids | None) -> Spans:
        (fewest, place), *others = sorted((self.size(part), place) for place, part in enumerate(asked.parts))
        if not fewest:
            return NONE
        keys = self.find(asked.parts[place], within).starts - place
        for _, place in others:
            keys = self._standing(keys + place, asked.parts[place]) - place
        return Spans(keys, keys + (len(asked.parts) - 1))

    def _standing(self, keys: Keys, asked: query.Query) -> Keys:
        """Those of the keys at which something stands."""
        if isinstance(asked, query.Term):
            return self.snapshot.places(asked.fieldname, as_bytes(asked.text)).beside(keys, (0, 0))
        return common(keys, self.find(asked, None).starts)

    def _loose_phrase(self, asked: query.Phrase, within: Ids | None) -> Spans:
        words = [query.Term(asked.fieldname, word) for word in asked.words]
        rarest = min(words, key=self.size)
        if not self.size(rarest):
            return NONE
        within = self._term(rarest, within).documents()
        first, *others = (self._term(word, within) for word in words)
        return reduce(lambda a, b: self._pairs(a, b, asked.slop, ordered=True, least=1), others, first)

    def _sides(self, asked: spans.SpanNear, within: Ids | None) -> tuple[Spans, Spans]:
        """The spans of both sides; the side of fewer documents is looked for first, and the other only in them."""
        of_a, of_b = self.size(asked.a), self.size(asked.b)
        if of_b < of_a:
            b = self.find(asked.b, within)
            return self.find(asked.a, b.documents() if of_a > WHOLE else within), b
        a = self.find(asked.a, within)
        return a, self.find(asked.b, a.documents() if of_b > WHOLE else within)

    def _near(self, asked: spans.SpanNear, within: Ids | None) -> Spans:
        a, b = self._sides(asked, within)
        return self._pairs(a, b, asked.slop, asked.ordered, asked.mindist)

    def _near_documents(self, asked: spans.SpanNear, within: Ids | None) -> Ids:
        if not _are_words(asked):
            return self._follow(*self._sides(asked, within), asked)
        if _fit_bits(asked) and self._are_common(asked.a.fieldname, [asked.a.text, asked.b.text], within):
            a, b = (bits.places(self.snapshot, part.fieldname, as_bytes(part.text)) for part in (asked.a, asked.b))
            late = self._follow(Spans(a[1], a[1]), Spans(b[1], b[1]), asked)
            return joined(bits.near(a[0], b[0], asked.slop, asked.ordered), late)
        return self._near_words(asked, within)

    def _near_words(self, asked: spans.SpanNear, within: Ids | None) -> Ids:
        """The rarer word is looked at place by place."""
        rarer, other = sorted((asked.a, asked.b), key=self.size)
        behind = (asked.mindist, asked.slop)
        before = (-asked.slop, -asked.mindist)
        distances = [behind if rarer is asked.a else before] if asked.ordered else [behind, before]
        keys = self._term(rarer, within).starts
        places = self.snapshot.places(other.fieldname, as_bytes(other.text))
        return documents_of(places.beside(keys, *distances))

    def _follow(self, a: Spans, b: Spans, asked: spans.SpanNear) -> Ids:
        found = documents_of(follow(a, b, asked.mindist, asked.slop))
        if asked.ordered:
            return found
        return joined(found, documents_of(follow(b, a, asked.mindist, asked.slop)))

    def _are_common(self, name: str, words: Sequence[Any], within: Ids | None) -> bool:
        if _is_few(within, self.snapshot.count):
            return False
        return bits.are_common(self.snapshot, name, list(map(as_bytes, words)))

    def _pairs(self, a: Spans, b: Spans, slop: int, ordered: bool, least: int) -> Spans:
        """Every span of `a` with every one of `b` that is `least` to `slop` places away; 0 is to overlap."""
        found = [self._behind(a, b, a.ends + least if least > 0 else a.starts, slop)]
        if not ordered:
            found.append(self._behind(b, a, b.ends + least if least > 0 else b.starts + 1, slop))
        return united(found)

    def _behind(self, a: Spans, b: Spans, low: Keys, slop: int) -> Spans:
        """Every span of `a` with every one of `b` that starts from `low` to `slop` behind its end."""
        first = b.starts.searchsorted(low)
        counts = np.maximum(b.starts.searchsorted(a.ends + slop, "right") - first, 0)
        total = int(counts.sum())
        if total > self.limits.pairs:
            said = gettext("Words that are so common are near each other too often: ask for rarer ones or nearer ones.")
            raise TooBroad(said)
        mine = np.repeat(np.arange(len(counts)), counts)
        theirs = np.arange(total) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        return Spans(a.starts[mine], np.maximum(a.ends[mine], b.ends[theirs]))

    def _chain(self, asked: Chain, within: Ids | None) -> Spans:
        """Spans of the last part that are reached from the first by way of all the others."""
        found: dict[int, Spans] = {}
        for place in sorted(range(len(asked.parts)), key=lambda place: self.size(asked.parts[place])):
            found[place] = self.find(asked.parts[place], within)
            # What most documents have narrows nothing.
            if 2 * self.size(asked.parts[place]) < self.snapshot.count:
                holders = found[place].documents()
                within = holders if within is None else common(within, holders)
        return reduce(lambda a, b: b.only(near(b, a, asked.distance)), (found[place] for place in sorted(found)))

    def _first(self, asked: spans.SpanFirst, within: Ids | None) -> Spans:
        found = self.find(asked.q, within)
        return found.only((found.ends & PLACES) <= asked.limit)

    def _at_least(self, asked: AtLeast, within: Ids | None) -> Spans:
        found = self.find(asked.query, within)
        ids = found.starts >> SHIFT
        begins = np.flatnonzero(changes(ids))
        counts = np.diff(np.append(begins, len(ids)))
        return found.only(np.repeat(counts >= asked.times, counts))

    def _same_paragraph(self, asked: SameParagraph, within: Ids | None) -> Spans:
        """A span a paragraph: the key of its mark."""
        found: Keys | None = None
        for part in sorted(asked.parts, key=self.size):
            starts = self.find(part, within).starts
            holders = documents_of(starts)
            within = holders if found is None or within is None else common(within, holders)
            paragraphs = self._paragraphs(asked.fieldname, starts, within)
            found = paragraphs if found is None else common(found, paragraphs)
        return NONE if found is None else Spans(found, found)

    def _paragraphs(self, name: str, keys: Keys, within: Ids) -> Keys:
        """The marks of the paragraphs in which the keys lie; the beginning of a document where it has no mark.

        Either each key is looked up among the marks, or each mark among the keys, if those are more.
        """
        marks = self.snapshot.places(name, MARK).keys(within)
        if len(keys) > len(marks) > WHOLE:
            bounds = joined(np.arange(self.snapshot.count + 1) << SHIFT, marks)
            return bounds[:-1][np.diff(keys.searchsorted(bounds)) > 0]
        marks = np.append(np.int64(-1), marks)
        nearest = marks[marks.searchsorted(keys, "right") - 1]
        held = np.maximum(nearest, keys & ~np.int64(PLACES))
        return held[changes(held)]


_KINDS: dict[type, Callable[[Finder, Any, Ids | None], Spans]] = {
    query.Term: Finder._term,
    Form: Finder._form,
    query.Or: Finder._any,
    query.Phrase: Finder._phrase,
    spans.SpanNear: Finder._near,
    spans.SpanFirst: Finder._first,
    spans.SpanOr: Finder._merged,
    AtLeast: Finder._at_least,
    SameParagraph: Finder._same_paragraph,
    InRow: Finder._in_row,
    Chain: Finder._chain,
    **dict.fromkeys(FAMILIES, Finder._family),
}


class Rating:
    """What the words of a query score in documents that match it: what an AND of them would, as in Whoosh."""

    def __init__(self, snapshot: Snapshot, limits: Limits) -> None:
        self.snapshot, self.limits = snapshot, limits

    def of(self, asked: query.Query, ids: Ids) -> Scores:
        if isinstance(asked, query.Term):
            return self._term(asked.fieldname, as_bytes(asked.text), ids) * np.float32(asked.boost)
        if isinstance(asked, Form):
            written = expansion.written(self.snapshot, asked.fieldname, asked.form)
            return cast(Scores, written.scores_at(ids)) * np.float32(asked.boost)
        if isinstance(asked, query.Phrase):
            rated = [self._term(asked.fieldname, as_bytes(word), ids) for word in asked.words]
            return total(rated, ids) * np.float32(asked.boost)
        if isinstance(asked, query.Or | spans.SpanOr):
            boost = np.float32(getattr(asked, "boost", 1.0))
            return total([self._where_found(part, ids) for part in parts(asked)], ids) * boost
        if asked.is_leaf():
            return self._where_found(asked, ids)
        return total([self.of(part, ids) for part in parts(asked)], ids)

    def _where_found(self, asked: query.Query, ids: Ids) -> Scores:
        """The scores of a query that need not match all of the documents."""
        if isinstance(asked, query.Term | Form):
            return self.of(asked, ids)
        if isinstance(asked, FAMILIES):
            held = expansion.match(self.snapshot, asked, self.limits).among(ids)
            return cast(Scores, held * np.float32(asked.boost))
        found = common(Finder(self.snapshot, self.limits).documents(asked, ids), ids)
        rated = np.zeros(len(ids), np.float32)
        rated[ids.searchsorted(found)] = self.of(asked, found)
        return rated

    def _term(self, name: str, term: bytes, ids: Ids) -> Scores:
        """What a word scores in each document; 0 where it does not stand.

        Where its places were just looked at, they tell it; the scores of all its documents would take much longer.
        """
        places = self.snapshot.places_at_hand(name, term)
        if places is None:
            return self.snapshot.matches(name, term).scores_at(ids)
        times = places.times(ids)
        return rated(times, self.snapshot.norms(name).take(ids), self.snapshot.weight(name, term))


def _is_few(within: Ids | None, documents: int) -> bool:
    """So few of the documents matter that it is quicker to pick them."""
    return within is not None and 4 * len(within) <= documents


def _are_words(asked: spans.SpanNear) -> bool:
    return type(asked.a) is type(asked.b) is query.Term and asked.a.fieldname == asked.b.fieldname


def _fit_bits(asked: spans.SpanNear) -> bool:
    """The one next to the other or within a distance that bits can tell."""
    return asked.mindist == 1 and 1 <= asked.slop < bits.WIDTH


def total(scores: Sequence[Scores], ids: Ids) -> Scores:
    return reduce(np.add, scores, np.zeros(len(ids), np.float32))
