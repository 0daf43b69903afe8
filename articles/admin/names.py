"""Sources, sections, tags and authors in the admin: described, renamed, known by other names, merged."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .. import naming
from ..models import Author, Name, Source, Tag
from . import merging
from .fields import LineField, NamesField
from .lists import BoundedPaginator
from .saving import Saving

NAME = forms.TextInput(attrs={"dir": "auto", "size": 60})


class NameForm(forms.ModelForm):
    """A name with the others that lead to it. `may_merge` tells whether to offer that for a name that is taken."""

    may_merge = False

    name = LineField(max_length=200, widget=NAME)
    keep_former = forms.BooleanField(
        required=False,
        initial=True,
        label="Keep the former name",
        help_text="When it is renamed: files that use the former name go on to be filed here, and its address leads to "
        "the new one. Otherwise the address stays as it is.",
    )
    other_names = NamesField(
        required=False,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}),
        help_text="One on each line: former names, other spellings. What comes in under one of them is filed here, a "
        "search for it finds this, and its address leads here for as long as it stands in this list.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        name = kwargs.get("instance")
        if name:
            held = list(name.alias_model().objects.filter(target=name).values_list("name", flat=True))
            kwargs["initial"] = {"other_names": held, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.former: str = self.instance.name

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        self._refuse_taken([name])
        return name

    def clean_other_names(self) -> list[str]:
        names: list[str] = self.cleaned_data["other_names"]
        if len(names) > naming.ALIASES:
            raise ValidationError(f"These are {len(names):,} names; at most {naming.ALIASES} can lead to one.")
        if "other_names" in self.changed_data:
            self._refuse_taken(names)
        return names

    def _refuse_taken(self, names: list[str]) -> None:
        """Whatever is a name already, or leads to one, unless to this."""
        kind: type[Name] = self._meta.model
        held = kind.objects.known(names)
        taken = {name.pk: name for name in held.values() if name.pk != self.instance.pk}
        if taken:
            raise ValidationError([self._taken(name) for name in taken.values()])

    def _taken(self, held: Name) -> SafeString:
        kind = held._meta.model_name
        address = reverse(f"admin:articles_{kind}_change", args=[held.pk])
        told = format_html('This name is here already: <a href="{}">{}</a>.', address, held.name)
        if not (self.may_merge and self.instance.pk):
            return told
        query = merging.address(kind, [self.instance.pk], target=held.pk)
        return format_html('{} <a href="{}">Merge the two</a>.', told, query)


@admin.register(Tag, Author)
class NameAdmin(Saving):
    """A name that articles are filed under cannot be deleted: merge it into another, or take it off them first."""

    form = NameForm
    change_form_template = "admin/articles/name/change_form.html"
    fields: ClassVar[Any] = ("name", "keep_former", "other_names", "description", "published_count")
    readonly_fields = ("published_count",)
    list_display = ("name", "led", "published_count")
    search_fields = ("name", "aliases__name")
    ordering = ("key",)
    list_per_page = 100
    sortable_by = ("published_count",)
    show_full_result_count = False
    paginator = BoundedPaginator
    actions = ("merge_selected", "delete_selected")

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("aliases")

    @admin.display(description="other names")
    def led(self, name: Any) -> SafeString:
        return format_html_join(", ", "<bdi>{}</bdi>", ((alias.name,) for alias in name.aliases.all()))

    @admin.action(description="Merge selected names …", permissions=["merge"])
    def merge_selected(self, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
        numbers = list(chosen.order_by().values_list("pk", flat=True)[: naming.MERGED + 1])
        if len(numbers) > naming.MERGED:
            self.message_user(
                request, f"At most {naming.MERGED} names are merged at once: select fewer.", messages.ERROR
            )
            return None
        return HttpResponseRedirect(merging.address(self.opts.model_name, numbers))

    def unused(self, names: QuerySet[Any]) -> QuerySet[Any]:
        users, column = naming.USES[self.model]
        return names.exclude(Exists(users.objects.filter(**{column: OuterRef("pk")})))

    @admin.action(description="Delete selected names that no article uses", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        unused = self.unused(self.model.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))))
        kept = chosen.count() - unused.count()
        self.log_deletions(request, unused)
        done = unused.count()
        unused.delete()
        rest = f" {kept:,} of the selected are in use and were kept." if kept else ""
        self.message_user(request, f"{done:,} deleted.{rest}", messages.WARNING if kept else messages.SUCCESS)

    # Rights

    def has_delete_permission(self, request: HttpRequest, obj: Name | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or self.unused(self.model.objects.filter(pk=obj.pk)).exists())

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and super().has_delete_permission(request)

    # One

    def view_on_site(self, obj: Name) -> str | None:
        return obj.get_absolute_url() if obj.published_count else None

    def get_form(self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.may_merge = self.has_merge_permission(request)
        return form

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """A new name has no former one."""
        return self.fields if obj else [field for field in self.fields if field != "keep_former"]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        name = kwargs.get("obj")
        may = name and self.has_merge_permission(request)
        context["merge"] = merging.address(self.opts.model_name, [name.pk]) if name and may else ""
        return super().render_change_form(request, context, *args, **kwargs)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what changed is written: whatever writes a name has all of its articles indexed anew."""
        if not change:
            super().save_model(request, obj, form, change)
            naming.know_as(obj, form.cleaned_data["other_names"])
            return
        held, keep = self.model.objects.get(pk=obj.pk), form.cleaned_data["keep_former"]
        if "name" in form.changed_data:
            naming.rename(held, obj.name, keep=keep)
        if "other_names" in form.changed_data:
            former = [form.former] if "name" in form.changed_data and keep else []
            naming.know_as(held, [*form.cleaned_data["other_names"], *former])
        if told := [field for field in ("description", "homepage") if field in form.changed_data]:
            obj.save(update_fields=told)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        if not add and "name" in form.changed_data:
            return f"Renamed. It was “{form.former}”."
        return super().construct_change_message(request, form, formsets, add)

    # Merging

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        return [path("merge/", view, name=f"articles_{self.opts.model_name}_merge"), *super().get_urls()]

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        return merging.page(self, request)


@admin.register(Source)
class SourceAdmin(NameAdmin):
    fields: ClassVar[Any] = ("name", "keep_former", "other_names", "description", "homepage", "published_count")
