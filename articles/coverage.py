"""The coverage page: of which days something is held, a year to a row, as a drawing and as a table."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from . import holdings
from .holdings import Gap, Holdings, Tally
from .locales import short_months
from .models import Edition, Period, Source
from .search import Question
from .views import moved, name_or_404

# A row has a place for each day of a leap year, so that the months of all years stand under each other.
PLACES, LEAP_DAY = 366, 59
ROW_HEIGHT, HEAD_HEIGHT = 12, 18
SHADES = 4
# So many years in a row without an article become one row: one stray date must not make a thousand of them.
FOLDED = 12
OFFERED = 40


@dataclass(frozen=True)
class Row:
    """A year, or years in a row of which nothing is held. `days` are days with articles, `gap` the longest without."""

    first: int
    last: int
    y: int
    articles: int
    days: int
    gap: Gap | None
    url: str

    @property
    def label(self) -> str:
        return f"{self.first:04}" if self.first == self.last else f"{self.first:04}–{self.last:04}"


@dataclass(frozen=True)
class Shade:
    """Days with at least so many articles, drawn over the lighter shades. 1 is the lightest, `most` 0 has no end."""

    number: int
    least: int
    most: int
    lines: SafeString


@dataclass(frozen=True)
class Month:
    name: str
    x: str


@dataclass(frozen=True)
class Drawing:
    """Heights and `y` are in pixels, lines in days across and rows down. `known` covers the first day to the last."""

    rows: list[Row]
    shades: list[Shade]
    known: SafeString

    @property
    def top(self) -> int:
        return HEAD_HEIGHT

    @property
    def depth(self) -> int:
        return ROW_HEIGHT * len(self.rows)

    @property
    def height(self) -> int:
        return self.top + self.depth

    @property
    def months(self) -> list[Month]:
        starts = [dt.date(2000, number, 1).timetuple().tm_yday - 1 for number in range(1, 13)]
        places = [f"{100 * start / PLACES:.2f}%" for start in starts]
        return [Month(name, x) for name, x in zip(short_months().values(), places, strict=True)]


def coverage(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Of the whole archive, or of one source."""
    source = name_or_404(Source, slug) if slug else None
    if source and source.slug != slug:
        return moved(request, reverse("articles:source_coverage", args=[source.slug]))
    sources = list(Source.objects.by_size()[:OFFERED])
    if source and source not in sources:
        sources.append(source)
    name = f"coverage:{get_language()}:{source.slug if source else ''}"
    held, drawn = Edition.objects.kept(name, partial(_drawn, source))
    context = {"source": source, "sources": sources, "holdings": held, "drawn": drawn}
    return render(request, "articles/coverage.html", context)


def _drawn(source: Source | None) -> tuple[Holdings, SafeString]:
    """What is held, and the drawing with its table: some hundred rows, which would take long to write each time."""
    articles = source.published_count if source else Period.objects.count_of("all")
    counted = holdings.tally(source)
    held = counted.holdings(articles, 1 if source else Source.objects.in_use().count())
    drawing = render_to_string("articles/_held.html", {"drawing": draw(counted, source)})
    return held, mark_safe(drawing)  # noqa: S308 -- the template has escaped it


def draw(counted: Tally, source: Source | None = None) -> Drawing:
    steps = _steps(sorted(counted.days.values()))
    strips = list(_strips(counted, steps))
    rows = [_row(counted, strip, place, source) for place, strip in enumerate(strips)]
    shades = list(_shades(steps, [strip.shaded for strip in strips]))
    return Drawing(rows, shades, _lines([strip.known for strip in strips], 1))


