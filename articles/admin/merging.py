"""The page on which names are merged: what becomes of them is shown first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from .. import naming
from ..models import Name
from .fields import LineField
from .lists import NAMES_TO_CHOOSE


def address(kind: str | None, names: Iterable[int], **target: int) -> str:
    query = urlencode({"names": ",".join(map(str, names)), **target})
    return f"{reverse(f'admin:articles_{kind}_merge')}?{query}"


class MergeForm(forms.Form):
    """Which names become part of which. `into` is the target where it is none of those that were chosen."""

    names = forms.CharField(widget=forms.HiddenInput)
    target = forms.IntegerField(required=False)
    into = LineField(
        required=False,
        label="Another one",
        widget=forms.TextInput(attrs={"dir": "auto", "size": 40, "list": "names", "autocomplete": "off"}),
    )
    described = forms.IntegerField(required=False)

    def __init__(self, kind: type[Name], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.chosen: list[Any] = []

    def clean_names(self) -> list[Any]:
        """The names that there are still, those with most articles first."""
        numbers = [number for number in self.cleaned_data["names"].split(",") if number.isdecimal()]
        if not numbers or len(numbers) > naming.MERGED or max(map(len, numbers)) > len(str(2**53)):
            raise ValidationError(f"Choose names in the list: one at least, at most {naming.MERGED}.")
        self.chosen = list(self.kind.objects.filter(pk__in=numbers).order_by("-published_count", "key"))
        if not self.chosen:
            raise ValidationError("None of these names is here any more.")
        return self.chosen

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        given["target"] = self._target(given)
        given["coming"] = [name for name in self.chosen if name != given["target"]]
        if given["target"] and not given["coming"]:
            raise ValidationError("This is the same name. Name another one to merge it into.")
        return given

    def _target(self, given: dict[str, Any]) -> Name | None:
        """What was typed, what was chosen, or else the largest; None where one name was chosen and no other yet."""
        if given["into"]:
            if not (found := naming.holder(self.kind, given["into"])):
                raise ValidationError(f"“{given['into']}” is not here. To call a name so, rename it.")
            return found
        if given["target"]:
            target: Name | None = self.kind.objects.filter(pk=given["target"]).first()
            if not target:
                raise ValidationError("The name to merge into is not here any more. Choose another one.")
            return target
        return self.chosen[0] if len(self.chosen) > 1 else None

    @property
    def described_as(self) -> Name | None:
        names = [self.cleaned_data["target"], *self.cleaned_data["coming"]]
        return next((name for name in names if name.pk == self.cleaned_data["described"]), None)


def page(site: Any, request: HttpRequest) -> HttpResponse:
    """Asks which name the others become part of, and shows what that does. A post does it."""
    if not site.has_merge_permission(request):
        raise PermissionDenied
    form = MergeForm(site.model, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["target"]:
        return _merged(site, request, form)
    plan = _plan(form)
    opts = site.opts
    context = {
        **site.admin_site.each_context(request),
        "title": f"Merge {opts.verbose_name_plural}",
        "opts": opts,
        "form": form,
        "plan": plan,
        "largest": site.model.objects.by_size()[:NAMES_TO_CHOOSE],
        "list": reverse(f"admin:articles_{opts.model_name}_changelist"),
        "numbers": ",".join(str(name.pk) for name in form.chosen),
    }
    return TemplateResponse(request, "admin/articles/name/merge.html", context)


def _plan(form: MergeForm) -> naming.Plan | None:
    if not form.is_valid() or not form.cleaned_data["target"]:
        return None
    return naming.plan(form.cleaned_data["target"], form.cleaned_data["coming"])


def _merged(site: Any, request: HttpRequest, form: MergeForm) -> HttpResponse:
    target, coming = form.cleaned_data["target"], form.cleaned_data["coming"]
    names = ", ".join(f"“{name}”" for name in coming)
    user = request.user.pk or 0
    done = naming.merge(target, coming, form.described_as)
    told = f"Merged with {names}: {done.moving:,} articles came to the {done.before:,} that were here."
    LogEntry.objects.log_actions(user, coming, DELETION, f"Merged into “{target}”.")
    LogEntry.objects.log_actions(user, [target], CHANGE, told)
    words = f"{names} became part of “{target}”, which has {done.after:,} articles now. The search follows in a while."
    site.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(reverse(f"admin:articles_{site.opts.model_name}_change", args=[target.pk]))
