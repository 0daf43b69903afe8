"""Writing where other processes write too: what was crossed by one of them is done once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection

# A row that it points at is gone by now, or a value is taken; two wait for each other, and the database ends one.
CROSSED = (IntegrityError, OperationalError)
ATTEMPTS = 5

T = TypeVar("T")


def repeated(act: Callable[[], T]) -> T:
    """What `act` gives, which is one transaction. Crossed each time, it raises what the database raised.

    Within a larger transaction it is done once: that one cannot go on.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return act()
        except CROSSED:
            if connection.in_atomic_block:
                raise
    return act()
