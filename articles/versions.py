"""What an article said before it was changed, and how two of its states differ.

An article with n versions has had n + 1 states: each version is a state that ended, and what holds now is the article
itself. A state is called by the number that its version has, or will have once it ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from typing import Any

from django.db.models import CharField, Max, Q, Value
from django.db.models.functions import Cast, Concat

from . import filing, preparing, printings
from .cleaning import text_of
from .differences import Passage, differences
from .models import Article, ArticleVersion, Cause, ImportJob, Original, Source, name_key
from .models.versions import GLANCE, SEEN, looks_of
from .records import ArticleRecord, Status, from_json, to_json

# Of an article that changes for ever, so many versions are listed and counted: the newest.
MOST_LISTED = 100
# What lists are made of.
LISTED = ("number", "ended_at", "cause", *GLANCE)


# Keeping


def told(article: Article) -> dict[str, Any]:
    """What an article says, as a version keeps it: its record, its place, and the checksum of the file it came in."""
    sha256 = article.original.sha256 if article.original else ""
    beside = {"place": article.place, "original": sha256}
    return to_json(article.as_record()) | {name: value for name, value in beside.items() if value}


def told_of(numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the articles with these numbers say in the database, each by its number."""
    held = Article.objects.with_names().select_related("original").filter(pk__in=list(numbers))
    return {article.pk: told(article) for article in held}


def record_of(version: ArticleVersion) -> ArticleRecord:
    told = {name: value for name, value in version.record.items() if name != "original"}
    return from_json(told, place=told.pop("place", ""))


def original_of(version: ArticleVersion) -> str:
    """The checksum of the file that the state came in; "" where it was written here."""
    return str(version.record.get("original", ""))


def keep(
    before: Mapping[int, dict[str, Any]], cause: Cause, *, by: Any = None, job: ImportJob | None = None
) -> dict[int, ArticleVersion]:
    """Keep what these articles said before a change, by their numbers. In the transaction of the change, behind it:

    the change has locked the rows by then, so that no other transaction gives out the same numbers.
    """
    last = dict(
        ArticleVersion.objects.filter(article__in=list(before))
        .order_by()
        .values_list("article")
        .annotate(Max("number"))
    )
    rows = [
        ArticleVersion.of(said, article_id=number, number=last.get(number, 0) + 1, cause=cause, ended_by=by, job=job)
        for number, said in before.items()
    ]
    return {row.article_id: row for row in ArticleVersion.objects.bulk_create(rows)}


def keep_changed(
    before: Mapping[int, dict[str, Any]], cause: Cause, *, by: Any = None, job: ImportJob | None = None
) -> dict[int, ArticleVersion]:
    """As `keep`, of those articles that say something else by now."""
    now = told_of(before)
    return keep({number: said for number, said in before.items() if now.get(number) != said}, cause, by=by, job=job)


# Putting back


def put_back(pairs: Sequence[tuple[Article, ArticleVersion]], *, with_status: bool) -> list[Article]:
    """Make each of these articles, which are locked, what it said in the version; those that are so by now.

    One whose text or address another article has meanwhile stays as it is. Without `with_status` nothing is published
    or withheld by it.
    """
    ready = _free(list(_prepared(pairs, with_status)))
    articles = [article for _, article in ready]
    wanted = {article.pk: original_of(version) for article, version in pairs}
    originals = {original.sha256: original for original in Original.objects.filter(sha256__in=set(wanted.values()))}
    for article in articles:
        article.original = originals.get(wanted[article.pk])
    # Two of them may have had each other's text: each lets go of its own before any takes another.
    held = Article.objects.filter(pk__in=[article.pk for article in articles])
    held.update(content_digest=Concat(Value("of "), Cast("pk", CharField())), canonical_url="")
    filing.rewrite(ready)
    printings.note(articles)
    return articles


def _prepared(pairs: Sequence[tuple[Article, ArticleVersion]], with_status: bool) -> Iterator[filing.Stored]:
    """Sources are called as they are called now; so copies are found."""
    records = {article.pk: record_of(version) for article, version in pairs}
    sources = Source.objects.known(record.source for record in records.values())
    for article, _ in pairs:
        record = records[article.pk]
        source = sources.get(name_key(record.source))
        status = record.status if with_status else Status(article.status)
        record = replace(record, source=source.name if source else record.source, status=status)
        yield preparing.again(record), article


def _free(ready: list[filing.Stored]) -> list[filing.Stored]:
    """Those whose text and address, as they are to be, no article has that stays as it is."""
    wanted = {value for prepared, _ in ready for value in _unique(prepared)}
    rows = Article.objects.filter(Q(content_digest__in=wanted) | Q(canonical_url__in=wanted))
    held = list(rows.values_list("pk", "content_digest", "canonical_url"))
    while True:
        going = {article.pk for _, article in ready}
        taken = {value for number, *values in held if number not in going for value in values}
        free = []
        for prepared, article in ready:
            if not taken.intersection(_unique(prepared)):
                free.append((prepared, article))
                taken.update(_unique(prepared))
        if len(free) == len(ready):
            return free
        ready = free


