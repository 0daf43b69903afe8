"""What an editor's change does to an article: cleaned anew, filed anew, and marked so that no import undoes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from . import filing, printings, versions
from .cleaning import clean
from .filing import LINKS, take_cleaned
from .models import Article, ArticleTag, ArticleVersion, Cause, Image, Tag, name_key
from .models.article import ArticleQuerySet
from .preparing import content_digest
from .records import ArticleRecord, Refused, Status

CHUNK = 200
DERIVED = ("body_html", "body_text", "cleaner_version", "content_digest", "modified_at")
COLUMNS = {field: (model, through, column) for field, model, through, column in LINKS}


def renew(article: Article) -> bool:
    """Work out anew what follows from title, source, date and body; whether readers see another text now."""
    before = article.body_html, article.body_text
    cleaned = clean(article.body, article.body_type)
    take_cleaned(article, cleaned)
    source = article.source.name if article.source else ""
    told = ArticleRecord(title=article.title, source=source, date=article.dating)
    article.content_digest = content_digest(told, cleaned.text)
    return before != (article.body_html, article.body_text)


def twin(article: Article) -> Article | None:
    """Another article with the same source, title, date and text."""
    return Article.objects.filter(content_digest=article.content_digest).exclude(pk=article.pk).first()


def keep_received(article: Article, body: str) -> None:
    """Before `body` is edited for the first time: it is kept as what came in."""
    article.received = article.received or body


def save(article: Article) -> None:
    article.modified_at = article.edited_at = timezone.now()
    filing.save(article)
    printings.note([article])


@transaction.atomic
def restore(version: ArticleVersion, *, by: Any = None) -> None:
    """Make an article say again what it said in this version; whether readers see it stays as it is.

    What it says now is kept as a version. Raises `Refused`, with what to do.
    """
    article = Article.objects.select_for_update(of=("self",)).get(pk=version.article_id)
    if article.trashed_at:
        raise Refused("The article is in the trash. Take it out of there; then restore the version.")
    before = versions.told_of([article.pk])
    if not versions.put_back([(article, version)], with_status=False):
        raise Refused("Another article has this text or this address by now. Change that one, or delete it, first.")
    Article.objects.filter(pk=article.pk).update(edited_at=timezone.now())
    versions.keep_changed(before, Cause.RESTORED, by=by)


def place_captions(article: Article, before: Sequence[str]) -> None:
    """After a change of the text: the captions in it keep their paragraphs, which were `before`, wherever they are now.

    A caption whose paragraph is gone stands beside the text.
    """
    now = article.paragraphs
    images = list(article.images.filter(paragraph__gt=0))
    for image in images:
        words = "".join(before[(image.paragraph or 0) - 1 : image.paragraph])
        image.paragraph = now.index(words) + 1 if words in now else None
    Image.objects.bulk_update(images, ["paragraph"])


@transaction.atomic
def file_under(article: Article, field: str, names: Sequence[str]) -> None:
    """File the article under exactly these `sections`, `tags` or `authors`, in this order."""
    model, through, column = COLUMNS[field]
    rows = model.objects.secured(names)
    # Two names may lead to one.
    filed = dict.fromkeys(rows[key] for name in names if (key := name_key(name)))
    through.objects.filter(article=article).delete()
    through.objects.bulk_create(
        through(article=article, position=position, **{column: row}) for position, row in enumerate(filed)
    )


# Many articles at once


@transaction.atomic
def change_status(numbers: Sequence[int], status: Status) -> int:
    """Publish or withhold the articles with these numbers; how many were not so already. None that was taken down."""
    now = timezone.now()
    others = Article.objects.changeable().filter(pk__in=numbers).exclude(status=status)
    return others.update(status=status, modified_at=now, edited_at=now)


@transaction.atomic
def file_too(numbers: Sequence[int], field: str, names: Iterable[str]) -> int:
    """File the articles with these numbers under these `sections`, `tags` or `authors` too, behind what they have.

    How many got one that they had not.
    """
    model, through, column = COLUMNS[field]
    rows = list(dict.fromkeys(model.objects.secured(names).values()))
    links = through.objects.filter(article__in=numbers)
    held = set(links.filter(**{f"{column}__in": rows}).values_list("article_id", f"{column}_id"))
    last = dict(links.values_list("article_id").annotate(Count("id")).order_by())
    missing = [
        through(article_id=number, position=last.get(number, 0) + place, **{column: row})
        for number in Article.objects.filter(pk__in=numbers).values_list("pk", flat=True)
        for place, row in enumerate(rows)
        if (number, row.pk) not in held
    ]
    through.objects.bulk_create(missing)
    return _mark_edited({link.article_id for link in missing})


def add_tags(numbers: Sequence[int], names: Iterable[str]) -> int:
    """File the articles with these numbers under these tags too; how many got one that they had not."""
    return file_too(numbers, "tags", names)


@transaction.atomic
def remove_tags(numbers: Sequence[int], names: Iterable[str]) -> int:
    """Take these tags off the articles with these numbers; how many had one."""
    links = ArticleTag.objects.filter(article__in=numbers, tag__in=Tag.objects.known(names).values())
    touched = set(links.values_list("article_id", flat=True))
    links.delete()
    return _mark_edited(touched)


def _mark_edited(numbers: set[int]) -> int:
    now = timezone.now()
    return Article.objects.filter(pk__in=numbers).update(modified_at=now, edited_at=now)


# A better cleaner


def clean_again(articles: ArticleQuerySet) -> Iterator[tuple[int, int]]:
    """Renew what the cleaner made of these articles, chunk by chunk; of each, how many it held and how many changed."""
    last = 0
    while chunk := _clean_chunk(articles.filter(pk__gt=last)):
        yield len(chunk), sum(chunk.values())
        last = max(chunk)


@transaction.atomic
def _clean_chunk(articles: ArticleQuerySet) -> dict[int, bool]:
    """The articles of one chunk by number, and whether each changed."""
    locked = articles.select_related("source").select_for_update(of=("self",)).order_by("pk")
    chunk = list(locked[:CHUNK])
    changed = {article.pk: _clean_one(article) for article in chunk}
    printings.note(article for article in chunk if changed[article.pk])
    return changed


def _clean_one(article: Article) -> bool:
    digest, paragraphs = article.content_digest, article.paragraphs
    changed = renew(article)
    if digest != article.content_digest and twin(article):
        # Cleaned better, two articles turn out to be copies. Both are kept, and the other one is found by its content.
        article.content_digest = digest
    if changed:
        article.modified_at = timezone.now()
    article.save(update_fields=DERIVED)
    if paragraphs != article.paragraphs:
        place_captions(article, paragraphs)
    return changed
