"""Write a backup of the whole archive, while it runs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import backups, keeping
from articles.models import Original


class Command(BaseCommand):
    help = "Write all rows and originals to FOLDER, or bring the backup there up to date. `restore` reads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder, or one with an earlier backup")

    def handle(self, *, folder: Path, **options: Any) -> None:
        folder = folder.resolve()
        if folder == settings.DATA or settings.DATA in folder.parents:
            raise CommandError(f"{folder} is in the archive itself: name a folder elsewhere, best on another disk.")
        try:
            with tqdm(total=Original.objects.count(), unit="file", delay=1, disable=None) as bar:
                done = backups.write(folder, bar.update)
        except backups.Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            words = f"{error.filename or folder}: {error.strerror}. The backup is not finished; run it again."
            raise CommandError(words) from error
        self._sum_up(done)

    def _sum_up(self, done: backups.Backup) -> None:
        articles, held = keeping.counted(done.rows["articles"], "article"), keeping.counted(done.originals, "original")
        self.stdout.write(f"{articles}, {held} ({done.copied:,} new).")
        self.stdout.write(f"Fingerprint of the rows: {done.fingerprint}")
        for problem in done.missing:
            self.stdout.write(f"Not in the backup: {problem}.")
        if done.missing:
            self.stdout.write("All else is. `manage.py verify --originals` says what to do about them.")
            sys.exit(1)
