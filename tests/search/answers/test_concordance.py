"""Lines of words in their context: one for each place, in three kinds of order."""

from __future__ import annotations

import re
from importlib import import_module
from unittest.mock import Mock

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import escape

from articles import holdings, search
from articles.models import Article, Image, NameRing
from articles.records import Status
from articles.search import LineSort, Question, Sort, concordance
from articles.search.answers.concordance import direction
from articles.search.engine.errors import QueryRefused
from articles.wording.archive import story
from tests.makers import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]
module = import_module("articles.search.answers.concordance")


def lines(text: str, **asked: object) -> list[tuple[str, str, str]]:
    found = concordance(Question(text, **asked))
    return [(line.before.strip(), line.words, line.behind.strip()) for line in found.lines]


@pytest.fixture
def ferries():
    make_article(
        "Boats", text="The old ferry sank.\n\nA new ferry came; no ferries left.", date="1923-05-30", language="en"
    )
    make_article("The ferry", text="Zebras saw it.", date="1924-01-01", language="en")
    search.rebuild()


def test_there_is_one_line_for_each_place(ferries):
    assert lines("ferry", sort=Sort.OLDEST) == [
        ("The old", "ferry", "sank."),
        ("A new", "ferry", "came; no ferries left."),
        ("A new ferry came; no", "ferries", "left."),
        ("The", "ferry", ""),
    ]


def test_lines_can_be_in_the_order_of_the_word_before_or_behind(ferries):
    assert [before for before, _, _ in lines("ferry", lines=LineSort.LEFT)] == [
        "A new",
        "A new ferry came; no",
        "The old",
        "The",
    ]
    assert [behind for _, _, behind in lines("ferry", lines=LineSort.RIGHT)] == [
        "came; no ferries left.",
        "left.",
        "sank.",
        "",
    ]


def test_lines_come_as_the_articles_do(ferries):
    assert [words for _, words, _ in lines("ferry", sort=Sort.NEWEST)] == ["ferry", "ferry", "ferry", "ferries"]


def test_each_line_leads_to_its_mark(ferries, client):
    for line in concordance(Question("ferry")).lines:
        url, _, name = line.url.partition("#")
        page = client.get(url).content.decode()
        assert f'<mark id="{name}">{line.words}</mark>' in page


def test_as_many_lines_as_marks_are_counted(ferries):
    article = Article.objects.get(title="Boats")
    Image.objects.create(article=article, caption="A ferry")
    found = concordance(Question("ferry", sort=Sort.OLDEST))
    of_article = [line for line in found.lines if line.article == article]
    assert len(of_article) == search.mark(article, Question("ferry"), story(article)).total == 4


def test_what_stands_beside_is_cut_at_a_word_and_ends_with_its_paragraph(ferries):
    make_article("Long", text=f"{'before ' * 40}ferry{' behind' * 40}\n\nAnother paragraph.", language="en")
    search.rebuild()
    [(before, _, behind)] = [line for line in lines("ferry") if "…" in line[0]]
    assert re.fullmatch(r"…( before)+", before)
    assert re.fullmatch(r"(behind )+…", behind)


def test_a_page_has_so_many_articles_and_no_page_is_beyond_the_last(monkeypatch):
    monkeypatch.setattr(module, "ARTICLES", 2)
    for number in range(5):
        make_article(text=f"Ferry number {number}.", date=f"192{number}")
    search.rebuild()
    asked = Question("ferry", sort=Sort.OLDEST, view="lines")
    pages = [concordance(asked.with_(page=page)) for page in (1, 2, 3, 9)]
    assert [[line.behind.strip() for line in page.lines] for page in pages] == [
        ["number 0.", "number 1."],
        ["number 2.", "number 3."],
        ["number 4."],
        ["number 4."],
    ]
    assert [page.question.page for page in pages] == [1, 2, 3, 3]
    assert pages[0].pages
    assert pages[0].pages.next_url == "/search/?q=ferry&sort=oldest&view=lines&page=2"


