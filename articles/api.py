"""Searches for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from . import search
from .forms import SearchForm
from .models import Article
from .records import Precision

# How much of an ISO date says no more than is known.
WRITTEN = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.MINUTE: 16}


@require_safe
def search_json(request: HttpRequest) -> JsonResponse:
    """The page of results that /search/ shows for the same parameters."""
    page = search.find(SearchForm(request.GET).question())
    answer: dict[str, Any] = {
        "query": page.question.text,
        "total": page.total,
        "results": [result(request, hit) for hit in page.hits],
        "facets": {facet: [value_of(value) for value in values] for facet, values in page.facets.items()},
    }
    if page.notes:
        answer["notice"] = " ".join(page.notes)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def result(request: HttpRequest, hit: search.Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "id": article.pk,
        "title": article.title,
        "url": request.build_absolute_uri(article.get_absolute_url()),
        "date": date_of(article),
        "source": article.source.name if article.source else None,
        "snippet": hit.snippet,
        "score": hit.score,
    }


def date_of(article: Article) -> str | None:
    """The publication date as exactly as it is known: 2017, 2017-05, 2017-05-30 or 2017-05-30T18:45."""
    length = WRITTEN.get(Precision(article.precision))
    return article.earliest.isoformat()[:length] if article.earliest and length else None


def value_of(value: search.FacetValue) -> dict[str, Any]:
    return {"value": value.value, "name": value.name, "count": value.count}
