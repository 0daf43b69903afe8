"""What the lists of the admin share: pages without a count of all rows, filters that name only so many names."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from .. import shelves
from ..models import Article, Name, Section, Source, Tag
from ..models.article import choices
from ..records import Status

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


class StatusFilter(admin.SimpleListFilter):
    title = parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return choices(Status)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        status = self.value()
        if not status:
            return None
        if status not in set(Status):
            return queryset.none()
        if Article.objects.filter(status=status)[: MOST_ROWS + 1].count() > MOST_ROWS:
            return walked(queryset, "status", "", status)
        return queryset.filter(status=status)


def walked(articles: QuerySet[Any], column: str, blank: Any, value: Any) -> QuerySet[Any]:
    """The articles whose column has a value that very many have, found by walking along the list.

    Found through the index of the column, all of them would be sorted to show one page. COALESCE hides the column.
    """
    return articles.alias(hidden=Coalesce(column, Value(blank))).filter(hidden=value)


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

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        largest = list(self.kind.objects.by_size()[:NAMES_TO_CHOOSE])
        chosen = [self.chosen] if self.chosen and self.chosen not in largest else []
        return [(name.slug, name.name) for name in (*chosen, *largest)]

    @cached_property
    def chosen(self) -> Any:
        slug = self.value() or ""
        return self.kind.objects.filter(slug=slug).first() if slug.isprintable() else None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if not self.value():
            return None
        return self.filed(queryset) if self.chosen else queryset.none()

    def filed(self, articles: QuerySet[Any]) -> QuerySet[Any]:
        """The articles that are filed under the chosen name; very many are found by walking along the list."""
        column = str(self.parameter_name)
        links: type[Any] = shelves.LINKS[column]
        if self.chosen.published_count > MOST_ROWS:
            return articles.filter(Exists(links.objects.filter(article=OuterRef("pk"), **{column: self.chosen})))
        return articles.filter(**{f"{column}_links__{column}": self.chosen})


class SourceFilter(NameFilter):
    title, parameter_name, kind = "source", "source", Source

    def filed(self, articles: QuerySet[Any]) -> QuerySet[Any]:
        if self.chosen.published_count > MOST_ROWS:
            return walked(articles, "source_id", 0, self.chosen.pk)
        return articles.filter(source=self.chosen)


class SectionFilter(NameFilter):
    title, parameter_name, kind = "section", "section", Section


class TagFilter(NameFilter):
    title, parameter_name, kind = "tag", "tag", Tag
