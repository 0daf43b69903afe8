"""Dates, bylines and openings as the pages put them into words."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.test import Client

from articles.records import Dating, Known, Precision
from articles.search.question.wording import language_words
from articles.wording import archive

from .makers import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("byline", "authors", "expected"),
    [
        ("By Ann Day", ("Ann Day",), 'By <a href="/author/ann-day/">Ann Day</a>'),
        ("BY ANN DAY", ("Ann Day",), 'BY <a href="/author/ann-day/">Ann Day</a>'),
        ("By staff", ("Ann Day",), 'By staff · <a href="/author/ann-day/">Ann Day</a>'),
        ("", ("Ann Day", "Bo"), '<a href="/author/ann-day/">Ann Day</a> · <a href="/author/bo/">Bo</a>'),
        ("A <b> & C", (), "A &lt;b&gt; &amp; C"),
        ("", (), ""),
    ],
)
def test_authors_in_a_byline_are_links(byline: str, authors: tuple[str, ...], expected: str):
    assert archive.byline(make_article(byline=byline, authors=authors)) == expected


def between(first: str, last: str, precision: Precision, known: Known = Known.PRINTED) -> Dating:
    earliest = Dating.parse(first).earliest if first else None
    latest = Dating.parse(last).latest if last else None
    return Dating(earliest=earliest, latest=latest, precision=precision, known=known)


@pytest.mark.parametrize(
    ("date", "words", "machine", "address"),
    [
        ("2017-05-30", "30 May 2017", "2017-05-30", "/2017/05/30/"),
        ("2017-05-30T18:45", "30 May 2017, 18:45", "2017-05-30T18:45", "/2017/05/30/"),
        ("1923-05", "May 1923", "1923-05", "/1923/05/"),
        ("1911", "1911", "1911", "/1911/"),
        ("0987-01-02", "2 January 987", "0987-01-02", "/0987/01/02/"),
        ("", "date not known", "", "/undated/"),
        (
            between("2017-05-30", "", Precision.DAY, Known.INFERRED),
            "not before 30 May 2017 (inferred)",
            "",
            "/2017/05/30/",
        ),
        (between("", "1899-12-31", Precision.DAY), "not after 31 December 1899", "", "/undated/"),
        (between("1911", "1913", Precision.YEAR), "between 1911 and 1913", "", "/1911/"),
        (between("1923-05-03", "1923-05-09", Precision.DAY), "between 3 May 1923 and 9 May 1923", "", "/1923/05/03/"),
        (between("1923-05", "1923-07", Precision.UNKNOWN), "between 1 May 1923 and 31 July 1923", "", "/1923/"),
    ],
)
def test_a_date_says_as_much_as_is_known_and_links_to_its_period(client: Client, date, words, machine, address):
    article = make_article(date=date)
    assert archive.date_words(article) == words
    assert archive.date_machine(article) == machine
    assert archive.date_url(article) == address
    listed = unquote(client.get(address).content.decode())
    assert article.get_absolute_url() in listed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Short.", "Short."),
        ("One.\n\nTwo.", "One. Two."),
        ("word " * 100, "word " * 44 + "…"),
        ("水" * 500, "水" * 220 + " …"),
    ],
)
def test_an_opening_is_cut_at_a_word_where_there_are_spaces(text: str, expected: str):
    assert archive.opening(make_article(text=text)) == expected


@pytest.mark.parametrize(
    ("dateline", "shown"), [("Osterby", False), ("OSTERBY", False), ("Halvern", True), ("", False)]
)
def test_a_dateline_is_printed_where_the_text_does_not_begin_with_it(client: Client, dateline: str, shown: bool):
    article = make_article(text="Osterby, 3 May. The water rose.", dateline=dateline)
    page = client.get(article.get_absolute_url()).content.decode()
    assert ('class="dateline"' in page) == shown


@pytest.mark.parametrize(
    ("code", "words"), [("ar", "Arabic"), ("zh-Hant", "Traditional Chinese"), ("zh", "Chinese"), ("xx", "xx")]
)
def test_a_language_is_called_by_its_name_where_it_has_one(code: str, words: str):
    assert language_words(code) == words


def test_one_stray_year_does_not_make_the_bars_of_all_others_vanish():
    for date in ("0001", "2017", "2018"):
        make_article(date=date)
    shown = archive.years_as_bars()
    assert [bar.x for bar in shown.bars] == [0, 1, 2]
    assert shown.width == 3
