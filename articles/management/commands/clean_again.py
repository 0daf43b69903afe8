"""Renew what an older cleaner wrote."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles import editing
from articles.cleaning import CLEANER_VERSION
from articles.models import Article


class Command(BaseCommand):
    help = "Clean again the bodies that an older version of the cleaner has cleaned. It may be stopped and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="all bodies, whichever version cleaned them")

    def handle(self, *, all: bool, **options: Any) -> None:
        articles = Article.objects.all() if all else Article.objects.filter(cleaner_version__lt=CLEANER_VERSION)
        cleaned = changed = 0
        with tqdm(total=articles.count(), unit="article", delay=1, disable=None) as bar:
            for held, different in editing.clean_again(articles):
                cleaned, changed = cleaned + held, changed + different
                bar.update(held)
        self.stdout.write(f"Articles cleaned again: {cleaned:,}. Of them changed: {changed:,}.")
