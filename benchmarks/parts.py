"""Which part of a page its time goes to, by a stopwatch around the functions that begin each part."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pkgutil import resolve_name
from typing import Any

from django.db import connection

FINDING = "articles.search.answers.finding"
# Where each part begins. What one of these calls counts for it: the engine counts facets for the facets.
PARTS = {
    "parse": ("articles.forms:SearchForm.question", "articles.search.grammar:parse"),
    "engine": ("articles.search.asking:Asker.find", "articles.search.asking:Indexed.window"),
    "facets": (f"{FINDING}:facets",),
    "chart": (f"{FINDING}:times",),
    "database": (
        "articles.models:Statement.rows",
        "articles.search.asking:load",
        "articles.search.asking:withdrawn",
        "articles.printings:summary",
        "articles.holdings:summary",
    ),
    "snippets": (f"{FINDING}:rows_of", f"{FINDING}:snippet", f"{FINDING}:marked"),
    "sentence, forms": (f"{FINDING}:chips", f"{FINDING}:sentence", f"{FINDING}:widening"),
    "template": ("django.template.backends.jinja2:Template.render",),
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
            for part, places in PARTS.items():
                for place in places:
                    watched.callback(self.watch(part, place))
            watched.enter_context(connection.execute_wrapper(self.counted))
            yield

    def watch(self, part: str, place: str) -> Callable[[], None]:
        """How to end it. An `AttributeError` names a place that is no longer there."""
        module, _, path = place.partition(":")
        owner = resolve_name(f"{module}:{path.rpartition('.')[0]}".rstrip(":"))
        name = path.rpartition(".")[2]
        watched = getattr(owner, name)
        setattr(owner, name, self.timed(part, watched))
        return functools.partial(setattr, owner, name, watched)

    def timed(self, part: str, act: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(act)
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
