"""From one result to the next, on the articles' own pages."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from articles.models import Article
from articles.records import Status
from articles.search import Question, find, turn
from tests.makers import make_article
from tests.reading import page_at
from tests.search.indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]
FERRY = Question("ferry", filters=(("tag", "ice"),))


@pytest.fixture
def ferries(index_path) -> list[Article]:
    """The results, in their order."""
    for number in range(1, 5):
        make_article(f"Ferry {number}", text="The ferry froze in.", date=f"1926-01-0{number}", tags=("ice",))
    make_article("Another ferry", text="A ferry left.")
    bring_up_to_date()
    return [hit.article for hit in find(FERRY).hits]


def link(page: str, words: str) -> str:
    found = re.search(rf'<a href="([^"]+)"[^>]*>{words}</a>', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_one_goes_through_the_whole_result_from_article_to_article(ferries: list[Article]):
    address, seen = find(FERRY).hits[0].url, []
    while address:
        page = page_at(address)
        seen.append(re.search(r"<title>(Ferry \d)", page)[1])
        assert f"Result {len(seen)} of 4" in page
        address = link(page, "Next result")
    assert seen == [article.title for article in ferries]
    assert link(page, "Result 4 of 4") == "/search/?q=ferry&tag=ice"


def test_and_back_again(ferries: list[Article]):
    page = page_at(find(FERRY).hits[1].url)
    assert link(page, "Previous result").startswith(ferries[0].get_absolute_url())
    assert not link(page_at(link(page, "Previous result")), "Previous result")


def test_a_search_without_words_has_results_to_go_through_too(ferries: list[Article]):
    page = page_at(find(Question(filters=(("tag", "ice"),))).hits[0].url)
    assert "Result 1 of 4" in page
    assert "<mark" not in page


def test_printings_apart_are_results_of_their_own(ferries: list[Article]):
    Article.objects.filter(pk__in=[article.pk for article in ferries]).update(story=ferries[0].pk)
    bring_up_to_date()
    assert "of 1<" in page_at(find(FERRY).hits[0].url)
    assert "Result 4 of 4" in page_at(find(FERRY.with_(apart=True)).hits[3].url)


@pytest.mark.parametrize("place", ["", "3", "x", "-1", "٣", "9" * 30])
def test_a_place_that_the_article_does_not_have_leads_nowhere(place: str, ferries: list[Article]):
    assert turn(FERRY, place, ferries[0]) is None
    page = page_at(f"{ferries[0].get_absolute_url()}?q=ferry&tag=ice&at={place}")
    assert "Next result" not in page
    assert link(page, "All results") == "/search/?q=ferry&tag=ice"


@pytest.mark.parametrize("place", ["2", "3", "4"])
def test_an_article_that_moved_by_one_place_is_found_where_it_is(place: str, ferries: list[Article]):
    moved = turn(FERRY, place, ferries[2])
    assert moved is not None
    assert moved.place == 3


def test_a_result_that_was_withheld_is_stepped_over(ferries: list[Article]):
    Article.objects.filter(pk=ferries[1].pk).update(status=Status.WITHHELD)
    assert link(page_at(find(FERRY).hits[0].url), "Next result").startswith(ferries[2].get_absolute_url())


def test_while_the_index_is_away_the_article_is_shown_with_its_marks():
    article = make_article("Ferry", text="The ferry froze in.")
    page = page_at(f"{article.get_absolute_url()}?q=ferry&at=1")
    assert "<mark" in page
    assert "Result 1" not in page


def test_orders_and_what_is_known_of_dates_are_named_in_the_language_of_the_page(ferries: list[Article]):
    with translation.override("de"):
        page = find(Question("ferry"))
        assert [link.name for link in page.sorts] == ["Relevanz", "Neueste", "Älteste"]
        assert {value.name for value in page.facets["known"]} == {"Datum angegeben", "Datum unbekannt"}
