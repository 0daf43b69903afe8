"""Haystack's engine. What it does differently from Haystack's own for Whoosh is in docs/search.md."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Model
from haystack import connections
from haystack.backends import BaseEngine, BaseSearchBackend, BaseSearchQuery, SearchNode, log_query
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SkipDocument
from haystack.indexes import SearchIndex
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from whoosh import query

from ..asking import vocabulary
from ..asking.limits import Limits
from ..asking.results import Answer, answer
from ..asking.snapshot import Snapshot
from ..asking.suggestions import corrected
from ..errors import Unsupported
from ..keeping.store import State, Store
from ..keeping.writer import Writer
from ..schema import KEY, Exact
from . import fields, querystring
from .answers import Answers, Asked, refuse
from .conditions import READ_AS_THEY_ARE, Conditions, auto_parts, exactly
from .fields import Fields
from .forms import forms_of_input, forms_of_word
from .inputs import Like, Nearly
from .joining import both, opposite, unscored
from .likeness import Telling, telling_terms

# Seconds that a search may take, and that a writer waits for another.
SEARCH_SECONDS, LOCK_SECONDS = 2.0, 10.0

_stores: dict[Path, Store] = {}
_opening = threading.Lock()


class WhooshBackend(BaseSearchBackend):
    """Options: PATH; TIMEOUT, the seconds that one search may take; INCLUDE_SPELLING."""

    # What a value between quotation marks cannot hold as it is.
    RESERVED_CHARACTERS = ("\\", '"')

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        self.path = Path(options["PATH"])
        self.limits = Limits(seconds=float(options.get("TIMEOUT", SEARCH_SECONDS)))
        self._writer: Writer | None = None
        self._telling = Telling()

    @cached_property
    def fields(self) -> Fields:
        return fields.read(self._unified().all_searchfields(), (DJANGO_CT, DJANGO_ID))

    @cached_property
    def store(self) -> Store:
        """One for all threads of the process, as long as the fields are the same."""
        with _opening:
            held = _stores.get(self.path)
            if held is None or held.schema.names() != self.fields.schema.names():
                held = _stores[self.path] = Store(self.path, self.fields.schema, LOCK_SECONDS)
            return held

    def _unified(self) -> Any:
        return connections[self.connection_alias].get_unified_index()

    def conditions(self, snapshot: Snapshot | None = None) -> Conditions:
        return Conditions(self.fields, (snapshot or self.store.snapshot()).languages)

    # Searching

    def answer(self, conditions: SearchNode, scored: bool = True) -> Answer:
        """What a tree of conditions (an SQ is one) finds; an empty one finds everything. Raises `EngineError`."""
        snapshot = self.store.snapshot()
        return answer(snapshot, self.conditions(snapshot).read(conditions), self.limits, scored)

    @log_query
    def search(self, query_string: query.Query | str, **asked: Any) -> dict[str, Any]:
        """Exactly the hits from `start_offset` to `end_offset`, how many there are in all, and what was counted."""
        refuse(asked)
        snapshot = self.store.snapshot()
        conditions = self.conditions(snapshot)
        if isinstance(query_string, str):
            query_string = conditions.read_string(query_string)
        return self._answer(snapshot, conditions, query_string, asked)

    def more_like_this(
        self, model_instance: Model, additional_query_string: query.Query | None = None, **asked: Any
    ) -> dict[str, Any]:
        """The documents that share the most telling terms with this one, best first."""
        refuse(asked)
        snapshot = self.store.snapshot()
        telling = self._telling.terms(snapshot, model_instance, partial(self._terms, snapshot, model_instance))
        others = opposite(exactly(KEY, [get_identifier(model_instance)]))
        also = None if additional_query_string is None else unscored(additional_query_string)
        alike = both([query.Or(telling), others, also]) if telling else query.NullQuery
        return self._answer(snapshot, self.conditions(snapshot), alike, asked)

    def _terms(self, snapshot: Snapshot, item: Model) -> list[query.Term]:
        document = self.document(self._unified().get_index(type(item)), item) or {}
        return telling_terms(snapshot, document, self.fields.content)

    def _answer(
        self, snapshot: Snapshot, conditions: Conditions, wanted: query.Query | None, asked: dict[str, Any]
    ) -> dict[str, Any]:
        wanted = query.Every() if wanted is None else wanted
        for word, value in asked.get("boost", {}).items():
            lifting = conditions.words.piece(word, self.fields.content, value)
            wanted = wanted if lifting is None else query.AndMaybe(wanted, lifting)
        filters = [unscored(part) for part in self._filters(snapshot, conditions, asked)]
        answers = Answers(self.fields, snapshot, conditions, both([wanted, *filters]), self.limits)
        answer = answers.of(Asked.read(asked, SearchResult), self.describe)
        answer["spelling_suggestion"] = self.suggestion(asked.get("spelling_query") or "")
        return answer

    def _filters(self, snapshot: Snapshot, conditions: Conditions, asked: dict[str, Any]) -> Iterator[query.Query]:
        for text in asked.get("narrow_queries") or ():
            narrowing = conditions.read_string(text)
            yield query.NullQuery if narrowing is None else narrowing
        if kinds := self._kinds(snapshot, asked):
            yield exactly(DJANGO_CT, kinds)

    def _kinds(self, snapshot: Snapshot, asked: dict[str, Any]) -> list[str]:
        """The models to look among; none where that would leave nothing out."""
        if asked.get("models"):
            return [get_model_ct(model) for model in asked["models"]]
        limited = asked.get("limit_to_registered_models")
        if limited is None:
            limited = getattr(settings, "HAYSTACK_LIMIT_TO_REGISTERED_MODELS", True)
        kinds = self.build_models_list() if limited else []
        held = sum(snapshot.frequency(DJANGO_CT, kind.encode()) for kind in kinds)
        return kinds if held < snapshot.count else []

    def suggestion(self, text: str) -> str | None:
        """`text` with what no document has put right; None if it is right as it is, or nothing like it is known."""
        if not (text and self.include_spelling):
            return None
        return corrected(self.store.snapshot(), self.fields.content, text)

    def describe(self, keys: Sequence[str], names: Iterable[str] | None, also: set[str]) -> dict[str, dict[str, Any]]:
        """What the objects of these keys have in some fields: those of these names, or without names all stored ones.

        The index stores nothing: the objects are read, those of one model in one query, and prepared.
        """
        held: dict[str, list[str]] = {}
        for key in keys:
            app, model, _ = key.split(".", 2)
            held.setdefault(f"{app}.{model}", []).append(key)
        found: dict[str, dict[str, Any]] = {}
        for index in self._unified().get_indexes().values():
            of_model = held.get(get_model_ct(index.get_model()), [])
            wanted = also | (_stored(index) if names is None else set(names))
            if of_model and wanted:
                found.update(self._described(index, of_model, wanted))
        return found

    def _described(self, index: SearchIndex, keys: list[str], wanted: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        objects = index.read_queryset(using=self.connection_alias).in_bulk([key.split(".", 2)[2] for key in keys])
        for item in objects.values():
            with contextlib.suppress(SkipDocument):
                prepared = index.full_prepare(item)
                held = {name: prepared.get(field.index_fieldname) for name, field in index.fields.items()}
                yield get_identifier(item), {name: value for name, value in held.items() if name in wanted}

    # The words of the index, where words are looked for when no field is named

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        """The commonest words with this beginning, with how many documents have them in one field."""
        return vocabulary.complete(self.store.snapshot(), self.fields.content, prefix, count)

    def nearest(self, word: str, count: int) -> list[tuple[str, int]]:
        """Other words that a misspelt one may stand for, the nearest first, with how many documents have them."""
        return vocabulary.suggest(self.store.snapshot(), self.fields.content, word, count)

    def forms(self, word: str) -> list[tuple[str, int]]:
        """How a word is written wherever it is found, the commonest first, with about how many documents have it so."""
        return forms_of_word(self.store.snapshot(), self.fields, word)

    def forms_like(self, pattern: str) -> list[str]:
        """The commonest words that a pattern stands for, for marking; none where it stands for too many."""
        return forms_of_input(self.store.snapshot(), self.fields, Like(pattern), self.limits)

    def forms_near(self, word: str, errors: int = 0) -> list[str]:
        """The commonest words that are nearly so; of a short word, which is not looked for so, its own forms."""
        return forms_of_input(self.store.snapshot(), self.fields, Nearly(word, errors), self.limits)

    # Writing

    @contextlib.contextmanager
    def batch(self) -> Iterator[Writer]:
        """Whatever is changed inside becomes visible at once, or not at all; one writer at a time."""
        if self._writer is not None:
            yield self._writer
            return
        with self.store.writing() as writer:
            self._writer = writer
            try:
                yield writer
            finally:
                self._writer = None

    def update(self, index: SearchIndex, iterable: Iterable[Model], commit: bool = True) -> None:
        """Outside of a batch every change is one, whatever `commit` says: nothing lies about uncommitted."""
        # Whoever calls Haystack's commands first does not expect that there is no index yet.
        self.store.create()
        with self.batch() as writer:
            for document in self.documents(index, iterable):
                writer.put(document)

    def remove(self, obj_or_string: Model | str, commit: bool = True) -> None:
        with self.batch() as writer:
            writer.remove(get_identifier(obj_or_string))

    def clear(self, models: Iterable[type[Model]] | None = None, commit: bool = True) -> None:
        """Empty the index, or take the documents of some models out of it. `rebuild` leaves no gap."""
        if models is None and self.state().status != "fresh":
            # What cannot be read need not be: Haystack's rebuild_index begins here, and heals.
            self.store.rebuild(())
            return
        self.store.create()
        with self.batch() as writer:
            if models is None:
                writer.clear()
                return
            snapshot = self.store.snapshot()
            for model in models:
                for key in snapshot.keys(snapshot.ids(DJANGO_CT, get_model_ct(model).encode())):
                    writer.remove(key)

    def rebuild(self, index: SearchIndex, iterable: Iterable[Model], renew: Callable[[str], str] = str) -> int:
        """Write a new index beside the live one, then let it take its place; returns the number of documents."""
        return self.store.rebuild(self.documents(index, iterable), renew)

    def merge(self) -> bool:
        """One step of putting small segments together; searching and writing go on meanwhile."""
        return self.store.merge()

    def documents(self, index: SearchIndex, iterable: Iterable[Model]) -> Iterator[dict[str, Any]]:
        for item in iterable:
            if document := self.document(index, item):
                yield document

    def document(self, index: SearchIndex, item: Model) -> dict[str, Any] | None:
        """What of an object is indexed; None if its index leaves it out."""
        try:
            return self.fields.document(get_identifier(item), index.full_prepare(item))
        except SkipDocument:
            return None

    def build_schema(self, searchfields: Mapping[str, Any]) -> tuple[str, Any]:
        document = next((field.index_fieldname for field in searchfields.values() if field.document), "")
        return document, fields.read(searchfields, (DJANGO_CT, DJANGO_ID)).schema

    # How it is

    def state(self) -> State:
        return self.store.state()

    def numbers(self) -> np.ndarray:
        """The primary keys of all objects in the index, as far as they are numbers."""
        snapshot = self.store.snapshot()
        return snapshot.key_numbers.take(snapshot.everything.ids)

    def usable(self) -> bool:
        """There is an index of the right kind; its files are not looked at."""
        return self.store.usable()

    def check(self, thorough: bool = False) -> None:
        """Raises `EngineError` unless the index is sound; `thorough` reads every byte of it and ends suspicion."""
        self.store.check(thorough)

    def disown(self) -> None:
        """Let there be no index any more, until it is rebuilt."""
        self.store.disown()

    def token(self) -> str:
        """The word by which whoever keeps the index knows it again."""
        return self.store.pointer().token

    def suspect(self) -> None:
        """Somebody met an error: whoever keeps the index is to check it thoroughly."""
        self.store.suspect()

    def suspected(self) -> bool:
        return self.store.suspected()

    def generation(self) -> str:
        """A name that changes with every change of the index."""
        return self.store.pointer().generation


def _stored(index: SearchIndex) -> set[str]:
    return {name for name, field in index.fields.items() if field.stored}


class WhooshQuery(BaseSearchQuery):
    """Haystack's conditions, read as they are: never as a string that would have to be parsed again."""

    backend: WhooshBackend

    def __str__(self) -> str:
        return str(self.build_query())

    def build_query(self) -> query.Query:
        return self.backend.conditions().read(self.query_filter)

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        """A condition as a string, for Haystack's `narrow` alone; it is read as the condition that it was."""
        kind, told = getattr(value, "input_type_name", ""), value
        value = getattr(value, "query_string", value)
        if kind == "raw":
            return f"{field}:({value})"
        if kind == "sought":
            raise Unsupported(f"narrow() takes what a string can say: use filter() for {type(told).__name__}.")
        if kind == "not":
            return f"NOT {self.build_query_fragment(field, filter_type, value)}"
        if kind == "auto_query":
            return " AND ".join(self.build_query_fragment(field, filter_type, part) for part in auto_parts(value))
        schema, name = self.backend.fields.schema, self.backend.fields.name(field)
        is_whole = kind == "exact" or (name in schema and isinstance(schema[name], Exact))
        return querystring.write(field, filter_type, value, is_whole)

    def clean(self, query_fragment: Any) -> Any:
        """Ready to stand between quotation marks. Nothing else of it has a meaning, so nothing else is changed."""
        if not isinstance(query_fragment, str):
            return query_fragment
        return query_fragment.replace("\\", "\\\\").replace('"', '\\"')

    def build_params(self, spelling_query: str | None = None) -> dict[str, Any]:
        params = super().build_params(spelling_query)
        return params | {"stats": self.stats} if self.stats else params

    def run(self, spelling_query: str | None = None, **kwargs: Any) -> None:
        asked = self.build_params(spelling_query) | kwargs
        self._take(self.backend.search(self.build_query(), **asked))

    def run_mlt(self, **kwargs: Any) -> None:
        asked = self.build_params() | kwargs
        self._take(self.backend.more_like_this(self._mlt_instance, self.build_query(), **asked))

    def get_count(self) -> int:
        """Counting looks at no object."""
        if self._hit_count is None:
            run = self.run_mlt if self._more_like_this else self.run
            run(fields={ID}, end_offset=self.end_offset or 1)
        return self._hit_count

    def _take(self, answer: dict[str, Any]) -> None:
        self._results, self._hit_count, self._stats = answer["results"], answer["hits"], answer["stats"]
        self._facet_counts = self.post_process_facets(answer)
        self._spelling_suggestion = answer["spelling_suggestion"]

    def get_spelling_suggestion(self, preferred_query: str | None = None) -> str | None:
        """Looked up when it is asked for, and only then."""
        return self.backend.suggestion(preferred_query or self.spelling_query or " ".join(_words(self.query_filter)))


def _words(node: Any) -> Iterator[str]:
    """The words that a tree of conditions looks for."""
    for child in getattr(node, "children", ()):
        if not isinstance(child, tuple):
            yield from () if child.negated else _words(child)
            continue
        value = getattr(child[1], "query_string", child[1])
        kind = getattr(child[1], "input_type_name", "")
        if isinstance(value, str) and kind in (*READ_AS_THEY_ARE, "exact", "auto_query"):
            yield value


class WhooshEngine(BaseEngine):
    backend = WhooshBackend
    query = WhooshQuery
    _backend: WhooshBackend | None
    # Where it is, as the settings say it. They are asked with each question: tests change them.
    _path: Any = None

    def get_backend(self) -> WhooshBackend:
        path = self.options["PATH"]
        if self._backend is None or self._path != path:
            self._backend, self._path = WhooshBackend(self.using, **self.options), path
        return self._backend