def _unique(prepared: preparing.Prepared) -> list[str]:
    return [value for value in (prepared.content_digest, prepared.record.canonical_url) if value]


# Reading


@dataclass(frozen=True)
class State:
    """What an article said from `since` until `until`; no `until` is what it says now.

    `cause` is what began it, None where it is the first, or where that is not listed any more.
    """

    number: int
    status: str
    title: str
    # Two states with the same looks are one to readers.
    looks: str
    since: dt.datetime
    until: dt.datetime | None
    cause: Cause | None


def states(article: Article) -> list[State]:
    """The last states of an article, oldest first, the last of them as it is now; whoever may see them.

    No record of a version is read for them: `records_of` does that for the states that are shown. The article is one
    `with_names`; of another its names are fetched one by one.
    """
    newest = article.versions.order_by("-number").values_list(*LISTED, named=True)[: MOST_LISTED + 1]
    held = list(newest)[::-1]
    ended = [None, *held] if len(held) <= MOST_LISTED else held
    return [_state(article, before, version) for before, version in zip(ended, [*ended[1:], None], strict=True)]


def _state(article: Article, before: Any, version: Any) -> State:
    """What was said from the end of `before`, None for the first, until that of `version`, None for what holds now."""
    return State(
        number=version.number if version else before.number + 1 if before else 1,
        status=(version or article).status,
        title=(version or article).title,
        looks=version.looks if version else looks_of(to_json(article.as_record())),
        since=before.ended_at if before else article.created_at,
        until=version.ended_at if version else None,
        cause=Cause(before.cause) if before else None,
    )


def records_of(article: Article, *shown: State) -> list[ArticleRecord]:
    """What the article said in these states."""
    ended = article.versions.filter(number__in={state.number for state in shown if state.until})
    said = {version.number: record_of(version) for version in ended.only("number", "record")}
    return [said[state.number] if state.until else article.as_record() for state in shown]


def published_states(article: Article) -> list[State]:
    """The states of a published article that readers may see: not those that were drafts, or withheld."""
    return [state for state in states(article) if state.status == Status.PUBLISHED]


def public_states(article: Article) -> list[State]:
    """Those of them that look otherwise than the one before.

    Of several in a row that look the same the last stands, from the beginning of the first.
    """
    return [_joined(list(alike)) for _, alike in groupby(published_states(article), key=lambda state: state.looks)]


@dataclass(frozen=True)
class Changes:
    """How often readers have seen a published article change, and when last."""

    count: int
    last: dt.datetime


def changes(article: Article) -> Changes | None:
    if not article.versions.exists():
        return None
    shown = public_states(article)
    return Changes(len(shown) - 1, shown[-1].since) if len(shown) > 1 else None


def _joined(alike: list[State]) -> State:
    first, last = alike[0], alike[-1]
    return replace(last, since=first.since, cause=first.cause)


# Comparing


@dataclass(frozen=True)
class Fact:
    """Something beside the text that differs: the name of its field, and how."""

    name: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Comparison:
    """How a later state differs from an earlier one. `cut` tells that long texts were not compared to their ends."""

    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    cut: bool


def compare(before: ArticleRecord, after: ArticleRecord, words: Mapping[str, Any]) -> Comparison:
    """`words` are functions that put fields into words which are no text and no list of names: date and images."""
    text, cut = _text_differences(_text_of(before), _text_of(after))
    facts = (Fact(name, _fact_differences(name, before, after, words)) for name in SEEN)
    return Comparison(tuple(fact for fact in facts if fact.passages), text, cut)


def _text_of(record: ArticleRecord) -> list[str]:
    return text_of(record.body, record.body_type).split("\n\n")


def _text_differences(before: list[str], after: list[str]) -> tuple[tuple[Passage, ...], bool]:
    """Of long texts only a part is compared, so what is the same at both ends is left out of it."""
    head = _same(before, after)
    before, after = before[head:], after[head:]
    tail = _same(before[::-1], after[::-1])
    found = differences("\n\n".join(before[: len(before) - tail]), "\n\n".join(after[: len(after) - tail]))
    return found.passages, found.cut


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many paragraphs are the same at the beginning of both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _fact_differences(
    name: str, before: ArticleRecord, after: ArticleRecord, words: Mapping[str, Any]
) -> tuple[Passage, ...]:
    one, other = getattr(before, name), getattr(after, name)
    if one == other:
        return ()
    say = words.get(name, _plainly)
    return differences(say(one), say(other)).passages


def _plainly(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n\n".join(value)
