"""Possible duplicates in the admin: beside each other, and what becomes of them decided by a button."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from .. import desk, trash
from ..attempts import repeated
from ..differences import differences
from ..models import Article, Distinct
from ..records import Status
from ..wording.printings import differences_words
from .log import note
from .trash import DISCARDED

# So many groups are shown on a page, so many articles of one, and so many characters of each are compared.
GROUPS, MEMBERS, COMPARED = 10, 6, 20_000
KEPT_APART = "Said to be no copy."


class CopyFilter(admin.SimpleListFilter):
    title = "copies"
    parameter_name = "copies"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Possible duplicates")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(pk__in=desk.copies().values("pk")) if self.value() == "yes" else None


@dataclass(frozen=True)
class Copy:
    """An article of a group; what it says otherwise than the first of them, in words."""

    article: Article
    differs: str = ""


def copies_page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """The newest groups. `frame` is what every page of the admin shows."""
    context = {**frame, "title": "Possible duplicates", "groups": list(_groups()), "published": Status.PUBLISHED}
    return TemplateResponse(request, "admin/articles/article/copies.html", context)


def _groups() -> Iterator[list[Copy]]:
    seen: set[int] = set()
    for article in desk.copies().select_related("source").order_by("-pk")[: GROUPS * MEMBERS]:
        if article.pk not in seen and len(seen) < GROUPS * MEMBERS:
            others = list(desk.copies_of(article).select_related("source").order_by("-pk")[: MEMBERS - 1])
            group = sorted([article, *others], key=lambda copy: copy.pk)
            seen |= {copy.pk for copy in group}
            yield list(_compared(group))


def _compared(group: list[Article]) -> Iterator[Copy]:
    first = group[0]
    yield Copy(first)
    for article in group[1:]:
        yield Copy(article, differences_words(differences(first.body_text[:COMPARED], article.body_text[:COMPARED])))


def decide(request: HttpRequest) -> HttpResponse:
    """Move one to the trash, or call all that were shown distinct."""
    numbers = [int(text) for text in request.POST.getlist("number")[:MEMBERS] if text.isdecimal() and len(text) < 19]
    found = list(Article.objects.filter(pk__in=numbers, trashed_at=None))
    if request.POST.get("decision") == "distinct":
        repeated(partial(_keep_apart, request.user, found))
        messages.success(request, "They are articles of their own from now on.")
    else:
        wanted = [article for article in found if str(article.pk) == request.POST.get("discard")]
        repeated(partial(_discard, request.user, wanted))
        for article in wanted:
            messages.success(request, f"“{article.title}” is in the trash now.")
    return HttpResponseRedirect(reverse("admin:articles_article_copies"))


@transaction.atomic
def _keep_apart(user: Any, articles: list[Article]) -> None:
    Distinct.objects.bulk_create(
        (Distinct(article=article, said_by=user) for article in articles), ignore_conflicts=True
    )
    note(user, articles, KEPT_APART)


@transaction.atomic
def _discard(user: Any, articles: list[Article]) -> None:
    note(user, articles, DISCARDED)
    trash.discard([article.pk for article in articles])
