"""Imports in a process of their own, where `serve` does not run them."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from articles import jobs


class Command(BaseCommand):
    help = "Run the import jobs in line, as they come, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when no job is in line any more")

    def handle(self, *, once: bool, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run = jobs.catch_up if once else jobs.keep_up
        run(stop)
