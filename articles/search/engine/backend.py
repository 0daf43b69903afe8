"""Haystack's engine over Whoosh. What it does differently from Haystack's own is in docs/search.md."""

from __future__ import annotations

import contextlib
import heapq
import logging
import math
import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import Model
from haystack import connections
from haystack.backends import BaseEngine, BaseSearchBackend, BaseSearchQuery, log_query
from haystack.constants import DJANGO_CT, ID
from haystack.exceptions import SkipDocument
from haystack.indexes import SearchIndex
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from whoosh import query

from . import schema
from .errors import Unsupported
from .executor import Answer, Order, answer
from .leaves import Snapshot
from .query import Conditions, both, exactly
from .store import State, Store, broken_unless_read
from .writer import Writer

log = logging.getLogger(__name__)

# Seconds that a search may take, and that a writer waits for another.
SEARCH_SECONDS, LOCK_SECONDS = 5.0, 10.0
# More like this: of so many frequent terms of a text the most telling, each in a tenth of the index at most.
CONSIDERED, TELLING_TERMS, COMMON, LIKENESSES = 120, 20, 0.1, 20
# Everything that a search may be told and that changes nothing here.
IGNORED = {"fields", "result_class", "highlight", "spelling_query", "limit_to_registered_models"}

_stores: dict[Path, Store] = {}
_opening = threading.Lock()


class WhooshBackend(BaseSearchBackend):
    """Options: PATH, and TIMEOUT, the seconds that one search may take."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        self.path = Path(options["PATH"])
        self.seconds = float(options.get("TIMEOUT", SEARCH_SECONDS))
        self._writer: Writer | None = None

    @cached_property
    def fields(self) -> dict[str, Any]:
        return connections[self.connection_alias].get_unified_index().all_searchfields()

    @cached_property
    def store(self) -> Store:
        """One for all threads of the process."""
        with _opening:
            if self.path not in _stores:
                _stores[self.path] = Store(self.path, schema.build(self.fields), LOCK_SECONDS)
            return _stores[self.path]

    @cached_property
    def content(self) -> tuple[str, ...]:
        return schema.content_fields(self.store.schema, self.fields)

    def conditions(self) -> Conditions:
        return Conditions(self.store.schema, self.content)

    # Searching

    @log_query
    def search(
        self,
        query_string: query.Query,
        sort_by: list[str] | None = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        facets: dict[str, Any] | None = None,
        models: Iterable[type[Model]] = (),
        result_class: type[SearchResult] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Exactly the hits from `start_offset` to `end_offset`, and how many there are in all."""
        refuse(options)
        asked = self._of_models(query_string, models)
        with broken_unless_read():
            found = answer(self.store.snapshot(), asked, self.seconds)
            window = found.window(start_offset or 0, end_offset, self._order(sort_by or []))
            counted = {name: found.facet(self._facet_field(name)).most_common() for name in facets or ()}
        return self._results(window, found.total, result_class) | {"facets": {"fields": counted}}

    def _of_models(self, asked: query.Query, models: Iterable[type[Model]]) -> query.Query:
        kinds = [get_model_ct(model) for model in models]
        return both([asked, exactly(DJANGO_CT, kinds)]) if kinds else asked

    def _order(self, names: list[str]) -> Order:
        dates = [name for name, field in self.store.schema.items() if isinstance(field, schema.Moment)]
        if not names:
            return Order("score", dates[0])
        name = names[0].lstrip("-")
        if len(names) > 1 or name not in dates:
            raise Unsupported(f"Results can be in the order of their score or of one date, not of {names}.")
        return Order("newest" if names[0].startswith("-") else "oldest", name)

    def _facet_field(self, name: str) -> str:
        if not isinstance(self.store.schema[name], schema.Exact):
            raise Unsupported(f"{name} does not hold whole values to count.")
        return name

    def _results(
        self, window: list[tuple[str, float]], total: int, result_class: type[SearchResult] | None
    ) -> dict[str, Any]:
        kind = result_class or SearchResult
        results = [kind(*key.rsplit(".", 2), score, **{ID: key}) for key, score in window]
        return {"results": results, "hits": total, "spelling_suggestion": None}

    def more_like_this(
        self, model_instance: Model, additional_query_string: query.Query | None = None, **options: Any
    ) -> dict[str, Any]:
        """The documents that share the most telling terms with this one, best first."""
        index = connections[self.connection_alias].get_unified_index().get_index(type(model_instance))
        document = self.document(index, model_instance) or {}
        with broken_unless_read():
            snapshot = self.store.snapshot()
            asked = self._alike(snapshot, document, additional_query_string)
            found = answer(snapshot, asked, self.seconds) if asked else Answer(snapshot, [{} for _ in snapshot.leaves])
            window = found.window(0, LIKENESSES, self._order([]))
        return self._results(window, len(window), options.get("result_class"))

    def _alike(self, snapshot: Snapshot, document: dict[str, Any], asked: query.Query | None) -> query.Query | None:
        telling = telling_terms(snapshot, document, self.content)
        if not telling:
            return None
        parts = [query.Or(telling), query.AndNot(query.Every(), exactly(ID, [document[ID]]))]
        return both(parts if asked is None or isinstance(asked, query.Every) else [*parts, asked])

    # Writing

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Whatever is updated and removed inside becomes visible at once, or not at all; one writer at a time."""
        with self.store.writing() as writer:
            self._writer = writer
            try:
                yield
            finally:
                self._writer = None

    def update(self, index: SearchIndex, iterable: Iterable[Model], commit: bool = True) -> None:
        if self._writer is None:
            with self.batch():
                return self.update(index, iterable)
        for document in self.documents(index, iterable):
            self._writer.put(document)
        return None

    def remove(self, obj_or_string: Model | str, commit: bool = True) -> None:
        if self._writer is None:
            with self.batch():
                return self.remove(obj_or_string)
        self._writer.remove(get_identifier(obj_or_string))
        return None

    def clear(self, models: Iterable[type[Model]] | None = None, commit: bool = True) -> None:
        """Nothing: an index in use is never emptied. `rebuild` puts a new one in its place."""
        log.warning("The search index was not emptied: readers use it. A rebuild replaces it without a gap.")

    def rebuild(self, index: SearchIndex, iterable: Iterable[Model]) -> int:
        """Write a new index beside the live one, then let it take its place; returns the number of documents."""
        return self.store.rebuild(self.documents(index, iterable))

    def documents(self, index: SearchIndex, iterable: Iterable[Model]) -> Iterator[dict[str, Any]]:
        for item in iterable:
            if document := self.document(index, item):
                yield document

    def document(self, index: SearchIndex, item: Model) -> dict[str, Any] | None:
        """What of an object is indexed; None if its index leaves it out."""
        try:
            prepared = index.full_prepare(item)
        except SkipDocument:
            return None
        known = self.store.schema
        return {name: value for name, value in prepared.items() if name in known and value not in (None, "", [], ())}

    def build_schema(self, fields: dict[str, Any]) -> tuple[str, Any]:
        document = next((field.index_fieldname for field in fields.values() if field.document), "")
        return document, schema.build(fields)

    # How it is

    def state(self) -> State:
        return self.store.state()

    def usable(self) -> bool:
        """There is an index of the right kind; its files are not looked at."""
        return self.store.usable()

    def check(self, thorough: bool = False) -> None:
        """Raises `EngineError` unless the index is sound; `thorough` reads every byte of it and ends suspicion."""
        self.store.check(thorough)

    def suspect(self) -> None:
        """Somebody met an error: whoever keeps the index is to check it thoroughly."""
        self.store.suspect()

    def suspected(self) -> bool:
        return self.store.suspected()

    def generation(self) -> str:
        """A name that changes with every change of the index."""
        pointer = self.store.pointer()
        return f"{pointer.folder}.{pointer.commit}"


class WhooshQuery(BaseSearchQuery):
    """Haystack's conditions, read as they are: never as a string that would have to be parsed again."""

    backend: WhooshBackend

    def build_query(self) -> query.Query:
        return self.backend.conditions().read(self.query_filter)

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        raise Unsupported("Conditions are not strings here; use filter(), exclude() and SQ.")


