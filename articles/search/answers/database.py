"""Answers from the database: the newest articles, and every search while the index is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, reduce, singledispatch
from operator import and_, or_
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet
from django.db.models.functions import Cast, Left
from django.utils.translation import gettext_lazy

from ...locales import thousands
from ...models import Article, Image, Period, civil, name_key
from ...models.article import ArticleQuerySet
from ...records import Precision
from .. import grammar
from ..asking import Read, read
from ..names.naming import MODELS
from ..question import SINGLE, Question, Sort, Window
from .cards import COLUMNS as CARD
from .cards import LINKS, Card, Cards, Links, written
from .chart import WIDTHS
from .facets import Answered, commonest_of

COLUMNS = {"": ("title", "standfirst", "body_text"), "title": ("title",), "body": ("standfirst", "body_text")}
COUNTED = {"source": "source__slug", "section": "sections__slug", "tag": "tags__slug", "author": "authors__slug"}
# The field of the index that has the days that are known.
DAY_KNOWN = "known_day"
# Names of a kind that are looked at where nothing is asked for.
BOOKED = 100
# Of more articles than this it is not counted what they have in common.
MOST = 20_000
TOO_MANY = gettext_lazy(
    "Over %(number)s articles have these words: what they have in common and when they were published is counted when "
    "the search index is ready again."
)


@dataclass(frozen=True)
class Rows:
    """What a question finds in the database, counted as the engine's `Answer` is."""

    matching: ArticleQuerySet
    read: Read

    @cached_property
    def total(self) -> int:
        return self.matching.count()

    def window(self, question: Question) -> Window:
        """Past the last page, that of the last page. Printings of one story are not put together."""
        question = question.within(self.total)
        keys = self.keys(question)[question.window]
        return Window(question, dict.fromkeys(keys, 0.0), self.total)

    def keys(self, question: Question) -> QuerySet[Article, int]:
        """The primary keys, in the order of the question."""
        oldest = question.order == Sort.OLDEST
        ordered = (
            self.matching.order_by(F("earliest").asc(nulls_last=True), "-id") if oldest else self.matching.newest()
        )
        return ordered.values_list("pk", flat=True)

    def commonest(self, field: str, most: int, also: Iterable[str] = ()) -> Counter[str]:
        return commonest_of(self.facet(field), most, also)

    def facet(self, name: str) -> Counter[str]:
        if name == "year":
            return Counter(self.histogram("earliest", "year"))
        return self._count(self.matching, COUNTED.get(name, name))

    def histogram(self, field: str, unit: str) -> dict[str, int]:
        """How many there are in each year, month or day that has any."""
        # A moment is written from the year on. To cut it as a moment would call SQLite back for every row.
        matching, column = self.matching, field
        if field == DAY_KNOWN:
            matching, column = matching.filter(precision__in=[Precision.MINUTE, Precision.DAY]), "earliest"
        period = Left(Cast(column, CharField()), WIDTHS[unit])
        found = self._count(matching.annotate(period=period), "period")
        return {label: found[label] for label in sorted(found)}

    def span(self) -> tuple[str, str] | None:
        """The first and the last day that something found can be of, or their years where the days are not known."""
        dated = self.matching.order_by("earliest").filter(earliest__isnull=False).values_list("earliest", "precision")
        ends = dated.first(), dated.last()
        return (written(*ends[0]), written(*ends[1])) if ends[0] and ends[1] else None

    def _count(self, matching: ArticleQuerySet, column: str) -> Counter[Any]:
        counted = matching.order_by().values_list(column).annotate(Count("pk"))
        return Counter({value: count for value, count in counted if value not in (None, "")})


class Many(Rows):
    """More than can be counted in a moment: hits and their number alone."""

    def span(self) -> None:
        return None


class Books(Rows):
    """Everything that is published. Nothing is counted: the database keeps the books."""

    def __init__(self) -> None:
        super().__init__(Article.objects.published(), Read(None))

    @cached_property
    def total(self) -> int:
        return Period.objects.count_of("all")

    def facet(self, name: str) -> Counter[str]:
        if name == "year":
            return Counter(self.histogram("earliest", "year"))
        if name not in MODELS:
            return Counter()
        return Counter(dict(MODELS[name].objects.by_size().values_list("slug", "published_count")[:BOOKED]))

    def histogram(self, field: str, unit: str) -> dict[str, int]:
        if unit != "year":
            return super().histogram(field, unit)
        return dict(Period.objects.years().values_list("label", "published_count"))


