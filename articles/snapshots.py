"""Reading the archive as it was at one moment, while others write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def of_one_moment() -> Iterator[None]:
    """What is read inside is as it was at the first look. Nobody waits for it, and nothing can be written inside.

    Within a transaction it changes nothing: that one has decided already what it sees.
    """
    if connection.in_atomic_block:
        yield
        return
    with _not_locking(connection) if connection.vendor == "sqlite" else _repeatable():
        yield


@contextmanager
def _not_locking(database: Any) -> Iterator[None]:
    """The settings have every transaction of SQLite take the lock of writers at once; this one never writes."""
    # The mode comes with a connection.
    database.ensure_connection()
    mode, database.transaction_mode = database.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        database.transaction_mode = mode


@contextmanager
def _repeatable() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
