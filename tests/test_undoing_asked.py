"""Large batches: what would become of them is counted at once, and they are undone in the background."""

from __future__ import annotations

import dataclasses
from threading import Event
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from articles import undoing
from articles.fates import Fate
from articles.models import Article, ImportJob, JobState
from articles.records import ArticleRecord

from .growth import assert_in_proportion
from .undoing_samples import FERRY, LATER, OTTERS, job_of, set_already

pytestmark = pytest.mark.django_db


def test_a_plan_takes_as_many_queries_for_many_articles_as_for_few():
    for job in (
        job_of(*(dataclasses.replace(OTTERS, title=f"{n} of {count}") for n in range(count))) for count in (2, 90)
    ):
        with CaptureQueriesContext(connection) as asked:
            assert undoing.plan(job).counts == {Fate.REMOVED: job.outcomes.count()}
        assert len(asked) <= 4


def test_a_plan_takes_no_longer_than_its_articles():
    def changed(size: int) -> ImportJob:
        records = [dataclasses.replace(LATER, canonical_url=f"https://a.example/{size}/{n}") for n in range(size)]
        with_numbers = [dataclasses.replace(record, body=f"{n} of {size}") for n, record in enumerate(records)]
        job_of(*with_numbers)
        return job_of(*(dataclasses.replace(record, body=f"Later, {record.body}") for record in with_numbers))

    held = {size: changed(size) for size in (100, 800)}

    def plan(size: int) -> None:
        assert undoing.plan(held[size]).counts == {Fate.RESTORED: size}

    assert_in_proportion(plan, 800)


# In the background


def asked_for(*records: ArticleRecord) -> ImportJob:
    job = job_of(*records)
    undoing.ask(job, User.objects.create_user("anna"))
    return job


def notes() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))


def test_what_is_asked_for_is_undone_in_the_background():
    job = asked_for(FERRY, OTTERS)
    assert undoing.is_asked(job)
    assert not undoing.undoable(job)
    assert undoing.catch_up(Event()) == 1
    job.refresh_from_db()
    assert (job.undone_by.username, undoing.is_asked(job)) == ("anna", False)
    assert undoing.progress(job) == undoing.Progress(total=2, gone=2, back=0)
    assert undoing.catch_up(Event()) == 0
    assert notes() == ["Undone: 2 articles removed, 0 put back, 0 stay."]


def test_what_is_asked_for_goes_on_in_another_process(monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    job = asked_for(FERRY, OTTERS)
    undoing.undo(job, by=job.undone_by, stop=set_already())
    assert Article.objects.count() == 1
    assert undoing.is_asked(ImportJob.objects.get(pk=job.pk))
    undoing.catch_up(Event())
    assert not Article.objects.exists()
    assert notes() == ["Undone: 2 articles removed, 0 put back, 0 stay."]


def test_an_import_that_goes_on_after_all_is_not_undone():
    job = asked_for(FERRY)
    ImportJob.objects.update(state=JobState.RUNNING)
    undoing.catch_up(Event())
    job.refresh_from_db()
    assert not undoing.is_asked(job)
    assert Article.objects.exists()
    assert "Undoing broke off. Import" in notes()[0]


def test_what_nobody_foresaw_ends_an_undo_and_does_not_come_again(monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    job = asked_for(FERRY)
    monkeypatch.setattr(undoing, "_drop_unused", broken)
    with pytest.raises(ZeroDivisionError):
        undoing.catch_up(Event())
    assert Article.objects.exists()
    assert undoing.undoable(ImportJob.objects.get(pk=job.pk))
    assert notes() == ["Undoing broke off. The log of the server says why."]


def test_an_undo_waits_for_a_database_that_is_away(monkeypatch):
    away = [OperationalError("away")]
    drop = undoing._drop_unused

    def once(found: Any) -> None:
        if away:
            raise away.pop()
        drop(found)

    asked_for(FERRY)
    monkeypatch.setattr(undoing, "_drop_unused", once)
    with pytest.raises(OperationalError):
        undoing.catch_up(Event())
    assert Article.objects.exists()
    assert undoing.catch_up(Event()) == 1
    assert not Article.objects.exists()