def _steps(counts: list[int]) -> list[int]:
    """From how many articles on a day has the next shade, in even proportions up to a day with uncommonly many."""
    if not counts:
        return []
    many = counts[len(counts) * 19 // 20]
    return sorted({round(many ** (number / SHADES)) for number in range(SHADES)})


def _shades(steps: list[int], rows: list[bytes]) -> Iterator[Shade]:
    """Where there are fewer shades than could be, the lightest are left out."""
    for number, least in enumerate(steps, start=1):
        most = steps[number] - 1 if number < len(steps) else 0
        yield Shade(SHADES - len(steps) + number, least, most, _lines(rows, number))


@dataclass(frozen=True)
class Strip:
    """The days of a row, one byte each: the number of the shade, 0 where nothing is held.

    From `start` and before `end` they are between the first and the last day known in the whole drawing.
    """

    first: int
    last: int
    days: bytes
    start: int
    end: int

    @property
    def shaded(self) -> bytes:
        return self._placed(self.days)

    @property
    def known(self) -> bytes:
        """1 for each day that is between the first and the last."""
        between = bytes(self.start) + b"\1" * (self.end - self.start)
        return self._placed(between.ljust(len(self.days), b"\0"))

    def _placed(self, days: bytes) -> bytes:
        """As they are drawn: many years as one; and in place of a 29 February that was not, the day before it."""
        if self.last > self.first:
            return bytes([max(days)]) * PLACES
        return days if len(days) == PLACES else days[:LEAP_DAY] + days[LEAP_DAY - 1 :]

    @property
    def gap(self) -> Gap | None:
        empty = [found.span() for found in re.finditer(rb"\0+", self.days[self.start : self.end])]
        if not empty:
            return None
        start, end = max(empty, key=lambda run: run[1] - run[0])
        zero = dt.date(self.first, 1, 1).toordinal() + self.start
        return Gap(dt.date.fromordinal(zero + start), dt.date.fromordinal(zero + end - 1))


def _strips(counted: Tally, steps: list[int]) -> Iterator[Strip]:
    numbers = {dt.date.fromisoformat(day).toordinal(): bisect_right(steps, n) for day, n in counted.days.items()}
    known_from, known_to = min(numbers, default=1), max(numbers, default=0)
    for first, last in _spans({int(year) for year in counted.years}):
        zero, behind = dt.date(first, 1, 1).toordinal(), dt.date(last, 12, 31).toordinal() + 1
        days = bytes(numbers.get(day, 0) for day in range(zero, behind)) if first == last else bytes(behind - zero)
        start, end = (min(max(day - zero, 0), len(days)) for day in (known_from, known_to + 1))
        yield Strip(first, last, days, start, end)


def _spans(years: set[int]) -> Iterator[tuple[int, int]]:
    """Every year from the first to the last by itself, but many in a row without an article together."""
    every = range(min(years), max(years) + 1) if years else range(0)
    for has_articles, run in groupby(every, years.__contains__):
        together = list(run)
        if has_articles or len(together) <= FOLDED:
            yield from ((year, year) for year in together)
        else:
            yield together[0], together[-1]


def _row(counted: Tally, strip: Strip, place: int, source: Source | None) -> Row:
    label = f"{strip.first:04}"
    articles = counted.years[label] if strip.first == strip.last else 0
    days = len(strip.days) - strip.days.count(0)
    url = _url(label, source) if articles else ""
    return Row(strip.first, strip.last, HEAD_HEIGHT + ROW_HEIGHT * place, articles, days, strip.gap, url)


def _url(year: str, source: Source | None) -> str:
    if source:
        return Question(filters=(("source", source.slug), ("year", year))).url()
    return reverse("articles:year", args=[year])


def _lines(rows: Iterable[bytes], least: int) -> SafeString:
    """A line for each row, which is dashed so that it covers every byte that is `least` or more.

    A dash and a gap take four or five letters, less than any other way to draw them: a century has 20,000 of each.
    """
    runs = re.compile(b"[" + bytes([least]) + rb"-\xff]+")
    dashed = ((y, _dashes([found.span() for found in runs.finditer(row)])) for y, row in enumerate(rows))
    return format_html_join("", '<path d="M0 {}h366" stroke-dasharray="{}"/>', (line for line in dashed if line[1]))


def _dashes(runs: list[tuple[int, int]]) -> str:
    """The lengths of dashes and gaps by turns. A dash comes first, an empty one where the row begins with a gap."""
    if not runs:
        return ""
    ends = [end for run in runs for end in run]
    first = [] if ends[0] == 0 else [0, 0]
    return " ".join(str(behind - before) for before, behind in pairwise([*first, *ends, PLACES]))
