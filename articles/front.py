"""The first page: what came in last, what happened on this day in other years, and what the archive holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from . import holdings, shelves
from .models import Article, Edition, Period, Section, Source, Tag

NAMES = 24
ARRIVED, LATEST = 6, 8
# So many years are remembered of one day.
YEARS = 6


@dataclass(frozen=True)
class ThisDay:
    """This day in other years: one article of each of some years, and how many there are in all."""

    month: int
    day: int
    articles: list[Article]
    total: int


def home(request: HttpRequest) -> HttpResponse:
    context = {
        "arrived": shelves.arrivals().head(ARRIVED),
        "latest": shelves.everything().head(LATEST),
        "this_day": this_day(timezone.now().date()),
        "holdings": holdings.summary(),
        "shape": partial(Edition.objects.kept, f"shape:{get_language()}", shape),
    }
    return render(request, "articles/home.html", context)


def shape() -> SafeString:
    """What the archive holds by source, section, tag and year: some two hundred links, written once an edition."""
    kinds = (Source, Section, Tag)
    context = {
        "names": [(kind._meta.verbose_name_plural, kind.objects.by_size()[:NAMES]) for kind in kinds],
        "years": Period.objects.years().reverse(),
        "undated": Period.objects.count_of("undated"),
    }
    return mark_safe(render_to_string("articles/_shape.html", context))  # noqa: S308 -- the template has escaped it


def this_day(today: dt.date) -> ThisDay:
    held = Period.objects.on_any(today.month, today.day)
    held.pop(today.isoformat(), None)
    days = [dt.date.fromisoformat(day) for day in spread(list(held), YEARS)]
    return ThisDay(today.month, today.day, shelves.first_of_days(days), sum(held.values()))


def spread(labels: list[str], most: int) -> list[str]:
    """So many of them from the first to the last, at even distances."""
    if len(labels) <= most:
        return labels
    return [labels[round(place * (len(labels) - 1) / (most - 1))] for place in range(most)]
