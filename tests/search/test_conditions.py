"""A question as conditions: whatever the grammar has a part for is found as it says."""

from __future__ import annotations

import datetime as dt

import pytest

from articles.models import Article, Image
from articles.search import Question
from articles.search.conditions import conditions, of_expression, spellings
from articles.search.grammar import (
    All,
    AtLeast,
    Dated,
    Either,
    Expression,
    Fuzzy,
    Has,
    Named,
    Near,
    Not,
    Pattern,
    Phrase,
    Word,
)
from articles.search.grammar.parts import HAS

from ..makers import make_article
from .indexes import backend, bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


@pytest.fixture
def cast() -> dict[str, Article]:
    """Articles by the first word of their titles."""
    made = [
        make_article("Ferry leaves", text="The old ferries left Kiel harbour.", date="1911-04", language="de",
                     source="Gazette", sections=("Local",), tags=("Big storm",), authors=("Jane Smith",),
                     correction="It left late.", dateline="New York"),
        make_article("Storm", text="A ferry, a ferry! " + "Far away. " * 12 + "The harbor.", date="1923",
                     language="pt-BR", tags=("storm",), dateline="York"),
        make_article("Café", text="Nothing came to the cafe.", language="EN"),
    ]  # fmt: skip
    Image.objects.create(article=made[1], caption="A comet over Kiel", url="https://example.org/comet.png")
    bring_up_to_date()
    return {article.title.split()[0].lower(): article for article in made}


def titles(condition: object) -> set[str]:
    keys = [key.rsplit(".", 1)[1] for step in backend().answer(condition).walk() for key in step]
    found = Article.objects.filter(pk__in=keys).values_list("title", flat=True)
    assert len(found) == len(keys)
    return {title.split()[0].lower() for title in found}


EVERYONE = {"ferry", "storm", "café"}
PARTS: dict[str, tuple[Expression, set[str]]] = {
    "a word": (Word("ferry"), {"ferry", "storm"}),
    "a word in the title": (Word("ferry", "title"), {"ferry"}),
    "a word in the text": (Word("storm", "body"), set()),
    "a word in a caption": (Word("kiel", "caption"), {"storm"}),
    "a word just so": (Word("ferries", exact=True), {"ferry"}),
    "a word just so in the title": (Word("cafe", "title", exact=True), set()),
    "a phrase": (Phrase("old ferries"), {"ferry"}),
    "a phrase with an ending that its language does not have": (Phrase("old ferry"), set()),
    "a phrase just so": (Phrase("old ferry", exact=True), set()),
    "a phrase just so with its ending": (Phrase("old ferries", exact=True), {"ferry"}),
    "a beginning": (Pattern("ferr*"), {"ferry", "storm"}),
    "a pattern in the title": (Pattern("?erry", "title"), {"ferry"}),
    "nearly a word": (Fuzzy("harbuor"), {"ferry", "storm"}),
    "one letter wrong": (Fuzzy("harbr", 1), {"storm"}),
    "two letters wrong in the title": (Fuzzy("stroms", 2, "title"), {"storm"}),
    "near": (Near((Word("harbour"), Word("ferries")), 5), {"ferry"}),
    "near in any order": (Near((Phrase("kiel harbour"), Pattern("ferr*"), Word("old")), 3), {"ferry"}),
    "near in a field that one names": (Near((Word("ferry", "title"), Word("leave")), 1), {"ferry"}),
    "so often": (AtLeast(2, Word("ferry")), {"storm"}),
    "so often in a field": (AtLeast(1, Phrase("a comet", "caption")), {"storm"}),
    "filed under": (Named("tag", "storm"), {"ferry", "storm"}),
    "filed under just that": (Named("tag", "storm", exact=True), {"storm"}),
    "of a source": (Named("source", "gazette"), {"ferry"}),
    "by somebody": (Named("author", "jane"), {"ferry"}),
    "of a place": (Named("place", "york"), {"ferry", "storm"}),
    "of just that place": (Named("place", "new york", exact=True), {"ferry"}),
    "in a language": (Named("language", "DE"), {"ferry"}),
    "in a language of a region": (Named("language", "pt-br"), {"storm"}),
    "in a language whatever its region": (Named("language", "pt"), {"storm"}),
    "not in a language that another one begins with": (Named("language", "p"), set()),
    "in a language that is stored in capitals": (Named("language", "en"), {"café"}),
    "with a correction": (Has("correction"), {"ferry"}),
    "with an image": (Has("image"), {"storm"}),
    "with a date": (Has("date"), {"ferry", "storm"}),
    "of a time": (Dated("date", "1911", "1911-04"), {"ferry"}),
    "not": (Not(Word("ferry")), {"café"}),
    "not near": (Not(Near((Word("harbour"), Word("ferries")), 5)), {"storm", "café"}),
    "all of": (All((Word("ferry"), Not(Has("image")))), {"ferry"}),
    "any of": (Either((Has("correction"), All((Word("nothing"), Word("came"))))), {"ferry", "café"}),
}


