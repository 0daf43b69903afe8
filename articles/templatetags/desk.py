"""What waits for staff, for the first page of the admin. Each number costs no more than it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode

from ..admin.receipts import address
from ..admin.uploads import may_upload
from ..models import Article, ImportJob, IndexBacklog, JobState, Original, Period
from ..records import Status

register = template.Library()
register.filter("read_at", address)


@register.filter
def path(name: str) -> str:
    """The path of a file, each part of which keeps its own direction: a folder in Arabic turns nothing around it."""
    return format_html_join("/", "<bdi>{}</bdi>", ((part,) for part in name.split("/"))) if "/" in name else name


MOST_COUNTED = 1000
STATES = {
    JobState.PROPOSED: "Imports to decide on",
    JobState.QUEUED: "Imports that wait",
    JobState.RUNNING: "Imports under way",
    JobState.FAILED: "Imports that broke off",
}


@dataclass(frozen=True)
class Matter:
    """Something that waits. What is `grave` cannot wait long."""

    words: str
    count: str
    url: str = ""
    grave: bool = False


@register.inclusion_tag("admin/_desk.html", takes_context=True)
def desk(context: dict[str, Any]) -> dict[str, Any]:
    user = context["request"].user
    may_view = user.has_perm("articles.view_article") or user.has_perm("articles.change_article")
    imports = ImportJob.objects.all() if user.has_perm("articles.view_importjob") else None
    if imports is None and may_upload(user):
        imports = ImportJob.objects.filter(created_by=user)
    return {
        "may_upload": may_upload(user),
        "may_view": may_view,
        "matters": [
            *(of_originals() if user.has_perm("articles.view_original") else ()),
            *(of_articles() if may_view else ()),
            *(of_imports(imports) if imports is not None else ()),
        ],
        "last": imports.order_by("-id").first() if imports is not None else None,
    }


def of_originals() -> Iterator[Matter]:
    """Files that were damaged or missing when they were last read."""
    count = counted(Original.objects.filter(intact=False))
    if count:
        listed = reverse("admin:articles_original_changelist")
        yield Matter("Originals damaged or missing", count, f"{listed}?intact__exact=0", grave=True)


def of_articles() -> Iterator[Matter]:
    listed = reverse("admin:articles_article_changelist")
    for status, words in ((Status.DRAFT, "Drafts"), (Status.WITHHELD, "Withheld")):
        count = counted(Article.objects.filter(status=status, trashed_at=None))
        if count:
            yield Matter(words, count, f"{listed}?{urlencode({'status': status})}")
    discarded = counted(Article.objects.trashed())
    if discarded:
        yield Matter("In the trash", discarded, reverse("admin:articles_article_trash"))
    undated = Period.objects.count_of("undated")
    if undated:
        query = urlencode({"dated": "no", "status": Status.PUBLISHED})
        yield Matter("Published without a date", f"{undated:,}", f"{listed}?{query}")
    waiting = counted(IndexBacklog.objects.all())
    if waiting:
        yield Matter("Not in the index yet", waiting)


def of_imports(imports: QuerySet[ImportJob]) -> Iterator[Matter]:
    listed = reverse("admin:articles_importjob_changelist")
    for state, words in STATES.items():
        count = counted(imports.filter(state=state))
        if count:
            yield Matter(words, count, f"{listed}?{urlencode({'state__exact': state})}")


def counted(rows: QuerySet[Any]) -> str:
    """How many rows there are, as far as it is worth counting; nothing for none."""
    count = rows[: MOST_COUNTED + 1].count()
    return f"more than {MOST_COUNTED:,}" if count > MOST_COUNTED else f"{count:,}" if count else ""
