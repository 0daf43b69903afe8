"""How articles, dates and counts are put into words on the pages."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any, Protocol
from urllib.parse import unquote

from django.urls import reverse
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from ..addresses import address, around
from ..locales import short_weekdays
from ..models import Article, Image, Period
from ..records import PLAIN, Dating, Known, Precision
from ..search import Marked

OPENING_LENGTH = 220
LONG_WORD = 30
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
UNDATED = "undated"
# How much of a moment is known, by its precision, in characters of how it is written.
WHOLE = {"year": 4, "month": 7, "day": 10, "minute": 16}
BAR_HEIGHT = 24
# So many articles are in a feed for readers.
FOLLOWED = 50
FACETS = {
    "source": gettext_lazy("Sources"),
    "section": gettext_lazy("Sections"),
    "tag": gettext_lazy("Tags"),
    "author": gettext_lazy("Authors"),
    "language": gettext_lazy("Languages"),
    "year": gettext_lazy("Years"),
    "known": gettext_lazy("How the date is known"),
}


def day_words(day: dt.date) -> str:
    first = day.day == 1
    said = pgettext("the first of a month", "%(day)s %(month)s %(year)s") if first else _("%(day)s %(month)s %(year)s")
    return said % {"day": day.day, "month": MONTHS[day.month], "year": day.year}


class DayOfYear(Protocol):
    """A day of whatever year."""

    @property
    def month(self) -> int: ...

    @property
    def day(self) -> int: ...


def any_day_url(day: DayOfYear) -> str:
    return reverse("articles:on_any", args=[day.month, day.day])


def day_of_year_words(day: DayOfYear) -> str:
    """Of whatever year: 13 April."""
    said = pgettext("the first of a month", "%(day)s %(month)s") if day.day == 1 else _("%(day)s %(month)s")
    return said % {"day": day.day, "month": MONTHS[day.month]}


def month_words(day: dt.date) -> str:
    return _("%(month)s %(year)s") % {"month": MONTHS[day.month], "year": day.year}


def _bound_words(moment: dt.datetime, precision: str) -> str:
    return _moment(get_language(), moment, precision)


@lru_cache(4096)
def _moment(language: str | None, moment: dt.datetime, precision: str) -> str:
    """What is kept: the days of an archive come again and again."""
    if precision == Precision.YEAR:
        return str(moment.year)
    if precision == Precision.MONTH:
        return month_words(moment)
    if precision == Precision.MINUTE:
        return _("%(day)s, %(time)s") % {"day": day_words(moment), "time": f"{moment:%H:%M}"}
    return day_words(moment)


def date_words(article: Article | Dating) -> str:
    """The publication date as far as it is known: "30 May 1923", "May 1923", "not before 30 May 2017 (inferred)"."""
    first = article.earliest and _bound_words(article.earliest, article.precision)
    last = article.latest and _bound_words(article.latest, article.precision)
    if not (first or last):
        return _("date not known")
    words = str(first) if first == last else _interval_words(first, last, article.precision)
    return _("%(date)s (inferred)") % {"date": words} if article.known == Known.INFERRED else words


def _interval_words(first: Any, last: Any, precision: str) -> str:
    """Many languages have an article before a day, and none before a month or a year."""
    days = precision in (Precision.DAY, Precision.MINUTE)
    if first and last:
        between = pgettext("days", "between %(first)s and %(last)s") if days else _("between %(first)s and %(last)s")
        return between % {"first": first, "last": last}
    if first:
        return (pgettext("a day", "not before %(day)s") if days else _("not before %(day)s")) % {"day": first}
    return (pgettext("a day", "not after %(day)s") if days else _("not after %(day)s")) % {"day": last}


def date_machine(article: Article) -> str:
    """The date for a <time> element, as exact as it is known; empty for an interval that HTML has no way to write."""
    length = WHOLE.get(article.precision)
    if not (length and article.earliest and article.latest):
        return ""
    first, last = article.earliest.isoformat()[:length], article.latest.isoformat()[:length]
    return first if first == last else ""


def date_time(article: Article) -> SafeString:
    """The date in words, with the same for programs where HTML has a way to write it."""
    words, machine = escape(date_words(article)), date_machine(article)
    return mark_safe(f'<time datetime="{machine}">{words}</time>' if machine else words)  # noqa: S308 -- escaped


def date_link(article: Article) -> SafeString:
    """The date as a link to the page that it is listed on."""
    return mark_safe(f'<a href="{escape(date_url(article))}">{date_time(article)}</a>')  # noqa: S308 -- escaped


def period_label(article: Article) -> str:
    """The narrowest period that counts this article (see Period): "1923-05-30", "1923-05", "1923" or "undated"."""
    if article.earliest is None:
        return UNDATED
    return article.earliest.isoformat()[: min(WHOLE.get(article.precision, 4), 10)]


def period_words(label: str) -> str:
    """A period in words: "1923", "May 1923", "Wednesday 30 May 1923"."""
    if label == UNDATED:
        return _("Date not known")
    first = dt.date.fromisoformat((label + "-01-01")[:10])
    if len(label) == 10:
        return _("%(weekday)s %(date)s") % {"weekday": WEEKDAYS[first.weekday()], "date": day_words(first)}
    return month_words(first) if len(label) == 7 else str(first.year)


def period_url(label: str) -> str:
    if label == UNDATED:
        return address("articles:undated")
    # A month and a day stand behind their year.
    before, behind = around("articles:year", 1000)
    return f"{before}{label.replace('-', '/')}{behind}"


def periods_above(label: str) -> list[str]:
    """The year of a month; the year and the month of a day."""
    return [label[:length] for length in (4, 7) if length < len(label)]


def moment_words(moment: dt.datetime) -> str:
    return _("%(day)s, %(time)s UTC") % {"day": day_words(moment), "time": f"{moment:%H:%M}"}


def moment_time(moment: dt.datetime) -> SafeString:
    """The moment in words and for programs."""
    return format_html('<time datetime="{}">{}</time>', f"{moment:%Y-%m-%dT%H:%M:%SZ}", moment_words(moment))


def date_url(article: Article) -> str:
    """The page of the day, month or year that an article is listed under."""
    return period_url(period_label(article))


@dataclass
class Heading:
    """The articles of one page that fall into the same period."""

    label: str
    articles: list[Article] = field(default_factory=list)


def by_period(articles: Iterable[Article]) -> list[Heading]:
    """The articles under the headings that they belong to, both in the order given.

    An article known by its year alone stands among those of 1 January; it does not part their heading.
    """
    headings: dict[str, Heading] = {}
    for article in articles:
        label = period_label(article)
        headings.setdefault(label, Heading(label)).articles.append(article)
    return list(headings.values())


def beyond_heading(article: Article) -> str:
    """What the date says that the heading of its period does not: the time of day, or how far it is known."""
    if article.precision == Precision.MINUTE and article.earliest == article.latest and article.earliest:
        return f"{article.earliest:%H:%M}"
    words = date_words(article)
    return (
        "" if not (article.earliest or article.latest) or period_words(period_label(article)).endswith(words) else words
    )


def opening(article: Any) -> str:
    """The standfirst, or the first words of the text; cut at a word where the script has spaces."""
    text = article.standfirst or getattr(article, "opening", "") or article.body_text
    text = " ".join(text.split())
    if len(text) <= OPENING_LENGTH:
        return text
    words, _space, rest = text[:OPENING_LENGTH].rpartition(" ")
    return f"{words if len(rest) < LONG_WORD else words + _space + rest} …"


def story(article: Article) -> SafeString:
    """The body, which ingest has cleaned, with the paragraphs marked that are captions of pictures.

    Tables and verbatim text scroll by themselves where the page is narrow, so the keyboard must be able to reach them.
    """
    captions = {image.paragraph for image in article.images.all()} if article.body_type == PLAIN else set()
    return laid_out(article.body_html, captions)


def laid_out(cleaned: str, captions: set[int | None]) -> SafeString:
    """HTML of the cleaner, each paragraph with a number and a link to it; those of `captions` are marked as such."""
    number, words = 0, escape(_("Paragraph %(number)s"))

    def mark(found: re.Match[str]) -> str:
        nonlocal number
        if found[0] == "</p>":
            return f'<a class="pin" href="#p{number}" aria-label="{words % {"number": number}}"></a></p>'
        number += 1
        kind = ' class="caption"' if number in captions else ""
        return f'<p id="p{number}"{kind}'

    body = re.sub(r"<(?:table|pre)(?=[ >])", r'\g<0> tabindex="0"', cleaned)
    return mark_safe(re.sub(r"<p(?=[ >])|</p>", mark, body))  # noqa: S308 -- cleaned: see articles/cleaning.py


def loose_pictures(article: Article) -> list[Image]:
    """The pictures whose captions are not in the text."""
    return [image for image in article.images.all() if not image.paragraph and (image.caption or image.alt)]


def caption(image: Image, marks: Marked | None) -> str:
    """The caption of a loose picture, with the words of a search marked."""
    return marks.captions[image.pk] if marks else image.caption or image.alt


def byline(article: Article) -> SafeString:
    """The byline as printed, each author in it a link, the others behind it."""
    authors = [link.author for link in article.author_links.all()]
    missing = [author for author in authors if author.name.casefold() not in article.byline.casefold()]
    links = {author.name.casefold(): _author_link(author) for author in authors}
    names = "|".join(sorted(map(re.escape, (author.name for author in authors)), key=len, reverse=True))
    parts = re.split(f"({names})", article.byline, flags=re.IGNORECASE) if names else [article.byline]
    printed = format_html_join("", "{}", ((links.get(part.casefold(), part),) for part in parts))
    shown = [part for part in (printed, *map(_author_link, missing)) if part]
    return format_html_join(" · ", "{}", ((part,) for part in shown))


def _author_link(author: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', author.get_absolute_url(), author.name)


def prints_dateline(article: Article) -> bool:
    """Whether the text itself begins with the place; then it is not printed once more above it."""
    return article.body_text[:OPENING_LENGTH].casefold().lstrip("(").startswith(article.dateline.casefold())


def language(article: Article) -> str:
    """The language where it is one that HTML can name."""
    return article.language if _LANGUAGE.fullmatch(article.language) else ""


def facet_words(facet: str) -> str:
    return str(FACETS[facet])


def kinds_words(kinds: str) -> str:
    """The heading of names of a kind, by what stands in their addresses: "sources"."""
    return facet_words(kinds.removesuffix("s"))


def web(address: str) -> str:
    """The address if it leads to a page of the web; anything else is shown, not linked."""
    return address if address.lower().startswith(("http://", "https://")) else ""


def export_url(page: str, form: str) -> str:
    """Where programs find what a page lists: /tag/ice.csv?order=oldest of /tag/ice/?order=oldest."""
    path, mark, query = page.partition("?")
    return f"{path.removesuffix('/')}.{form}{mark}{query}"


def feed_url(page: str) -> str:
    """The feed of the newest articles that a page lists."""
    address = export_url(page, "atom")
    return f"{address}{'&' if '?' in address else '?'}newest={FOLLOWED}"


def address_words(path: str) -> str:
    """The words in the last part of an address, to search for when the address leads nowhere."""
    parts = [part for part in unquote(path).split("/") if part]
    return " ".join(re.findall(r"\w+", parts[-1]))[:100] if parts else ""


@dataclass(frozen=True)
class Bar:
    year: Period
    x: int
    height: int

    @property
    def top(self) -> int:
        return BAR_HEIGHT - self.height


@dataclass(frozen=True)
class Years:
    """How many articles of each year there are; `total` is how many of all."""

    bars: list[Bar]
    total: int

    @property
    def width(self) -> int:
        return self.bars[-1].x + 1 if self.bars else 0


def years_as_bars() -> Years:
    years = list(Period.objects.years())
    most = max((year.published_count for year in years), default=0)
    # Years without articles leave a gap, unless one stray date would make all others too thin to be seen.
    spread = bool(years) and int(years[-1].label) - int(years[0].label) < 250
    bars = [
        Bar(
            year,
            int(year.label) - int(years[0].label) if spread else place,
            max(2, BAR_HEIGHT * year.published_count // most),
        )
        for place, year in enumerate(years)
    ]
    return Years(bars, sum(year.published_count for year in years))


@dataclass(frozen=True)
class Cell:
    """A day of a calendar; `period` is missing where nothing is held."""

    number: int
    period: Period | None


def weeks(month: str, days: Iterable[Period]) -> list[list[Cell]]:
    """A month in weeks, with those of its days that something is held of; a cell outside of it has the number 0."""
    held = {int(day.label[8:]): day for day in days}
    numbers = calendar.Calendar().monthdayscalendar(int(month[:4]), int(month[5:7]))
    return [[Cell(day, held.get(day)) for day in week] for week in numbers]


def weekdays() -> list[tuple[str, str]]:
    """Each weekday, and how a calendar writes it."""
    return list(zip(map(str, WEEKDAYS.values()), short_weekdays(), strict=True))
