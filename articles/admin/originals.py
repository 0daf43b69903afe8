"""Originals in the admin: to look at, to download, to verify. Nothing there can change one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from .. import keeping
from ..models import Original
from ..wording.archive import moment_time
from .lists import BoundedPaginator
from .log import note

MOST_LINKS = 50
CURE = "Bring it back from a backup, or upload the same file again."
VERIFIED = "Verified:"


@admin.display(description="SHA-256")
def checksum(original: Original) -> str:
    return format_html("<code>{}</code>", original.sha256)


@admin.display(description="Size")
def bytes_in_words(original: Original) -> str:
    return f"{original.size:,} bytes"


@admin.display(description="Came")
def came(original: Original) -> str:
    return moment_time(original.received_at)


@admin.display(description="Last verified")
def verified(original: Original) -> str:
    """When the file was last read whole, and what was found; that it is broken is said loudly."""
    if original.verified_at is None:
        return "Never."
    when = moment_time(original.verified_at)
    if original.intact:
        return format_html("{}: intact.", when)
    return format_html('<strong class="errornote">{}: {}</strong>', when, "damaged or missing.")


@admin.display(description="Articles from it")
def articles_from_it(original: Original) -> str:
    held = original.articles.order_by("pk").only("title")[: MOST_LINKS + 1]
    links = [(reverse("admin:articles_article_change", args=[article.pk]), article.title) for article in held]
    return listed(links)


@admin.display(description="Receipts")
def receipts(original: Original) -> str:
    held = original.inputs.select_related("job").order_by("-pk")[: MOST_LINKS + 1]
    links = [(entry.job.get_absolute_url(), f"{entry.name}, in {entry.job.label}") for entry in held]
    return listed(links)


def listed(links: list[tuple[str, str]]) -> str:
    lines = format_html_join(SafeString("<br>"), '<a href="{}">{}</a>', links[:MOST_LINKS])
    return format_html("{}<br>and more", lines) if len(links) > MOST_LINKS else lines or "None."


@admin.register(Original)
class OriginalAdmin(admin.ModelAdmin):
    fields: ClassVar[Any] = (
        "name", "media_type", bytes_in_words, checksum, came, "received_by", verified, articles_from_it,
        receipts,
    )  # fmt: skip
    list_display = ("__str__", "media_type", bytes_in_words, "received_by", came, verified)
    list_filter = ("intact",)
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ("received_by",)
    list_per_page = 100
    search_fields = ("name", "sha256")
    ordering = ("-id",)
    sortable_by = ()
    show_full_result_count = False
    paginator = BoundedPaginator
    actions = ("verify_selected",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Original | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Original | None = None) -> bool:
        return False

    @admin.action(description="Verify checksums of selected originals", permissions=["view"])
    def verify_selected(self, request: HttpRequest, chosen: QuerySet[Original]) -> None:
        held = list(chosen[: self.list_per_page])
        broken = [f"{original}: {problem}" for original in held if (problem := keeping.verify(original))]
        for problem in broken:
            self.message_user(request, f"{problem}. {CURE}", messages.ERROR)
        if len(held) > len(broken):
            self.message_user(request, f"{len(held) - len(broken):,} intact.", messages.SUCCESS)
        note(request.user, held, "Verified, among others.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:number>/download/", view(self.download_view), name="articles_original_download"),
            path("<int:number>/verify/", view(require_POST(self.verify_view)), name="articles_original_verify"),
        ]
        return own + super().get_urls()

    def original(self, request: HttpRequest, number: int) -> Original:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Original, pk=number)

    def download_view(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """The file as it came. No browser may take it for a page of ours, whatever is in it."""
        original = self.original(request, number)
        try:
            file = original.path.open("rb")
        except OSError:
            return self._back(request, original, f"{original}: the file cannot be read. {CURE}", messages.ERROR)
        name = original.name or original.sha256
        response = FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def verify_view(self, request: HttpRequest, number: int) -> HttpResponseBase:
        original = self.original(request, number)
        problem = keeping.verify(original)
        note(request.user, [original], f"{VERIFIED} {problem or 'intact'}.")
        if problem:
            return self._back(request, original, f"{original}: {problem}. {CURE}", messages.ERROR)
        return self._back(request, original, f"{original}: the file is intact, to the byte.", messages.SUCCESS)

    def _back(self, request: HttpRequest, original: Original, words: str, level: Any) -> HttpResponseRedirect:
        """To the article whose page asked, else to the page of the original."""
        self.message_user(request, words, level)
        article = original.articles.filter(pk__in=_numbers(request.POST.get("article", ""))).first()
        if article:
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        return HttpResponseRedirect(reverse("admin:articles_original_change", args=[original.pk]))


def _numbers(text: str) -> list[int]:
    return [int(text)] if text.isdecimal() and len(text) < 19 else []
