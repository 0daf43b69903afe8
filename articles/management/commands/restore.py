"""Fill an empty archive from a backup."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import backups, keeping

# What the last line counts, in this order.
COUNTED = {
    "articles": ("article",), "originals": ("original",), "article_versions": ("version",), "images": ("picture",),
    "sources": ("source",), "sections": ("section",), "tags": ("tag",), "authors": ("author",),
    "import_jobs": ("import",), "name_rings": ("name ring",),
    "followed_searches": ("followed search", "followed searches"), "users": ("account",),
}  # fmt: skip


class Command(BaseCommand):
    help = "Fill this archive, which must be empty, from the backup in FOLDER. The backup is checked as a whole first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="what `backup` has written")
        parser.add_argument("--check", action="store_true", help="only check that the backup could be restored")

    def handle(self, *, folder: Path, check: bool, **options: Any) -> None:
        try:
            with tqdm(total=backups.size_of(folder), unit="B", unit_scale=True, delay=1, disable=None) as bar:
                if check:
                    self._checked(backups.check(folder, bar.update))
                    backups.note_checked(folder)
                    return
                call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())
                done = backups.restore(folder, bar.update)
        except backups.Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            words = f"{error.filename}: {error.strerror}. Nothing was restored; run it again."
            raise CommandError(words) from error
        self._restored(done)

    def _checked(self, told: dict[str, Any]) -> None:
        rows = {name: table["rows"] for name, table in told["tables"].items()}
        self.stdout.write(f"The backup is whole: {_counted(rows)}")

    def _restored(self, done: backups.Restored) -> None:
        for sha256 in done.missing:
            self.stdout.write(f"The original {sha256} was missing already when the backup was made.")
        if done.users:
            self.stdout.write(f"Accounts came back without passwords: {', '.join(done.users)}.")
            self.stdout.write(f"`manage.py changepassword {done.users[0]}` sets one.")
        self.stdout.write("The search index is built by the next start.")
        self.stdout.write(f"Fingerprint of the rows: {done.fingerprint}")
        self.stdout.write(f"identical: {_counted(done.rows) or 'an empty archive'}")


def _counted(rows: dict[str, int]) -> str:
    return ", ".join(keeping.counted(rows[name], *words) for name, words in COUNTED.items() if rows[name])
