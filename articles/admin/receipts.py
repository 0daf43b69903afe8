"""The receipt of an import: every file that came, and what became of each article in it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..exports import cell
from ..models import Article, ImportJob, JobState, Result
from ..records import Status
from .trash import trash_address

LINES_ON_A_PAGE = 300
CHUNK = 500
WAITING = "waiting"
# Of what the command line does, nobody is known either.
NO_ACCOUNT = "the command line, or somebody whose account is deleted"
WORDS = {
    Result.CREATED: "stored",
    Result.UPDATED: "updated",
    Result.DUPLICATE: "already here",
    Result.SKIPPED: "skipped",
    Result.FAILED: "refused",
    WAITING: "not read yet",
}
COLUMNS = ("file", "place", "result", "title", "reason", "address", "undone_at", "undone_by")
# In a reason: the address of an article behind a blank, and its title before that. A title may have such marks in it.
NAMED = r"(?:“(?P<title>[^“”]*)”, |(?<!\S))(?P<address>%sarticle/(?P<number>[0-9]{1,15})/[^\s;]*)"


@dataclass(frozen=True)
class Line:
    """One outcome, or a file that has none yet. `url` is where the article can be read, if it still is there."""

    file: str
    result: str
    place: str = ""
    title: str = ""
    reason: str = ""
    url: str = ""
    # The reason as HTML: articles that it names are links.
    told: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.result]

    @property
    def gone(self) -> bool:
        """Whether there was an article, and it has been deleted since."""
        return self.result in (Result.CREATED, Result.UPDATED, Result.DUPLICATE) and not self.url


class Receipt:
    def __init__(self, job: ImportJob) -> None:
        self.job = job

    @cached_property
    def counts(self) -> Counter[str]:
        """How many lines of each kind."""
        waiting = 0 if self.job.state == JobState.DONE else self.job.inputs.filter(outcomes=None).count()
        return self.job.counts() + Counter({WAITING: waiting})

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def tally(self) -> list[tuple[str, str, int]]:
        """Each kind that occurs, in words, with its count."""
        return [(kind, words, self.counts[kind]) for kind, words in WORDS.items() if self.counts[kind]]

    def pages(self) -> Paginator:
        paginator = Paginator(self.rows(), LINES_ON_A_PAGE)
        # The outcomes are counted already.
        paginator.count = self.total
        return paginator

    def rows(self) -> QuerySet[Any, Any]:
        """The files in order, each with its outcomes in order, or once where it has none yet."""
        rows = self.job.inputs.order_by("position", "outcomes__number")
        return rows.values(
            file=F("name"), result=F("outcomes__result"), place=F("outcomes__place"), reason=F("outcomes__reason"),
            title=F("outcomes__title"), article=F("outcomes__article"),
        )  # fmt: skip


def lines(rows: Iterable[dict[str, Any]], where: Callable[[Article], str]) -> Iterator[Line]:
    """The lines of these rows, so many at a time that the articles are asked for together; `where` gives addresses."""
    ahead = iter(rows)
    while chunk := list(islice(ahead, CHUNK)):
        numbers = {row["article"] for row in chunk if row["article"]}
        named = {int(found["number"]) for row in chunk for found in _named(row["reason"] or "")}
        articles = Article.objects.only("title", "status", "trashed_at").in_bulk(numbers | named)
        yield from (line(row, articles, where) for row in chunk)


def line(row: dict[str, Any], articles: Mapping[int, Article], where: Callable[[Article], str]) -> Line:
    article = articles.get(row["article"])
    return Line(
        file=row["file"],
        result=row["result"] or WAITING,
        place=row["place"] or "",
        title=article.title if article else row["title"] or "",
        reason=row["reason"] or "",
        url=where(article) if article else "",
        told=linked(row["reason"] or "", articles, where),
    )


def linked(reason: str, articles: Mapping[int, Article], where: Callable[[Article], str]) -> SafeString:
    """A reason in which those of these articles that it names are links, each to where staff can read it."""
    parts: list[tuple[Any]] = []
    end = 0
    for found in _named(reason):
        if article := articles.get(int(found["number"])):
            words = found["address"] if found["title"] is None else f"“{found['title']}”"
            link = format_html('<a href="{}" dir="auto">{}</a>', where(article), words)
            parts += [(reason[end : found.start()],), (link,)]
            end = found.end()
    return format_html_join("", "{}", [*parts, (reason[end:],)])


def _named(reason: str) -> Iterator[re.Match[str]]:
    return re.finditer(NAMED % re.escape(get_script_prefix()), reason)


def address(article: Article) -> str:
    """Where staff can read an article: its page, or the preview while readers do not see it; or where to restore it."""
    if article.trashed_at:
        return trash_address(article)
    if article.status == Status.PUBLISHED:
        return article.get_absolute_url()
    return reverse("admin:articles_article_preview", args=[article.pk])


def own_address(article: Article) -> str:
    """Where who only uploads can read an article: its page, or the form of their own draft."""
    if article.status == Status.PUBLISHED:
        return article.get_absolute_url()
    return reverse("admin:articles_draft_change", args=[article.pk])


def where_for(user: Any) -> Callable[[Article], str]:
    return address if user.has_perm("articles.view_article") else own_address


def undoer(job: ImportJob) -> str:
    """Who undid it, or asked for that."""
    return str(job.undone_by or NO_ACCOUNT)


class Echo:
    """What csv writes to; each line comes back as it is."""

    def write(self, text: str) -> str:
        return text


def as_csv(job: ImportJob, lines: Iterable[Line], site: str) -> Iterator[str]:
    """The receipt for a spreadsheet; the mark at its beginning tells Excel that it is UTF-8.

    Each line says what the import did then; if it was undone since, each says when and by whom.
    """
    undone = (f"{job.undone_at:%Y-%m-%dT%H:%M:%SZ}", undoer(job)) if job.undone_at else ("", "")
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for item in lines:
        url = f"{site}{item.url}" if item.url else ""
        cells = (item.file, item.place, item.words, item.title, item.reason, url, *undone)
        yield writer.writerow(map(cell, cells))
