from __future__ import annotations

import gc
import threading
from collections.abc import Generator

import pytest
from django.db import connections

from articles import batches, jobs
from articles.importers import apart
from articles.models import Article, ImportJob, JobState
from articles.records import ArticleRecord, UnreadableFile


def given(items: list[str], told: list[str]) -> Generator[str]:
    try:
        for item in items:
            told.append(f"made {item} in {threading.current_thread().name.partition('_')[0]}")
            yield item
        raise UnreadableFile("no more")
    finally:
        told.append("closed")


def test_the_next_batch_is_made_while_one_is_in_use():
    made = threading.Event()

    def items() -> Generator[str]:
        yield "first"
        made.set()
        yield "second"

    ahead = batches._made_ahead(items())
    assert next(ahead) == "first"
    assert made.wait(10)
    assert list(ahead) == ["second"]


def test_what_breaks_off_is_told_when_all_before_it_was_given():
    told: list[str] = []
    ahead = batches._made_ahead(given(["first", "second"], told))
    assert [next(ahead), next(ahead)] == ["first", "second"]
    with pytest.raises(UnreadableFile):
        next(ahead)
    assert told == ["made first in reading", "made second in reading", "closed"]


def test_who_stops_in_the_middle_has_ended_the_reading():
    told: list[str] = []
    ahead = batches._made_ahead(given(["first", "second", "third"], told))
    assert next(ahead) == "first"
    del ahead
    gc.collect()
    assert told[-1] == "closed"
    assert "made third in reading" not in told


@pytest.mark.django_db
def test_the_reading_asks_the_database_nothing(monkeypatch):
    asked: list[str] = []

    def read(*_: object) -> Generator[apart.Read]:
        yield apart.Read(0, [], columns=())
        yield apart.Read(0, [ArticleRecord(title="Otters", body="They swim.", sections=("Nature",))], 5)
        asked.extend(alias for alias in connections if connections[alias].connection is not None)

    monkeypatch.setattr(apart, "read", read)
    lines = b'{"title": "Otters", "body": "They swim."}\n'
    job = jobs.enqueue([jobs.Incoming("a.jsonl", [lines])], label="test")
    assert jobs.claim(job, jobs.worker_name())
    jobs.run(job)
    assert ImportJob.objects.get().state == JobState.DONE
    assert Article.objects.get().title == "Otters"
    assert asked == []
