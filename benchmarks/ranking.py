"""`make bench-quality`: our ranking beside others', and what each part of it is worth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

from . import quality, rankers, table
from .quality import Ranker
from .rankers import CONSTANTS, OTHERS, STEPS, Ours
from .running import say

DEFAULT = "stems and exact forms * 0.3"


def run() -> dict[str, Any]:
    if not quality.available():
        say(f"Skipped: the collections with judgments are not in {quality.CORPORA}.")
        return {}
    return {collection.name: measured(collection) for collection in quality.collections()}


def measured(collection: quality.Collection) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        others = {name: rated(made, collection) for name, made in made_others(collection, Path(place))}
        ours = Ours(collection, Path(place) / "ours")
        steps = {name: rated(ours.ranker(asked), collection) for name, asked in STEPS.items() if fits(name, collection)}
        lengths = {name: changed(ours, collection, values) for name, values in CONSTANTS.items()}
    known = {"texts": len(collection.texts), "queries": len(collection.queries)}
    return {**known, "engines": {"this engine": steps[DEFAULT], **others}, "steps": steps, "constants": lengths}


def made_others(collection: quality.Collection, place: Path) -> Iterator[tuple[str, Ranker]]:
    for name, make in OTHERS.items():
        folder = place / name
        folder.mkdir()
        try:
            yield name, make(collection, folder)
        except ImportError:
            say(f"without {name}: install requirements-bench.txt")


def fits(step: str, collection: quality.Collection) -> bool:
    """Titles are weighed where there are any."""
    return not step.startswith("title") or any(text.title for text in collection.texts)


def changed(ours: Ours, collection: quality.Collection, values: dict[str, Any]) -> dict[str, float]:
    with rankers.scored_with(values):
        return rated(ours.ranker(STEPS[DEFAULT]), collection)


def rated(ranker: Ranker, collection: quality.Collection) -> dict[str, float]:
    rankings = dict(rankers.ranked(ranker, collection))
    relevant = collection.relevant
    return {
        "map": fmean(quality.average_precision(found, relevant[query]) for query, found in rankings.items()),
        "ndcg_10": fmean(quality.ndcg(found, relevant[query]) for query, found in rankings.items()),
    }


def show(figures: dict[str, Any]) -> None:
    for part in ("engines", "steps", "constants"):
        say()
        for line in table.plain(quality.rows(figures, part)):
            say(line)
