"""All that a search finds, changed at once: the search is read out, and what it finds is fixed by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from .. import editing, following, search, trash
from ..attempts import repeated
from ..keeping import counted
from ..models import Article
from ..records import Status
from .fields import NamesField
from .forms import ONE_A_LINE
from .lists import MOST_ROWS
from .log import note_many
from .searching import ISOLATES

TITLE = "Change what a search finds"
# So many articles are shown, and so many changed in one transaction.
SAMPLE, BATCH = 10, 500
LONGEST_SEARCH = 200
# What the button is called that leads to takedowns, which ask more than a name.
TAKE_DOWN = "take_down"


@dataclass(frozen=True)
class Action:
    """What can be done with what is found; `act` is given numbers and names, and says how many it changed."""

    title: str
    done: str
    act: Callable[[list[int], list[str]], int]
    asks_names: bool = False


ACTIONS = {
    "withhold": Action(
        "Withhold from readers", "withheld", lambda numbers, _: editing.change_status(numbers, Status.WITHHELD)
    ),
    "trash": Action("Move to the trash", "moved to the trash", lambda numbers, _: trash.discard(numbers)),
    "add_tags": Action("Add tags", "tagged", editing.add_tags, asks_names=True),
    "remove_tags": Action("Remove tags", "freed of tags", editing.remove_tags, asks_names=True),
    "add_sections": Action(
        "File under sections too",
        "filed under sections",
        lambda numbers, names: editing.file_too(numbers, "sections", names),
        asks_names=True,
    ),
}


class FoundForm(forms.Form):
    action = forms.ChoiceField(
        choices=[(name, action.title) for name, action in ACTIONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be done."},
    )
    names = NamesField(required=False, label="Tags or sections", help_text=ONE_A_LINE)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        action = ACTIONS.get(given.get("action", ""))
        if action and action.asks_names and not given.get("names") and "names" not in self.errors:
            self.add_error("names", ValidationError("Type at least one name."))
        return given

    @property
    def chosen(self) -> Action:
        return ACTIONS[self.cleaned_data["action"]]

    @property
    def names_given(self) -> list[str]:
        return self.cleaned_data["names"] if self.chosen.asks_names else []

    @property
    def said(self) -> str:
        """What was done, as the middle of a sentence."""
        return f"{self.chosen.done}: {', '.join(self.names_given)}" if self.names_given else self.chosen.done


@dataclass(frozen=True)
class Outcome:
    """How many articles were still there to change, and how many of them were not so already."""

    held: int = 0
    done: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.held + other.held, self.done + other.done)


def found_page(request: HttpRequest, articles: QuerySet[Article], frame: dict[str, Any]) -> HttpResponse:
    """Choose, look, change: `articles` are those that this person may change."""
    question = asked_of(request)
    form = FoundForm(request.POST if request.method == "POST" else None)
    numbers = numbers_of(request.POST.get("numbers", ""))
    if numbers and form.is_valid():
        _change(request, articles, question, form, numbers)
        return HttpResponseRedirect(request.get_full_path())
    if form.is_bound and not question.is_open and form.is_valid():
        return _sure_page(request, question, form, frame)
    page = None if question.is_open else search.find(question.with_(size=SAMPLE, apart=True))
    context = {
        **frame,
        "form": form,
        "question": question,
        "kept": [pair for pair in question.parameters() if pair[1] and pair[0] not in ("q", "sort")],
        "page": page,
        "words": _words(question),
        "most": MOST_ROWS,
    }
    return TemplateResponse(request, "admin/articles/article/found.html", context)


def asked_of(request: HttpRequest) -> search.Question:
    return following.asked(f"?{request.META['QUERY_STRING']}")


def _words(question: search.Question) -> str:
    """What is asked; the order is nothing to what is done."""
    return search.reading(question.with_(sort=search.Sort.RELEVANCE))


def _sure_page(request: HttpRequest, question: search.Question, form: FoundForm, frame: dict[str, Any]) -> HttpResponse:
    walk = fixed(request, question)
    if walk is None:
        return HttpResponseRedirect(request.get_full_path())
    context = {**frame, "title": f"{form.chosen.title}?", "form": form, **walk, "words": _words(question)}
    return TemplateResponse(request, "admin/articles/article/found_sure.html", context)


def fixed(request: HttpRequest, question: search.Question) -> dict[str, Any] | None:
    """What is found now is fixed here, by the numbers of the articles; None where it is nothing, or too much."""
    walk = search.walk(question)
    if not 0 < walk.count <= MOST_ROWS:
        words = walk.refused or f"Nothing is changed: the search finds {counted(walk.count, 'article')} now."
        messages.error(request, words)
        return None
    numbers = " ".join(str(number) for part in walk.numbers for number in part)
    return {"count": walk.count, "notes": walk.notes, "numbers": numbers}


def _change(
    request: HttpRequest, articles: QuerySet[Article], question: search.Question, form: FoundForm, numbers: list[int]
) -> None:
    """Change the articles that were shown, batch by batch, and tell of those that are gone or came since."""
    grown = _grown(question, set(numbers))
    asked = _words(question)[:LONGEST_SEARCH].translate(ISOLATES)
    words = f"{form.said[:1].upper()}{form.said[1:]}. Found by a search: {asked}."
    act = partial(_batch, request.user, articles, form, words)
    parts = (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))
    outcome = sum((repeated(partial(act, part)) for part in parts), Outcome())
    _tell(request, form.said, outcome, len(numbers) - outcome.held, grown)


@transaction.atomic
def _batch(user: Any, articles: QuerySet[Article], form: FoundForm, words: str, numbers: Sequence[int]) -> Outcome:
    """Those that are still published, changed and logged in one; the index may know less."""
    published = articles.filter(pk__in=numbers, status=Status.PUBLISHED).order_by("pk")
    held = list(published.select_for_update(of=("self",)).values_list("pk", flat=True))
    done = form.chosen.act(held, form.names_given) if held else 0
    if held:
        note_many(user, held, words)
    return Outcome(len(held), done)


def _grown(question: search.Question, fixed: set[int]) -> int:
    """How many articles are found by now that were not when the numbers were fixed."""
    return sum(1 for part in search.walk(question).numbers for number in part if number not in fixed)


def _tell(request: HttpRequest, said: str, outcome: Outcome, gone: int, grown: int) -> None:
    rest = f", {outcome.held - outcome.done:,} were so already" if outcome.done < outcome.held else ""
    messages.success(request, f"{outcome.done:,} of {outcome.held:,} articles {said}{rest}.")
    if gone:
        messages.warning(request, f"{counted(gone, 'article')} not changed: withdrawn since, or not yours to change.")
    if grown:
        messages.warning(request, f"The search finds {counted(grown, 'article')} more by now: not changed.")


def numbers_of(text: str) -> list[int]:
    """The numbers that were fixed, as the page before wrote them."""
    words = text.split()[: MOST_ROWS + 1]
    right = len(words) <= MOST_ROWS and all(word.isascii() and word.isdecimal() and len(word) < 19 for word in words)
    return [int(word) for word in words] if right else []
