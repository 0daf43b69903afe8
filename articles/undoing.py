"""A batch is undone: the articles that it brought go, those that it changed say what they said before.

What a batch did is read off the outcomes on its receipt, which stay, as its files do: it can be imported again. What an
editor has changed since stays as it is, and so does what another import brought too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from . import ledger, versions
from .filing import LINKS
from .meeting import TAKEN_IN
from .models import Article, ArticleVersion, Cause, ImportJob, ImportOutcome, JobState, Result, Source

# One transaction.
CHUNK = 200
# So many of those that stay are named in a plan.
MOST_NAMED = 50
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class NotUndoable(Exception):
    """A batch that cannot be undone now; the message says why and what to do."""


class Fate(StrEnum):
    """What becomes of an article when the batch is undone. The last four stay as they are."""

    REMOVED = "removed"
    RESTORED = "restored"
    EDITED = "edited"
    SHARED = "shared"
    UNKEPT = "unkept"
    TAKEN = "taken"


CHANGED = (Fate.REMOVED, Fate.RESTORED)


@dataclass(frozen=True)
class Plan:
    """How many articles have which fate, and the first of those that stay, each with why."""

    counts: Counter[Fate] = field(default_factory=Counter)
    staying: tuple[tuple[Article, Fate], ...] = ()

    @property
    def remaining(self) -> int:
        """How many articles are still to be removed or put back."""
        return sum(self.counts[fate] for fate in CHANGED)


@dataclass(frozen=True)
class Undone:
    """How many articles had which fate. Not `finished`: there are more, and undoing goes on where it was."""

    counts: Counter[Fate]
    finished: bool


class _Told(NamedTuple):
    """An outcome of an article, as far as it matters. `dead`: its batch is undone, or is being undone."""

    pk: int
    article: int
    result: str
    version: int | None
    record: tuple[int | None, int]
    own: bool
    dead: bool


def plan(job: ImportJob) -> Plan:
    """What undoing the batch would do as the archive is now. Raises `NotUndoable`."""
    _refuse(job)
    counts: Counter[Fate] = Counter()
    staying: list[tuple[Article, Fate]] = []
    for numbers in _chunks(_touched(job)):
        articles = Article.objects.only("title", "status", "edited_at", "trashed_at").in_bulk(numbers)
        for number, (fate, _) in _fates(job, articles).items():
            counts[fate] += 1
            if fate not in CHANGED and len(staying) < MOST_NAMED:
                staying.append((articles[number], fate))
    return Plan(counts, tuple(staying))


def undo(job: ImportJob, *, by: Any = None, most: int | None = None) -> Undone:
    """Undo a batch, or about `most` articles of it. Cut off, it is simply called again. Raises `NotUndoable`."""
    _refuse(job)
    done: Counter[Fate] = Counter()
    while True:
        staying: Counter[Fate] = Counter()
        before = done.total()
        for numbers in _chunks(_touched(job)):
            if most is not None and done.total() >= most:
                return Undone(done + staying, finished=False)
            counts = _undo(job, by, numbers)
            done += Counter({fate: counts.pop(fate, 0) for fate in CHANGED})
            staying += counts
        if not staying[Fate.TAKEN] or done.total() == before:
            break
        # What another article of the batch had is free, perhaps, now that this one has gone back.
    _end(job, by)
    return Undone(done + staying, finished=True)


def _end(job: ImportJob, by: Any) -> None:
    ImportJob.objects.filter(pk=job.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=by)
    job.refresh_from_db()
    ledger.refresh_statistics(connection)


def undoable(job: ImportJob) -> bool:
    return job.state in ENDED and job.undone_at is None


def _refuse(job: ImportJob) -> None:
    if job.undone_at:
        raise NotUndoable(f"Import {job.pk} was undone on {job.undone_at:%Y-%m-%d}. Nothing is left to undo.")
    if job.state == JobState.PROPOSED:
        raise NotUndoable(f"Import {job.pk} has stored nothing yet: it waits to be confirmed.")
    if job.state not in ENDED:
        raise NotUndoable(f"Import {job.pk} is not done yet. Cancel it, or wait until it is done; then undo it.")


def _touched(job: ImportJob) -> list[int]:
    """The articles that the batch brought or met, without those that were put back before undoing was cut off."""
    back = ArticleVersion.objects.filter(job=job, cause=Cause.UNDONE).order_by()
    outcomes = job.outcomes.filter(result__in=TAKEN_IN, article__isnull=False).order_by()
    return sorted(set(outcomes.values_list("article", flat=True)) - set(back.values_list("article", flat=True)))


def _chunks(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK))


# Deciding


def _fates(job: ImportJob, articles: dict[int, Article]) -> dict[int, tuple[Fate, int | None]]:
    """What becomes of these articles, of each that the batch has to do with, and the version to put back."""
    told: dict[int, list[_Told]] = defaultdict(list)
    for outcome in _outcomes(job, list(articles)):
        told[outcome.article].append(outcome)
    found = {number: _fate(articles[number], outcomes) for number, outcomes in told.items()}
    return {number: fate for number, fate in found.items() if fate}


def _outcomes(job: ImportJob, numbers: Sequence[int]) -> Iterator[_Told]:
    """The outcomes of these articles, in the order in which they came about."""
    rows = ImportOutcome.objects.filter(article__in=numbers, result__in=TAKEN_IN).order_by("pk")
    columns = ("pk", "article", "result", "version", "input__original", "number", "job", "job__undone_at")
    for pk, article, result, version, original, number, batch, undone_at in rows.values_list(*columns):
        own = batch == job.pk
        yield _Told(pk, article, result, version, (original, number), own, own or undone_at is not None)


def _fate(article: Article, told: list[_Told]) -> tuple[Fate, int | None] | None:
    """None where the batch did nothing to the article, and nothing follows from undoing it."""
    last = _last_alive(told)
    made = any(outcome.result == Result.CREATED for outcome in told if outcome.dead)
    if made and not last:
        return (Fate.EDITED if article.edited_at else Fate.REMOVED), None
    updates = [outcome for outcome in told if outcome.dead and outcome.result == Result.UPDATED and outcome.pk > last]
    if updates:
        return _fate_of_updated(article, updates[0].version)
    did = any(outcome.own and outcome.result != Result.DUPLICATE for outcome in told)
    return (Fate.SHARED, None) if did else None


def _fate_of_updated(article: Article, before: int | None) -> tuple[Fate, int | None]:
    """All imports since the version `before` are undone."""
    if article.edited_at or article.trashed_at:
        return Fate.EDITED, None
    return (Fate.RESTORED, before) if before else (Fate.UNKEPT, None)


def _last_alive(told: list[_Told]) -> int:
    """The last outcome that stands; 0 where none does.

    A record that a file told before, and that was met again in the same file, counts where it was told first.
    """
    first: dict[tuple[int | None, int], int] = {}
    last = 0
    for outcome in told:
        once = first.setdefault(outcome.record, outcome.pk)
        again = outcome.result == Result.DUPLICATE and outcome.record[0] is not None
        last = last if outcome.dead else max(last, once if again else outcome.pk)
    return last


# Doing


@transaction.atomic
def _undo(job: ImportJob, by: Any, numbers: Sequence[int]) -> Counter[Fate]:
    """Undo what the batch did to these articles."""
    _refuse(ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk))
    articles = Article.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(numbers)
    fates = _fates(job, articles)
    gone = [number for number, (fate, _) in fates.items() if fate == Fate.REMOVED]
    back = {number: version for number, (fate, version) in fates.items() if fate == Fate.RESTORED and version}
    names = _names_of([*gone, *back])
    Article.objects.filter(pk__in=gone).delete()
    done = _put_back(job, by, articles, back)
    _drop_unused(names)
    counts = Counter(fate for fate, _ in fates.values())
    return counts - Counter({Fate.RESTORED: len(back) - done}) + Counter({Fate.TAKEN: len(back) - done})


def _put_back(job: ImportJob, by: Any, articles: dict[int, Article], back: dict[int, int]) -> int:
    """Put back these versions, by the numbers of their articles; how many articles say now what they should."""
    held = ArticleVersion.objects.in_bulk(back.values())
    before = versions.told_of(back)
    other = {number: held[pk] for number, pk in back.items() if held[pk].record != before[number]}
    changed = versions.put_back([(articles[number], version) for number, version in other.items()], with_status=True)
    versions.keep({article.pk: before[article.pk] for article in changed}, Cause.UNDONE, by=by, job=job)
    return len(back) - len(other) + len(changed)


# Names that a batch made go with it


def _names_of(numbers: Sequence[int]) -> list[tuple[Any, Any, str, set[int]]]:
    """What these articles are filed under: of each kind of name the rows that link to it, their column, the names."""
    uses: list[tuple[Any, Any, str]] = [(kind, through, column) for _, kind, through, column in LINKS]
    found = [
        (kind, through, column, set(through.objects.filter(article__in=numbers).values_list(column, flat=True)))
        for kind, through, column in uses
    ]
    sources = Article.objects.filter(pk__in=numbers, source__isnull=False).values_list("source", flat=True)
    return [*found, (Source, Article, "source", set(sources))]


def _drop_unused(found: list[tuple[Any, Any, str, set[int]]]) -> None:
    """Delete those that nothing uses any more and that no person has touched: the next import makes them again."""
    for kind, through, column, numbers in found:
        used = Exists(through.objects.filter(**{column: OuterRef("pk")}))
        bare = {"description": "", "aliases": None} | ({"homepage": ""} if kind is Source else {})
        unused = kind.objects.filter(pk__in=numbers, **bare).exclude(used)
        left = set(unused.values_list("pk", flat=True))
        kind.objects.filter(pk__in=left - _touched_by_people(kind, left)).delete()


def _touched_by_people(kind: Any, numbers: set[int]) -> set[int]:
    """Those of these names that somebody made or changed in the admin, or chose for an import."""
    log = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(kind))
    touched = {int(pk) for pk in log.filter(object_id__in=map(str, numbers)).values_list("object_id", flat=True) if pk}
    if kind is Source:
        touched |= set(ImportJob.objects.filter(source__in=numbers).values_list("source", flat=True))
    return touched
