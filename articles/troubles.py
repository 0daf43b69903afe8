"""What stands in the way of work and passes: a full disk, a database that is held or away. Work waits, and goes on."""

from __future__ import annotations

import errno
import sqlite3

from django.db import InterfaceError, OperationalError

FULL = "The disk is full. Free some space; it goes on by itself then."
HELD = "The database is held by another program. It goes on by itself when that one is done."
AWAY = "The database cannot be reached, or its disk fails. It goes on by itself when it can be used again."

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: HELD,
    sqlite3.SQLITE_LOCKED: HELD,
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_READONLY: AWAY,
}
# By the beginning of the SQLSTATE, the longest first; a connection that broke off has none.
_OF_POSTGRESQL = {"53100": FULL, "55P03": HELD, "40": HELD, "08": AWAY, "53": AWAY, "57": AWAY}


def passing(error: BaseException) -> str:
    """What to say of an error that is the machine's and not the work's; "" of any other."""
    if isinstance(error, OperationalError | InterfaceError):
        return _of_database(error.__cause__)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    return ""


def _of_database(cause: BaseException | None) -> str:
    if isinstance(cause, sqlite3.Error):
        return _OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, "")
    if state := getattr(cause, "sqlstate", None):
        return next((words for begin, words in _OF_POSTGRESQL.items() if state.startswith(begin)), "")
    return AWAY if hasattr(cause, "sqlstate") else ""
