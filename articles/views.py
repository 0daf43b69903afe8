"""The pages that readers see. Nothing here asks who the reader is; where that matters, newsarchive/wall.py did."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from . import fruitless, holdings, printings, quoting, search, shelves, surroundings, versions
from .forms import SearchForm
from .models import Article, Name, Period
from .models.ledger import PeriodKind
from .paging import Listing
from .wording.archive import story

AnyName = TypeVar("AnyName", bound=Name)

# The colour of the paper in archive.css, where it is light; and how much of a name stands under an icon.
PAPER = "#fdfcf9"
SHORT_NAME = 12


def article(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    shown = get_object_or_404(shelves.whole(Article.objects.published()), pk=pk)
    if slug != shown.slug:
        return moved(request, shown.get_absolute_url())
    text = story(shown)
    context = {"article": shown, "around": surroundings.around(shown), "text": text}
    context |= {"printed": printings.summary_of(shown), "changes": versions.changes(shown)}
    context |= {"quoted": quoting.quotation(shown, request.GET.get("quote", ""), text), **_asked(request, shown, text)}
    return render(request, "articles/article.html", context)


def _asked(request: HttpRequest, shown: Article, text: str) -> dict[str, Any]:
    """Of the search that the address names: its words marked in the article, and the results beside it."""
    question = SearchForm(request.GET).question()
    if question.is_open:
        return {"marks": None, "turn": None}
    marks = search.mark(shown, question, text) if question.parsed.expression else None
    return {"marks": marks, "turn": search.turn(question.listing, request.GET.get("at", ""), shown)}


def everything(request: HttpRequest) -> HttpResponse:
    total = Period.objects.count_of("all")
    return listed(request, shelves.everything(), "articles/everything.html", total=total)


def undated(request: HttpRequest) -> HttpResponse:
    total = Period.objects.count_of("undated")
    return listed(request, shelves.undated(), "articles/undated.html", total=total)


def name_or_404(kind: type[AnyName], slug: str) -> AnyName:
    """The name with this address, or that the address leads to, if anything is filed under it."""
    shown: AnyName | None = kind.objects.in_use().at(slug)
    if shown is None:
        raise Http404
    return shown


def moved(request: HttpRequest, address: str) -> HttpResponsePermanentRedirect:
    query = request.META["QUERY_STRING"]
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def period(request: HttpRequest, **numbers: str) -> HttpResponse:
    """The articles of a year, a month or a day."""
    shown = get_object_or_404(Period, label="-".join(numbers.values()), published_count__gt=0)
    before, after = shelves.periods_beside(shown)
    context = {
        "period": shown,
        "before": before,
        "after": after,
        "parts": shelves.periods_within(shown),
        "day": dt.date.fromisoformat(shown.label) if shown.kind == PeriodKind.DAY else None,
        "within": {"from": shown.label, "to": shown.label},
    }
    return listed(request, shelves.of_period(shown), "articles/period.html", total=shown.published_count, **context)


def listed(request: HttpRequest, listing: Listing, template: str, **context: Any) -> HttpResponse:
    return render(request, template, {"page": listing.page(request.GET, request.path), **context})


def find(request: HttpRequest) -> HttpResponse:
    question = SearchForm(request.GET).question()
    if question.view == "lines":
        lines = search.concordance(question)
        return render(
            request, "articles/lines.html", {"lines": lines, "question": lines.question, "holdings": holdings.summary()}
        )
    found = search.find(question)
    if not (found.total or found.refused or found.degraded):
        fruitless.note(found.question, request.headers.get("User-Agent", ""))
    context = {
        "page": found,
        "question": found.question,
        "holdings": holdings.summary(),
        "printings": printings.summary(hit.article for hit in found.hits),
        "nothing": None if found.hits or found.refused else search.nothing(found.question),
    }
    response = render(request, "articles/search.html", context)
    if found.degraded:
        add_never_cache_headers(response)
    return response


@login_not_required
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone shows of the archive when somebody puts it on the home screen."""
    icons = [("icon.svg", "any", "image/svg+xml"), ("icon-192.png", "192x192", ""), ("icon-512.png", "512x512", "")]
    told = {
        "name": settings.ARCHIVE_NAME,
        "short_name": settings.ARCHIVE_NAME[:SHORT_NAME].strip(),
        "start_url": reverse("articles:home"),
        "scope": reverse("articles:home"),
        "display": "browser",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": staticfiles_storage.url(name), "sizes": size, "type": kind or "image/png"}
            for name, size, kind in icons
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
