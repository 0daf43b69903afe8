"""What Haystack asks beside the query itself, answered: a window in some order, facets, sums, highlights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from whoosh import query

from ..asking.limits import Limits
from ..asking.results import Answer, Hit, Key, answer
from ..asking.snapshot import Snapshot
from ..errors import Unsupported
from ..schema import KEY, Exact, Moment, Number
from .conditions import Conditions
from .counting import by_gaps, summed_up
from .fields import Fields
from .highlights import highlight, wanted
from .joining import both, unscored
from .likeness import LANGUAGE

# What a result has without looking anything up.
ON_RESULTS = {"id", "pk", "score", "django_ct", "django_id", "app_label", "model_name"}
FACET_OPTIONS = {"limit", "size", "mincount", "sort"}
MARKS = ("pre_tags", "post_tags"), ("simple.pre", "simple.post"), ("hl.simple.pre", "hl.simple.post")
# Everything else that Haystack may ask is refused.
READ = {
    "start_offset", "end_offset", "sort_by", "facets", "date_facets", "query_facets", "narrow_queries", "models",
    "limit_to_registered_models", "result_class", "fields", "highlight", "spelling_query", "boost", "stats",
}  # fmt: skip

# Gives, for some keys, what their objects have in the fields of these names (without names, in all stored ones), and in
# some fields besides.
Describe = Callable[[Sequence[str], Iterable[str] | None, set[str]], Mapping[str, dict[str, Any]]]


def refuse(asked: Mapping[str, Any]) -> None:
    """What cannot be done is not silently left out."""
    if unknown := [name for name, value in asked.items() if value and name not in READ]:
        raise Unsupported(f"This engine does not offer {', '.join(unknown)}.")


@dataclass(frozen=True)
class Asked:
    """Haystack's arguments for a search."""

    result_class: type
    start: int = 0
    end: int | None = None
    sort_by: tuple[str, ...] = ()
    # None asks for whatever is stored.
    names: frozenset[str] | None = None
    marks: tuple[str, str] | None = None
    facets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    date_facets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    query_facets: Sequence[tuple[str, str]] = ()
    stats: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, asked: Mapping[str, Any], result_class: type) -> Asked:
        facets = asked.get("facets") or {}
        named = facets if isinstance(facets, Mapping) else {name: {} for name in facets}
        return cls(
            result_class=asked.get("result_class") or result_class,
            start=asked.get("start_offset") or 0,
            end=asked.get("end_offset"),
            sort_by=tuple(asked.get("sort_by") or ()),
            names=frozenset(asked["fields"]) - ON_RESULTS if asked.get("fields") else None,
            marks=_marks(asked.get("highlight")),
            facets=named,
            date_facets=asked.get("date_facets") or {},
            query_facets=asked.get("query_facets") or (),
            stats=asked.get("stats") or {},
        )


def _marks(asked: Any) -> tuple[str, str] | None:
    if not asked:
        return None
    options = dict(asked) if isinstance(asked, Mapping) else {}
    found = ("<em>", "</em>")
    for before, after in MARKS:
        if before in options or after in options:
            found = _first(options.pop(before, found[0])), _first(options.pop(after, found[1]))
    if options:
        raise Unsupported(f"Highlighting knows {MARKS[0][0]} and {MARKS[0][1]}, and not {', '.join(options)}.")
    return found


def _first(mark: Any) -> str:
    return str(mark[0] if isinstance(mark, list | tuple) else mark)


