"""Batches of files on their way in: kept, claimed, read, stored. A job that was cut off goes on."""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any

from django.conf import settings
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from . import batches, ingest, keeping, ledger, originals, printings, troubles
from .attempts import repeated
from .meeting import TAKEN_IN
from .models import ArticleVersion, Cause, ImportInput, ImportJob, ImportOutcome, JobState, Original, Result
from .receiving import Incoming, Received, readable, receive
from .records import Unreadable, UnreadableFile, storable

logger = logging.getLogger(__name__)

BROKEN_OFF = (JobState.CANCELLED, JobState.FAILED)
LEASE = dt.timedelta(minutes=2)
# Of a process of this machine that lives: it may be far into a file of which nothing is to be stored.
LONG_LEASE = dt.timedelta(minutes=30)
# Seconds until work that something stands in the way of is tried again.
TROUBLE = 10.0
# What a database and its driver raise for values that they do not take.
REFUSALS = (DataError, IntegrityError, OverflowError, UnicodeEncodeError)
REFUSED = "the database does not take it: something in it is too long, too large or no text; mend it and import again"

Report = Callable[[ImportJob, list[ImportOutcome]], None]


@dataclass(frozen=True)
class Gifts:
    """What a batch gives to all its articles, and what was decided of all its files (see `ImportInput.guidance`)."""

    source: Any = None
    status: str = ""
    tags: tuple[str, ...] = ()
    guidance: Mapping[str, Any] = field(default_factory=dict)


def enqueue(
    files: Iterable[Incoming], *, label: str, gifts: Gifts | None = None, by: Any = None, most: int | None = None,
    claimed_by: str = "", state: JobState = JobState.QUEUED,
) -> ImportJob:  # fmt: skip
    """Keep the files and put them in line as one job; every file is on the disk before the job is in the line.

    With the state `PROPOSED` the job waits until it is confirmed. A file that is not kept (empty, hidden, or over
    `most` bytes) is an outcome of the job from the start.
    Raises `OSError` when the disk does not take the files; then there is no job.
    """
    received = receive(files, by=by, most=most)
    gifts = gifts or Gifts()
    with transaction.atomic():
        job = ImportJob.objects.create(
            label=readable(label)[:200], source=gifts.source, status=gifts.status, tags=list(gifts.tags), created_by=by,
            bytes_total=sum(file.original.size for file in received if file.original),
            **(_claim(claimed_by) if claimed_by else {"state": state}),
        )  # fmt: skip
        for position, file in enumerate(received):
            _enter(job, position, file, gifts)
    return job


def _enter(job: ImportJob, position: int, file: Received, gifts: Gifts) -> None:
    passed_over = file.passed_over and file.original
    entry = ImportInput.objects.create(
        job=job, position=position, name=file.name, original=file.original, done=file.original is None,
        guidance={"passed_over": file.reason} if passed_over else dict(gifts.guidance),
    )  # fmt: skip
    if file.original is None:
        result = Result.SKIPPED if file.passed_over else Result.FAILED
        ingest.outcome(entry, 0, result, reason=file.reason).save()


def confirm(job: ImportJob) -> bool:
    """Put a proposed job in line; False when it is none any more."""
    return _moved(job, [JobState.PROPOSED], state=JobState.QUEUED)


def cancel(job: ImportJob) -> bool:
    """Let a job that waits or runs end where it is: what is stored stays. False when it has ended already."""
    return _moved(job, [JobState.QUEUED, JobState.RUNNING], state=JobState.CANCELLED, finished_at=timezone.now())


@transaction.atomic
def go_on(job: ImportJob) -> str:
    """Put a job that was cancelled or broke off in line again, to go on where it was; why not, where that may not be.

    Who undoes it locks it too.
    """
    held = hindrance(ImportJob.objects.select_for_update(of=("self",), no_key=True).get(pk=job.pk))
    if not held:
        _moved(job, [*BROKEN_OFF], state=JobState.QUEUED, finished_at=None, error="", worker="")
    return held


def hindrance(job: ImportJob) -> str:
    """Why the job may not go on; "" where it may: what it did and is undone again, or will be, would be missed."""
    if job.undone_at:
        return "it was undone"
    if job.undo_asked_at:
        return "it is being undone"
    if job.state not in BROKEN_OFF:
        return "it was not cut off, or it goes on already"
    gone = job.outcomes.filter(result__in=TAKEN_IN, article=None).exists()
    if gone or ArticleVersion.objects.filter(job=job, cause=Cause.UNDONE).exists():
        return "some of what it did is undone or deleted again, and would be missed; upload its files anew"
    return ""


