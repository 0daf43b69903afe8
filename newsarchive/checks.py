"""What must be true of the machine before the archive runs on it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connection

NEEDED_PYTHON = (3, 11)
# It gives back the keys of rows that it inserts, and looks through a part of a query once where it is told to.
NEEDED_SQLITE = (3, 35, 0)
# Below this much free space SQLite and the index could stop in the middle of a piece of work.
NEEDED_BYTES = 50 * settings.MB


def python_version(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if sys.version_info >= NEEDED_PYTHON:
        return []
    return [Error("The archive needs Python 3.11 or newer.", id="newsarchive.E001")]


def sqlite_version(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if connection.vendor != "sqlite" or sqlite3.sqlite_version_info >= NEEDED_SQLITE:
        return []
    text = f"The archive needs SQLite 3.35 or newer, and this Python comes with {sqlite3.sqlite_version}."
    hint = "Use a newer Python or system, or name a PostgreSQL database with DATABASE_URL."
    return [Error(text, hint=hint, id="newsarchive.E003")]


def data_folder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    problem = data_folder_problem(settings.DATA)
    found: list[CheckMessage] = [Error(problem, id="newsarchive.E002")] if problem else []
    if settings.DATA.is_dir() and others_may_enter(settings.DATA):
        text = f"Others on this machine may enter the data folder {settings.DATA}."
        found.append(Warning(text, hint=f"chmod 700 {settings.DATA}", id="newsarchive.W001"))
    return found


def data_folder_problem(folder: Path) -> str:
    """One sentence that says what is wrong and what to do; empty when nothing is."""
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return (
            f"The data folder {folder} cannot be written to: give yourself the right to write there, "
            "or name another folder with NEWSARCHIVE_DATA."
        )
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        return (
            f"The disk of the data folder {folder} is full ({free // settings.MB} MB left): free at least "
            f"{NEEDED_BYTES // settings.MB} MB, or name another folder with NEWSARCHIVE_DATA."
        )
    return ""


def others_may_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
