"""Several at work at once: workers, imports and editors. None loses what another did."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.conf import settings as project
from django.db import OperationalError, connection, transaction
from django.test import Client

from articles import editing, naming
from articles.models import Article, ImportInput, ImportJob, ImportOutcome, JobState, Result, Tag

from .admin.conftest import boss
from .admin.test_article_form import change_of, errors_of, held_in
from .makers import stored
from .undoing_samples import FERRY, LATER, job_of

__all__ = ["boss"]
# Long enough for another thread to come to the row that it must wait for.
WHILE = 0.5
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time.")


# Two transactions at one article


def beside(act: Callable[[], object]) -> Thread:
    """`act` in a thread and a connection of its own; where the database refuses to wait, it is tried again."""

    def keep_trying() -> None:
        try:
            while not _done(act):
                time.sleep(0.02)
        finally:
            connection.close()

    thread = Thread(target=keep_trying)
    thread.start()
    return thread


def _done(act: Callable[[], object]) -> bool:
    try:
        act()
    except OperationalError:
        return False
    return True


def import_later(job: ImportJob) -> None:
    entry = ImportInput.objects.create(job=job, position=job.inputs.count(), name="later.jsonl")
    stored([LATER], entry)


@pytest.mark.django_db(transaction=True)
def test_what_an_editor_saves_while_an_import_meets_the_article_is_not_lost():
    job_of(FERRY)
    job = ImportJob.objects.create(label="Later", state=JobState.DONE)
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get()
        importing = beside(lambda: import_later(job))
        time.sleep(WHILE)
        article.title = "By an editor"
        editing.save(article)
    importing.join()
    assert Article.objects.get().title == "By an editor"
    assert ImportOutcome.objects.get(job=job).result == Result.SKIPPED


@postgresql
@pytest.mark.django_db(transaction=True)
def test_who_saves_a_form_while_an_import_changes_the_article_is_told(boss: Client):
    job_of(FERRY)
    job = ImportJob.objects.create(label="Later", state=JobState.DONE)
    article = Article.objects.get()
    form = {**held_in(boss, change_of(article)), "title": "By an editor"}
    answers = []
    with transaction.atomic():
        import_later(job)
        saving = beside(lambda: answers.append(boss.post(change_of(article), form)))
        time.sleep(WHILE)
    saving.join()
    assert "Somebody else changed this article" in errors_of(answers[0])
    assert Article.objects.get().body == LATER.body


@postgresql
@pytest.mark.django_db(transaction=True)
def test_a_tag_that_is_merged_while_an_editor_files_under_it_leads_to_its_target(boss: Client):
    job_of(dataclasses.replace(FERRY, tags=()))
    article, target = Article.objects.get(), Tag.objects.create(name="Mist")
    Tag.objects.create(name="Haze")
    form = {**held_in(boss, change_of(article)), "tag_names": "Haze"}
    answers = []
    with transaction.atomic():
        from_haze = Tag.objects.select_for_update().get(name="Haze")
        saving = beside(lambda: answers.append(boss.post(change_of(article), form)))
        time.sleep(WHILE)
        naming.merge(target, [from_haze])
    saving.join()
    assert answers[0].status_code == 302
    assert [tag.name for tag in article.tags.all()] == ["Mist"]


# Several processes


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An archive of its own, in a database as that of the tests."""
    environment = {
        **os.environ,
        "NEWSARCHIVE_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
    }
    environment.pop("DATABASE_URL", None)
    if connection.vendor == "postgresql":
        with _database(f"beside_{os.getpid()}") as url:
            yield _migrated({**environment, "DATABASE_URL": url})
    else:
        yield _migrated(environment)


def _migrated(environment: dict[str, str]) -> dict[str, str]:
    manage(environment, "migrate", "-v0")
    return environment


@contextmanager
def _database(name: str) -> Iterator[str]:
    told = connection.settings_dict
    server = f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT'] or 5432}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as maintenance:
        maintenance.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server}/{name}"
        finally:
            maintenance.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(project.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def lines(file: int, count: int) -> str:
    """Records that share sources, tags and days with those of other files, each time in another order."""
    records = (
        {
            "title": f"Article {file}.{n}",
            "body": f"Text {file}.{n}.",
            "source": f"Herald {(n * (file + 3)) % 7}",
            "tags": [f"tag {(n * (file + 2)) % 11}", f"tag {(n + file) % 11}"],
            "date": f"19{10 + n * (file + 1) % 30}-05-30",
        }
        for n in range(count)
    )
    return "".join(f"{json.dumps(record)}\n" for record in records)


JOBS, ARTICLES = 4, 400
ENQUEUE = (
    "from articles import jobs\n"
    "for name in {names!r}: jobs.enqueue([jobs.Incoming(name, [open(name, 'rb').read()])], label=name)"
)
COUNT = (
    "import json; from articles import keeping; from articles.models import *; print(json.dumps({"
    "'articles': Article.objects.count(), 'titles': Article.objects.values('title').distinct().count(),"
    "'states': list(ImportJob.objects.values_list('state', flat=True)),"
    "'created': [job.counts()['created'] for job in ImportJob.objects.order_by('id')],"
    "'bare': Article.objects.filter(tags=None).count(), 'flaws': [str(flaw) for flaw in keeping.check_books()]}))"
)


def test_two_workers_of_which_one_is_killed_store_everything_once(archive: dict[str, str], tmp_path: Path):
    names = [str(tmp_path / f"{file}.jsonl") for file in range(JOBS)]
    for file, name in enumerate(names):
        Path(name).write_text(lines(file, ARTICLES))
    manage(archive, "shell", "-v0", "-c", ENQUEUE.format(names=names))
    command = [sys.executable, str(project.BASE_DIR / "manage.py"), "run_imports", "--once"]
    workers = [subprocess.Popen(command, env=archive, stderr=subprocess.DEVNULL) for _ in range(2)]
    time.sleep(4)
    workers[0].send_signal(signal.SIGKILL)
    for worker in workers:
        worker.wait()
    manage(archive, "run_imports", "--once")
    counted = json.loads(manage(archive, "shell", "-v0", "-c", COUNT))
    assert counted["articles"] == counted["titles"] == JOBS * ARTICLES
    assert set(counted["states"]) == {"done"}
    assert counted["created"] == [ARTICLES] * JOBS
    assert (counted["bare"], counted["flaws"]) == (0, [])
