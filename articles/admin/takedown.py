"""Takedown in the admin: one article, or many at once, up and down the ladder; each step is logged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import override

from .. import ladder, printings
from ..attempts import repeated
from ..keeping import counted
from ..ladder import Step
from ..models import HIDDEN, Access, Article, Reason, Takedown
from ..models.takedown import HEADLINE_LENGTH
from ..records import Status
from ..wording.takedowns import REASONS, STEPS, headline_words, reason_words, step_words
from . import found
from .fields import LineField, TextField
from .lists import MOST_ROWS
from .log import note

RIGHT = "articles.takedown_article"
CHOICES = [
    (Access.PUBLIC, "Public: readers and search engines see it."),
    (Access.UNLISTED, "Not for search engines: readers see it; search engines outside are asked to leave it out."),
    (Access.STAFF, "Staff only: for readers there is no such page."),
    (Access.TOMBSTONE, "Tombstone: readers see the headline, the date and the reason, and nothing else."),
]
NO_REASON = [("", "No reason is told")]
WIDE = forms.TextInput(attrs={"dir": "auto", "size": 80})
TOO_MANY = f"These are more than {MOST_ROWS:,} articles: narrow the list, and take them down in parts."


class TakedownForm(forms.Form):
    access = forms.ChoiceField(label="Step", choices=CHOICES, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        required=False,
        choices=[*NO_REASON, *((reason.value, words) for reason, words in REASONS.items())],
        help_text="A tombstone says it to readers. “Staff only” keeps it in the log.",
    )
    words = TextField(
        required=False, label="Words for readers", help_text="Beside the reason on a tombstone, as you write them."
    )
    headline = LineField(
        required=False,
        max_length=HEADLINE_LENGTH,
        widget=WIDE,
        label="Headline shown",
        help_text="In place of the headline on a tombstone, where the headline itself must not be read. "
        "Leave it empty to show the headline.",
    )
    note = TextField(required=False, label="Note for staff", help_text="For the history and the log only.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        hides, reason = given.get("access") in HIDDEN, given.get("reason", "")
        if hides and not reason:
            self.add_error("reason", "Say why: readers of a tombstone are told, and the log keeps it.")
        if given.get("access") == Access.TOMBSTONE and reason == Reason.OTHER and not given.get("words", "").strip():
            self.add_error("words", "Another reason: say in words which, for readers.")
        return given

    @property
    def step(self) -> Step:
        given = self.cleaned_data
        access, told = Access(given["access"]), {"note": given["note"].strip()}
        if access in HIDDEN:
            told |= {"reason": given["reason"], "words": given["words"].strip(), "headline": given["headline"]}
        return Step(access, **told)


def told_by(takedown: Takedown | None) -> dict[str, str]:
    """What the form shows of where an article stands."""
    names = ("reason", "words", "headline")
    said = {name: getattr(takedown, name) for name in names} if takedown else {}
    return {"access": takedown.step if takedown else Access.PUBLIC, **said}


def refuse_hidden(article: Article, status: str) -> None:
    """An article that was taken down is brought back here alone."""
    if article.is_hidden and status != Status.WITHHELD:
        words = step_words(article.access)
        raise ValidationError(f"The article was taken down ({words}). Bring it back under “Takedown” first.")


class TakingDown(admin.ModelAdmin):
    """Articles that are taken down and brought back, which needs a right of its own."""

    def has_takedown_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    def takedown_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.takedown_view)
        return [path("<int:number>/takedown/", view, name="articles_article_takedown")]

    # One

    def takedown_view(self, request: HttpRequest, number: int) -> HttpResponse:
        if not self.has_takedown_permission(request):
            raise PermissionDenied
        article = get_object_or_404(self.get_queryset(request), pk=number)
        if "undo" in request.POST:
            return self._taken(request, [number], partial(ladder.undo, number))
        steps = list(history(article))
        form = TakedownForm(request.POST or None, initial=told_by(steps[0] if steps else None))
        if form.is_valid() and "look" in request.POST:
            return preview(request, article, form.step)
        if form.is_valid():
            return self._taken(request, [number], partial(ladder.move, [number], form.step))
        context = {
            **self._asked("Takedown", form),
            **self.admin_site.each_context(request),
            "article": article,
            "steps": steps,
            "before": step_words(steps[0].before) if steps else "",
            "printings": [other for other in printings.printings_of(article) if other.pk != number],
        }
        return TemplateResponse(request, "admin/articles/article/takedown.html", context)

    def _asked(self, title: str, form: TakedownForm) -> dict[str, Any]:
        return {"opts": self.opts, "title": title, "form": form, "media": self.media}

    def _taken(self, request: HttpRequest, numbers: Sequence[int], act: Callable[..., list[Takedown]]) -> HttpResponse:
        rows = repeated(partial(_logged, request.user, act))
        if rows:
            words = f"{counted(len(rows), 'article')}: {step_words(rows[0].step)} from now on."
            self.message_user(request, words, messages.SUCCESS)
        if len(rows) < len(numbers):
            words = f"{counted(len(numbers) - len(rows), 'article')} stood there already, and nothing was changed."
            self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())

    # Many

    @admin.action(description="Take down or bring back selected articles", permissions=["takedown"])
    def take_down(self, request: HttpRequest, chosen: QuerySet[Article]) -> HttpResponse | None:
        numbers = list(chosen.order_by().values_list("pk", flat=True)[: MOST_ROWS + 1])
        if len(numbers) > MOST_ROWS:
            self.message_user(request, TOO_MANY, messages.ERROR)
            return None
        form = TakedownForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            return self._taken(request, numbers, partial(ladder.move, numbers, form.step))
        context = {
            **self._asked("Takedown", form),
            **self.admin_site.each_context(request),
            "count": len(numbers),
            "action": request.POST["action"],
            "select_across": request.POST.get("select_across", "0"),
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/articles/article/takedown.html", context)

    def take_down_found(self, request: HttpRequest) -> HttpResponse:
        """All that a search finds, as it was fixed when the form was shown first."""
        if not self.has_takedown_permission(request):
            raise PermissionDenied
        given = found.numbers_of(request.POST.get("numbers", ""))
        walk = {"count": len(given), "numbers": request.POST["numbers"]} if given else None
        walk = walk or found.fixed(request, found.asked_of(request))
        if walk is None:
            return HttpResponseRedirect(request.get_full_path())
        form = TakedownForm(request.POST if "apply" in request.POST else None)
        if given and form.is_valid():
            return self._taken(request, given, partial(ladder.move, given, form.step))
        context = {**self._asked("Takedown", form), **self.admin_site.each_context(request), **walk}
        return TemplateResponse(request, "admin/articles/article/takedown.html", context)


def history(article: Article) -> QuerySet[Takedown]:
    """The steps of an article, the last first."""
    return article.takedowns.select_related("by")


def preview(request: HttpRequest, article: Article, step: Step) -> HttpResponse:
    """What readers will get, before anything is done."""
    if step.access not in HIDDEN:
        return HttpResponseRedirect(reverse("admin:articles_article_preview", args=[article.pk]))
    takedown = Takedown(
        article=article, since=timezone.now(), reason=step.reason, words=step.words, headline=step.headline
    )
    shown = "articles/tombstone.html" if step.access == Access.TOMBSTONE else "404.html"
    context = {"takedown": takedown, "readers_get": shown, "access": step.access}
    return TemplateResponse(request, "articles/takedown_preview.html", context)


@transaction.atomic
def _logged(user: Any, act: Callable[..., list[Takedown]]) -> list[Takedown]:
    """Do it and log it, both or neither: each article has an entry of its own, which its history shows."""
    rows = act(by=user)
    alike: dict[str, list[Article]] = defaultdict(list)
    for row in rows:
        alike[logged_words(row)].append(row.article)
    for words, articles in alike.items():
        note(user, articles, words)
    return rows


@override("en")
def logged_words(row: Takedown) -> str:
    """In English, as all that is written down."""
    said = [f"Takedown: from {STEPS[Access(row.before)]} to {STEPS[Access(row.step)]}.", reason_words(row.reason)]
    said += [f"Words for readers: “{row.words}”"] if row.words else []
    said += [f"Headline shown: “{headline_words(row)}”"] if row.headline else []
    said += [f"Note: {row.note}"] if row.note else []
    return " ".join(words for words in said if words)
