"""The printings of one story: articles with nearly the same text, found when they are stored.

Each article has a `Sketch` of its text and, in `SketchBand`, the keys by which alike ones find each other. All
printings of a story have the same `Article.story`, the least number among them. An article whose text is like no
other's has none. What readers may not see belongs to stories too, and is neither shown nor counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Window
from django.db.models.functions import Left, RowNumber
from django.db.models.lookups import IsNull

from .models import Article, Sketch, SketchBand
from .models.article import LONG_COLUMNS
from .sketches import alike, band_keys, sketch

# Articles that one band is kept for. Words that thousands share would else have each compared with all the others.
MOST_IN_BAND = 16
# Numbers that one query names, and articles that are worth a query of their own.
PART = 900
MANY = 100
# Articles that are looked at in one go of `catch_up`, printings that are listed, and characters of each that are read.
BATCH = 200
MOST_LISTED = 50
MOST_READ = 20_000
# What stands for the sketch of a text that is too short for one: it has been looked at.
NONE = b""

# The first is the one of which it is known soonest that it had been printed: 14 June 1926 comes before June 1926.
_OLDEST = (IsNull(F("earliest"), True), F("latest").asc(nulls_last=True), F("earliest"), F("pk"))


# Writing


@transaction.atomic
def note(articles: Iterable[Article]) -> None:
    """Bring sketches and stories up to date with the texts of these stored articles, as far as texts have changed."""
    given = {article.pk: article for article in articles}
    sketched = {number: sketch(article.body_text) or NONE for number, article in sorted(given.items())}
    held = _sketches(sketched)
    changed = {number: made for number, made in sketched.items() if held.get(number) != made}
    if not changed:
        return
    _forget_bands(changed.keys() & held.keys())
    after = _Stories(changed, _enter(changed)).write()
    for number in changed:
        given[number].story = after[number]


def catch_up(after: int = 0, most: int = BATCH) -> int | None:
    """Note up to `most` articles that nobody has looked at, with numbers beyond `after`; the last number, if any."""
    waiting = Article.objects.filter(pk__gt=after, sketch__isnull=True).order_by("pk")
    articles = list(waiting.only("pk", "body_text")[:most])
    note(articles)
    return articles[-1].pk if articles else None


def _sketches(numbers: Iterable[int]) -> dict[int, bytes]:
    return {
        number: bytes(hashes)
        for part in _parts(numbers)
        for number, hashes in Sketch.objects.filter(pk__in=part).values_list("pk", "hashes")
    }


def _parts(numbers: Iterable[Any]) -> Iterator[list[Any]]:
    numbers = list(numbers)
    return (numbers[start : start + PART] for start in range(0, len(numbers), PART))


def _forget_bands(numbers: Iterable[int]) -> None:
    for part in _parts(numbers):
        SketchBand.objects.filter(article__in=part).delete()


def _enter(changed: dict[int, bytes]) -> list[tuple[int, int]]:
    """Keep these sketches and their bands; the pairs of articles that they show to be printings of one story."""
    rows = [Sketch(article_id=number, hashes=made) for number, made in changed.items()]
    Sketch.objects.bulk_create(rows, update_conflicts=True, unique_fields=["article"], update_fields=["hashes"])
    keys = {number: band_keys(made) for number, made in changed.items() if made}
    holders = _holders({key for some in keys.values() for key in some})
    known = _sketches({number for some in holders.values() for number in some}) | changed
    links: list[tuple[int, int]] = []
    bands: list[tuple[int, int, int]] = []
    for number, some in keys.items():
        partners = {other for key in some for other in holders[key]}
        links += [(number, other) for other in partners if alike(known[number], known[other])]
        bands += _hold(number, some, holders)
    # Ten rows an article: made one by one as models, they would take longer than all the rest.
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO articles_sketchband (article_id, band, key) VALUES (%s, %s, %s)", bands)
    return links


def _hold(number: int, keys: list[int], holders: dict[int, list[int]]) -> list[tuple[int, int, int]]:
    """The bands that the article is to be found by, those that have room: its number, theirs, and their keys."""
    free = [(band, key) for band, key in enumerate(keys) if len(holders[key]) < MOST_IN_BAND]
    for _, key in free:
        holders[key].append(number)
    return [(number, band, key) for band, key in free]


def _holders(keys: Iterable[int]) -> defaultdict[int, list[int]]:
    """The articles that are kept for each of these bands."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for part in _parts(keys):
        for key, number in SketchBand.objects.filter(key__in=part).values_list("key", "article_id"):
            holders[key].append(number)
    return holders


