"""What is wrong, and what to do: asked by hand, whether it runs or not. Nothing is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import DatabaseError, connection

from articles import health, keeping, ledger
from articles.models import Original

from .checks import data_folder_problem
from .preparing import migrations_wait
from .serving import CannotServe, refuse_bad_host, refuse_taken_port, running

# So many originals, taken at random, are read whole.
SAMPLE = 100
RESTORE = "Restore a backup into a new data folder: docs/operations.md says how."


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and in words what is, or what to do."""

    title: str
    ok: bool
    words: str


class Ill(Exception):
    """The text says what is wrong and what to do."""


def findings() -> Iterator[Finding]:
    """One after the other; where the database cannot be used, nothing that is read from it."""
    yield _tried("Settings", _settings)
    yield _tried("Data folder", _folder)
    yield _tried("Port", _port)
    database = _tried("Database", _database)
    yield database
    if not database.ok:
        return
    if "articles_article" not in connection.introspection.table_names():
        yield Finding("Articles", True, "There are none yet: the first start makes the archive ready.")
        return
    for title, look in OF_ARCHIVE.items():
        yield _tried(title, look)


def _tried(title: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(title, True, look())
    except (Ill, CannotServe) as problem:
        return Finding(title, False, str(problem))
    except (DatabaseError, OSError) as error:
        return Finding(title, False, f"{str(error).strip()}. The disk or the database server fails: mend it first.")


def _settings() -> str:
    found = [message for message in run_checks() if message.level >= WARNING]
    if found:
        raise Ill(" ".join(f"{message.msg} {message.hint or ''}".strip() for message in found))
    return "They can be used."


def _folder() -> str:
    if problem := data_folder_problem(settings.DATA):
        raise Ill(problem)
    ok, words = health.disk()
    if not ok:
        raise Ill(str(words))
    return f"{settings.DATA} can be written to, and there is room on its disk."


def _port() -> str:
    if site := running(settings.DATA):
        return f"The archive runs at {site}."
    refuse_taken_port(refuse_bad_host(), settings.PORT)
    return f"The archive does not run, and port {settings.PORT} is free: python3 start.py starts it."


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT 1")
            return "It answers."
        cursor.execute("PRAGMA quick_check")
        damage = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
    if damage:
        raise Ill(f"It is damaged ({damage[0]}). {RESTORE}")
    return "It is whole."


# What is asked of an archive that was started before


def _tables() -> str:
    return "The next start brings them up to date." if migrations_wait() else "They are those of this version."


def _books() -> str:
    if not ledger.stands(connection):
        raise Ill("The triggers that keep counts and what is to be indexed are not in place: start the archive again.")
    return "The database keeps its own counts."


def _originals() -> str:
    ok, words = health.folder_of_originals()
    if not ok:
        raise Ill(str(words))
    count = Original.objects.count()
    if flaws := list(keeping.check_originals(SAMPLE)):
        raise Ill(f"{flaws[0]} manage.py verify finds all.")
    return f"{min(count, SAMPLE):,} of {count:,} were read, and are as they came."


def _index() -> str:
    if flaws := keeping.check_index():
        raise Ill(str(flaws[0]))
    return "It is whole, and holds each published article once."


def _work() -> str:
    if not running(settings.DATA):
        return "It begins when the archive is started."
    ok, words = health.work()
    if not ok:
        raise Ill(str(words))
    return str(words)


OF_ARCHIVE: dict[str, Callable[[], str]] = {
    "Tables": _tables,
    "Books": _books,
    "Originals": _originals,
    "Index": _index,
    "Background": _work,
}
