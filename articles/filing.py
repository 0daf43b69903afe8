"""Prepared records become rows: an article, what it is filed under, its pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from .cleaning import CLEANER_VERSION, Cleaned, Picture
from .models import (
    Article,
    ArticleAuthor,
    ArticleSection,
    ArticleTag,
    Author,
    Image,
    Section,
    Source,
    Tag,
    civil,
    name_key,
)
from .models.article import PLAIN_FIELDS, URL_LENGTH
from .models.inserting import insert, insert_rows
from .preparing import Prepared
from .records import ImageRecord, Status

LINKS: tuple[tuple[str, Any, Any, str], ...] = (
    ("sections", Section, ArticleSection, "section"),
    ("tags", Tag, ArticleTag, "tag"),
    ("authors", Author, ArticleAuthor, "author"),
)


# A record and the row that it becomes.
Stored = tuple[Prepared, Article]


def _fill(row: Article, prepared: Prepared) -> None:
    record = prepared.record
    for name in PLAIN_FIELDS:
        setattr(row, name, getattr(record, name))
    row.place = record.place
    row.page = [list(run) for run in record.page]
    # Nothing that comes in shows what a takedown hides.
    row.status = Status.WITHHELD if row.is_hidden else record.status
    row.dating = record.date
    row.captured_at = record.captured and civil(record.captured)
    take_cleaned(row, prepared.cleaned)
    row.content_digest, row.record_digest = prepared.content_digest, prepared.record_digest


def take_cleaned(row: Article, cleaned: Cleaned) -> None:
    row.body_html, row.body_text, row.cleaner_version = cleaned.html, cleaned.text, CLEANER_VERSION


def store(fresh: Sequence[Stored]) -> None:
    """Store articles that are not here yet."""
    _give_sources(fresh)
    for prepared, row in fresh:
        _fill(row, prepared)
    insert([row for _, row in fresh])
    _link(fresh)


def _give_sources(stored: Sequence[Stored]) -> None:
    sources = Source.objects.named(prepared.record.source for prepared, _ in stored)
    for prepared, row in stored:
        row.source = sources.get(name_key(prepared.record.source))


def _link(stored: Sequence[Stored]) -> None:
    for field, model, through, column in LINKS:
        rows = model.objects.named(name for prepared, _ in stored for name in getattr(prepared.record, field))
        links = [
            # Status and date are the article's; the database copies them.
            (article.pk, name, position, "", None)
            for prepared, article in stored
            for position, name in enumerate(_filed_under(rows, getattr(prepared.record, field)))
        ]
        insert_rows(through, ("article_id", f"{column}_id", "position", "status", "earliest"), links)
    insert(
        [
            Image(article=article, position=position, **dataclasses.asdict(image))
            for prepared, article in stored
            for position, image in enumerate(pictures(prepared))
        ]
    )


def _filed_under(rows: Mapping[str, Any], names: Iterable[str]) -> list[int]:
    """The numbers of these names, in their order. Two names of a record may lead to one."""
    return list(dict.fromkeys(rows[name_key(name)].pk for name in names))


def pictures(prepared: Prepared) -> list[ImageRecord]:
    """The record's own pictures, then those of the body that are not among them."""
    images = list(prepared.record.images)
    known = {(image.url, image.caption) for image in images} | {("", image.caption) for image in images}
    return images + [_image(picture) for picture in prepared.cleaned.pictures if _key(picture) not in known]


def _key(picture: Picture) -> tuple[str, str]:
    return picture.url[:URL_LENGTH], picture.caption


def _image(picture: Picture) -> ImageRecord:
    url = picture.url if len(picture.url) <= URL_LENGTH else ""
    return ImageRecord(url=url, caption=picture.caption, alt=picture.alt, paragraph=picture.paragraph)


def rewrite(changed: Sequence[Stored]) -> None:
    """Make these stored articles, each of them once, what the records say."""
    now = timezone.now()
    _give_sources(changed)
    for prepared, held in changed:
        _fill(held, prepared)
        held.modified_at = now
        save(held)
    articles = [held for _, held in changed]
    for _, _, through, _ in LINKS:
        through.objects.filter(article__in=articles).delete()
    Image.objects.filter(article__in=articles).delete()
    _link(changed)


def save(article: Article) -> None:
    """Save all of an article but what others decide meanwhile: its story, and how far it is shown.

    See printings.py and ladder.py.
    """
    others = ("id", "story", "access")
    fields = [field.name for field in Article._meta.concrete_fields if field.name not in others]
    article.save(update_fields=None if article.pk is None else fields)
