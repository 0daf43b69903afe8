"""The main run: one corpus, the same questions, every engine beside the others."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import agreement, corpus, questions, table, timing
from .engines import PEERS
from .running import say

QUICK = ("ours", "fts5", "tantivy", "xapian", "postgresql")
SLOW = ("whoosh", "archive", "stock")


@dataclass(frozen=True)
class Plan:
    articles: int = 10_000
    texts: list[Path] = field(default_factory=corpus.demo_files)
    engines: tuple[str, ...] = QUICK
    questions: int = 200
    rounds: int = 3
    folder: Path | None = None


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """Where corpus and indexes lie while it runs: an empty folder, or a new one."""
    made = Path(tempfile.mkdtemp(prefix="benchmark-", dir=kept))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def run(plan: Plan) -> dict[str, Any]:
    with folder(plan.folder) as place:
        lines = place / "corpus.jsonl"
        made = corpus.Corpus(corpus.sources(plan.texts))
        text_bytes = corpus.write(made.documents(plan.articles), lines)
        days = Days()
        seen = questions.sample(days.noted(corpus.read(lines)), random.Random(1))
        asked = questions.draw(seen, plan.questions)
        say(
            f"{plan.articles:,} articles, {text_bytes / 1e6:,.0f} MB of text, {len(seen.frequencies):,} different stems"
        )
        engines, missing, different = race(plan, place, asked, days)
        return {
            "corpus": {
                "articles": plan.articles,
                "from": [path.name for path in plan.texts],
                "text_bytes": text_bytes,
                "stems": len(seen.frequencies),
            },
            "questions": dict(Counter(question.kind for question in asked)),
            "engines": engines,
            "missing": missing,
            "differences": [vars(difference) for difference in different],
        }


class Days(dict[int, int]):
    """The day of each document, noted as they pass."""

    def noted(self, documents: Iterable[corpus.Document]) -> Iterator[corpus.Document]:
        for document in documents:
            self[document.key] = document.day
            yield document


def race(
    plan: Plan, place: Path, asked: list[questions.Question], days: Mapping[int, int]
) -> tuple[dict[str, Any], dict[str, str], list[agreement.Difference]]:
    measured, missing = timing.build(plan.engines, place / "corpus.jsonl", place)
    with timing.Race(measured, place, asked) as running:
        different = running.compare(days)
        tell(different)
        agreement.agree(different)
        running.run(plan.rounds)
        running.weigh()
        running.change(place / "corpus.jsonl")
    return {name: told(figures) for name, figures in measured.items()}, missing, different


def told(figures: timing.Measured) -> dict[str, Any]:
    about = {key: figures.about[key] for key in ("version", "lacks")}
    parts = {"built": figures.built, "opened": figures.opened, "used": figures.used, "changed": figures.changed}
    return {**about, **parts, **timing.summary(figures)}


def tell(different: list[agreement.Difference]) -> None:
    say("All engines agree." if not different else "Answers that differ from what most engines say:")
    for difference in different:
        say(f"  {PEERS[difference.engine].title}: {difference}")


def show(figures: Mapping[str, Any]) -> None:
    engines, made = figures["engines"], figures["corpus"]
    tables = [
        table.times(engines),
        table.times(engines, "first_time"),
        table.costs(engines, made["articles"], made["text_bytes"]),
    ]
    if "ours" in engines:
        tables.insert(1, table.ratios(engines))
    for rows in tables:
        say()
        for line in table.plain(rows):
            say(line)
    for name, held in engines.items():
        for kind, why in held["lacks"].items():
            say(f"{PEERS[name].title} has no figure for {kind}: it {why}.")
