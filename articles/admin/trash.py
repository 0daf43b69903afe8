"""The trash in the admin: articles go there, come back as they were, or are deleted for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from .. import trash
from ..attempts import repeated
from ..keeping import counted
from ..models import Article
from ..models.article import ArticleQuerySet
from .lists import MOST_ROWS, BoundedPaginator
from .log import note, note_many
from .saving import Saving

ROWS_ON_A_PAGE = 100
DELETE = "articles.delete_article"
DISCARDED = "Moved to the trash."
PUT_BACK = "Taken out of the trash."
DELETED = "Deleted for ever."


def trash_address(article: Article) -> str:
    return f"{reverse('admin:articles_article_trash')}?number={article.pk}"


def in_the_trash(number: str) -> Article | None:
    return Article.objects.trashed().filter(pk=_number(number)).first()


class Trashing(Saving):
    """Articles whose deletion takes them to the trash, which needs no more than the right to change them."""

    delete_confirmation_template = "admin/articles/article/discard.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(trashed_at=None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    @admin.action(description="Move selected articles to the trash", permissions=["change"])
    def delete_selected(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        numbers = list(chosen.order_by().values_list("pk", flat=True)[: MOST_ROWS + 1])
        if len(numbers) > MOST_ROWS:
            words = f"These are more than {MOST_ROWS:,} articles: narrow the list, and move them in parts."
            self.message_user(request, words, messages.ERROR)
            return
        done = repeated(partial(_logged, request, numbers, trash.discard, DISCARDED))
        self.message_user(request, f"{counted(done, 'article')} moved to the trash.", messages.SUCCESS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What is filed and said with an article goes with it; listing each link would say nothing."""
        return [str(article) for article in objs], {"articles": len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        trash.discard([obj.pk])

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """Django asks for this before it deletes one."""
        return note(request.user, list(queryset), DISCARDED)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        self.message_user(request, f"“{obj_display}” is in the trash now.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    # The trash itself

    def trash_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("trash/", view(self.trash_view), name="articles_article_trash"),
            path("trash/restore/", view(require_POST(self.put_back_view)), name="articles_article_put_back"),
            path(
                "trash/delete/", view(require_POST(self.delete_for_ever_view)), name="articles_article_delete_for_ever"
            ),
        ]

    def trash_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        held = trash.newest()
        number = request.GET.get("number", "")
        if number:
            held = held.filter(pk=_number(number))
        page = BoundedPaginator(held, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
        context = self._frame(request, "Trash") | {
            "page": page,
            "number": number,
            "may_put_back": self.has_change_permission(request),
            "may_delete": request.user.has_perm(DELETE),
        }
        return TemplateResponse(request, "admin/articles/article/trash.html", context)

    def put_back_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        numbers = self._chosen(request)
        done = repeated(partial(_logged, request, numbers, trash.put_back, PUT_BACK))
        self.message_user(request, f"{counted(done, 'article')} restored.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_trash"))

    def delete_for_ever_view(self, request: HttpRequest) -> HttpResponse:
        """Ask first."""
        if not request.user.has_perm(DELETE):
            raise PermissionDenied
        numbers = self._chosen(request)
        if numbers and "sure" not in request.POST:
            context = self._frame(request, "Delete for ever?") | {"articles": _those(numbers)}
            return TemplateResponse(request, "admin/articles/article/delete_for_ever.html", context)
        done = repeated(partial(_logged, request, numbers, trash.delete_for_ever, DELETED, DELETION))
        self.message_user(request, f"{counted(done, 'article')} deleted for ever.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_trash"))

    def _chosen(self, request: HttpRequest) -> list[int]:
        """The numbers that were chosen on a page of the trash, as far as they are in it."""
        asked = [_number(number) for number in request.POST.getlist("number")[:ROWS_ON_A_PAGE]]
        numbers = list(Article.objects.trashed().filter(pk__in=asked).values_list("pk", flat=True))
        if not numbers:
            self.message_user(request, "No article was chosen that is in the trash.", messages.WARNING)
        return numbers

    def _frame(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _those(numbers: Sequence[int]) -> ArticleQuerySet:
    return trash.newest().filter(pk__in=numbers)


@transaction.atomic
def _logged(
    request: HttpRequest, numbers: list[int], act: Callable[[list[int]], int], words: str, flag: int = CHANGE
) -> int:
    """Do something to the articles with these numbers and log it, both or neither; to how many it was done."""
    # What is deleted has no title afterwards.
    _log(request, numbers, words, flag)
    done = act(numbers)
    if not done:
        transaction.set_rollback(True)
    return done


def _log(request: HttpRequest, numbers: Sequence[int], words: str, flag: int = CHANGE) -> None:
    """One article has an entry of its own, which its history shows; many have one together."""
    if len(numbers) == 1:
        note(request.user, list(Article.objects.filter(pk__in=numbers).only("title")), words, flag)
    elif numbers:
        note_many(request.user, numbers, words, flag)
