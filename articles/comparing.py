"""The page of a story that was printed more than once: where and when, and what each printing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from . import printings
from .differences import Differences, differences
from .models import Article

# Characters that one page compares in all. It bounds its time; what comes after them is listed all the same.
MOST_COMPARED = 300_000


@dataclass(frozen=True)
class Printing:
    """One printing, and how its text differs from the first one's; None where it is the first or was not compared."""

    article: Article
    differences: Differences | None = None


def printings_page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Article.objects.published().select_related("source"), pk=pk)
    context = {
        "article": shown,
        "summary": printings.summary_of(shown),
        "printings": list(_compared(printings.printings_of(shown))),
    }
    return render(request, "articles/printings.html", context)


def _compared(articles: list[Any]) -> Iterator[Printing]:
    room = MOST_COMPARED
    for place, article in enumerate(articles):
        room -= len(article.read)
        compared = place > 0 and room >= 0
        yield Printing(article, differences(articles[0].read, article.read) if compared else None)
