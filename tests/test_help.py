"""The help page: every operator with an example that is a search in this archive, and its true number."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import help, search
from articles.models import Article, Image
from articles.records import Status
from articles.search import Question, grammar
from articles.search.grammar.tokens import FIELDS

from .makers import make_article
from .reading import found_at, link_on, page_at, total_on
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db

ADDRESS = "/search/help/"
TEXT = "The ferry left the quay at noon. The ferry came back."


@pytest.fixture(autouse=True)
def _index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")
    cache.clear()


@pytest.fixture
def _archive():
    names = {"source": "The Gazette", "sections": ("World",), "tags": ("press freedom",), "authors": ("Ann Day",)}
    article = make_article(
        "Harbour ferry grounded", text=TEXT, date="1911-05-30", dateline="Osterby", language="en", correction="Noon.",
        **names,
    )  # fmt: skip
    Image.objects.create(article=article, position=0, caption="The lighthouse")
    make_article("Storm damage remembered", text="A storm.", date="1925", language="en", **names)
    bring_up_to_date()


def examples(client: Client) -> dict[str, help.Example]:
    shown = [example_of(term) for term in re.findall("<dt>(.*?)</dt>", page_at(ADDRESS, client))]
    return {example.typed: example for example in shown}


def example_of(term: str) -> help.Example:
    (typed,) = re.findall('<code dir="auto">(.*?)</code>', term)
    total = re.search(r'aria-hidden="true">(\d+)<', term)
    return help.Example(unescape(typed), "", link_on(term, ">"), int(total[1]) if total else None)


def patterns() -> list[str]:
    return [pattern for _name, rows in help.OPERATORS for pattern, _meaning in rows]


@pytest.mark.usefixtures("_archive")
def test_each_number_is_what_the_link_gives(client: Client):
    shown = examples(client)
    assert len(shown) == len(patterns())
    for example in shown.values():
        assert example.total, f"{example.typed} finds nothing"
        assert found_at(example.url).total == total_on(page_at(example.url, client)) == example.total
        assert Question(example.typed).parsed.notes == ()
    assert shown["remembered damage"].total == 1
    assert shown['"storm damage"'].total == 1
    assert shown["remembered OR harbour"].total == 2
    assert shown["re?embered"].total == 1
    assert shown["rememberd~"].total == 1
    assert shown['tag:"press freedom"'].total == 2
    assert shown["date:1911..1925"].total == 2
    assert shown["before:1925"].total == 1
    assert shown["atleast2:ferry"].total == 1
    assert shown["caption:lighthouse"].total == 1


@pytest.mark.usefixtures("_archive")
def test_the_page_links_its_examples_and_says_how_many_they_find(client: Client):
    page = client.get(ADDRESS).content.decode()
    link = '<a href="/search/?q=has:image"><code dir="auto">has:image</code></a>'
    link += ' <span class="count"><span aria-hidden="true">1<'
    assert link in page
    assert "version 2" in page


def test_an_empty_archive_shows_plain_examples_without_links(client: Client):
    shown = examples(client)
    assert len(shown) == len(patterns())
    assert all(not example.url and example.total is None for example in shown.values())
    assert "ferry near/10 harbour" in shown


def test_every_plain_example_is_good_grammar():
    for pattern in patterns():
        parsed = grammar.parse(pattern.format_map(help.PLAIN))
        assert parsed.expression is not None
        assert parsed.notes == ()


def test_every_field_has_an_example():
    shown = " ".join(patterns())
    for field in FIELDS:
        assert f"{field}:" in shown or field == "author", field


@pytest.mark.usefixtures("_archive")
def test_the_words_of_the_examples_are_of_one_language(client: Client):
    make_article("Crecida del puerto antiguo", text="El agua.", date="1930", language="es")
    bring_up_to_date()
    shown = examples(client)
    assert "remembered damage" in shown
    assert "lang:en" in shown


@pytest.mark.usefixtures("_archive")
def test_what_was_withdrawn_is_gone_at_once(client: Client):
    assert "lighthouse" in client.get(ADDRESS).content.decode()
    Article.objects.filter(title__startswith="Harbour").update(status=Status.WITHHELD)
    page = client.get(ADDRESS).content.decode().casefold()
    assert not re.search("lighthouse|grounded|osterby|ferry<", page)


@pytest.mark.usefixtures("_archive")
def test_while_the_index_is_away_the_examples_are_links_without_numbers(client: Client, monkeypatch):
    monkeypatch.setattr("articles.search.asking.Asker.total", lambda *_: 1 / 0)
    shown = examples(client)
    assert shown["remembered damage"].url
    assert shown["remembered damage"].total is None


@pytest.mark.usefixtures("_archive")
def test_a_second_look_asks_little_of_the_database(client: Client):
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as captured:
        client.get(ADDRESS)
    assert len(captured) <= 12


@pytest.mark.usefixtures("_archive")
def test_what_came_in_meanwhile_makes_only_new_examples_be_counted(client: Client, monkeypatch):
    asked: list[str] = []

    def totals(questions: list[Question]) -> list[int | None]:
        asked.extend(question.text for question in questions)
        return real(questions)

    real = search.totals
    monkeypatch.setattr(search, "totals", totals)
    before = set(examples(client))
    make_article("Bells", date="1905", language="en")
    bring_up_to_date()
    after = set(examples(client))
    assert sorted(asked) == sorted(before | after)
    assert after - before == {"after:1905", "date:1905", "date:1905..1925"}


def test_a_count_for_each_question_comes_in_their_order():
    make_article("Flood", text="Water and more water.")
    bring_up_to_date()
    asked = [Question("flood"), Question("nothing"), Question(" ".join(["f*"] * 3)), Question("water")]
    assert search.totals(asked)[:2] == [1, 0]
    assert search.totals(asked)[3] == search.total(Question("water")) == 1
