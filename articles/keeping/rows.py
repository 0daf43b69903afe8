"""Whether each row is what was stored, and whether what it names is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Exists, ForeignKey, OuterRef

from ..models import Article
from ..preparing import content_digest
from ..records import ArticleRecord, Dating
from .flaws import Flaw, Progress, listed, unheard

# One text may have ten million characters, so that few are in memory at a time.
TEXTS = 50


def check_links() -> Iterator[Flaw]:
    """Rows that name another one which is not there."""
    for model in apps.get_app_config("articles").get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                yield from _lost(model, field)


def _lost(model: Any, field: ForeignKey) -> Iterator[Flaw]:
    there = Exists(field.related_model._default_manager.filter(pk=OuterRef(field.attname)))
    rows = model._default_manager.filter(~there, **{f"{field.attname}__isnull": False})
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    if numbers:
        name = str(model._meta.verbose_name).capitalize()
        words = f"{name} {listed(numbers)}: the {field.verbose_name} that the row names is not there."
        yield Flaw(words, "Restore a backup in another place, and compare.")


def check_texts(progress: Progress = unheard) -> Iterator[Flaw]:
    """Whether each article still says what it said when it was stored or last saved."""
    columns = ("title", "source__name", "earliest", "body_text", "content_digest")
    rows = Article.objects.select_related("source").only(*columns).order_by("pk")
    last = 0
    while articles := list(rows.filter(pk__gt=last)[:TEXTS]):
        for article in articles:
            if article.content_digest not in _digests(article) and not _is_twin(article):
                yield _changed(article)
        last = articles[-1].pk
        progress(len(articles))


def _digests(article: Article) -> Iterator[str]:
    """The digests that what an article says now may have: it may have been stored under a former name of its source."""
    yield _digest(article, article.source.name if article.source else "")
    if article.source:
        yield from (_digest(article, name) for name in article.source.aliases.values_list("name", flat=True))


def _digest(article: Article, source: str) -> str:
    # Of a date the digest has the earliest bound. The others may be what was changed, to anything.
    date = Dating(earliest=article.earliest and article.earliest.replace(tzinfo=None))
    return content_digest(ArticleRecord(title=article.title, source=source, date=date), article.body_text)


def _is_twin(article: Article) -> bool:
    """Two that turned out to be copies when they were cleaned better are both kept, one with its former digest."""
    return Article.objects.filter(content_digest__in=list(_digests(article))).exists()


def _changed(article: Article) -> Flaw:
    return Flaw(
        f"Article {article.pk} ({article}): its title, source, date or text was changed in the database itself.",
        "Compare it with its original; saving it in the admin makes what it says now count.",
    )
