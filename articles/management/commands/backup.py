"""Copy the whole archive to another folder, while it runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import backups
from articles.models import Original


class Command(BaseCommand):
    help = "Copy database, originals and secret to FOLDER; start with NEWSARCHIVE_DATA=FOLDER to live in the copy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder, or one with an earlier copy")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if folder.resolve() == settings.DATA:
            raise CommandError(f"{folder} is the archive itself: name another folder.")
        try:
            with tqdm(total=Original.objects.count(), unit="file", delay=1, disable=None) as bar:
                done = backups.write(folder, bar.update)
        except backups.Unfinished as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"{error.filename}: {error.strerror}. The copy is not finished; run it again."
            ) from error
        if done.articles is None:
            self.stdout.write("The database is not in a file: copy it with its own tool, such as pg_dump.")
        else:
            self.stdout.write(f"{done.articles:,} articles copied.")
        self.stdout.write(f"{done.originals:,} originals copied, every checksum right.")
