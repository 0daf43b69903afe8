"""The whole way of an archive: articles in its database, searches by Haystack's SearchQuerySet, on our engine and on
Haystack's own for Whoosh. The worker has set NEWSARCHIVE_DATA to the folder of this engine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from haystack import __version__ as haystack_version  # noqa: E402
from haystack import connections  # noqa: E402
from haystack.inputs import Exact  # noqa: E402
from haystack.query import SQ, SearchQuerySet  # noqa: E402

from articles import ingest, ledger, search  # noqa: E402
from articles.models import Article, ImportInput, ImportJob  # noqa: E402
from articles.records import ArticleRecord, Dating  # noqa: E402

from .door import PAGE, Document, Engine, Question, Result  # noqa: E402

BATCH = 200
KINDS_OF_WORDS = (
    "common",
    "rare",
    "AND",
    "OR",
    "phrase",
    "common phrase",
    "prefix",
    "range",
    "facet",
    "by date",
    "page 50",
)


class Stored(Engine):
    """An archive of the articles: its database, and its index."""

    @property
    def version(self) -> str:
        return f"Haystack {haystack_version}"

    def prepare(self, documents: Iterable[Document]) -> None:
        """The database; an archive has it anyway."""
        call_command("migrate", verbosity=0)
        entry = ImportInput.objects.create(job=ImportJob.objects.create(label="benchmark"), position=0, name="-")
        records = ((document.key, self.record(document)) for document in documents)
        while batch := list(islice(records, BATCH)):
            ingest.store(batch, entry)
        # As an import does at its end.
        ledger.refresh_statistics(connection)

    def record(self, document: Document) -> ArticleRecord:
        return record(document)

    def build(self, documents: Iterable[Document]) -> None:
        search.rebuild()

    def index_bytes(self) -> int:
        parts = (self.folder / part for part in ("index", "stock"))
        return sum(path.stat().st_size for part in parts for path in part.rglob("*") if path.is_file())


class Archive(Stored):
    alias = "default"
    lacks = {
        "near": "has no lookup for words near each other",
        "fields": "cannot be asked for other weights of fields than the index has",
    }
    differs = {
        **dict.fromkeys(KINDS_OF_WORDS, "looks in names too"),
        **dict.fromkeys(("prefix", "fuzzy"), "looks among words as they are written, not among stems"),
    }

    def open(self) -> None:
        keys = Article.objects.order_by("pk").values_list("pk", flat=True)
        # Rows are made in the order of the corpus, whose keys begin with 1.
        self.keys = {str(row): key for key, row in enumerate(keys, start=1)}

    def change(self, old: Document, new: Document) -> None:
        article = Article.objects.order_by("pk")[old.key - 1]
        article.body_text = new.text
        article.save(update_fields=["body_text"])
        self.update(article)

    def update(self, article: Article) -> None:
        search.index([article.pk])

    def search(self, question: Question) -> Result:
        found = narrowed(SearchQuerySet(using=self.alias), question)
        total = found.count()
        keys = [self.keys[str(hit.pk)] for hit in found[question.start : question.start + PAGE]]
        return Result(total, keys, sections(found) if question.facet else None)


class Stock(Archive):
    alias = "stock"
    slow = True
    differs = dict.fromkeys((*KINDS_OF_WORDS, "fuzzy"), "leaves stop words out and has an older stemmer")

    def build(self, documents: Iterable[Document]) -> None:
        index = connections["stock"].get_unified_index().get_index(Article)
        connections["stock"].get_backend().update(index, index.index_queryset())

    def update(self, article: Article) -> None:
        index = connections["stock"].get_unified_index().get_index(Article)
        connections["stock"].get_backend().update(index, [article])


def record(document: Document) -> ArticleRecord:
    return ArticleRecord(
        title=document.title,
        body=document.text,
        sections=(document.section,),
        language="en",
        date=Dating.on(date.fromordinal(document.day)),
    )


def narrowed(found: SearchQuerySet, question: Question) -> SearchQuerySet:
    found = found.filter(condition(question))
    if question.days:
        found = found.filter(earliest__range=tuple(datetime.fromordinal(day) for day in question.days))
    if question.facet:
        found = found.facet("section")
    return found.order_by("-earliest") if question.by_date else found


def condition(question: Question) -> SQ:
    words = question.words
    if question.match == "phrase":
        return SQ(content=Exact(" ".join(words)))
    if question.match in ("prefix", "fuzzy"):
        lookup = {"prefix": "content__startswith", "fuzzy": "content__fuzzy"}[question.match]
        return SQ(**{lookup: words[0]})
    whole = SQ(content=words[0])
    for word in words[1:]:
        whole = whole | SQ(content=word) if question.match == "or" else whole & SQ(content=word)
    return whole


def sections(found: SearchQuerySet) -> dict[str, Any]:
    return dict(found.facet_counts()["fields"]["section"])
