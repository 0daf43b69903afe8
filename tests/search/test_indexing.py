"""The backlog and who drains it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from articles import search
from articles.models import Article, IndexBacklog
from articles.records import Status
from articles.search import Question, find, indexing
from articles.search.engine.errors import IndexBroken
from articles.search.engine.keeping import files

from ..makers import make_article
from .indexes import backend, bring_up_to_date


@pytest.fixture
def ferry(index_path, db) -> Article:
    article = make_article("Ferry")
    bring_up_to_date()
    return article


def total(text: str) -> int:
    page = find(Question(text))
    assert not page.degraded
    return page.total


def test_draining_empties_the_backlog_a_batch_at_a_time(ferry):
    for number in range(5):
        make_article(f"Ferry {number}")
    assert [search.drain(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert total("ferry") == 6


def test_nothing_to_do_opens_nothing(ferry, index_path):
    before = (index_path / "CURRENT").stat()
    with CaptureQueriesContext(connection) as queries:
        assert search.drain() == 0
    assert len(queries) == 1
    assert (index_path / "CURRENT").stat() == before


def test_a_change_in_the_middle_of_draining_is_not_lost(ferry, monkeypatch):
    Article.objects.filter(pk=ferry.pk).update(title="Bridge")
    brought = indexing._bring

    def meanwhile(*arguments) -> None:
        brought(*arguments)
        Article.objects.filter(pk=ferry.pk).update(title="Tunnel")

    with monkeypatch.context() as changing:
        changing.setattr(indexing, "_bring", meanwhile)
        assert search.drain() == 1
    assert IndexBacklog.objects.count() == 1
    assert search.drain() == 1
    assert (total("bridge"), total("tunnel")) == (0, 1)


def test_a_change_in_the_middle_of_a_rebuild_is_not_lost(ferry):
    other = make_article("Harbour")
    Article.objects.filter(pk=ferry.pk).update(title="Bridge")

    def meanwhile(number: int) -> None:
        Article.objects.filter(pk=ferry.pk).update(title="Tunnel")
        Article.objects.filter(pk=other.pk).update(status=Status.WITHHELD)
        make_article("Lighthouse")

    # What comes meanwhile does not keep the rebuild from ending: it awaits its turn.
    assert search.rebuild(meanwhile) == 2
    assert total("harbour") == 0
    bring_up_to_date()
    assert (total("bridge"), total("tunnel"), total("lighthouse"), total("harbour")) == (0, 1, 1, 0)
    assert not IndexBacklog.objects.exists()


def test_rebuilding_settles_what_awaited_it_and_reports_progress(ferry, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    for number in range(4):
        make_article(f"Ferry {number}")
    make_article("Ferry drafted", status=Status.DRAFT)
    seen: list[int] = []
    assert search.rebuild(seen.append) == 5
    assert seen == [2, 2, 1]
    assert not IndexBacklog.objects.exists()
    assert total("ferry") == 5


def test_articles_can_be_indexed_and_forgotten_by_their_keys(ferry):
    second, draft = make_article("Second ferry"), make_article("Third ferry", status=Status.DRAFT)
    search.index([second.pk, draft.pk, 999_999])
    assert total("ferry") == 2
    search.forget([second.pk, 999_999])
    # Forgotten by the index; it is published still, and its row of the backlog brings it back.
    assert total("ferry") == 1
    bring_up_to_date()
    assert total("ferry") == 2


def test_the_number_of_queries_of_a_drain_does_not_grow_with_its_articles(ferry):
    def queries(number: int) -> int:
        for at in range(number):
            make_article(f"Ferry {at}", source="Gazette", tags=("a", "b"), authors=("C",), sections=("D",))
        with CaptureQueriesContext(connection) as captured:
            assert search.drain() == number
        return len(captured)

    assert queries(2) == queries(12) <= 15


def test_the_state_tells_how_the_index_is_and_what_awaits_it(index_path, db):
    make_article("Ferry")
    assert (search.state().status, search.state().backlog) == ("missing", 1)
    bring_up_to_date()
    state = search.state()
    assert (state.status, state.documents, state.backlog) == ("fresh", 1, 0)
    assert state.generation == backend().generation()


def test_a_search_opens_the_index_anew_only_when_it_changed(ferry):
    assert total("ferry") == 1
    opened = backend().store._opened
    assert total("ferry") == 1
    assert backend().store._opened is opened
    make_article("Ferry")
    bring_up_to_date()
    assert total("ferry") == 2
    assert backend().store._opened is not opened


def test_small_parts_are_put_together_in_a_thread_of_their_own_while_saving_goes_on(ferry, monkeypatch):
    released, merged = threading.Event(), []
    merge = backend().store.merge

    def slowly() -> bool:
        merged.append(threading.current_thread())
        assert released.wait(60)
        return merge()

    monkeypatch.setattr(backend().store, "merge", slowly)
    keeper = indexing.Keeper(threading.Event())
    for number in range(12):
        make_article(f"Ferry {number}")
        keeper.turn()
        # While the merge waits, what was saved is found.
        assert total("ferry") == number + 2
    assert merged == [keeper.merging] != [threading.current_thread()]
    released.set()
    keeper.rest()
    assert not keeper.merging.is_alive()
    assert len(backend().store.snapshot().segments) < 12
    assert total("ferry") == 13


def test_a_merge_that_fails_is_told_and_keeps_nothing_from_being_indexed(ferry, monkeypatch, caplog):
    def fail() -> bool:
        raise IndexBroken("It cannot be read.")

    monkeypatch.setattr(backend().store, "merge", fail)
    keeper = indexing.Keeper(threading.Event())
    make_article("Second ferry")
    keeper.turn()
    keeper.rest()
    assert "It cannot be read." in caplog.text
    assert backend().suspected()
    assert total("ferry") == 2


@pytest.mark.django_db(transaction=True)
def test_the_indexer_finds_what_is_saved_by_itself_and_ends_when_told(index_path):
    stop = threading.Event()
    indexer = threading.Thread(target=keep_up_and_close, args=(stop,))
    make_article("Ferry")
    indexer.start()
    try:
        wait_until(lambda: indexed("ferry") == 1, 20)
        wait_until(lambda: bool(make_article("Second ferry")), 20)
        wait_until(lambda: indexed("ferry") == 2, 20)
    finally:
        stop.set()
        indexer.join(20)
    assert not indexer.is_alive()


def indexed(text: str) -> int | None:
    """How many articles the index finds. The threads of a test share one database in memory, where a table that one of
    them writes is locked for the others: then, as without an index, None."""
    page = find(Question(text))
    return None if page.degraded else page.total


def keep_up_and_close(stop: threading.Event) -> None:
    search.keep_up(stop)
    connections.close_all()


def unlocked(holds) -> bool:
    try:
        return holds()
    except OperationalError:
        return False


def wait_until(holds, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not unlocked(holds):
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def test_the_indexer_lives_through_whatever_happens(ferry, monkeypatch):
    troubles = [OSError(28, "No space left on device"), ValueError("odd"), RuntimeError("broken"), None]

    class Stop:
        def is_set(self) -> bool:
            return not troubles

        def wait(self, timeout: float) -> None:
            assert timeout <= indexing.TROUBLE[1]

    def turn(self) -> None:
        if trouble := troubles.pop(0):
            raise trouble

    monkeypatch.setattr(indexing.Keeper, "turn", turn)
    search.keep_up(Stop())
    assert troubles == []


# Commands


def test_reindex_says_how_many_and_run_indexer_once_how_many_more(ferry):
    said = StringIO()
    call_command("reindex", stdout=said, verbosity=0)
    make_article("Second ferry")
    call_command("run_indexer", once=True, stdout=said)
    call_command("run_indexer", once=True, stdout=said)
    assert said.getvalue().splitlines() == [
        "1 articles are indexed.",
        "1 articles were indexed or taken out.",
        "0 articles were indexed or taken out.",
    ]
    assert total("ferry") == 2


def test_run_indexer_once_makes_an_index_where_there_is_none(index_path, db):
    make_article("Ferry")
    call_command("run_indexer", once=True, stdout=StringIO())
    assert total("ferry") == 1


def test_reindex_while_another_process_writes_says_so(ferry, index_path, monkeypatch):
    monkeypatch.setattr(backend().store.commits, "timeout", 0.1)
    with files.locked(index_path, 1), pytest.raises(CommandError, match="Another process"):
        call_command("reindex", verbosity=0)


# Processes


def manage(data: Path, *arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "NEWSARCHIVE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "newsarchive.settings"}
    # These tests look into the database's file.
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen) -> str:
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    return said


def run(data: Path, script: str) -> str:
    return finish(manage(data, "shell", "-v0", "-c", script))


FILL = """
from itertools import count
from tests import makers
from tests.makers import make_article
makers._number = count({first} + 1)
for number in range({first}, {last}):
    make_article(f"Ferry number{{number}}", text="The ferry crossed the water. " * 40, tags=("sea",))
