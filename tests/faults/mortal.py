"""An archive at work, to be killed or starved: started once, it makes a copy of itself for each life.

Reads orders from its input, one JSON object a line. "begin" names an act and what it is done with, and is answered with
the number of the process that does it; "wait" names such a number, and is answered with how that process ended. What
goes wrong in a life is written into the folder of the notes, and so is what it was promised.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

NOTES = Path(os.environ["NOTES"])
ACTS: dict[str, Callable[..., Any]] = {}


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if order.pop("do") == "wait":
            print(os.waitstatus_to_exitcode(os.waitpid(order["pid"], 0)[1]), flush=True)
        elif (child := os.fork()) == 0:
            os._exit(live(**order))
        else:
            print(child, flush=True)


def live(act: str, after: str = "", **order: Any) -> int:
    """One life. Errors are written down: a life ends by itself or is killed, and complains of nothing."""
    while after and not Path(after).exists():
        time.sleep(0.01)
    os.dup2(os.open(NOTES / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 1)
    os.dup2(1, 2)
    try:
        ACTS[act](**order)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException as error:  # noqa: BLE001 (the edge of a life)
        (NOTES / f"{type(error).__name__}-{act}-{os.getpid()}").write_text(traceback.format_exc())
        return 1
    return 0


def note(**promise: Any) -> None:
    """What was acknowledged, on the disk at once: only this can be asked for afterwards."""
    notes = os.open(NOTES / "promises", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(notes, f"{json.dumps(promise)}\n".encode())
    os.close(notes)


def act(function: Callable[..., Any]) -> Callable[..., Any]:
    ACTS[function.__name__] = function
    return function


# Acts


@act
def prepare() -> None:
    call_command("migrate", verbosity=0)


@act
def work() -> None:
    """What runs beside the server."""
    run_side_by_side(LOOPS, Event())


@act
def settle(seconds: float = 120) -> None:
    """The same until nothing is left to do."""
    stop = Event()
    waiting = Thread(target=stop_when_quiet, args=(stop, time.monotonic() + seconds))
    waiting.start()
    run_side_by_side(LOOPS, stop)
    waiting.join()


def stop_when_quiet(stop: Event, until: float) -> None:
    quiet = 0
    while quiet < 3 and time.monotonic() < until and not stop.is_set():
        quiet = 0 if is_busy() else quiet + 1
        connection.close()
        time.sleep(0.2)
    stop.set()


def is_busy() -> bool:
    jobs_wait = ImportJob.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).exists()
    undoing_waits = ImportJob.objects.filter(undone_at=None).exclude(undo_asked_at=None).exists()
    return jobs_wait or undoing_waits or IndexBacklog.objects.exists() or search.state().status != "fresh"


@act
def upload(life: str, seed: int) -> None:
    """Files are handed in one after the other, and each time it is noted which articles were thereby taken in."""
    dice = random.Random(seed)
    for number in range(1_000_000):
        files, names = [], []
        for letter in "abc"[: dice.randint(1, 3)]:
            some = [f"{life}-{number}{letter}-{place}" for place in range(dice.randint(1, 12))]
            files.append(jobs.Incoming(f"{letter}.jsonl", ["".join(map(line, some)).encode()]))
            names += some
        job = jobs.enqueue(files, label=f"{life}-{number}")
        note(stored=names, job=job.pk)
        time.sleep(dice.uniform(0, 0.05))


def line(name: str) -> str:
    record = {
        "title": f"The ferry {name} crossed",
        "body": f"Nobody fell into the water of the {name}.\n\nThe crew of ship {name} was glad, and said so.",
        "date": f"{1900 + len(name) % 90}-05-30",
        "source": f"Gazette {name[-1]}",
        "tags": ["ferry", f"ship {name[0]}"],
        "canonical_url": address(name),
    }
    return f"{json.dumps(record)}\n"


def address(name: str) -> str:
    return f"https://gazette.example/{name}"


@act
def bring(life: str, seed: int) -> None:
    """The command, which runs its job itself."""
    names = [f"{life}-{place}" for place in range(400)]
    path = NOTES / f"{life}.jsonl"
    path.write_text("".join(map(line, names)))
    call_command("import_articles", str(path), stdout=sys.stdout)
    note(stored=names, job=ImportJob.objects.get(label=path.name).pk)


@act
def edit(seed: int) -> None:
    dice = random.Random(seed)
    for article in some_articles(dice):
        with transaction.atomic():
            edition = article.title.count("again") + 1
            article.title = f"{article.title} again"
            editing.renew(article)
            editing.save(article)
        note(edited=article.pk, times=edition)


@act
def discard(seed: int) -> None:
    for article in some_articles(random.Random(seed)):
        trash.discard([article.pk])
        note(discarded=article.pk)


def some_articles(dice: random.Random) -> Iterator[Article]:
    """One after the other at random, with a rest between them; the row is locked while it is looked at."""
    while True:
        time.sleep(dice.uniform(0.01, 0.1))
        count = Article.objects.published().count()
        if count:
            yield Article.objects.published().order_by("pk")[dice.randrange(count)]


@act
def undo(seed: int) -> None:
    dice = random.Random(seed)
    while True:
        time.sleep(dice.uniform(0.1, 0.5))
        job = ImportJob.objects.filter(state=JobState.DONE, undo_asked_at=None).order_by("-pk").first()
        if job:
            # Noted beforehand: a kill in between leaves open whether it will be.
            note(undone=job.pk)
            undoing.ask(job, None)


@act
def rebuild() -> None:
    while True:
        search.rebuild()


@act
def backup(times: int = 1_000_000) -> None:
    for _ in range(times):
        backups.write(NOTES / "backup")


@act
def check() -> None:
    """Whether all agrees, and all that was promised is there: the complaints, into a file."""
    complaints = [str(flaw) for flaw in flaws()] + list(broken_promises())
    (NOTES / "complaints").write_text(json.dumps(complaints))


@act
def tell(words: str) -> None:
    """How many articles are found by these words, and what all of them say, into a file."""
    page = search.find(search.Question(words))
    held = Article.objects.published().order_by("pk").values_list("canonical_url", "title", "body_text")
    (NOTES / "held").write_text(json.dumps({"degraded": page.degraded, "found": page.total, "held": list(held)}))


def flaws() -> Iterator[Any]:
    with connection.cursor() as cursor:
        for pragma in ("integrity_check", "foreign_key_check"):
            cursor.execute(f"PRAGMA {pragma}")
            yield from (row for row in cursor.fetchall() if row != ("ok",))
    yield from keeping.check_originals()
    yield from keeping.check_texts()
    yield from keeping.check_links()
    yield from keeping.check_books()
    yield from keeping.check_index()
    yield from (f"job {job.pk} is {job.state}: {job.error}" for job in ImportJob.objects.exclude(state=JobState.DONE))


def broken_promises() -> Iterator[str]:
    promises = [json.loads(line) for line in read_promises()]
    undone = {promise["undone"] for promise in promises if "undone" in promise}
    titles = dict(Article.objects.values_list("pk", "title"))
    addresses = list(Article.objects.values_list("canonical_url", flat=True))
    yield from (f"{url} is there twice" for url in {url for url in addresses if addresses.count(url) > 1})
    held = set(addresses)
    for promise in promises:
        if "stored" in promise and promise["job"] not in undone:
            yield from (f"{name} is lost" for name in promise["stored"] if address(name) not in held)
        if "edited" in promise and titles.get(promise["edited"], "again" * 99).count("again") < promise["times"]:
            yield f"{promise} is lost"
    discarded = [promise["discarded"] for promise in promises if "discarded" in promise]
    yield from (f"{found} is out of the trash" for found in Article.objects.published().filter(pk__in=discarded))


def read_promises() -> list[str]:
    promises = NOTES / "promises"
    return promises.read_text().splitlines() if promises.exists() else []


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    django.setup()
    from articles import backups, editing, jobs, keeping, search, trash, undoing
    from articles.management.loops import run_side_by_side
    from articles.models import Article, ImportJob, IndexBacklog, JobState
    from articles.search.engine.keeping import tiers

    LOOPS = (jobs.keep_up, undoing.keep_up, search.keep_up)
    # Something to merge after a few commits, and something to back up in every life.
    tiers.FANOUT = 3
    settings.VERIFY_DAYS = 0
    serve()
