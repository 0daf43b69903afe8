"""Archives that are built once for a number of articles, and kept in a folder for the next run."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from . import corpus
from .engines import PEERS
from .running import Running, say

FOLDER = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "newsarchive-benchmarks"
CORPUS = "corpus.jsonl"


def built(name: str, place: Path, articles: int) -> dict[str, Any]:
    """What it took to build, now or in an earlier run. A build that was cut short left no figures, and begins anew."""
    figures = place / f"{name}.json"
    if not figures.exists():
        written(place / CORPUS, articles)
        shutil.rmtree(place / name, ignore_errors=True)
        say(f"building what {PEERS[name].title} searches; it is kept in {place} ...")
        with Running(name, place / name) as worker:
            figures.write_text(json.dumps(worker.call("build", corpus=str(place / CORPUS))))
    return json.loads(figures.read_text())


def written(lines: Path, articles: int) -> None:
    if not lines.exists():
        say(f"putting {articles:,} articles together ...")
        lines.parent.mkdir(parents=True, exist_ok=True)
        made = corpus.Corpus(corpus.sources(corpus.demo_files()))
        corpus.write(made.documents(articles), lines.with_suffix(".part"))
        lines.with_suffix(".part").rename(lines)
