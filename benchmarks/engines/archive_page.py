"""The search page of this archive, as its readers get it."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from .haystack import Stored

# The module before sets Django up.
from django.core.management import call_command  # isort: skip
from articles import search  # isort: skip
from articles.models import Section  # isort: skip

from .. import parts
from .door import Question, Result
from .serving import FIRST, NoPage, Site, address, said

# How each kind is typed into the box.
TYPED = {
    "common": "{0}",
    "rare": "{0}",
    "AND": "{0} {1}",
    "OR": "{0} OR {1} OR {2}",
    "phrase": '"{all}"',
    "near": "{0} near/{slop} {1}",
    "prefix": "{0}*",
    "fuzzy": "{0}~1",
    "page 50": "{0}",
}
TOTAL = re.compile(r'<div class="facts">\s*<p>([\d,]+) article')
KEY = re.compile(r'<h2><a href="/article/(\d+)/')
NOTES = re.compile(r'<div class="notes" role="status">(.*?)</div>', re.DOTALL)
ROUNDS = 15


class ArchivePage(Stored):
    def open(self) -> None:
        """Of an archive that was kept, the database may be older than the code, and the index too."""
        call_command("migrate", verbosity=0)
        if search.state().status != "fresh":
            search.rebuild()
        self.site = Site()
        self.site.page(FIRST)

    def search(self, question: Question) -> str:
        return self.site.page(address(question, TYPED))

    def read(self, answer: str) -> Result:
        """A note on the page says that something was not done as it was asked."""
        if notes := NOTES.search(answer):
            raise NoPage(f"A page has a note: {notes[1]}")
        return said(answer, TOTAL, KEY)

    def shared_out(self, questions: list[dict[str, Any]]) -> dict[str, Any]:
        """Where the time of a page goes, kind by kind."""
        asked: dict[str, list[str]] = {}
        for question in questions:
            asked.setdefault(question["kind"], []).append(address(Question(**question), TYPED))
        return {kind: parts.shared_out(self.site.page, addresses) for kind, addresses in asked.items()}

    def lists(self) -> dict[str, Any]:
        """Milliseconds of the first page of a list and of its last: they are to cost the same."""
        largest = Section.objects.by_size()[0].get_absolute_url()
        lists = {"all articles": "/articles/", "largest section": largest}
        return {
            name: {"first": self.middle(path), "last": self.middle(f"{path}?page=last")} for name, path in lists.items()
        }

    def middle(self, path: str) -> float:
        """After a first time."""
        self.site.page(path)
        return 1000 * statistics.median(seconds(partial(self.site.page, path)) for _ in range(ROUNDS))


def seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started
