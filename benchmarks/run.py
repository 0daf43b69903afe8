"""Import, lists and search, each beside a named peer in the same run.

Times are processor time and say little by themselves; the ratios are what to look at. `make bench` runs it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.test import Client
from haystack import connections as engines
from haystack.query import SearchQuerySet

from articles import ingest, search
from articles.models import Article, ImportInput, ImportJob, Tag

from .texts import VOCABULARY, records

ROUNDS = 15
COMMON, OTHER, THIRD = VOCABULARY[3], VOCABULARY[8], VOCABULARY[12]
QUESTIONS: dict[str, Callable[[SearchQuerySet], SearchQuerySet]] = {
    "a common word": lambda found: found.filter(content=COMMON),
    "two words": lambda found: found.filter(content=COMMON).filter(content=OTHER),
    "either word": lambda found: found.filter(content__in=[COMMON, THIRD]),
    "newest first": lambda found: found.filter(content=COMMON).order_by("-earliest"),
}


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    stored = timed(lambda: fill(count))
    say(f"{count:,} articles of 250 words; Python {sys.version.split()[0]}, {connections['default'].vendor}")
    say(f"stored          {count / stored:8,.0f} articles/s")
    ours, stock = timed(search.rebuild), timed(index_by_stock)
    say(f"indexed         {count / ours:8,.0f} articles/s")
    say(f"by the stock engine {count / stock:4,.0f} articles/s, ratio {stock / ours:.2f}")
    for row in (*lists(), *searches()):
        say(row)


def fill(count: int) -> None:
    entry = ImportInput.objects.create(job=ImportJob.objects.create(label="benchmark"), position=0, name="-")
    batch: list[ingest.Numbered] = []
    for number, record in enumerate(records(count), start=1):
        batch.append((number, record))
        if len(batch) == 200 or number == count:
            ingest.store(batch, entry)
            batch = []


def index_by_stock() -> None:
    index = engines["stock"].get_unified_index().get_index(Article)
    engines["stock"].get_backend().update(index, index.index_queryset())


def lists() -> Iterator[str]:
    """The last page of a list beside its first: keyset paging makes them cost the same."""
    client = Client(HTTP_HOST="localhost")
    yield f"{'list':24}{'first page':>12}{'last page':>12}{'ratio':>8}"
    for name, address in (("all articles", "/articles/"), ("largest tag", Tag.objects.by_size()[0].get_absolute_url())):
        first, last = median(partial(client.get, address)), median(partial(client.get, f"{address}?page=last"))
        yield f"{name:24}{first:9.1f} ms{last:9.1f} ms{last / first:8.2f}"


def searches() -> Iterator[str]:
    """Ten results and the exact total, by our engine and by the stock one, from the same rows."""
    yield f"{'search':24}{'ours':>12}{'stock':>12}{'stock/ours':>12}"
    for name, ask in QUESTIONS.items():
        ours = median(partial(first_ten, ask, "default"))
        stock = median(partial(first_ten, ask, "stock"))
        yield f"{name:24}{ours:9.1f} ms{stock:9.1f} ms{stock / ours:12.1f}"


def first_ten(ask: Callable[[SearchQuerySet], SearchQuerySet], engine: str) -> tuple[list[Any], int]:
    found = ask(SearchQuerySet(using=engine))
    return list(found[:10]), found.count()


def timed(act: Callable[[], Any]) -> float:
    """Seconds of processor time."""
    started = time.process_time()
    act()
    return time.process_time() - started


def median(act: Callable[[], Any]) -> float:
    """Milliseconds of processor time, of several rounds after a first."""
    act()
    return 1000 * statistics.median(timed(act) for _ in range(ROUNDS))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
