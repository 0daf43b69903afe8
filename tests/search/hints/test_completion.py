"""What can follow what is being typed: every count is what a click gives, and nothing withdrawn is offered."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Tag
from articles.records import Status
from articles.search import Question
from articles.search.grammar import LENGTH
from articles.search.hints.completion import OFFERED, Completion, complete, read
from tests.makers import make_article
from tests.reading import found_at, page_at, total_on
from tests.search.grammar.test_grammar import ABUSE as LISTED
from tests.search.indexes import bring_up_to_date, use_index_in

ABUSE = st.one_of(st.sampled_from([text for text in LISTED if len(text) < 2 * LENGTH]), st.text(max_size=30))

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path", "read_at_once")]


@pytest.fixture
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are read for each completion, since each test has its own; and there is time for all words."""
    monkeypatch.setattr("articles.search.names.known.FRESH", 0.0)
    monkeypatch.setattr("articles.search.names.known._shelves", {})
    monkeypatch.setattr("articles.search.hints.completion.SECONDS", 600.0)


@pytest.fixture
def valley(index_path) -> None:
    shared = {"source": "The Ferry Times", "sections": ("Harbour news",)}
    make_article("The ferry sank", text="The ferries sank in ice.", tags=("Ferry", "Ice"), date="1911", **shared)
    make_article("A ferryman speaks", text="A ferry, he said.", tags=("Ferry",), authors=("Jane Ferrier",), **shared)
    make_article("Café burned", text="A fire on the quay.", tags=("Press freedom", "Café"), source="Gazette")
    make_article("مكتبة", text="وصل أحمد إلى مكتبة المدينة.", tags=("الأخبار",), language="ar")
    make_article("Ferrets, a draft", text="Ferrets.", tags=("Ferrets",), status=Status.DRAFT)
    bring_up_to_date()


def offered(text: str, within: Question | None = None) -> list[tuple[str, str, int]]:
    return [(each.kind, each.words, each.count) for each in complete(text, within)]


def of_kind(text: str, *kinds: str, within: Question | None = None) -> list[tuple[str, int]]:
    return [(each.words, each.count) for each in complete(text, within) if each.kind in kinds]


def given_by(completion: Completion) -> int:
    """How many articles its address shows."""
    if completion.url.startswith("/search/"):
        found = found_at(completion.url)
        assert not found.degraded
        return found.total
    page = page_at(completion.url)
    return 1 if completion.kind == "title" else total_on(page)


def test_names_words_and_titles_are_offered(valley):
    assert offered("fer") == [
        ("tag", "Ferry", 2),
        ("source", "The Ferry Times", 2),
        ("author", "Jane Ferrier", 1),
        ("word", "ferry", 2),
        ("word", "ferrier", 1),
        ("word", "ferryman", 1),
        ("title", "The ferry sank", 1),
        ("title", "A ferryman speaks", 1),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "f",
        "fe",
        "fer",
        "ferry har",
        "ferry i",
        "tag:f",
        "title:fer",
        "ferry tag:ic",
        '"the fer',
        "(ice OR fer",
        "press f",
    ],
)
def test_each_count_is_what_its_address_gives(valley, typed):
    for within in (Question(), Question(filters=(("tag", "ferry"),)), Question(since="1911", until="1911")):
        for completion in complete(typed, within):
            assert completion.count == given_by(completion) > 0, completion


def test_a_name_is_found_by_any_of_its_words_and_without_its_accents(valley):
    assert of_kind("times", "source") == [("The Ferry Times", 2)]
    assert of_kind("the ferry t", "source") == [("The Ferry Times", 2)]
    assert of_kind("press fr", "tag") == [("Press freedom", 1)]
    assert of_kind("caf", "tag") == [("Café", 1)]
    assert of_kind("الا", "tag") == [("الأخبار", 1)]


def test_a_name_leads_to_its_page_or_narrows_the_other_words(valley):
    assert complete("ice")[0].url == "/tag/ice/"
    ferry, *_ = complete("sank ferr")
    assert (ferry.words, ferry.count, ferry.url) == ("Ferry", 1, "/search/?q=sank&tag=ferry")
    assert ferry.text == 'sank tag:"Ferry"'


def test_a_name_stands_where_it_can_be_read(valley):
    assert of_kind("ice OR ferr", "tag", "source") == []
    assert of_kind("(ice ferr", "tag", "source") == []


def test_a_field_is_completed_with_what_it_holds(valley):
    assert offered("tag:") == []
    assert offered("tag:ic") == [("tag", "Ice", 1)]
    assert offered('tag:"press fr') == [("tag", "Press freedom", 1)]
    assert offered("by:f") == [("author", "Jane Ferrier", 1)]
    assert {kind for kind, _, _ in offered("title:fer")} == {"title", "word"}
    assert {kind for kind, _, _ in offered("body:fer")} == {"word"}
    assert offered("lang:a") == []


def test_within_a_list_everything_is_of_that_list(valley):
    within = Question(filters=(("source", "gazette"),))
    assert of_kind("fi", "word", within=within) == [("fire", 1)]
    assert offered("fer", within) == []
    assert complete("caf", within)[0].url == "/search/?source=gazette&tag=caf%C3%A9"


