"""The edge of the search room: an engine may raise anything, and nothing of it goes further than this."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .engine.errors import IndexBusy, IndexMissing, IndexOutdated, NoRoom, QueryRefused

log = logging.getLogger(__name__)

# What happens in the life of an index and needs no traceback.
EXPECTED = (IndexBusy, IndexMissing, IndexOutdated, NoRoom, QueryRefused)


@dataclass
class Attempt:
    error: Exception | None = None


@contextmanager
def attempt(doing: str) -> Iterator[Attempt]:
    """Try; what goes wrong is logged and left in `.error`."""
    tried = Attempt()
    try:
        yield tried
    except Exception as error:
        tried.error = error
        log.error("While %s: %s", doing, error, exc_info=None if isinstance(error, EXPECTED) else error)