def test_in_the_order_of_words_the_first_articles_are_looked_at_and_a_note_says_so(monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    monkeypatch.setattr(module, "LINES", 1)
    for number in range(5):
        make_article(text=f"Ferry number {number}.", date=f"192{number}")
    search.rebuild()
    found = concordance(Question("ferry", sort=Sort.OLDEST, lines=LineSort.RIGHT, page=2))
    assert (found.total, found.looked_at, found.listed) == (2, 2, 5)
    assert [line.behind.strip() for line in found.lines] == ["number 1."]
    assert found.notes == ("These are the lines of the first 2 results only, of 5 that were found.",)


def test_when_the_time_is_up_no_further_article_is_looked_at_and_the_lines_so_far_are_shown(monkeypatch):
    monkeypatch.setattr(module, "SECONDS", -1.0)
    for number in range(5):
        make_article(text=f"Ferry number {number}.")
    search.rebuild()
    for order in LineSort:
        found = concordance(Question("ferry", lines=order))
        assert (len(found.lines), found.looked_at) == (1, 1)
        assert found.notes == ("These are the lines of the first result only, of 5 that were found.",)


def test_no_more_articles_are_looked_at_when_there_are_as_many_lines_as_can_be_put_in_order(monkeypatch):
    monkeypatch.setattr(module, "SORTED", 5)
    for _ in range(4):
        make_article(text="ferry " * 3)
    search.rebuild()
    found = concordance(Question("ferry", lines=LineSort.LEFT))
    assert (len(found.lines), found.looked_at, found.total) == (6, 2, 6)
    assert found.notes == ("These are the lines of the first 2 results only, of 4 that were found.",)


def test_the_articles_of_a_page_share_its_room_so_that_none_is_left_out(monkeypatch):
    monkeypatch.setattr(module, "ON_PAGE", 8)
    for _ in range(4):
        make_article(text="ferry " * 3)
    search.rebuild()
    found = concordance(Question("ferry"))
    assert (len(found.lines), found.looked_at, found.total) == (8, 4, 12)
    assert len({line.article for line in found.lines}) == 4
    assert found.notes == ("Of an article at most 2 lines are shown.",)


def test_an_article_with_very_many_places_shows_the_first(monkeypatch):
    monkeypatch.setattr(module, "OF_ONE", 3)
    make_article("Boats", text="ferry " * 10)
    search.rebuild()
    found = concordance(Question("ferry"))
    assert (len(found.lines), found.total) == (3, 10)
    assert found.notes == ("Of an article at most 3 lines are shown.",)


def test_what_was_withdrawn_has_no_line_though_the_index_lags(ferries):
    Article.objects.filter(title="Boats").update(status=Status.WITHHELD)
    assert [line.article.title for line in concordance(Question("ferry")).lines] == ["The ferry"]
    assert concordance(Question("ferry", lines=LineSort.LEFT)).listed == 1


def test_without_words_there_are_no_lines_and_a_note_says_what_to_do(ferries):
    for asked in (Question(), Question("tag:x"), Question("-ferry")):
        found = concordance(asked)
        assert found.lines == ()
        assert "type a word" in found.notes[-1]


def test_without_an_index_a_note_says_so():
    found = concordance(Question("ferry"))
    assert found.lines == ()
    assert "being rebuilt" in found.notes[-1]


def test_what_is_refused_says_why(ferries, monkeypatch):
    monkeypatch.setattr(module.asking.Asker, "find", Mock(side_effect=QueryRefused("Too many words: leave some out.")))
    assert concordance(Question("ferry")).notes == ("Too many words: leave some out.",)


def test_exact_words_only_have_lines_of_these_alone(ferries):
    assert {words for _, words, _ in lines("ferry", exact=True)} == {"ferry"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("The ferry", "ltr"), ("قال أحمد", "rtl"), ("12 — قال ferry", "rtl"), ("123", "ltr"), ("", "ltr")],
)
def test_a_line_has_the_direction_of_its_text(text, expected):
    assert direction(text) == expected


