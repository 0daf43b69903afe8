"""Answers from the database: the newest articles, and every search while the index is away."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Count, F, Model, Q
from django.db.models.functions import ExtractYear

from ..models import (
    Article,
    ArticleAuthor,
    ArticleSection,
    ArticleTag,
    Author,
    Image,
    Period,
    Section,
    Source,
    Tag,
    civil,
    name_key,
)
from ..models.article import ArticleQuerySet
from .facets import OFFERED, Counts
from .grammar import All, Dated, Either, Expression, Named, Not, Phrase, Word, period
from .page import Found
from .question import SINGLE, Question, Sort

LINKS: dict[str, type[Model]] = {"section": ArticleSection, "tag": ArticleTag, "author": ArticleAuthor}
NAMES = {"source": Source, "section": Section, "tag": Tag, "author": Author}
COLUMNS = {"": ("title", "standfirst", "body_text"), "title": ("title",), "body": ("standfirst", "body_text")}
COUNTED = {"source": "source__slug", "section": "sections__slug", "tag": "tags__slug", "author": "authors__slug"}


def newest(question: Question) -> tuple[Question, Found, list[Article]]:
    """All articles, and what the archive has in all. Nothing is counted: the database keeps the books."""
    counts: dict[str, Counts] = {
        facet: list(model.objects.by_size().values_list("slug", "published_count")[:OFFERED])
        for facet, model in NAMES.items()
    }
    counts["year"] = list(Period.objects.years().values_list("label", "published_count"))
    return _window(question, Article.objects.published(), Found(total=Period.objects.count_of("all"), counts=counts))


def answer(question: Question) -> tuple[Question, Found, list[Article]]:
    """What has the words of `question` in it, letter by letter, the newest first unless the oldest are asked for."""
    matching = Article.objects.published().filter(*_filters(question))
    if question.parsed.expression:
        matching = matching.filter(_condition(question.parsed.expression))
    return _window(question, matching, Found(total=matching.count(), counts=_counts(matching)))


def _window(question: Question, matching: ArticleQuerySet, found: Found) -> tuple[Question, Found, list[Article]]:
    if question.window.start >= found.total > 0:
        question = question.with_(page=-(-found.total // question.size))
    ordered = matching.newest()
    if question.order == Sort.OLDEST:
        ordered = matching.order_by(F("earliest").asc(nulls_last=True), "-id")
    return question, found, list(ordered.for_listing().prefetch_related("images")[question.window])


def _filters(question: Question) -> Iterable[Q]:
    for facet in dict(question.filters):
        chosen = [_filter(facet, value) for value in question.chosen(facet)]
        yield reduce(or_ if facet in SINGLE else and_, chosen)
    # An article without a source is not of this source.
    yield from (~_filter(facet, value) for facet, value in question.excluded)
    if question.since or question.until:
        yield _condition(period(question.since, question.until))
    if question.stored:
        yield Q(created_at__gt=question.stored)


def _filter(facet: str, value: str) -> Q:
    if facet in LINKS:
        return _linked(facet, {f"{facet}__slug": value})
    if facet == "year":
        return Q(pk__in=_of_year(value))
    if facet == "source":
        return Q(source__isnull=False, source__slug=value)
    return Q(**{facet: value})


def _linked(facet: str, lookup: dict[str, str]) -> Q:
    return Q(pk__in=LINKS[facet]._default_manager.filter(**lookup).values("article"))


def _of_year(value: str) -> ArticleQuerySet:
    possible = value.isdecimal() and 1 <= int(value) <= 9999
    return Article.objects.in_year(int(value)) if possible else Article.objects.none()


def _condition(part: Expression) -> Q:
    match part:
        case Word(text, field) | Phrase(text, field):
            return _contains(text, field)
        case Named(facet, name, exact):
            return _named(facet, name, exact)
        case Dated():
            bounds = {"earliest__gte": part.earliest, "earliest__lte": part.latest}
            return Q(**{lookup: civil(moment) for lookup, moment in bounds.items() if moment})
        case Not(inner):
            return ~_condition(inner)
        case All(parts):
            return reduce(and_, map(_condition, parts))
        case Either(parts):
            return reduce(or_, map(_condition, parts))
    raise NotImplementedError(part)


def _contains(text: str, field: str) -> Q:
    if field == "caption":
        return Q(pk__in=Image.objects.filter(caption__icontains=text).values("article"))
    return reduce(or_, (Q(**{f"{column}__icontains": text}) for column in COLUMNS[field]))


def _named(facet: str, name: str, exact: bool) -> Q:
    lookup = {f"{facet}__key": name_key(name)} if exact else {f"{facet}__name__icontains": name}
    # An article without a source is not of this source, so that its opposite finds it.
    return _linked(facet, lookup) if facet in LINKS else Q(source__isnull=False) & Q(**lookup)


def _counts(matching: ArticleQuerySet) -> dict[str, Counts]:
    counts = {facet: _count(matching, column) for facet, column in COUNTED.items()}
    counts |= {facet: _count(matching, facet) for facet in ("language", "known")}
    years = _count(matching.annotate(year=ExtractYear("earliest")), "year")
    return counts | {"year": [(f"{int(year):04}", count) for year, count in years]}


def _count(matching: ArticleQuerySet, column: str) -> Counts:
    counted = matching.order_by().values_list(column).annotate(Count("pk"))
    return [(value, count) for value, count in counted if value not in (None, "")]
