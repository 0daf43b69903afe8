"""What a text says about its own date. The day of the test never matters: nothing here knows it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from articles import dates
from articles.records import Dating, Known, Precision
from tests.growth import assert_in_proportion

DAY, MONTH, YEAR, MINUTE, UNKNOWN = (
    Precision.DAY,
    Precision.MONTH,
    Precision.YEAR,
    Precision.MINUTE,
    Precision.UNKNOWN,
)


def bounds(dating: Dating) -> tuple[date | None, date | None]:
    earliest = dating.earliest.date() if dating.earliest else None
    return earliest, dating.latest.date() if dating.latest else None


@pytest.mark.parametrize(
    ("lines", "first", "last", "precision"),
    [
        # One day, in the ways that papers print it.
        (["June 13, 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["Tuesday, June 13th 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["13 June 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["Sept. 5, 2001"], (2001, 9, 5), (2001, 9, 5), DAY),
        (["2017-06-13"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["2017/6/13"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["Posted on 13/06/2017 by Vortex"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["06/13/2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["13.06.2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["October 12, 2018/0 Comments/in Local /by admin"], (2018, 10, 12), (2018, 10, 12), DAY),
        # Other languages.
        (["13 juin 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["1er août 2017"], (2017, 8, 1), (2017, 8, 1), DAY),
        (["13. Juni 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["1. März 1952"], (1952, 3, 1), (1952, 3, 1), DAY),
        (["13 de junio de 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["13 de março de 2017"], (2017, 3, 13), (2017, 3, 13), DAY),
        (["13 giugno 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["13 июня 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["13 Haziran 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["١٣ يونيو ٢٠١٧"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["13 كانون الثاني 2017"], (2017, 1, 13), (2017, 1, 13), DAY),
        (["2017年6月13日"], (2017, 6, 13), (2017, 6, 13), DAY),
        # Before 1900, and at the ends of the calendar.
        (["4 March 1889"], (1889, 3, 4), (1889, 3, 4), DAY),
        (["July 14, 1789"], (1789, 7, 14), (1789, 7, 14), DAY),
        (["29 February 1904"], (1904, 2, 29), (1904, 2, 29), DAY),
        # Only a month, only a year.
        (["Published June 2017"], (2017, 6, 1), (2017, 6, 30), MONTH),
        (["Februar 1912"], (1912, 2, 1), (1912, 2, 29), MONTH),
        (["2017年6月"], (2017, 6, 1), (2017, 6, 30), MONTH),
        (["1911"], (1911, 1, 1), (1911, 12, 31), YEAR),
        # A day that may be two: never one of them at random.
        (["03/04/2017"], (2017, 3, 4), (2017, 4, 3), YEAR),
        (["03-04-2017"], (2017, 3, 4), (2017, 4, 3), YEAR),
        (["04/04/2017"], (2017, 4, 4), (2017, 4, 4), DAY),
        (["03.04.2017"], (2017, 4, 3), (2017, 4, 3), DAY),
        (["03/04/2017", "3 April 2017"], (2017, 4, 3), (2017, 4, 3), DAY),
        (["03/04/2017", "April 2017"], (2017, 4, 1), (2017, 4, 3), MONTH),
        # Several dates: publication before revision, what agrees narrows, what does not is an interval.
        (["January 28, 2018", "Updated: August 22, 2019"], (2018, 1, 28), (2018, 1, 28), DAY),
        (["Updated: August 22, 2019 | Published: January 28, 2018"], (2018, 1, 28), (2018, 1, 28), DAY),
        (["Published on", "April 21, 2022"], (2022, 4, 21), (2022, 4, 21), DAY),
        (["Last modified", "April 30, 2022", "Published on", "April 21, 2022"], (2022, 4, 21), (2022, 4, 21), DAY),
        (["June 2017", "13 June 2017"], (2017, 6, 13), (2017, 6, 13), DAY),
        (["12 June 2017", "14 June 2017"], (2017, 6, 12), (2017, 6, 14), MONTH),
        (["May 2, 2017", "14 June 2017"], (2017, 5, 2), (2017, 6, 14), YEAR),
        (["December 10, 2021April 9, 2019 by Luke"], (2019, 4, 9), (2021, 12, 10), UNKNOWN),
        # A day that is no day leaves its month.
        (["31 February 2011"], (2011, 2, 1), (2011, 2, 28), MONTH),
    ],
)
def test_printed_dates(lines, first, last, precision):
    dating = dates.printed(lines)
    assert bounds(dating) == (date(*first), date(*last))
    assert dating.precision is precision
    assert dating.known is Known.PRINTED
    assert dating.evidence


@pytest.mark.parametrize(
    ("lines", "moment"),
    [
        (["By Evan, August 14, 2020 2:30 pm", "14 Aug 2020 2:30 pm"], datetime(2020, 8, 14, 14, 30)),
        (["Posted by Michael on November 19, 2019, 6:21 AM EST"], datetime(2019, 11, 19, 6, 21)),
        (["November 20", "15:23 2019"], datetime(2019, 11, 20, 15, 23)),
        (["Nov 20 15:23:07 2019"], datetime(2019, 11, 20, 15, 23)),
        (["2019-11-19T06:21:00Z"], datetime(2019, 11, 19, 6, 21)),
        (["Publié le 13 juin 2017 à 18h45 | Mis à jour le 14 juin 2017"], datetime(2017, 6, 13, 18, 45)),
        (["PUBLISHED: 10:48, Tue, Nov 19, 2019"], datetime(2019, 11, 19, 10, 48)),
        (["June 13, 2017", "June 13, 2017 12:05 a.m."], datetime(2017, 6, 13, 0, 5)),
    ],
)
def test_a_printed_time_narrows_its_day_to_the_minute(lines, moment):
    dating = dates.printed(lines)
    assert (dating.earliest, dating.latest, dating.precision) == (moment, moment, MINUTE)


@pytest.mark.parametrize("line", ["June 13, 2017 25:61", "June 13, 2017 at 99:10"])
def test_a_time_that_is_none_leaves_the_day(line):
    assert dates.printed([line]).precision is DAY


def test_two_times_on_one_day_are_the_day():
    assert dates.printed(["June 13, 2017 10:00", "June 13, 2017 10:05"]).precision is DAY


@pytest.mark.parametrize(
    "line", ["Updated: June 13, 2017", "Last modified on 13 June 2017", "Mis à jour le 13 juin 2017"]
)
def test_an_article_is_no_younger_than_its_revision(line):
    dating = dates.printed([line])
    assert bounds(dating) == (None, date(2017, 6, 13))
    assert dating.known is Known.PRINTED
    assert dating.evidence == (line,)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["20 hours ago"],
        ["13/06/17"],
        ["June 13"],
        ["Version 2017.06"],
        ["1234567"],
        ["2017 votes", "0 Comments"],
        ["99 June 20177"],
        ["13/13/2017"],
        ["June 13, 9017"],
        ["x" * 100_000],
    ],
)
def test_what_is_no_date_gives_none(lines):
    assert dates.printed(lines) == Dating()


def test_the_evidence_is_the_line_that_says_so():
    dating = dates.printed(["By Jane Doe", "June 13, 2017 | 3 comments", "Share"])
    assert dating.evidence == ("June 13, 2017 | 3 comments",)


PICTURE = "Boats wait at the outer quay of Port Aldery on March 14, 2019."
NEWS = "The ministry said in a statement on Friday that it had sent a delegation."


@pytest.mark.parametrize(
    ("paragraphs", "captions", "day"),
    [
        # The date of a picture is a bound by itself, 14 March was a Thursday; a weekday close after it moves the bound.
        ([], [PICTURE], (2019, 3, 14)),
        ([NEWS], [PICTURE], (2019, 3, 15)),
        (["It said so on Thursday."], [PICTURE], (2019, 3, 14)),
        (["It said so on Sunday."], [PICTURE], (2019, 3, 17)),
        # A weekday further off may as well be one before: that would be a guess.
        (["It said so on Monday."], [PICTURE], (2019, 3, 14)),
        (["It said so on Wednesday."], [PICTURE], (2019, 3, 14)),
        # Of several days the latest counts; an old one among them is history.
        (
            ["On 11 May 2018 it was closed. It was opened on 12 January 2019, and closed again on Friday."],
            [],
            (2019, 1, 12),
        ),
        (["The crew was brought home on 12 January 2019.", "Yesterday it sailed again."], [], (2019, 1, 12)),
        (["Am 12. Januar 2019 lief das Schiff ein, sagte der Kapitän gestern."], [], (2019, 1, 12)),
        (["عادت السفينة في 12 يناير 2019، وقال القبطان اليوم إنها بخير."], [], (2019, 1, 12)),
        # What is still to come says nothing.
        (["They will meet on 5 June 2030, it said on Friday."], [PICTURE], (2019, 3, 14)),
        (["The work is to end by 5 June 2030, it said yesterday."], [PICTURE], (2019, 3, 14)),
        (["It said yesterday that the quay stays closed until 5 June 2030."], [PICTURE], (2019, 3, 14)),
        (["La réunion aura lieu le 5 juin 2030, dit-il hier."], [PICTURE], (2019, 3, 14)),
        (["They will sail on Friday."], [PICTURE], (2019, 3, 14)),
        # Before 1900 too.
        (["The steamer went ashore on July 13, 1898, and was got off yesterday."], [], (1898, 7, 13)),
    ],
)
def test_the_text_says_the_earliest_day(paragraphs, captions, day):
    dating = dates.inferred(paragraphs, captions)
    assert dating.earliest == datetime.combine(date(*day), time.min)
    assert dating.latest is None
    assert (dating.precision, dating.known) == (DAY, Known.INFERRED)
    assert dating.evidence


@pytest.mark.parametrize(
    "paragraphs",
    [
        [],
        ["The ferry did not sail."],
        ["It said so on Friday."],
        # A date in a text that does not speak of the last days is a subject, not a time of writing.
        ["The treaty was signed on 4 July 1776 by fifty-six men."],
        # A later year in the text shows that the day is history.
        ["The treaty was signed on 4 July 1776.", "It was printed again in 1923.", "Yesterday a copy was sold."],
        ["They will meet on 5 June 2030, it said on Friday."],
        ["It was closed in June 2017 and opened again, it said yesterday."],
    ],
)
def test_a_text_that_does_not_say_leaves_the_date_unknown(paragraphs):
    assert dates.inferred(paragraphs) == Dating()


def test_the_evidence_of_an_inference_is_the_sentences_it_rests_on():
    dating = dates.inferred(["It rained. " + NEWS + " Nobody answered."], [PICTURE])
    assert dating.evidence == (PICTURE, NEWS)


def test_a_printed_date_stands_whatever_the_text_tells():
    printed = dates.printed(["June 13, 2017"])
    assert dates.narrowed(printed, dates.inferred([NEWS], [PICTURE])) == printed


def test_between_what_the_text_tells_and_the_revision_is_an_interval():
    dating = dates.narrowed(dates.printed(["Updated: March 20, 2019"]), dates.inferred([NEWS], [PICTURE]))
    assert bounds(dating) == (date(2019, 3, 15), date(2019, 3, 20))
    assert (dating.precision, dating.known) == (MONTH, Known.PRINTED)
    assert dating.evidence == ("Updated: March 20, 2019", PICTURE, NEWS)


def test_a_revision_before_what_the_text_tells_stands_alone():
    revised = dates.printed(["Updated: March 1, 2019"])
    assert dates.narrowed(revised, dates.inferred([NEWS], [PICTURE])) == revised


def test_without_a_printed_date_the_text_is_all_there_is():
    told = dates.inferred([NEWS], [PICTURE])
    assert dates.narrowed(Dating(), told) == told


def test_mentions_say_where_in_the_text_they_are():
    text = "Closed on 11 May 2018, opened on January 12, 2019; see 03/04/2019."
    named = dates.mentions(text)
    assert [text[mention.start : mention.end] for mention in named] == ["11 May 2018", "January 12, 2019", "03/04/2019"]
    assert [mention.exact for mention in named] == [date(2018, 5, 11), date(2019, 1, 12), None]


def test_a_line_of_many_dates_takes_no_longer_than_its_length():
    assert_in_proportion(lambda count: dates.printed(["2017 May 3 " * count]), 8_000)


@pytest.mark.parametrize("piece", ["3 May 2017, ", "by 3 May 2017, ", "2017-05-03 "])
def test_a_sentence_of_many_dates_takes_no_longer_than_its_length(piece):
    assert_in_proportion(lambda count: dates.inferred(["Yesterday it rained.", piece * count]), 5_000)


def test_a_deadline_is_known_far_into_a_sentence():
    told = "The harbour " + "and the quay " * 100 + "must be cleared by 3 May 2017."
    assert dates.inferred(["The ferry sank on 1 May 2017, as was said yesterday.", told]).earliest == datetime(
        2017, 5, 1
    )
