"""How many articles a second come in, how many are indexed, and how much memory that takes, by their number."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from .. import corpus, table
from . import archives

SIZES = (1_000, 10_000, 100_000)
HEAD = ["articles", "MB", "stored a second", "indexed a second", "MB of memory to store", "MB to index"]


def run() -> None:
    """Prints a row a size; the sizes can be told in SIZES, with commas between them."""
    sizes = tuple(map(int, os.environ["SIZES"].split(","))) if "SIZES" in os.environ else SIZES
    for line in table.markdown([HEAD, *map(measured, sizes)]):
        sys.stdout.write(f"{line}\n")


def measured(count: int) -> list[str]:
    with archives.thrown_away() as data:
        file = data.parent / "articles.jsonl"
        write(count, file)
        stored = archives.command(data, "import_articles", "--json", str(file))
        indexed = archives.command(data, "reindex", "--verbosity", "0")
        size = file.stat().st_size
    rates = (count / stored.wall, count / indexed.wall, stored.peak, indexed.peak)
    return [f"{count:,}", f"{size / 1e6:,.0f}", *(f"{value:,.0f}" for value in rates)]


def write(count: int, file: Path) -> None:
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(record)}\n" for record in records(count))


def records(count: int) -> Iterator[dict[str, object]]:
    """Articles as another program would write them: plain paragraphs, a date, a section, no language."""
    made = corpus.Corpus(corpus.sources(corpus.demo_files()))
    for document in made.documents(count):
        words = document.text.split()
        paragraphs = (" ".join(words[start : start + 60]) for start in range(0, len(words), 60))
        yield {
            "title": document.title,
            "body": "\n\n".join(paragraphs),
            "date": date.fromordinal(document.day).isoformat(),
            "source": "The Port Aldery Packet",
            "sections": [document.section],
        }