def test_nothing_is_offered_for_what_is_finished_excluded_or_a_sign(valley):
    for typed in (
        "",
        " ",
        "ferry ",
        "-fer",
        "-tag:ic",
        "ferry -",
        "=fer",
        "fer*",
        "fer~",
        '"ferry"',
        "tag:",
        "x" * 600,
    ):
        assert complete(typed) == [], typed


def test_what_was_withdrawn_is_not_offered_though_it_is_indexed_still(valley):
    Article.objects.filter(title="A ferryman speaks").update(status=Status.WITHHELD)
    assert offered("ferry") == [
        ("tag", "Ferry", 1),
        ("source", "The Ferry Times", 1),
        ("word", "ferry", 1),
        ("title", "The ferry sank", 1),
    ]
    Article.objects.all().update(status=Status.DRAFT)
    assert offered("ferry") == []
    assert offered("caf") == []


def test_a_form_that_only_withdrawn_articles_have_is_not_offered_though_another_form_is_shown():
    for number in range(3):
        make_article(f"Withheld {number}", text="Several ferrymen spoke, all quarrelled.", language="en")
    make_article("Kept", text="They quarrelling met.", language="en")
    bring_up_to_date()
    assert of_kind("quarr", "word") == [("quarrelled", 4)]
    Article.objects.filter(title__startswith="Withheld").update(status=Status.WITHHELD)
    assert of_kind("quarr", "word") == [("quarrelling", 1)]
    assert of_kind('"they quarr', "word") == [('"they quarrelling"', 1)]


def test_a_renamed_name_is_not_offered_by_what_it_was(valley, monkeypatch):
    monkeypatch.setattr("articles.search.names.known.FRESH", 1000.0)
    assert of_kind("ice", "tag") == [("Ice", 1)]
    tag = Tag.objects.get(name="Ice")
    tag.name = "Frost"
    tag.save()
    assert of_kind("ice", "tag") == []


def test_when_time_is_up_the_commonest_words_are_offered(monkeypatch):
    for word, count in (("quay", 6), ("quarry", 5), ("quarter", 4), ("queen", 3), ("quiet", 2), ("quince", 1)):
        for _ in range(count):
            make_article("Walls", text=word)
    bring_up_to_date()
    every = [("quay", 6), ("quarry", 5), ("quarter", 4), ("queen", 3), ("quiet", 2), ("quince", 1)]
    assert of_kind("qu", "word") == every
    monkeypatch.setattr("articles.search.hints.completion.SECONDS", -1.0)
    assert of_kind("qu", "word") == every[:4]


def test_at_most_ten_are_offered_in_one_order(valley):
    for number in range(30):
        name = f"Quay{number:02}"
        make_article(f"{name} built", text=f"{name} was built.", tags=(name,), sections=(f"{name} news",))
    bring_up_to_date()
    found = complete("quay")
    assert len(found) == OFFERED
    assert found == complete("quay")
    assert [each.kind for each in found] == ["tag", "section"] * 2 + ["word"] * 3 + ["title"] * 3
    assert len(complete("tag:quay")) == OFFERED


def test_without_the_engine_names_are_offered(valley, monkeypatch, tmp_path):
    use_index_in(monkeypatch, tmp_path / "nothing")
    assert [kind for kind, _, _ in offered("ferr")] == ["tag", "source", "author"]
    assert offered("sank ferr") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.one_of(ABUSE, st.text('fericé "(:-*~=ا中“tag', max_size=14)))
def test_whatever_is_typed_completes_to_what_there_is(valley, typed):
    for completion in complete(typed):
        assert completion.count > 0
        assert completion.words
        assert completion.url.startswith("/")


@given(ABUSE)
def test_what_is_typed_is_its_lead_and_its_last_word(typed):
    found = read(typed)
    if found and not (found.quoted or found.field):
        assert found.lead + found.word == typed


# Over HTTP


def test_completions_are_json(valley, client):
    answer = client.get("/search/complete.json", {"q": "ic", "tag": "ferry"})
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "private, max-age=30"
    assert "Accept" in answer["Vary"]
    assert answer.json()[0] == {
        "kind": "tag",
        "kind_words": "Tag",
        "words": "Ice",
        "text": 'tag:"Ice"',
        "count": 1,
        "url": "/search/?tag=ferry&tag=ice",
    }


def test_browsers_get_them_as_opensearch_has_them(valley, client):
    answers = [
        client.get("/search/complete.json", {"q": "ice", "format": "opensearch"}),
        client.get("/search/complete.json?q=ice", headers={"accept": "application/x-suggestions+json"}),
    ]
    for answer in answers:
        assert answer["Content-Type"] == "application/x-suggestions+json"
        text, completions, descriptions, urls = json.loads(answer.content)
        assert (text, completions[0], descriptions[0]) == ("ice", 'tag:"Ice"', "Tag, 1 article")
        assert urls[0] == "http://testserver/tag/ice/"


def test_a_space_ends_a_word(valley, client):
    assert client.get("/search/complete.json?q=ice+").json() == []
    assert client.get("/search/complete.json").json() == []
    assert client.post("/search/complete.json").status_code == 405


def test_strange_addresses_are_answered(valley, client):
    for query in ("q=%00ice", "q=%ED%A0%80", "q=ice&tag=&from=x&page=-1", "q=" + "%22" * 700, "q=ice&sort=newest"):
        assert client.get(f"/search/complete.json?{query}").status_code == 200, query
