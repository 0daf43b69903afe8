"""Golden searches: what readers of the demo archive ask, and what they must get."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client

from articles import printings, search
from articles.forms import SearchForm
from articles.models import NameRing
from articles.search.answers.page import Page
from articles.search.names import known
from newsarchive.preparing import fill_with_demo

from .golden import CACHALOT, QUESTIONS, WHALE, Golden
from .indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo as a new archive has it. All tests here stand in its transaction, which leaves nothing behind."""
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), transaction.atomic():
        # The indexer, and the end of each test, would close the connection in whose transaction the tests live.
        patched.setattr("articles.search.indexing.close_old_connections", lambda: None)
        patched.setattr(connection, "close", lambda: None)
        use_index_in(patched, tmp_path_factory.mktemp("golden") / "index")
        cache.clear()
        known._shelves.clear()
        fill_with_demo()
        bring_up_to_date()
        yield
        transaction.set_rollback(True)
    known._shelves.clear()
    cache.clear()


def ask(typed: str, besides: str = "") -> Page:
    page = search.find(SearchForm(QueryDict(f"{urlencode({'q': typed})}&{besides}")).question())
    assert not page.degraded, page.notes
    return page


def follow(url: str) -> Page:
    return search.find(SearchForm(QueryDict(url.partition("?")[2])).question())


def titles(page: Page) -> list[str]:
    return [hit.article.title for hit in page.hits]


def is_title(title: str, expected: str) -> bool:
    return title.startswith(expected.removesuffix("…")) if expected.endswith("…") else title == expected


@pytest.mark.parametrize("golden", QUESTIONS, ids=str)
def test_a_question_finds_what_its_reader_expects(golden: Golden) -> None:
    page = ask(golden.typed, golden.besides)
    found = titles(page)
    listed = golden.total if golden.listed is None else golden.listed
    assert (page.total, page.listed) == (golden.total, listed), f"{golden}: {found}"
    assert not page.notes, f"{golden}: {page.notes}"
    for expected, title in zip(golden.first, found, strict=False):
        assert is_title(title, expected), f"{golden}: {found}"
    assert len(found) >= len(golden.first), f"{golden}: {found}"


@pytest.mark.parametrize("golden", [golden for golden in QUESTIONS if golden.page], ids=str)
def test_a_page_has_these_results_and_no_other(golden: Golden) -> None:
    found = titles(ask(golden.typed, golden.besides))
    assert len(found) == len(golden.page), f"{golden}: {found}"
    assert all(any(is_title(title, expected) for expected in golden.page) for title in found), f"{golden}: {found}"


@pytest.mark.parametrize("golden", [golden for golden in QUESTIONS if golden.shows], ids=str)
def test_the_first_result_shows_what_was_asked_for(golden: Golden) -> None:
    hit = ask(golden.typed, golden.besides).hits[0]
    assert golden.shows in f"{hit.title}\n{hit.snippet}", f"{golden}: {hit.title} | {hit.snippet}"


@pytest.mark.parametrize(
    ("typed", "besides", "told"),
    [
        ("whale", "", ("year", "1912-10-08", "1941", "1923", 4)),
        ("bridge", "from=1926&to=1927", ("month", "1926-06-14", "1927-03-02", "1926-06", 3)),
        ("flood", "from=1953-11&to=1953-11", ("day", "1953-11-15", "1953-11-18", "1953-11-15", 1)),
    ],
)
def test_the_chart_names_first_mention_last_mention_and_peak(typed: str, besides: str, told: tuple) -> None:
    page = ask(typed, besides)
    chart = page.chart
    assert chart, typed
    assert (chart.unit, chart.first.label, chart.last.label, chart.peak.label, chart.peak.hits) == told
    assert sum(bar.hits for bar in chart.bars) == page.total


@pytest.mark.parametrize(("typed", "languages"), [("comet", {"en"}), ("como", {"es"}), ("Calloux", {"en", "fr"})])
def test_a_stem_finds_nothing_in_another_language_and_a_name_does(typed: str, languages: set[str]) -> None:
    assert {value.value for value in ask(typed).facets["language"]} == languages


def test_a_bar_gives_as_many_articles_as_it_shows() -> None:
    chart = ask("whale").chart
    assert chart
    for bar in chart.bars:
        assert follow(bar.url).total == bar.hits, bar


def test_the_whale_is_one_result_that_four_papers_printed_the_mercury_first() -> None:
    hits = ask("whale").hits
    told = printings.summary(hit.article for hit in hits)
    (whale,) = told.values()
    assert hits[0].article.story == whale.story
    assert (whale.count, whale.first.title, str(whale.first.source)) == (4, WHALE, "The Halvern Mercury")


