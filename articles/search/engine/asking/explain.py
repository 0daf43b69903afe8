"""Why a document is found, and how much each word of a query finds alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import query
from whoosh.query import spans

from .. import analysis
from ..segments.segment import Segment
from . import expansion
from .executor import Search, match
from .lexicon import form_entries
from .limits import LIMITS, Limits
from .queries import FAMILIES, FORM_FAMILIES, POSITIONAL, AtLeast, Chain, Form, InRow, SameParagraph, each_of, parts
from .scoring import LEAST
from .snapshot import Snapshot


@dataclass(frozen=True)
class Contribution:
    """What a term, or the words that a family stands for, gave to the score of a document.

    `forms` says how the words are written there, and how often each. What is scored and is not a word, such as a
    document without a word that is excluded, has neither field nor term.
    """

    field: str
    term: str
    forms: tuple[tuple[str, int], ...]
    times: int
    score: float


def explain(snapshot: Snapshot, asked: query.Query, number: int, limits: Limits = LIMITS) -> list[Contribution]:
    """What made up the score of a document, the most first. Nothing if it does not match."""
    found: dict[tuple[str, str], Contribution] = {}
    for part in Reason(snapshot, number, limits).of(asked, 1.0):
        before = found.get((part.field, part.term))
        found[part.field, part.term] = replace(part, score=part.score + before.score) if before else part
    return sorted(found.values(), key=lambda part: (-part.score, part.field, part.term))


def counts(snapshot: Snapshot, asked: query.Query, limits: Limits = LIMITS) -> list[tuple[query.Query, int]]:
    """Each word, phrase, range and filter of a query, with how many documents it finds alone."""
    alone = dict.fromkeys(_alone(asked))
    return [(part, match(snapshot, part, limits, scored=False).total) for part in alone]


def _alone(asked: query.Query) -> Iterator[query.Query]:
    waiting = [asked]
    while waiting:
        part = waiting.pop()
        if part.is_leaf() or isinstance(part, (query.ConstantScoreQuery, *POSITIONAL)):
            yield part
        if isinstance(part, query.Phrase):
            yield from (query.Term(part.fieldname, word) for word in part.words)
        elif not isinstance(part, query.ConstantScoreQuery):
            waiting.extend(reversed(parts(part)))


class Reason:
    """Takes the score of one document apart, in the way in which `executor` puts it together."""

    def __init__(self, snapshot: Snapshot, number: int, limits: Limits) -> None:
        self.snapshot, self.number, self.limits = snapshot, number, limits
        self._search = Search(snapshot, limits)
        self._only = np.array([number], np.intp)
        at = int(np.searchsorted(snapshot.bases, number, "right")) - 1
        self._at, self._segment, self._local = at, snapshot.segments[at], number - snapshot.bases[at]

    def of(self, asked: query.Query, boost: float) -> list[Contribution]:
        score = self._score(asked, boost)
        if not score:
            return []
        kind = _KINDS.get(type(asked))
        if kind is not None:
            return kind(self, asked, boost)
        return [Contribution("", "", (), 0, score)] if score > LEAST else []

    def _score(self, asked: query.Query, boost: float) -> float:
        return float(self._search.find(asked, boost, self._only).scores_at(self._only)[0])

    def _all(self, asked: query.Query, boost: float) -> list[Contribution]:
        """Every part that matches gives something."""
        inner = boost * getattr(asked, "boost", 1.0)
        return [each for part in parts(asked) for each in self.of(part, inner)]

    def _and(self, asked: query.And, boost: float) -> list[Contribution]:
        """A part that excludes gives one, as in Whoosh."""
        return [each for part in asked for each in self._wanted(part, boost * asked.boost)]

    def _wanted(self, part: query.Query, boost: float) -> list[Contribution]:
        if not isinstance(part, query.Not):
            return self.of(part, boost)
        return [Contribution("", "", (), 0, boost)] if boost > LEAST else []

    def _best(self, asked: query.DisjunctionMax, boost: float) -> list[Contribution]:
        inner = boost * asked.boost
        return self.of(max(asked, key=lambda part: self._score(part, inner)), inner)

    def _first(self, asked: query.AndNot | query.Require, boost: float) -> list[Contribution]:
        return self.of(asked.a, boost)

    def _phrase(self, asked: query.Phrase, boost: float) -> list[Contribution]:
        words = [query.Term(asked.fieldname, word) for word in asked.words]
        return [each for word in words for each in self.of(word, boost * asked.boost)]

    def _term(self, asked: query.Term, boost: float) -> list[Contribution]:
        """Of several terms in one the first that stands there is named."""
        terms = each_of(self.snapshot.schema[asked.fieldname].to_bytes(asked.text))
        forms = {term: self._written(self._segment.lookup(asked.fieldname, term)) for term in terms}
        named = next((term for term in terms if forms[term]), terms[0])
        together = reduce(or_, forms.values())
        return [self._contribution(asked, named.decode(errors="replace"), together, boost)]

    def _form(self, asked: Form, boost: float) -> list[Contribution]:
        entries = self._segment.form_range(asked.fieldname, asked.form, asked.form + b"\x00")
        return [self._contribution(asked, asked.form.decode(errors="replace"), self._chosen(np.array(entries)), boost)]

    def _family(self, asked: query.Query, boost: float) -> list[Contribution]:
        if isinstance(asked, FORM_FAMILIES):
            forms = self._chosen(expansion.forms(self.snapshot, asked, self.limits)[self._at])
        else:
            terms = [term for _, term in expansion.expand(self.snapshot, asked)]
            ordinals = [self._segment.lookup(asked.fieldname, term) for term in terms]
            forms = sum(map(self._written, ordinals), Counter[bytes]())
        return [self._contribution(asked, asked.text, forms, boost)]

    def _contribution(self, asked: Any, term: str, forms: Counter[bytes], boost: float) -> Contribution:
        written = sorted(forms.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = analysis.unmarked if self.snapshot.schema[asked.fieldname].scorable else str
        named = tuple((shown(form.decode(errors="replace")), times) for form, times in written)
        return Contribution(asked.fieldname, term, named, forms.total(), self._score(asked, boost))

    def _chosen(self, entries: npt.NDArray[np.intp]) -> Counter[bytes]:
        """The forms of these entries that stand in the document. A form of several terms is counted once."""
        forms: Counter[bytes] = Counter()
        wanted = set(map(self._segment.form, entries.tolist()))
        for ordinal in np.unique(self._segment.form_terms[entries.astype(np.intp)]).tolist():
            held = {form: times for form, times in self._written(ordinal).items() if form in wanted}
            forms |= Counter(held)
        return forms

    def _written(self, ordinal: int) -> Counter[bytes]:
        """How a term is written in the document, and how often so: the term itself where it is a part of a word."""
        segment = self._segment
        if ordinal < 0:
            return Counter()
        ids = segment.ids(ordinal)
        row = int(ids.searchsorted(self._local))
        if row == len(ids) or ids[row] != self._local:
            return Counter()
        times, forms = segment.times(ordinal), segment.forms(ordinal)
        start, many = int(times[:row].sum()), int(times[row])
        names = _names(segment, ordinal)
        if forms is None:
            return Counter({names.get(0) or segment.term(ordinal): many})
        return Counter(names[form] or segment.term(ordinal) for form in forms[start : start + many].tolist())


def _names(segment: Segment, ordinal: int) -> dict[int, bytes]:
    """The forms of a term by their numbers."""
    entries = form_entries(segment, ordinal)
    return dict(zip(segment.form_numbers[entries].tolist(), map(segment.form, entries.tolist()), strict=True))


_KINDS: dict[type, Callable[[Reason, Any, float], list[Contribution]]] = {
    query.And: Reason._and,
    **dict.fromkeys((query.Or, query.AndMaybe), Reason._all),
    **dict.fromkeys((spans.SpanNear, spans.SpanFirst, spans.SpanOr), Reason._all),
    **dict.fromkeys((AtLeast, SameParagraph, InRow, Chain), Reason._all),
    **dict.fromkeys((query.AndNot, query.Require), Reason._first),
    **dict.fromkeys(FAMILIES, Reason._family),
    query.DisjunctionMax: Reason._best,
    query.Phrase: Reason._phrase,
    query.Term: Reason._term,
    Form: Reason._form,
}
