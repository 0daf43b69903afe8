"""The work behind the pages: imports, their undoing and indexing, in one process beside the server."""

from __future__ import annotations

import os
import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from articles import jobs, search, undoing
from articles.management.loops import run_side_by_side


class Command(BaseCommand):
    help = "Run imports and keep the index up to date until SIGTERM; `serve` starts it beside the server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, default=os.getppid(), help="end when this is no longer the parent")

    def handle(self, *, parent: int, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # A parent that is gone cannot send a signal any more.
        loops = (jobs.keep_up, undoing.keep_up, search.keep_up)
        run_side_by_side(loops, stop, lambda: os.getppid() == parent)
