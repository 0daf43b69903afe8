"""Searches that found nothing are noted for the desk, and nobody who searches notices."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from articles import fruitless
from articles.models import FruitlessSearch

from .makers import make_article
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noting(settings, monkeypatch, tmp_path) -> None:
    settings.KEEP_SEARCHES = True
    monkeypatch.setattr(fruitless, "waiting", fruitless.Waiting())
    monkeypatch.setattr(fruitless, "SECONDS", 0.0)
    use_index_in(monkeypatch, tmp_path)
    make_article("The ferry is late", text="A ferry.")
    bring_up_to_date()


def noted() -> dict[str, int]:
    return dict(FruitlessSearch.objects.values_list("words", "times"))


def test_words_that_found_nothing_are_counted_and_those_that_found_something_are_not(client: Client):
    for _ in range(2):
        client.get("/search/?q=zeppelin")
    client.get("/search/?q=ferry")
    assert noted() == {"zeppelin": 2}


def test_nothing_is_kept_of_who_asked():
    held = {field.name for field in FruitlessSearch._meta.get_fields()}
    assert held == {"id", "query", "words", "times", "first_at", "last_at"}


@pytest.mark.parametrize(
    "address", ["/search/", "/search/?q=", "/search/?q=zeppelin&page=2", "/search.json?q=zeppelin"]
)
def test_what_is_no_search_of_a_reader_is_not_noted(client: Client, address: str):
    client.get(address)
    assert noted() == {}


def test_robots_are_not_noted(client: Client):
    client.get("/search/?q=zeppelin", headers={"User-Agent": "Mozilla/5.0 (compatible; AnyBot/2.1)"})
    assert noted() == {}


def test_a_flood_is_written_once_a_second_and_remembers_no_more_than_it_may(client: Client, monkeypatch):
    monkeypatch.setattr(fruitless, "SECONDS", 60.0)
    monkeypatch.setattr(fruitless, "MOST_WAITING", 3)
    fruitless.waiting.written = fruitless.time.monotonic()
    for number in range(10):
        client.get(f"/search/?q=zeppelin{number}")
    assert noted() == {}
    assert len(fruitless.waiting.held) == 3


def test_what_was_not_asked_for_weeks_is_thrown_away_and_so_is_what_is_too_much(client: Client, monkeypatch):
    old = timezone.now() - dt.timedelta(weeks=6)
    FruitlessSearch.objects.create(query="q=old", words="old", last_at=old)
    client.get("/search/?q=zeppelin")
    assert noted() == {"zeppelin": 1}
    monkeypatch.setattr(fruitless, "MOST", 1)
    client.get("/search/?q=airship")
    assert noted() == {"airship": 1}


def test_a_search_is_answered_where_the_database_takes_nothing(client: Client, monkeypatch):
    def locked(taken: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(fruitless, "_write", locked)
    assert client.get("/search/?q=zeppelin").status_code == 200


def test_writing_waits_for_no_lock_and_all_else_waits_as_before():
    asked = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout"
    with connection.cursor() as cursor:
        with fruitless.impatient():
            assert str(cursor.execute(asked).fetchone()[0] if connection.vendor == "sqlite" else 50) == "50"
        if connection.vendor == "sqlite":
            assert cursor.execute(asked).fetchone()[0] == 20_000


def test_it_can_be_switched_off(client: Client, settings):
    settings.KEEP_SEARCHES = False
    client.get("/search/?q=zeppelin")
    assert noted() == {}
