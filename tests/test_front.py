"""The first page: what came in last, this day in other years, the shape of what is held."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from articles import front
from articles.records import Status

from .makers import make_article
from .reading import page_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_13_april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front.timezone, "now", lambda: dt.datetime(2026, 4, 13, 9, tzinfo=dt.UTC))


def part(page: str, name: str) -> str:
    return re.findall(rf'aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)[0]


def titles(text: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", text)


def test_what_came_in_last_stands_first_and_what_is_latest_by_date_has_its_own_list():
    make_article("Newer paper, stored first", date="2020-01-01")
    make_article("Older paper, stored last", date="1911-01-01")
    make_article("Draft", status=Status.DRAFT)
    page = page_at("/")
    assert titles(part(page, "new")) == ["Older paper, stored last", "Newer paper, stored first"]
    assert titles(part(page, "latest")) == ["Newer paper, stored first", "Older paper, stored last"]
    assert "Draft" not in page


def test_this_day_is_remembered_of_other_years_with_year_and_source():
    make_article("Of old", date="1923-04-13", source="The Gazette")
    make_article("Of today", date="2026-04-13")
    make_article("Of the month alone", date="1950-04")
    make_article("Of another day", date="1950-04-14")
    this_day = part(page_at("/"), "this-day")
    assert titles(this_day) == ["Of old"]
    assert "The Gazette" in this_day
    assert "13 April 1923" in this_day
    assert '<a href="/on/04-13/">Any 13 April</a> <span class="count">1</span>' in this_day


def test_of_many_years_some_are_shown_from_the_first_to_the_last_and_one_article_of_each():
    for year in range(1900, 1950):
        make_article(f"First of {year}", date=f"{year}-04-13")
        make_article(f"Second of {year}", date=f"{year}-04-13")
    this_day = part(page_at("/"), "this-day")
    shown = titles(this_day)
    assert len(shown) == front.YEARS
    assert (shown[0], shown[-1]) == ("First of 1949", "First of 1900")
    assert '<span class="count">100</span>' in this_day


def test_a_day_of_which_nothing_is_held_says_so():
    make_article(date="1923-04-14")
    assert "No article of another year is known to be of 13 April." in page_at("/")


def test_the_shape_of_the_collection_is_told_with_counts():
    make_article(date="1911-01-01", source="The Gazette", sections=("World",), tags=("ice",))
    make_article(source="The Gazette")
    page = page_at("/")
    assert '<a href="/source/the-gazette/" dir="auto">The Gazette</a> <span class="count">2</span>' in page
    assert '<a href="/tag/ice/" dir="auto">ice</a> <span class="count">1</span>' in page
    assert '<a href="/1911/">1911</a> <span class="count">1</span>' in page
    assert re.search(r"2 articles\s+of 1 source", page)


def test_an_empty_archive_leads_to_the_upload(client: Client):
    page = page_at("/")
    assert 'href="/admin/articles/importjob/upload/"' in page
    assert "import_articles" in page
