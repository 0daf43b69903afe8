"""What stands around an article: before and after it, of the same days, and like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import search, shelves
from .models import Article

RELATED = 5
# Of so many days on either side, so many articles.
DAYS, THREAD = 30, 6


@dataclass(frozen=True)
class Surroundings:
    """`thread` is in the order of dates, with the article itself in its place; empty where it would stand alone."""

    before: Article | None = None
    after: Article | None = None
    thread: Sequence[Article] = ()
    related: Sequence[Article] = ()


def around(article: Article) -> Surroundings:
    before, after = shelves.neighbours(article)
    # Printings of it may be among them, which are left out.
    more = 3 if article.story else 1
    found, alike = search.nearby_and_similar(article, DAYS, more * THREAD, more * RELATED + THREAD)
    near = _others(article, found, THREAD)
    shown = {other.pk for other in near}
    related = [other for other in _others(article, alike, len(alike)) if other.pk not in shown][:RELATED]
    thread = sorted([article, *near], key=lambda other: (other.earliest, other.pk)) if near else []
    return Surroundings(before, after, thread, related)


def _others(article: Article, found: list[Article], most: int) -> list[Article]:
    """Without other printings of it: those have a page of their own."""
    return [other for other in found if article.story is None or other.story != article.story][:most]