class Desk:
    """Answers a question and those that differ from it by facets alone. Texts are looked through once for all."""

    def __init__(self, question: Question) -> None:
        self._read = read(question)
        self._widest = _widest(question)

    def find(self, question: Question) -> Answered:
        if not question.parsed.expression:
            return find(question)
        if self._cards is None:
            return Many(
                _matching(question, self._read), replace(self._read, notes=(TOO_MANY % {"number": thousands(MOST)},))
            )
        return self._cards.narrowed(question)

    @cached_property
    def _cards(self) -> Cards | None:
        """All that any of the questions finds; None where that is too much."""
        found = _matching(self._widest, self._read).order_by().values_list(*CARD)[: MOST + 1]
        cards = [Card(*row) for row in found]
        return None if len(cards) > MOST else Cards(cards, Links([card.key for card in cards]), self._read)


def _widest(question: Question) -> Question:
    """Without what a facet can be asked to take away: values of which an article has one, and those kept out."""
    kept = (pair for pair in question.filters if pair[0] not in SINGLE and pair not in question.excluded)
    return question.with_(filters=tuple(kept), excluded=())


def find(question: Question) -> Rows:
    """What has the words of `question` in it, letter by letter."""
    if question.is_open:
        return Books()
    asked = read(question)
    return Rows(_matching(question, asked), asked)


def _matching(question: Question, asked: Read) -> ArticleQuerySet:
    matching = Article.objects.published().filter(*_narrowing(question))
    return matching.filter(condition(asked.expression)) if asked.expression else matching


def _narrowing(question: Question) -> Iterable[Q]:
    for facet in dict(question.filters):
        chosen = [_filter(facet, value) for value in question.chosen(facet)]
        yield reduce(or_ if facet in SINGLE else and_, chosen)
    yield from (~_filter(facet, value) for facet, value in question.excluded)
    if question.since or question.until:
        yield condition(grammar.period(question.since, question.until))
    if question.stored:
        yield Q(created_at__gt=question.stored + "Z")


def _filter(facet: str, value: str) -> Q:
    if facet in LINKS:
        return _linked(facet, {f"{facet}__slug": value})
    if facet == "year":
        return Q(pk__in=_of_year(value))
    # An article without a source is not of this source, so that its opposite finds it.
    return Q(source__isnull=False, source__slug=value) if facet == "source" else Q(**{facet: value})


def _linked(facet: str, lookup: dict[str, str]) -> Q:
    return Q(pk__in=LINKS[facet]._default_manager.filter(**lookup).values("article"))


def _of_year(value: str) -> ArticleQuerySet:
    possible = value.isdecimal() and 1 <= int(value) <= 9999
    return Article.objects.in_year(int(value)) if possible else Article.objects.none()


@singledispatch
def condition(part: Any) -> Q:
    """What an article must be like that has a part of a question. Endings, accents and places are as they are typed."""
    raise TypeError(f"{type(part).__name__} is no part of a question")


@condition.register
def _(part: grammar.Word | grammar.Phrase) -> Q:
    return _contains(part.text, part.field)


@condition.register
def _(part: grammar.Pattern) -> Q:
    # The longest piece of it that is certain.
    return _contains(max(part.text.replace("?", "*").split("*"), key=len), part.field)


@condition.register
def _(part: grammar.Fuzzy) -> Q:
    return _contains(part.text, part.field)


@condition.register
def _(part: grammar.Near) -> Q:
    return reduce(and_, map(condition, part.parts))


@condition.register
def _(part: grammar.AtLeast) -> Q:
    return condition(part.part)


@condition.register
def _(part: grammar.Named) -> Q:
    return _named(part.facet, part.name, part.exact)


@condition.register
def _(part: grammar.Has) -> Q:
    if part.what == "image":
        return Q(pk__in=Image.objects.values("article"))
    return ~Q(correction="") if part.what == "correction" else Q(earliest__isnull=False)


@condition.register
def _(part: grammar.Dated) -> Q:
    bounds = {"earliest__gte": part.earliest, "earliest__lte": part.latest}
    return Q(**{lookup: civil(moment) for lookup, moment in bounds.items() if moment})


@condition.register
def _(part: grammar.Not) -> Q:
    return ~condition(part.part)


@condition.register
def _(part: grammar.All) -> Q:
    return reduce(and_, map(condition, part.parts))


@condition.register
def _(part: grammar.Either) -> Q:
    return reduce(or_, map(condition, part.parts))


def _contains(text: str, field: str) -> Q:
    if field == "caption":
        return Q(pk__in=Image.objects.filter(caption__icontains=text).values("article"))
    return reduce(or_, (Q(**{f"{column}__icontains": text}) for column in COLUMNS[field]))


def _named(facet: str, name: str, exact: bool) -> Q:
    if facet == "language":
        return Q(language__iexact=name) | Q(language__istartswith=f"{name}-")
    if facet == "place":
        return Q(**{f"dateline__i{'exact' if exact else 'contains'}": name})
    lookup = {f"{facet}__key": name_key(name)} if exact else {f"{facet}__name__icontains": name}
    return _linked(facet, lookup) if facet in LINKS else Q(source__isnull=False) & Q(**lookup)