class Answers:
    """One query on one snapshot, and whatever is asked about what it finds."""

    def __init__(
        self, fields: Fields, snapshot: Snapshot, conditions: Conditions, wanted: query.Query | None, limits: Limits
    ) -> None:
        self.fields, self.snapshot, self.conditions, self.limits = fields, snapshot, conditions, limits
        self.query = query.Every() if wanted is None else wanted
        self.found: Answer = answer(snapshot, self.query, limits)

    def of(self, asked: Asked, describe: Describe) -> dict[str, Any]:
        end = self.found.total if asked.end is None else asked.end
        window = self.found.window(asked.start, end, [self._key(name) for name in asked.sort_by])
        return {
            "results": list(self._results(window, asked, describe)),
            "hits": self.found.total,
            "facets": self._facets(asked),
            "stats": {name: self._stats(name, also) for name, also in asked.stats.items()},
        }

    def _key(self, name: str) -> Key:
        descending, name = name.startswith("-"), self.fields.name(name.lstrip("-"))
        if name == "score":
            return Key("score", descending)
        name = {"pk": "django_id"}.get(name, self.fields.whole.get(name, name))
        if not isinstance(self._kind(name), Number | Exact):
            raise Unsupported(f"Results cannot be in the order of {name}: declare it with faceted=True, and they can.")
        return Key(name, descending)

    def _kind(self, name: str) -> Any:
        if name not in self.snapshot.schema:
            raise Unsupported(f"The index has no field {name}.")
        return self.snapshot.schema[name]

    # Results

    def _results(self, window: list[Hit], asked: Asked, describe: Describe) -> Iterator[Any]:
        # A passage is cut out of the text of the object.
        also = {self.fields.document_field, LANGUAGE} if asked.marks else set()
        described = describe([hit.key for hit in window], asked.names, also)
        rows = wanted(self.query) if asked.marks else set()
        for hit in window:
            held = {name: value for name, value in described.get(hit.key, {}).items() if name not in ON_RESULTS}
            if asked.marks:
                text, language = str(held.get(self.fields.document_field) or ""), str(held.get(LANGUAGE) or "")
                held["highlighted"] = {self.fields.document_field: [highlight(text, rows, language, *asked.marks)]}
            yield asked.result_class(*hit.key.split(".", 2), hit.score, **held, **{KEY: hit.key})

    # Counts

    def _facets(self, asked: Asked) -> dict[str, dict[str, Any]]:
        if not (asked.facets or asked.date_facets or asked.query_facets):
            return {}
        return {
            "fields": {name: self._values(name, options) for name, options in asked.facets.items()},
            "dates": {name: self._gaps(name, options) for name, options in asked.date_facets.items()},
            "queries": {f"{name}:{text}": self._matching(name, text) for name, text in asked.query_facets},
        }

    def _values(self, name: str, options: Mapping[str, Any]) -> list[tuple[Any, int]]:
        """The commonest values first; `sort="index"` puts them in their own order."""
        if unknown := options.keys() - FACET_OPTIONS:
            raise Unsupported(f"A facet knows {', '.join(sorted(FACET_OPTIONS))}, and not {', '.join(unknown)}.")
        counts = self._counts(name)
        by_value = options.get("sort") == "index"
        ordered = sorted(counts.items(), key=lambda pair: (0 if by_value else -pair[1], pair[0]))
        limit = options.get("limit", options.get("size"))
        enough = [pair for pair in ordered if pair[1] >= options.get("mincount", 1)]
        return enough if limit is None or limit < 0 else enough[:limit]

    def _counts(self, name: str) -> Mapping[Any, int]:
        kind = self._kind(name)
        if isinstance(kind, Exact):
            return self.found.facet(name)
        if not isinstance(kind, Number):
            raise Unsupported(f"{name} holds words and not whole values: declare it with faceted=True to count them.")
        values, counts = np.unique(self._column(name), return_counts=True)
        told = zip(values.tolist(), counts.tolist(), strict=True)
        convert = bool if name in self.fields.booleans else lambda value: value
        return {convert(value): count for value, count in told if value != kind.missing}

    def _column(self, name: str) -> np.ndarray:
        return self.snapshot.numbers(name).take(self.found.matches.ids)

    def _gaps(self, name: str, options: Mapping[str, Any]) -> list[tuple[Any, int]]:
        if not isinstance(self._kind(name), Moment):
            raise Unsupported(f"{name} holds no dates to count.")
        amount = max(1, options.get("gap_amount", 1))
        return by_gaps(self._column(name), options["start_date"], options["end_date"], options["gap_by"], amount)

    def _matching(self, name: str, text: str) -> int:
        also = self.conditions.read_string(text, name)
        return answer(self.snapshot, both([unscored(self.query), also]), self.limits, scored=False).total

    def _stats(self, name: str, also: Any) -> dict[str, Any]:
        kind = self._kind(name)
        if any(also) or isinstance(kind, Moment) or not isinstance(kind, Number):
            raise Unsupported(
                f"Numbers can be summed up, without facets; {name} holds none or was asked for with them."
            )
        return summed_up(self._column(name), kind.missing)
