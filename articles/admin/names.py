"""Sources, sections, tags and authors in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from ..models import Article, ArticleAuthor, ArticleSection, ArticleTag, Author, Name, Section, Source, Tag
from .forms import NameForm
from .lists import BoundedPaginator

# Where articles point at a name, and in which column.
USES: dict[type[Name], tuple[Any, str]] = {
    Source: (Article, "source"),
    Section: (ArticleSection, "section"),
    Tag: (ArticleTag, "tag"),
    Author: (ArticleAuthor, "author"),
}


@admin.register(Section, Tag, Author)
class NameAdmin(admin.ModelAdmin):
    """A name that articles are filed under cannot be deleted: take it off them first."""

    form = NameForm
    fields: ClassVar[Any] = ("name", "description", "published_count")
    readonly_fields = ("published_count",)
    list_display = ("name", "published_count")
    search_fields = ("name",)
    ordering = ("key",)
    list_per_page = 100
    sortable_by = ("published_count",)
    show_full_result_count = False
    paginator = BoundedPaginator
    actions = ("delete_selected",)

    def unused(self, names: QuerySet[Any]) -> QuerySet[Any]:
        users, column = USES[self.model]
        return names.exclude(Exists(users.objects.filter(**{column: OuterRef("pk")})))

    def has_delete_permission(self, request: HttpRequest, obj: Name | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or self.unused(self.model.objects.filter(pk=obj.pk)).exists())

    def view_on_site(self, obj: Name) -> str | None:
        return obj.get_absolute_url() if obj.published_count else None

    @admin.action(description="Delete selected names that no article uses", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        unused = self.unused(self.model.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))))
        kept = chosen.count() - unused.count()
        self.log_deletions(request, unused)
        done, _ = unused.delete()
        rest = f" {kept:,} of the selected are in use and were kept." if kept else ""
        self.message_user(request, f"{done:,} deleted.{rest}", messages.WARNING if kept else messages.SUCCESS)


@admin.register(Source)
class SourceAdmin(NameAdmin):
    fields: ClassVar[Any] = ("name", "description", "homepage", "published_count")
