"""Take name rings in from a text file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.search.names import ring_file
from articles.search.names.ring_file import Result


class Command(BaseCommand):
    help = "Add the name rings of a text file: one a line, names with commas between. Says what became of each line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="a text file, or - for standard input")
        parser.add_argument(
            "--replace", action="store_true", help="keep no other rings; where a line is refused, change nothing"
        )

    def handle(self, *, path: Path, replace: bool, **options: Any) -> None:
        taken = ring_file.take_in(read(path), replace)
        for outcome in taken.outcomes:
            self.stdout.write(str(outcome))
        self.stdout.write(str(taken))
        if not taken.stands or any(outcome.result == Result.REFUSED for outcome in taken.outcomes):
            sys.exit(1)


def read(path: Path) -> str:
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return ring_file.decoded(content)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}. Nothing was changed.") from error
    except ring_file.NoText as error:
        raise CommandError(f"{path}: {error}") from error
