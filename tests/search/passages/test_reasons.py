"""Why an article is found: words, fields, forms, and shares of the score."""

from __future__ import annotations

import re
from unittest.mock import ANY, Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import search
from articles.models import Article, Image, NameRing
from articles.records import Status
from articles.search import Question, Sort
from articles.search.engine.errors import QueryRefused
from articles.search.grammar import Word
from articles.search.passages import reasons
from articles.search.passages.reasons import percent
from tests.makers import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


@pytest.fixture
def article():
    made = make_article(
        "The Ferry and ferries",
        text="An old ferry. The café; two ferries, the old ferry.",
        source="Ferry Gazette",
        tags=("Ferry boats",),
        language="en",
        date="1923-05-30",
    )
    Image.objects.create(article=made, caption="The ferry at night")
    search.rebuild()
    return made


def told(article: Article, text: str, **asked: object) -> dict[str, list[tuple[str, int, str]]]:
    """By field, how the words are written there."""
    found = search.why(Question(text, **asked), article)
    assert found.found
    return {reason.field: [(one.words, one.times, one.how) for one in reason.written] for reason in found.reasons}


def test_it_says_where_a_word_stands_and_how_it_is_written_there(article):
    assert told(article, "ferry") == {
        "Headline": [("ferry", 1, "as it was typed"), ("ferries", 1, "other ending")],
        "Captions": [("ferry", 1, "as it was typed")],
        "Byline, place and names": [("ferry", 2, "as it was typed")],
        "Text": [("ferry", 2, "as it was typed"), ("ferries", 1, "other ending")],
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cafe", [("café", 1, "other accents or signs")]),
        ('"old ferry"', [("old ferry", 2, "as it was typed")]),
        ("body:ferr*", [("ferry", 2, "pattern"), ("ferries", 1, "pattern")]),
        ("body:ferries~1", [("ferries", 1, "spelled nearly so")]),
        ("body:=ferries", [("ferries", 1, "as it was typed")]),
        ("old near/2 café", None),
        ("atleast2:body:old", [("old", 2, "as it was typed")]),
        ("body:old -storm", [("old", 2, "as it was typed")]),
        ("body:old OR storm", [("old", 2, "as it was typed")]),
    ],
)
def test_each_kind_of_word_says_why_it_stands_for_another(article, typed, expected):
    found = search.why(Question(typed), article)
    if expected is None:
        assert not found.found
    else:
        assert [(one.words, one.times, one.how) for one in found.reasons[0].written] == expected
        assert {reason.field for reason in found.reasons} == {"Text"}


def test_names_that_it_is_filed_under_are_reasons_too(article):
    assert told(article, "tag:ferry") == {"Tags": [("ferry", 1, "as it was typed")]}
    assert told(article, 'tag:"Ferry boats"') == {"Tags": [("ferry boats", 1, "as it was typed")]}
    assert told(article, "source:gazette") == {"Source": [("gazette", 1, "as it was typed")]}


def test_a_name_of_a_ring_is_told_as_one(article):
    NameRing.objects.create(names="crossing\nferry")
    found = search.why(Question("crossing"), article)
    assert {(reason.words.strip("\u2068\u2069"), one.how) for reason in found.reasons for one in reason.written} == {
        ("ferry", "name ring")
    }


@pytest.mark.parametrize(
    "typed", ["ferry", "ferry old", 'ferry "old ferry" caf*', "ferry date:1923", "ferry tag:boats by:x OR ferry"]
)
def test_the_shares_make_up_a_hundred(article, typed):
    found = search.why(Question(typed), article)
    assert found.found
    assert sum(reason.share for reason in found.reasons) == 100
    assert list(found.reasons) == sorted(found.reasons, key=lambda reason: -reason.share)


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=30))
def test_percents_are_whole_and_near_the_truth(scores):
    shares = percent(scores)
    assert sum(shares) == 100
    assert all(abs(share - 100 * score / sum(scores)) < 1 for share, score in zip(shares, scores, strict=True))


def test_nothing_has_no_shares():
    assert percent([]) == []
    assert percent([0.0, 0.0]) == [0, 0]


@pytest.mark.parametrize("filtering", ["date:1923", "-storm", "has:date", "lang:en", "after:1900 -date:1922"])
def test_what_only_filters_adds_nothing(article, filtering):
    plain, filtered = (search.why(Question(typed), article).reasons for typed in ("old", f"old {filtering}"))
    assert plain == filtered
    (alone,) = search.find(Question("old")).hits
    (hit,) = search.find(Question(f"old {filtering}")).hits
    assert alone.score == hit.score > 0
    assert search.why(Question(filtering), article).reasons == ()
    assert search.find(Question(filtering)).hits[0].score == 0


