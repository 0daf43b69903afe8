"""Each page that readers have: what a server takes for it in a small archive and in a large one, and what it weighs.

The archives are built once for each number of articles, in a folder that is kept.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import keeping, table
from .running import Running, say

NAME = "archive-tour"
SMALL = 1000


@dataclass(frozen=True)
class Plan:
    articles: int = 100_000
    folder: Path = keeping.FOLDER


def run(plan: Plan) -> dict[str, Any]:
    return {"articles": plan.articles, "small": visited(plan, SMALL), "large": visited(plan, plan.articles)}


def visited(plan: Plan, articles: int) -> dict[str, Any]:
    place = plan.folder / f"tour-{articles}"
    keeping.built(NAME, place, articles)
    say(f"visiting the pages of {articles:,} articles ...")
    with Running(NAME, place / NAME) as worker:
        worker.call("open")
        return worker.call("more", what="tour")


def rows(figures: Mapping[str, Any]) -> list[list[str]]:
    """A row a page: milliseconds at both sizes, then of the large one what was known, what was kept, SQL and weight."""
    small, large = figures["small"], figures["large"]
    head = [
        "page",
        f"ms, {SMALL:,}",
        f"ms, {figures['articles']:,}",
        "asked again",
        "304",
        "SQL",
        "SQL, 304",
        "kB, packed",
    ]
    return [
        head,
        *([name, table.number(small[name]["new"]), *cells(small[name], held)] for name, held in large.items()),
    ]


def cells(small: Mapping[str, float], large: Mapping[str, float]) -> list[str]:
    asked = {int(small["queries"]), int(large["queries"])}
    weight = f"{large['bytes'] / 1000:.0f}, {large['packed'] / 1000:.1f}"
    times = [table.number(large[which]) for which in ("new", "known", "kept")]
    return [*times, " / ".join(map(str, sorted(asked))), str(int(large["kept_queries"])), weight]


def summary(figures: Mapping[str, Any]) -> str:
    large = figures["large"].values()
    new, known, kept = (statistics.median(held[which] for held in large) for which in ("new", "known", "kept"))
    return (
        f"With nothing remembered the page in the middle takes {table.number(new)} ms; asked for again it takes "
        f"{table.number(known)} ms, and {table.number(kept)} ms to say that nothing has changed."
    )


def show(figures: dict[str, Any]) -> None:
    for line in table.plain(rows(figures)):
        say(line)
    say(summary(figures))
