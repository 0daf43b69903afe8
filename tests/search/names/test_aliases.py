"""What is asked by another name of a name finds what is filed under it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from articles import following, naming, search
from articles.forms import SearchForm
from articles.models import Author, Source, Tag
from articles.search import Question
from articles.search.names import known
from articles.search.names.aliases import Aliases

from ...makers import make_article
from ..indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


@pytest.fixture
def floods() -> None:
    """Two articles under the name, which was merged with another; one under another name still."""
    make_article("One", tags=("Flod",), source="The Gazette")
    make_article("Two", tags=("The Flood",), authors=("Ann Day",))
    make_article("Three", tags=("Ice",), source="The Herald")
    naming.merge(Tag.objects.get(name="The Flood"), [Tag.objects.get(name="Flod")])
    naming.know_as(Tag.objects.get(name="The Flood"), ["Flod", "High water"])
    naming.rename(Source.objects.get(name="The Gazette"), "The Harbour Gazette")
    naming.know_as(Author.objects.get(), ["A. D."])


INDEXED = pytest.mark.parametrize("indexed", [True, False], ids=["index", "database"])


def found(asked: str) -> list[str]:
    page = search.find(following.asked(asked))
    return sorted(hit.article.title for hit in page.hits)


@INDEXED
@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("tag:flod", ["One", "Two"]),
        ('tag:"FLOD"', ["One", "Two"]),
        ('tag:"high water"', ["One", "Two"]),
        ("tag:water", ["One", "Two"]),
        ("-tag:flod", ["Three"]),
        ("tag:flod OR tag:ice", ["One", "Three", "Two"]),
        ('tag:flod source:"the gazette"', ["One"]),
        ("by:d", ["Two"]),
        ("tag:wate", []),
        ('tag:"water"', []),
        ("?tag=flod", ["One", "Two"]),
        ("?tag=-flod", ["Three"]),
        ("?tag=high-water&source=the-gazette", ["One"]),
        ("?tag=flod&exact=1&q=tag:flod", ["One", "Two"]),
    ],
)
def test_an_alias_finds_what_its_name_finds(floods, indexed, asked, titles):
    if indexed:
        bring_up_to_date()
    assert found(asked) == titles


def test_the_page_says_what_an_alias_stands_for(floods):
    bring_up_to_date()
    assert search.find(Question("tag:flod")).notes == (
        "\u2068Flod\u2069 is another name of \u2068The Flood\u2069 here.",
    )
    assert search.find(Question("tag:flood")).notes == ()


def test_a_value_of_an_address_of_before_is_that_of_today(floods):
    question = SearchForm(QueryDict("tag=flod&tag=-high-water&source=the-gazette&tag=ice")).question()
    assert question.filters == (("source", "the-harbour-gazette"), ("tag", "ice"), ("tag", "the-flood"))
    assert question.excluded == (("tag", "the-flood"),)


def test_questions_without_names_ask_for_no_aliases(floods):
    with CaptureQueriesContext(connection) as asked:
        Aliases().resolved(Question("ferry OR -(date:1923 place:quay lang:ar)").parsed.expression)
        aliases = Aliases()
        for _ in range(3):
            aliases.resolved(Question("tag:flod -tag:flod").parsed.expression)
    assert len(asked) == 1


def test_names_are_completed_from_their_other_names(floods, monkeypatch):
    monkeypatch.setattr(known, "_shelves", {})
    assert [name.name for name in known.beginning("high", ["tag"], 5)] == ["The Flood"]
    assert [name.slug for name in known.beginning("flo", ["tag"], 5)] == ["the-flood"]
    naming.know_as(Tag.objects.get(name="The Flood"), [])
    assert known.beginning("high", ["tag"], 5) == []
