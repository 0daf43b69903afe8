"""Articles with few tags, each with tags of the archive that it could have. What is ticked there is added."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from .. import editing, shelves, suggesting, versions
from ..attempts import repeated
from ..keeping import counted
from ..models import Article, ArticleTag, Cause, Tag
from .log import note

ARTICLES_ON_A_PAGE, OFFERED = 25, 8
# Looking for tags takes so many seconds at most; the articles that were not looked at by then are on the next page.
LONGEST = 10
FEW = ("No tags", "At most 1 tag", "At most 2 tags", "At most 3 tags")


@dataclass(frozen=True)
class Offer:
    article: Article
    suggestions: list[suggesting.Suggestion]


def offers_page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """Show the articles, or add what was ticked and show them again. `frame` is what every page of the admin shows."""
    if request.method == "POST":
        _tell(request, *repeated(partial(_added, request.user, _ticked(request))))
        return HttpResponseRedirect(request.get_full_path())
    most = min(_number(request.GET.get("most", "")) or 0, len(FEW) - 1)
    numbers, beyond = suggesting.scarcely_tagged(most, _number(request.GET.get("below", "")), ARTICLES_ON_A_PAGE)
    offers = list(_offers(numbers))
    if len(offers) < len(numbers):
        beyond = numbers[len(offers) - 1]
    context = {
        **frame,
        "title": "Suggested tags",
        "offers": [offer for offer in offers if offer and offer.suggestions],
        "without": sum(1 for offer in offers if offer and not offer.suggestions),
        "most": most,
        "few": enumerate(FEW),
        "older": beyond and urlencode({"most": most, "below": beyond}),
    }
    return TemplateResponse(request, "admin/articles/article/offers.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _offers(numbers: Sequence[int]) -> Iterator[Offer | None]:
    """An offer for each of these articles, as far as there is time; None for one that is in the trash or gone."""
    rows = shelves.lines(Article.objects.filter(trashed_at=None)).prefetch_related("tag_links__tag")
    held = rows.in_bulk(numbers)
    ends = time.monotonic() + LONGEST
    for place, number in enumerate(numbers):
        if place and time.monotonic() > ends:
            return
        yield _offer(held[number]) if number in held else None


def _offer(article: Article) -> Offer:
    suggestions = suggesting.suggested(article, OFFERED)
    # A text can have ten million characters: one is in memory at a time.
    vars(article).pop("body_text", None)
    return Offer(article, suggestions)


def _ticked(request: HttpRequest) -> dict[int, dict[int, None]]:
    """The numbers of the tags that were ticked, each once and in order, by the numbers of their articles."""
    ticked: dict[int, dict[int, None]] = defaultdict(dict)
    for value in request.POST.getlist("tag")[: ARTICLES_ON_A_PAGE * OFFERED]:
        article, tag = map(_number, value.partition("-")[::2])
        if article and tag:
            ticked[article][tag] = None
    return ticked


@transaction.atomic
def _added(user: Any, ticked: dict[int, dict[int, None]]) -> tuple[int, int, int]:
    """Add these tags, each article with a version and an entry of the log; how many, to how many articles, how many
    not: the article or the tag is gone, or the article has the tag by now.
    """
    locked = Article.objects.select_for_update(of=("self",)).filter(trashed_at=None)
    articles = locked.only("title").order_by("pk").in_bulk(ticked)
    tags = Tag.objects.in_bulk({tag for several in ticked.values() for tag in several})
    links = ArticleTag.objects.filter(article__in=articles, tag__in=tags).values_list("article", "tag")
    held = set(links)
    before = versions.told_of(articles)
    added = 0
    for number, article in articles.items():
        fresh = [tags[tag].name for tag in ticked[number] if tag in tags and (number, tag) not in held]
        if fresh:
            editing.add_tags([number], fresh)
            note(user, [article], f"Suggested tags added: {', '.join(fresh)}.")
        added += len(fresh)
    changed = versions.keep_changed(before, Cause.EDITED, by=user)
    return added, len(changed), sum(map(len, ticked.values())) - added


def _tell(request: HttpRequest, added: int, articles: int, left: int) -> None:
    if added:
        messages.success(request, f"{counted(added, 'tag')} added to {counted(articles, 'article')}.")
    if left:
        words = "the article or the tag is gone, or the article has the tag by now"
        messages.warning(request, f"{counted(left, 'tag')} not added: {words}.")
    if not added and not left:
        messages.warning(request, "No tag was ticked, and nothing was changed.")
