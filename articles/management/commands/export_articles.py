"""Write articles out in the shape that import_articles reads."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import exports
from articles.models import Article, Source, name_key
from articles.records import Status


class Command(BaseCommand):
    help = "Write every article as JSONL, one a line, to standard output or a file; import_articles reads it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, help="the file to write; standard output where it is not given")
        parser.add_argument("--source", default="", help="only the articles of this paper or site")
        parser.add_argument("--status", choices=list(Status), help="only articles of this status")

    def handle(self, *, output: Path | None, source: str, status: str | None, **options: Any) -> None:
        articles = Article.objects.all()
        if source:
            paper = Source.objects.filter(key=name_key(source)).first()
            if paper is None:
                raise CommandError(f"There is no source {source!r}; the pages of the archive list them.")
            articles = articles.filter(source=paper)
        if status:
            articles = articles.filter(status=status)
        count = 0
        with output.open("w", encoding="utf-8") if output else nullcontext(sys.stdout) as file:
            for line in tqdm(exports.jsonl(articles), unit="article", delay=1, disable=None):
                file.write(line)
                count += 1
        self.stderr.write(f"{count:,} articles written")
