"""The printings of one story: articles with nearly the same text, found when they are stored.

Each article has a `Sketch` of its text and, in `SketchKey`, the keys by which alike ones find each other, whose texts
are then laid beside each other (reprints.py). All printings of a story have the same `Article.story`, the least number
among them. An article that is the only printing of its story has none. What readers may not see belongs to stories too,
and is neither shown nor counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, F, Func, QuerySet, Value, Window
from django.db.models.functions import Left, RowNumber
from django.db.models.lookups import IsNull
from django.db.models.sql.compiler import SQLCompiler

from .models import Article, Sketch, SketchKey
from .models.article import LONG_COLUMNS
from .models.inserting import insert_rows
from .models.statements import Statement
from .reprints import MOST_CHARACTERS, Printed, is_reprint
from .sketches import KEPT, in_common, keys, sketches

# Articles that are kept under one key. Words that thousands share would else have each compared with all the others.
MOST_OF_A_KEY = 8
# So many numbers two sketches must have in common for the texts to be laid beside each other. More are asked for in a
# crowd: where an article shares a key with many others, of which only those that share two are looked at, or where more
# than a few have two numbers in common with it, such as reports of one form. It is compared with the most alike.
LEAST_IN_COMMON, LEAST_IN_CROWD = 3, 10
MANY_SHARING, FEW_ALIKE = 10, 3
MOST_COMPARED = 3
# Articles that are worth a query of their own.
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
    given = {article.pk: article for article in sorted(articles, key=attrgetter("pk"))}
    held, stories = _as_it_was(given)
    made = zip(given, sketches(article.body_text for article in given.values()), strict=True)
    changed = {number: sketched or NONE for number, sketched in made if held.get(number) != (sketched or NONE)}
    if not changed:
        return
    if known_before := changed.keys() & held.keys():
        SketchKey.objects.filter(article__in=_Among.of(known_before)).delete()
    _keep(changed)
    before = {number: stories[number] for number in changed}
    after = _Stories(before, _reprints(given, _candidates(changed))).write()
    for number in changed:
        given[number].story = after[number]


def catch_up(after: int = 0, most: int = BATCH) -> int | None:
    """Note up to `most` articles that nobody has looked at, with numbers beyond `after`; the last number, if any."""
    waiting = Article.objects.filter(pk__gt=after, sketch__isnull=True).order_by("pk")
    articles = list(waiting.only("pk", "body_text", "source_id", "earliest", "latest")[:most])
    note(articles)
    return articles[-1].pk if articles else None


class _Among(Func):
    """What stands behind IN for thousands of numbers: one value, whose making and binding takes no time."""

    template = "(SELECT value FROM json_each(%(expressions)s))"

    @classmethod
    def of(cls, numbers: Iterable[int | None]) -> _Among:
        return cls(Value(_told(numbers)))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> tuple[str, Any]:
        template = "(SELECT value::bigint FROM json_array_elements_text((%(expressions)s)::json))"
        return self.as_sql(compiler, connection, template=template, **more)


def _told(numbers: Iterable[int | None]) -> str:
    return json.dumps([number for number in numbers if number is not None])


class _Rows:
    """The rows of a kind whose `column` is one of some numbers."""

    def __init__(self, kind: QuerySet, column: str, *columns: str) -> None:
        def rows(values: list[str]) -> QuerySet:
            return kind.filter(**{f"{column}__in": _Among(Value(values[0]))}).values_list(*columns)

        self._statement = Statement(rows, str)

    def of(self, numbers: Iterable[int | None]) -> list[tuple[Any, ...]]:
        told = list(numbers)
        return self._statement.rows([_told(told)]) if told else []


_HELD = _Rows(Article.objects.all(), "pk", "pk", "story", "sketch__hashes")
_BEGUN = Article.objects.annotate(begun=Left("body_text", MOST_CHARACTERS))
_PRINTED = _Rows(_BEGUN, "pk", "pk", "begun", "source_id", "earliest", "latest")
_IN_STORIES = _Rows(Article.objects.all(), "story", "pk", "story")
_STORIES = _Rows(Article.objects.all(), "pk", "pk", "story")
_SKETCHES = _Rows(Sketch.objects.all(), "pk", "pk", "hashes")
_HOLDERS = _Rows(SketchKey.objects.all(), "key", "key", "article_id")


def _as_it_was(numbers: Iterable[int]) -> tuple[dict[int, bytes], dict[int, int | None]]:
    """The sketches of these articles, of those that have one, and their stories."""
    rows = _HELD.of(numbers)
    held = {number: bytes(hashes) for number, _, hashes in rows if hashes is not None}
    return held, {number: story for number, story, _ in rows}


def _keep(changed: dict[int, bytes]) -> None:
    again = " ON CONFLICT (article_id) DO UPDATE SET hashes = excluded.hashes"
    insert_rows(Sketch, ("article_id", "hashes"), list(changed.items()), again)


def _candidates(changed: dict[int, bytes]) -> list[tuple[int, int]]:
    """Pairs of one of these articles and another that may print its story; the keys to find them by are kept."""
    told = {number: sketched for number, sketched in changed.items() if sketched}
    found = dict(zip(told, keys(list(told.values())), strict=True))
    holders = _holders({key for some in found.values() for key in some})
    pairs: list[tuple[int, int]] = []
    rows: list[tuple[int, int]] = []
    crowded: set[int] = set()
    for number, some in found.items():
        sharing = Counter(other for key in some for other in holders.get(key, ()))
        if len(sharing) > MANY_SHARING:
            crowded.add(number)
            sharing = Counter({other: count for other, count in sharing.items() if count > 1})
        pairs += [(number, other) for other in sharing]
        rows += _hold(number, some[:KEPT], holders)
    insert_rows(SketchKey, ("article_id", "key"), rows)
    known = told | {other: bytes(hashes) for other, hashes in _SKETCHES.of({other for _, other in pairs} - told.keys())}
    return list(_likely(pairs, in_common(known, pairs), crowded))


def _hold(number: int, some: list[int], holders: dict[int, list[int]]) -> list[tuple[int, int]]:
    """The keys that the article is to be found by, those that have room, each with its number."""
    free = [key for key in some if len(holders.setdefault(key, [])) < MOST_OF_A_KEY]
    for key in free:
        holders[key].append(number)
    return [(number, key) for key in free]


def _holders(chosen: Iterable[int]) -> dict[int, list[int]]:
    """The articles that are kept under each of these keys; nothing for a key that none is kept under."""
    holders: dict[int, list[int]] = {}
    for key, number in _HOLDERS.of(chosen):
        holders.setdefault(key, []).append(number)
    return holders


def _likely(pairs: list[tuple[int, int]], counts: list[int], crowded: set[int]) -> Iterator[tuple[int, int]]:
    """Those of the pairs that are worth a look at their texts, which takes longer than all before."""
    told = [(pair, count) for pair, count in zip(pairs, counts, strict=True) if count > 1]
    for number, group in groupby(told, key=lambda counted: counted[0][0]):
        alike = sorted(group, key=itemgetter(1), reverse=True)
        least = LEAST_IN_CROWD if number in crowded or len(alike) > FEW_ALIKE else LEAST_IN_COMMON
        yield from (pair for pair, count in alike[:MOST_COMPARED] if count >= least)


def _reprints(given: dict[int, Article], candidates: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of the pairs whose texts show them to be printings of one story."""
    asked = {number for pair in candidates for number in pair}
    printed = {number: _printed(given[number]) for number in asked & given.keys()}
    printed |= {number: Printed.of(*values) for number, *values in _PRINTED.of(asked - given.keys())}
    return [(one, other) for one, other in candidates if is_reprint(printed[one], printed[other])]


