"""Build the search index anew, beside the one that readers use."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles import search
from articles.models import Period


class Command(BaseCommand):
    help = "Build the search index anew beside the one in use, then let it take its place. Safe while the archive runs."

    def handle(self, *args: Any, **options: Any) -> None:
        total = Period.objects.count_of("all")
        with (
            search.in_a_sentence(),
            tqdm(total=total, unit=" articles", disable=options["verbosity"] == 0) as bar,
        ):
            count = search.rebuild(bar.update)
        self.stdout.write(f"{count} articles are indexed.")
