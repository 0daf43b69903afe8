"""The lists of published articles: all of them, a period's, a name's. Each is one walk along an index of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Left

from .models import Article, ArticleAuthor, ArticleSection, ArticleTag, Name, Period, Source
from .models.article import ArticleQuerySet
from .models.ledger import PeriodKind
from .paging import Listing, Part

OPENING_LENGTH = 400
NAMES_ON_A_PAGE = 300
NAMES_AT_ONCE = 100

LINKS = {"section": ArticleSection, "tag": ArticleTag, "author": ArticleAuthor}


def lines(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Articles with what a line of a list shows of them, `opening` being the first words of the text."""
    return articles.for_listing().defer("body_text").annotate(opening=Left("body_text", OPENING_LENGTH))


def whole(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Articles with all that the page of one shows of it."""
    return articles.select_related("source", "original").prefetch_related(*filed(), "images")


def filed() -> list[Prefetch]:
    """What to fetch along with articles for the names that they are filed under."""
    return [Prefetch(f"{name}_links", links.objects.select_related(name)) for name, links in LINKS.items()]


def everything() -> Listing:
    return _of_articles(Article.objects.published(), dated=True, undated=True)


def undated() -> Listing:
    return _of_articles(Article.objects.published(), dated=False, undated=True)


def of_period(period: Period) -> Listing:
    """The articles that are known to be of this year, month or day."""
    numbers = [int(number) for number in period.label.split("-")]
    published = Article.objects.published()
    if period.kind == PeriodKind.DAY:
        held = published.on(dt.date(*numbers))
    elif period.kind == PeriodKind.MONTH:
        held = published.in_month(*numbers)
    else:
        held = published.in_year(*numbers)
    return _of_articles(held, dated=True, undated=False)


def of_name(name: Name) -> Listing:
    """The articles of a source, or those filed under a section, a tag or an author."""
    if isinstance(name, Source):
        return _of_articles(Article.objects.published().filter(source=name), dated=True, undated=True)
    kind = str(name._meta.model_name)
    links = LINKS[kind].objects.published().filter(**{kind: name})
    return Listing(links, ("earliest", "article_id"), _parts("article_id"), newest_first=True, load=_linked)


def of_names(kind: type[Name]) -> Listing:
    """The names of one kind that articles are filed under, by name."""
    return Listing(kind.objects.in_use(), ("key",), (Part({}, ("key",)),), size=NAMES_ON_A_PAGE)


def names_with_aliases(names: QuerySet[Any]) -> Iterator[Any]:
    """These names by name, some at a time: each may have hundreds of others."""
    last = ""
    while rows := list(names.filter(key__gt=last).order_by("key").prefetch_related("aliases")[:NAMES_AT_ONCE]):
        yield from rows
        last = rows[-1].key


def _of_articles(articles: ArticleQuerySet, *, dated: bool, undated: bool) -> Listing:
    with_date, without_date = _parts("id")
    parts = (with_date,) * dated + (without_date,) * undated
    return Listing(lines(articles), ("earliest", "id"), parts, newest_first=True)


def _parts(number: str) -> tuple[Part, Part]:
    """Articles without an earliest bound come last in both orders."""
    return (
        Part({"earliest__isnull": False}, ("earliest", number)),
        Part({"earliest__isnull": True}, (number,)),
    )


def _linked(links: list[Any]) -> list[Article]:
    held = lines(Article.objects.published()).in_bulk([link.article_id for link in links])
    return [held[link.article_id] for link in links if link.article_id in held]


def neighbours(article: Article) -> tuple[Article | None, Article | None]:
    """The articles before and after this one by date; among the undated, by when they were stored."""
    dated = article.earliest is not None
    listing = _of_articles(Article.objects.published(), dated=dated, undated=not dated)
    place = listing.place_of(article)
    before, _more = listing.take(place, ascending=False, forward=True, size=1)
    after, _more = listing.take(place, ascending=True, forward=False, size=1)
    return next(iter(before), None), next(iter(after), None)


def periods_beside(period: Period) -> tuple[Period | None, Period | None]:
    """The nearest periods of the same kind, before and after, that something is held of."""
    held = Period.objects.filter(kind=period.kind, published_count__gt=0)
    before = held.filter(label__lt=period.label).order_by("-label").first()
    after = held.filter(label__gt=period.label).order_by("label").first()
    return before, after


def periods_within(period: Period) -> QuerySet[Period]:
    """The months of a year, the days of a month, that something is held of."""
    numbers = [int(number) for number in period.label.split("-")]
    if period.kind == PeriodKind.YEAR:
        return Period.objects.months(*numbers)
    return Period.objects.days(*numbers) if period.kind == PeriodKind.MONTH else Period.objects.none()