def _moved(job: ImportJob, states: list[JobState], **values: Any) -> bool:
    moved = ImportJob.objects.filter(pk=job.pk, state__in=states, undone_at=None).update(**values)
    job.refresh_from_db()
    return moved == 1


@transaction.atomic
def discard(job: ImportJob) -> bool:
    """Forget a proposed job, and the files that came with it and nowhere else; False when it is none any more."""
    held = list(Original.objects.filter(inputs__job=job).values_list("pk", flat=True))
    if not ImportJob.objects.filter(pk=job.pk, state=JobState.PROPOSED).delete()[0]:
        return False
    for original in Original.objects.filter(pk__in=held, inputs=None, articles=None):
        originals.forget(original)
    return True


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _claim(worker: str) -> dict[str, Any]:
    now = timezone.now()
    return {"state": JobState.RUNNING, "worker": worker, "started_at": now, "heartbeat_at": now, "error": ""}


def claim(job: ImportJob, worker: str) -> bool:
    """Take a job out of the line; False when another process has it."""
    taken = ImportJob.objects.filter(pk=job.pk, state=JobState.QUEUED).update(**_claim(worker))
    job.refresh_from_db()
    return taken == 1


def claim_next(worker: str) -> ImportJob | None:
    for job in ImportJob.objects.filter(state=JobState.QUEUED).order_by("id")[:10]:
        if claim(job, worker):
            return job
    return None


def requeue_stalled() -> int:
    """Put back in line the jobs whose process is gone: it died here, or its lease ran out."""
    host, now = socket.gethostname(), timezone.now()
    running = ImportJob.objects.filter(state=JobState.RUNNING)
    local = set(running.filter(worker__startswith=f"{host}:").values_list("worker", flat=True))
    alive = {worker for worker in local if _is_alive(int(worker.rpartition(":")[2]))}
    stalled = Q(heartbeat_at__lt=now - LEASE) & ~Q(worker__in=alive)
    # Its number may be another process's by now.
    stalled |= Q(heartbeat_at__lt=now - LONG_LEASE) | Q(worker__in=local - alive)
    return running.filter(stalled).update(state=JobState.QUEUED, worker="")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Stopped(Exception):
    """The process is asked to end: the job goes back in line and another goes on with it."""


class LeaseLost(Exception):
    """The job was cancelled, or the lease ran out and another process goes on with it: this one lets go."""


def run(job: ImportJob, *, report: Report | None = None, stop: Event | None = None) -> bool:
    """Run a claimed job to its end. What its files cannot give becomes outcomes; what we did not foresee, its error.

    False where it is in line again: it was asked to stop, or the machine does not let it go on, which its error says.
    """
    try:
        before = job.inputs.filter(done=True).aggregate(Sum("original__size"))["original__size__sum"] or 0
        for entry in job.inputs.filter(done=False).select_related("job__source", "original"):
            before += _run_input(job, entry, before, report, stop)
        _end(job, JobState.DONE)
    except Stopped:
        _leased(job).update(state=JobState.QUEUED, worker="")
        return False
    except LeaseLost:
        logger.warning("import job %s was cancelled, or is another process's by now", job.pk)
    except Exception as error:
        # The edge of a job: whatever went wrong is written on its row, and the process goes on with the next one.
        if words := troubles.passing(error):
            _put_back(job, words)
            return False
        logger.exception("import job %s failed", job.pk)
        _end(job, JobState.FAILED, traceback.format_exc())
    return True


def _put_back(job: ImportJob, words: str) -> None:
    logger.warning("import job %s waits: %s", job.pk, words)
    job.state, job.error = JobState.QUEUED, words
    # Where not even that can be written, the job is found to be without a process later.
    with suppress(OperationalError, InterfaceError):
        _leased(job).update(state=job.state, worker="", error=words)


def _end(job: ImportJob, state: JobState, error: str = "") -> None:
    values = {"state": state, "error": storable(error), "finished_at": timezone.now()}
    _leased(job).update(**values)
    job.refresh_from_db()
    ledger.refresh_statistics(connection)


def _run_input(job: ImportJob, entry: ImportInput, before: int, report: Report | None, stop: Event | None) -> int:
    """Run one file of the job, which has `before` bytes behind it; its size."""
    original = entry.original
    if original is None:
        return 0
    for batch, outcomes in _settled(job, entry, original):
        _beat(job, before + min(batch.position, original.size))
        ImportInput.objects.filter(pk=entry.pk).update(part=batch.part, before=batch.before)
        if report:
            report(job, outcomes)
        if stop and stop.is_set():
            raise Stopped
    ImportInput.objects.filter(pk=entry.pk).update(done=True)
    _beat(job, before + original.size)
    return original.size


