"""The lists of published articles: all of them, a period's, a name's. Each is one walk along an index of its own.

What several tags have in common is a walk along the one that has the fewest.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Left, Substr

from .models import Article, ArticleAuthor, ArticleSection, ArticleTag, Edition, Name, Period, Source, Tag, Takedown
from .models.article import ArticleQuerySet
from .models.ledger import PeriodKind
from .paging import Listing, Part

OPENING_LENGTH = 400
NAMES_ON_A_PAGE = 300
# As a part of an address a stroke parts two, and a point alone is none.
NO_PART_OF_AN_ADDRESS = ("/", ".")
NAMES_AT_ONCE = 100
# So many articles are drawn before a list is walked for one of its own: see `one_of`.
DRAWN = 60

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


def together(tags: Sequence[Tag]) -> Listing:
    """The articles that have all of these tags."""
    fewest, *others = sorted(tags, key=lambda tag: tag.published_count)
    links = ArticleTag.objects.published().filter(tag=fewest)
    for tag in others:
        links = links.filter(Exists(ArticleTag.objects.filter(article=OuterRef("article_id"), tag=tag)))
    return Listing(links, ("earliest", "article_id"), _parts("article_id"), newest_first=True, load=_linked)


def on_any(month: int, day: int) -> Listing:
    """The articles that are known to be of this day, in whatever year."""
    return _of_articles(Article.objects.published().on_any(month, day), dated=True, undated=False)


def arrivals() -> Listing:
    """All articles, the one that was stored last first."""
    return Listing(lines(Article.objects.published()), ("id",), (Part({}, ("id",)),), newest_first=True)


def of_names(kind: type[Name], letter: str = "") -> Listing:
    """The names of one kind that articles are filed under, by name; or those that begin with a letter."""
    names = kind.objects.in_use()
    if letter:
        names = names.filter(key__gte=letter, key__startswith=letter)
    return Listing(names, ("key",), (Part({}, ("key",)),), size=NAMES_ON_A_PAGE)


def of_names_by_count(kind: type[Name]) -> Listing:
    """The names of one kind that articles are filed under: those with most first, and by name those with as many."""
    order = ("published_count", "key")
    return Listing(kind.objects.in_use(), order, (Part({}, order),), size=NAMES_ON_A_PAGE, against=frozenset(order[:1]))


def letters(kind: type[Name]) -> dict[str, int]:
    """What the names of a kind begin with, and how many begin so. Read once in each edition: names may be many."""
    counted = kind.objects.in_use().order_by().values_list(Substr("key", 1, 1)).annotate(Count("pk"))
    held: dict[str, int] = Edition.objects.kept(f"letters:{kind._meta.model_name}", lambda: dict(sorted(counted)))
    return {letter: count for letter, count in held.items() if letter not in NO_PART_OF_AN_ADDRESS}


def one_of(listing: Listing, total: int) -> int | None:
    """The number of any article of a list that has so many, each as likely as another.

    Of articles drawn from the whole archive the first that is in the list. Where none of them is, the list is short
    beside the archive, and it is quickly walked to any place.
    """
    articles, number = listing.queryset.order_by(), listing.order[-1]
    last = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    drawn = [1 + secrets.randbelow(last) for _ in range(DRAWN if last else 0)]
    held = set(articles.filter(**{f"{number}__in": drawn}).values_list(number, flat=True))
    return next((key for key in drawn if key in held), None) or _at_any_place(listing, number, total)


def _at_any_place(listing: Listing, number: str, total: int) -> int | None:
    """A walk from the nearer end; past the end, where articles are gone meanwhile, the first."""
    if not total:
        return None
    place = secrets.randbelow(total)
    ascending = 2 * place < total
    steps = place if ascending else total - 1 - place
    signs = "" if ascending else "-"
    walk = listing.queryset.order_by(*(f"{signs}{key}" for key in listing.order)).values_list(number, flat=True)
    return next(iter(walk[steps : steps + 1]), None) or walk.first()


def first_of_days(days: Sequence[dt.date]) -> list[Article]:
    """Of each of these days one article that is known to be of it, the newest day first."""
    held = Article.objects.published()
    each: list[Any] = [Subquery(held.on(day).order_by("earliest", "id").values("pk")[:1]) for day in days]
    return list(lines(Article.objects.filter(pk__in=each)).newest()) if each else []


def names_with_aliases(names: QuerySet[Any]) -> Iterator[Any]:
    """These names by name, some at a time: each may have hundreds of others."""
    last = ""
    while rows := list(names.filter(key__gt=last).order_by("key").prefetch_related("aliases")[:NAMES_AT_ONCE]):
        yield from rows
        last = rows[-1].key


def tombstones() -> Listing:
    """What was taken down, the last first."""
    return Listing(Takedown.objects.for_readers(), ("since", "id"), (Part({}, ("since", "id")),), newest_first=True)


def _of_articles(articles: ArticleQuerySet, *, dated: bool, undated: bool) -> Listing:
    return _by_date(lines(articles), dated=dated, undated=undated)


def _by_date(articles: ArticleQuerySet, *, dated: bool, undated: bool) -> Listing:
    with_date, without_date = _parts("id")
    parts = (with_date,) * dated + (without_date,) * undated
    return Listing(articles, ("earliest", "id"), parts, newest_first=True)


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
    listing = _by_date(Article.objects.published().for_mention(), dated=dated, undated=not dated)
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
