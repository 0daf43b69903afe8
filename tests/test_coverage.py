"""The coverage page: each day in its place, the table beside the drawing, nothing that is not published."""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import coverage
from articles.holdings import Tally
from articles.records import Status

from .growth import assert_in_proportion
from .makers import make_article
from .test_pages import elements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Two tests may hold equally many articles."""
    cache.clear()


def tally(**days: int) -> Tally:
    """Of days written y1911_05_30."""
    counted = Tally()
    for name, count in days.items():
        day = name[1:].replace("_", "-")
        for length, labels in ((4, counted.years), (7, counted.months), (10, counted.days)):
            if length <= len(day):
                labels[day[:length]] += count
    return counted


def read(lines: str) -> dict[int, set[int]]:
    """By row, the places that lines cover."""
    covered: dict[int, set[int]] = {}
    for y, dashes in re.findall(r'<path d="M0 (\d+)h366" stroke-dasharray="([^"]+)"/>', lines):
        lengths = [int(length) for length in dashes.split()]
        assert sum(lengths) == coverage.PLACES
        assert len(lengths) % 2 == 0, "an odd number would turn dashes into gaps the second time round"
        ends = [sum(lengths[: number + 1]) for number in range(len(lengths))]
        covered[int(y)] = {
            place for end, length in zip(ends[::2], lengths[::2], strict=True) for place in range(end - length, end)
        }
    return covered


def place(month: int, day: int) -> int:
    return dt.date(2000, month, day).timetuple().tm_yday - 1


def noise(years: int) -> Tally:
    """Days of `years` years, six a week, with any number of articles from none to five."""
    chance, counted, day = random.Random(1), Tally(), dt.date(1911, 1, 1)
    for _ in range(365 * years):
        day += dt.timedelta(days=1)
        if day.weekday() < 6 and (articles := chance.choice((0, 1, 1, 2, 3, 5))):
            counted.years[f"{day.year}"] += articles
            counted.days[day.isoformat()] = articles
    return counted


# -- the drawing


def test_each_day_with_an_article_is_drawn_in_its_place():
    drawing = coverage.draw(tally(y1911_01_01=1, y1911_03_01=1, y1912_02_29=1, y1912_12_31=1))
    assert read(drawing.shades[0].lines) == {
        0: {place(1, 1), place(3, 1)},
        1: {place(2, 29), place(12, 31)},
    }


def test_in_a_year_without_29_february_its_place_is_no_gap():
    drawing = coverage.draw(tally(y1911_02_28=1, y1911_03_01=1))
    assert read(drawing.shades[0].lines) == {0: {place(2, 28), place(2, 29), place(3, 1)}}
    assert [(row.days, row.gap) for row in drawing.rows] == [(2, None)]


def test_the_more_articles_the_stronger_the_shade():
    days = {f"y1911_05_{day:02}": day for day in range(1, 31)}
    drawing = coverage.draw(tally(**days))
    steps = [(shade.number, shade.least, shade.most) for shade in drawing.shades]
    assert steps == [(1, 1, 1), (2, 2, 4), (3, 5, 11), (4, 12, 0)]
    for shade in drawing.shades:
        assert read(shade.lines)[0] == {place(5, day) for day in range(shade.least, 31)}


def test_where_few_shades_are_needed_they_are_the_strongest():
    assert [(shade.number, shade.least, shade.most) for shade in coverage.draw(tally(y1911_05_01=1)).shades] == [
        (4, 1, 0)
    ]


def test_one_day_with_very_many_does_not_make_all_others_pale():
    days = {f"y1911_05_{day:02}": 3 for day in range(1, 31)}
    drawing = coverage.draw(tally(**days, y1912_01_01=10_000))
    assert drawing.shades[-1].least <= 3


def test_empty_days_are_drawn_between_the_first_and_the_last_day_only():
    drawing = coverage.draw(tally(y1911_12_30=1, y1913_01_02=1))
    known = read(drawing.known)
    assert known == {0: {364, 365}, 1: set(range(366)), 2: {0, 1}}


def test_the_longest_gap_of_a_year_is_told_with_its_dates():
    drawing = coverage.draw(tally(y1911_05_01=1, y1911_05_04=1, y1911_05_06=1, y1913_12_31=1))
    gaps = [(row.gap.first.isoformat(), row.gap.last.isoformat(), row.gap.days) for row in drawing.rows if row.gap]
    assert gaps == [
        ("1911-05-07", "1911-12-31", 239),
        ("1912-01-01", "1912-12-31", 366),
        ("1913-01-01", "1913-12-30", 364),
    ]
    assert [row.days for row in drawing.rows] == [3, 0, 1]


def test_years_with_articles_but_no_day_known_have_a_row():
    drawing = coverage.draw(tally(y1909=2, y1911_05_01=1, y1913=3))
    assert [(row.label, row.articles, row.days) for row in drawing.rows] == [
        ("1909", 2, 0),
        ("1910", 0, 0),
        ("1911", 1, 1),
        ("1912", 0, 0),
        ("1913", 3, 0),
    ]
    assert [row.gap for row in drawing.rows] == [None] * 5
    assert drawing.rows[0].url == "/1909/"
    assert drawing.rows[1].url == ""


def test_many_years_without_an_article_are_one_row():
    drawing = coverage.draw(tally(y0987_06_01=1, y1911_05_01=1))
    assert [row.label for row in drawing.rows] == ["0987", "0988–1910", "1911"]
    assert read(drawing.known)[1] == set(range(366))
    assert drawing.rows[1].gap
    assert drawing.rows[1].gap.days == (dt.date(1911, 1, 1) - dt.date(988, 1, 1)).days


def test_the_ends_of_the_calendar_can_be_drawn():
    drawing = coverage.draw(tally(y0001_01_01=1, y9999_12_31=1))
    assert [row.label for row in drawing.rows] == ["0001", "0002–9998", "9999"]
    assert read(drawing.shades[0].lines) == {0: {0}, 2: {365}}


def test_every_day_of_a_long_archive_is_drawn_as_it_is():
    counted = noise(12)
    drawing = coverage.draw(counted)
    for shade in drawing.shades:
        covered = read(shade.lines)
        for row, year in enumerate(range(1911, 1923)):
            days = [dt.date.fromisoformat(day) for day, count in counted.days.items() if count >= shade.least]
            held = {place(day.month, day.day) for day in days if day.year == year}
            leap_day = {59} if 58 in held and year % 4 else set()
            assert covered.get(row, set()) == held | leap_day


def test_a_hundred_and_fifteen_noisy_years_are_drawn_in_150_kilobytes():
    drawing = coverage.draw(noise(115))
    figure = coverage.render_to_string("articles/_held.html", {"drawing": drawing}).partition("</figure>")[0]
    assert 50_000 < len(figure.encode()) < 150_000


def test_drawing_takes_time_in_proportion_to_the_years():
    tallies = {years: noise(years) for years in (8, 64)}
    assert_in_proportion(lambda years: coverage.draw(tallies[years]), 64)


# -- the page


def make_archive() -> None:
    make_article("First", date="1911-05-01", source="The Gazette")
    make_article("Second", date="1911-05-04", source="The Gazette")
    make_article("Third", date="1912-06-01", source="النجمة")
    make_article("Year", date="1913", source="The Gazette")
    make_article("Undated", source="The Gazette")


def table(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2])
    return [[re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_the_page_shows_the_archive_year_by_year(client: Client):
    make_archive()
    page = text_of(client.get("/coverage/"))
    assert "5 articles of 2 sources" in page
    assert "395 days with nothing held" in page
    assert table(page) == [
        ["1911", "2", "2", "241 days: 5 May 1911 to 31 December 1911"],
        ["1912", "1", "1", "152 days: 1 January 1912 to 31 May 1912"],
        ["1913", "1", "0", ""],
    ]
    assert "1 article, no day known" in page
    assert 'href="/1911/"' in page


def test_the_page_of_a_source_shows_it_alone_and_leads_to_its_articles_of_a_year(client: Client):
    make_archive()
    page = text_of(client.get("/coverage/the-gazette/"))
    assert [row[:3] for row in table(page)] == [["1911", "2", "2"], ["1912", "0", "0"], ["1913", "1", "0"]]
    assert table(page)[0][3] == "2 days: 2 May 1911 to 3 May 1911"
    assert 'href="/search/?source=the-gazette&amp;year=1911"' in page
    assert "4 articles, May 1911 to 1913" in page
    assert 'href="/coverage/النجمة/"' in page


def test_where_there_is_one_source_its_page_does_not_count_sources(client: Client):
    make_article(date="1911-05-01", source="The Gazette")
    assert "1 article of 1 source, May 1911" in text_of(client.get("/coverage/"))
    assert "1 article, May 1911" in text_of(client.get("/coverage/the-gazette/"))


def test_the_page_of_a_source_and_the_foot_of_every_page_lead_to_coverage(client: Client):
    make_archive()
    assert 'href="/coverage/the-gazette/"' in text_of(client.get("/source/the-gazette/"))
    assert 'href="/coverage/"' in text_of(client.get("/sections/"))


def test_the_source_that_is_shown_is_marked(client: Client):
    make_archive()
    for address in ("/coverage/", "/coverage/the-gazette/"):
        current = [
            link["href"] for link in elements(client.get(address)).named("a") if link.get("aria-current") == "page"
        ]
        assert current == [address]


def test_what_is_not_published_is_no_day_and_no_source(client: Client):
    make_archive()
    make_article(date="1801-01-01", source="Hidden Post", status=Status.WITHHELD)
    make_article(date="1911-05-02", source="The Gazette", status=Status.DRAFT)
    make_article(date="1801-01-01", source="The Gazette", status=Status.WITHHELD)
    for address in ("/coverage/", "/coverage/the-gazette/"):
        page = text_of(client.get(address))
        assert "Hidden" not in page
        assert "1801" not in page
        assert table(page)[0][2] == "2"
    assert client.get("/coverage/hidden-post/").status_code == 404
    assert client.get("/coverage/nonesuch/").status_code == 404


def test_what_is_withdrawn_is_gone_at_once(client: Client):
    make_archive()
    hidden = make_article(date="1801-01-01", source="The Gazette")
    addresses = ("/coverage/", "/coverage/the-gazette/")
    assert all("1801" in text_of(client.get(address)) for address in addresses)
    hidden.status = Status.WITHHELD
    hidden.save()
    assert not any("1801" in text_of(client.get(address)) for address in addresses)


@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_a_second_look_reads_no_days(client: Client):
    make_archive()
    client.get("/coverage/the-gazette/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/coverage/the-gazette/")
    assert len(captured) <= 4
    assert not any("articles_article" in query["sql"] for query in captured)


def test_an_archive_without_articles_or_without_dates_says_so(client: Client):
    assert "Nothing is kept here yet." in text_of(client.get("/coverage/"))
    make_article(source="The Gazette")
    assert "No article here has a date." in text_of(client.get("/coverage/"))
    assert "No article here has a date." in text_of(client.get("/coverage/the-gazette/"))


def test_a_payload_in_the_name_of_a_source_stays_text(client: Client):
    article = make_article(date="1911-05-01", source="<script>alert(1)</script>")
    make_article(date="1911-05-01", source="The Gazette")
    for address in ("/coverage/", f"/coverage/{article.source.slug}/"):
        assert "<script>alert" not in text_of(client.get(address))


def test_the_days_can_be_reached_by_the_keyboard_and_have_a_name(client: Client):
    make_archive()
    scrolling = [found for found in elements(client.get("/coverage/")).named("div") if found.get("tabindex") == "0"]
    assert len(scrolling) == 2
    assert all(found["role"] == "group" and found["aria-label"] for found in scrolling)
