"""Dates that a program states: attributes of a page, elements of a feed, columns of a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

from articles.dates.printing import printed
from articles.dates.words import FIRST_YEAR, LAST_YEAR, MONTH_NUMBER
from articles.records import Dating, Known, Precision, last_of_month

LONGEST = 100

_CLOCK = r"(?P<hour>\d\d):?(?P<minute>\d\d)(?::?\d\d(?:[.,]\d+)?)?"
_ZONE = r"\s?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)?"
_ISO = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.]?)(?P<month>\d\d)(?:(?P=mark)(?P<day>\d\d)(?:[T\s]{1,2}"
    + _CLOCK
    + _ZONE
    + r")?)?)?"
    + r"(?:Z|[+-]\d\d:\d\d)?",
    re.IGNORECASE,
)
# Of mail and feeds: Tue, 30 May 2017 18:45:00 GMT. Of logs: Tue May 30 18:45:00 2017.
_MAIL = re.compile(
    r"(?:[a-z]{3,9}\.?,?\s{1,3})?(?P<day>\d{1,2})[\s-](?P<month>[a-z]{3,9})\.?[\s-](?P<year>\d{4}|\d\d)"
    r"(?:\s{1,3}(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?:\s?(?:[a-z]{1,5}|(?:GMT|UTC)?[+-]\d\d:?\d\d))?"
    r"(?:\s?\([^()]{0,40}\))?)?",
    re.IGNORECASE,
)
_LOG = re.compile(
    r"[a-z]{3}\s(?P<month>[a-z]{3})\s{1,2}(?P<day>\d{1,2})\s(?P<hour>\d\d):(?P<minute>\d\d):\d\d\s(?:[a-z]{2,5}\s)?"
    r"(?P<year>\d{4})",
    re.IGNORECASE,
)
# The zero of the clocks of computers.
EPOCH = date(1970, 1, 1)
# Mail before the year 2000 wrote two digits; RFC 5322 says which century they mean.
CENTURY_OF_MAIL = 50


def stated(text: str, evidence: str = "") -> Dating:
    """The date in a value that holds nothing else; unknown where it is none. The evidence is the value unless given.

    ISO 8601, RFC 5322 and, behind them, whatever a line of a page may print. The clock stands as it is written: it is
    the civil time where the value comes from. Midnight is what programs write behind a day without a time, so it leaves
    the day. Values that stand for "none" (0000-00-00, 1970-01-01T00:00:00) are unknown.
    """
    value = text.strip()
    if not value or len(value) > LONGEST:
        return Dating()
    for pattern, read in _SHAPES:
        if match := pattern.fullmatch(value):
            return _known(read(match.groupdict()), evidence or value)
    found = printed([value])
    return replace(found, evidence=(evidence or value,)) if found.evidence else found


def _known(dating: Dating | None, evidence: str) -> Dating:
    return replace(dating, known=Known.PRINTED, evidence=(evidence,)) if dating else Dating()


def _of_iso(parts: dict[str, str | None]) -> Dating | None:
    return _dating(int(parts["year"] or 0), int(parts["month"] or 0), parts)


def _of_mail(parts: dict[str, str | None]) -> Dating | None:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < CENTURY_OF_MAIL else 1900
    month = MONTH_NUMBER.get((parts["month"] or "").lower(), 0)
    return _dating(year, month, parts) if month else None


def _dating(year: int, month: int, parts: dict[str, str | None]) -> Dating | None:
    """The year, the month, the day or the minute that the parts give; None for what no calendar has."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if not parts["month"]:
        return Dating.between(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
    try:
        first = date(year, month, int(parts["day"] or 1))
    except ValueError:
        return None
    if not parts["day"]:
        # 201705 may as well be a number.
        return Dating.between(first, last_of_month(first), Precision.MONTH) if parts.get("mark") else None
    return _at(first, int(parts["hour"] or 0), int(parts["minute"] or 0)) if parts["hour"] else Dating.on(first)


def _at(day: date, hour: int, minute: int) -> Dating | None:
    if (hour, minute) == (0, 0) and day == EPOCH:
        return None
    if (hour, minute) == (0, 0) or hour > 23 or minute > 59:
        return Dating.on(day)
    moment = datetime.combine(day, time(hour, minute))
    return Dating(earliest=moment, latest=moment, precision=Precision.MINUTE, known=Known.PRINTED)


_Reader = Callable[[dict[str, str | None]], Dating | None]
_SHAPES: tuple[tuple[re.Pattern[str], _Reader], ...] = ((_ISO, _of_iso), (_MAIL, _of_mail), (_LOG, _of_mail))
