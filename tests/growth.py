"""Whether work grows with its input, told by a ratio of one run: machines are slow or noisy, each in its own way."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FACTOR = 8
# Eight times the input takes 8 times the time when it grows in proportion, and 64 times when it grows as the square.
MOST = 30
LEAST_SECONDS = 0.002
# What grows as the square does so each time; a disturbance does not come back five times running.
ROUNDS = 5


def assert_in_proportion(act: Callable[[int], object], size: int) -> None:
    """`act` of `size` takes, at least once, no longer than its proportion of `act` of an eighth of it allows."""
    ratios: list[float] = []
    with _no_collection():
        for _ in range(ROUNDS):
            ratios.append(_ratio(act, size))
            if ratios[-1] < MOST:
                return
    seen = ", ".join(f"{ratio:.0f}" for ratio in ratios)
    raise AssertionError(f"{FACTOR} times the input took {seen} times the time")


def _ratio(act: Callable[[int], object], size: int) -> float:
    small = max(_seconds(act, size // FACTOR), LEAST_SECONDS)
    return _seconds(act, size) / small


@contextmanager
def _no_collection() -> Iterator[None]:
    """The collector walks all that the tests before this one left, more often the more `act` makes."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _seconds(act: Callable[[int], object], size: int) -> float:
    """Of processor time, the better of two, so that a moment's disturbance does not count."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        act(size)
        taken.append(time.process_time() - started)
    return min(taken)