"""
COMPARE = """
import json
from articles import search
from articles.models import Article, IndexBacklog
from articles.search import Question, find
pages = [find(Question(f'"{article.title}"')) for article in Article.objects.all()]
print(json.dumps({
    "articles": Article.objects.count(),
    "documents": search.state().documents,
    "backlog": IndexBacklog.objects.count(),
    "once": all(page.total == 1 and not page.degraded for page in pages),
    "ferries": find(Question("ferry")).total,
}))
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("archive")
    finish(manage(data, "migrate", "-v0"))
    return data


def edit(data: Path, *statements: tuple[str, tuple]) -> None:
    """Change the database behind the archive's back."""
    with contextlib.closing(sqlite3.connect(data / "archive.sqlite3", timeout=20)) as database, database:
        for statement, values in statements:
            database.execute(statement, values)


def assert_index_and_database_agree(data: Path) -> None:
    found = json.loads(run(data, COMPARE))
    assert found["once"]
    assert found["articles"] == found["documents"] == found["ferries"]
    assert found["backlog"] == 0


def test_kill_9_at_any_moment_of_indexing_loses_and_doubles_nothing(archive):
    chance = random.Random(5)
    run(archive, FILL.format(first=0, last=150))
    for number in range(3):
        indexer = manage(archive, "run_indexer")
        index = archive / "index"
        # It is killed at work: from the first file that it writes, at any moment of the second after.
        before = {path.name for path in index.rglob("*")} if index.exists() else set()
        wait_until(lambda: index.exists() and {path.name for path in index.rglob("*")} - before, 60)  # noqa: B023
        time.sleep(chance.random())
        indexer.send_signal(signal.SIGKILL)
        indexer.communicate()
        gone = chance.randrange(150)
        edit(
            archive,
            ("UPDATE articles_article SET title = title || ? WHERE id > ?", (f" round{number}", chance.randrange(140))),
            ("DELETE FROM articles_articletag WHERE article_id = ?", (gone,)),
            ("DELETE FROM articles_article WHERE id = ?", (gone,)),
        )
    finish(manage(archive, "run_indexer", "--once"))
    assert_index_and_database_agree(archive)


def test_two_processes_that_drain_at_once_lose_and_double_nothing(archive):
    finish(manage(archive, "run_indexer", "--once"))
    run(archive, FILL.format(first=1000, last=1040))
    for process in [manage(archive, "run_indexer", "--once") for _ in range(2)]:
        finish(process)
    assert_index_and_database_agree(archive)


def test_run_indexer_ends_cleanly_on_a_signal(archive):
    finish(manage(archive, "run_indexer", "--once"))
    run(archive, FILL.format(first=2000, last=2003))
    before = (archive / "index" / "CURRENT").read_bytes()
    indexer = manage(archive, "run_indexer")
    wait_until(lambda: (archive / "index" / "CURRENT").read_bytes() != before, 60)
    indexer.send_signal(signal.SIGTERM)
    finish(indexer)
    assert_index_and_database_agree(archive)
