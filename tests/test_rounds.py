"""The worker reads originals anew that nobody has read for a long time, while it has nothing else to do."""

from __future__ import annotations

import datetime as dt
import logging
from itertools import count

import pytest
from django.db import OperationalError
from django.utils import timezone

from articles import jobs, keeping
from articles.keeping import rounds
from articles.models import ImportJob, JobState, Original

from .turns import Turns

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - dt.timedelta(days=91)


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "REST", 0)


def keep(*contents: bytes) -> list[Original]:
    """Originals that came long ago, and were not read since."""
    for number, content in enumerate(contents):
        jobs.enqueue([jobs.Incoming(f"{number}.txt", [content])], label="old", state=JobState.PROPOSED)
    Original.objects.update(received_at=LONG_AGO)
    return list(Original.objects.order_by("pk"))


def found() -> list[bool | None]:
    return list(Original.objects.order_by("pk").values_list("intact", flat=True))


def test_what_was_not_read_for_so_many_days_is_read_and_noted():
    old, young = keep(b"one", b"two")
    Original.objects.filter(pk=young.pk).update(received_at=timezone.now() - dt.timedelta(days=89))
    keeping.Rounds(90).step()
    assert found() == [True, None]
    old.refresh_from_db()
    assert timezone.now() - old.verified_at < dt.timedelta(minutes=5)


def test_what_was_read_since_it_came_is_due_from_then_on():
    keep(b"one", b"two")
    Original.objects.filter(name="0.txt").update(verified_at=timezone.now() - dt.timedelta(days=2), intact=True)
    keeping.Rounds(90).step()
    assert Original.objects.filter(verified_at__gt=timezone.now() - dt.timedelta(days=1)).get().name == "1.txt"


def test_no_days_stand_for_never():
    keep(b"one")
    keeping.Rounds(0).step()
    assert found() == [None]


def test_a_step_reads_a_little_and_the_next_goes_on_there(monkeypatch):
    monkeypatch.setattr(rounds, "TURNS", 2)
    keep(b"one", b"two", b"three")
    walk = keeping.Rounds(90)
    walk.step()
    assert found() == [True, None, None]
    walk.step()
    walk.step()
    assert found() == [True, True, True]


def test_a_large_file_is_read_in_parts(monkeypatch):
    monkeypatch.setattr(rounds, "TURNS", 2)
    monkeypatch.setattr("articles.originals.CHUNK", 10)
    keep(b"x" * 45)
    walk = keeping.Rounds(90)
    walk.step()
    walk.step()
    assert found() == [None]
    walk.step()
    assert found() == [True]


def test_damage_is_logged_with_what_to_do_and_noted(caplog):
    lost, _whole = keep(b"one", b"two")
    lost.path.unlink()
    with caplog.at_level(logging.INFO):
        keeping.Rounds(90).step()
    assert found() == [False, True]
    first, last = caplog.records
    assert first.levelno == logging.ERROR
    assert first.getMessage().startswith(f"Original {lost.pk} (0.txt): the file is missing. Copy it from a backup to ")
    assert last.getMessage() == "2 originals verified, 1 of them damaged or missing"


def test_what_was_damaged_is_looked_at_again_the_next_day():
    (lost,) = keep(b"one")
    content = lost.path.read_bytes()
    lost.path.unlink()
    walk = keeping.Rounds(90)
    walk.step()
    lost.path.write_bytes(content)
    walk.step()
    assert found() == [False]
    Original.objects.update(verified_at=timezone.now() - dt.timedelta(hours=25))
    walk.step()
    assert found() == [True]


def test_a_file_whose_row_goes_meanwhile_is_no_damage(caplog, monkeypatch):
    monkeypatch.setattr(rounds, "TURNS", 1)
    keep(b"one")
    walk = keeping.Rounds(90)
    walk.step()
    job = ImportJob.objects.get()
    assert jobs.discard(job)
    walk.step()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_when_all_is_read_nothing_is_looked_for_during_the_rest(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(rounds, "REST", 3600)
    walk = keeping.Rounds(90)
    walk.step()
    keep(b"one")
    with django_assert_num_queries(0):
        walk.step()
    assert found() == [None]


def test_a_database_that_is_away_ends_the_round_and_not_the_rounds(monkeypatch):
    keep(b"one")
    walk = keeping.Rounds(90)
    times = count()
    note = rounds._noted

    def noted_the_second_time(original: Original, problem: str) -> bool:
        if not next(times):
            raise OperationalError("away")
        return note(original, problem)

    monkeypatch.setattr(rounds, "_noted", noted_the_second_time)
    with pytest.raises(OperationalError):
        walk.step()
    walk.step()
    walk.step()
    assert found() == [True]


def test_the_worker_does_it_by_itself(settings):
    keep(b"one")
    settings.VERIFY_DAYS = 0
    jobs.keep_up(Turns())
    assert found() == [None]
    settings.VERIFY_DAYS = 90
    jobs.keep_up(Turns())
    assert found() == [True]


def test_the_worker_does_it_while_no_import_runs_anywhere(settings):
    settings.VERIFY_DAYS = 90
    keep(b"one")
    running = {"state": JobState.RUNNING, "worker": "another:1", "heartbeat_at": timezone.now()}
    ImportJob.objects.update(**running)
    jobs.keep_up(Turns())
    assert found() == [None]
