"""What readers searched for in vain: the words and how often, for the desk. Who asked is not kept, nor from where.

Writing it down must not be felt by who searches: it waits for no lock, is done once a second at most, and is left out
where the database does not take it.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from .models import FruitlessSearch
from .search import Question

log = logging.getLogger(__name__)

# What was not asked for so long is thrown away, and what was not for the longest time where there are more.
KEPT, MOST = dt.timedelta(weeks=5), 2000
# Between two writings so many different searches are remembered, and no more.
MOST_WAITING, SECONDS = 100, 1.0
LONGEST_QUERY, LONGEST_WORDS = 500, 300
# Milliseconds that one writing waits for another.
PATIENCE = 50
ROBOT = re.compile(r"bot\b|crawl|spider|slurp|curl|wget|python|java/|go-http", re.IGNORECASE)


class Waiting:
    """Searches that are to be written: their words and how often, by their query strings. Threads share it."""

    def __init__(self) -> None:
        self.lock, self.held, self.written = threading.Lock(), dict[str, tuple[str, int]](), 0.0

    def add(self, query: str, words: str) -> dict[str, tuple[str, int]]:
        """All that is to be written now; nothing where that was done a moment ago."""
        with self.lock:
            if query in self.held or len(self.held) < MOST_WAITING:
                self.held[query] = (words, self.held.get(query, ("", 0))[1] + 1)
            if time.monotonic() < self.written + SECONDS:
                return {}
            taken, self.held, self.written = self.held, {}, time.monotonic()
            return taken


waiting = Waiting()


def note(question: Question, agent: str) -> None:
    """A search that found nothing; `agent` is what the browser calls itself, and is not kept."""
    query, words = question.querystring(), " ".join(question.text.split())
    fits = words and question.page == 1 and len(query) <= LONGEST_QUERY and len(words) <= LONGEST_WORDS
    if not settings.KEEP_SEARCHES or not fits or ROBOT.search(agent):
        return
    if taken := waiting.add(query, words):
        try:
            _write(taken)
        except DatabaseError as error:
            log.info("searches that found nothing were not noted: %s", error)


def _write(taken: dict[str, tuple[str, int]]) -> None:
    now = timezone.now()
    with impatient(), transaction.atomic():
        fresh = [query for query, (_words, times) in taken.items() if not _again(query, times, now)]
        rows = [FruitlessSearch(query=query, words=taken[query][0], times=taken[query][1]) for query in fresh]
        FruitlessSearch.objects.bulk_create(rows)
        if rows:
            _throw_away(now)


def _again(query: str, times: int, now: dt.datetime) -> int:
    return FruitlessSearch.objects.filter(query=query).update(times=F("times") + times, last_at=now)


def _throw_away(now: dt.datetime) -> None:
    FruitlessSearch.objects.filter(last_at__lt=now - KEPT).delete()
    surplus = FruitlessSearch.objects.order_by("-last_at", "-pk").values_list("pk", flat=True)[MOST : 2 * MOST]
    FruitlessSearch.objects.filter(pk__in=list(surplus)).delete()


@contextmanager
def impatient() -> Iterator[None]:
    """Wait for no other writer; SQLite would for many seconds."""
    lasting = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    _wait(PATIENCE)
    try:
        yield
    finally:
        _wait(lasting if connection.vendor == "sqlite" else 0)


def _wait(milliseconds: int) -> None:
    asked = "PRAGMA busy_timeout = {}" if connection.vendor == "sqlite" else "SET lock_timeout = {}"
    with connection.cursor() as cursor:
        cursor.execute(asked.format(milliseconds))
