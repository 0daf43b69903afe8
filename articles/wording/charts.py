"""Charts of hits over time, written without a template: with one, a hundred bars would take longer than the search."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ..locales import decimal, short_months, thousands
from ..search.answers.chart import Bar, Chart, Mention, Switch
from .archive import period_words

# The height of the drawing, whose width is a unit a bar.
HEIGHT = 40


class Drawn(NamedTuple):
    """A chart as the bars of a drawing, the marks of its scale, and the rows of a table: only periods with hits."""

    bars: SafeString
    marks: SafeString
    rows: SafeString


def drawn(chart: Chart) -> Drawn:
    language, said = get_language(), escape(_("%(period)s: %(hits)s of %(held)s held"))
    pairs = [_bar(bar, HEIGHT / chart.most, said, _words(language, bar.label)) for bar in chart.bars]
    marks = (_mark(mark.label, mark.x) for mark in chart.marks)
    return Drawn(_safe(bar for bar, _row in pairs), _safe(marks), _safe(row for _bar, row in pairs))


def _safe(parts: Iterator[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 -- addresses and words are escaped below, all else is numbers


def _bar(bar: Bar, scale: float, said: str, period: str) -> tuple[str, str]:
    """The bar, and its row of the table; the row has the link for the keyboard."""
    url, hits, held = escape(bar.url), thousands(bar.hits), thousands(bar.held)
    words = said % {"period": period, "hits": hits, "held": held}
    return (
        f'<a href="{url}" tabindex="-1"><title>{words}</title>'
        f'<path class="reach" d="M{bar.place} 0h1v{HEIGHT}h-1z"/>'
        f'<path d="M{bar.place}.07 {HEIGHT}h.86v-{max(1, scale * bar.height):.1f}h-.86z"/></a>',
        f'<tr><th scope="row"><a href="{url}" rel="nofollow">{period}</a></th><td class="number">{hits}</td>'
        f'<td class="number">{held}</td><td class="number">{rate_words(bar.rate)}</td></tr>',
    )


def _mark(label: str, x: str) -> str:
    words = escape(_short(get_language(), label))
    return f'<line x1="{x}" x2="{x}" y1="0" y2="16"/><text x="{x}" y="13" dx="3">{words}</text>'


def mentions(chart: Chart) -> SafeString:
    """Where the hits begin, where they end, and where they are most."""
    most = _("%(rate)s per 1,000") % {"rate": rate_words(chart.most)} if chart.rate else thousands(chart.peak.hits)
    shown = (
        (_("First"), chart.first, thousands(chart.first.hits) if chart.first.hits else ""),
        (_("last"), chart.last, thousands(chart.last.hits) if chart.last.hits else ""),
        (_("most"), chart.peak, most),
    )
    return mark_safe(" · ".join(_mention(*each) for each in shown))  # noqa: S308 -- escaped below


def _mention(words: str, mention: Mention, number: str) -> str:
    grey = f' <span class="count">{escape(number)}</span>' if number else ""
    period = _words(get_language(), mention.label)
    return f'{escape(words)} <a href="{escape(mention.url)}" rel="nofollow">{period}</a>{grey}'


def switches(switches: tuple[Switch, ...]) -> SafeString:
    """Links as items of a list, the one that is on marked."""
    names = {
        "hits": _("Hits"),
        "rate": _("Per 1,000 held"),
        "year": _("Year"),
        "month": _("Month"),
        "day": _("Day"),
        "whole": _("All times"),
    }
    return _safe(_switch(switch, names[switch.name]) for switch in switches)


def _switch(switch: Switch, words: str) -> str:
    current = ' aria-current="true"' if switch.active else ""
    return f'<li><a href="{escape(switch.url)}" rel="nofollow"{current}>{escape(words)}</a></li>'


# What is kept: the periods of an archive come again and again.


@lru_cache(4096)
def _words(language: str | None, label: str) -> str:
    return escape(period_words(label))


@lru_cache(4096)
def _short(language: str | None, label: str) -> str:
    """A period as short as a scale needs it: 1923, May 1923, 30 May."""
    if len(label) == 4:
        return str(int(label))
    month = short_months()[int(label[5:7])]
    if len(label) == 7:
        return _("%(month)s %(year)s") % {"month": month, "year": int(label[:4])}
    day = int(label[8:])
    said = pgettext("the first of a month", "%(day)s %(month)s") if day == 1 else _("%(day)s %(month)s")
    return said % {"day": day, "month": month}


def rate_words(rate: float) -> str:
    """With as many digits as tell something: 120, 12.5, 0.25."""
    if rate >= 100:
        return thousands(round(rate))
    return decimal(f"{rate:.1f}" if rate >= 1 else f"{rate:.2g}")
