"""What is held, as the books and the articles themselves tell it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import holdings
from articles.holdings import Holdings, Tally
from articles.models import Article, Period, Source
from articles.records import Dating, Precision, Status

from .makers import make_article, make_source
from .reading import macro

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Two tests may hold equally many articles."""
    cache.clear()


def sentence(**context) -> str:
    return macro("articles/_looked_through.html", "looked_through")(holdings.summary(), **context)


def words(**context) -> str:
    return " ".join(re.sub("<[^>]+>", "", sentence(**context)).split())


def test_an_empty_archive_holds_nothing_and_says_nothing():
    assert holdings.summary() == Holdings()
    assert words() == ""


def test_the_sentence_says_how_much_is_held_of_how_many_sources_and_of_when():
    make_article(date="2011-01-30", source="The Gazette")
    make_article(date="2011-02-02", source="The Star")
    make_article(date="2011-02-02", source="The Star")
    make_article(source="The Star")
    assert holdings.summary() == Holdings(4, 2, "2011-01", "2011-02", 2, 1)
    assert words(searched=True) == (
        "Searched 4 articles of 2 sources, January 2011 to February 2011; 2 days with nothing held; 1 without a date"
    )
    assert 'href="/coverage/"' in sentence(searched=True)
    assert words(here=True).startswith("4 articles of 2 sources")
    assert "href" not in sentence(here=True)


def test_one_article_of_one_month_is_said_in_the_singular():
    make_article(date="1923-05-30", source="The Gazette")
    assert words() == "1 article of 1 source, May 1923"


def test_only_what_is_published_is_counted():
    make_article(date="1923-05-30", source="The Gazette")
    make_article(date="1801-01-01", source="Hidden Post", status=Status.WITHHELD)
    make_article(date="2199-01-01", source="Hidden Post", status=Status.DRAFT)
    gone = make_article(date="1911-05-30", source="The Star")
    gone.delete()
    assert holdings.summary() == Holdings(1, 1, "1923-05", "1923-05", 0, 0)
    assert holdings.tally() == holdings.tally(Source.objects.get(name="The Gazette"))
    assert holdings.tally(Source.objects.get(name="Hidden Post")) == Tally()


def test_where_no_more_than_a_year_is_known_the_sentence_says_no_more():
    make_article(date="1911")
    make_article(date="1923-05-30")
    make_article(date="1958-07")
    assert holdings.summary() == Holdings(3, 0, "1911", "1958-07", 0, 0)
    assert words() == "3 articles, 1911 to July 1958"


def test_empty_days_are_those_between_the_first_and_the_last_day_known():
    make_article(date="1911")
    for day in ("1923-05-30", "1923-05-31T18:45", "1923-06-03"):
        make_article(date=day)
    make_article(date="1924-01")
    assert holdings.summary().empty_days == 2


def test_what_comes_and_goes_is_told_at_once():
    articles = [make_article(date=date) for date in ("1923-05-30", "1924-05-30")]
    assert holdings.summary() == Holdings(2, 0, "1923-05", "1924-05", 365, 0)
    make_article(date="1925-05-30")
    assert holdings.summary().last == "1925-05"
    Article.objects.filter(pk__in=[article.pk for article in articles]).update(status=Status.WITHHELD)
    assert holdings.summary() == Holdings(1, 0, "1925-05", "1925-05", 0, 0)


def test_a_change_that_leaves_the_count_as_it_was_is_told_at_once():
    article = make_article(date="1923-05-30")
    assert holdings.summary().first == "1923-05"
    article.dating = Dating.parse("1924-05-30")
    article.save()
    assert holdings.summary().first == "1924-05"


@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_while_nothing_changes_a_page_costs_one_query_at_any_number_of_days():
    for day in range(1, 29):
        make_article(date=f"1923-02-{day:02}")
    holdings.summary()
    with CaptureQueriesContext(connection) as captured:
        assert holdings.summary().articles == 28
    assert len(captured) == 1


def make_all_kinds(source: str) -> None:
    for date in ("1911", "1911-05", "1911-05-30", "1923-05-30T18:45", "1923-05-30T06:00", "0987-01-02", ""):
        make_article(date=date, source=source)
    open_ended = Dating(earliest=Dating.parse("2017-05-30").earliest, precision=Precision.DAY)
    make_article(date=open_ended, source=source)
    between = Dating(
        earliest=Dating.parse("1930-05").earliest,
        latest=Dating.parse("1931").latest,
        precision=Precision.UNKNOWN,
    )
    make_article(date=between, source=source)


def test_a_source_is_tallied_from_its_articles_as_the_books_count_the_archive():
    make_all_kinds("The Gazette")
    counted = holdings.tally(make_source("The Gazette"))
    assert counted == holdings.tally()
    assert counted.days == {"0987-01-02": 1, "1911-05-30": 1, "1923-05-30": 2, "2017-05-30": 1}
    assert counted.months == {"0987-01": 1, "1911-05": 2, "1923-05": 2, "2017-05": 1}
    assert counted.years == {"0987": 1, "1911": 3, "1923": 2, "1930": 1, "2017": 1}


def test_the_sentence_and_the_tally_agree():
    make_all_kinds("The Gazette")
    total = Period.objects.count_of("all")
    assert holdings.tally().holdings(total, 1) == holdings.summary()
    assert holdings.summary().undated == 1


def test_a_source_is_tallied_in_one_query():
    make_all_kinds("The Gazette")
    make_all_kinds("The Star")
    with CaptureQueriesContext(connection) as captured:
        assert holdings.tally(make_source("The Star")).days["1923-05-30"] == 2
    assert len(captured) == 2, "one of them finds the source"
