"""Searches for programs."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from articles.api import search_json

from .makers import make_article
from .search.conftest import index_path  # noqa: F401
from .search.indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


def ask(address: str = "", method: str = "get") -> HttpResponse:
    return search_json(getattr(RequestFactory(), method)(f"/search.json{address}"))


def answer(address: str = "") -> dict:
    response = ask(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def test_an_answer_has_exactly_the_documented_shape():
    article = make_article(
        "Flood & <fire>", text="The river rose.", date="1923-05", source="The Harbour Gazette", tags=("New York, NY",)
    )
    bring_up_to_date()
    found = answer("?q=river")
    assert list(found) == ["query", "total", "results", "facets"]
    assert (found["query"], found["total"]) == ("river", 1)
    [result] = found["results"]
    assert result.pop("score") > 0
    assert result == {
        "id": article.pk,
        "title": "Flood & <fire>",
        "url": f"http://testserver{article.get_absolute_url()}",
        "date": "1923-05",
        "source": "The Harbour Gazette",
        "snippet": "The <mark>river</mark> rose.",
    }
    assert found["facets"]["tag"] == [{"value": "new-york-ny", "name": "New York, NY", "count": 1}]


@pytest.mark.parametrize("date", ["1923", "1923-05", "1923-05-30", "1923-05-30T18:45", "0987-01-02", ""])
def test_a_date_says_no_more_than_is_known(date):
    make_article("Ferry", date=date)
    bring_up_to_date()
    assert answer("?q=ferry")["results"][0]["date"] == (date or None)


def test_pages_filters_and_orders_are_those_of_the_search_page():
    for year in range(1901, 1926):
        make_article(f"Ferry {year}", date=str(year), tags=("sea",))
    bring_up_to_date()
    found = answer("?q=ferry&sort=oldest&page=2&tag=sea&from=1902")
    assert found["total"] == 24
    assert [result["title"] for result in found["results"]] == [f"Ferry {year}" for year in range(1922, 1926)]


def test_a_notice_says_what_could_not_be_done_as_asked():
    make_article("Ferry")
    assert "database" in answer("?q=ferry")["notice"]
    bring_up_to_date()
    assert "notice" not in answer("?q=ferry")
    assert "no date" in answer("?q=ferry&from=soon")["notice"]


def test_only_reading_is_allowed():
    assert ask(method="head").status_code == 200
    for method in ("post", "put", "delete"):
        assert ask(method=method).status_code == 405


def test_any_script_and_direction_is_written_as_it_is():
    make_article("中国的桥", text="我爱中国人民。")
    bring_up_to_date()
    response = ask("?q=中国")
    assert "<mark>中国</mark>的桥" not in response.content.decode()
    assert "我爱<mark>中国</mark>人民。" in response.content.decode()
