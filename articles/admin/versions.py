"""The versions of an article in the admin: what each change was, a former text restored, a version withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from .. import editing, versions
from ..attempts import repeated
from ..models import Article, ArticleVersion
from ..records import Refused, Status
from ..versions import Comparison
from ..wording.versions import SAID


@dataclass(frozen=True)
class Row:
    """A version; whether readers see it; how what came after it differs, if that is to be seen."""

    version: ArticleVersion
    is_public: bool
    comparison: Comparison | None = None


def versions_page(request: HttpRequest, article: Article, frame: dict[str, Any]) -> HttpResponse:
    """What an article said before, newest first. `frame` is what every page of the admin shows."""
    context = {
        **frame,
        "title": f"Versions: {article.title}",
        "article": article,
        "rows": list(_rows(article, request.GET.get("changes", ""))),
        "opened": "changes" in request.GET,
        "count": article.versions.count(),
        "may_change": request.user.has_perm("articles.change_article"),
    }
    return TemplateResponse(request, "admin/articles/article/versions.html", context)


def _rows(article: Article, chosen: str) -> Iterator[Row]:
    """The newest versions without their records; only the chosen, or the newest, is compared with what followed it."""
    held = article.versions.select_related("ended_by", "job").defer("record").order_by("-number")
    for place, version in enumerate(held[: versions.MOST_LISTED]):
        compared = str(version.number) == chosen if chosen else place == 0
        is_public = version.status == article.status == Status.PUBLISHED
        yield Row(version, is_public, _what_followed(article, version.number) if compared else None)


def _what_followed(article: Article, number: int) -> Comparison:
    held = article.versions.filter(number__in=(number, number + 1)).only("number", "record")
    records = {version.number: versions.record_of(version) for version in held}
    after = records.get(number + 1) or Article.objects.with_names().get(pk=article.pk).as_record()
    return versions.compare(records[number], after, SAID)


def restore(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    version = get_object_or_404(ArticleVersion, article=article, number=number)
    try:
        repeated(partial(editing.restore, version, by=request.user))
    except Refused as error:
        messages.error(request, str(error))
        return _back(article)
    _log(request, article, f"Version {number} was restored.")
    messages.success(request, f"The article says again what version {number} said. What it said until now is kept.")
    return _back(article)


@transaction.atomic
def show(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Withhold a version from readers, or let them see it again."""
    versions_of = ArticleVersion.objects.select_for_update(of=("self",))
    version = get_object_or_404(versions_of, article=article, number=number)
    status = Status.PUBLISHED if request.POST.get("show") else Status.WITHHELD
    version.say({**version.record, "status": status.value})
    words = "is shown to readers" if status == Status.PUBLISHED else "is withheld from readers"
    _log(request, article, f"Version {number} {words}.")
    messages.success(request, f"Version {number} {words} from now on.")
    return _back(article)


def _log(request: HttpRequest, article: Article, words: str) -> None:
    LogEntry.objects.log_actions(request.user.pk or 0, [article], CHANGE, words, single_object=True)


def _back(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_versions", args=[article.pk]))
