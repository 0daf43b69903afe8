"""Batches to undo: what was imported, and what the archive says then."""

from __future__ import annotations

import dataclasses
import hashlib
from threading import Event

from articles import exports
from articles.models import Article, ImportInput, ImportJob, JobState, Original
from articles.records import ArticleRecord

from .makers import stored

FERRY = ArticleRecord(
    title="Ferry held by fog",
    body="The ferry lay at the Lower Quay until noon.",
    source="The Port Aldery Herald",
    tags=("ferry", "fog"),
    sections=("Local",),
    authors=("M. Sedge",),
    canonical_url="https://herald.example/ferry",
    place="line 1",
)
OTTERS = ArticleRecord(title="Otters at the weir", body="Three otters were seen.", tags=("otters",), place="line 2")
LATER = dataclasses.replace(FERRY, body="The ferry lay at the Lower Quay until four.", tags=("ferry", "delay"))


def job_of(*records: ArticleRecord) -> ImportJob:
    """A batch of one file with these records, imported."""
    sha256 = hashlib.sha256(repr(records).encode()).hexdigest()
    original = Original.objects.get_or_create(sha256=sha256, defaults={"size": 1})[0]
    job = ImportJob.objects.create(label="A test", state=JobState.DONE)
    entry = ImportInput.objects.create(job=job, position=0, name="a.jsonl", original=original)
    stored(records, entry)
    return job


def exported() -> str:
    return "".join(exports.jsonl(Article.objects.all()))


def set_already() -> Event:
    stop = Event()
    stop.set()
    return stop


def results(job: ImportJob) -> list[str]:
    return list(job.outcomes.order_by("number").values_list("result", flat=True))
