"""Whoosh's queries, answered: every document that matches, with its score. Each step works on whole arrays.

A boost is handed down to what is scored; where it is zero, nothing is scored. `within` holds the documents that can
still matter to whoever asks; others may or may not be found.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from functools import reduce
from math import ceil, floor, inf, nextafter
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from whoosh import query

from ..errors import TooSlow, Unsupported
from ..schema import MISSING, Number
from . import expansion, filtering, spans
from .combining import exclude, intersect, maybe, raised, union
from .limits import LIMITS, Limits
from .matches import NOTHING, Few, Matches
from .queries import FAMILIES, POSITIONAL, AnyOf, Form
from .scoring import LEAST, TRACE
from .snapshot import Snapshot

Within = np.ndarray | None
LARGEST = 1 << 62
COSTLY = (*POSITIONAL, *FAMILIES)


def match(snapshot: Snapshot, asked: query.Query, limits: Limits = LIMITS, scored: bool = True) -> Matches:
    """Every document that matches. Raises `TooSlow` when the time is up."""
    return Search(snapshot, limits).find(asked, 1.0 if scored else 0.0)


class Search:
    def __init__(self, snapshot: Snapshot, limits: Limits) -> None:
        self.snapshot, self.limits = snapshot, limits
        self._deadline = time.monotonic() + limits.seconds

    def find(self, asked: query.Query, boost: float = 1.0, within: Within = None) -> Matches:
        if time.monotonic() > self._deadline:
            said = _("The search took longer than the %(seconds)s seconds it may: ask for fewer or rarer words.")
            raise TooSlow(said % {"seconds": f"{self.limits.seconds:g}"})
        kind = _KINDS.get(type(asked))
        if kind is None:
            raise Unsupported(f"This engine does not know {type(asked).__name__}.")
        return kind(self, asked, boost, within)

    def _null(self, asked: query.Query, boost: float, within: Within) -> Matches:
        return NOTHING

    def _every(self, asked: query.Every, boost: float, within: Within) -> Matches:
        if asked.fieldname is None:
            return self.snapshot.everything.even(_worth(asked, boost))
        return self.snapshot.holding(asked.fieldname).even(_worth(asked, boost))

    def _term(self, asked: query.Term, boost: float, within: Within) -> Matches:
        name, schema = asked.fieldname, self.snapshot.schema
        if name not in schema:
            return NOTHING
        return self.snapshot.matches(name, schema[name].to_bytes(asked.text), _boosted(asked, boost))

    def _and(self, asked: query.And, boost: float, within: Within) -> Matches:
        inner = _boosted(asked, boost)
        unwanted = [part for part in asked if isinstance(part, query.Not)]
        wanted = [part for part in asked if not isinstance(part, query.Not)]
        found = self._all(wanted, inner, within) if wanted or not unwanted else self.snapshot.everything
        for part in unwanted:
            found = exclude(found, self._besides(found, part.query))
        # In Whoosh whatever a Not lets through scores one.
        return raised(found, inner * len(unwanted)) if unwanted else found

    def _all(self, parts: Sequence[query.Query], boost: float, within: Within) -> Matches:
        """What is quick is found first; what needs to look into texts is looked for only where the rest matches."""
        quick: list[Matches] = []
        costly: list[query.Query] = []
        for part in parts:
            if _is_costly(part):
                costly.append(part)
            else:
                quick.append(self.find(part, boost, within))
        found = reduce(intersect, sorted(quick, key=_size)) if quick else None
        for part in costly:
            if found is None:
                found = self.find(part, boost, within)
            elif found.total:
                found = intersect(found, self.find(part, boost, found.ids))
        return NOTHING if found is None else found

    def _besides(self, found: Matches, asked: query.Query) -> Matches:
        """What matches another query, of which only those documents matter that were found."""
        return self.find(asked, 0.0, found.ids if _is_costly(asked) else None)

    def _or(self, asked: query.Or, boost: float, within: Within) -> Matches:
        if getattr(asked, "scale", None):
            raise Unsupported("This engine does not rate how many words of several are there.")
        return self._any(asked, boost, within, np.add)

    def _any_of(self, asked: AnyOf, boost: float, within: Within) -> Matches:
        return filtering.any_of(self.snapshot, asked.fieldname, asked.values).even(_worth(asked, boost))

    def _best(self, asked: query.DisjunctionMax, boost: float, within: Within) -> Matches:
        return self._any(asked, boost, within, np.maximum)

    def _any(self, asked: query.Query, boost: float, within: Within, combine: np.ufunc) -> Matches:
        inner = _boosted(asked, boost)
        return union([self.find(part, inner, within) for part in asked], self.snapshot.count, combine)

    def _not(self, asked: query.Not, boost: float, within: Within) -> Matches:
        return exclude(self.snapshot.everything, self.find(asked.query, 0.0)).even(max(boost, TRACE))

    def _and_not(self, asked: query.AndNot, boost: float, within: Within) -> Matches:
        found = self.find(asked.a, boost, within)
        return exclude(found, self._besides(found, asked.b))

    def _and_maybe(self, asked: query.AndMaybe, boost: float, within: Within) -> Matches:
        found = self.find(asked.a, boost, within)
        if not boost:
            return found
        return maybe(found, self.find(asked.b, boost, found.ids if _is_costly(asked.b) else None))

    def _require(self, asked: query.Require, boost: float, within: Within) -> Matches:
        found = self.find(asked.a, boost, within)
        return intersect(found, self._besides(found, asked.b))

    def _constant(self, asked: query.ConstantScoreQuery, boost: float, within: Within) -> Matches:
        return self.find(asked.child, 0.0, within).even(max(asked.score * boost, TRACE))

    def _between(self, asked: query.NumericRange, boost: float, within: Within) -> Matches:
        field = self.snapshot.schema[asked.fieldname]
        if not isinstance(field, Number):
            raise Unsupported(f"{asked.fieldname} is not a number or a date: only those have a range.")
        return self.snapshot.band(asked.fieldname, *_bounds(asked, field), _worth(asked, boost))

    def _terms_between(self, asked: query.TermRange, boost: float, within: Within) -> Matches:
        encoded = self.snapshot.schema[asked.fieldname].to_bytes
        low = b"" if asked.start is None else encoded(asked.start) + b"\x00" * asked.startexcl
        high = expansion.LAST if asked.end is None else encoded(asked.end) + b"\x00" * (not asked.endexcl)
        found = [
            base + segment.ids_between(segment.between(asked.fieldname, low, high))
            for base, segment in zip(self.snapshot.bases, self.snapshot.segments, strict=True)
        ]
        return Few(expansion.distinct(found, self.snapshot), None, _worth(asked, boost))

    def _family(self, asked: query.Query, boost: float, within: Within) -> Matches:
        return expansion.match(self.snapshot, asked, self.limits).even(_worth(asked, boost))

    def _form(self, asked: Form, boost: float, within: Within) -> Matches:
        worth = _boosted(asked, boost)
        if worth < LEAST:
            return expansion.written(self.snapshot, asked.fieldname, asked.form).even(TRACE)
        return expansion.written(self.snapshot, asked.fieldname, asked.form, worth)

    def _placed(self, asked: query.Query, boost: float, within: Within) -> Matches:
        ids, scores = spans.match(self.snapshot, asked, within, boost > 0, self.limits)
        return Few(ids, scores if scores is None or boost == 1 else scores * np.float32(boost))


_KINDS: dict[type, Callable[[Search, Any, float, Within], Matches]] = {
    type(query.NullQuery): Search._null,
    query.Every: Search._every,
    query.Term: Search._term,
    query.And: Search._and,
    query.Or: Search._or,
    query.DisjunctionMax: Search._best,
    query.Not: Search._not,
    query.AndNot: Search._and_not,
    query.AndMaybe: Search._and_maybe,
    query.Require: Search._require,
    query.ConstantScoreQuery: Search._constant,
    query.NumericRange: Search._between,
    query.DateRange: Search._between,
    query.TermRange: Search._terms_between,
    AnyOf: Search._any_of,
    Form: Search._form,
    **dict.fromkeys(POSITIONAL, Search._placed),
    **dict.fromkeys(FAMILIES, Search._family),
}


def _size(found: Matches) -> int:
    return found.size


def _boosted(asked: Any, boost: float) -> float:
    if asked.boost < 0:
        raise Unsupported("A boost below zero has no meaning: exclude what is unwanted.")
    return float(boost * asked.boost)


def _worth(asked: Any, boost: float) -> float:
    """The score of what is found and not rated."""
    return max(_boosted(asked, boost), TRACE)


def _is_costly(asked: query.Query) -> bool:
    """Has to look into texts."""
    if type(asked) is query.Term:
        return False
    if isinstance(asked, COSTLY):
        return True
    return not asked.is_leaf() and any(map(_is_costly, asked.children()))


def _bounds(asked: query.NumericRange, field: Number) -> tuple[float, float]:
    """The least and the greatest number that are in a range, both inclusive."""
    start, end = (_number(value, field) for value in _ends(asked))
    if field.kind == "d":
        low = nextafter(start, inf) if asked.startexcl or start == -inf else start
        return low, nextafter(end, -inf) if asked.endexcl else end
    start, end = max(start, MISSING), min(end, LARGEST)
    low = floor(start) + 1 if asked.startexcl or start == MISSING else ceil(start)
    return low, ceil(end) - 1 if asked.endexcl else floor(end)


def _ends(asked: query.NumericRange) -> tuple[Any, Any]:
    start, end = (asked.startdate, asked.enddate) if isinstance(asked, query.DateRange) else (asked.start, asked.end)
    return -inf if start is None else start, inf if end is None else end


def _number(value: Any, field: Number) -> float:
    return field.to_column_value(value) if isinstance(value, dt.date) else value
