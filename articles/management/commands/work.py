"""The work behind the pages: imports and indexing, in one process beside the server."""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand

from articles import jobs, search


class Command(BaseCommand):
    help = "Run imports and keep the index up to date until SIGTERM; `serve` starts it beside the server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, default=os.getppid(), help="end when this is no longer the parent")

    def handle(self, *, parent: int, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threads = [Thread(target=loop, args=(stop,), name=loop.__module__) for loop in (jobs.keep_up, search.keep_up)]
        for thread in threads:
            thread.start()
        # A parent that is gone cannot send a signal any more.
        while not stop.wait(1) and os.getppid() == parent and all(thread.is_alive() for thread in threads):
            continue
        stop.set()
        for thread in threads:
            thread.join()
