"""What happens before the first visitor: the database and the static files made ready, a new archive filled."""

from __future__ import annotations

import hashlib
import io
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from articles.models import Article, ImportJob

DEMO = settings.BASE_DIR / "articles" / "demo"
# For passwords: without the letters and digits that are easily mistaken for each other.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

# Shows a text as it is, at once.
Say = Callable[[str], None]


def prepare(say: Say) -> None:
    prepare_database(say)
    if static_files_changed():
        with timed(say, "Collecting static files"):
            collect_static_files()
    if is_new():
        with timed(say, "Filling the archive with demo articles"):
            fill_with_demo()
        with timed(say, "Building the index"):
            call_command("reindex", verbosity=0, stdout=io.StringIO())


def prepare_database(say: Say) -> None:
    """Besides migrations, what follows them: a kill may have come in between, and then nothing waits any more."""
    if migrations_wait():
        with timed(say, "Preparing the database"):
            call_command("migrate", interactive=False, verbosity=0)
    else:
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


@contextmanager
def timed(say: Say, title: str) -> Iterator[None]:
    say(f"{title} ... ")
    began = time.monotonic()
    try:
        yield
    finally:
        say(f"{time.monotonic() - began:.1f} s\n")


def migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


# Static files


def collected() -> Path:
    """Holds the fingerprint of what was collected; collecting clears it away first."""
    return settings.STATIC_ROOT / "collected"


def static_files_changed() -> bool:
    return not collected().exists() or collected().read_text() != static_fingerprint()


def static_fingerprint() -> str:
    found = [
        (path, storage.size(path), storage.get_modified_time(path))
        for finder in get_finders()
        for path, storage in finder.list([])
    ]
    return hashlib.sha256(repr((django.VERSION, settings.STORAGES, sorted(found))).encode()).hexdigest()


def collect_static_files() -> None:
    fingerprint = static_fingerprint()
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    collected().write_text(fingerprint)


# The first start


def is_new() -> bool:
    """Whether this archive has never held anything."""
    return not any(model.objects.exists() for model in (get_user_model(), Article, ImportJob))


def fill_with_demo() -> None:
    """All of the demo or, after a kill, nothing of it."""
    said = io.StringIO()
    try:
        with transaction.atomic():
            call_command("import_articles", str(DEMO), stdout=said)
    except SystemExit as ended:
        raise CommandError(f"The demo articles cannot be read:\n{said.getvalue()}") from ended


def add_first_admin(say: Say, address: str) -> None:
    """Somebody must be able to log in. Does nothing where there is any account."""
    accounts = get_user_model().objects
    with transaction.atomic():
        if accounts.exists():
            return
        password = new_password()
        accounts.create_superuser("admin", password=password)
        # Shown before it is kept: an account whose password nobody saw would lock everybody out.
        say(boxed([f"Log in at {address}", "Name:     admin", f"Password: {password}", "It is not shown again."]))


def new_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def boxed(lines: list[str]) -> str:
    width = max(map(len, lines))
    rule = f"+-{'-' * width}-+"
    return "\n".join(["", rule, *(f"| {line:<{width}} |" for line in lines), rule, ""])
