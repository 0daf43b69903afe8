"""What the templates of the reading pages can say: Jinja2, because a page of results must take no time to write."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr, truncatechars
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext
from jinja2 import Environment, StrictUndefined

from .addresses import address
from .locales import thousands
from .models import Edition
from .search.question.wording import language_words
from .wording import archive, charts, citations, metadata, printings, takedowns, versions

FILTERS: tuple[Callable[..., Any], ...] = (
    archive.address_words,
    archive.any_day_url,
    archive.beyond_heading,
    archive.by_period,
    archive.byline,
    archive.caption,
    archive.date_link,
    archive.date_words,
    archive.day_of_year_words,
    archive.day_words,
    archive.export_url,
    archive.facet_words,
    archive.feed_url,
    archive.kinds_words,
    archive.language,
    archive.loose_pictures,
    archive.moment_words,
    archive.opening,
    archive.period_label,
    archive.period_url,
    archive.period_words,
    archive.periods_above,
    archive.prints_dateline,
    thousands,
    archive.web,
    archive.weeks,
    charts.drawn,
    charts.mentions,
    charts.switches,
    citations.file_words,
    citations.gaps,
    citations.style_words,
    language_words,
    metadata.canonical,
    metadata.metadata,
    metadata.site,
    printings.differences_words,
    printings.printed_beside,
    printings.printed_words,
    takedowns.headline_words,
    takedowns.reason_words,
    versions.beginning_words,
    versions.changed_words,
    versions.fact_words,
    versions.held_words,
    versions.is_bare,
    versions.loose_images,
    versions.story_of,
    linebreaksbr,
    truncatechars,
)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by the name that urls.py gives it."""
    return reverse(name, args=args, kwargs=kwargs) if args or kwargs else address(name)


@lru_cache(256)
def static(path: str) -> str:
    return staticfiles_storage.url(path)


def static_prefix() -> str:
    """Where static files lie, for a page that must not fail where one of them is missing."""
    return settings.STATIC_URL


def page_direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"


def languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The languages that a page can speak: code, name, and the address that chooses it and leads back."""
    back = urlencode({"next": request.get_full_path()})
    return [(code, name, f"{reverse('language', args=[code])}?{back}") for code, name in settings.LANGUAGES]


def chart_of_years(label: str = "") -> SafeString:
    """The years of which articles are held, as bars; the one in which this period is, marked. Drawn once an edition."""
    drawn = Edition.objects.kept(f"years:{get_language()}", _years_drawn)
    here = f'<a href="{archive.period_url(label[:4])}" tabindex="-1"'
    return mark_safe(drawn.replace(here, f'{here} class="here"') if label else drawn)  # noqa: S308 -- written by a template


def _years_drawn() -> SafeString:
    return mark_safe(render_to_string("articles/_years.html", {"years": archive.years_as_bars()}))  # noqa: S308 -- likewise


GLOBALS: dict[str, Callable[..., Any]] = {
    "chart_of_years": chart_of_years,
    "languages": languages,
    "page_direction": page_direction,
    "page_language": get_language,
    "static": static,
    "static_prefix": static_prefix,
    "url": url,
    "weekdays": archive.weekdays,
}


class Templates(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Nothing is laid over what all templates know, so that a page does not compare the two for each import."""
        return self.globals if not d else super().make_globals(d)


def environment(**options: Any) -> Environment:
    """As Django asks for it, and so that a name that is not there is an error before a reader finds the gap."""
    options |= {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    made = Templates(**options)
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update({words.__name__: words for words in FILTERS})
    # Words without markup are escaped like any other value; those of {% trans %} may have some.
    made.globals.update(GLOBALS, _=gettext)
    return made
