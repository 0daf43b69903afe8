"""What of a question is marked: by word, as it is written, by pattern, and in the pages of articles."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import cleaning, search
from articles.models import Article, Image, NameRing
from articles.search.grammar import parse
from articles.search.passages.marked import MOST, Marker
from articles.search.passages.marking import Told, passage, rows_of
from articles.search.passages.snippets import marked
from articles.search.question import Question
from articles.wording.archive import story
from tests.growth import assert_in_proportion
from tests.makers import make_article


def shown(typed: str, text: str, exact: bool = False, field: str = "") -> str:
    return marked(text, rows_of(parse(typed).expression, ["en"], exact).of(field), "en")


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("ferry", "Ferries and a ferry", "<mark>Ferries</mark> and a <mark>ferry</mark>"),
        ("=ferry", "Ferries and a Ferry", "Ferries and a <mark>Ferry</mark>"),
        ('="the ferries"', "the ferry, the ferries", "the ferry, <mark>the ferries</mark>"),
        ("=café", "cafe and café", "cafe and <mark>café</mark>"),
        ("ferry -storm", "ferry, storm", "<mark>ferry</mark>, storm"),
        ("ferry OR storm", "ferry, storm", "<mark>ferry</mark>, <mark>storm</mark>"),
        ("atleast2:ferry", "ferry", "<mark>ferry</mark>"),
        ("ferry near/3 storm", "storm, ferry", "<mark>storm</mark>, <mark>ferry</mark>"),
        ("tag:ferry", "ferry", "ferry"),
        ("", "ferry", "ferry"),
    ],
)
def test_what_a_question_looks_for_is_marked(typed, text, expected):
    assert shown(typed, text) == expected


def test_of_a_question_for_exact_words_only_these_are_marked():
    assert shown("ferry", "ferries, ferry", exact=True) == "ferries, <mark>ferry</mark>"


def test_what_is_looked_for_in_one_field_can_be_marked_there_alone():
    assert shown("title:ferry storm", "ferry, storm", field="body") == "ferry, <mark>storm</mark>"
    assert shown("title:ferry storm", "ferry, storm", field="title") == "<mark>ferry</mark>, <mark>storm</mark>"


def test_a_passage_has_marks_only_in_the_fields_that_were_asked_for():
    told = [Told("body", "Ferry and storm."), Told("caption", "A ferry, a storm."), Told("body", "The ferry.")]

    def best(typed: str) -> str:
        return passage(told, rows_of(parse(typed).expression, ["en"]), "en")

    assert best("title:ferry") == "Ferry and storm. A ferry, a storm. The ferry."
    assert (
        best("caption:ferry storm")
        == "Ferry and <mark>storm</mark>. A <mark>ferry</mark>, a <mark>storm</mark>. The ferry."
    )
    assert best("body:ferry") == "<mark>Ferry</mark> and storm. A ferry, a storm. The <mark>ferry</mark>."
    assert best("ferry").count("<mark>") == 3
    assert passage([], rows_of(parse("ferry").expression, ["en"]), "en") == ""


@pytest.mark.django_db
def test_what_is_looked_for_in_the_headline_is_not_marked_in_the_text(index_path):
    article = make_article("The ferry", text="A ferry came.", language="en")
    Image.objects.create(article=article, caption="Ferry at night")
    search.rebuild()
    (hit,) = search.find(Question("title:ferry")).hits
    assert (hit.title, hit.snippet) == ("The <mark>ferry</mark>", "A ferry came. Ferry at night")
    (hit,) = search.find(Question("caption:ferry")).hits
    assert (hit.title, hit.snippet) == ("The ferry", "A ferry came. <mark>Ferry</mark> at night")
    page = marks_in(article, "title:ferry")
    assert (page.total, page.title.count("<mark"), page.text.count("<mark")) == (1, 1, 0)
    assert marks_in(article, "body:ferry").title == "The ferry"
    assert [line.words for line in search.concordance(Question("title:ferry")).lines] == ["ferry"]
    assert [passage.field for passage in search.why(Question("title:ferry"), article).passages] == ["Headline"]


@pytest.mark.django_db
def test_a_pattern_and_a_misspelt_word_mark_the_words_of_this_archive(index_path):
    make_article(text="The ferry and the ferryman met two ferries at the harbour.")
    search.rebuild()
    text = "ferry, ferryman, ferries, harbour, ferocious"
    assert shown("ferry*", text) == "<mark>ferry</mark>, <mark>ferryman</mark>, ferries, harbour, ferocious"
    assert shown("f?rries", text) == "ferry, ferryman, <mark>ferries</mark>, harbour, ferocious"
    assert shown("harbuor~", text) == "ferry, ferryman, ferries, <mark>harbour</mark>, ferocious"


@pytest.mark.django_db
def test_without_an_index_patterns_are_not_marked_and_words_are(index_path):
    assert shown("ferr* storm", "ferry, storm") == "ferry, <mark>storm</mark>"


# Pages of articles


def article_of(body: str, **values: object) -> Article:
    cleaned = cleaning.clean(body, "text/html")
    article = make_article(text="", language="en", **values)
    Article.objects.filter(pk=article.pk).update(
        body=body, body_type="text/html", body_html=cleaned.html, body_text=cleaned.text
    )
    return Article.objects.get(pk=article.pk)


def marks_in(article: Article, typed: str, **asked: object) -> search.Marked:
    return search.mark(article, Question(typed, **asked), story(article))


def without_marks(html: str) -> str:
    """What is left when marks and arrows are taken away."""
    return re.sub(r'<span class="steps">.*?</span>|</?mark[^>]*>', "", html)


@pytest.mark.django_db
def test_marks_are_numbered_through_the_whole_article():
    article = article_of(
        "<p>A ferry came.</p><p>No other ferry did.</p>",
        title="The ferry",
        standfirst="Ferries at sea",
        correction="It was no ferry.",
    )
    Image.objects.create(article=article, caption="The ferry at night")
    marks = marks_in(article, "ferry")
    assert marks.total == 6
    assert 'id="mark-1">ferry' in marks.title
    assert 'id="mark-2">Ferries' in marks.standfirst
    assert 'id="mark-3">ferry' in marks.correction
    assert 'id="mark-4">ferry' in marks.text
    assert 'id="mark-5">ferry' in marks.text
    assert 'id="mark-6">ferry' in "".join(marks.captions.values())


@pytest.mark.django_db
def test_each_mark_leads_to_its_neighbours():
    marks = marks_in(article_of("<p>ferry ferry ferry</p>", title="Boats"), "ferry")
    steps = re.findall(r'<span class="steps">(.*?)</span>', marks.text)
    assert [re.findall(r'class="(\w+)" href="(#mark-\d+)"', step) for step in steps] == [
        [("on", "#mark-2")],
        [("back", "#mark-1"), ("on", "#mark-3")],
        [("back", "#mark-2")],
    ]


@pytest.mark.django_db
def test_the_words_that_stand_there_are_counted():
    marks = marks_in(article_of("<p>Ferries, a ferry, the harbour, a Ferry</p>", title="Boats"), "ferry harbour")
    assert [(word.words, word.times, word.first) for word in marks.named] == [
        ("ferry", 2, 2),
        ("ferries", 1, 1),
        ("harbour", 1, 3),
    ]


@pytest.mark.django_db
def test_a_phrase_is_marked_across_tags_inside_a_line_and_not_across_paragraphs():
    marks = marks_in(article_of("<p>the <b>old</b> ferry</p><p>the old</p><p>ferry</p>", title="Boats"), '"old ferry"')
    assert marks.total == 1
    assert '<b><mark>old</mark></b><mark id="mark-1"> ferry</mark>' in marks.text
    assert without_marks(marks.text).count("ferry") == 2


@pytest.mark.django_db
def test_arrows_of_marks_in_a_link_stand_behind_it():
    body = '<p>See <a href="https://example.org/">the ferry, the other ferry</a> and a ferry.</p>'
    marks = marks_in(article_of(body, title="Boats"), "ferry")
    link = re.search(r"<a [^>]*example.*?</a>", marks.text)
    assert link is not None
    assert link[0].count("<mark") == 2
    assert link[0].count("<a ") == 1
    assert '</a><span class="steps"><a class="on" href="#mark-3"' in marks.text


@pytest.mark.django_db
def test_what_was_escaped_stays_escaped():
    body = "<p>R&amp;D &lt;script&gt;alert(1)&lt;/script&gt; the ferry &amp;amp; co, a&nbsp;ferry</p>"
    article = article_of(body, title="<b>Ferry</b> & co", standfirst='"ferry"')
    marks = marks_in(article, "ferry script")
    assert "<script" not in marks.text
    assert "&lt;<mark" in marks.text
    assert marks.title.startswith("&lt;b&gt;<mark")
    assert unescape(without_marks(marks.text)) == unescape(str(story(article)))


@pytest.mark.django_db
def test_the_marks_of_an_article_are_bounded():
    marks = marks_in(article_of("<p>" + "ferry " * 2 * MOST + "</p>", title="Boats"), "ferry")
    assert marks.total == MOST
    assert marks.is_cut
    assert marks.text.count("<mark") == MOST


@pytest.mark.django_db
def test_names_of_a_ring_are_marked_unless_they_are_left_out():
    NameRing.objects.create(names="Veldhaven\nOld Quay")
    article = article_of("<p>Veldhaven is the Old Quay.</p>", title="Names")
    assert [word.words for word in marks_in(article, "Veldhaven").named] == ["veldhaven", "old quay"]
    assert [word.words for word in marks_in(article, "Veldhaven", not_also=("Old Quay",)).named] == ["veldhaven"]


INLINE = ["<b>", "</b>", "<i>", "</i>", "<br>", '<a href="https://example.org/?a=1&amp;b=2" title="a > b">', "</a>"]
BLOCKS = ["<p>", "</p>", "<li>", "<table><tr><td>", "</table>", "<pre>", "</pre>"]
WORDS = ["ferry", "old", " ", "ferries ", "&lt;", "&amp;", "é", "<", ">", '"', "old ferry "]
TAGGED = st.lists(st.sampled_from([*INLINE, *BLOCKS, *WORDS]), max_size=40).map("".join)


def body_in_marks(body: str, typed: str) -> tuple[str, int]:
    marker = Marker(rows_of(parse(typed).expression, ["en"]), "en")
    pieces = marker.body(body)
    return marker.write(pieces), marker.total


@given(TAGGED, st.sampled_from(["ferry", '"old ferry"', "old", "lt amp"]))
def test_marks_change_nothing_but_themselves(body, typed):
    cleaned = cleaning.clean(body, "text/html")
    shown, total = body_in_marks(cleaned.html, typed)
    assert unescape(without_marks(shown)) == unescape(cleaned.html)
    assert cleaning.clean(without_marks(shown), "text/html").html == cleaning.clean(cleaned.html, "text/html").html
    assert re.findall(r'id="mark-(\d+)"', shown) == [str(number) for number in range(1, total + 1)]


@given(TAGGED, st.sampled_from(["ferry", "old", '"old ferry"']))
def test_a_page_has_as_many_marks_as_the_text_has_places(body, typed):
    """So that a line of a concordance can lead to its mark."""
    cleaned = cleaning.clean(body, "text/html")
    marker = Marker(rows_of(parse(typed).expression, ["en"]), "en")
    found = marker.places_in([Told("body", text) for text in cleaned.text.split("\n\n")])
    assert body_in_marks(cleaned.html, typed)[1] == sum(len(places) for _, places in found)
    one_by_one = Marker(marker.rows, "en")
    assert found == [(text, one_by_one.places("body", text)) for text, _ in found]


def test_a_text_that_is_no_html_is_left_as_it_is():
    assert body_in_marks("<p>a ferry < a boat</p>", "ferry") == ("<p>a ferry < a boat</p>", 0)


@pytest.mark.parametrize("piece", ["ferry <b>x</b> ", "<b>", "<p>ferry</p>", '<a "', "<b>ferry</b>", "<br>"])
def test_a_long_text_is_marked_in_linear_time(piece):
    assert_in_proportion(lambda times: body_in_marks(f"<p>{piece * times}</p>", "ferry"), 12_000)


@pytest.mark.django_db
def test_the_page_of_an_article_marks_what_its_address_asks_for(client):
    article = article_of("<p>A ferry came.</p>", title="The ferry")
    page = client.get(f"{article.get_absolute_url()}?q=ferry&exact=1&not_also=x").content.decode()
    assert page.count('id="mark-') == 2
    assert "<mark" not in page.split("<head>")[1].split("</head>")[0]
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in page
    assert 'href="/search/?q=ferry&amp;exact=1&amp;not_also=x"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["", "  ", '"', "((((", "-", "*", "tag:x", "\x00", "a" * 5000, "near/5", "%00<script>"]
)
def test_nonsense_in_the_address_of_an_article_changes_nothing(client, typed):
    article = article_of("<p>A ferry came.</p>", title="The ferry")
    page = client.get(article.get_absolute_url(), {"q": typed})
    assert page.status_code == 200
    assert "<mark" not in page.content.decode().replace("a <mark>", "")


@pytest.mark.django_db
def test_a_withheld_article_shows_no_marks(client):
    article = make_article(text="A ferry came.", status="withheld")
    assert client.get(f"/article/{article.pk}/", {"q": "ferry"}).status_code == 404
