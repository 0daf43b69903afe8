"""A batch is undone: the articles that it brought go, those that it changed say what they said before.

What a batch did is read off the outcomes on its receipt, which stay, as its files do: it can be imported again. What an
editor has changed since stays as it is, and so does what another import brought too.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from . import fates, ledger, versions
from .attempts import repeated
from .fates import CHANGED, Fate
from .filing import LINKS
from .meeting import TAKEN_IN
from .models import Article, ArticleVersion, Cause, ImportJob, JobState, Source

logger = logging.getLogger(__name__)

# One transaction, and how long others have their turn before the next: SQLite lets one write at a time.
CHUNK = 200
PAUSE = 0.1
# Of so many articles a plan counts what would become of them, and so many of those that stay it names.
MOST_COUNTED, MOST_NAMED = 100_000, 50
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class NotUndoable(Exception):
    """A batch that cannot be undone now; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """How many articles have which fate, and the first of those that stay, each with why. `cut`: there are more."""

    counts: Counter[Fate] = field(default_factory=Counter)
    staying: tuple[tuple[Article, Fate], ...] = ()
    cut: bool = False

    @property
    def remaining(self) -> int:
        """How many articles are still to be removed or put back."""
        return sum(self.counts[fate] for fate in CHANGED)

    @property
    def unnamed(self) -> int:
        """How many more stay than are named."""
        return self.counts.total() - self.remaining - len(self.staying)


@dataclass(frozen=True)
class Undone:
    """How many articles had which fate, also before undoing was cut off. Not `finished`: there are more."""

    counts: Counter[Fate]
    finished: bool


@dataclass(frozen=True)
class Progress:
    """How many articles a batch had to do with at most, and how many of them are gone or put back by now."""

    total: int
    gone: int
    back: int


def plan(job: ImportJob) -> Plan:
    """What undoing the batch would do as the archive is now. Raises `NotUndoable`."""
    _refuse(job)
    counts = fates.counted(job, MOST_COUNTED)
    stay = counts.keys() - set(CHANGED)
    staying = fates.staying(job, MOST_COUNTED, MOST_NAMED) if stay else ()
    return Plan(counts, staying, cut=is_large(job, MOST_COUNTED))


def progress(job: ImportJob) -> Progress:
    return Progress(job.outcomes.filter(result__in=TAKEN_IN).count(), job.removed, job.put_back)


def is_large(job: ImportJob, most: int) -> bool:
    """Whether the batch has to do with more articles than `most`."""
    return fates.count(job, most + 1) > most


def undo(job: ImportJob, *, by: Any = None, stop: Event | None = None) -> Undone:
    """Undo a batch, some articles at a time. Raises `NotUndoable`.

    Cut off, it is called again, by who wants it or by the work in the background. With `stop`, others have their turn
    meanwhile, and it ends early when it is set. `by` is who does it, unless somebody has asked for it; where the
    account is deleted meanwhile, it goes on without.
    """
    repeated(partial(_begin, job, by))
    staying: Counter[Fate] = Counter()
    try:
        while True:
            changed, staying, finished = _round(job, stop)
            if not finished or not changed or not staying[Fate.TAKEN]:
                break
            # What another article of the batch had is free, perhaps, now that this one has gone back.
        if finished:
            repeated(partial(_end, job, staying.total()))
    except NotUndoable:
        job.refresh_from_db()
        if not job.undone_at:
            raise
        # Another process was faster.
        finished = True
    job.refresh_from_db()
    return Undone(Counter({Fate.REMOVED: job.removed, Fate.RESTORED: job.put_back}) + staying, finished)


def _round(job: ImportJob, stop: Event | None) -> tuple[int, Counter[Fate], bool]:
    """Go through the batch once; how many articles were changed, what became of the others, whether it came to the end.

    Raises `NotUndoable` where another process has ended it, or it goes on.
    """
    changed, staying, after = 0, Counter[Fate](), 0
    while some := fates.touched(job, after, CHUNK):
        counts = repeated(partial(_undo, job, [article for _, article in some]))
        changed += sum(counts.pop(fate, 0) for fate in CHANGED)
        staying += counts
        after = some[-1][0]
        if stop and stop.wait(PAUSE):
            return changed, staying, False
    return changed, staying, True


@transaction.atomic
def _begin(job: ImportJob, by: Any) -> None:
    _lock(job)
    ImportJob.objects.filter(pk=job.pk, undo_asked_at=None).update(undo_asked_at=timezone.now(), undone_by=by)
    job.refresh_from_db()


@transaction.atomic
def _end(job: ImportJob, stays: int) -> None:
    held = _lock(job)
    ImportJob.objects.filter(pk=job.pk).update(undone_at=timezone.now())
    _log(held, f"Undone: {held.removed:,} articles removed, {held.put_back:,} put back, {stays:,} stay.")
    ledger.refresh_statistics(connection)


def _lock(job: ImportJob) -> ImportJob:
    """Keep the batch from going on, and from being undone by another process, until the end of the transaction.

    Its row as it is. Raises `NotUndoable`.
    """
    held = ImportJob.objects.select_for_update(of=("self",), no_key=True).select_related("undone_by").get(pk=job.pk)
    _refuse(held)
    return held


