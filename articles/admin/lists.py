"""What the lists of the admin share: pages without a count of all rows, filters that name only so many names."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import Name, Section, Source, Tag

MOST_ROWS = 10_000
NAMES_TO_CHOOSE = 40


class BoundedPaginator(Paginator):
    """Counts no more rows than it would show."""

    @cached_property
    def counted(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[: MOST_ROWS + 1].count()

    @property
    def count(self) -> int:
        return min(self.counted, MOST_ROWS)

    @property
    def goes_on(self) -> bool:
        return self.counted > MOST_ROWS


class ArticleList(ChangeList):
    """Articles with what a line shows, in a number of queries that does not grow, without the long columns."""

    def get_queryset(self, request: HttpRequest, *args: Any) -> QuerySet[Any]:
        shown = ("title", "status", "earliest", "latest", "precision", "known", "source__name")
        rows = super().get_queryset(request, *args).select_related("source").only(*shown)
        return rows.prefetch_related("section_links__section")


class DatedFilter(admin.SimpleListFilter):
    title = "date"
    parameter_name = "dated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Dated"), ("no", "Undated")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(earliest__isnull=self.value() == "no") if self.value() in ("yes", "no") else None


class NameFilter(admin.SimpleListFilter):
    """The names with most articles, and the one that is chosen."""

    kind: type[Name]
    path: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        largest = list(self.kind.objects.by_size()[:NAMES_TO_CHOOSE])
        chosen = self.kind.objects.filter(slug=self.value() or "").exclude(pk__in=[name.pk for name in largest])
        return [(name.slug, name.name) for name in (*chosen, *largest)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(**{f"{self.path}__slug": self.value()}) if self.value() else None


class SourceFilter(NameFilter):
    title, parameter_name, kind, path = "source", "source", Source, "source"


class SectionFilter(NameFilter):
    title, parameter_name, kind, path = "section", "section", Section, "section_links__section"


class TagFilter(NameFilter):
    title, parameter_name, kind, path = "tag", "tag", Tag, "tag_links__tag"
