"""A question knows its address and its variations."""

from __future__ import annotations

import pytest

from articles.search import FacetValue, Page, Question, Sort


def test_an_address_leaves_out_what_is_as_by_default():
    assert Question().url() == "/search/"
    assert Question("flood").url() == "/search/?q=flood"
    asked = Question("a b", Sort.NEWEST, 3, filters=(("tag", "sea"),), since="1911", until="1925-06")
    assert asked.url() == "/search/?q=a+b&tag=sea&from=1911&to=1925-06&sort=newest&page=3"


def test_a_variation_starts_at_its_first_page():
    asked = Question("flood", page=4)
    assert asked.with_(sort=Sort.OLDEST).page == 1
    assert asked.with_(page=5).page == 5
    assert asked.narrowed("tag", "sea").page == 1


def test_several_tags_narrow_together_and_one_year_takes_the_place_of_another():
    asked = Question().narrowed("tag", "sea").narrowed("tag", "ice").narrowed("year", "1911").narrowed("year", "1912")
    assert asked.chosen("tag") == ("ice", "sea")
    assert asked.chosen("year") == ("1912",)
    assert asked.narrowed("tag", "sea") == asked
    assert asked.widened("tag", "sea").chosen("tag") == ("ice",)
    assert asked.widened("tag").chosen("tag") == ()


def test_a_question_is_open_when_nothing_is_asked():
    assert Question().is_open
    assert Question("?!").is_open
    assert not Question("flood").is_open
    assert not Question(since="1911").is_open
    assert Question().order == Sort.NEWEST
    assert Question("flood").order == Sort.RELEVANCE


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_there_are_as_many_pages_as_are_needed(total, pages):
    assert Page(Question("a"), total=total).pages == pages


def test_links_lead_to_the_first_page_the_last_and_those_nearby():
    page = Page(Question("a", page=10), total=400)
    assert [link and link.name for link in page.links] == ["1", None, "8", "9", "10", "11", "12", None, "20"]
    assert [link.name for link in page.links if link and link.active] == ["10"]
    assert page.previous_url == "/search/?q=a&page=9"
    assert page.next_url == "/search/?q=a&page=11"
    assert (page.first, page.last) == (181, 200)
    assert Page(Question("a"), total=3).previous_url == Page(Question("a"), total=3).next_url == ""


def test_what_is_chosen_can_be_taken_away_dates_too():
    facets = {"tag": (FacetValue("sea", "Sea", 2, "/search/?from=1911", True), FacetValue("ice", "Ice", 1, "/", False))}
    page = Page(Question(filters=(("tag", "sea"),), since="1911"), total=2, facets=facets)
    assert [(value.name, value.url) for value in page.chosen] == [
        ("Sea", "/search/?from=1911"),
        ("From 1911", "/search/?tag=sea"),
    ]