def undoable(job: ImportJob) -> bool:
    return job.state in ENDED and job.undone_at is None and not is_asked(job)


def _refuse(job: ImportJob) -> None:
    if job.undone_at:
        raise NotUndoable(f"Import {job.pk} was undone on {job.undone_at:%Y-%m-%d}. Nothing is left to undo.")
    if job.state == JobState.PROPOSED:
        raise NotUndoable(f"Import {job.pk} has stored nothing yet: it waits to be confirmed.")
    if job.state not in ENDED:
        raise NotUndoable(f"Import {job.pk} is not done yet. Cancel it, or wait until it is done; then undo it.")


# In the background


def ask(job: ImportJob, by: Any) -> None:
    """Let the work in the background undo the batch. Raises `NotUndoable`.

    What was asked for is done, although the account of who asked is deleted meanwhile: nobody wants half a batch.
    """
    free = ImportJob.objects.filter(pk=job.pk, state__in=ENDED, undone_at=None, undo_asked_at=None)
    asked = free.update(undo_asked_at=timezone.now(), undone_by=by)
    job.refresh_from_db()
    if not asked:
        _refuse(job)
        raise NotUndoable(f"Import {job.pk} is being undone already. Its receipt says how far that is.")


def is_asked(job: ImportJob) -> bool:
    return job.undo_asked_at is not None and job.undone_at is None


def catch_up(stop: Event) -> int:
    """Undo the batches that this was asked for; how many there were.

    Two processes at one batch do no harm: each locks it for a portion, and sees then what is left to do.
    """
    asked = list(ImportJob.objects.filter(undone_at=None, undo_asked_at__isnull=False).order_by("pk"))
    for job in asked:
        if not stop.is_set():
            _undo_asked(job, stop)
    return len(asked)


def _undo_asked(job: ImportJob, stop: Event) -> None:
    broken = "The log of the server says why."
    try:
        undo(job, stop=stop)
        broken = ""
    except OperationalError:
        # The database is away, or busy: it goes on later.
        broken = ""
        raise
    except NotUndoable as error:
        job.refresh_from_db()
        # Another process was faster.
        broken = "" if job.undone_at else str(error)
    finally:
        # What we did not foresee must not come again each time that the process starts anew.
        if broken:
            repeated(partial(_withdraw, job, broken))


@transaction.atomic
def _withdraw(job: ImportJob, why: str) -> None:
    held = ImportJob.objects.select_for_update(of=("self",), no_key=True).get(pk=job.pk)
    ImportJob.objects.filter(pk=job.pk, undone_at=None).update(undo_asked_at=None, undone_by=None)
    _log(held, f"Undoing broke off. {why}")


def _log(job: ImportJob, words: str) -> None:
    """In the log of the admin, which tells what people did; without an account in that of the server."""
    logger.info("import %s: %s", job.pk, words)
    if job.undone_by_id:
        LogEntry.objects.log_actions(job.undone_by_id, [job], CHANGE, words, single_object=True)


def keep_up(stop: Event, pause: float = 1) -> None:
    """Undo the batches that this is asked for, as they come, until asked to stop."""
    while not stop.is_set():
        try:
            catch_up(stop)
        except OperationalError as error:
            logger.warning("the database is away (%s); trying again", error)
        # A connection that broke is let go of here, or it would be used for ever.
        close_old_connections()
        stop.wait(pause)


# Doing


@transaction.atomic
def _undo(job: ImportJob, numbers: Sequence[int]) -> Counter[Fate]:
    """Undo what the batch did to these articles."""
    held = _lock(job)
    articles = Article.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(numbers)
    decided = fates.decided(job, list(articles))
    gone = [number for number, (fate, _) in decided.items() if fate == Fate.REMOVED]
    back = {number: version for number, (fate, version) in decided.items() if fate == Fate.RESTORED and version}
    names = _names_of([*gone, *back])
    Article.objects.filter(pk__in=gone).delete()
    done = _put_back(held, articles, back)
    _drop_unused(names)
    so_far = {"removed": F("removed") + len(gone), "put_back": F("put_back") + done[Fate.RESTORED]}
    ImportJob.objects.filter(pk=job.pk).update(**so_far)
    return Counter(fate for fate, _ in decided.values() if fate != Fate.RESTORED) + done


def _put_back(job: ImportJob, articles: dict[int, Article], back: dict[int, int]) -> Counter[Fate]:
    """Put back these versions, by the numbers of their articles. Those that say so already count nowhere."""
    held = ArticleVersion.objects.in_bulk(back.values())
    before = versions.told_of(back)
    other = {number: held[pk] for number, pk in back.items() if held[pk].record != before[number]}
    free = versions.put_back([(articles[number], version) for number, version in other.items()], with_status=True)
    said = {article.pk: before[article.pk] for article in free}
    kept = versions.keep_changed(said, Cause.UNDONE, by=job.undone_by, job=job)
    return Counter({Fate.RESTORED: len(kept), Fate.TAKEN: len(other) - len(free)})


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
