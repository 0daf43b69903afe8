"""A filtered list of articles as a queue, gone through one by one. Its address carries the filters, and nothing else
is kept of it: what others publish meanwhile is in it no more.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse

from ..models import Article
from ..records import Status
from .lists import MOST_ROWS, ArticleList

# How Django carries the filters of a list to the page of an article and back.
KEPT = "_changelist_filters"
AFTER, BEFORE = "after", "before"
# Of the address of a list, this is about its pages.
PAGES = ("p", "o", "all", "e")
SAVE, PUBLISH = "_next", "_publish_next"
HEADING = "at"


class Unshown(ArticleList):
    """The articles of a list, without a page of them."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_list = self.queryset.none()


@dataclass(frozen=True)
class Queue:
    """The articles of a list by its filters, newest first. Each step is one walk along the key."""

    filters: str
    articles: QuerySet[Article]

    @property
    def list_address(self) -> str:
        return f"{reverse('admin:articles_article_changelist')}?{self.filters}"

    @property
    def beginning(self) -> str:
        return f"{reverse('admin:articles_article_queue')}?{self.filters}"

    def step(self, side: str, number: int) -> str:
        return f"{self.beginning}&{side}={number}"

    def first(self) -> int | None:
        return self.articles.order_by("-pk").values_list("pk", flat=True).first()

    def after(self, number: int) -> int | None:
        behind = self.articles.filter(pk__lt=number).order_by("-pk")
        return behind.values_list("pk", flat=True).first()

    def before(self, number: int) -> int | None:
        """The one before, or else the first."""
        ahead = self.articles.filter(pk__gt=number).order_by("pk")
        return ahead.values_list("pk", flat=True).first() or self.first()

    def page_of(self, number: int) -> str:
        """The page of an article with the filters; its heading has the focus."""
        address = reverse("admin:articles_article_change", args=[number])
        return f"{address}?{urlencode({KEPT: self.filters})}#{HEADING}"


@dataclass(frozen=True)
class Place:
    """Where in its queue an article is. `is_in` is false once it is not in the list any more."""

    queue: Queue
    number: int
    ahead: int
    behind: int
    is_in: bool

    @property
    def position(self) -> int:
        return self.ahead + 1

    @property
    def total(self) -> int:
        return self.ahead + self.is_in + self.behind

    @property
    def is_long(self) -> bool:
        return max(self.ahead, self.behind) > MOST_ROWS

    @property
    def next(self) -> str:
        return self.queue.step(AFTER, self.number)

    @property
    def previous(self) -> str:
        """ "" for the first."""
        return self.queue.step(BEFORE, self.number) if self.ahead else ""


def queue_of(site: Any, request: HttpRequest, filters: str) -> Queue | None:
    """The queue with these filters, written as in an address; None without filters, and for what is none."""
    kept = QueryDict(filters, mutable=True)
    for name in (*PAGES, AFTER, BEFORE):
        kept.pop(name, None)
    if not kept:
        return None
    asked = copy(request)
    asked.GET = kept  # type: ignore[assignment]
    try:
        listed = Unshown(
            asked, Article, site.list_display, (), site.list_filter, None, site.search_fields, False,
            site.list_per_page, site.list_max_show_all, (), site, (), "",
        )  # fmt: skip
    except (IncorrectLookupParameters, DisallowedModelAdminLookup):
        return None
    articles: QuerySet[Article] = listed.queryset.prefetch_related(None)
    return Queue(kept.urlencode(), articles)


def place_of(site: Any, request: HttpRequest, article: Article) -> Place | None:
    """Where the article is in the queue that the address of its page names."""
    queue = queue_of(site, request, request.GET.get(KEPT, ""))
    if not queue:
        return None
    held = queue.articles.order_by()
    return Place(
        queue,
        article.pk,
        ahead=held.filter(pk__gt=article.pk)[: MOST_ROWS + 1].count(),
        behind=held.filter(pk__lt=article.pk)[: MOST_ROWS + 1].count(),
        is_in=held.filter(pk=article.pk).exists(),
    )


def walk(site: Any, request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """To the first article of a queue, or the one after or before another; or the page that says that it has ended."""
    queue = queue_of(site, request, request.GET.urlencode())
    if not queue:
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
    number = _stepped(queue, request.GET)
    if number:
        return HttpResponseRedirect(queue.page_of(number))
    left = queue.articles.order_by()[: MOST_ROWS + 1].count()
    title = "The end of the queue" if left else "The queue is done"
    context = {**frame, "title": title, "queue": queue, "left": min(left, MOST_ROWS), "more": left > MOST_ROWS}
    return TemplateResponse(request, "admin/articles/article/queue_end.html", context)


def _stepped(queue: Queue, asked: QueryDict) -> int | None:
    after, before = asked.get(AFTER, ""), asked.get(BEFORE, "")
    if _is_number(after):
        return queue.after(int(after))
    return queue.before(int(before)) if _is_number(before) else queue.first()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def publishing(request: HttpRequest) -> None:
    """Who pressed “Publish and next” chose the status of the form by it."""
    if PUBLISH in request.POST:
        sent = request.POST.copy()
        sent["status"] = Status.PUBLISHED.value
        request.POST = sent  # type: ignore[assignment]


def onwards(site: Any, request: HttpRequest, article: Article) -> HttpResponse | None:
    """After saving: to the next in the queue, if a button for that was pressed."""
    if not {SAVE, PUBLISH} & request.POST.keys():
        return None
    did = "published" if PUBLISH in request.POST and article.status == Status.PUBLISHED else "saved"
    site.message_user(request, f"“{article}” was {did}.", messages.SUCCESS)
    queue = queue_of(site, request, request.GET.get(KEPT, ""))
    if not queue:
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(queue.step(AFTER, article.pk))
