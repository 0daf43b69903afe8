"""Tags that the archive has and an article could have."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import naming, suggesting
from articles.models import Article, Tag

from .growth import assert_in_proportion
from .makers import make_article
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(tmp_path, monkeypatch) -> None:
    """There is none until a test brings it up to date."""
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")


def names(article: Article) -> list[str]:
    return [suggestion.tag.name for suggestion in suggesting.suggested(article)]


def reasons(article: Article) -> dict[str, str]:
    return {suggestion.tag.name: suggestion.why for suggestion in suggesting.suggested(article)}


def tags(*words: str) -> None:
    Tag.objects.named(words)


def test_tags_whose_words_stand_in_the_article_are_suggested():
    tags("Ferry", "Port Aldery", "Otter", "Ferry Port", "Fer", "Harbour Board of Port Aldery")
    article = make_article("The FERRY is late", text="At Port\nAldery the ferry lay still. Otters were seen.")
    assert set(names(article)) == {"Ferry", "Port Aldery"}
    assert reasons(article)["Ferry"] == "in the headline; 2 times in the article"
    assert reasons(article)["Port Aldery"] == "1 time in the article"


def test_a_tag_is_suggested_by_its_other_names():
    tags("Ferry")
    naming.know_as(Tag.objects.get(), ["Packet boat"])
    assert reasons(make_article(text="The packet boat sailed.")) == {
        "Ferry": "1 time in the article; as Packet boat",
    }


def test_a_tag_that_the_article_has_is_not_suggested():
    assert names(make_article("The ferry", tags=("Ferry",))) == []


def test_words_of_two_sentences_make_no_tag():
    tags("Ice storm", "Covid-19")
    assert names(make_article(text="There was ice. Storm followed, and Covid-19.")) == ["Covid-19"]


def test_the_headline_tells_more_than_the_text_and_often_more_than_once():
    tags("Quay", "Ferry", "Otter")
    article = make_article("An otter", text="The ferry lay at the quay. The ferry stayed.")
    assert names(article) == ["Otter", "Ferry", "Quay"]


def test_a_tag_that_most_articles_have_says_nothing():
    for _ in range(8):
        make_article(tags=("News",))
    tags("Otter")
    assert names(make_article("News of an otter")) == ["Otter"]


def test_words_that_stand_in_many_articles_that_are_not_tagged_with_them_tell_less():
    for number in range(60):
        make_article(text=f"It was new, said the mayor; number {number}.")
    make_article(text="It was new.", tags=("New",))
    make_article(text="The dredger came.", tags=("Dredger",))
    article = make_article(text="It was new, and the dredger was seen.")
    bring_up_to_date()
    assert names(article) == ["Dredger"]


def test_tags_of_articles_like_it_are_suggested_where_several_have_them():
    for title in ("One", "Two", "Three"):
        make_article(title, text="The dredger clears silt from the sluice at Osterby.", tags=("Waterways",))
    make_article("Four", text="The dredger clears silt from the sluice.", tags=("Alone",))
    for number in range(12):
        make_article(text=f"Cricket on the green, match {number}.")
    article = make_article("Five", text="A dredger clears silt at the sluice of Osterby.")
    bring_up_to_date()
    assert reasons(article) == {"Waterways": "3 articles like it have it"}


def test_what_it_asks_does_not_grow_with_the_tags():
    article = make_article("The ferry", text="The ferry lay at the quay. " * 20)
    tags("Ferry")
    with CaptureQueriesContext(connection) as few:
        assert names(article) == ["Ferry"]
    tags(*(f"Tag number {number}" for number in range(3000)))
    with CaptureQueriesContext(connection) as many:
        assert names(article) == ["Ferry"]
    assert len(many) == len(few)


def test_a_long_text_is_read_in_proportion():
    assert_in_proportion(lambda size: list(suggesting._runs("quay ferry otter " * (size // 3))), 4000)


def test_a_text_without_an_end_is_read_to_a_bound():
    assert sum(1 for _ in suggesting._runs("a " * 500_000)) <= suggesting.READ * suggesting.LONGEST
    assert names(make_article("x" * 500, text="y" * 300_000)) == []
