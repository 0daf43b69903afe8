"""Imports in a process of their own, where `serve` does not run them."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import jobs, undoing
from articles.management.loops import run_side_by_side


class Command(BaseCommand):
    help = "Run the import jobs in line, and undo what is to be undone, as they come, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when no job is in line any more")

    def handle(self, *, once: bool, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if once:
            jobs.catch_up(stop)
            undoing.catch_up(stop)
            return
        if not run_side_by_side((jobs.keep_up, undoing.keep_up), stop):
            raise CommandError("It broke off, as told above. Start it again: it goes on where it was.")
