"""A whole archive copied while it runs: database, originals, secret. The index is not: it is built anew."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from . import originals
from .models import Article, Original

DATABASE = "archive.sqlite3"


class Unfinished(Exception):
    """The copy cannot be trusted; the message says why."""


@dataclass(frozen=True)
class Backup:
    """What was copied. `articles` is None where the database is not a file of ours to copy."""

    articles: int | None
    originals: int


def write(folder: Path, progress: Callable[[int], object] = lambda done: None) -> Backup:
    """Copy the archive into `folder`; a folder that holds an earlier copy is brought up to date.

    `progress` is told of every original. Raises `Unfinished`, and `OSError` when the disk does not take it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / settings.ORIGINALS.name).mkdir(mode=0o700, exist_ok=True)
    articles = _copy_database(folder) if connection.vendor == "sqlite" else None
    count = 0
    for original in Original.objects.order_by("pk").iterator():
        _copy_original(original, folder)
        count += 1
        progress(1)
    _copy_secret(folder)
    return Backup(articles, count)


def _copy_database(folder: Path) -> int:
    """One consistent copy, made while others write; swapped in only when it is whole."""
    fresh = folder / f"{DATABASE}.new"
    fresh.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    copy = sqlite3.connect(fresh)
    try:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Unfinished(f"The copy of the database in {fresh} is damaged: check the disk and try again.")
        count = copy.execute(f"SELECT count(*) FROM {Article._meta.db_table}").fetchone()[0]  # noqa: S608
    finally:
        copy.close()
    fresh.chmod(0o600)
    fresh.replace(folder / DATABASE)
    return count


def _copy_original(original: Original, folder: Path) -> None:
    target = folder / original.path.relative_to(settings.DATA)
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.new")
        shutil.copyfile(original.path, partial)
        partial.chmod(0o444)
        partial.replace(target)
    if not originals.has_checksum(target, original.sha256):
        raise Unfinished(f"The file {target} does not have its checksum: remove it and check {original.path}.")


def _copy_secret(folder: Path) -> None:
    """Sessions and password links made under this key stay good in the copy."""
    target = folder / "secret.key"
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(settings.SECRET_KEY)
