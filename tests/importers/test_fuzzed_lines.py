"""Lines put together from the pieces that bylines, captions and dates are made of: read, whatever comes of it."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import dates
from articles.importers import captions, credits, stamps
from articles.records import Dating, Known

PIECES = """
By by Von Par من بقلم 作者 Author: Written_by Posted Published: Updated on at Ann_Lee Tom_Brisk JR. Reuters (AP)
| • — – - / , ; : [ ? ] © ca. ½ ² Ⅻ “ ” \u200f
June May Mai März juin 13 31 30th 1st 2017 1450 1449 2199 2200 0000 9999 03/04/2017 31/02/2017 2017-06-13 2017-13-45
13.06.17 13.III.1923 MDCCLXXVI 1731/2 1914-1918 1920s Q3 Winter 25:61 18:45 12:00_am
2017年6月13日 二〇一七年 昭和20年8月15日 令和元年5月1日 ١٣_يونيو_٢٠١٧
yesterday on_Tuesday will by_5_June_2030 20_hours_ago stand walks said
Photo: Image_credit Getty_Images Home » World Tags: # Filed_under https://a.example/x Leave_a_Reply Comments
BAGHDAD (Reuters)_—
""".split()
pieces = st.sampled_from([*(piece.replace("_", " ") for piece in PIECES), "\x85", "\u2028"])
texts = st.lists(pieces | st.text(max_size=6), max_size=14).flatmap(
    lambda parts: st.sampled_from([" ", ""]).map(lambda joint: joint.join(parts))
)
many = settings(deadline=None, max_examples=400, database=None)


def in_order(dating: Dating) -> None:
    assert not (dating.earliest and dating.latest and dating.earliest > dating.latest)
    assert bool(dating.earliest or dating.latest) is (dating.known is not Known.UNKNOWN)
    for bound in filter(None, (dating.earliest, dating.latest)):
        assert 1450 <= bound.year <= 2199


@many
@given(st.lists(texts, max_size=5))
@example(["1449/50", "2199-2201"])
def test_dates_of_any_lines_are_in_order_and_rest_on_the_lines(lines):
    printed, told = dates.printed(lines), dates.inferred(lines, lines)
    for dating in (printed, told, dates.narrowed(printed, told)):
        in_order(dating)
    assert all(part in " ".join(lines) or part in lines for part in printed.evidence)
    assert told.known in (Known.INFERRED, Known.UNKNOWN)


@many
@given(texts)
@example("9999-12-31T23:59:59-23:59")
@example("0001-01-01T00:00:00+14:00")
def test_a_value_of_a_program_is_a_date_in_order_or_none(text):
    in_order(dates.stated(text))
    in_order(stamps.read(text))
    in_order(stamps.first([text, text]))
    assert stamps.moment(text) is None or stamps.moment(text).tzinfo is None


@many
@given(texts, st.datetimes(datetime(1900, 1, 1), datetime(2030, 1, 1)))
def test_no_date_is_later_than_the_file(text, came):
    end = came + timedelta(days=2)
    for dating in (dates.printed([text]), dates.inferred([text], [text]), dates.stated(text)):
        bounded = dates.bounded(dating, came)
        in_order(bounded)
        assert bounded == dates.bounded(bounded, came)
        assert all(bound < end for bound in (bounded.earliest, bounded.latest) if bound)
    stamped = stamps.read(text, came)
    assert not stamped.earliest or stamped.earliest <= end


@many
@given(texts)
def test_mentions_stand_in_order_inside_the_text_and_touch_none(text):
    named = dates.mentions(text)
    assert all(0 <= one.start < one.end <= len(text) for one in named)
    assert all(one.end <= other.start for one, other in itertools.pairwise(named))


@many
@given(st.lists(texts.map(str.strip), max_size=4))
def test_what_a_page_says_of_its_article_is_said_in_its_lines(lines):
    byline = credits.byline(lines)
    assert all(name in byline.text for name in byline.authors)
    assert all(0 <= place < len(lines) for place in byline.places)
    assert byline.text in " ".join(lines)
    named, count = credits.tags(lines)
    assert count <= len(lines)
    assert all(any(name in line for line in lines) for name in named)
    assert credits.address(lines) in [*" ".join(lines).split(), ""]


@many
@given(texts)
def test_a_line_is_judged_alike_each_time(text):
    for judge in (credits.is_date_line, credits.is_byline, captions.is_caption, captions.is_credit_only):
        assert judge(text) is judge(text)
    assert credits.dateline(text) in text
    for sections in (
        credits.path_sections(text, "Otters"),
        credits.filed_under(text),
        credits.run_together(text, frozenset({"World", "Otters"})),
    ):
        assert all(section in text for section in sections)
