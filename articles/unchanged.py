"""What a reader has kept of a page is still right: one question to the database says so, and the page is not made."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import http_date, parse_etags, quote_etag
from django.utils.translation import get_language

from . import search
from .models import Edition

# Pages that are otherwise each time, or not only because of what is held.
RANDOM = {"random", *(f"{name}_random" for name in ("source", "section", "tag", "author"))}
CHANGING = RANDOM | {"complete", "followed_list", "followed", "followed_atom", "login", "logout", "search_help"}
FOLDERS = ("articles", "newsarchive", "templates", "static", "locale")
KINDS = {".py", ".html", ".xml", ".txt", ".css", ".js", ".mo"}


@dataclass(frozen=True)
class Stamp:
    """What a page was made of; `changed` is when the last of it changed."""

    etag: str
    changed: dt.datetime


class Unchanged:
    """Gives the archive's pages an ETag and a Last-Modified, and answers 304 before the page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        made_of: Stamp | None = getattr(request, "stamp", None)
        if made_of and response.status_code in (200, 304) and "no-store" not in response.get("Cache-Control", ""):
            response["ETag"] = made_of.etag
            # Within a second there is no telling whether something changed once more.
            if timezone.now() - made_of.changed > dt.timedelta(seconds=2):
                response["Last-Modified"] = http_date(made_of.changed.timestamp())
            # Without a question nobody knows: what is taken down must be gone at once.
            patch_cache_control(response, no_cache=True)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if request.method not in ("GET", "HEAD") or not match or match.namespace != "articles":
            return None
        if match.url_name in CHANGING:
            return None
        made_of = stamp(request)
        if made_of is None:
            return None
        vars(request)["stamp"] = made_of
        # Who has this mark got the page in this state. A date, or a star, may come with an address of nothing: so the
        # page is made first.
        held = {etag.removeprefix("W/") for etag in parse_etags(request.headers.get("If-None-Match", ""))}
        return HttpResponseNotModified() if made_of.etag in held else None


def stamp(request: HttpRequest) -> Stamp | None:
    """None while the index is away: what is missing on a page then is back the next moment."""
    edition = vars(request)["edition"] = Edition.objects.current()
    index = search.generation()
    if not index:
        return None
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    reader = (request.user.pk, request.user.get_username()) if settings.LOGIN_WALL and hasattr(request, "user") else ()
    parts = (str(edition), index, day, code(), get_language(), settings.ARCHIVE_NAME, reader)
    changed = max(edition.moment, day, first_seen(index))
    return Stamp(quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32]), changed)


@lru_cache(8)
def first_seen(index: str) -> dt.datetime:
    """Since when this process knows of this state of the index. It has not been changed later than that."""
    return timezone.now()


@lru_cache(1)
def code() -> float:
    """When what pages are made with was changed last, in seconds since 1970."""
    files = chain.from_iterable((settings.BASE_DIR / folder).rglob("*") for folder in FOLDERS)
    return max((os.path.getmtime(path) for path in files if path.suffix in KINDS), default=0.0)