def _printed(article: Article) -> Printed:
    return Printed.of(article.body_text, article.source_id, article.earliest, article.latest)


class _Stories:
    """What becomes of the stories that changed articles leave and join.

    A changed article stands for itself, and so does one without a story; all others of a story stand together under one
    number, of which a story that nobody leaves need not be read. What is joined goes by its least number.
    """

    def __init__(self, changed: dict[int, int | None], links: list[tuple[int, int]]) -> None:
        """`changed` are the stories that the changed articles had, by their numbers."""
        self.changed = changed.keys()
        self.before = changed | dict(_STORIES.of({number for link in links for number in link} - self.changed))
        # A story that goes by the number of a changed article counts as left, too: the number may go elsewhere.
        left = self.changed | set(changed.values()) - {None}
        self.before |= dict(_IN_STORIES.of(left))
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
        self.before |= dict(_IN_STORIES.of(moved - self.least.keys()))
        after = {number: self._after(number) for number in self.before}
        _write({number: story for number, story in after.items() if story != self.before[number]})
        return after


def _write(changed: dict[int, int | None]) -> None:
    """Give these articles these stories: one that many are given at once by itself, the others together."""
    given = Counter(changed.values())
    rows = [Article(pk=number, story=story) for number, story in changed.items() if given[story] <= MANY]
    Article.objects.bulk_update(rows, ["story"])
    for story in (story for story in given if given[story] > MANY):
        numbers = _Among.of(number for number, to in changed.items() if to == story)
        Article.objects.filter(pk__in=numbers).update(story=story)


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
