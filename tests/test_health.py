"""Whether the archive is well, for staff and for machines."""

from __future__ import annotations

import os
import time
from threading import Event

import pytest
from django.db import OperationalError
from django.test import Client

from articles import backups, health, heartbeat
from articles.management.loops import run_side_by_side
from articles.models import IndexBacklog, Original

from .admin.conftest import client_of
from .makers import make_article
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(settings, monkeypatch, tmp_path) -> None:
    """An archive of one article that lacks nothing."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.ORIGINALS = settings.DATA / "originals"
    use_index_in(monkeypatch, tmp_path / "index")
    make_article("The ferry is late")
    bring_up_to_date()
    for name in health.WORK:
        heartbeat.beat(name)


def told(client: Client, status: int) -> dict[str, str]:
    answer = client.get("/healthz")
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
    return answer.json()["parts"]


def test_an_archive_that_is_well_says_so_part_by_part(well, client: Client):
    assert set(told(client, 200).values()) == {"ok"}


def test_machines_are_told_no_more_than_whether_each_part_is_well(well, client: Client):
    told = client.get("/healthz").json()
    assert told == {"status": "ok", "parts": dict.fromkeys(health.LOOKS, "ok")}


def test_the_number_of_queries_is_the_same_whatever_is_held(well, client: Client, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get("/healthz")


def test_articles_that_are_neither_indexed_nor_wait_for_it_are_a_failure(well, client: Client):
    make_article()
    assert told(client, 200)["index"] == "ok"
    IndexBacklog.objects.all().delete()
    assert told(client, 503)["index"] == "failed"


def test_a_damaged_original_is_a_failure(well, client: Client):
    Original.objects.create(sha256="0" * 64, size=1, intact=False)
    assert told(client, 503)["originals"] == "failed"


def test_a_database_that_is_away_is_a_failure_and_no_error(well, client: Client, monkeypatch):
    def away() -> None:
        raise OperationalError("the server is away")

    monkeypatch.setitem(health.LOOKS, "database", ("Database", away))
    assert told(client, 503)["database"] == "failed"
    assert "server is away" not in client.get("/healthz").content.decode()


def test_a_full_disk_is_a_failure(well, client: Client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 62)
    assert told(client, 503)["disk"] == "failed"


def test_work_that_was_not_heard_of_for_half_a_minute_is_a_failure(well, client: Client):
    ago = time.time() - heartbeat.LATE - 1
    os.utime(heartbeat._path("indexing"), (ago, ago))
    assert told(client, 503)["work"] == "failed"


def test_the_loops_of_the_work_are_heard(settings, tmp_path):
    settings.DATA = tmp_path
    asked = iter([True, True, False])

    def loop(stop) -> None:
        stop.wait()

    loop.__module__ = "articles.search.indexing"
    run_side_by_side((loop,), Event(), lambda: next(asked))
    assert heartbeat.is_alive("indexing")
    assert not heartbeat.is_alive("jobs")


def test_staff_with_the_right_see_sizes_versions_and_the_last_backup(well, tmp_path):
    viewer = client_of("keeper", rights=("view_health",))
    assert "None is known." in viewer.get("/admin/health/").content.decode()
    backups.write(tmp_path / "kept")
    page = viewer.get("/admin/health/").content.decode()
    assert str(tmp_path / "kept") in page
    assert "not since it was made" in page
    assert "Whoosh" in page
    backups.note_checked(tmp_path / "kept")
    assert ": whole" in viewer.get("/admin/health/").content.decode()


def test_others_do_not(well, client: Client):
    assert client_of("clerk").get("/admin/health/").status_code == 403
    assert client.get("/admin/health/").url.startswith("/admin/login/")


def test_machines_need_no_login_where_readers_do(well, settings, client: Client):
    settings.LOGIN_WALL = True
    assert client.get("/healthz").status_code == 200
