"""The dates that a text names, and where in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from articles.dates.intervals import spanning
from articles.dates.words import FIRST_YEAR, LAST_YEAR, MONTH_NUMBER, WESTERN_DIGITS, any_of
from articles.records import Dating, Precision, last_of_month

# Any word may be read as a month and is then looked up; that is faster than to search for some hundred names.
_TWO_WORDS = any_of([name for name in MONTH_NUMBER if " " in name])
_MONTH = rf"(?P<month>{_TWO_WORDS}|[^\W\d_]{{3,10}})\.?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?P<day>\d{1,2})"
_NOT_IN_WORD = r"(?<![^\W\d_])"
_NOT_IN_NUMBER = r"(?<![\d/.-])"
_CLOCK = r"(?:\s{1,2}\d{1,2}:\d{2}(?::\d{2})?)?"

# Every repetition is bounded, so that no line is slow to read. The first pattern that reads a place in a line wins.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 2017-06-13, 2017/6/13, 2017年6月13日
        _NOT_IN_NUMBER + r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month_number>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s?年\s?(?P<month_number>\d{1,2})\s?月(?:\s?(?P<day>\d{1,2})\s?日)?",
        # June 13, 2017; June 13th 2017; Nov 20 15:23 2019
        _NOT_IN_WORD + _MONTH + r"\s{1,3}" + _DAY + r"(?:st|nd|rd|th)?" + _CLOCK + r",?\s{0,3}" + _YEAR,
        # 13 June 2017; 13. Juni 2017; 1er juin 2017; 13 de junio de 2017
        _NOT_IN_NUMBER
        + _DAY
        + r"(?:st|nd|rd|th|er|º|\.)?,?\s{0,3}(?:(?:de|of|di)\s{1,2})?"
        + _MONTH
        + r",?\s{0,3}(?:(?:de|del|of)\s{1,2})?"
        + _YEAR,
        # 13/06/2017, 13.06.2017: which number is the month is found out below
        _NOT_IN_NUMBER + r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<other>\d{1,2})(?P=mark)" + _YEAR,
        # June 2017
        _NOT_IN_WORD + _MONTH + r",?\s{1,3}(?:de\s{1,2})?" + _YEAR,
    )
)
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")


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
    western = text if text.isascii() else text.translate(WESTERN_DIGITS)
    found: list[Mention] = []
    if not _FOUR_DIGITS.search(western):
        return found
    for pattern in _PATTERNS:
        for match in pattern.finditer(western):
            dating = _dating(match.groupdict())
            if dating and all(match.end() <= other.start or match.start() >= other.end for other in found):
                found.append(Mention(dating, match.start(), match.end()))
    return sorted(found, key=lambda mention: mention.start)


def _dating(parts: dict[str, str | None]) -> Dating | None:
    year = int(parts["year"] or 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if parts.get("one"):
        return _of_two_orders(year, int(parts["one"] or 0), int(parts["other"] or 0), parts["mark"] or "")
    month = int(parts.get("month_number") or 0) or MONTH_NUMBER.get((parts.get("month") or "").lower(), 0)
    if parts.get("day"):
        day = _day(year, month, int(parts["day"] or 0))
        return Dating.on(day) if day else None
    first = _day(year, month, 1)
    return Dating.between(first, last_of_month(first), Precision.MONTH) if first else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_two_orders(year: int, one: int, other: int, mark: str) -> Dating | None:
    """03/04/2017 is 3 April or 4 March. With points it is always the day that comes first; else, where both orders
    are dates, the interval runs from one reading to the other."""
    readings = {_day(year, other, one)} | ({_day(year, one, other)} if mark != "." else set())
    days = sorted(day for day in readings if day)
    return spanning([Dating.on(day) for day in days]) if days else None
