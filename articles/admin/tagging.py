"""Tags that are suggested beside an article's form: a button adds one, and saves with it what was changed there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .. import editing
from ..models import Article, Tag

ADD = "_add_tag"


def chosen(request: HttpRequest) -> Tag | None:
    """The tag whose button was pressed."""
    number = request.POST.get(ADD, "")
    return Tag.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 16 else None


def add_chosen(request: HttpRequest, article: Article) -> None:
    if tag := chosen(request):
        editing.add_tags([article.pk], [tag.name])


def logged(request: HttpRequest, told: Any) -> Any:
    """What the log says of a change, with the tag."""
    tag = chosen(request)
    return [*told, {"added": {"name": "tag", "object": tag.name}}] if tag else told


def back(site: Any, request: HttpRequest) -> HttpResponse | None:
    """To the same page, if a button was pressed."""
    if ADD not in request.POST:
        return None
    tag = chosen(request)
    told = f"The article has the tag “{tag}” now." if tag else "This tag is not here any more, and was not added."
    site.message_user(request, told, messages.SUCCESS if tag else messages.WARNING)
    return HttpResponseRedirect(f"{request.get_full_path()}#suggested")
