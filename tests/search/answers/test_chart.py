"""Hits over time: which bars there are, what they stand for, and where they lead."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from articles.forms import SearchForm
from articles.search.answers.chart import MOST_BARS, Chart, chart, unit_for
from articles.search.question import Question
from tests.reading import macro

FERRY = Question(text="ferry")


def drawn(question: Question = FERRY, unit: str = "year", **hits: int) -> Chart:
    """A chart of hits by labels written y1911, y1911_05; 10,000 articles are held in each such period."""
    counts = {label.removeprefix("y").replace("_", "-"): count for label, count in hits.items()}
    shown = chart(question, counts, dict.fromkeys(counts, 10_000), unit)
    assert shown
    return shown


def switches(shown: Chart) -> dict[str, str]:
    return {switch.name: switch.url for switch in (*shown.units, *shown.scales)}


def html(shown: Chart) -> str:
    return macro("articles/_chart.html", "over_time")(shown)


# -- the unit


@pytest.mark.parametrize(
    ("first", "last", "unit"),
    [
        ("1911-03-04", "2025-10-30", "year"),
        ("2010", "2017", "year"),
        ("2011-01-01", "2016-12-31", "month"),
        ("2011-03", "2012-01", "month"),
        ("2017-05-30", "2017-08-30", "month"),
        ("2017-05-30", "2017-08-29", "day"),
        ("2017-05", "2017-05", "day"),
    ],
)
def test_the_longer_the_span_the_longer_the_bars_are(first: str, last: str, unit: str):
    assert unit_for(FERRY, first, last) == unit


@pytest.mark.parametrize(
    ("bars", "first", "last", "unit"),
    [
        ("day", "2017-01-01", "2017-12-31", "day"),
        ("day", "2011-01-01", "2016-12-31", "month"),
        ("day", "1911", "2025", "year"),
        ("month", "1911", "2025", "year"),
        ("month", "1992", "2025", "year"),
        ("month", "1993", "2025", "month"),
        ("year", "2017-05-01", "2017-05-03", "year"),
    ],
)
def test_the_reader_chooses_the_unit_as_far_as_the_bars_can_be_seen(bars: str, first: str, last: str, unit: str):
    assert unit_for(FERRY.with_(bars=bars), first, last) == unit


def test_within_bounds_the_span_is_what_is_asked_for():
    assert unit_for(FERRY.with_(since="1923", until="1923"), "1923-05-03", "1923-05-09") == "month"
    assert unit_for(FERRY.with_(since="1923-05", until="1923-05"), "1923-05-03", "1923-05-09") == "day"


# -- the bars


def test_a_bar_stands_at_its_place_among_all_periods_of_the_span():
    shown = drawn(y1911=2, y1914=4)
    assert (shown.start, shown.end, shown.places) == ("1911", "1914", 4)
    assert [(bar.label, bar.place, bar.hits) for bar in shown.bars] == [("1911", 0, 2), ("1914", 3, 4)]
    assert [bar.height / shown.most for bar in shown.bars] == [0.5, 1]


def test_months_go_on_over_the_end_of_the_year_and_days_over_that_of_the_month():
    assert [bar.place for bar in drawn(unit="month", y1911_11=1, y1912_02=1).bars] == [0, 3]
    assert [bar.place for bar in drawn(unit="day", y1912_02_28=1, y1912_03_01=1).bars] == [0, 2]
    assert drawn(unit="day", y9999_12_30=1, y9999_12_31=1).places == 2
    assert drawn(unit="month", y0001_01=1, y0001_02=1).end == "0001-02"


def test_a_question_with_bounds_shows_the_whole_of_what_it_asks_for():
    shown = drawn(FERRY.with_(since="1923", until="1923"), "month", y1923_05=1)
    assert (shown.start, shown.end, shown.places) == ("1923-01", "1923-12", 12)


def test_a_bound_far_from_all_hits_makes_no_empty_centuries():
    shown = drawn(FERRY.with_(since="1500", until="2199"), "year", y1911=1, y1914=1)
    assert (shown.start, shown.end) == ("1911", "1914")


def test_a_stray_date_leaves_only_the_years_with_hits():
    shown = drawn(y0987=1, y1911=2, y1912=3)
    assert (shown.places, [bar.place for bar in shown.bars]) == (3, [0, 1, 2])
    assert drawn(y1600=1, y1999=1).places == MOST_BARS


@pytest.mark.parametrize("counts", [{}, {"1923": 5}, {"1923": 0, "1924": 0}, {"1923-05": 1, "1923-06": 1}])
def test_fewer_than_two_bars_are_no_chart(counts: dict[str, int]):
    assert chart(FERRY, counts, {}, "year") is None


def test_bounds_the_wrong_way_round_are_no_chart():
    assert chart(FERRY.with_(since="1925", until="1923"), {"1924": 1}, {}, "year") is None
    assert unit_for(FERRY.with_(since="1925", until="1923"), "1924", "1924") in ("year", "month", "day")


def test_hits_outside_of_the_bounds_are_no_bars():
    assert chart(FERRY.with_(since="1923", until="1924"), {"1911": 3}, {}, "year") is None


# -- per 1,000 held


def test_by_rate_the_highest_bar_is_where_most_of_what_is_held_was_found():
    counts, held = {"1911": 50, "1912": 5}, {"1911": 1000, "1912": 10}
    by_number = chart(FERRY, counts, held, "year")
    by_rate = chart(FERRY.with_(rate=True), counts, held, "year")
    assert by_number
    assert by_rate
    assert (by_number.peak.label, by_number.most) == ("1911", 50)
    assert (by_rate.peak.label, by_rate.most) == ("1912", 500)
    assert [bar.rate for bar in by_number.bars] == [bar.rate for bar in by_rate.bars] == [50, 500]


def test_no_rate_is_over_1000_where_fewer_articles_are_counted_as_held_than_were_found():
    shown = chart(FERRY.with_(rate=True), {"1911-01": 3, "1911-02": 1}, {"1911-01": 1}, "month")
    assert shown
    assert [bar.rate for bar in shown.bars] == [1000, 1000]


# -- where it leads


@pytest.mark.parametrize(
    "question",
    [
        FERRY,
        Question(text='from=0&to=0 "a & b" <i>', since="1900", until="1999", rate=True, bars="year", page=3),
        Question(filters=(("source", "ليلى"),), excluded=(("tag", "a&b"),), exact=True, view="lines"),
    ],
)
@pytest.mark.django_db
def test_a_bar_asks_the_same_within_its_period(question: Question):
    for bar in drawn(question, "year", y1911=1, y1912=1).bars:
        assert bar.url == question.with_(since=bar.label, until=bar.label, bars="").url()
        asked = SearchForm(QueryDict(bar.url.partition("?")[2])).question()
        assert asked == question.with_(since=bar.label, until=bar.label, bars="")


def test_the_first_and_the_last_bar_keep_to_the_bounds_of_the_question():
    asked = FERRY.with_(since="1968-05-20", until="1976-05-10T12:30", bars="year")
    shown = drawn(asked, "year", y1968=5, y1970=1, y1976=2)
    assert [bar.url for bar in shown.bars] == [
        FERRY.with_(since="1968-05-20", until="1968-12-31").url(),
        FERRY.with_(since="1970", until="1970").url(),
        FERRY.with_(since="1976", until="1976-05-10T12:30").url(),
    ]
    assert shown.first.url == shown.bars[0].url
    day = drawn(FERRY.with_(since="1968-05", until="1968-05"), "day", y1968_05_01=1, y1968_05_31=1)
    assert [bar.url for bar in day.bars] == [
        FERRY.with_(since=label, until=label).url() for label in ("1968-05-01", "1968-05-31")
    ]


def test_the_next_chart_of_a_year_shows_its_months_and_that_of_a_month_its_days():
    year = SearchForm(QueryDict(drawn(y1911=1, y1912=1).bars[0].url.partition("?")[2])).question()
    assert unit_for(year, "1911-03-05", "1911-03-05") == "month"
    month = SearchForm(QueryDict(drawn(year, "month", y1911_03=1).bars[0].url.partition("?")[2])).question()
    assert unit_for(month, "1911-03-05", "1911-03-05") == "day"


def test_first_last_and_most_are_links_with_their_hits():
    shown = drawn(y1911=2, y1913=9, y1914=4)
    assert [(each.label, each.hits) for each in (shown.first, shown.last, shown.peak)] == [
        ("1911", 2),
        ("1914", 4),
        ("1913", 9),
    ]
    assert shown.first.url == FERRY.with_(since="1911", until="1911").url()


def test_first_and_last_are_as_exact_as_they_are_known():
    shown = chart(FERRY, {"1911": 2, "1913": 1}, {}, "year", first="1911-03-04", last="1913-05")
    assert shown
    assert shown.first.url == FERRY.with_(since="1911-03-04", until="1911-03-04").url()
    assert (shown.first.hits, shown.last.label) == (0, "1913-05")
    assert (shown.start, shown.end) == ("1911", "1913")


def test_switches_lead_to_the_other_scale_and_to_each_unit_that_can_be_seen():
    asked = FERRY.with_(since="1993", until="1994")
    shown = switches(drawn(asked, "year", y1993=1, y1994=1))
    assert shown == {
        "year": asked.with_(bars="year").url(),
        "month": asked.with_(bars="month").url(),
        "whole": FERRY.url(),
        "hits": asked.url(),
        "rate": asked.with_(rate=True).url(),
    }
    assert set(switches(drawn(y1911=1, y2025=1))) == {"hits", "rate"}


@given(
    st.sampled_from(["year", "month", "day"]),
    st.dictionaries(st.dates().map(lambda day: day.isoformat()), st.integers(1, 10**6), min_size=1, max_size=12),
    st.sampled_from(["", "0001", "1923", "1923-05", "2024-02-29T23:59"]),
    st.sampled_from(["", "0001-01-01", "1923", "9999-12-31"]),
    st.booleans(),
)
def test_whatever_was_found_every_bar_has_a_place_and_a_height(unit, days, since, until, rate):
    width = {"year": 4, "month": 7, "day": 10}[unit]
    counts = {day[:width]: count for day, count in days.items()}
    question = Question(since=since, until=until, rate=rate, bars=unit)
    assert unit_for(question, min(days), max(days)) in ("year", "month", "day")
    shown = chart(question, counts, {}, unit)
    if shown:
        assert 2 <= shown.places <= max(MOST_BARS, len(counts))
        assert all(0 <= bar.place < shown.places and 0 < bar.height <= shown.most for bar in shown.bars)
        assert all(0 <= float(mark.x.removesuffix("%")) < 100 for mark in shown.marks)


# -- as it is shown


@pytest.mark.parametrize("question", [FERRY, FERRY.with_(rate=True)])
def test_the_drawing_and_the_table_say_the_same(question: Question):
    cache.clear()
    page = html(drawn(question, "month", y1911_11=1200, y1912_02=3))
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page)
    assert [re.sub("<[^>]+>", " ", row).split() for row in rows] == [
        ["November", "1911", "1,200", "10,000", "120"],
        ["February", "1912", "3", "10,000", "0.3"],
    ]
    assert re.findall("<title>(.*?)</title>", page) == [
        "November 1911: 1,200 of 10,000 held",
        "February 1912: 3 of 10,000 held",
    ]
    assert len(re.findall('<a href="[^"]+" tabindex="-1">', page)) == 2
    assert page.count('viewBox="0 0 4 40"') == 1


def test_no_question_breaks_out_of_an_address():
    page = html(drawn(Question(text="\"><script>'&amp;"), "year", y1911=1, y1912=1))
    assert "<script" not in page
    addresses = {unescape(address) for address in re.findall('href="([^"]*)"', page)}
    assert all(QueryDict(address.partition("?")[2])["q"] == "\"><script>'&amp;" for address in addresses)


def test_a_scale_names_round_periods():
    assert [mark.label for mark in drawn(y1911=1, y2025=1).marks] == ["1920", "1940", "1960", "1980", "2000"]
    assert [mark.label for mark in drawn(unit="month", y2011_03=1, y2014_02=1).marks] == [
        "2011-07",
        "2012-01",
        "2012-07",
        "2013-01",
        "2013-07",
    ]
