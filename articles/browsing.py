"""The pages of names, of tags together, of any 13 April, of what came in last; and one article by chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from . import holdings, search, shelves
from .models import Article, Edition, Name, Period, Source, Tag
from .paging import Listing
from .views import listed, moved, name_or_404

# So many other names of a name are shown, and so many names of each kind that it is found with.
OTHERS, BESIDE = 20, 12
# So many tags can be asked for together.
TOGETHER = 5
# Of a source so many of the longest times with nothing held are told, none shorter than so many days.
GAPS, SHORTEST = 3, 3
LEAP_YEAR = 2000


def name(request: HttpRequest, kind: type[Name], slug: str) -> HttpResponse:
    """The articles of a source, or those filed under a section, a tag or an author."""
    shown = name_or_404(kind, slug)
    if slug != shown.slug:
        return moved(request, shown.get_absolute_url())
    state = f"{get_language()}:{search.generation()}"
    company, gaps = Edition.objects.kept(f"company:{state}:{kind.__name__}:{shown.slug}", partial(_company, shown))
    context = {
        "name": shown,
        "others": shown.alias_model().objects.filter(target=shown)[:OTHERS],
        "kinds": kind._meta.verbose_name_plural,
        "one": kind._meta.model_name,
        "within": {kind._meta.model_name: shown.slug},
        "company": company,
        "beside": beside([shown], company),
        "gaps": gaps,
    }
    return listed(request, shelves.of_name(shown), "articles/name.html", total=shown.published_count, **context)


def _company(shown: Name) -> tuple[search.Company, list[holdings.Gap]]:
    """What a name is found with, and of a source the longest times with nothing held."""
    kind = type(shown)
    company = search.company(asked_for(kind, [shown.slug]), most=BESIDE, daily=kind is Source)
    return replace(company, days=()), holdings.gaps(company.days, GAPS, SHORTEST)


def asked_for(kind: type[Name], slugs: Iterable[str]) -> search.Question:
    """What finds the articles that have all of these names."""
    return search.Question(filters=tuple(sorted((str(kind._meta.model_name), slug) for slug in slugs)))


def beside(shown: list[Any], company: search.Company) -> dict[str, tuple[search.Neighbour, ...]]:
    """The names that these are found with, each with where it leads: tags beside tags to those tags together."""
    found = {kind: names for kind, names in company.names.items() if names}
    if isinstance(shown[0], Tag):
        slugs = [tag.slug for tag in shown]
        room = len(shown) < TOGETHER
        tags = [replace(tag, url=address([*slugs, tag.slug])) for tag in found.pop("tag", ()) if room]
        return {**({"tag": tuple(tags)} if tags else {}), **found}
    return found


# Tags together


@dataclass(frozen=True)
class Asked:
    """Tags that are asked for together: those that there are, in the order of their address, and slugs of none."""

    tags: list[Tag]
    unknown: list[str]

    @property
    def slugs(self) -> list[str]:
        return [tag.slug for tag in self.tags]

    @property
    def title(self) -> str:
        return _("Articles tagged %(tags)s") % {"tags": get_text_list([tag.name for tag in self.tags], _("and"))}

    @property
    def refused(self) -> str:
        """Why there is no such page; empty where there is."""
        if len(self.tags) > TOGETHER:
            return _("At most %(count)s tags can be asked for together.") % {"count": TOGETHER}
        words = ngettext("There is no tag %(tags)s.", "There are no tags %(tags)s.", len(self.unknown))
        return words % {"tags": ", ".join(f"“{slug}”" for slug in self.unknown)} if self.unknown else ""

    @property
    def url(self) -> str:
        return address(self.slugs)


def asked_together(slugs: str) -> Asked:
    wanted = list(dict.fromkeys(slugs.split("+")))[: 2 * TOGETHER]
    held = {tag.slug: tag for tag in Tag.objects.in_use().filter(slug__in=wanted)}
    aliases = Tag.alias_model().objects.filter(slug__in=wanted, target__published_count__gt=0).select_related("target")
    led = {alias.slug: alias.target for alias in aliases}
    found = {slug: tag for slug in wanted if (tag := held.get(slug) or led.get(slug))}
    tags = {tag.slug: tag for tag in found.values()}
    return Asked([tags[slug] for slug in sorted(tags)], [slug for slug in wanted if slug not in found])


def address(slugs: Iterable[str]) -> str:
    """Of one tag, or of several together, whose slugs stand in their order."""
    ordered = sorted(slugs)
    if not ordered:
        return reverse("articles:tags")
    return reverse("articles:tag" if len(ordered) == 1 else "articles:tags_together", args=["+".join(ordered)])


def together(request: HttpRequest, slugs: str) -> HttpResponse:
    """The articles that have all of some tags."""
    asked = asked_together(slugs)
    if asked.refused:
        return render(request, "articles/no_tags.html", {"asked": asked}, status=404)
    if asked.url != reverse("articles:tags_together", args=[slugs]):
        return moved(request, asked.url)
    company = search.company(asked_for(Tag, asked.slugs), most=BESIDE)
    without = [(tag, address(slug for slug in asked.slugs if slug != tag.slug)) for tag in asked.tags]
    context = {"asked": asked, "without": without, "company": company, "beside": beside(asked.tags, company)}
    context |= {"within": {"tag": asked.slugs}}
    return listed(request, shelves.together(asked.tags), "articles/together.html", total=company.total, **context)


# All names of a kind


def names(request: HttpRequest, kind: type[Name], letter: str = "", by_count: bool = False) -> HttpResponse:
    """All names of one kind, by name or the most used first; or those that begin with a letter."""
    if len(letter) > 1:
        raise Http404
    listing = shelves.of_names_by_count(kind) if by_count else shelves.of_names(kind, letter)
    page = listing.page(request.GET, request.path)
    long = bool(letter or page.next or page.previous)
    context = {
        "page": page,
        "kinds": kind._meta.verbose_name_plural,
        "letter": letter,
        "by_count": by_count,
        "letters": shelves.letters(kind) if long else {},
    }
    return render(request, "articles/names.html", context, status=200 if page.rows or not letter else 404)


# Any 13 April


def day_of_year(month: str, day: str) -> dt.date:
    """In a leap year, so that 29 February is one too."""
    try:
        return dt.date(LEAP_YEAR, int(month), int(day))
    except ValueError as error:
        raise Http404 from error


def on_any(request: HttpRequest, month: str, day: str) -> HttpResponse:
    """What appeared on this day, in whatever year."""
    shown = day_of_year(month, day)
    years = Period.objects.on_any(shown.month, shown.day)
    context = {
        "day": shown,
        "before": shown - dt.timedelta(days=1),
        "after": shown + dt.timedelta(days=1),
        "years": years,
        "total": sum(years.values()),
    }
    return listed(request, shelves.on_any(shown.month, shown.day), "articles/on_any.html", **context)


# What came in last; and one by chance


def arrivals(request: HttpRequest) -> HttpResponse:
    return listed(request, shelves.arrivals(), "articles/arrivals.html", total=Period.objects.count_of("all"))


@never_cache
def random(request: HttpRequest) -> HttpResponse:
    return _by_chance(shelves.everything(), Period.objects.count_of("all"))


@never_cache
def random_of_name(request: HttpRequest, kind: type[Name], slug: str) -> HttpResponse:
    shown = name_or_404(kind, slug)
    return _by_chance(shelves.of_name(shown), shown.published_count)


def _by_chance(listing: Listing, total: int) -> HttpResponse:
    number = shelves.one_of(listing, total)
    return HttpResponseRedirect(get_object_or_404(Article.objects.published(), pk=number).get_absolute_url())
