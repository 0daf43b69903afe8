"""Where the time goes: the questions of each class, and a build in one process, by rooms of the engine.

A profile makes calls of functions dearer than they are, so that shares are rough; how many calls there are is exact.
"""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from . import corpus, questions, table
from .alone import building
from .engines.ours import SCHEMA, Ours, built, rows
from .running import say

ASKED = 50
BUILT = 10_000
ASKING = {
    "checks": ("limits", "costs", "queries"),
    "matching": ("executor", "combining", "matches", "filtering", "scoring", "snapshot", "cache"),
    "places": ("places", "keys", "spans", "bits"),
    "words": ("expansion", "lexicon"),
    "reading": ("postings", "segment", "packed", "arrays"),
    "order, keys": ("ordering", "results", "facets"),
}
BUILDING = {
    "finding words": ("gathering", "tokens"),
    "numbering them": ("numbering", "builder"),
    "stems and forms": ("words", "stemming", "folding", "languages"),
    "inverting": ("inverting",),
    "writing": ("output", "packed", "arrays"),
}
ELSE = "else"

Shares = dict[str, Any]


def run(articles: int) -> dict[str, Any]:
    with built(articles) as (engine, lines):
        asked = questions.draw(questions.sample(corpus.read(lines), Random(1)), ASKED)
        kinds = {kind: [each for each in asked if each.kind == kind] for kind in questions.KINDS}
        classes = {kind: of_questions(engine, held) for kind, held in kinds.items() if held}
        building_shares = of_building(lines, lines.parent)
    return {"articles": articles, "classes": classes, "building": building_shares, "built": min(articles, BUILT)}


def of_questions(engine: Ours, asked: list[questions.Question]) -> Shares:
    """Of their second asking."""
    for question in asked:
        engine.search(question)
    return profiled(lambda: list(map(engine.search, asked)), ASKING, len(asked))


def of_building(lines: Path, place: Path) -> Shares:
    documents = list(rows(islice(corpus.read(lines), BUILT)))
    return profiled(partial(building.build, SCHEMA, documents, place, processes=1), BUILDING, len(documents))


def profiled(act: Callable[[], Any], rooms: Mapping[str, tuple[str, ...]], times: int) -> Shares:
    """Calls of functions, each time, and shares of the time by room."""
    profile = cProfile.Profile()
    profile.runcall(act)
    stats: Any = pstats.Stats(profile)
    spent = dict.fromkeys((*rooms, ELSE), 0.0)
    for room, seconds in by_room(stats, {module: room for room, modules in rooms.items() for module in modules}):
        spent[room] += seconds
    whole = sum(spent.values())
    return {"calls": stats.total_calls / times, "shares": {room: seconds / whole for room, seconds in spent.items()}}


def by_room(stats: Any, rooms: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Time spent by itself. What is no module of the engine, such as numpy, counts for whoever called it."""
    for (path, _, _), (_, _, own, _, callers) in stats.stats.items():
        if module(path) in rooms or not callers:
            yield rooms.get(module(path), ELSE), own
        else:
            for (caller, _, _), (_, _, seconds, _) in callers.items():
                yield rooms.get(module(caller), ELSE), seconds


def module(path: str) -> str:
    return Path(path).stem if "/engine/" in path else ""


def tables(figures: Mapping[str, Any]) -> Iterator[list[list[str]]]:
    head = [f"{figures['articles']:,} articles", "calls a question", *ASKING, ELSE]
    yield [head, *([kind, *cells(held)] for kind, held in figures["classes"].items())]
    yield [
        ["", "calls an article", *BUILDING, ELSE],
        [f"{figures['built']:,} articles built", *cells(figures["building"])],
    ]


def cells(held: Shares) -> list[str]:
    return [table.number(held["calls"]), *(f"{share:.0%}" for share in held["shares"].values())]


def show(figures: dict[str, Any]) -> None:
    for rows_ in tables(figures):
        say()
        for line in table.plain(rows_):
            say(line)
