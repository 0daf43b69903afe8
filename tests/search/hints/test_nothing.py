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
from articles.search.hints.less import less
from articles.search.hints.nothing import Offer, closest
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
    assert told(nothing(asked).without) == {
        "without “ferry”": 1,
        "in any source": 2,
        "without anything that narrows the search": 2,
    }


def test_a_word_that_is_excluded_can_stand_in_the_way(papers):
    assert told(nothing(Question("ferry harbour -harbour")).without) == {"with “harbour” allowed": 2}


def test_of_three_words_each_is_left_out(papers):
    assert told(nothing(Question("ferry harbour storm")).without) == {"without “storm”": 2}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Question("storm", since="1801", until="1802"), "at any time"),
        (Question("storm", filters=(("year", "1801"),)), "at any time"),
        (Question("storm came date:1801"), "at any time"),
        (Question("storm -date:1925"), "whether or not in 1925"),
        (Question("storm came has:image"), "with or without an image"),
        (Question("storm -has:date"), "with or without a date"),
        (Question("storm -tag:weather"), "whether or not filed under a tag with “weather” in its name"),
        (Question('storm came "the ferry"'), 'without "the ferry"'),
        (Question("storm -(quay OR sea)"), "with “quay or sea” allowed"),
        (Question("storm", filters=(("source", "gazette"), ("source", "post"))), "in any source"),
        (Question("storm", filters=(("language", "cy"),)), "in any language"),
        (Question("storm", filters=(("known", "inferred"),)), "whatever is known of the date"),
        (Question("storm", filters=(("tag", "sea"),)), "whether or not filed under tag “Sea”"),
        (Question("storm", excluded=(("source", "herald"),)), "whether or not in source Herald"),
        (Question("storm", stored="2999-01-01T00:00"), "whenever added"),
        (Question("storms", exact=True), "with other forms of the words"),
    ],
)
def test_what_is_not_asked_any_more_is_said_as_a_person_would(papers, asked, words):
    assert told(nothing(asked).without)[words] == 1


def test_a_time_is_not_called_any_time_where_another_is_still_asked_for(papers):
    asked = Question("ferry after:1901 before:1902", filters=(("year", "1925"),))
    assert "at any time" not in {words for words, _fewer in less(asked)}


def test_names_of_a_ring_are_let_in_again():
    assert ("with the name Holm too", Question("Reval")) in [
        (words.replace("\u2068", "").replace("\u2069", ""), fewer)
        for words, fewer in less(Question("Reval", not_also=("Holm",)))
    ]


def unheld(question: Question) -> list[str]:
    return [sentence.replace("\u2068", "").replace("\u2069", "") for sentence in nothing(question).unheld]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Question("ferry", filters=(("tag", "ice"),)), "There is no tag “ice” in this archive."),
        (Question("ferry", filters=(("source", "nope"),)), "There is no source “nope” in this archive."),
        (Question("ferry", filters=(("author", "nobody"),)), "There is no author “nobody” in this archive."),
        (Question("ferry", filters=(("section", "local"),)), "There is no section “local” in this archive."),
        (Question("ferry", filters=(("language", "xx"),)), "This archive has nothing in xx."),
        (Question("ferry", filters=(("year", "1801"),)), "This archive has nothing in 1801."),
        (Question("ferry", filters=(("known", "inferred"),)), "This archive has nothing with an inferred date."),
        (Question("ferry", since="1801", until="1803"), "This archive has nothing from 1801 to 1803."),
        (Question("tag:ice"), "This archive has nothing filed under a tag with “ice” in its name."),
        (Question('tag:"sea ice"'), "There is no tag “sea ice” in this archive."),
        (Question("ferry has:image"), "This archive has nothing with an image."),
    ],
)
def test_what_no_article_has_is_told(papers, asked, sentence):
    assert unheld(asked) == [sentence]


def test_what_some_articles_have_is_not_told_to_be_missing(papers):
    assert unheld(Question("storm", filters=(("source", "gazette"), ("tag", "sea"), ("year", "1924")))) == []


def test_a_tag_that_only_withdrawn_articles_have_is_told_as_one_that_never_was(papers):
    Article.objects.filter(title="Storms").update(status=Status.WITHHELD)
    assert unheld(Question("ferry", filters=(("tag", "weather"),))) == ["There is no tag “weather” in this archive."]


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


def test_of_words_within_what_narrows_it_is_not_said_that_they_are_elsewhere(papers):
    assert nothing(Question("harbuor", filters=(("source", "herald"),))).elsewhere
    assert not nothing(Question("harbuor", filters=(("source", "gazette"),))).elsewhere
    assert not nothing(Question("harbuor")).elsewhere


@pytest.mark.parametrize(
    ("word", "others", "offered"),
    [
        ("brigde", ["bright", "brine", "bridge"], ["bridge"]),
        ("daesh", ["days", "does", "des"], []),
        ("daesh", ["days", "dash", "does"], ["dash"]),
        ("verry", ["ferry", "very", "wary"], ["very", "ferry"]),
        ("hrabuor", ["harbour", "labour"], ["harbour"]),
        ("Érable", ["erables", "cable"], ["erables"]),
        ("ferry", [], []),
    ],
)
def test_words_are_offered_as_far_as_they_are_nearly_as_near_as_the_nearest(word, others, offered):
    assert closest(word, others) == offered


def test_a_word_that_is_far_off_is_not_offered_beside_a_near_one():
    make_article("Bridges", text="The bridge is bright. Brine came over it for days.")
    search.rebuild()
    assert set(told(nothing(Question("brigde")).instead)) == {"bridge"}
    assert nothing(Question("daesh")).instead == ()


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


def test_the_page_says_where_counts_are_within_what_narrows_the_search(papers):
    narrowed = (("source", "herald"),)
    assert "Each by itself, within what narrows the search, finds:" in rendered(
        Question("ferry storm", filters=narrowed)
    )
    assert "or begin so, without what narrows the search:" in rendered(Question("harbuor", filters=narrowed))
    narrowed = (("source", "gazette"),)
    assert "or begin so, within what narrows the search:" in rendered(Question("harbuor", filters=narrowed))


def test_the_page_says_what_does_not_exist_and_escapes_it(papers):
    page = rendered(Question("ferry", filters=(("tag", "<b>"),)))
    assert "There is no tag “\u2068&lt;b&gt;\u2069” in this archive." in page


@pytest.mark.parametrize("typed", ["😀", "*", "-", "()"])
def test_where_there_is_no_word_to_search_for_the_page_says_that_all_is_found(papers, client, typed):
    page = client.get("/search/", {"q": typed}).content.decode()
    assert "There is no word to search for in this, so it finds every article." in page
    assert "3 articles" in page
    narrowed = client.get("/search/", {"q": typed, "source": "herald"}).content.decode()
    assert "There is no word to search for in this.<" in narrowed


def test_the_page_of_a_search_without_hits_tells_it(papers, client):
    page = client.get("/search/?q=ferry+storm").content.decode()
    assert "Each by itself finds:" in page
    assert 'href="/search/?q=storm"' in page