def rendered(question: Question) -> str:
    request = RequestFactory().get("/search/")
    context = {"lines": concordance(question), "question": question, "holdings": holdings.summary()}
    return render_to_string("articles/lines.html", context, request)


@pytest.mark.parametrize("order", [LineSort.ARTICLES, LineSort.RIGHT])
def test_of_printings_of_one_story_one_has_lines_and_the_page_says_so_and_leads_to_each(order):
    numbers = [make_article(f"Boats {number}", text="The ferry came.").pk for number in range(3)]
    Article.objects.filter(pk__in=numbers).update(story=numbers[0])
    search.rebuild()
    asked = Question("ferry", view="lines", lines=order)
    found = concordance(asked)
    assert (found.total, found.looked_at, found.listed, found.found) == (1, 1, 1, 3)
    page = rendered(asked)
    assert "1 place in 1 story (3 articles)" in page
    assert f'<a href="{escape(asked.with_(apart=True).url())}">Each printing by itself</a>' in page
    apart = rendered(asked.with_(apart=True))
    assert "3 places in 3 articles<" in apart
    assert f'<a href="{escape(asked.url())}">Printings together</a>' in apart


def test_the_page_shows_lines_orders_and_pages_and_escapes_all(ferries):
    make_article("<b>Boats</b>", text="<script>alert(1)</script> the ferry & the sea", source="R&D <Press>")
    search.rebuild()
    page = rendered(Question("ferry", view="lines"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; the " in page
    assert "R&amp;D &lt;Press&gt;" in page
    assert page.count("<mark>") == len(concordance(Question("ferry")).lines) == 5
    assert 'href="/search/?q=ferry&amp;view=lines&amp;lines=left"' in page
    assert 'href="/search/?q=ferry"' in page


def test_the_page_of_an_arabic_text_runs_from_right_to_left():
    make_article("خبر", text="قال أحمد إن العبارة غرقت في الميناء أمس", language="ar")
    search.rebuild()
    assert '<p class="place" dir="rtl" lang="ar">' in rendered(Question("العبارة", view="lines"))


def test_the_number_of_queries_does_not_grow_with_the_articles(django_assert_max_num_queries):
    for number in range(12):
        make_article(text=f"Ferry number {number}.", source=f"Paper {number}")
    search.rebuild()
    with django_assert_max_num_queries(6):
        assert len(concordance(Question("ferry")).lines) == 12


def test_the_lines_of_a_search_have_an_address(ferries, client):
    page = client.get("/search/?q=ferry&view=lines&lines=right").content.decode()
    assert page.count('<p class="place"') == 4


def test_above_the_lines_stands_what_is_asked_and_each_part_can_be_taken_away(ferries, client):
    page = client.get("/search/?q=ferry+-storm&view=lines").content.decode()
    assert '<a href="/search/?q=ferry&amp;view=lines" title="Take away">' in page
    assert '<a href="/search/?q=-storm&amp;view=lines" title="Take away">' in page


def test_lines_say_what_else_was_looked_for_with_a_way_out_and_what_was_looked_through(ferries, client):
    NameRing.objects.create(names="ferry\nharbour")
    page = client.get("/search/?q=ferry&view=lines").content.decode()
    assert "Also looking for" in page
    assert 'href="/search/?q=ferry&amp;not_also=harbour&amp;view=lines"' in page
    assert 'href="/search/?q=ferry&amp;exact=1&amp;view=lines"' in page
    assert "Searched " in page


def test_past_the_last_page_of_lines_a_note_tells(ferries):
    assert concordance(Question("ferry", page=9, view="lines")).notes == ("There is no page 9; this is the last.",)
    assert concordance(Question("ferry", page=9, view="lines", lines=LineSort.LEFT)).notes[0].startswith("There is no")
