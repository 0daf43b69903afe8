"""Write the name rings out as a text file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import NameRing
from articles.search.names import ring_file


class Command(BaseCommand):
    help = "Write every name ring, one a line, to standard output or a file; import_rings reads it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, help="the file to write; standard output where it is not given")

    def handle(self, *, output: Path | None, **options: Any) -> None:
        rings = list(NameRing.objects.all())
        text = ring_file.write(rings)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}. The rings were not written.") from error
        self.stderr.write(f"{len(rings):,} rings written")
