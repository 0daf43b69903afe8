"""Prove that what is kept agrees."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles import keeping, search
from articles.models import Article, IndexBacklog, Original

PARTS = ("originals", "rows", "index")
# Of one part so many flaws are told; the rest is counted.
SHOWN = 100


def _many(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError("write how many, such as 500")
    return int(text)


class Command(BaseCommand):
    help = "Check originals, rows and index against each other. Without --originals, --rows or --index all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--originals", action="store_true", help="whether each file is as it came")
        parser.add_argument(
            "--rows", action="store_true", help="whether rows say what was stored, and counts are right"
        )
        parser.add_argument("--index", action="store_true", help="whether each published article is in it once")
        parser.add_argument(
            "--sample", type=_many, default=0, metavar="N", help="only the N originals that were verified longest ago"
        )
        parser.add_argument("--mend", action="store_true", help="put wrong counts right, which are counts of rows")

    def handle(self, *, sample: int, mend: bool, **options: Any) -> None:
        asked = [part for part in PARTS if options[part]] or list(PARTS)
        if mend:
            self.stdout.write(f"Counted anew: {keeping.counted(keeping.mend_books(), 'number')}.")
        flaws = sum(self._tell(getattr(self, f"_{part}")(sample)) for part in asked)
        self._sum_up(asked, sample, flaws)
        if flaws:
            sys.exit(1)

    def _tell(self, flaws: Iterable[keeping.Flaw]) -> int:
        count = 0
        for count, flaw in enumerate(flaws, start=1):
            if count <= SHOWN:
                with tqdm.external_write_mode(file=sys.stdout):
                    self.stdout.write(str(flaw))
        if count > SHOWN:
            self.stdout.write(f"And {count - SHOWN:,} more of this kind.")
        return count

    def _originals(self, sample: int) -> Iterable[keeping.Flaw]:
        total = min(sample or sys.maxsize, Original.objects.count())
        with tqdm(total=total, unit="file", desc="originals", delay=1, disable=None) as bar:
            yield from keeping.check_originals(sample, bar.update)
        yield from keeping.check_folder()

    def _rows(self, sample: int) -> Iterable[keeping.Flaw]:
        with tqdm(total=Article.objects.count(), unit="article", desc="rows", delay=1, disable=None) as bar:
            yield from keeping.check_texts(bar.update)
        yield from chain(keeping.check_links(), keeping.check_books())

    def _index(self, sample: int) -> Iterable[keeping.Flaw]:
        with search.in_a_sentence():
            return keeping.check_index()

    def _sum_up(self, asked: list[str], sample: int, flaws: int) -> None:
        articles, originals = Article.objects.all(), Original.objects.count()
        held = f"{keeping.counted(articles.count(), 'article')}, {keeping.counted(originals, 'original')}"
        read = f" ({sample:,} of them read)" if "originals" in asked and 0 < sample < originals else ""
        looked = "" if len(asked) == len(PARTS) else f" ({' and '.join(asked)} alone were checked)"
        verdict = f"{keeping.counted(flaws, 'problem')}, as told above" if flaws else "all agree"
        if without := articles.filter(original=None).count():
            self.stdout.write(f"Written here, and so without an original: {keeping.counted(without, 'article')}.")
        if waiting := IndexBacklog.objects.count():
            self.stdout.write(f"Waiting for the index: {keeping.counted(waiting, 'article')}.")
        self.stdout.write(f"{held}{read}, {verdict}{looked}")
