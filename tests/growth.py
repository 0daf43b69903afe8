"""Whether work grows with its input, told by a ratio of one run: machines are slow or noisy, each in its own way."""

from __future__ import annotations

import time
from collections.abc import Callable

FACTOR = 8
# Eight times the input takes 8 times the time when it grows in proportion, and 64 times when it grows as the square.
MOST = 30
LEAST_SECONDS = 0.002


def assert_in_proportion(act: Callable[[int], object], size: int) -> None:
    """`act` of `size` takes no longer than its proportion of `act` of an eighth of it allows."""
    small = max(_seconds(act, size // FACTOR), LEAST_SECONDS)
    large = _seconds(act, size)
    assert large < MOST * small, f"{FACTOR} times the input took {large / small:.0f} times the time"


def _seconds(act: Callable[[int], object], size: int) -> float:
    """Of processor time, the better of two, so that a moment's disturbance does not count."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        act(size)
        taken.append(time.process_time() - started)
    return min(taken)
