"""Atom: lists and searches whole, or the newest of them for who follows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from .exports import CHUNK, Export
from .models import Article
from .records import Precision
from .wording.archive import feed_url, language, opening

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
# XML has no way to write these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def moved(request: HttpRequest, **place: str) -> HttpResponsePermanentRedirect:
    """Feeds once had addresses that end in /feed.atom."""
    page = escape_uri_path(request.path.removesuffix("feed.atom"))
    # Two slashes at the head of an address would name another site.
    page = f"/{page.lstrip('/')}"
    return HttpResponsePermanentRedirect(feed_url(reverse("articles:all") if page == get_script_prefix() else page))


def as_atom(export: Export) -> Iterator[str]:
    """One entry per article. Before them stands how many the page tells of."""
    articles = iter(export.articles)
    first = list(islice(articles, CHUNK + 1))
    feed = Atom(export, updated=_updated(first))
    text = io.StringIO()
    writer = SimplerXMLGenerator(text, "utf-8", short_empty_elements=True)
    writer.startDocument()
    writer.startElement("feed", AttributesImpl(feed.root_attributes()))
    feed.add_root_elements(writer)
    for article in chain(first, articles):
        feed.add_entry(writer, article, export.site)
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    writer.endElement("feed")
    yield text.getvalue()


def _updated(first: list[Article]) -> datetime:
    """When something in the feed changed last; of a long one, whose articles are not all read yet, now."""
    if len(first) > CHUNK:
        return timezone.now()
    return max((article.modified_at for article in first), default=timezone.now())


class Atom(Atom1Feed):
    """Atom whose entries keep their id when a title, and with it the address, changes."""

    def __init__(self, export: Export, updated: datetime) -> None:
        name = settings.ARCHIVE_NAME
        title = written(f"{name}: {export.title or export.question}" if export.question else name)
        words = None if export.title in ("", export.question) else written(export.question)
        super().__init__(title, export.url, None, subtitle=words, feed_url=export.address, author_name=name)
        self.total, self.updated = export.total, updated

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:opensearch": OPENSEARCH}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("opensearch:totalResults", str(self.total))

    def latest_post_date(self) -> datetime:
        return self.updated

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_entry(self, writer: SimplerXMLGenerator, article: Article, site: str) -> None:
        self.add_item(**entry(article, site))
        item = self.items.pop()
        writer.startElement("entry", AttributesImpl(self.item_attributes(item)))
        self.add_item_elements(writer, item)
        writer.endElement("entry")


def entry(article: Article, site: str) -> dict[str, Any]:
    link = site + article.get_absolute_url()
    return {
        "title": written(article.title),
        "link": link,
        "unique_id": get_tag_uri(link.rsplit("/", 2)[0], article.created_at),
        "description": _description(article),
        "author_name": _author(article),
        "pubdate": _published(article),
        "updateddate": article.modified_at,
        "categories": list(_categories(article)),
        "language": language(article),
    }


def _description(article: Article) -> str:
    corrected = [_("Correction: %(text)s") % {"text": article.correction}] if article.correction else []
    return "".join(f"<p>{escape(written(text))}</p>" for text in [*corrected, opening(article)])


def _author(article: Article) -> str | None:
    authors = ", ".join(link.author.name for link in article.author_links.all())
    return written(authors or article.byline or (article.source.name if article.source else "")) or None


def _published(article: Article) -> datetime | None:
    """Only of an article whose day is known: Atom has no way to say "May 1923"."""
    exact = article.precision in (Precision.DAY, Precision.MINUTE) and article.latest
    return article.earliest if exact else None


def _categories(article: Article) -> Iterable[str]:
    sections = [link.section.name for link in article.section_links.all()]
    return map(written, sections + [link.tag.name for link in article.tag_links.all()])


def written(text: str) -> str:
    """The text as XML can write it."""
    return _UNWRITABLE.sub("", text)
