"""A question knows its address and its variations."""

from __future__ import annotations

import pytest

from articles.search import LineSort, Page, Question, Sort


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


def test_values_of_a_facet_are_chosen_excluded_and_taken_away_one_by_one():
    asked = Question().narrowed("tag", "sea").narrowed("tag", "ice").narrowed("year", "1911").narrowed("year", "1912")
    assert asked.chosen("tag") == ("ice", "sea")
    assert asked.chosen("year") == ("1911", "1912")
    assert asked.narrowed("tag", "sea") == asked
    assert asked.widened("tag", "sea").chosen("tag") == ("ice",)
    assert asked.widened("tag").chosen("tag") == ()
    turned = asked.excluding("tag", "sea")
    assert (turned.chosen("tag"), turned.kept_out("tag")) == (("ice",), ("sea",))
    assert turned.narrowed("tag", "sea") == asked
    assert turned.url() == "/search/?tag=ice&year=1911&year=1912&tag=-sea"


def test_how_a_question_is_shown_is_no_part_of_what_it_asks():
    asked = Question("flood", Sort.OLDEST, filters=(("tag", "sea"),), exact=True, stored="2026-01-01T00:00:00")
    shown = asked.with_(view="lines", lines=LineSort.LEFT, bars="month", rate=True, more="tag", apart=True, page=4)
    assert shown.plain == asked
    assert shown.url("csv") == asked.url("csv")
    assert asked.url("csv") == "/search.csv?q=flood&tag=sea&stored=2026-01-01T00:00:00&exact=1&sort=oldest"


def test_a_question_is_open_when_nothing_is_asked():
    assert Question().is_open
    assert Question("?!").is_open
    assert not Question("flood").is_open
    assert not Question(since="1911").is_open
    assert Question().order == Sort.NEWEST
    assert Question("flood").order == Sort.RELEVANCE


@pytest.mark.parametrize(("listed", "pages"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_there_are_as_many_pages_as_are_needed(listed, pages):
    assert Page(Question("a"), listed=listed).pages == pages


def test_links_lead_to_the_first_page_the_last_and_those_nearby():
    page = Page(Question("a", page=10), listed=200)
    assert [link and link.name for link in page.links] == ["1", None, "8", "9", "10", "11", "12", None, "20"]
    assert [link.name for link in page.links if link and link.active] == ["10"]
    assert page.previous_url == "/search/?q=a&page=9"
    assert page.next_url == "/search/?q=a&page=11"
    assert (page.first, page.last) == (91, 100)
    assert Page(Question("a"), listed=3).previous_url == Page(Question("a"), listed=3).next_url == ""


def test_a_page_knows_its_exports_its_feed_and_its_other_views():
    page = Page(Question("a b", page=3, filters=(("tag", "sea"),)), listed=40)
    assert [link.url for link in page.exports] == [
        f"/search.{kind}?q=a+b&tag=sea" for kind in ("json", "csv", "jsonl", "atom")
    ]
    assert page.feed == "/search.atom?q=a+b&tag=sea&sort=newest&newest=50"
    assert page.lines == "/search/?q=a+b&tag=sea&view=lines"
    assert page.together == "/search/?q=a+b&tag=sea&apart=1"
    assert page.exactly == "/search/?q=a+b&tag=sea&exact=1"
