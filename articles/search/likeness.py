"""Articles like another, by the words that tell it apart."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from haystack import connections
from haystack.query import SearchQuerySet

from ..models import Article
from .edge import attempt

HOUR = 3600


def similar(article: Article, count: int = 6) -> list[Article]:
    """Published articles like this one, most alike first; none while the index is away."""
    return _like(article, count, SearchQuerySet())


def nearby(article: Article, days: int, count: int) -> list[Article]:
    """Of so many days before and after an article, the published articles most like it; none while the index is away.

    Only of an article whose month is known at least.
    """
    if not (article.earliest and article.latest) or article.latest - article.earliest > dt.timedelta(days=31):
        return []
    bounds = _shifted(article.earliest, -days), _shifted(article.latest, days)
    since, until = (bound.replace(tzinfo=None) for bound in bounds)
    return _like(article, count, SearchQuerySet().filter(earliest__gte=since, earliest__lte=until), f"{days}")


def _shifted(moment: dt.datetime, days: int) -> dt.datetime:
    """Time as Python knows it begins with the year 1 and ends with 9999."""
    try:
        return moment + dt.timedelta(days=days)
    except OverflowError:
        return moment


def _like(article: Article, count: int, among: SearchQuerySet, of: str = "") -> list[Article]:
    keys: list[int] = []
    with attempt("looking for similar articles"):
        keys = _keys(article, count, among, of)
    found = Article.objects.published().for_listing().defer("body_text").in_bulk(keys)
    return [found[key] for key in keys if key in found][:count]


def _keys(article: Article, count: int, among: SearchQuerySet, of: str) -> list[int]:
    """Kept for as long as neither the article nor the index changes."""
    generation = connections["default"].get_backend().generation()
    name = f"similar:{generation}:{article.pk}:{article.modified_at.timestamp()}:{count}:{of}"
    keys = cache.get(name)
    if keys is None:
        # Two more than asked for, in place of those that were withdrawn a moment ago.
        found = among.more_like_this(article)[: count + 2]
        keys = [int(result.pk) for result in found]
        cache.set(name, keys, HOUR)
    return keys
