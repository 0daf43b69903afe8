"""Writing where other processes write too: what was crossed by one of them is done once more."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection

# A row that it points at is gone by now, or a value is taken; two wait for each other, and the database ends one.
CROSSED = (IntegrityError, OperationalError)
ATTEMPTS = 5
# Somebody may wait for it: after so many seconds it is done a second time, and no third. SQLite waits for a lock nearly
# as long.
LONGEST = 30

T = TypeVar("T")


def repeated(act: Callable[[], T]) -> T:
    """What `act` gives, which is one transaction. Crossed each time, or for long, it raises what the database raised.

    Within a larger transaction it is done once: that one cannot go on.
    """
    end = time.monotonic() + LONGEST
    for attempt in range(1, ATTEMPTS):
        try:
            return act()
        except CROSSED:
            if connection.in_atomic_block or (attempt > 1 and time.monotonic() > end):
                raise
    return act()