@pytest.mark.parametrize(("part", "expected"), PARTS.values(), ids=PARTS)
def test_each_part_of_a_question_finds_what_it_says(cast, part: Expression, expected: set[str]):
    assert titles(of_expression(part)) == expected
    assert titles(of_expression(Not(part))) == EVERYONE - expected


def test_every_kind_of_thing_that_an_article_may_have_can_be_asked_for(cast):
    assert {what: len(titles(of_expression(Has(what)))) for what in HAS} == {"correction": 1, "image": 1, "date": 2}


def test_a_question_that_is_exact_makes_every_word_and_phrase_so(cast):
    asked = Question(text="ferry")
    assert titles(conditions(asked)) == {"ferry", "storm"}
    assert titles(conditions(asked.with_(text="ferries", exact=True))) == {"ferry"}
    assert titles(conditions(asked.with_(text='-"old ferry"', exact=True))) == EVERYONE
    inside = All((Either((Word("leaves"), Word("harbor"))), Not(Phrase("kiel harbours"))))
    assert titles(of_expression(inside)) == {"storm"}
    assert titles(of_expression(inside, exact=True)) == {"ferry", "storm"}
    assert titles(of_expression(AtLeast(2, Word("ferries")), exact=True)) == set()


def test_a_question_of_what_came_later_is_exact_to_the_moment(cast):
    moment = dt.datetime(2024, 5, 1, 12, 30, 45, 250_000, tzinfo=dt.UTC)
    for name, microseconds in (("ferry", -1), ("storm", 0), ("café", 1)):
        Article.objects.filter(title=cast[name].title).update(
            created_at=moment + dt.timedelta(microseconds=microseconds), kicker="again"
        )
    bring_up_to_date()
    assert titles(conditions(Question(stored=moment.isoformat()))) == {"café"}
    elsewhere = moment.astimezone(dt.timezone(dt.timedelta(hours=-7)))
    assert titles(conditions(Question(stored=elsewhere.isoformat()))) == {"café"}
    assert titles(conditions(Question(stored="2024-05-01T12:30:45"))) == EVERYONE


def test_filters_and_exclusions_narrow_a_question(cast):
    asked = Question(text="ferry").narrowed("tag", "big-storm")
    assert titles(conditions(asked)) == {"ferry"}
    assert titles(conditions(Question(text="ferry").excluding("tag", "big-storm"))) == {"storm"}
    assert titles(conditions(Question(since="1911", until="1911"))) == {"ferry"}
    languages = Question().narrowed("language", "de").narrowed("language", "pt-BR")
    assert titles(conditions(languages)) == {"ferry", "storm"}


def test_articles_can_be_left_out_by_their_keys(cast):
    assert titles(conditions(Question(), [cast["ferry"].pk])) == {"storm", "café"}
    assert titles(conditions(Question(text="ferry"), [cast["ferry"].pk, 10**9])) == {"storm"}
    assert titles(conditions(Question(text="-ferry"), range(cast["café"].pk, cast["café"].pk + 5000))) == set()


def test_of_equal_scores_the_newest_by_publication_is_first_whatever_else_is_a_date_or_a_number(cast):
    assert backend().store.snapshot().moment == "earliest"


def test_the_code_of_a_language_is_looked_for_in_every_usual_spelling():
    assert spellings("en") == ["en", "EN"]
    assert spellings("pt-br") == ["pt-br", "pt-BR", "PT-BR"]
    assert spellings("ZH-hant-TW") == ["ZH-hant-TW", "zh-Hant-TW", "zh-hant-tw", "ZH-HANT-TW"]