class WhooshEngine(BaseEngine):
    backend = WhooshBackend
    query = WhooshQuery
    _backend: WhooshBackend | None

    def get_backend(self) -> WhooshBackend:
        if self._backend is None or self._backend.path != Path(self.options["PATH"]):
            self._backend = WhooshBackend(self.using, **self.options)
        return self._backend


def refuse(options: dict[str, Any]) -> None:
    """What cannot be done is not silently left out."""
    if asked := [name for name, value in options.items() if value and name not in IGNORED]:
        raise Unsupported(f"This engine does not offer {', '.join(asked)}.")


def telling_terms(snapshot: Snapshot, document: dict[str, Any], names: tuple[str, ...]) -> list[query.Term]:
    """The terms of a document that are frequent in it and rare elsewhere, but not so rare that nothing shares them."""
    frequent = heapq.nlargest(CONSIDERED, (found for name in names for found in _terms(snapshot, document, name)))
    weighed = ((_telling(snapshot, name, term, weight), name, term) for weight, _, name, term in frequent)
    best = heapq.nlargest(TELLING_TERMS, (found for found in weighed if found[0] > 0))
    return [query.Term(name, term) for _, name, term in best]


def _terms(snapshot: Snapshot, document: dict[str, Any], name: str) -> Iterator[tuple[float, int, str, bytes]]:
    """The terms of a field with their weight in it and their length; a single character seldom says anything."""
    field = snapshot.schema[name]
    for term, times, _, _ in field.index(document.get(name, "")):
        if len(term.decode()) > 1 and not term.endswith(b"."):
            yield times * field.boost, len(term), name, term


def _telling(snapshot: Snapshot, name: str, term: bytes, weight: float) -> float:
    found = snapshot.frequency(name, term)
    if found < 2 or found > max(5, COMMON * snapshot.total):
        return 0.0
    return weight * math.log(1 + snapshot.total / found)