def _beat(job: ImportJob, bytes_done: int) -> None:
    if not _leased(job).update(heartbeat_at=timezone.now(), bytes_done=bytes_done):
        raise LeaseLost
    job.bytes_done = bytes_done


def _leased(job: ImportJob) -> QuerySet[ImportJob]:
    """The row, as long as the job is still this worker's."""
    return ImportJob.objects.filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker)


def _settled(
    job: ImportJob, entry: ImportInput, original: Original
) -> Iterator[tuple[batches.Batch, list[ImportOutcome]]]:
    """Store the file batch by batch; records that have an outcome already, from before a crash, are passed over."""
    seen = settled = entry.outcomes.order_by("-number").values_list("number", flat=True).first() or 0
    try:
        for batch in batches.of(entry, original, settled):
            seen = batch.records[-1][0] if batch.records else seen
            yield batch, _store(batch.records, entry, job)
        if not seen:
            yield _whole(entry, Result.SKIPPED, "no article was found in the file")
    except UnreadableFile as error:
        yield _whole(entry, Result.FAILED, f"{error}")


def _store(batch: list[ingest.Numbered], entry: ImportInput, job: ImportJob) -> list[ImportOutcome]:
    """Store a batch; where the database refuses it, record by record, so that one of them stops no other."""
    try:
        return _store_met(batch, entry, job)
    except REFUSALS:
        return [_store_one(item, entry, job) for item in batch]


def _store_one(item: ingest.Numbered, entry: ImportInput, job: ImportJob) -> ImportOutcome:
    number, record = item
    try:
        (outcome,) = _store_met([item], entry, job)
    except REFUSALS:
        logger.warning("import job %s: the database refused record %s of %s", job.pk, number, entry, exc_info=True)
        (outcome,) = _store_leased([(number, Unreadable(record.place, REFUSED))], entry, job)
    return outcome


def _store_met(batch: list[ingest.Numbered], entry: ImportInput, job: ImportJob) -> list[ImportOutcome]:
    """Where another process stored one of these articles a moment ago, now it is found, and counts as a duplicate."""
    return repeated(partial(_store_leased, batch, entry, job))


@transaction.atomic
def _store_leased(batch: list[ingest.Numbered], entry: ImportInput, job: ImportJob) -> list[ImportOutcome]:
    """Nothing is stored for a job that was cancelled; who cancels it waits for the batch that is being stored."""
    if not _leased(job).select_for_update().exists():
        raise LeaseLost
    return ingest.store(batch, entry)


def _whole(entry: ImportInput, result: Result, reason: str) -> tuple[batches.Batch, list[ImportOutcome]]:
    """The outcome of a file as a whole."""
    values = {"job_id": entry.job_id, "result": result, "reason": storable(reason)}
    outcome, _ = ImportOutcome.objects.get_or_create(input=entry, number=0, defaults=values)
    return batches.Batch(entry.part, entry.before), [outcome]


def catch_up(stop: Event | None = None) -> int:
    """Run the jobs in line until there is none; how many were run."""
    requeue_stalled()
    # This process is at none now: what it could not even put back is in line again.
    ImportJob.objects.filter(state=JobState.RUNNING, worker=worker_name()).update(state=JobState.QUEUED, worker="")
    count = 0
    while not (stop and stop.is_set()) and (job := claim_next(worker_name())):
        if not run(job, stop=stop):
            if stop:
                stop.wait(TROUBLE)
            break
        count += 1
    return count


def keep_up(stop: Event, pause: float = 0.5) -> None:
    """Run the jobs in line, as they come, until asked to stop.

    Meanwhile, find printings among what was here before; while no job runs anywhere, verify originals.
    """
    originals.sweep()
    looked_at: int | None = 0
    rounds = keeping.Rounds(settings.VERIFY_DAYS)
    while not stop.is_set():
        try:
            catch_up(stop)
            looked_at = None if looked_at is None else printings.catch_up(looked_at)
            if not ImportJob.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).exists():
                rounds.step()
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database is away (%s); trying again", error)
        # A connection that broke is let go of here, or it would be used for ever.
        close_old_connections()
        stop.wait(pause)


def progress(job: ImportJob) -> dict[str, Any]:
    """What a page that waits for a job needs to know."""
    return {
        "state": job.state,
        "bytes_done": job.bytes_done,
        "bytes_total": job.bytes_total,
        "counts": dict(job.counts()),
        "finished": job.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED),
    }
