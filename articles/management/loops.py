"""Loops that run side by side for as long as the process lives."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from articles.heartbeat import beat

Loop = Callable[[Event], None]


def run_side_by_side(loops: tuple[Loop, ...], stop: Event, may_go_on: Callable[[], bool] = lambda: True) -> bool:
    """Run each loop in a thread until asked to stop, or until it may not go on; whether none of them broke off."""
    threads = [Thread(target=loop, args=(stop,), name=loop.__module__) for loop in loops]
    for thread in threads:
        thread.start()
    while not stop.wait(1) and may_go_on() and all(thread.is_alive() for thread in threads):
        for loop in loops:
            beat(loop.__module__.rpartition(".")[2])
    whole = all(thread.is_alive() for thread in threads) or stop.is_set()
    stop.set()
    for thread in threads:
        thread.join()
    return whole
