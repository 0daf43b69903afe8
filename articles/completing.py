"""Completions while somebody types: for the search boxes of the pages, and for those of browsers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from newsarchive.languages import activate_for, vary_by_language

from .forms import SearchForm
from .locales import thousands
from .search import Question
from .search.hints.completion import Completion, complete

OPENSEARCH = "application/x-suggestions+json"
# Seconds that a browser may show the same. A cache of many readers may not: what is withdrawn is to be gone at once.
FRESH = 30
KINDS = {
    "source": gettext_lazy("Source"),
    "section": gettext_lazy("Section"),
    "tag": gettext_lazy("Tag"),
    "author": gettext_lazy("Author"),
    "title": gettext_lazy("Article"),
    "word": "",
}


@csrf_exempt
@require_safe
def complete_json(request: HttpRequest) -> JsonResponse:
    """What `q` can become. All else that a search can have in its address narrows it already."""
    activate_for(request)
    asked = SearchForm(request.GET).question()
    # Without the spaces at its end `q` would be a word that is still being typed.
    typed = "" if request.GET.get("q", "")[-1:].isspace() else asked.text
    found = complete(typed, within_of(asked))
    opensearch = request.GET.get("format") == "opensearch" or OPENSEARCH in request.headers.get("Accept", "")
    answer = suggestions(request, asked.text, found) if opensearch else list(map(as_object, found))
    response = JsonResponse(answer, safe=False, json_dumps_params={"ensure_ascii": False})
    if opensearch:
        response["Content-Type"] = OPENSEARCH
    patch_cache_control(response, private=True, max_age=FRESH)
    patch_vary_headers(response, ["Accept"])
    vary_by_language(response)
    return response


def within_of(asked: Question) -> Question:
    """What narrows the search, without the words."""
    return asked.plain.with_(text="")


def as_object(completion: Completion) -> dict[str, Any]:
    return {
        "kind": completion.kind,
        "kind_words": str(KINDS[completion.kind]),
        "words": completion.words,
        "text": completion.text,
        "count": completion.count,
        "url": completion.url,
    }


def suggestions(request: HttpRequest, text: str, found: list[Completion]) -> list[Any]:
    """What was typed, what it can become, what that is, and where it leads: as OpenSearch has it."""
    return [
        text,
        [completion.text for completion in found],
        [described(completion) for completion in found],
        [request.build_absolute_uri(completion.url) for completion in found],
    ]


def described(completion: Completion) -> str:
    if completion.kind == "title":
        return str(KINDS["title"])
    count = ngettext("%(count)s article", "%(count)s articles", completion.count) % {
        "count": thousands(completion.count)
    }
    kind = str(KINDS[completion.kind])
    return gettext("%(kind)s, %(count)s") % {"kind": kind, "count": count} if kind else count
