"""A page beside the results of a search: why an article is among them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from . import search, shelves
from .forms import SearchForm
from .models import Article


def why(request: HttpRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(shelves.whole(Article.objects.published()), pk=pk)
    question = SearchForm(request.GET).question()
    return render(request, "articles/why.html", {"article": article, "why": search.why(question, article)})
