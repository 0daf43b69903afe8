"""Searches with a name and a page of their own, and what is new on each since the reader looked.

When that was is kept by the reader's own browser, in a cookie: no cache may keep these pages for others.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from . import printings, search
from .forms import SearchForm
from .models import FollowedSearch
from .search import FACETS, Question, Sort

# Seconds. Pages that are opened within half an hour of each other are one look: what is new stays so meanwhile. What
# came in shortly before a look may not have been in the index by then, so it is told once more.
LOOK, LAG, YEAR = 30 * 60, 5 * 60, 365 * 24 * 3600
# Counts of so many searches are shown in the list of all.
LISTED = 200
ADDRESS = ("http://", "https://", "/", "?")
NAMES = {"not_also", *FACETS, *(name for name, _ in Question().parameters())}
UNREADABLE = gettext_lazy(
    "This address cannot be read. Copy that of a page of results, or write the words of the search."
)
COOKIE = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})")


class Look(NamedTuple):
    """In seconds since 1970: what came in after `since` is new (0: nothing is, yet); `last` is when a page was seen."""

    since: int
    last: int

    @classmethod
    def after(cls, cookie: str, now: int) -> Look:
        """This look, by what the cookie keeps of those before."""
        kept = COOKIE.fullmatch(cookie)
        if not kept or int(kept[2]) > now:
            return cls(0, now)
        since, last = int(kept[1]), int(kept[2])
        return cls(last if last + LOOK < now else min(since, last), now)

    def __str__(self) -> str:
        return f"{self.since}.{self.last}"

    @property
    def moment(self) -> dt.datetime | None:
        return dt.datetime.fromtimestamp(self.since, dt.UTC) if self.since else None

    def new(self, question: Question) -> Question | None:
        """What of a question is new; None on the first look."""
        if not self.since:
            return None
        moment = dt.datetime.fromtimestamp(max(0, self.since - LAG), dt.UTC)
        return question.with_(stored=max(moment.isoformat()[:16], question.stored), apart=True)


def asked(given: str) -> Question:
    """The question in an address, a query string, or words as they are typed; newest first.

    What cannot be read asks for nothing, and a note says so.
    """
    try:
        question = SearchForm(QueryDict(query_in(given))).question()
    except (ValueError, TooManyFieldsSent):
        question = Question(notes=(str(UNREADABLE),))
    return dataclasses.replace(question.plain, sort=Sort.NEWEST, notes=question.notes)


def query_in(given: str) -> str:
    """Raises `ValueError` for an address that is none."""
    if given.startswith(ADDRESS):
        return urlsplit(given).query
    name, equals, _ = given.partition("=")
    return given if equals and name in NAMES else urlencode({"q": given})


def sentence(page: search.Page) -> str:
    """What a page answers, in words."""
    return page.sentence or page.question.text or page.question.querystring()


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page is of one reader."""

    def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
        response = view(request, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ["Cookie"])
        return response

    return require_safe(answer)


class Row(NamedTuple):
    """A followed search in the list; counts are None where nobody can tell them now."""

    follow: FollowedSearch
    total: int | None
    new: int | None
    since: dt.datetime | None


@private
def followed_list(request: HttpRequest) -> HttpResponse:
    now = int(time.time())
    follows = list(FollowedSearch.objects.all()[:LISTED])
    looks = [Look.after(cookie_of(request, follow), now) for follow in follows]
    return render(request, "articles/followed_list.html", {"rows": rows(follows, looks)})


def rows(follows: list[FollowedSearch], looks: list[Look]) -> list[Row]:
    """The totals are the same for all readers and are remembered; what is new is counted for each."""
    questions = [asked(follow.query) for follow in follows]
    new = [look.new(question) for look, question in zip(looks, questions, strict=True)]
    totals = search.kept_totals(questions)
    counted = iter(search.totals([question for question in new if question]))
    return [
        Row(follow, total, next(counted) if question else None, look.moment)
        for follow, total, question, look in zip(follows, totals, new, looks, strict=True)
    ]


@private
def followed(request: HttpRequest, slug: str) -> HttpResponse:
    follow = get_object_or_404(FollowedSearch, slug=slug)
    look = Look.after(cookie_of(request, follow), int(time.time()))
    page = search.find(asked(follow.query))
    new = search.find(question) if (question := look.new(page.question)) else None
    told = {hit.article.pk for hit in new.hits} if new else set()
    context = {
        "follow": follow,
        "page": page,
        "sentence": sentence(page),
        "new": new,
        "since": look.moment,
        "rest": [hit for hit in page.hits if hit.article.pk not in told],
        "printings": printings.summary(hit.article for hit in (*page.hits, *(new.hits if new else ()))),
    }
    response = render(request, "articles/followed.html", context)
    keep(response, follow, look)
    return response


@require_safe
def followed_atom(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever follows this address gets the feed of the search, also after an editor changed it."""
    follow = get_object_or_404(FollowedSearch, slug=slug)
    return HttpResponseRedirect(search.Page(asked(follow.query)).feed)


def cookie_name(follow: FollowedSearch) -> str:
    return f"looked-{follow.pk}"


def cookie_of(request: HttpRequest, follow: FollowedSearch) -> str:
    return request.COOKIES.get(cookie_name(follow), "")


def keep(response: HttpResponse, follow: FollowedSearch, look: Look) -> None:
    response.set_cookie(
        cookie_name(follow),
        str(look),
        max_age=YEAR,
        path=reverse("articles:followed_list"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
