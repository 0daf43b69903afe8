"""The dates that a text names, and where in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from articles.dates.intervals import spanning
from articles.dates.numerals import ROMAN_MONTH, ROMAN_YEAR, number
from articles.dates.words import EVENED, FIRST_YEAR, LAST_YEAR, MONTH_NUMBER, WEEKDAY_NUMBER, any_of
from articles.records import Dating, Known, Precision, last_of_month

_Parts = dict[str, str | None]

# Any word may be read as a month and is then looked up; that is faster than to search for some hundred names.
_TWO_WORDS = any_of([name for name in MONTH_NUMBER if " " in name])
_WORD = rf"{_TWO_WORDS}|[^\W\d_]{{3,12}}"
_MONTH = rf"(?P<month>{_WORD})\.?"
_UNTIL_MONTH = rf"(?P<until_month>{_WORD})\.?"
# A year that began in March had its winter counted twice: 11 February 1731/2.
_YEAR = rf"(?P<year>\d{{4}}|{ROMAN_YEAR}(?![A-Za-z]))(?:[/-](?P<next_year>\d{{1,2}}|\d{{4}})(?!\d))?(?!\d)"
_ORDINAL = r"(?:st|nd|rd|th|er|re|d|º|ª)?\.?"
_DAY = rf"(?P<day>\d{{1,2}}){_ORDINAL}"
_UNTIL_DAY = rf"(?P<until_day>\d{{1,2}}){_ORDINAL}"
_NOT_IN_WORD = r"(?<![^\W\d_])"
_NOT_IN_NUMBER = r"(?<![\d/.-])"
_CLOCK = r"(?:\s{1,2}\d{1,2}:\d{2}(?::\d{2})?)?"
_OF = r"\s{0,3}(?:(?:day\s)?(?:de|of|di|i)\s{1,2})?"
_BEFORE_YEAR = r",?\s{0,3}(?:(?:de|del|of|in the year|anno)\s{1,2})?"
_TO = r"\s?(?:[-–—/]|to|bis|au|al|and|und|et)\s?"
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
_CHINESE = "[〇零一二三四五六七八九十]"


@dataclass(frozen=True, slots=True)
class Mention:
    """A date that a text names, with its place in the text. `exact` is its one day, if it names one without doubt."""

    dating: Dating
    start: int
    end: int

    @property
    def exact(self) -> date | None:
        moment = self.dating.earliest
        return moment.date() if moment and self.dating.precision in (Precision.DAY, Precision.MINUTE) else None


def mentions(text: str) -> list[Mention]:
    """The dates with a year that a text names, in its order."""
    evened = text if text.isascii() else text.translate(EVENED)
    found: list[Mention] = []
    if not _MAY_BE_YEAR.search(evened):
        return found
    taken = bytearray(len(evened))
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(evened):
            dating = read(match.groupdict())
            if dating and not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * len(match[0])
                found.append(_weighed(evened, Mention(dating, match.start(), match.end())))
    return sorted(found, key=lambda mention: mention.start)


def _weighed(text: str, mention: Mention) -> Mention:
    """The mention with what stands beside it: a weekday decides between two days, a doubt makes it a guess."""
    before, behind = text[max(0, mention.start - 15) : mention.start], text[mention.end : mention.end + 2]
    if mention.dating.precision not in (Precision.DAY, Precision.MINUTE) and (named := _WEEKDAY.search(before)):
        days = _days_named(mention.dating, WEEKDAY_NUMBER.get(named["weekday"].lower()))
        return replace(mention, dating=days[0]) if len(days) == 1 else mention
    if _DOUBT.search(before) or behind.lstrip("] ").startswith("?"):
        return replace(mention, dating=replace(mention.dating, known=Known.INFERRED))
    return mention


def _days_named(dating: Dating, weekday: int | None) -> list[Dating]:
    """The ends of 03/04/2017 that fall on a weekday."""
    ends = [bound.date() for bound in (dating.earliest, dating.latest) if bound]
    return [Dating.on(day) for day in ends if day.weekday() == weekday]


_WEEKDAY = re.compile(r"(?<![^\W\d_])(?P<weekday>[^\W\d_]{3,10})\.?,?\s{1,3}(?:the\s|den\s|le\s)?$")
_DOUBT = re.compile(r"\b(?:c\.|ca\.?|circa|about|around|um|vers|hacia|около)\s?$|\[$", re.IGNORECASE)
_MAY_BE_YEAR = re.compile(rf"(?<!\d)\d{{4}}(?!\d)|\b(?=M[MDCLXVI]{{3}}){ROMAN_YEAR}\b|年")


def year(parts: _Parts) -> int | None:
    """The year; of a double one the later, which is the one that we count."""
    found = number(parts["year"] or "")
    later = parts.get("next_year") or ""
    if later and found < YEARS_BEGIN_IN_JANUARY and str(found + 1).endswith(later):
        found += 1
    return found if FIRST_YEAR <= found <= LAST_YEAR else None


# The last country of Western Europe that counted from another day was Great Britain.
YEARS_BEGIN_IN_JANUARY = 1753


def _of_words(parts: _Parts) -> Dating | None:
    return _of_calendar(year(parts), _month(parts["month"]), parts.get("day"))


def _month(name: str | None) -> int:
    return MONTH_NUMBER.get((name or "").lower(), 0)


def _of_numbers(parts: _Parts) -> Dating | None:
    return _of_calendar(year(parts), number(parts["month_number"] or ""), parts.get("day"))


def _of_era(parts: _Parts) -> Dating | None:
    counted = _ERAS[parts["era"] or ""] + number(parts["era_year"] or "")
    return _of_calendar(counted, number(parts["month_number"] or ""), parts.get("day"))


def _of_calendar(of_year: int | None, month: int, day: str | None) -> Dating | None:
    if not of_year or not FIRST_YEAR <= of_year <= LAST_YEAR:
        return None
    if day:
        found = _day(of_year, month, number(day))
        return Dating.on(found) if found else None
    first = _day(of_year, month, 1)
    return Dating.between(first, last_of_month(first), Precision.MONTH) if first else None


def _day(of_year: int, month: int, day: int) -> date | None:
    try:
        return date(of_year, month, day)
    except ValueError:
        return None


def _of_range(parts: _Parts) -> Dating | None:
    """3-9 May 1923, 28 April - 4 May 1923, May-June 1923: what is not said of the one end is as at the other."""
    month, until_month = parts.get("month") or parts.get("until_month"), parts.get("until_month") or parts.get("month")
    last_year = year(parts)
    if not last_year:
        return None
    last = _of_calendar(last_year, _month(until_month), parts.get("until_day"))
    first = _of_calendar(last_year - (_month(month) > _month(until_month)), _month(month), parts.get("day"))
    ordered = first and last and first.earliest and last.earliest and first.earliest < last.earliest
    return spanning([first, last]) if first and last and ordered else None


def _of_two_orders(parts: _Parts) -> Dating | None:
    """03/04/2017 is 3 April or 4 March. With points it is always the day that comes first; else, where both orders
    are dates, the interval runs from one reading to the other."""
    of_year, one, other = year(parts), number(parts["one"] or ""), number(parts["other"] or "")
    if not of_year:
        return None
    readings = {_day(of_year, other, one)} | ({_day(of_year, one, other)} if parts["mark"] != "." else set())
    days = sorted(day for day in readings if day)
    return spanning([Dating.on(day) for day in days]) if days else None


_Reader = Callable[[_Parts], Dating | None]

# Every repetition is bounded, so that no line is slow to read. The first pattern that reads a place in a line wins.
_SHAPES: tuple[tuple[str, _Reader], ...] = (
    # 2017-06-13, 2017/6/13, 2017年6月13日, 二〇一七年六月十三日
    (
        _NOT_IN_NUMBER + r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month_number>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        _of_numbers,
    ),
    (
        r"(?<!\d)(?P<year>\d{4})\s?[年년]\s?(?P<month_number>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日일号])?",
        _of_numbers,
    ),
    (
        rf"(?P<year>{_CHINESE}{{4}})年(?P<month_number>{_CHINESE}{{1,2}})月(?:(?P<day>{_CHINESE}{{1,3}})[日号])?",
        _of_numbers,
    ),
    # 昭和20年8月15日, 令和元年5月1日
    (
        rf"(?P<era>{'|'.join(_ERAS)})(?P<era_year>元|\d{{1,3}}|{_CHINESE}{{1,3}})年"
        rf"(?P<month_number>\d{{1,2}}|{_CHINESE}{{1,2}})月(?:(?P<day>\d{{1,2}}|{_CHINESE}{{1,3}})[日号])?",
        _of_era,
    ),
    # 3-9 May 1923; 5/16 March 1701; May 3-9, 1923; 28 April - 4 May 1923; April 28 - May 4, 1923; May-June 1923
    (_NOT_IN_NUMBER + _DAY + _TO + _UNTIL_DAY + _OF + _MONTH + _BEFORE_YEAR + _YEAR, _of_range),
    (_NOT_IN_WORD + _MONTH + r"\s{1,3}" + _DAY + _TO + _UNTIL_DAY + _BEFORE_YEAR + _YEAR, _of_range),
    (
        _NOT_IN_NUMBER + _DAY + _OF + _MONTH + _TO + _UNTIL_DAY + _OF + _UNTIL_MONTH + _BEFORE_YEAR + _YEAR,
        _of_range,
    ),
    (
        _NOT_IN_WORD + _MONTH + r"\s{1,3}" + _DAY + _TO + _UNTIL_MONTH + r"\s{1,3}" + _UNTIL_DAY + _BEFORE_YEAR + _YEAR,
        _of_range,
    ),
    (_NOT_IN_WORD + _MONTH + _TO + _UNTIL_MONTH + _BEFORE_YEAR + _YEAR, _of_range),
    # June 13, 2017; June the 13th 2017; Nov 20 15:23 2019
    (_NOT_IN_WORD + _MONTH + r",?\s{1,3}(?:the\s)?" + _DAY + _CLOCK + _BEFORE_YEAR + _YEAR, _of_words),
    # 13 June 2017; 13. Juni 2017; 1er juin 2017; 13 de junio de 2017; 3d day of March 1783
    (_NOT_IN_NUMBER + _DAY + r",?" + _OF + _MONTH + _BEFORE_YEAR + _YEAR, _of_words),
    # 1923. május 30.; 1923 May 30
    (_NOT_IN_NUMBER + r"(?P<year>\d{4})[.,]?\s{1,2}" + _MONTH + r"\s{1,2}" + _DAY + r"(?!\d|\s?:)", _of_words),
    # 3.III.1923
    (
        _NOT_IN_NUMBER + rf"(?P<day>\d{{1,2}})[./ -]\s?(?P<month_number>{ROMAN_MONTH})[./ -]\s?(?P<year>\d{{4}})(?!\d)",
        _of_numbers,
    ),
    # 13/06/2017, 13.06.2017: which number is the month is found out above
    (
        _NOT_IN_NUMBER + r"(?P<one>\d{1,2})(?P<mark>[-/.])\s?(?P<other>\d{1,2})(?P=mark)\s?(?P<year>\d{4})(?!\d)",
        _of_two_orders,
    ),
    # June 2017
    (_NOT_IN_WORD + _MONTH + r",?\s{1,3}(?:(?:de|of)\s{1,2})?" + _YEAR, _of_words),
)
_PATTERNS = tuple((re.compile(pattern), read) for pattern, read in _SHAPES)
