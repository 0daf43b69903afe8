"""Atom feeds: the newest articles of each list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from . import shelves
from .models import Article, Name, Period
from .paging import Listing
from .records import Precision
from .templatetags.archive import language, opening, period_url, period_words

NEWEST = 50
# XML has no way to write these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Atom(Atom1Feed):
    """Atom whose entries keep their id when a title, and with it the address, changes."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        without_slug = item["link"].rsplit("/", 2)[0]
        super().add_item_elements(handler, item | {"unique_id": get_tag_uri(without_slug, item["created"])})


@dataclass(frozen=True)
class Followed:
    """A list to follow: what it is called, the address of its page, and the articles in it."""

    title: str
    url: str
    listing: Listing


class ListFeed(Feed):
    """The newest articles of one list. Subclasses say which, in `get_object`."""

    feed_type = Atom

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # The newest date stays when an article is withheld; only the ETag shows that it is gone.
        del response.headers["Last-Modified"]
        return response

    def title(self, followed: Followed) -> str:
        name = settings.ARCHIVE_NAME
        return written(f"{name}: {followed.title}" if followed.title else name)

    def link(self, followed: Followed) -> str:
        return followed.url

    def author_name(self, followed: Followed) -> str:
        return settings.ARCHIVE_NAME

    def items(self, followed: Followed) -> list[Article]:
        articles = followed.listing.head(NEWEST)
        prefetch_related_objects(articles, *shelves.filed())
        return articles

    def item_title(self, item: Article) -> str:
        return written(item.title)

    def item_description(self, item: Article) -> str:
        corrected = [_("Correction: %(text)s") % {"text": item.correction}] if item.correction else []
        return "".join(f"<p>{escape(written(text))}</p>" for text in [*corrected, opening(item)])

    def item_author_name(self, item: Article) -> str | None:
        authors = ", ".join(link.author.name for link in item.author_links.all())
        return written(authors or item.byline or (item.source.name if item.source else "")) or None

    def item_pubdate(self, item: Article) -> datetime | None:
        """Only of an article whose day is known: Atom has no way to say "May 1923"."""
        exact = item.precision in (Precision.DAY, Precision.MINUTE) and item.latest
        return item.earliest if exact else None

    def item_updateddate(self, item: Article) -> datetime:
        return item.modified_at

    def item_categories(self, item: Article) -> Iterable[str]:
        sections = [link.section.name for link in item.section_links.all()]
        return map(written, sections + [link.tag.name for link in item.tag_links.all()])

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        return {"created": item.created_at, "language": language(item)}


class EverythingFeed(ListFeed):
    def get_object(self, request: HttpRequest) -> Followed:
        return Followed("", reverse("articles:home"), shelves.everything())


class UndatedFeed(ListFeed):
    def get_object(self, request: HttpRequest) -> Followed:
        return Followed(_("Date not known"), reverse("articles:undated"), shelves.undated())


class NameFeed(ListFeed):
    def get_object(self, request: HttpRequest, kind: type[Name], slug: str) -> Followed:
        name = get_object_or_404(kind.objects.in_use(), slug=slug)
        return Followed(name.name, name.get_absolute_url(), shelves.of_name(name))


class PeriodFeed(ListFeed):
    def get_object(self, request: HttpRequest, **numbers: str) -> Followed:
        period = get_object_or_404(Period, label="-".join(numbers.values()), published_count__gt=0)
        return Followed(period_words(period.label), period_url(period.label), shelves.of_period(period))


def written(text: str) -> str:
    """The text as XML can write it."""
    return _UNWRITABLE.sub("", text)
