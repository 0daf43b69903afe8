"""Figures as tables, for a terminal and for a Markdown page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .engines import PEERS
from .questions import KINDS

ROWS = (*KINDS, "mix")
NONE = "-"
HEADS = {"classes": "ms, median / p95", "first_time": "asked the first time, ms"}


def times(engines: Mapping[str, Any], what: str = "classes") -> list[list[str]]:
    """Milliseconds, median and p95, a row a kind of question; the kinds that nobody was asked are left out."""
    rows = [[HEADS[what], *(PEERS[name].title for name in engines)]]
    rows += [[kind, *(pair(held[what].get(kind)) for held in engines.values())] for kind in shown(engines, what)]
    return rows


def shown(engines: Mapping[str, Any], what: str = "classes") -> list[str]:
    return [kind for kind in ROWS if any(kind in held[what] for held in engines.values())]


def ratios(engines: Mapping[str, Any], first: str = "ours") -> list[list[str]]:
    """How many times as long as ours another engine takes, at the median: above 1 is good for ours."""
    others = [name for name in engines if name != first]
    rows = [[f"times {PEERS[first].title}", *(PEERS[name].title for name in others)]]
    ours = engines[first]["classes"]
    for kind in shown(engines):
        rows.append([kind, *(ratio(engines[name]["classes"].get(kind), ours.get(kind)) for name in others)])
    return rows


def costs(engines: Mapping[str, Any], articles: int, text_bytes: int) -> list[list[str]]:
    """What an index costs to build, to keep, to open and to change."""
    rows = [["", *(PEERS[name].title for name in engines)]]
    for title, figure in COSTS.items():
        rows.append([title, *(figure(held, articles, text_bytes) for held in engines.values())])
    return rows


COSTS: dict[str, Any] = {
    "articles/s per core": lambda held, articles, _: number(rate(articles, held["built"]["cpu"])),
    "articles/s by the clock": lambda held, articles, _: number(rate(articles, held["built"]["wall"])),
    "index / text": lambda held, _, text: number(held["built"]["index_bytes"] / text),
    "MB to build, at most": lambda held, *_: number(held["built"]["peak_mb"]),
    "MB to open and ask": lambda held, *_: number(part(held["used"]["memory"], "all")),
    "of it no page of a file": lambda held, *_: number(part(held["used"]["memory"], "own")),
    "ms of CPU to change one": lambda held, *_: number(median(held["changed"].get("cpu"))),
    "ms until it is found": lambda held, *_: number(median(held["changed"].get("wall"))),
}


def rate(articles: int, seconds: float | None) -> float | None:
    return articles / seconds if seconds else None


def part(held: Mapping[str, float] | None, name: str) -> float | None:
    return held[name] if held else None


def median(values: Sequence[float] | None) -> float | None:
    return sorted(values)[len(values) // 2] if values else None


def pair(held: Mapping[str, float] | None) -> str:
    return f"{number(held['median'])} / {number(held['p95'])}" if held else NONE


def ratio(theirs: Mapping[str, float] | None, ours: Mapping[str, float] | None) -> str:
    return number(theirs["median"] / ours["median"]) if theirs and ours else NONE


def number(value: float | None) -> str:
    """Two digits that count, or all digits before the point."""
    if value is None:
        return NONE
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def plain(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """The rows in columns, for a terminal."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (
            cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in cells(row, widths)
        )
        yield "  ".join([first, *others]).rstrip()


def cells(row: Sequence[str], widths: Sequence[int]) -> Iterable[tuple[int, tuple[str, int]]]:
    return enumerate(zip(row, widths, strict=True))


def markdown(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    first, *others = rows
    yield f"| {' | '.join(first)} |"
    yield f"|---|{'--:|' * (len(first) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in others)
