"""Every page that readers have, as they get it, over an archive whose articles have sources, authors and tags."""

from __future__ import annotations

import gzip
import random
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import accumulate
from typing import Any, cast

from .haystack import record

# The module before sets Django up.
from django.core.cache import cache  # isort: skip
from django.db import connection  # isort: skip
from django.db.models.functions import Length  # isort: skip
from django.test.utils import CaptureQueriesContext  # isort: skip
from articles.models import Article, Author, Section, Source, Tag  # isort: skip
from articles.records import ArticleRecord  # isort: skip

from .. import names
from .archive_page import ArchivePage, seconds
from .door import Document

ROUNDS = 15
MOST_TAGS = 6
# The level at which Django packs a page.
PACKING = 6


class Pool:
    """Names of which the one of rank r is drawn in proportion to 1 / r."""

    def __init__(self, kind: str, count: int) -> None:
        self.names = [f"{names.name(rank).title()} {kind}" for rank in range(1, count + 1)]
        self.weights = list(accumulate(1 / rank for rank in range(1, count + 1)))

    def drawn(self, chance: random.Random, count: int = 1) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chance.choices(self.names, cum_weights=self.weights, k=count)))


SOURCES, AUTHORS, TAGS = Pool("Gazette", 12), Pool("Writer", 1500), Pool("matters", 3000)


def filed(document: Document) -> ArticleRecord:
    """The article with a source, an author and one to six tags."""
    chance = random.Random(document.key)
    (source,) = SOURCES.drawn(chance)
    tags = TAGS.drawn(chance, chance.randint(1, MOST_TAGS))
    return replace(record(document), source=source, authors=AUTHORS.drawn(chance), tags=tags)


class ArchiveTour(ArchivePage):
    def record(self, document: Document) -> ArticleRecord:
        return filed(document)

    def tour(self) -> dict[str, dict[str, float]]:
        """Of each page: milliseconds when nothing is remembered, when it was asked for before, when what the reader
        kept is still right; questions to the database of the first and the last; bytes, plain and packed.
        """
        return {name: self.visit(address) for name, address in addresses().items()}

    def visit(self, address: str) -> dict[str, float]:
        page = partial(self.site.page, address)
        text, again = page(), partial(self.site.unchanged, address, self.site.etag(address))
        packed = gzip.compress(text.encode(), PACKING)
        return {
            "new": middle(page, before=cache.clear),
            "known": middle(page),
            "kept": middle(again),
            "queries": queries(page, before=cache.clear),
            "kept_queries": queries(again),
            "bytes": len(text.encode()),
            "packed": len(packed),
        }


def nothing() -> None:
    """What comes before a page of which the server knows already."""


def middle(act: Callable[[], Any], before: Callable[[], None] = nothing) -> float:
    """Milliseconds of processor time, the median."""
    times = []
    for _ in range(ROUNDS):
        before()
        times.append(seconds(act))
    return 1000 * statistics.median(times)


def queries(act: Callable[[], Any], before: Callable[[], None] = nothing) -> int:
    before()
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def addresses() -> dict[str, str]:
    """A page of each kind; of names the largest."""
    article = typical()
    source, section, author, *tags = (largest(kind) for kind in (Source, Section, Author, Tag))
    tag = tags[0]
    day = cast(datetime, article.earliest)
    other = beside(tag)
    return {
        "home": "/",
        "article": article.get_absolute_url(),
        "article in a list of results": f"{article.get_absolute_url()}?q={article.title.split()[0]}&at=1",
        "citations": f"/article/{article.pk}/cite/",
        "why it is found": f"/search/why/{article.pk}/?q={article.title.split()[0]}",
        "source": source.get_absolute_url(),
        "section": section.get_absolute_url(),
        "author": author.get_absolute_url(),
        "tag": tag.get_absolute_url(),
        "two tags": f"/tag/{tag.slug}+{other.slug}/",
        "sources": "/sources/",
        "tags": "/tags/",
        "tags by count": "/tags/by-count/",
        "all articles": "/articles/",
        "year": f"/{day:%Y}/",
        "month": f"/{day:%Y/%m}/",
        "day": f"/{day:%Y/%m/%d}/",
        "this day in all years": f"/on/{day:%m-%d}/",
        "new": "/new/",
        "coverage": "/coverage/",
        "coverage of a source": f"/coverage/{source.slug}/",
        "search": f"/search/?q={article.title.split()[0]}",
        "search help": "/search/help/",
        "feed of a tag": f"/tag/{tag.slug}.atom?newest=50",
        "sitemap, a part": "/sitemap-articles-1.xml",
    }


def typical() -> Article:
    """An article in the middle by the length of its text, dated to the day."""
    dated = Article.objects.published().filter(precision="day")
    return dated.order_by(Length("body_text"), "pk")[dated.count() // 2]


def largest(kind: Any) -> Any:
    return kind.objects.order_by("-published_count")[0]


def beside(tag: Tag) -> Tag:
    """The tag that an article with this one has, too."""
    articles = Article.objects.filter(tags=tag).values_list("pk", flat=True)[:500]
    return Tag.objects.filter(articles__in=list(articles)).exclude(pk=tag.pk).order_by("-published_count")[0]
