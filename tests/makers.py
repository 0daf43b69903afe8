"""A maker per model: a whole row, of which a test names only what it is about."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from typing import Any

from articles import ingest
from articles.models import (
    Article,
    ArticleAuthor,
    ArticleSection,
    ArticleTag,
    Author,
    ImportInput,
    ImportOutcome,
    Section,
    Source,
    Tag,
    civil,
)
from articles.records import ArticleRecord, Dating, Unreadable

_number = itertools.count(1)


def make_source(name: str = "The Harbour Gazette") -> Source:
    return Source.objects.get_or_create(name=name)[0]


def make_article(
    title: str = "",
    *,
    text: str = "Nothing of note.",
    date: str | Dating = "",
    source: str = "",
    sections: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
    **values: Any,
) -> Article:
    """A stored article. `date` is as `Dating.parse` reads it; text has a blank line between paragraphs."""
    number = next(_number)
    dating = date if isinstance(date, Dating) else Dating.parse(date) if date else Dating()
    article = Article.objects.create(
        title=title or f"Article {number}",
        source=make_source(source) if source else None,
        body=text,
        body_text=text,
        body_html="".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n")),
        earliest=dating.earliest and civil(dating.earliest),
        latest=dating.latest and civil(dating.latest),
        precision=dating.precision,
        known=dating.known,
        evidence=list(dating.evidence),
        content_digest=hashlib.sha256(f"{number}".encode()).hexdigest(),
        **values,
    )
    file_under(article, sections=sections, tags=tags, authors=authors)
    return article


def stored(records: Iterable[ArticleRecord | Unreadable], entry: ImportInput, first: int = 1) -> list[ImportOutcome]:
    """The outcomes of these records of a file, numbered from `first`."""
    return ingest.store(list(enumerate(records, start=first)), entry)


def file_under(
    article: Article,
    *,
    sections: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
) -> None:
    for name in sections:
        ArticleSection.objects.get_or_create(article=article, section=Section.objects.get_or_create(name=name)[0])
    for name in tags:
        ArticleTag.objects.get_or_create(article=article, tag=Tag.objects.get_or_create(name=name)[0])
    for name in authors:
        ArticleAuthor.objects.get_or_create(article=article, author=Author.objects.get_or_create(name=name)[0])
