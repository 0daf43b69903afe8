"""How each class grows with the archive: the same classes at several sizes, all built from the same texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from . import speed, table
from .engines import PEERS
from .running import say

SIZES = (10_000, 100_000, 1_000_000)


def run(plan: speed.Plan, sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    return {"sizes": {str(size): speed.run(replace(plan, articles=size)) for size in sizes}}


def rows(figures: Mapping[str, Any], engine: str, measure: str = "median") -> list[list[str]]:
    """Milliseconds by class and size."""
    sizes = figures["sizes"]
    held = [sizes[size]["engines"][engine]["classes"] for size in sizes]
    head = [f"{PEERS[engine].title}, ms, {measure}", *(f"{int(size):,}" for size in sizes)]
    kinds = [kind for kind in table.ROWS if any(kind in classes for classes in held)]
    return [head, *([kind, *(table.number(classes.get(kind, {}).get(measure)) for classes in held)] for kind in kinds)]


def show(figures: Mapping[str, Any]) -> None:
    first = next(iter(figures["sizes"].values()))
    for engine in first["engines"]:
        say()
        for line in table.plain(rows(figures, engine)):
            say(line)
    for size, held in figures["sizes"].items():
        made = held["corpus"]
        say(f"\n{int(size):,} articles, {made['stems']:,} stems")
        for line in table.plain(table.costs(held["engines"], made["articles"], made["text_bytes"])):
            say(line)
