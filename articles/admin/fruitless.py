"""Searches of readers that found nothing, in the admin: what was asked for, how often, and what could cure it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from .. import desk
from ..models import FruitlessSearch
from ..wording.archive import moment_time
from .lists import BoundedPaginator


class AskedFilter(admin.SimpleListFilter):
    title = "last asked"
    parameter_name = "asked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("week", "This week")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(pk__in=desk.fruitless().values("pk")) if self.value() == "week" else None


@admin.register(FruitlessSearch)
class FruitlessSearchAdmin(admin.ModelAdmin):
    """Deleting one says that it is settled; asked for again, it comes back."""

    list_display = ("asked", "times", "last", "cures")
    list_display_links = None
    list_filter = (AskedFilter,)
    search_fields = ("words",)
    ordering = ("-last_at", "-pk")
    sortable_by = ("times",)
    list_per_page = 100
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FruitlessSearch | None = None) -> bool:
        return False

    @admin.display(description="search")
    def asked(self, search: FruitlessSearch) -> SafeString:
        address = f"{reverse('articles:search')}?{search.query}"
        return format_html('<a href="{}" dir="auto">{}</a>', address, search.words)

    @admin.display(description="last asked")
    def last(self, search: FruitlessSearch) -> str:
        return moment_time(search.last_at)

    @admin.display(description="cures")
    def cures(self, search: FruitlessSearch) -> SafeString:
        ring = f"{reverse('admin:articles_namering_add')}?{urlencode({'names': search.words})}"
        tags = f"{reverse('admin:articles_tag_changelist')}?{urlencode({'q': search.words})}"
        return format_html('<a href="{}">Make a name ring</a> · <a href="{}">Look for a tag</a>', ring, tags)
