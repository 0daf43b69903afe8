"""The one shape that crosses the border, and its written form."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime

import pytest

from articles.records import (
    ArticleRecord,
    Dating,
    Guidance,
    ImageRecord,
    Known,
    LineKind,
    Precision,
    Refused,
    Status,
    from_json,
    last_of_month,
    to_json,
)

FULL = ArticleRecord(
    title="Otters delay the ferry",
    body="<p>The ferry did not sail.</p>",
    body_type="text/html",
    received="The ferry did not sail.\r\n",
    page=((LineKind.METADATA, "Otters delay the ferry\r\n\r\n"), (LineKind.BODY, "The ferry did not sail.\r\n")),
    kicker="Harbour",
    standfirst="Nobody minded.",
    byline="By Tom Brisk",
    authors=("Tom Brisk",),
    source="Harbour Post",
    sections=("Local", "Harbour"),
    tags=("otters", "ferry"),
    dateline="PORT ALDERY",
    language="en",
    canonical_url="https://example.org/otters",
    date=Dating.between(date(1936, 11, 12), None, Precision.DAY, Known.INFERRED, ("on Thursday",)),
    status=Status.DRAFT,
    correction="There were three otters.",
    editors_note="Told by a child.",
    images=(
        ImageRecord(caption="The nest", credit="Ilse Barr", paragraph=1),
        ImageRecord(url="otters.jpg", alt="Otters"),
    ),
    captured=datetime(2003, 4, 5, 6, 7),
)


def test_every_field_has_a_value_that_the_round_trip_can_lose():
    blank = ArticleRecord(title="")
    for field in dataclasses.fields(ArticleRecord):
        if field.name != "place":
            assert getattr(FULL, field.name) != getattr(blank, field.name), field.name


def test_a_record_comes_back_from_json_as_it_was():
    assert from_json(json.loads(json.dumps(to_json(FULL)))) == FULL


def test_what_is_empty_or_as_by_default_is_not_written():
    assert to_json(ArticleRecord(title="Otters", body="Text.")) == {"title": "Otters", "body": "Text."}


def test_the_place_in_a_file_is_no_part_of_the_article():
    here, there = ArticleRecord(title="Otters", place="line 1"), ArticleRecord(title="Otters", place="line 2")
    assert here == there
    assert "place" not in to_json(here)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "expected an object"),
        ("Otters", "expected an object"),
        ({}, "title: missing"),
        ({"title": " "}, "title: missing"),
        ({"title": 1}, "title: expected text, found int"),
        ({"title": "Otters", "headline": "Otters"}, "headline: no such field"),
        ({"title": "Otters", "tags": "otters"}, "tags: expected a list"),
        ({"title": "Otters", "tags": [1]}, "tags: expected text"),
        ({"title": "Otters", "status": "hidden"}, "status: 'hidden' is not one of"),
        ({"title": "Otters", "body_type": "text/rtf"}, "body_type"),
        ({"title": "Otters", "date": 1936}, "date: expected text or an object"),
        ({"title": "Otters", "date": "12.11.1936"}, "date: '12.11.1936' is not a date"),
        ({"title": "Otters", "date": "9999-13"}, "date"),
        ({"title": "Otters", "date": {"day": 12}}, "date.day: no such field"),
        ({"title": "Otters", "date": {"earliest": "soon"}}, "date.earliest: 'soon' is not a time"),
        ({"title": "Otters", "date": {"known": "printed"}}, "neither an earliest nor a latest"),
        ({"title": "Otters", "date": {"earliest": "1937-01-01", "latest": "1936-01-01"}}, "after the latest"),
        ({"title": "Otters", "images": [1]}, "images[0]: expected an object"),
        ({"title": "Otters", "images": [{"paragraph": "1"}]}, "images[0].paragraph: expected a whole number"),
        ({"title": "Otters", "page": [["body"]]}, "page: expected pairs"),
        ({"title": "Otters", "page": [["lead", "x"]]}, "page: 'lead' is not one of"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_name(values, said):
    with pytest.raises(Refused) as refusal:
        from_json(values)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("1923", datetime(1923, 1, 1), datetime(1923, 12, 31, 23, 59), Precision.YEAR),
        ("1923-02", datetime(1923, 2, 1), datetime(1923, 2, 28, 23, 59), Precision.MONTH),
        ("9999-12", datetime(9999, 12, 1), datetime(9999, 12, 31, 23, 59), Precision.MONTH),
        ("1889-03-04", datetime(1889, 3, 4), datetime(1889, 3, 4, 23, 59), Precision.DAY),
        ("1923-05-30T18:45", datetime(1923, 5, 30, 18, 45), datetime(1923, 5, 30, 18, 45), Precision.MINUTE),
    ],
)
def test_a_date_may_be_written_as_one_string(text, first, last, precision):
    dating = Dating.parse(text)
    assert (dating.earliest, dating.latest, dating.precision) == (first, last, precision)
    assert dating.known is Known.PRINTED
    assert from_json({"title": "Otters", "date": text}).date == dating


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("1923/1925", datetime(1923, 1, 1), datetime(1925, 12, 31, 23, 59), Precision.UNKNOWN),
        ("1923-05/1923-06", datetime(1923, 5, 1), datetime(1923, 6, 30, 23, 59), Precision.YEAR),
        ("1923-05-03/1923-05-09", datetime(1923, 5, 3), datetime(1923, 5, 9, 23, 59), Precision.MONTH),
        ("1923-05-30/..", datetime(1923, 5, 30), None, Precision.DAY),
        ("../1923-05", None, datetime(1923, 5, 31, 23, 59), Precision.MONTH),
    ],
)
def test_a_date_may_be_an_interval(text, first, last, precision):
    dating = Dating.parse(text)
    assert (dating.earliest, dating.latest, dating.precision) == (first, last, precision)
    assert dating.known is Known.PRINTED


@pytest.mark.parametrize("text", ["1923~", "1923?", "1923%"])
def test_a_date_that_is_not_sure_is_inferred(text):
    assert Dating.parse(text) == dataclasses.replace(Dating.parse("1923"), known=Known.INFERRED)


@pytest.mark.parametrize("text", ["1925/1923", "../..", "/", "1923/x", "?", "1923/1924/1925"])
def test_an_interval_that_is_none_is_refused(text):
    with pytest.raises(Refused, match="is not a date"):
        Dating.parse(text)


@pytest.mark.parametrize("text", ["19230530", "1923-5-30", "30 May 1923", "May 1923", "19230530T1845", "soon"])
def test_a_date_written_otherwise_is_refused_with_the_forms_that_would_do(text):
    with pytest.raises(Refused, match="write 1923, 1923-05"):
        Dating.parse(text)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(1904, 2, 1), date(1904, 2, 29)),
        (date(1900, 2, 28), date(1900, 2, 28)),
        (date(2017, 12, 31), date(2017, 12, 31)),
        (date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_the_last_day_of_a_month(day, last):
    assert last_of_month(day) == last


def test_an_open_interval_has_only_an_earliest_bound():
    dating = Dating.between(date(2017, 5, 30), None, Precision.DAY, Known.INFERRED)
    assert (dating.earliest, dating.latest) == (datetime(2017, 5, 30), None)


def test_records_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        FULL.title = "Badgers"  # type: ignore[misc]
    assert Guidance().sections == frozenset()
