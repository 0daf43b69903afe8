"""Articles in the admin: found, edited, previewed, and changed many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from .. import editing, shelves, suggesting, versions
from ..attempts import repeated
from ..keeping import counted
from ..models import Article, Cause, Image, Source
from ..models.article import ArticleQuerySet
from ..records import Status
from ..surroundings import Surroundings
from ..wording.archive import date_time, story
from . import copies, found, queue, tagging
from .beside import KINDS, came_in
from .copies import CopyFilter
from .forms import LINKS, ArticleForm, ImageForm, TagsForm
from .lists import (
    MOST_ROWS,
    ArticleList,
    BoundedPaginator,
    DatedFilter,
    SectionFilter,
    SourceFilter,
    StatusFilter,
    TagFilter,
)
from .log import note_many
from .offering import offers_page
from .takedown import TakingDown, history
from .trash import Trashing, in_the_trash, trash_address
from .uploads import SOURCES_TO_CHOOSE, may_upload
from .versions import restore, show, versions_page

# An inline form has 6 fields, and Django reads no more than DATA_UPLOAD_MAX_NUMBER_FIELDS of a page.
MOST_IMAGES = 100
# Larger bodies would not come back whole from the form: see DATA_UPLOAD_MAX_MEMORY_SIZE.
MOST_BODY_BYTES = 2_000_000
TOO_MANY = f"These are more than {MOST_ROWS:,} articles: narrow the list, and change them in parts."
WORDS = ("title", "kicker", "standfirst", "byline")
FILED = ("source_name", "section_names", "tag_names", "author_names")
DATE = ("date", "known", "evidence_lines")
FACTS = ("status", "dateline", "language", "address")
NOTES = ("correction", "editors_note")


class ImageInline(admin.StackedInline):
    model = Image
    form = ImageForm
    extra = 0
    verbose_name_plural = "pictures and captions"


@admin.register(Article)
class ArticleAdmin(TakingDown, Trashing):
    form = ArticleForm
    inlines = (ImageInline,)
    list_display = ("title", "source", "date_in_words", "status", "section_list")
    list_filter = (StatusFilter, DatedFilter, "known", SourceFilter, SectionFilter, TagFilter, CopyFilter)
    list_per_page = 50
    list_max_show_all = 200
    search_fields = ("title", "byline", "canonical_url")
    search_help_text = "Words of the title, the byline or the address. The search of the archive looks into the texts."
    sortable_by = ()
    ordering = ("-id",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    actions = ("publish", "withhold", "add_tags", "remove_tags", "take_down", "delete_selected")
    save_on_top = True

    class Media:
        css = {"all": ("admin_archive/article.css", "admin_archive/names.css")}

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"may_upload": may_upload(request.user), **(extra_context or {})})

    @admin.display(description="date")
    def date_in_words(self, article: Article) -> str:
        return date_time(article)

    @admin.display(description="sections")
    def section_list(self, article: Article) -> str:
        return ", ".join(link.section.name for link in article.section_links.all())

    # Many at once

    @admin.action(description="Publish selected articles", permissions=["change"])
    def publish(self, request: HttpRequest, chosen: ArticleQuerySet) -> None:
        if hidden := chosen.hidden().count():
            words = f"{counted(hidden, 'article')} taken down, and left so: bring each back under “Takedown”."
            self.message_user(request, words, messages.WARNING)
        self._change(
            request, chosen.changeable(), "published", lambda numbers: editing.change_status(numbers, Status.PUBLISHED)
        )

    @admin.action(description="Withhold selected articles", permissions=["change"])
    def withhold(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        self._change(request, chosen, "withheld", lambda numbers: editing.change_status(numbers, Status.WITHHELD))

    @admin.action(description="Add tags to selected articles", permissions=["change"])
    def add_tags(self, request: HttpRequest, chosen: QuerySet[Article]) -> HttpResponse | None:
        return self._with_tags(request, chosen, "Add tags", "tagged", editing.add_tags)

    @admin.action(description="Remove tags from selected articles", permissions=["change"])
    def remove_tags(self, request: HttpRequest, chosen: QuerySet[Article]) -> HttpResponse | None:
        return self._with_tags(request, chosen, "Remove tags", "freed of tags", editing.remove_tags)

    def _change(
        self, request: HttpRequest, chosen: QuerySet[Article], words: str, change: Callable[[list[int]], int]
    ) -> None:
        numbers = list(chosen.order_by().values_list("pk", flat=True)[: MOST_ROWS + 1])
        if len(numbers) > MOST_ROWS:
            self.message_user(request, TOO_MANY, messages.ERROR)
            return
        done = repeated(partial(_changed, request.user, numbers, change, f"{words[:1].upper()}{words[1:]}."))
        rest = f", {len(numbers) - done:,} were so already" if done < len(numbers) else ""
        self.message_user(request, f"{done:,} of {len(numbers):,} articles {words}{rest}.", messages.SUCCESS)

    def _with_tags(
        self,
        request: HttpRequest,
        chosen: QuerySet[Article],
        title: str,
        words: str,
        change: Callable[[list[int], Iterable[str]], int],
    ) -> HttpResponse | None:
        """Ask for tags first; then change the articles."""
        form = TagsForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            names = form.cleaned_data["names"]
            self._change(request, chosen, f"{words}: {', '.join(names)}", lambda numbers: change(numbers, names))
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "media": self.media,
            "count": chosen[: MOST_ROWS + 1].count(),
            "action": request.POST["action"],
            "select_across": request.POST.get("select_across", "0"),
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/articles/article/tags.html", context)

    # One

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        return [
            (None, {"fields": (*WORDS, "seen")}),
            ("Text", {"fields": ("body", "body_type")}),
            ("Filed under", {"fields": FILED}),
            ("Date of publication", {"fields": DATE}),
            ("Facts", {"fields": FACTS}),
            ("Notes for readers", {"fields": NOTES}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        large = obj is not None and len(obj.body.encode()) > MOST_BODY_BYTES
        return ["body"] if large else []

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> list[Any]:
        many = obj is not None and obj.images.count() > MOST_IMAGES
        return [] if many else list(self.inlines)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """While it is saved, nobody else changes it: what was changed before is seen, and refused."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        held = Article.objects.select_for_update(of=("self",))
        return held.filter(pk=found.pk).first()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who may look but not change sees the preview; an article in the trash is shown there."""
        if self.has_view_permission(request) and not self.has_change_permission(request) and object_id.isdecimal():
            return HttpResponseRedirect(reverse("admin:articles_article_preview", args=[object_id]))
        if self.has_view_permission(request) and (discarded := in_the_trash(object_id)):
            return HttpResponseRedirect(trash_address(discarded))
        queue.publishing(request)
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["sources"] = Source.objects.by_size()[:SOURCES_TO_CHOOSE]
        article = kwargs.get("obj")
        context["steps"] = history(article) if article else ()
        context["suggested"] = suggesting.suggested(article) if article else ()
        if article:
            context |= {"came_in": came_in(article), "kinds": KINDS, "place": queue.place_of(self, request, article)}
            # The form and what came in take the whole width.
            context["is_nav_sidebar_enabled"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def view_on_site(self, obj: Article) -> str | None:
        return obj.get_absolute_url() if obj.status == Status.PUBLISHED else None

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        form.told_before = versions.told_of([obj.pk]) if change else {}
        if form.changed_data or not change:
            editing.save(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for field in set(LINKS) & set(form.changed_data):
            editing.file_under(form.instance, LINKS[field], form.cleaned_data[field])
        if "body" in form.changed_data:
            editing.place_captions(form.instance, form.paragraphs_before)
        if not form.changed_data and any(formset.has_changed() for formset in formsets):
            editing.save(form.instance)
        tagging.add_chosen(request, form.instance)
        versions.keep_changed(form.told_before, Cause.EDITED, by=request.user)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return tagging.logged(request, super().construct_change_message(request, form, formsets, add))

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        went = tagging.back(self, request) or queue.onwards(self, request, obj)
        return went or super().response_change(request, obj)

    def get_urls(self) -> list[URLPattern]:
        view, one = self.admin_site.admin_view, "<int:number>/versions/<int:version>"
        own = [
            path("queue/", view(self.queue_view), name="articles_article_queue"),
            path("found/", view(self.found_view), name="articles_article_found"),
            path("copies/", view(self.copies_view), name="articles_article_copies"),
            path("copies/decide/", view(require_POST(self.decide_view)), name="articles_article_decide"),
            path("suggested-tags/", view(self.offers_view), name="articles_article_offers"),
            path("<int:number>/preview/", view(self.preview_view), name="articles_article_preview"),
            path("<int:number>/versions/", view(self.versions_view), name="articles_article_versions"),
            path(f"{one}/restore/", view(require_POST(self.restore_view)), name="articles_article_restore"),
            path(f"{one}/show/", view(require_POST(self.show_view)), name="articles_article_show_version"),
        ]
        return [*own, *self.takedown_urls(), *self.trash_urls(), *super().get_urls()]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return queue.walk(self, request, self._frame(request, ""))

    def found_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if found.TAKE_DOWN in request.POST:
            return self.take_down_found(request)
        frame = {**self._frame(request, found.TITLE), "may_take_down": self.has_takedown_permission(request)}
        return found.found_page(request, self.get_queryset(request), frame)

    def copies_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return copies.copies_page(request, self._frame(request, ""))

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return copies.decide(request)

    def offers_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return offers_page(request, {**self.admin_site.each_context(request), "opts": self.opts})

    def versions_view(self, request: HttpRequest, number: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return versions_page(request, get_object_or_404(Article, pk=number), frame)

    def restore_view(self, request: HttpRequest, number: int, version: int) -> HttpResponse:
        return restore(request, self._changeable(request, number), version)

    def show_view(self, request: HttpRequest, number: int, version: int) -> HttpResponse:
        return show(request, self._changeable(request, number), version)

    def _changeable(self, request: HttpRequest, number: int) -> Article:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=number)

    def preview_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """An article as readers will see it, whatever its status."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = get_object_or_404(shelves.whole(Article.objects.all()), pk=number)
        absent = dict.fromkeys(("printed", "changes", "marks", "turn", "quoted"))
        alone = {**absent, "around": Surroundings(), "text": story(article)}
        context = {**alone, "article": article, "may_change": self.has_change_permission(request)}
        return TemplateResponse(request, "articles/preview.html", context)


@transaction.atomic
def _changed(user: Any, numbers: list[int], change: Callable[[list[int]], int], words: str) -> int:
    """Change the articles with these numbers, and log it in these words; how many were changed."""
    done = change(numbers)
    note_many(user, numbers, words)
    return done
