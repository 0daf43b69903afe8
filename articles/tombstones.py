"""What stands where an article was taken down, at all its addresses; and the list of what was.

Every page of one article takes its number as `pk` and raises `Http404` where readers may not see it. So no page can
forget a tombstone, and none needs to know of them.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from . import exports, ladder, shelves
from .models import Takedown
from .wording.archive import date_words, day_words
from .wording.takedowns import headline_words, reason_words

# No cache may keep saying that an article is gone when it is back, and no search engine may keep its headline.
HEADERS = {"Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}


class TakedownMiddleware:
    """Answers for articles that have a tombstone, and asks search engines to leave out those that are not for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        number = _number(request)
        if number and response.status_code == HTTPStatus.OK and ladder.is_unlisted(number):
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        number = _number(request)
        takedown = ladder.tombstone_of(number) if number and isinstance(exception, Http404) else None
        return gone(request, takedown) if takedown else None


def _number(request: HttpRequest) -> int:
    """The number of the article whose page is asked for; 0 on other pages."""
    match = request.resolver_match
    return match.kwargs.get("pk", 0) if match and match.app_name == "articles" else 0


def gone(request: HttpRequest, takedown: Takedown) -> HttpResponse:
    """What readers and programs get in place of an article that was taken down."""
    form = request.resolver_match.kwargs.get("form", "") if request.resolver_match else ""
    if form in ("json", "jsonl"):
        return _told(JsonResponse(described(takedown), json_dumps_params={"ensure_ascii": False}))
    if form:
        words = "".join(f"{line}\n" for line in lines(takedown))
        return _told(HttpResponse(words, content_type="text/plain; charset=utf-8"))
    return _told(render(request, "articles/tombstone.html", {"takedown": takedown}))


def _told(response: HttpResponse) -> HttpResponse:
    response.status_code = HTTPStatus.GONE
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def described(takedown: Takedown) -> dict[str, Any]:
    article = takedown.article
    return {
        "error": f"This article was taken down on {day_words(takedown.since)}.",
        "id": takedown.article_id,
        "headline": headline_words(takedown),
        "source": article.source.name if article.source else "",
        "date": exports.date_of(article) or None,
        "taken_down": f"{takedown.since:%Y-%m-%dT%H:%M:%SZ}",
        "reason": takedown.reason,
        "reason_words": reason_words(takedown.reason),
        "words": takedown.words,
    }


def lines(takedown: Takedown) -> list[str]:
    """The same as lines of text."""
    told = described(takedown)
    article = [told["headline"], told["source"], date_words(takedown.article)]
    return [line for line in (told["error"], told["reason_words"], told["words"], *article) if line]


def takedowns(request: HttpRequest) -> HttpResponse:
    """The articles that were taken down, the last first, and how many for which reason."""
    counts = ladder.counts()
    context = {
        "page": shelves.tombstones().page(request.GET, request.path),
        "counts": counts,
        "total": sum(counts.values()),
    }
    response = render(request, "articles/takedowns.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
