"""The same page out of stock parts, over the articles of the archive that lies beside it (benchmarks/stock)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.stock.settings"
django.setup()

from haystack import __version__ as haystack_version  # noqa: E402
from haystack import connections  # noqa: E402

from articles.models import Article  # noqa: E402

from .door import Document, Engine, Question, Result  # noqa: E402
from .serving import FIRST, Site, address, said  # noqa: E402

TYPED = {
    "common": "{0}",
    "rare": "{0}",
    "AND": "{0} {1}",
    "OR": "{0} OR {1} OR {2}",
    "phrase": '"{all}"',
    "prefix": "{0}*",
    "fuzzy": "{0}~1",
    "page 50": "{0}",
}
TOTAL = re.compile(r'<p class="total">(\d+) article')
KEY = re.compile(r'<h2><a href="/article/(\d+)/')
# In its favour: a writer that may hold so much lays the whole index down in one piece.
WRITER_MB = 1024
TOLD_EVERY = 2000


class StockPage(Engine):
    lacks = {"near": "knows words at a distance in one order only"}
    differs = {
        **dict.fromkeys(TYPED, "leaves stop words out and has an older stemmer"),
        **dict.fromkeys(("prefix", "fuzzy"), "looks among stems, not among words as they are written"),
    }

    @property
    def version(self) -> str:
        return f"Haystack {haystack_version}"

    def build(self, documents: Iterable[Document]) -> None:
        """Of the articles in the archive's database. Haystack's own way would look for each article first, to replace
        it."""
        backend = connections["default"].get_backend()
        backend.setup()
        index = connections["default"].get_unified_index().get_index(Article)
        writer = backend.index.writer(limitmb=WRITER_MB)
        for number, article in enumerate(index.index_queryset().iterator(chunk_size=500), start=1):
            prepared = index.full_prepare(article)
            writer.add_document(**{name: backend._from_python(value) for name, value in prepared.items()})
            if number % TOLD_EVERY == 0:
                sys.stderr.write(f"{number:,} articles given to Whoosh\n")
        sys.stderr.write("Whoosh writes its index\n")
        writer.commit()

    def index_bytes(self) -> int:
        return sum(path.stat().st_size for path in (self.folder / "index").rglob("*") if path.is_file())

    def open(self) -> None:
        self.site = Site()
        self.site.page(FIRST)

    def search(self, question: Question) -> str:
        return self.site.page(address(question, TYPED))

    def read(self, answer: str) -> Result:
        return said(answer, TOTAL, KEY)
