"""Records become rows: one transaction per batch, one outcome per record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from . import filing, printings, versions
from .meeting import Ahead as Ahead
from .meeting import Meeting, meet
from .models import Article, ArticleVersion, Cause, ImportInput, ImportOutcome, Result
from .models.article import TITLE_LENGTH
from .models.inserting import insert
from .preparing import LONGEST_PLACE, Prepared, prepare
from .records import ArticleRecord, Status, Unreadable, storable

# A record with its number in its file, from 1.
Numbered = tuple[int, ArticleRecord | Unreadable]

TEXT_CHANGED = (Result.CREATED, Result.UPDATED)


@dataclass(frozen=True)
class Foreseen:
    """What becomes of a record. `article` is the one that it becomes or meets; without a number it is not here yet."""

    number: int
    record: ArticleRecord | Unreadable
    result: Result
    article: Article | None = None
    reason: str = ""
    meeting: Meeting | None = None


def store(batch: Sequence[Numbered], entry: ImportInput) -> list[ImportOutcome]:
    """Store a batch of one file's records; all of it or, when the database raises, nothing.

    A record that cannot be stored becomes an outcome that says why, and does not stop its neighbours.
    """
    prepared = [_prepared(number, record, entry) for number, record in batch]
    with transaction.atomic():
        foreseen = _foreseen(prepared, entry, lock=True)
        ended = _write([item.meeting for item in foreseen if item.meeting], entry)
        printings.note(item.article for item in foreseen if item.article and item.result in TEXT_CHANGED)
        reprints = _reprints(foreseen)
        outcomes = [_outcome(item, entry, reprints, ended) for item in foreseen]
        insert(outcomes)
    return outcomes


def foresee(batch: Sequence[Numbered], entry: ImportInput, ahead: Ahead | None = None) -> list[Foreseen]:
    """What `store` would do with these records as the archive is now, and as the files `ahead` of this one make it.

    Nothing is written, but what these records come to is added to `ahead`. Of printings of one
    story nothing is foreseen: they are found when they are stored.
    """
    return _foreseen([_prepared(number, record, entry) for number, record in batch], entry, ahead, lock=False)


def outcome(
    entry: ImportInput,
    number: int,
    result: Result,
    *,
    place: str = "",
    title: str = "",
    reason: str = "",
    **values: Any,
) -> ImportOutcome:
    """An outcome that any database takes, whatever it quotes."""
    return ImportOutcome(
        job_id=entry.job_id,
        input=entry,
        number=number,
        result=result,
        place=storable(place)[:LONGEST_PLACE],
        title=storable(title)[:TITLE_LENGTH],
        reason=storable(reason),
        **values,
    )


def _prepared(number: int, record: ArticleRecord | Unreadable, entry: ImportInput) -> Prepared | Foreseen:
    if isinstance(record, Unreadable):
        return Foreseen(number, record, Result.SKIPPED if record.passed_over else Result.FAILED, reason=record.reason)
    ready = prepare(number, record, entry)
    return Foreseen(number, record, Result.FAILED, reason=ready) if isinstance(ready, str) else ready


def _foreseen(
    prepared: Sequence[Prepared | Foreseen], entry: ImportInput, ahead: Ahead | None = None, *, lock: bool
) -> list[Foreseen]:
    """In the order of the file."""
    met = iter(meet([item for item in prepared if isinstance(item, Prepared)], entry, ahead, lock=lock))
    return [item if isinstance(item, Foreseen) else _of(next(met)) for item in prepared]


def _of(meeting: Meeting) -> Foreseen:
    ready, result = meeting.prepared, meeting.rule.result
    return Foreseen(ready.number, ready.record, result, meeting.article, meeting.reason, meeting)


def _outcome(
    item: Foreseen, entry: ImportInput, reprints: dict[int, str], ended: dict[int, ArticleVersion]
) -> ImportOutcome:
    title = item.record.title if isinstance(item.record, ArticleRecord) else ""
    reasons = (item.reason, reprints.get(item.number))
    return outcome(
        entry,
        item.number,
        item.result,
        place=item.record.place,
        article=item.article,
        title=title,
        reason="; ".join(reason for reason in reasons if reason),
        version=ended.get(item.number),
    )


def _write(meetings: Sequence[Meeting], entry: ImportInput) -> dict[int, ArticleVersion]:
    """Write what the batch makes of its articles; the versions that it put an end to, by the numbers of the records."""
    ended: dict[int, ArticleVersion] = {}
    for run in _runs([meeting for meeting in meetings if meeting.rule.result in TEXT_CHANGED]):
        ended |= _rewrite([meeting for meeting in run if meeting.rule.result == Result.UPDATED], entry)
        fresh = [(meeting.prepared, meeting.article) for meeting in run if meeting.rule.result == Result.CREATED]
        filing.store(fresh)
    return ended


def _runs(meetings: Sequence[Meeting]) -> Iterator[list[Meeting]]:
    """The meetings in their order, parted so that no article comes twice in a part."""
    run: dict[int, Meeting] = {}
    for meeting in meetings:
        if id(meeting.article) in run:
            yield list(run.values())
            run = {}
        run[id(meeting.article)] = meeting
    yield list(run.values())


def _rewrite(updates: list[Meeting], entry: ImportInput) -> dict[int, ArticleVersion]:
    if not updates:
        return {}
    before = versions.told_of(meeting.article.pk for meeting in updates)
    for meeting in updates:
        # What the article says from now on came in this file.
        meeting.article.original_id = entry.original_id
    filing.rewrite([(meeting.prepared, meeting.article) for meeting in updates])
    kept = versions.keep(before, Cause.IMPORTED, by=entry.job.created_by, job=entry.job)
    return {meeting.prepared.number: kept[meeting.article.pk] for meeting in updates}


def _reprints(foreseen: Sequence[Foreseen]) -> dict[int, str]:
    """Of what was stored and prints a story that was here, words that say where; by the numbers of the records."""
    fresh = {item.number: item.article for item in foreseen if item.result == Result.CREATED and item.article}
    stories = {article.story for article in fresh.values()} - {None}
    if not stories:
        return {}
    told = Article.objects.filter(story__in=stories).exclude(status=Status.WITHHELD).only("title", "story")
    first = {article.story: article for article in told.order_by("-pk")}
    return {
        number: f"another printing of “{first[article.story].title}”, {first[article.story].get_absolute_url()}"
        for number, article in fresh.items()
        if article.story in first and first[article.story].pk < article.pk
    }
