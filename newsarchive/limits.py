"""How much one address may ask for in a minute, and what is told to whom asks for more, or tried too many passwords."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

MINUTE = 60
# What is limited, each kind by itself, and its part of NEWSARCHIVE_RATE: completions come with each key that is struck.
SEARCHES, COMPLETIONS, LISTS, LOGINS = "searches", "completions", "lists", "logins"
PARTS: dict[str, float] = {SEARCHES: 1, COMPLETIONS: 5, LISTS: 1, LOGINS: 0.1}
KINDS = {
    "articles:search": SEARCHES,
    "articles:why": SEARCHES,
    "articles:search_help": SEARCHES,
    "articles:complete": COMPLETIONS,
    "articles:login": LOGINS,
    "admin:login": LOGINS,
}
ABOUT = "So much was asked for from your address that the archive takes a pause. Please ask again in {} seconds."


class Limits:
    """Answers 429 where one address asked for more of a kind within this minute than NEWSARCHIVE_RATE lets it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        kind = kind_of(request)
        if not settings.RATE or not kind or count(kind, address_of(request)) <= settings.RATE * PARTS[kind]:
            return None
        return refused(request, MINUTE - int(time.time()) % MINUTE)


def kind_of(request: HttpRequest) -> str:
    """What a request counts as; "" for what is not limited."""
    match = request.resolver_match
    if match is None:
        return ""
    kind = KINDS.get(match.view_name, LISTS if "form" in match.kwargs else "")
    return "" if kind == LOGINS and request.method != "POST" else kind


def count(kind: str, address: str) -> int:
    """How often this was asked for within this minute, this time counted in."""
    key = f"asked:{kind}:{address}:{int(time.time()) // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        return cache.incr(key)
    except ValueError:
        # A cache that is full has thrown it away in between.
        return 1


def address_of(request: HttpRequest) -> str:
    """Who asks. Of an IPv6 address the network, because each visitor has a whole one to choose from."""
    told = told_address(request)
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return "0.0.0.0"  # noqa: S104
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.IPv6Network((int(address), 64), strict=False).network_address)


def told_address(request: HttpRequest) -> str:
    """Each trusted proxy adds at the end of the header whom it speaks for; what stands before is anybody's claim."""
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.PROXIES and len(passed) >= settings.PROXIES:
        return passed[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def locked(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """For whom django-axes has locked the log-in."""
    return refused(request, int(settings.AXES_COOLOFF_TIME.total_seconds()))


def refused(request: HttpRequest, seconds: int) -> HttpResponse:
    """A page for people, JSON or a line for programs; each says when to ask again."""
    match = request.resolver_match
    form = match.kwargs.get("form", "json" if match.url_name == "complete" else "") if match else ""
    if form in ("json", "jsonl"):
        response: HttpResponse = JsonResponse({"error": ABOUT.format(seconds)})
    elif form:
        response = HttpResponse(f"{ABOUT.format(seconds)}\n", content_type="text/plain; charset=utf-8")
    else:
        response = render(request, "429.html", {"minutes": math.ceil(seconds / MINUTE)})
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
