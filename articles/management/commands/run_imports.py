"""Imports in a process of their own, where `serve` does not run them."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from articles import jobs


class Command(BaseCommand):
    help = "Run the import jobs in line, as they come, until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        jobs.keep_up(stop)
