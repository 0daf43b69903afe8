"""Who changed what: the log that the admin writes, to read. Nothing there can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from ..keeping import counted
from ..models import Article
from ..wording.archive import moment_time
from .lists import BoundedPaginator

PEOPLE_TO_CHOOSE = 40
# In the list, so much of an entry is shown; the page of one shows all of it.
SHOWN = 300


def note(user: Any, items: Sequence[Model], words: str, flag: int = CHANGE) -> list[LogEntry]:
    """Log what somebody did to one thing, or to each of several of one kind."""
    return LogEntry.objects.log_actions(user.pk, items, flag, words)


def note_many(user: Any, numbers: Sequence[int], words: str, flag: int = CHANGE) -> None:
    """Log what somebody did to many articles at once: one entry, with the numbers of all of them."""
    LogEntry.objects.create(
        user_id=user.pk,
        content_type=ContentType.objects.get_for_model(Article),
        object_repr=counted(len(numbers), "article"),
        action_flag=flag,
        change_message=f"{words} Numbers: {', '.join(map(str, sorted(numbers)))}.",
    )


class PersonFilter(admin.SimpleListFilter):
    title = "person"
    parameter_name = "user"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("username")[:PEOPLE_TO_CHOOSE]
        return [(str(user.pk), user.get_username()) for user in staff]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return _narrowed(queryset, "user", self.value())


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = ContentType.objects.get_for_models(*admin.site._registry, for_concrete_models=False)
        named = [(str(kind.pk), str(model._meta.verbose_name_plural)) for model, kind in kinds.items()]
        return sorted(named, key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return _narrowed(queryset, "content_type", self.value())


def _narrowed(entries: QuerySet[Any], column: str, value: str | None) -> QuerySet[Any] | None:
    if not value:
        return None
    return entries.filter(**{column: int(value)}) if value.isdecimal() and len(value) < 10 else entries.none()


@admin.display(description="When")
def when(entry: LogEntry) -> str:
    return moment_time(entry.action_time)


@admin.display(description="What")
def thing(entry: LogEntry) -> str:
    kind = str(entry.content_type.name) if entry.content_type and entry.object_id else ""
    address = "" if entry.is_deletion() else entry.get_admin_url()
    name = format_html('<bdi dir="auto">{}</bdi>', entry.object_repr)
    link = format_html('<a href="{}">{}</a>', address, name) if address else name
    return format_html("{} {}", kind, link)


@admin.display(description="Did")
def deed(entry: LogEntry) -> str:
    return str(entry.get_action_flag_display())


@admin.display(description="In words")
def words(entry: LogEntry) -> str:
    said = entry.get_change_message()
    return said if len(said) <= SHOWN else f"{said[:SHOWN]}…"


@admin.display(description="In words")
def all_words(entry: LogEntry) -> str:
    return entry.get_change_message() or "—"


@admin.register(LogEntry)
class LogAdmin(admin.ModelAdmin):
    fields: ClassVar[Any] = (when, "user", deed, thing, all_words)
    list_display = (when, "user", deed, thing, words)
    list_display_links = (when,)
    change_list_template = "admin/articles/change_list.html"
    list_filter = (PersonFilter, KindFilter, "action_flag")
    list_select_related = ("user", "content_type")
    list_per_page = 100
    # In the order in which they were written, which needs no index of its own.
    ordering = ("-id",)
    sortable_by = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False
