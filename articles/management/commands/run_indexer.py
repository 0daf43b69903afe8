"""The indexer by itself, for an archive whose server does not run it (NEWSARCHIVE_BACKGROUND=no)."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles import search
from articles.management.loops import run_side_by_side


class Command(BaseCommand):
    help = "Keep the search index up to date until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="index what awaits it, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{self._once()} articles were indexed or taken out.")
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run_side_by_side((search.keep_up,), stop)

    def _once(self) -> int:
        with search.in_a_sentence():
            if search.state().status != "fresh":
                return search.rebuild()
            count = sum(iter(search.drain, 0))
            search.tidy()
            return count
