"""No hits are an answer: every number that it gives is what a click on it finds."""

from __future__ import annotations

from importlib import import_module
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import search
from articles.forms import SearchForm
from articles.models import Article
from articles.records import Status
from articles.search import Question, asking, nothing
from articles.search.hints.nothing import Offer
from tests.makers import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]
module = import_module("articles.search.hints.nothing")


@pytest.fixture
def papers():
    make_article("Ferries", text="The ferry crossed the harbour.", source="Gazette", tags=("Sea",), date="1923-05-30")
    make_article("Boats", text="A ferry and the harbours.", source="Gazette", date="1924")
    make_article("Storms", text="A storm came over the quay.", source="Herald", tags=("Weather",), date="1925")
    search.rebuild()


def told(offers: tuple[Offer, ...]) -> dict[str, int | None]:
    return {offer.words.replace("\u2068", "").replace("\u2069", ""): offer.count for offer in offers}


def clicked(offer: Offer) -> int:
    query = QueryDict(urlsplit(offer.url).query)
    return asking.total(SearchForm(query).question())


def all_of(found: search.nothing) -> tuple[Offer, ...]:
    return (*found.alone, *found.without, *found.instead)


def test_each_part_is_counted_by_itself(papers):
    found = nothing(Question("ferry storm"))
    assert told(found.alone) == {"ferry": 2, "storm": 1}
    assert found.without == ()


def test_what_stands_in_the_way_is_told_with_what_is_found_without_it(papers):
    asked = Question("ferry", filters=(("source", "herald"),), since="1920", exact=True)
    assert told(nothing(asked).without) == {"ferry": 1, "in source Herald": 2, "anything that narrows": 2}


def test_a_word_that_is_excluded_can_stand_in_the_way(papers):
    assert told(nothing(Question("ferry harbour -harbour")).without) == {"not harbour": 2}


def test_of_three_words_each_is_left_out(papers):
    assert told(nothing(Question("ferry harbour storm")).without) == {"storm": 2}


def test_a_misspelt_word_is_offered_as_the_archive_writes_it_with_what_that_finds(papers):
    assert told(nothing(Question("harbuor")).instead)["harbour"] == 2
    assert told(nothing(Question("ferry harbuor")).instead)["ferry and harbour"] == 2


def test_two_misspelt_words_are_put_right_together(papers):
    assert told(nothing(Question("ferri harbuor")).instead)


def test_when_no_correction_of_the_whole_finds_anything_each_is_offered_alone(papers):
    found = nothing(Question("harbuor storm")).instead
    assert "harbour" in told(found)
    assert all(offer.count for offer in found)


def test_when_a_correction_finds_nothing_within_what_narrows_it_is_offered_everywhere(papers):
    asked = Question("harbuor", filters=(("source", "herald"),))
    assert told(nothing(asked).instead) == {"harbour": 2}


def test_the_beginning_of_a_word_is_offered_as_one(papers):
    assert told(nothing(Question("harb")).instead)["words beginning with harb"] == 2


def test_a_word_that_the_archive_has_is_not_corrected(papers):
    assert nothing(Question("ferry storm")).instead == ()


@pytest.mark.parametrize(
    "typed",
    [
        "zzzzqqqq",
        "tag:nothing",
        "ferry storm OR (quay harbour)",
        '"storm ferry"',
        "ferry near/2 storm",
        "atleast5:ferry",
        "f*q",
        "date:1801",
    ],
)
def test_every_number_is_what_its_link_gives(papers, typed):
    for offer in all_of(nothing(Question(typed, filters=(("tag", "sea"),), until="1924"))):
        assert offer.count == clicked(offer)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["ferri", "harbuor", "storm", "-quay", "OR", "(", ")", '"', "tag:sea", "qua*", "=Ferry", "atleast2:stomr"]
        ),
        max_size=6,
    ).map(" ".join)
)
def test_whatever_is_asked_the_numbers_are_true(papers, typed):
    for offer in all_of(nothing(Question(typed))):
        assert offer.count is None or offer.count == clicked(offer)


def test_withdrawn_articles_are_neither_counted_nor_offered(papers):
    Article.objects.filter(title="Storms").update(status=Status.WITHHELD)
    assert told(nothing(Question("ferry storm")).alone) == {"ferry": 2, "storm": 0}
    assert nothing(Question("stomr")).instead == ()


def test_a_form_that_only_withdrawn_articles_have_is_not_offered_though_another_form_is_shown():
    make_article("Withheld", text="They all quarrelled.", language="en")
    make_article("Kept", text="They are quarrelling.", language="en")
    search.rebuild()
    assert "quarrelled" in told(nothing(Question("qaurrelled")).instead)
    Article.objects.filter(title="Withheld").update(status=Status.WITHHELD)
    assert "quarrelled" not in told(nothing(Question("qaurrelled")).instead)


def test_so_much_is_counted_and_no_more(papers, monkeypatch):
    monkeypatch.setattr(module, "COUNTS", 1)
    assert told(nothing(Question("ferry storm")).alone) == {"ferry": 2, "storm": None}
    monkeypatch.setattr(module, "SECONDS", -1.0)
    assert set(told(nothing(Question("ferry storm")).alone).values()) == {None}


def test_without_an_index_nothing_is_told():
    assert nothing(Question("ferry storm")) == module.Nothing()


def rendered(question: Question) -> str:
    return render_to_string("articles/_nothing.html", {"nothing": nothing(question), "question": question})


def test_the_page_shows_numbers_links_and_escapes_all(papers):
    page = rendered(Question("ferry storm"))
    assert 'href="/search/?q=ferry"' in page
    assert "<script>" not in rendered(Question("<script> storm"))
    assert "all of it together" in page


def test_the_page_of_a_search_without_hits_tells_it(papers, client):
    page = client.get("/search/?q=ferry+storm").content.decode()
    assert "Each by itself finds:" in page
    assert 'href="/search/?q=storm"' in page
