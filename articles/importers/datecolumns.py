"""The dates of one column, which were written by one hand: what one of them settles holds for all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from articles import dates
from articles.dates.intervals import spanning
from articles.records import Dating, Known, Precision, last_of_month

_TWO_ORDERS = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[-/])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4})(?P<rest>\D.*)?", re.S
)
_OF_A_YEAR = re.compile(r"(?P<month>0?[1-9]|1[0-2])[-/](?P<year>\d{4})")
_SECONDS = re.compile(r"\d{10}(?:\d{3})?")
_BOUND = r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d)?)?)?|\.\.|"
_INTERVAL = re.compile(rf"(?P<first>{_BOUND})/(?P<last>{_BOUND})")
# What stands in a cell that says nothing of a date.
_NOTHING = frozenset({"", "none", "null", "nan", "nat", "n/a", "na", "n.d.", "s.d.", "o.d.", "unknown", "undated", "?"})
_ZEROS = re.compile(r"[0\W_]*(?:T[0\W_]*Z?)?")
EVIDENCE_LENGTH = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class DateColumn:
    """What the values that were looked at say of the column: which order of day and month, and whether they are clocks.

    A clock counts the seconds, or milliseconds, since 1970; only a column that holds nothing else is one.
    """

    day_first: bool = False
    month_first: bool = False
    unsettled: bool = False
    others: bool = False
    clocks: bool = False

    def look(self, value: str) -> None:
        if _SECONDS.fullmatch(value):
            self.clocks = True
        elif value and value.lower() not in _NOTHING:
            self.others = True
        if match := _TWO_ORDERS.fullmatch(value):
            one, other = int(match["one"]), int(match["other"])
            self.day_first |= one > 12 >= other
            self.month_first |= other > 12 >= one
            self.unsettled |= one != other and one <= 12 and other <= 12

    @property
    def is_open(self) -> bool:
        """Whether more values could still settle what these do not."""
        return self.unsettled and not (self.day_first or self.month_first)

    def read(self, value: str) -> Dating:
        """The date with the value as its evidence; the value alone, where it is no date that can be read."""
        value = value.strip()
        if value.lower() in _NOTHING or _ZEROS.fullmatch(value):
            return Dating()
        found = self._read(value)
        return found if found.evidence else Dating(evidence=(value[:EVIDENCE_LENGTH],))

    def _read(self, value: str) -> Dating:
        if self.clocks and not self.others and _SECONDS.fullmatch(value):
            return _of_clock(value)
        if match := _INTERVAL.fullmatch(value):
            return _of_interval(match["first"], match["last"], value)
        if match := _OF_A_YEAR.fullmatch(value):
            return dates.stated(f"{match['year']}-{int(match['month']):02}", value)
        return dates.stated(self._ordered(value), value)

    def _ordered(self, value: str) -> str:
        """The value with its year first, if the column says which of the two others is the day."""
        match = _TWO_ORDERS.fullmatch(value)
        if match is None or self.day_first == self.month_first:
            return value
        day, month = (match["one"], match["other"]) if self.day_first else (match["other"], match["one"])
        return f"{match['year']}-{int(month):02}-{int(day):02}{match['rest'] or ''}" if int(month) <= 12 else value


def _of_clock(value: str) -> Dating:
    seconds = int(value) / (1000 if len(value) == 13 else 1)
    moment = (EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None, second=0, microsecond=0)
    return Dating(earliest=moment, latest=moment, precision=Precision.MINUTE, known=Known.PRINTED, evidence=(value,))


def _of_interval(first: str, last: str, value: str) -> Dating:
    """1920/1925 and 2017-05-30/.. are how the archive itself writes them. One that runs backwards is none."""
    bounds = [dates.stated(bound) for bound in (first, last) if bound.strip(".")]
    if not bounds or not all(bound.earliest for bound in bounds):
        return Dating()
    if len(bounds) == 2:
        early, late = (bound.earliest for bound in bounds)
        found = spanning(bounds) if early and late and early <= late else Dating()
    elif first.strip("."):
        found = replace(bounds[0], latest=None)
    else:
        found = replace(bounds[0], earliest=None)
    return replace(found, known=Known.PRINTED, evidence=(value,)) if found.earliest or found.latest else Dating()


def widened(dating: Dating, precision: str) -> Dating:
    """A day that the file says is only its month, or only its year."""
    if not dating.earliest or precision.lower() not in ("month", "year"):
        return dating
    first = dating.earliest.date().replace(day=1)
    if precision.lower() == "month":
        return Dating.between(first, last_of_month(first), Precision.MONTH, dating.known, dating.evidence)
    return Dating.between(
        first.replace(month=1), first.replace(month=12, day=31), Precision.YEAR, dating.known, dating.evidence
    )