def test_what_belongs_to_no_part_of_the_question_is_told_as_such(article):
    account = reasons.Account(Question("old"), "en", {"text": "An old ferry."}, (Word("old"),), ["en"])
    account.enter("text", "old", [("old", 1)], 3.0)
    account.enter("text", "ferri", [("ferry", 1)], 1.0)
    assert [(reason.field, reason.share) for reason in account.reasons()] == [("Text", 75), ("", 25)]


def test_where_nothing_but_a_filter_was_asked_there_are_no_reasons(article):
    found = search.why(Question(filters=(("tag", "ferry-boats"),)), article)
    assert (found.found, found.reasons, found.passages) == (True, (), ())


def test_an_article_that_does_not_match_has_no_reasons(article):
    found = search.why(Question("ferry storm"), article)
    assert (found.found, found.reasons, found.passages) == (False, (), ())


def test_passages_are_those_of_the_fields_with_words(article):
    found = search.why(Question("café"), article)
    assert [(passage.field, passage.text) for passage in found.passages] == [
        ("Text", "An old ferry. The <mark>café</mark>; two ferries, the old ferry.")
    ]


def test_the_article_counts_as_it_is_indexed_though_another_question_narrows(article):
    shares = [reason.share for reason in search.why(Question("ferry"), article).reasons]
    narrowed = search.why(Question("ferry", filters=(("tag", "ferry-boats"),), sort=Sort.NEWEST), article)
    assert [reason.share for reason in narrowed.reasons] == shares
    assert narrowed.by_date


def test_when_the_engine_refuses_or_is_away_a_note_says_so(article, monkeypatch):
    asked = Mock(side_effect=QueryRefused("Too many words: leave some out."))
    monkeypatch.setattr(reasons.asking, "engine", asked)
    assert search.why(Question("ferry"), article).note == "Too many words: leave some out."
    asked.side_effect = OSError("gone")
    assert "being rebuilt" in search.why(Question("ferry"), article).note


@pytest.mark.parametrize("typed", ["body:zyx*", "body:zyxwart", "body:zyxwarp~"])
def test_a_word_that_an_editor_took_out_is_not_spelled_from_the_index(typed):
    article = make_article("Ferry", text="Zyxwart was here.")
    search.rebuild()
    assert told(article, typed) == {"Text": [("zyxwart", 1, ANY)]}
    Article.objects.filter(pk=article.pk).update(body="Gone.", body_text="Gone.")
    article.refresh_from_db()
    assert told(article, typed) == {"Text": []}


def test_of_words_that_are_too_many_to_be_marked_those_are_told_that_stand_there(article, monkeypatch):
    monkeypatch.setattr(reasons, "marks", lambda *_: [])
    assert told(article, "body:ferr*")["Text"] == [("ferry", 2, "pattern"), ("ferries", 1, "pattern")]


# The page


def page_of(client, article: Article, query: str) -> str:
    response = client.get(f"/search/why/{article.pk}/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_tells_words_fields_shares_and_leads_back(article, client):
    page = page_of(client, article, "q=ferry&tag=ferry-boats&sort=newest")
    assert 'href="/search/?q=ferry&amp;tag=ferry-boats&amp;sort=newest"' in page
    assert f'href="{article.get_absolute_url()}?q=ferry"' in page
    assert sum(map(int, re.findall(r">(\d+) % <svg", page))) == 100
    for words in ("Headline", "Captions", "other ending", "in the order of their dates"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=storm", "does not find this article"),
        ("tag=ferry-boats", "No words were looked for"),
        ("", "No words were looked for"),
        ("q=%22%22%28%28", "No words were looked for"),
    ],
)
def test_where_there_is_no_reason_a_sentence_says_why(article, client, query, sentence):
    assert sentence in page_of(client, article, query)


def test_everything_on_the_page_is_escaped(client):
    article = make_article("<b>Ferry</b>", text="<i>ferry</i>", source="R&D <Press>")
    search.rebuild()
    page = page_of(client, article, "q=ferry+%3Cscript%3E OR ferry")
    assert "<script>" not in page.replace("<script src=", "")
    assert "<b>" not in page
    assert "R&amp;D &lt;Press&gt;" in page


def test_of_what_is_not_published_nothing_is_told(article, client):
    Article.objects.filter(pk=article.pk).update(status=Status.WITHHELD)
    assert client.get(f"/search/why/{article.pk}/?q=ferry").status_code == 404
    assert client.get("/search/why/999/?q=ferry").status_code == 404
