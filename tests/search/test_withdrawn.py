"""Articles that the index has and readers must not see, while very many await indexing."""

from __future__ import annotations

import pytest
from django.db import connection

from articles.models import Article, IndexBacklog
from articles.records import Status
from articles.search import Question, find, finding

from ..makers import make_article
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
def test_what_a_search_costs_does_not_grow_with_what_awaits_indexing(monkeypatch):
    monkeypatch.setattr(finding, "AWAITING", 20)
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


def test_what_is_withdrawn_while_very_many_come_in_is_neither_shown_nor_counted(monkeypatch):
    monkeypatch.setattr(finding, "AWAITING", 5)
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


def test_what_is_withdrawn_beyond_what_is_looked_at_is_never_shown(monkeypatch):
    monkeypatch.setattr(finding, "AWAITING", 5)
    articles = [make_article(f"Ferry {number}") for number in range(12)]
    bring_up_to_date()
    Article.objects.update(kicker="Traffic")
    Article.objects.filter(pk=articles[10].pk).update(status=Status.WITHHELD)
    articles[11].delete()
    found = find(Question("ferry"))
    assert {hit.article.pk for hit in found.hits} == {article.pk for article in articles[:10]}
    assert found.total == 10
