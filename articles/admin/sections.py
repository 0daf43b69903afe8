"""Sections in the admin, with those whose names run together, which are split here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from .. import desk, splitting
from ..keeping import counted
from ..models import Section
from .log import note
from .names import NameAdmin


class TogetherFilter(admin.SimpleListFilter):
    title = "name"
    parameter_name = "together"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Several, run together")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(pk__in=desk.unsplit()) if self.value() == "yes" else None


@admin.register(Section)
class SectionAdmin(NameAdmin):
    list_filter = (TogetherFilter,)
    show_facets = admin.ShowFacets.NEVER
    actions: Any = ("split_selected", *NameAdmin.actions)

    @admin.action(description="Split selected names that run together", permissions=["merge"])
    def split_selected(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """Only names that run together are: no other is taken for several."""
        for section in chosen.filter(pk__in=desk.unsplit()):
            parts = desk.parts_of(section.name)
            note(request.user, [section], f"Split into {', '.join(parts)}.")
            done = splitting.split(section, parts)
            words = f"“{section.name}” is split into {', '.join(parts)}: {counted(done, 'article')} filed under each."
            self.message_user(request, words, messages.SUCCESS)
