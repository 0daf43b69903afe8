"""Articles that the index has and readers must not see, while very many await indexing."""

from __future__ import annotations

import pytest
from django.db import connection

from articles.models import Article, IndexBacklog
from articles.records import Status
from articles.search import Question, asking, find

from ..makers import file_under, make_article
from .indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


def steps_of_a_search() -> int:
    """How much the database does for it, in hundreds of its own steps."""
    counted = []
    connection.connection.set_progress_handler(lambda: counted.append(1), 100)
    try:
        assert find(Question("bridge")).total == 1
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(counted)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite counts its steps.")
def test_what_a_search_costs_does_not_grow_with_what_awaits_indexing():
    make_article("Bridge")
    for number in range(40):
        make_article(f"Ferry {number}")
    bring_up_to_date()
    Article.objects.filter(pk__in=Article.objects.order_by("pk")[:30]).update(kicker="Traffic")
    few = steps_of_a_search()
    for number in range(400):
        make_article(f"New ferry {number}")
    assert IndexBacklog.objects.count() == 430
    assert steps_of_a_search() <= few + 5


def test_what_is_withdrawn_while_very_many_come_in_is_neither_shown_nor_counted():
    articles = [make_article(f"Ferry {number}", tags=("sea",)) for number in range(8)]
    bring_up_to_date()
    for number in range(20):
        make_article(f"New ferry {number}")
    Article.objects.filter(pk=articles[3].pk).update(status=Status.WITHHELD)
    articles[6].delete()
    for page in (1, 2):
        found = find(Question("ferry", size=3, page=page))
        assert found.total == 6
        assert len(found.hits) == 3
        assert [value.count for value in found.facets["tag"]] == [6]


def test_what_is_withdrawn_behind_very_many_changes_is_neither_shown_nor_counted():
    articles = [make_article(f"Ferry {number}") for number in range(12)]
    bring_up_to_date()
    Article.objects.update(kicker="Traffic")
    Article.objects.filter(pk=articles[10].pk).update(status=Status.WITHHELD)
    articles[11].delete()
    found = [find(Question("ferry", size=5, page=page)) for page in (1, 2)]
    assert {hit.article.pk for page in found for hit in page.hits} == {article.pk for article in articles[:10]}
    assert [page.total for page in found] == [10, 10]


def test_what_is_changed_after_it_was_withdrawn_stays_withdrawn_and_what_is_published_again_is_found():
    article = make_article("Ferry")
    bring_up_to_date()
    Article.objects.update(status=Status.WITHHELD)
    file_under(article, tags=("sea",))
    Article.objects.update(kicker="Traffic")
    assert find(Question("ferry")).total == 0
    Article.objects.update(status=Status.PUBLISHED)
    assert find(Question("ferry")).total == 1


def test_when_more_is_withdrawn_than_can_be_left_out_the_database_answers(monkeypatch):
    monkeypatch.setattr(asking, "WITHDRAWN", 2)
    for number in range(6):
        make_article(f"Ferry {number}")
    bring_up_to_date()
    Article.objects.filter(pk__in=Article.objects.order_by("pk")[:3]).update(status=Status.WITHHELD)
    found = find(Question("ferry"))
    assert found.degraded
    assert (found.total, len(found.hits)) == (3, 3)
