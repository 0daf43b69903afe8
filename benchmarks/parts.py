"""Which part of a page its time goes to, by a stopwatch around the functions that begin each part."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import reduce, wraps
from importlib import import_module
from inspect import isfunction
from typing import Any

from django.db import connection

FINDING = "articles.search.answers.finding"


class Moved(LookupError):
    """What a part begins with is no longer where it was; the message says what was looked for."""


@dataclass(frozen=True)
class At:
    """One function, by its place."""

    place: str

    def found(self) -> list[tuple[Any, str]]:
        """What holds it, and its name there."""
        module, _, path = self.place.partition(":")
        *owners, name = path.split(".")
        owner = reduce(getattr, owners, import_module(module))
        if not hasattr(owner, name):
            raise Moved(f"benchmarks/parts.py looks for {self.place}, which is not there.")
        return [(owner, name)]


@dataclass(frozen=True)
class Called:
    """All functions of a room that a module calls by their names, whichever they are."""

    by: str
    room: str

    def found(self) -> list[tuple[Any, str]]:
        module = import_module(self.by)
        functions = [(name, held.__module__) for name, held in vars(module).items() if isfunction(held)]
        theirs = [(module, name) for name, home in functions if f"{home}.".startswith(f"{self.room}.")]
        if not theirs:
            raise Moved(f"benchmarks/parts.py looks for functions of {self.room} in {self.by}, which has none.")
        return theirs


# Where each part begins. What one of these calls counts for it: the engine counts facets for the facets.
PARTS: dict[str, tuple[At | Called, ...]] = {
    "parse": (At("articles.forms:SearchForm.question"), At("articles.search.grammar:parse")),
    "engine": (At("articles.search.asking:Asker.find"), At("articles.search.asking:Indexed.window")),
    "facets": (Called(FINDING, "articles.search.answers.facets"),),
    "chart": (Called(FINDING, "articles.search.answers.times"),),
    "database": (
        At("articles.models:Statement.rows"),
        Called("articles.search.asking", "articles.search.names"),
        At("articles.search.asking:withdrawn"),
        At("articles.printings:summary"),
        At("articles.holdings:summary"),
    ),
    "snippets": (Called(FINDING, "articles.search.passages"),),
    "sentence, forms": (
        Called(FINDING, "articles.search.question.sentence"),
        Called(FINDING, "articles.search.hints"),
    ),
    "template": (At("django.template.backends.jinja2:Template.render"),),
}
ELSE = "else"


class Stopwatch:
    """Seconds of processor time by part, and how many questions the database was asked."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.queries = 0
        self.running = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        with ExitStack() as watched:
            begins = [(part, *found) for part, places in PARTS.items() for place in places for found in place.found()]
            for part, owner, name in begins:
                watched.callback(setattr, owner, name, getattr(owner, name))
                setattr(owner, name, self.timed(part, getattr(owner, name)))
            watched.enter_context(connection.execute_wrapper(self.counted))
            yield

    def timed(self, part: str, act: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(act)
        def watched(*values: Any, **named: Any) -> Any:
            if self.running:
                return act(*values, **named)
            self.running, started = True, time.process_time()
            try:
                return act(*values, **named)
            finally:
                self.running = False
                self.spent[part] += time.process_time() - started

        return watched

    def counted(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.queries += 1
        return execute(*asked)


def shared_out(page: Callable[[str], Any], addresses: Sequence[str]) -> dict[str, Any]:
    """Of one page, after a first asking: milliseconds, questions to the database, and shares of the time by part."""
    for address in addresses:
        page(address)
    watch = Stopwatch()
    with watch.watching():
        started = time.process_time()
        for address in addresses:
            page(address)
        whole = time.process_time() - started
    spent = {part: watch.spent[part] for part in PARTS}
    spent[ELSE] = whole - sum(spent.values())
    return {
        "ms": 1000 * whole / len(addresses),
        "queries": watch.queries / len(addresses),
        "shares": {part: seconds / whole for part, seconds in spent.items()},
    }
