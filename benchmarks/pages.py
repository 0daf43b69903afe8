"""What the archive costs around its engine: an import, lists, the whole search page.

python -m benchmarks.pages [ARTICLES]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOME = tempfile.TemporaryDirectory(prefix="benchmark-")
os.environ["NEWSARCHIVE_DATA"] = HOME.name

# This module sets Django up, so it comes first.
from .engines.haystack import Archive  # noqa: E402  isort: skip

from articles.models import Section  # noqa: E402  isort: skip
from django.test import Client  # noqa: E402  isort: skip
from . import corpus, page, questions, report, table, timing  # noqa: E402  isort: skip
from .running import say  # noqa: E402  isort: skip

ROUNDS = 15
ASKED = 50
# How the classes are typed into the field of the search page.
TYPED = {
    "common": "{0}",
    "rare": "{0}",
    "AND": "{0} {1}",
    "OR": "{0} OR {1}",
    "phrase": '"{0}"',
    "near": "{0} NEAR/5 {1}",
    "prefix": "{0}*",
    "fuzzy": "{0}~",
}


def main(articles: int) -> None:
    made = corpus.Corpus(corpus.sources(corpus.demo_files()))
    documents = list(made.documents(articles))
    archive = Archive(Path(HOME.name))
    stored = seconds(partial(archive.prepare, documents))
    indexed = seconds(partial(archive.build, documents))
    figures: dict[str, Any] = {
        "articles": articles,
        "stored_per_s": articles / stored,
        "indexed_per_s": articles / indexed,
    }
    say(
        f"{articles:,} articles; a second of CPU stores {articles / stored:,.0f}, and indexes {articles / indexed:,.0f}"
    )
    figures |= {"lists": lists(), "search_page": searches(documents)}
    path = report.write("pages", report.head(["pages", str(articles)]) | {"figures": figures})
    page.refresh()
    say(f"written: {path.name}")


def lists() -> dict[str, Any]:
    """The last page of a list beside its first: they are to cost the same."""
    client = Client(HTTP_HOST="localhost")
    largest = Section.objects.by_size()[0].get_absolute_url()
    rows = [["ms of CPU", "first page", "last page"]]
    found = {}
    for name, address in (("all articles", "/articles/"), ("largest section", largest)):
        first, last = (middle(partial(client.get, page)) for page in (address, f"{address}?page=last"))
        rows.append([name, table.number(first), table.number(last)])
        found[name] = {"first": first, "last": last}
    show(rows)
    return found


def searches(documents: list[corpus.Document]) -> dict[str, Any]:
    """The whole page: parsing, search, facets, chart, rows and snippets."""
    client = Client(HTTP_HOST="localhost")
    asked = questions.draw(questions.sample(documents, questions.random.Random(1)), ASKED)
    times = {kind: list(shown(client, asked, kind)) for kind in TYPED}
    found = {
        kind: {"median": timing.percentile(held, 50), "p95": timing.percentile(held, 95)}
        for kind, held in times.items()
    }
    everything = [time for held in times.values() for time in held]
    found["all"] = {"median": timing.percentile(everything, 50), "p95": timing.percentile(everything, 95)}
    show(
        [["search page, ms of CPU", "median", "p95"]]
        + [[kind, *map(table.number, held.values())] for kind, held in found.items()]
    )
    return found


def shown(client: Client, asked: list[questions.Question], kind: str) -> Iterator[float]:
    for question in asked:
        if question.kind == kind:
            words = [" ".join(question.words)] if kind == "phrase" else question.words
            address = f"/search/?{urlencode({'q': TYPED[kind].format(*words)})}"
            client.get(address)
            yield 1000 * seconds(partial(answered, client, address))


def answered(client: Client, address: str) -> None:
    status = client.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address} answered {status}")


def seconds(act: Callable[[], Any]) -> float:
    """Of processor time, that of worker processes included."""
    started = used()
    act()
    return used() - started


def used() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def middle(act: Callable[[], Any]) -> float:
    """Milliseconds at the median, after a first time."""
    act()
    return 1000 * timing.percentile([seconds(act) for _ in range(ROUNDS)], 50)


def show(rows: list[list[str]]) -> None:
    say()
    for line in table.plain(rows):
        say(line)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
