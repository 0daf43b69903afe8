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

from articles import jobs, undoing
from articles.admin.receipts import undoer
from articles.fates import Fate
from articles.models import Article, ImportJob, JobState
from articles.records import ArticleRecord
from articles.undoing import NotUndoable

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


def test_more_articles_than_are_counted_are_more_articles_and_not_more_records(monkeypatch):
    monkeypatch.setattr(undoing, "MOST_COUNTED", 1)
    assert not undoing.plan(job_of(FERRY, LATER)).cut
    assert undoing.plan(job_of(OTTERS, dataclasses.replace(OTTERS, title="More otters"))).cut


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


def test_what_is_asked_for_does_not_go_on_and_what_goes_on_is_not_asked_for():
    job = job_of(FERRY)
    ImportJob.objects.update(state=JobState.CANCELLED)
    going_on, waiting = (ImportJob.objects.get() for _ in range(2))
    assert jobs.go_on(going_on) == ""
    with pytest.raises(NotUndoable, match="is not done yet"):
        undoing.ask(waiting, User.objects.create_user("anna"))
    ImportJob.objects.update(state=JobState.CANCELLED)
    job, waiting = (ImportJob.objects.get() for _ in range(2))
    undoing.ask(job, User.objects.get())
    assert jobs.go_on(waiting) == "it is being undone"
    assert ImportJob.objects.get().state == JobState.CANCELLED
    with pytest.raises(NotUndoable, match="is being undone already"):
        undoing.ask(waiting, User.objects.create_user("ben"))
    assert ImportJob.objects.get().undone_by.username == "anna"


def test_an_import_of_which_a_text_was_put_back_does_not_go_on():
    job_of(FERRY)
    job = job_of(LATER)
    ImportJob.objects.update(state=JobState.CANCELLED)
    job.refresh_from_db()
    assert not undoing.undo(job, stop=set_already()).finished
    assert jobs.go_on(job) == "it is being undone"
    ImportJob.objects.update(undo_asked_at=None)
    assert "upload its files anew" in jobs.go_on(job)


def test_an_import_that_met_articles_which_are_gone_does_not_go_on():
    first = job_of(FERRY)
    job = job_of(LATER)
    undoing.undo(first)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.CANCELLED)
    Article.objects.all().delete()
    job.refresh_from_db()
    assert "upload its files anew" in jobs.go_on(job)


def test_of_batches_that_are_undone_at_the_same_time_nothing_is_left(monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    first = job_of(FERRY, OTTERS)
    second = job_of(LATER, OTTERS)
    assert not undoing.undo(second, stop=set_already()).finished
    assert undoing.undo(first).counts == {Fate.REMOVED: 2}
    assert undoing.catch_up(Event()) == 1
    second.refresh_from_db()
    assert (second.undone_at is not None, second.removed, second.put_back) == (True, 0, 1)
    assert not Article.objects.exists()


def test_what_is_removed_is_counted_whoever_brought_it():
    first = job_of(FERRY)
    second = job_of(LATER)
    undoing.undo(first)
    assert undoing.undo(second).counts == {Fate.REMOVED: 1}


def test_undoing_that_was_cut_off_goes_on_by_itself_in_the_name_of_who_began_it(monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    anna = User.objects.create_user("anna")
    job = job_of(FERRY, OTTERS)
    assert not undoing.undo(job, by=anna, stop=set_already()).finished
    assert undoing.catch_up(Event()) == 1
    job.refresh_from_db()
    assert (job.undone_by, notes()) == (anna, ["Undone: 2 articles removed, 0 put back, 0 stay."])


def test_an_import_that_goes_on_while_its_undoing_ends_is_not_marked_undone(monkeypatch):
    def touched(*_: object) -> list[tuple[int, int]]:
        ImportJob.objects.update(state=JobState.QUEUED)
        return []

    monkeypatch.setattr(undoing.fates, "touched", touched)
    with pytest.raises(NotUndoable, match="is not done yet"):
        undoing.undo(job_of(FERRY))
    assert ImportJob.objects.get().undone_at is None


def test_what_was_asked_for_is_undone_although_the_account_is_deleted_while_it_waits():
    job = asked_for(FERRY, OTTERS)
    User.objects.all().delete()
    assert undoing.is_asked(ImportJob.objects.get())
    assert undoing.catch_up(Event()) == 1
    job.refresh_from_db()
    assert (job.undone_by, Article.objects.count(), notes()) == (None, 0, [])
    assert undoer(job).endswith("somebody whose account is deleted")


def test_what_was_asked_for_is_undone_although_the_account_is_deleted_meanwhile(monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    job_of(FERRY)
    job = asked_for(LATER, OTTERS)
    drop = undoing._drop_unused

    def without_account(found: Any) -> None:
        drop(found)
        User.objects.all().delete()

    monkeypatch.setattr(undoing, "_drop_unused", without_account)
    assert undoing.catch_up(Event()) == 1
    job.refresh_from_db()
    assert job.undone_at
    assert not undoing.is_asked(job)
    assert (Article.objects.get().body, notes()) == (FERRY.body, [])


def test_undoing_that_breaks_off_after_the_account_is_deleted_is_withdrawn(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        User.objects.all().delete()
        ImportJob.objects.update(state=JobState.RUNNING)
        raise NotUndoable("Cancel it.")

    job = asked_for(FERRY)
    monkeypatch.setattr(undoing, "undo", broken)
    assert undoing.catch_up(Event()) == 1
    job.refresh_from_db()
    assert not undoing.is_asked(job)
    assert notes() == []


def test_who_comes_second_to_undo_a_batch_says_nothing(monkeypatch):
    job = asked_for(FERRY)
    undo = undoing.undo

    def by_another(job: ImportJob, **asked: Any) -> undoing.Undone:
        undo(ImportJob.objects.get(pk=job.pk), by=job.undone_by)
        return undo(job, **asked)

    monkeypatch.setattr(undoing, "undo", by_another)
    undoing.catch_up(Event())
    job.refresh_from_db()
    assert (job.undone_by.username, notes()) == ("anna", ["Undone: 1 articles removed, 0 put back, 0 stay."])


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