class _Stories:
    """What becomes of the stories that changed articles leave and join.

    A changed article stands for itself, and so does one without a story; all others of a story stand together under one
    number, of which a story that nobody leaves need not be read. What is joined goes by its least number.
    """

    def __init__(self, changed: Iterable[int], links: Iterable[tuple[int, int]]) -> None:
        self.changed = frozenset(changed)
        links = list(links)
        self.before = _stories_where(pk__in=self.changed.union(*links))
        # A story that goes by the number of a changed article counts as left, too: the number may go elsewhere.
        left = self.changed.union(self.before[number] for number in self.changed) - {None}
        self.before |= _stories_where(story__in=left)
        rest = sorted(number for number in self.before.keys() - self.changed if self.before[number] in left)
        self.least = {self.before[number]: number for number in reversed(rest)}
        self.above: dict[int, int] = {}
        self.printings = Counter(self._stand(number) for number in self.before)
        for one, other in links:
            self._join(self._root(one), self._root(other))

    def _stand(self, number: int) -> int:
        story = self.before[number]
        return number if story is None or number in self.changed else self.least.get(story, story)

    def _root(self, number: int) -> int:
        number = self._stand(number)
        while number in self.above:
            number = self.above[number]
        return number

    def _join(self, one: int, other: int) -> None:
        if one != other:
            least, most = sorted((one, other))
            self.above[most] = least
            self.printings[least] += self.printings[most]

    def _after(self, number: int) -> int | None:
        root = self._root(number)
        return root if self.printings[root] > 1 else None

    def write(self) -> dict[int, int | None]:
        """Write what is not so already, since each row that is written awaits indexing; the story of each by now."""
        moved = {self.before[number] for number in self.before if self._after(number) != self.before[number]} - {None}
        self.before |= _stories_where(story__in=moved - self.least.keys())
        after = {number: self._after(number) for number in self.before}
        _write({number: story for number, story in after.items() if story != self.before[number]})
        return after


def _write(changed: dict[int, int | None]) -> None:
    """Give these articles these stories: one that many are given at once by itself, the others together."""
    given = Counter(changed.values())
    rows = [Article(pk=number, story=story) for number, story in changed.items() if given[story] <= MANY]
    Article.objects.bulk_update(rows, ["story"])
    for story in (story for story in given if given[story] > MANY):
        for part in _parts(number for number, to in changed.items() if to == story):
            Article.objects.filter(pk__in=part).update(story=story)


def _stories_where(**chosen: Iterable[Any]) -> dict[int, int | None]:
    """The story of each of these articles, by its number."""
    ((column, values),) = chosen.items()
    return {
        number: story
        for part in _parts(values)
        for number, story in Article.objects.filter(**{column: part}).values_list("pk", "story")
    }


# Reading


@dataclass(frozen=True)
class Summary:
    """A story that more than one published article prints; `first` is the earliest of them, undated ones being last."""

    story: int
    count: int
    first: Article


def summary(articles: Iterable[Article]) -> dict[int, Summary]:
    """The stories of these articles by their number, in one query; without those that one published article prints."""
    stories = {article.story for article in articles if article.story is not None}
    if not stories:
        return {}
    told = (
        Article.objects.published()
        .filter(story__in=stories)
        .annotate(
            printed=Window(Count("pk"), partition_by="story"),
            position=Window(RowNumber(), partition_by="story", order_by=_OLDEST),
        )
    )
    firsts = told.filter(position=1, printed__gt=1).select_related("source").defer(*LONG_COLUMNS, "body_text")
    return {first.story: Summary(first.story, first.printed, first) for first in firsts if first.story}


def summary_of(article: Article) -> Summary | None:
    return next(iter(summary([article]).values()), None)


def printings_of(article: Article) -> list[Article]:
    """The published printings of its story, itself among them, oldest first, undated last; none where it has no other.

    Not more than `MOST_LISTED`. `read` is the beginning of the text of each.
    """
    if article.story is None:
        return []
    published = Article.objects.published().filter(story=article.story).for_listing()
    held = published.defer(*LONG_COLUMNS, "body_text").annotate(read=Left("body_text", MOST_READ))
    found: list[Any] = list(held.order_by(*_OLDEST)[:MOST_LISTED])
    return found if len(found) > 1 else []
