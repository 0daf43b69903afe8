"""Hits over time: a bar for each year, month or day, and the question that each of them narrows to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from operator import attrgetter
from typing import NamedTuple, cast

from ...records import Dating
from ..question import BARS, Question

# How long a period is written: 1923, 1923-05, 1923-05-30.
WIDTHS = {"year": 4, "month": 7, "day": 10}
# Longer spans than so many days are shown by month, or by year, unless the reader asks for another unit.
MONTHS_FROM, YEARS_FROM = 93, 6 * 366
MOST_BARS = 400
# A scale is marked at every so many years, months or days, at so many places at most.
STEPS = {
    "year": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
    "month": (1, 2, 3, 6, 12, 24, 60, 120),
    "day": (1, 2, 7, 14, 28, 56, 84),
}
MARKS = 6
# The words of a mark stand behind it: in what part of the whole it can be.
ROOM = 0.86
THOUSAND = 1000


class Bar(NamedTuple):
    """A period with hits. `place` is its number in the span, `height` what it is shown by; `url` narrows to it."""

    label: str
    place: int
    hits: int
    held: int
    height: float
    url: str

    @property
    def rate(self) -> float:
        return per_thousand(self.hits, self.held)


class Mention(NamedTuple):
    """A period that is worth going to. `hits` is 0 where it is known more exactly than the bars count."""

    label: str
    hits: int
    url: str


class Mark(NamedTuple):
    """A period that the scale names; `x` is where it begins, in hundredths of the whole."""

    label: str
    x: str


class Switch(NamedTuple):
    name: str
    url: str
    active: bool


@dataclass(frozen=True)
class Chart:
    """Bars for the periods that have hits, among all `places` of the span from `start` to `end`.

    `most` is what the highest bar stands for: hits or, if `rate`, hits per 1,000 articles held in its period. `units`
    has a switch "year", "month" and "day", as far as they fit, and "whole" where the time is narrowed; `scales` has
    "hits" and "rate".
    """

    unit: str
    rate: bool
    places: int
    start: str
    end: str
    bars: tuple[Bar, ...]
    most: float
    first: Mention
    last: Mention
    peak: Mention
    marks: tuple[Mark, ...]
    units: tuple[Switch, ...]
    scales: tuple[Switch, ...]


def per_thousand(count: int, held: int) -> float:
    """What is held may be counted a moment later than the hits, or more strictly: it is never less than them."""
    return THOUSAND * count / max(held, count, 1)


def unit_for(question: Question, first: str, last: str) -> str:
    """The unit of the bars, where hits are from `first` to `last` (written 1923, 1923-05 or 1923-05-30)."""
    start, end = _span(question, first, last)
    possible = _possible(start, end)
    if question.bars:
        wanted = question.bars
    else:
        days = (end - start).days + 1
        wanted = "year" if days > YEARS_FROM else "month" if days >= MONTHS_FROM else "day"
    return next((unit for unit in reversed(BARS[: BARS.index(wanted) + 1]) if unit in possible), BARS[0])


def chart(
    question: Question,
    counts: Mapping[str, int],
    held: Mapping[str, int],
    unit: str,
    *,
    first: str = "",
    last: str = "",
) -> Chart | None:
    """The hits in `counts`, and the articles held, by labels of the `unit`; None where that is fewer than two bars.

    `first` and `last` are the days of the first and the last hit, if they are known better than by the unit.
    """
    hits = {label: count for label, count in counts.items() if len(label) == WIDTHS[unit] and count > 0}
    if not hits:
        return None
    first, last = first or min(hits), last or max(hits)
    start, end = _span(question, first, last)
    labels = _labels(start, end, unit, hits)
    address = _addresses(question)
    bars = tuple(_bars(question.rate, labels, hits, held, address))
    if len(labels) < 2 or not bars:
        return None
    peak = max(bars, key=attrgetter("height"))
    return Chart(
        unit=unit,
        rate=question.rate,
        places=len(labels),
        start=labels[0],
        end=labels[-1],
        bars=bars,
        most=peak.height,
        first=Mention(first, hits.get(first, 0), address(first)),
        last=Mention(last, hits.get(last, 0), address(last)),
        peak=Mention(peak.label, peak.hits, peak.url),
        marks=tuple(_marks(labels, unit)),
        units=_units(question, unit, _possible(start, end)),
        scales=tuple(_scales(question)),
    )


# Periods, and their numbers


def within(question: Question, label: str) -> tuple[str, str]:
    """The bounds of a period; where the question begins or ends in the middle of it, those of the question.

    A date is written from the year on, so that what is in the middle of a period begins with its label.
    """
    since = question.since if question.since.startswith(label) else label
    until = question.until if question.until.startswith(label) else label
    # Of 1968-05-20 and 1968 the year begins earlier, and the two would be put in order: its last day is written.
    return since, _last(label, since) if until == label else until


def _last(label: str, since: str) -> str:
    """The end of a period, as exact as `since` is."""
    if since == label:
        return label
    latest = cast(dt.datetime, Dating.parse(label).latest)
    return latest.isoformat(timespec="minutes") if len(since) > WIDTHS["day"] else latest.date().isoformat()


def _ends(label: str) -> tuple[dt.date, dt.date]:
    """The first day and the last."""
    dating = Dating.parse(label)
    return cast(dt.datetime, dating.earliest).date(), cast(dt.datetime, dating.latest).date()


def _span(question: Question, first: str, last: str) -> tuple[dt.date, dt.date]:
    """What is asked for, but no more than the years of the hits; where the question has no bound, that of the hits."""
    start, end = _ends(first)[0], _ends(last)[1]
    if question.since:
        start = max(_ends(question.since)[0], start.replace(month=1, day=1))
    if question.until:
        end = min(_ends(question.until)[1], end.replace(month=12, day=31))
    return start, end


def _number(label: str, unit: str) -> int:
    """Of the year, month or day that a label begins with; those that follow each other have numbers that do."""
    if unit == "year":
        return int(label[:4])
    if unit == "month":
        return 12 * int(label[:4]) + int(label[5:7]) - 1
    return dt.date.fromisoformat(label).toordinal()


def _label(number: int, unit: str) -> str:
    if unit == "year":
        return f"{number:04}"
    if unit == "month":
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return dt.date.fromordinal(number).isoformat()


def _numbers(start: dt.date, end: dt.date, unit: str) -> range:
    return range(_number(start.isoformat(), unit), _number(end.isoformat(), unit) + 1)


def _possible(start: dt.date, end: dt.date) -> list[str]:
    """Units that give no more bars than can be seen."""
    return [unit for unit in BARS if len(_numbers(start, end, unit)) <= MOST_BARS]


def _labels(start: dt.date, end: dt.date, unit: str, hits: Iterable[str]) -> list[str]:
    """Every period of the span; of a span that is too long for bars, such as one with a stray date, those with hits."""
    numbers = _numbers(start, end, unit)
    if len(numbers) > MOST_BARS:
        return [label for label in sorted(hits) if _number(label, unit) in numbers]
    return [_label(number, unit) for number in numbers]


# What is shown of them


def _addresses(question: Question) -> Callable[[str], str]:
    """How to write the address of the question within a period, whose parts the next chart shows."""
    plainly = question.with_(since="0", until="0", bars="").varying("from=0&to=0")

    def address(label: str) -> str:
        if not (question.since.startswith(label) or question.until.startswith(label)):
            return plainly(f"from={label}&to={label}")
        since, until = within(question, label)
        return question.with_(since=since, until=until, bars="").url()

    return address


def _bars(
    by_rate: bool, labels: list[str], hits: Mapping[str, int], held: Mapping[str, int], address: Callable[[str], str]
) -> Iterator[Bar]:
    for place, label in enumerate(labels):
        if count := hits.get(label, 0):
            of = held.get(label, 0)
            yield Bar(label, place, count, of, per_thousand(count, of) if by_rate else count, address(label))


def _marks(labels: list[str], unit: str) -> Iterator[Mark]:
    """Round years, months that begin a part of a year, or days at even distances, where their words have room."""
    step = next((step for step in STEPS[unit] if len(labels) <= MARKS * step), STEPS[unit][-1])
    for place, label in enumerate(labels[: ceil(len(labels) * ROOM)]):
        if (place if unit == "day" else _number(label, unit)) % step == 0:
            yield Mark(label, f"{100 * place / len(labels):.2f}%")


def _units(question: Question, unit: str, possible: list[str]) -> tuple[Switch, ...]:
    units = [other for other in BARS if other == unit or other in possible]
    links = [Switch(other, question.with_(bars=other).url(), other == unit) for other in units if len(units) > 1]
    if question.since or question.until:
        links.append(Switch("whole", question.with_(since="", until="").url(), False))
    return tuple(links)


def _scales(question: Question) -> Iterator[Switch]:
    for name, rate in (("hits", False), ("rate", True)):
        yield Switch(name, question.with_(rate=rate).url(), rate == question.rate)
