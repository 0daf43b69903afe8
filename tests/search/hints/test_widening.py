"""What a search finds besides what was typed is told, as this archive writes it."""

from __future__ import annotations

import pytest

from articles import search
from articles.models import Article
from articles.records import Status
from articles.search import Question
from articles.search.asking import Asker
from articles.search.hints.widening import FORMS, Widened, widening
from tests.makers import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


@pytest.fixture
def papers():
    make_article("Boats", text="A ferry, two ferries, ferries again; the café and the cafes.", language="en")
    make_article("Cafe", text="The cafe of the ferries.", language="en")
    search.rebuild()


@pytest.mark.parametrize(
    ("typed", "endings", "accents"),
    [
        ("ferry", ("ferries",), ()),
        ("ferries", ("ferry",), ()),
        ("cafe", ("cafes",), ("café",)),
        ("ferry ferries", (), ()),
        ("ferry cafe", ("ferries", "cafes"), ("café",)),
        ("=ferry", (), ()),
        ("ferr*", (), ()),
        ("storm -ferry", (), ()),
        ("", (), ()),
    ],
)
def test_forms_with_other_endings_and_accents_are_told(papers, typed, endings, accents):
    assert widening(Question(typed), Asker()) == Widened(endings, accents)


def test_when_only_exact_words_are_looked_for_nothing_is_widened(papers):
    assert not widening(Question("ferry", exact=True), Asker())


def test_it_is_said_in_a_line(papers):
    said = str(widening(Question("cafe"), Asker())).replace("\u2068", "").replace("\u2069", "")
    assert said == "cafes (endings); café (accents)"
    assert str(Widened()) == ""


def test_of_a_word_the_commonest_forms_are_told():
    for number, ending in enumerate("ed ing s er ers ingly edly".split()):
        make_article(text=f"Float{ending}.", language="en")
        for _ in range(number):
            make_article(text=f"floated and float{ending}", language="en")
    search.rebuild()
    found = widening(Question("float"), Asker())
    assert len(found.endings) <= FORMS
    assert found.endings[0] == "floated"


def test_forms_of_withdrawn_articles_are_not_told_though_the_index_lags(papers):
    Article.objects.filter(title="Boats").update(status=Status.WITHHELD)
    assert widening(Question("cafe ferry"), Asker()) == Widened(("ferries",), ())
