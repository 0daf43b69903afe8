"""What passes is waited for: an import that a full disk or a held database stopped goes on by itself."""

import errno
import sqlite3

import psycopg
import pytest
from django.db import OperationalError

from articles import ingest, jobs, troubles
from articles.models import Article, ImportJob, JobState

from .test_jobs import enqueue, lines, run


def of(cause: BaseException) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def of_sqlite(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("it cannot")
    cause.sqlite_errorcode = code
    return of(cause)


def of_postgresql(state: str | None) -> OperationalError:
    cause = psycopg.OperationalError("it cannot")
    cause.sqlstate = state
    return of(cause)


PASSING = [
    (OSError(errno.ENOSPC, "No space left"), troubles.FULL),
    (of_sqlite(sqlite3.SQLITE_FULL), troubles.FULL),
    (of_sqlite(sqlite3.SQLITE_BUSY), troubles.HELD),
    (of_sqlite(sqlite3.SQLITE_IOERR_FSYNC), troubles.AWAY),
    (of_postgresql("53100"), troubles.FULL),
    (of_postgresql("57P01"), troubles.AWAY),
    (of_postgresql(None), troubles.AWAY),
]
LASTING = [
    OSError(errno.ENOENT, "No such file"),
    OSError(errno.EIO, "Input/output error"),
    of_sqlite(sqlite3.SQLITE_ERROR),
    of_postgresql("42601"),
    OperationalError("of no driver"),
    ValueError("No space left on device"),
]


@pytest.mark.parametrize(("error", "words"), PASSING, ids=repr)
def test_what_passes_is_told_with_what_to_do(error: BaseException, words: str):
    assert troubles.passing(error) == words


@pytest.mark.parametrize("error", LASTING, ids=repr)
def test_what_would_come_again_does_not_pass(error: BaseException):
    assert troubles.passing(error) == ""


@pytest.fixture
def failing(settings, tmp_path, monkeypatch):
    settings.ORIGINALS = tmp_path / "originals"
    monkeypatch.setattr(jobs, "TROUBLE", 0)

    def no_room(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(ingest, "store", no_room)
        yield context


@pytest.mark.django_db
def test_an_import_that_meets_a_full_disk_is_in_line_again_says_why_and_is_finished_later(failing):
    job = run(enqueue(("a.jsonl", lines(3))))
    held = ImportJob.objects.get()
    assert (job.state, held.state, held.worker) == (JobState.QUEUED, JobState.QUEUED, "")
    assert held.error == troubles.FULL
    failing.undo()
    assert jobs.catch_up() == 1
    held.refresh_from_db()
    assert (held.state, held.error) == (JobState.DONE, "")
    assert Article.objects.count() == 3


@pytest.mark.django_db
def test_what_cannot_go_on_is_not_tried_again_at_once(failing):
    enqueue(("a.jsonl", lines(1)))
    enqueue(("b.jsonl", lines(1, first=1)))
    assert jobs.catch_up() == 0
    assert set(ImportJob.objects.values_list("state", flat=True)) == {JobState.QUEUED}


@pytest.mark.django_db
def test_a_job_that_could_not_even_be_put_back_is_taken_up_by_the_same_process(failing):
    job = enqueue(("a.jsonl", lines(2)))
    assert jobs.claim(job, jobs.worker_name())
    failing.undo()
    jobs.catch_up()
    job.refresh_from_db()
    assert job.state == JobState.DONE