def test_facets_count_what_a_click_gives() -> None:
    page = ask("whale")
    counts = {facet: {value.value: value.count for value in values} for facet, values in page.facets.items()}
    assert counts["source"] == {
        "the-halvern-mercury": 2,
        "the-harbour-lantern": 2,
        "the-orle-valley-telegraph": 1,
        "the-osterby-star": 1,
    }
    assert counts["year"] == {"1941": 1, "1923": 4, "1912": 1}
    assert counts["language"] == {"en": 5, "fr": 1}
    assert counts["known"] == {"printed": 6}
    for value in (value for values in page.facets.values() for value in values):
        assert follow(value.url).total == value.count, value
        assert follow(value.without).total == page.total - value.count, value


def test_a_name_ring_finds_the_whale_in_french_and_says_so() -> None:
    NameRing.objects.create(names="whale\ncachalot\nbaleine")
    page = ask("whale")
    assert page.total == 7
    assert CACHALOT in titles(page)
    ((name, others),) = [(also.name, [link.name for link in also.others]) for also in page.also]
    assert (name, others) == ("whale", ["cachalot", "baleine"])
    assert "<mark>cachalot</mark>" in next(hit.title for hit in page.hits if hit.article.title == CACHALOT)
    assert ask("whale", "not_also=cachalot&not_also=baleine").total == 6
    assert ask("whale", "exact=1").total == 5
    assert ask("=whale").total == 5


@pytest.mark.parametrize(
    ("typed", "words", "count"),
    [("marchbenk", "marchbank", 16), ("palimsest", "palimpsest", 1), ("sturgoen", "sturgeon", 1)],
)
def test_a_correction_is_offered_with_what_it_really_gives(typed: str, words: str, count: int) -> None:
    page = ask(typed)
    assert page.total == 0
    offers = {offer.words.strip("\u2068\u2069"): offer for offer in search.nothing(page.question).instead}
    assert offers[words].count == count
    assert follow(offers[words].url).total == count


def test_a_search_for_nothing_that_goes_together_counts_its_parts_alone() -> None:
    question = ask("marchbank sturgeon").question
    alone = [offer.count for offer in search.nothing(question).alone]
    assert alone == [ask("marchbank").total, 1]


def test_without_its_narrowing_a_search_says_what_it_would_find() -> None:
    question = ask("sturgeon", "source=the-osterby-star").question
    without = search.nothing(question).without
    assert [follow(offer.url).total for offer in without] == [offer.count for offer in without]
    assert 1 in [offer.count for offer in without]


def test_a_pattern_that_says_too_little_is_refused_in_a_sentence() -> None:
    page = ask("*a*")
    assert page.refused
    assert not page.hits
    assert page.notes == ("`*a*` would match too many words: give at least 3 letters.",)


@pytest.mark.parametrize(
    ("typed", "besides", "marked"),
    [
        ("whale", "", ["Whale", *["whale"] * 5]),
        ("“by the time you read this”", "", ["By the time you read this"]),
        ("swan", "sort=newest", ["Swans", "swan"]),
        ("sturg*", "", ["Sturgeon", "sturgeon"]),
        ("بحر", "", ["البحر", "البحري"]),
    ],
)
def test_the_words_stay_marked_in_the_article(typed: str, besides: str, marked: list[str]) -> None:
    url = ask(typed, besides).hits[0].url
    page = Client(HTTP_HOST="localhost").get(url).content.decode()
    assert re.findall(r'<mark id="mark-\d+">(.*?)</mark>', page) == marked, f"{typed}: {url}"


@pytest.mark.parametrize(
    ("typed", "widened"),
    [
        ("swans", "swan (endings)"),
        ("mullner", "müllner (accents)"),
        ("Shabani", "sha'banis (endings); sha'bani (accents)"),
        ("=swans", ""),
        ("samphire", ""),
    ],
)
def test_a_page_says_what_it_found_besides_what_was_typed(typed: str, widened: str) -> None:
    assert re.sub("[\u2068\u2069]", "", ask(typed).widened) == widened, typed


def test_the_pages_of_an_answer_have_every_result_once() -> None:
    pages = [ask("bridge", f"page={number}") for number in range(1, ask("bridge").pages + 1)]
    found = [hit.article.pk for page in pages for hit in page.hits]
    assert len(found) == len(set(found)) == pages[0].listed == 40
    assert [page.total for page in pages] == [46] * 4
    assert [page.question.page for page in pages] == [1, 2, 3, 4]
    scores = [hit.score for page in pages for hit in page.hits]
    assert scores == sorted(scores, reverse=True)


def test_there_are_fifty_questions_and_no_two_are_the_same() -> None:
    assert len(set(map(str, QUESTIONS))) == len(QUESTIONS) >= 50
