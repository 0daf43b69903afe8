"""Statements: the SQL of a query is written once, and its rows are those of the query."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from articles.models import Article, Statement, Tag

from .makers import make_article

pytestmark = pytest.mark.django_db


def published(keys: list[int]) -> QuerySet:
    columns = ("pk", "earliest", "page", "source__name")
    return Article.objects.published().filter(pk__in=keys).order_by("pk").values_list(*columns)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_its_rows_are_those_of_the_query(count):
    keys = [make_article(f"Ice {number}", source="Gazette", date="1923-05-30").pk for number in range(3)][:count]
    statement = Statement(published, int)

    assert statement.rows(keys) == list(published(keys))
    assert len(statement.rows(keys)) == count


def test_what_is_not_among_the_values_counts_for_each_answer():
    shown, hidden = make_article("Ice"), make_article("Snow", status="draft")
    statement = Statement(published, int)

    assert [key for key, *_ in statement.rows([hidden.pk, shown.pk])] == [shown.pk]
    assert statement.rows([hidden.pk, 7_000_000]) == []


def test_values_can_be_words_and_each_may_come_twice():
    Tag.objects.named(["Ice", "Snow"])
    statement = Statement(lambda slugs: Tag.objects.filter(slug__in=slugs).values_list("slug", "name"), str)

    assert statement.rows(["snow", "snow"]) == [("snow", "Snow")]
    assert sorted(statement.rows(["snow", "ice"])) == [("ice", "Ice"), ("snow", "Snow")]


def test_the_query_is_written_once_for_each_number_of_values():
    written: list[int] = []

    def query(keys: list[int]) -> QuerySet:
        written.append(len(keys))
        return published(keys)

    statement = Statement(query, int)
    rows: list[Any] = [statement.rows(keys) for keys in ([1], [2], [3], [1, 2], [2, 3])]

    assert rows == [[]] * 5
    assert written == [1, 2]


def test_a_query_without_values_is_written_too():
    make_article("Ice")
    statement = Statement(lambda _: Article.objects.published().values_list("title"), int)

    assert statement.rows() == [("Ice",)]
