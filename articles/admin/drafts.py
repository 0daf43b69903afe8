"""Own drafts: what contributors write, and change until an editor publishes it. Nobody else's article is shown here."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from ..models import Draft
from ..records import Status
from .articles import DATE, FILED, MOST_BODY_BYTES, NOTES, WORDS, ArticleAdmin
from .lists import DatedFilter
from .uploads import may_upload


@admin.register(Draft)
class DraftAdmin(ArticleAdmin):
    """An article as `ArticleAdmin` has it, without whatever leads beyond the form: that is for editors."""

    list_display: Any = ("title", "source", "date_in_words", "section_list")
    list_filter: ClassVar[Any] = (DatedFilter,)
    actions: Any = None
    change_form_template = "admin/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(created_by=request.user.pk, status=Status.DRAFT)

    def get_urls(self) -> list[URLPattern]:
        return admin.ModelAdmin.get_urls(self)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super(ArticleAdmin, self).changelist_view(request, {"may_upload": may_upload(request.user)})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super(ArticleAdmin, self).change_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Without the status: who may set it is an editor."""
        return [
            (None, {"fields": (*WORDS, "seen")}),
            ("Text", {"fields": ("body", "body_type")}),
            ("Filed under", {"fields": FILED}),
            ("Date of publication", {"fields": DATE}),
            ("Facts", {"fields": ("dateline", "language", "address")}),
            ("Notes for readers", {"fields": NOTES}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        large = obj is not None and len(obj.body.encode()) > MOST_BODY_BYTES
        return ["body"] if large else []

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        draft = super().save_form(request, form, change)
        draft.status = Status.DRAFT
        if not change:
            draft.created_by_id = request.user.pk
        return draft
