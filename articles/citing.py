"""A face: how an article is cited, on a page and as files for the programs that keep sources."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from . import citations, shelves
from .citations import Cited
from .models import Article
from .wording.citations import written_out


def as_json(article: Cited) -> str:
    """A list of one, with a line for each field."""
    fields = (f"  {_dumped(name)}: {_dumped(value)}" for name, value in citations.as_csl(article).items())
    return "[{\n" + ",\n".join(fields) + "\n}]\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# How a file of each form ends: what it is, and who writes it.
FILES: dict[str, tuple[str, Callable[[Cited], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", citations.as_bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", citations.as_ris),
    "csl.json": ("application/vnd.citationstyles.csl+json", as_json),
}


def described() -> dict[str, Any]:
    """The files as OpenAPI has them."""
    return {f"/article/{{id}}/cite.{form}": {"get": _operation(form, kind)} for form, (kind, _write) in FILES.items()}


def _operation(form: str, kind: str) -> dict[str, Any]:
    media, _semicolon, _charset = kind.partition(";")
    schema = {"type": "array", "items": {"type": "object"}} if form.endswith("json") else {"type": "string"}
    return {
        "operationId": f"cite_{form.replace('.', '_')}",
        "summary": "How an article is cited",
        "parameters": [{"$ref": "#/components/parameters/id"}],
        "responses": {
            "200": {"description": "The citation.", "content": {media: {"schema": schema}}},
            "404": {"description": "No article of this number is published."},
            "405": {"description": "Only GET and HEAD are answered."},
        },
    }


@require_safe
def cite(request: HttpRequest, pk: int) -> HttpResponse:
    article = _article(pk)
    source = _cited(request, article)
    context = {
        "article": article,
        "source": source,
        "citations": written_out(source),
        "wikitext": citations.as_wikitext(source),
        "files": [(form, write(source)) for form, (_kind, write) in FILES.items()],
    }
    return render(request, "articles/cite.html", context)


@csrf_exempt
@require_safe
def cite_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    source = _cited(request, _article(pk))
    kind, write = FILES[form]
    response = HttpResponse(write(source), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{citations.key(source)}.{form}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _article(pk: int) -> Article:
    return get_object_or_404(shelves.whole(Article.objects.published()), pk=pk)


def _cited(request: HttpRequest, article: Article) -> Cited:
    permalink = request.build_absolute_uri(reverse("articles:permalink", args=[article.pk]))
    return citations.cited(article, permalink, settings.ARCHIVE_NAME)
