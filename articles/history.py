"""The pages of what an article said before: its states, each of them, and how two differ."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from . import versions
from .models import Article
from .versions import State
from .wording.versions import SAID

NOW = "now"
LAYOUTS = ("inline", "beside")


def versions_page(request: HttpRequest, pk: int) -> HttpResponse:
    article = _article(pk)
    states = versions.public_states(article)
    context = {"article": article, "states": states, "pairs": _pairs(states), "most": versions.MOST_LISTED}
    return render(request, "articles/versions.html", context)


def version_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One state at an address of its own; what holds now is at the article's."""
    article = _article(pk)
    states = versions.published_states(article)
    shown = next((state for state in states if state.number == number), None)
    if shown is None:
        raise Http404
    if shown.until is None:
        return HttpResponseRedirect(article.get_absolute_url())
    (record,) = versions.records_of(article, shown)
    return render(request, "articles/version.html", {"article": article, "state": shown, "record": record})


def differences_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How two states differ: of those that are named by `from` and `to`, or of the last two."""
    article = _article(pk)
    states = versions.public_states(article)
    if len(states) < 2:
        raise Http404
    before = _chosen(states, request.GET.get("from", ""), states[-2])
    after = _chosen(states, request.GET.get("to", ""), states[-1])
    if after.number < before.number:
        before, after = after, before
    said = versions.records_of(article, before, after)
    layout = request.GET.get("layout", "")
    context = {
        "article": article,
        "states": states,
        "before": before,
        "after": after,
        "layout": layout if layout in LAYOUTS else LAYOUTS[0],
        "comparison": versions.compare(said[0], said[1], SAID),
    }
    return render(request, "articles/versions_differences.html", context)


def described(article: Article, site: str) -> dict[str, Any]:
    """What JSON says of the states of an article; nothing where it has not changed."""
    states = versions.public_states(article) if article.versions.exists() else []
    return {"versions": [_described(article, state, site) for state in states]} if len(states) > 1 else {}


def _described(article: Article, state: State, site: str) -> dict[str, Any]:
    earlier = reverse("articles:version", args=[article.pk, state.number])
    return {
        "number": state.number,
        "url": site + (earlier if state.until else article.get_absolute_url()),
        "since": f"{state.since:%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{state.until:%Y-%m-%dT%H:%M:%SZ}" if state.until else None,
    }


def _article(pk: int) -> Article:
    return get_object_or_404(Article.objects.published().with_names(), pk=pk)


def _pairs(states: list[State]) -> list[tuple[State, State | None]]:
    """The states, newest first, each with the one before it."""
    return list(zip(states, [None, *states[:-1]], strict=True))[::-1]


def _chosen(states: list[State], number: str, default: State) -> State:
    if not number:
        return default
    found = next((state for state in states if number in (str(state.number), NOW if not state.until else "")), None)
    if found is None:
        raise Http404
    return found
