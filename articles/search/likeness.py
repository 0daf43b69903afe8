"""Articles like another, by the words that tell it apart."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from haystack import connections
from haystack.query import SearchQuerySet

from ..models import Article
from .edge import attempt

HOUR = 3600
SPARE = 2


def similar(article: Article, count: int = 6) -> list[Article]:
    """Published articles like this one, most alike first; none while the index is away."""
    return _loaded(_like(article, count, SearchQuerySet()))[:count]


def nearby_and_similar(article: Article, days: int, near: int, alike: int) -> tuple[list[Article], list[Article]]:
    """Of so many days before and after an article, the published articles most like it; and those like it of any time.

    The former only of an article whose month is known at least. Both are empty while the index is away.
    """
    among = _within(article, days)
    beside = [] if among is None else _like(article, near, among, f"{days}")
    anywhere = _like(article, alike, SearchQuerySet())
    held = {other.pk: other for other in _loaded([*beside, *anywhere])}
    return [held[key] for key in beside if key in held][:near], [held[key] for key in anywhere if key in held][:alike]


def _within(article: Article, days: int) -> SearchQuerySet | None:
    """What is dated to so many days before and after an article; None where its month is not known."""
    first, last = article.earliest, article.latest
    if not (first and last) or last - first > dt.timedelta(days=31):
        return None
    since, until = (bound.replace(tzinfo=None) for bound in (_shifted(first, -days), _shifted(last, days)))
    return SearchQuerySet().filter(earliest__gte=since, earliest__lte=until)


def _shifted(moment: dt.datetime, days: int) -> dt.datetime:
    """Time as Python knows it begins with the year 1 and ends with 9999."""
    try:
        return moment + dt.timedelta(days=days)
    except OverflowError:
        return moment


def _like(article: Article, count: int, among: SearchQuerySet, of: str = "") -> list[int]:
    """The numbers of some more than asked for, in place of those that are withdrawn a moment later."""
    with attempt("looking for similar articles"):
        return _keys(article, count + SPARE, among, of)
    return []


def _loaded(keys: list[int]) -> list[Article]:
    """In this order, as far as readers may see them."""
    found = Article.objects.published().for_mention().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _keys(article: Article, count: int, among: SearchQuerySet, of: str) -> list[int]:
    """Kept for as long as neither the article nor the index changes."""
    generation = connections["default"].get_backend().generation()
    name = f"similar:{generation}:{article.pk}:{article.modified_at.timestamp()}:{count}:{of}"
    keys = cache.get(name)
    if keys is None:
        found = among.more_like_this(article)[:count]
        keys = [int(result.pk) for result in found]
        cache.set(name, keys, HOUR)
    return keys
