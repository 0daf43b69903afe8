"""A face for crawlers: an index of all that they may have, in parts that each cost the same, and what they may not.

A part is a range of numbers, so that it is found by the key and stays the same while the archive grows behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import escape
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from . import exports
from .models import Article, Author, Period, Section, Source, Tag
from .wording.archive import period_url
from .wording.metadata import site

# A fifth of what the protocol allows, so that a part is written in a moment.
SIZE = 10_000
READ_AT_ONCE = 2_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
KIND = "application/xml; charset=utf-8"
PAGES = ("home", "all", "sources", "sections", "tags", "authors", "undated", "coverage")
YEARS = 100


class Place(NamedTuple):
    """An address on this site, and when what is there changed."""

    address: str
    changed: datetime | None = None


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Each part costs one look-up here, whatever is in it."""
    numbers = [("pages", 1), *_periods_held(), *((kind, part) for kind in KINDS for part in _parts(KINDS[kind][0]()))]
    places = (Place(reverse("articles:sitemap_part", args=numbered)) for numbered in numbers)
    return HttpResponse(_written("sitemapindex", "sitemap", places, site(request)), content_type=KIND)


@require_safe
def part(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    if not 1 <= number <= 2**40:
        raise Http404
    places = _places(kind, number)
    first = next(places, None)
    if first is None:
        raise Http404
    written = _written("urlset", "url", _all(first, places), site(request))
    return StreamingHttpResponse(exports.packets(written), content_type=KIND)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    told = {"sitemap": site(request) + reverse("articles:sitemap"), "is_shut": settings.LOGIN_WALL}
    return render(request, "robots.txt", told, content_type="text/plain; charset=utf-8")


def _all(first: Place, places: Iterator[Place]) -> Iterator[Place]:
    yield first
    yield from places


def _places(kind: str, number: int) -> Iterator[Place]:
    if kind == "pages":
        return iter([Place(reverse(f"articles:{name}")) for name in PAGES] if number == 1 else [])
    if kind == "periods":
        return _of_periods(number)
    if kind not in KINDS:
        raise Http404
    held, place = KINDS[kind]
    rows = held().filter(pk__gt=(number - 1) * SIZE, pk__lte=number * SIZE).order_by("pk")
    return map(place, rows.iterator(chunk_size=READ_AT_ONCE))


def _parts(held: QuerySet) -> Iterator[int]:
    """The numbers of the parts in which there is something."""
    last = 0
    while first := held.filter(pk__gt=last * SIZE).order_by("pk").values_list("pk", flat=True).first():
        last = (first - 1) // SIZE + 1
        yield last


def _articles() -> QuerySet:
    """Asked of each row by its number: an index by status would first be read whole, and then put in order."""
    allowed = Article.objects.for_crawlers().filter(pk=OuterRef("pk"))
    return Article.objects.filter(Exists(allowed)).only("pk", "title", "modified_at")


def _of_article(article: Article) -> Place:
    return Place(article.get_absolute_url(), article.modified_at)


def _names(kind: Any) -> Callable[[], QuerySet]:
    return lambda: kind.objects.in_use().only("pk", "slug")


def _of_name(name: Any) -> Place:
    return Place(name.get_absolute_url())


def _periods_held() -> Iterator[tuple[str, int]]:
    """Years, months and days by the century; the one of the year 1 to 100 is the first, as in history."""
    years = list(Period.objects.years().values_list("label", flat=True))
    yield from (("periods", number) for number in sorted({int(year) // YEARS + 1 for year in years}))


def _of_periods(number: int) -> Iterator[Place]:
    """More days than a part may have are not in a hundred years."""
    first, behind = f"{(number - 1) * YEARS:04}", f"{number * YEARS:04}"
    if len(first) > 4:
        return
    held = Period.objects.filter(kind__in=("year", "month", "day"), published_count__gt=0, label__gte=first)
    before = held.filter(label__lt=behind) if len(behind) == 4 else held
    for label in before.order_by("label").values_list("label", flat=True).iterator(chunk_size=READ_AT_ONCE):
        yield Place(period_url(label))


KINDS: dict[str, tuple[Callable[[], QuerySet], Callable[[Any], Place]]] = {
    "articles": (_articles, _of_article),
    **{str(kind._meta.verbose_name_plural): (_names(kind), _of_name) for kind in (Source, Section, Tag, Author)},
}


def _written(root: str, element: str, places: Iterable[Place], site: str) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    for address, changed in places:
        last = f"<lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
        yield f"<{element}><loc>{escape(site + address)}</loc>{last}</{element}>\n"
    yield f"</{root}>\n"
