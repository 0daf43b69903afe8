"""All that a question finds, in the order of its pages."""

from __future__ import annotations

from itertools import chain

import pytest

from articles import search
from articles.models import Article, IndexBacklog
from articles.records import Status
from articles.search import Question, Sort, asking
from articles.search.answers import database, walking
from articles.search.answers.finding import AWAY
from articles.search.engine.errors import IndexBroken, QueryRefused
from tests.makers import make_article
from tests.search.indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


def titles(question: Question) -> list[str]:
    walk = search.walk(question)
    numbers = list(chain.from_iterable(walk.numbers))
    assert len(numbers) == walk.count
    held = Article.objects.in_bulk(numbers)
    return [held[number].title for number in numbers]


def on_pages(question: Question) -> list[str]:
    page = search.find(question)
    pages = [search.find(question.with_(page=number)) for number in range(1, page.pages + 1)]
    return [hit.article.title for page in pages for hit in page.hits]


@pytest.fixture
def ferries(index_path) -> None:
    for number in range(25):
        make_article(
            f"Ferry {number}",
            text="river " * (number % 7 + 1) + "bridge" * (number == 3),
            date=f"19{number:02}" if number else "",
        )


@pytest.mark.usefixtures("ferries")
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["", "river", "ferry -bridge", "date:1905..1920"])
def test_a_walk_is_all_pages_one_after_another_from_the_index_and_from_the_database(text: str, sort: Sort):
    question = Question(text=text, sort=sort)
    from_database = titles(question)
    assert from_database == on_pages(question) != []
    bring_up_to_date()
    assert titles(question) == on_pages(question)
    assert sorted(titles(question)) == sorted(from_database)


def test_numbers_come_some_at_a_time(monkeypatch: pytest.MonkeyPatch):
    for _ in range(5):
        make_article("Ferry")
    bring_up_to_date()
    monkeypatch.setattr(walking, "CHUNK", 2)
    for text in ("", "ferry"):
        assert [len(some) for some in search.walk(Question(text=text)).numbers] == [2, 2, 1]


def test_an_index_that_breaks_on_the_way_leaves_it_to_the_database(monkeypatch: pytest.MonkeyPatch):
    for _ in range(5):
        make_article("Ferry")
    bring_up_to_date()

    def break_off(answer, question):
        yield from [1, 2]
        raise IndexBroken("Half of it is gone.")

    monkeypatch.setattr(asking.Indexed, "keys", break_off)
    walk = search.walk(Question(text="ferry"))
    assert walk.count == len(set(chain.from_iterable(walk.numbers))) == 5
    assert "from the database" in walk.notes[-1]


def test_what_the_engine_refuses_is_refused_with_its_sentence(monkeypatch: pytest.MonkeyPatch):
    def refuse(asker, question, scored):
        raise QueryRefused("Leave out a word.")

    monkeypatch.setattr(asking.Asker, "find", refuse)
    walk = search.walk(Question(text="ferry"))
    assert (walk.refused, walk.count, list(walk.numbers)) == ("Leave out a word.", 0, [])


def test_what_was_withdrawn_is_not_on_the_way_though_the_index_lags():
    kept, gone = make_article("Kept ferry"), make_article("Gone ferry")
    bring_up_to_date()
    Article.objects.filter(pk=gone.pk).update(status=Status.WITHHELD)
    for text in ("", "ferry"):
        assert titles(Question(text=text)) == [kept.title]


def test_notes_of_the_question_come_along():
    assert search.walk(Question(text='"ferry')).notes


@pytest.mark.parametrize("text", ["", "ferry"])
def test_an_index_that_lacks_articles_is_told_of_as_on_the_page(text: str):
    for _ in range(2):
        make_article("Ferry")
    bring_up_to_date()
    IndexBacklog.objects.all().delete()
    make_article("Ferry")
    IndexBacklog.objects.all().delete()
    question = Question(text=text)
    walk, page = search.walk(question), search.find(question)
    assert walk.notes == page.notes == search.counted(question).notes
    assert "2 of 3 articles" in walk.notes[-1]
    assert walk.count == page.total == 2


def test_of_what_is_too_much_to_count_facets_of_a_walk_says_so_where_it_is_to_have_them(
    monkeypatch: pytest.MonkeyPatch,
):
    for _ in range(3):
        make_article("Ferry")
    monkeypatch.setattr(database, "MOST", 1)
    question = Question("ferry")
    assert database.TOO_MANY % {"number": f"{database.MOST:,}"} in search.walk(question, faceted=True).notes
    assert search.walk(question).notes == search.counted(question).notes == (AWAY,)
