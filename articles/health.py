"""Whether the archive is well, at a glance: what is asked here costs the same however large it is.

`manage.py verify` compares file by file and row by row (keeping/).
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import backups, heartbeat, search
from .locales import thousands
from .models import ImportJob, JobState, Original, Period

# Below so much free space it is told of; the archive does not start with less than a quarter of it.
LEAST_FREE = 200 * settings.MB
WORK = ("jobs", "undoing", "indexing")


@dataclass(frozen=True)
class Part:
    """A part of the archive by its name for programs, whether it is well, and in words what is."""

    name: str
    title: str | Promise
    ok: bool
    words: str | Promise


def parts() -> list[Part]:
    return [_tried(name, title, look) for name, (title, look) in LOOKS.items()]


def _tried(name: str, title: str | Promise, look: Callable[[], tuple[bool, str | Promise]]) -> Part:
    try:
        return Part(name, title, *look())
    except (DatabaseError, OSError) as error:
        return Part(name, title, False, str(error))


def _database() -> tuple[bool, str | Promise]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, _("The database answers.")


def _index() -> tuple[bool, str | Promise]:
    # What is published and indexed between two looks is right by the second.
    first = _compared()
    return first if first[0] else _compared()


def _compared() -> tuple[bool, str | Promise]:
    published = Period.objects.count_of("all")
    found = search.state()
    told = {
        "documents": thousands(found.documents),
        "published": thousands(published),
        "waiting": thousands(found.backlog),
    }
    if found.status != "fresh":
        return False, _("The index is being built anew, or waits for that. Until then the database answers searches.")
    if abs(published - found.documents) > found.backlog:
        words = _("%(documents)s articles are in the index and %(published)s published. Run manage.py reindex.")
        return False, words % told
    return True, _("%(documents)s articles are in the index, %(published)s published; %(waiting)s wait for it.") % told


def folder_of_originals() -> tuple[bool, str | Promise]:
    folder = Path(settings.ORIGINALS)
    # It is made with the first file.
    if not os.access(folder if folder.exists() else folder.parent, os.R_OK | os.W_OK | os.X_OK):
        return False, _("The folder of originals cannot be written to. Give the archive the right to.")
    if Original.objects.filter(intact=False).exists():
        return False, _("Originals were damaged or missing when they were read last. The desk lists them.")
    return True, _("The folder of originals can be written to, and none was damaged when it was read last.")


def disk() -> tuple[bool, str | Promise]:
    if shutil.disk_usage(settings.DATA).free < LEAST_FREE:
        return False, _("The disk of the data folder is nearly full. Free some space.")
    return True, _("There is room on the disk of the data folder.")


def work() -> tuple[bool, str | Promise]:
    if all(map(heartbeat.is_alive, WORK)):
        return True, _("Imports and indexing run in the background.")
    return False, _("Nothing was heard of imports or of indexing for half a minute. Start the archive again.")


LOOKS: dict[str, tuple[str | Promise, Callable[[], tuple[bool, str | Promise]]]] = {
    "database": (_("Database"), _database),
    "index": (_("Index"), _index),
    "originals": (_("Originals"), folder_of_originals),
    "disk": (_("Disk"), disk),
    "work": (_("Background"), work),
}


@dataclass(frozen=True)
class Queue:
    """The import that has waited longest, the last that ended, and how many run."""

    waiting: ImportJob | None
    ended: ImportJob | None
    running: int


def queue() -> Queue:
    jobs = ImportJob.objects.order_by("pk")
    return Queue(
        jobs.filter(state=JobState.QUEUED).first(),
        jobs.filter(state=JobState.DONE).last(),
        jobs.filter(state=JobState.RUNNING).count(),
    )


def sizes() -> list[tuple[str | Promise, int]]:
    """In bytes."""
    return [
        (_("Database"), _database_size()),
        (_("Index"), _folder_size(Path(settings.INDEX))),
        (_("Originals"), Original.objects.aggregate(Sum("size"))["size__sum"] or 0),
        (_("Free on the disk"), shutil.disk_usage(settings.DATA).free),
    ]


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    held = (Path(f"{connection.settings_dict['NAME']}{end}") for end in ("", "-wal"))
    return sum(path.stat().st_size for path in held if path.is_file())


def _folder_size(folder: Path) -> int:
    """Of an index, whose files may go while they are counted."""
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file()) if folder.is_dir() else 0


def versions() -> list[tuple[str, str]]:
    own = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    engine = search.engine_version()
    return [
        ("News Archive", own),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        engine,
        _database_version(),
    ]


def _database_version() -> tuple[str, str]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return "PostgreSQL", str(cursor.fetchone()[0])
    return "SQLite", sqlite3.sqlite_version


def last_backup() -> backups.Noted | None:
    return backups.last()
