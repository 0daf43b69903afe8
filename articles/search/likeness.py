"""Articles like another, by the words that tell it apart."""

from __future__ import annotations

from django.core.cache import cache
from haystack import connections
from haystack.query import SearchQuerySet

from ..models import Article
from .edge import attempt

HOUR = 3600


def similar(article: Article, count: int = 6) -> list[Article]:
    """Published articles like this one, most alike first; none while the index is away."""
    keys: list[int] = []
    with attempt("looking for similar articles"):
        keys = _keys(article, count)
    found = Article.objects.published().for_listing().defer("body_text").in_bulk(keys)
    return [found[key] for key in keys if key in found][:count]


def _keys(article: Article, count: int) -> list[int]:
    """Kept for as long as neither the article nor the index changes."""
    generation = connections["default"].get_backend().generation()
    name = f"similar:{generation}:{article.pk}:{article.modified_at.timestamp()}:{count}"
    keys = cache.get(name)
    if keys is None:
        # Two more than asked for, in place of those that were withdrawn a moment ago.
        found = SearchQuerySet().more_like_this(article)[: count + 2]
        keys = [int(result.pk) for result in found]
        cache.set(name, keys, HOUR)
    return keys
