"""What the head of a page says to programs: to Zotero and Google Scholar, to search engines, to who shows a link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.safestring import SafeString, mark_safe

from ..citations import Person, When
from ..citations.facts import when
from ..citations.people import people
from ..citations.styles import bounds, british
from ..models import Article
from .archive import date_machine, language, opening, web

# What may stand in the address of a page because it is another page: everything else is how somebody came there.
KEPT = ("order", "page", "before", "after")
# Script ends at this sign, and some readers take two others for the end of a line.
_SIGNS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def canonical(request: HttpRequest) -> str:
    """The one address of the page that is asked for."""
    kept = [(name, request.GET[name]) for name in KEPT if request.GET.get(name)]
    return site(request) + escape_uri_path(request.path) + (f"?{urlencode(kept)}" if kept else "")


def site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@dataclass(frozen=True)
class Head:
    """`tags` are what a meta element says: whether it is a name or a property, which one, and its content."""

    address: str
    description: str
    tags: tuple[tuple[str, str, str], ...]
    json_ld: SafeString


def metadata(article: Article, request: HttpRequest) -> Head:
    told = _Told(article, site(request))
    named = (("name", *tag) for tag in told.citation())
    shown = (("property", *tag) for tag in told.open_graph())
    tags = tuple(tag for tag in (*named, *shown) if tag[2])
    return Head(told.address, told.opening, tags, json_ld(told.as_news_article()))


def json_ld(told: dict[str, Any]) -> SafeString:
    """JSON that no headline can break out of."""
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(_SIGNS))  # noqa: S308 -- no sign of markup is left


class _Told:
    """What is said of an article in each vocabulary."""

    def __init__(self, article: Article, site: str) -> None:
        self.article, self.site = article, site
        self.address = site + article.get_absolute_url()
        self.date: When = when(article.dating)
        filed = [link.author.name for link in article.author_links.all()]
        self.people: tuple[Person, ...] = people(filed, article.byline, article.language)
        self.opening = opening(article)
        self.source = article.source.name if article.source else ""
        self.sections = [link.section.name for link in article.section_links.all()]
        self.tags = [link.tag.name for link in article.tag_links.all()]

    @property
    def printed_date(self) -> str:
        """As exact as the article prints it; a date that was worked out is not given for one that is known."""
        return "" if self.date.inferred else date_machine(self.article)

    def citation(self) -> Iterator[tuple[str, str]]:
        """Zotero takes these for the fields of a source, DC.type for what kind of source it is."""
        yield "DC.type", "newspaperArticle"
        yield "citation_title", self.article.title
        yield from (("citation_author", _commaless(one)) for one in self.people)
        yield "citation_publication_date", self.printed_date[:10].replace("-", "/")
        yield "citation_date", "" if self.printed_date else self._date_in_words()
        yield "citation_journal_title", self.source
        yield "citation_language", language(self.article)
        yield "citation_public_url", self.address
        yield "citation_abstract", self.article.standfirst
        yield from (("citation_keywords", tag.replace(";", ",")) for tag in self.tags)

    def _date_in_words(self) -> str:
        if self.date.exact:
            return f"{british(self.date.exact)}?"
        return bounds(self.date)

    def open_graph(self) -> Iterator[tuple[str, str]]:
        yield "og:type", "article"
        yield "og:title", self.article.title
        yield "og:description", self.opening
        yield "og:url", self.address
        # Zotero would take the archive for the paper where no paper is known.
        yield "og:site_name", settings.ARCHIVE_NAME if self.source else ""
        yield "og:locale", language(self.article).replace("-", "_")
        yield "article:published_time", self.printed_date
        yield "article:modified_time", _stamp(self.article)
        yield from (("article:section", name) for name in self.sections[:1])
        yield from (("article:tag", name) for name in self.tags)

    def as_news_article(self) -> dict[str, Any]:
        """As schema.org has it, without what is not known."""
        article = self.article
        told = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "alternativeHeadline": article.kicker,
            "description": self.opening,
            "datePublished": self.printed_date,
            "dateModified": _stamp(article),
            "author": [_author(one) for one in self.people],
            "publisher": self._paper("NewsMediaOrganization"),
            "isPartOf": self._paper("Newspaper"),
            "dateline": article.dateline,
            "inLanguage": language(article),
            "articleSection": self.sections,
            "keywords": self.tags,
            "correction": {"@type": "CorrectionComment", "text": article.correction} if article.correction else None,
            "url": self.address,
            "mainEntityOfPage": self.address,
            "archivedAt": self.site + reverse("articles:permalink", args=[article.pk]),
            "isBasedOn": web(article.canonical_url),
            "maintainer": {"@type": "ArchiveOrganization", "name": settings.ARCHIVE_NAME},
            "encoding": {"@type": "MediaObject", "sha256": article.original.sha256} if article.original else None,
        }
        return {name: value for name, value in told.items() if value}

    def _paper(self, kind: str) -> dict[str, str] | None:
        source = self.article.source
        if source is None:
            return None
        paper = {"@type": kind, "name": source.name, "url": self.site + source.get_absolute_url()}
        return paper | ({"sameAs": source.homepage} if web(source.homepage) else {})


def _author(one: Person) -> dict[str, str]:
    if one.literal:
        return {"@type": "Organization" if one.is_group else "Person", "name": one.literal}
    return {"@type": "Person", "name": one.printed, "familyName": one.family, "givenName": one.given}


def _commaless(one: Person) -> str:
    """As "Doe, Jane"; but where there is more than a word on both sides of the comma, Zotero would read two authors."""
    several = " " in one.family and " " in one.given
    if one.literal or several or one.suffix:
        return one.printed.replace(",", " ").replace("  ", " ")
    return f"{one.family}, {one.given}"


def _stamp(article: Article) -> str:
    return f"{article.modified_at:%Y-%m-%dT%H:%M:%SZ}"
