"""The edge of the search room: an engine may raise anything, and nothing of it goes further than this."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management.base import CommandError
from haystack import connections

from .engine.errors import EngineError, IndexBroken, IndexBusy, IndexMissing, IndexOutdated, NoRoom, QueryRefused

log = logging.getLogger(__name__)

# What happens in the life of an index and needs no traceback.
EXPECTED = (IndexBusy, IndexMissing, IndexOutdated, NoRoom)
# What a command can end with: of the engine, or of the disk.
TROUBLE = (EngineError, OSError)
# What to do, where the sentence of the engine does not say it.
REBUILD = " `manage.py reindex` builds it anew."
ADVICE = {IndexMissing: REBUILD, IndexBroken: REBUILD, IndexOutdated: REBUILD, IndexBusy: " Try again when it is done."}
# Seconds after which trouble that stays is logged again.
AGAIN = 60.0

# What went wrong last in doing something, until that succeeds, and when it was logged.
_logged: dict[str, tuple[str, float]] = {}


@dataclass
class Attempt:
    error: Exception | None = None


@contextmanager
def attempt(doing: str) -> Iterator[Attempt]:
    """Try; what goes wrong is left in `.error`, and logged unless it was a moment ago.

    That somebody asked for too much is told to them alone: nothing is wrong with the archive.
    """
    tried = Attempt()
    try:
        yield tried
    except QueryRefused as error:
        tried.error = error
    except Exception as error:
        tried.error = error
        if _is_news(doing, str(error)):
            log.error("While %s: %s", doing, error, exc_info=None if isinstance(error, EXPECTED) else error)
    else:
        _logged.pop(doing, None)


def _is_news(doing: str, message: str) -> bool:
    """While an index is away every search fails in the same way: a line each would bury the log."""
    last, now = _logged.get(doing), time.monotonic()
    if last and last[0] == message and now < last[1] + AGAIN:
        return False
    _logged[doing] = (message, now)
    return True


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """For commands: trouble with the index ends them with a sentence that says what to do."""
    try:
        yield
    except EngineError as error:
        raise CommandError(f"{error}{ADVICE.get(type(error), '')}") from error
    except (ConnectionError, TimeoutError):
        # Not of the disk: a pipe that nobody reads any more, a database that is away.
        raise
    except OSError as error:
        raise CommandError(
            f"The search index in {connections['default'].options['PATH']} cannot be written "
            f"({error.strerror or error}): free some space or give yourself the right to write there. "
            "What is in the index stays there, and what awaits indexing still does."
        ) from error
