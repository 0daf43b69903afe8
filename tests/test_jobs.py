"""Jobs are kept, claimed once, run to the end, and go on after a crash without losing or doubling anything."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings as project
from django.db import DataError, IntegrityError
from django.utils import timezone

from articles import batches, ingest, jobs, originals, undoing
from articles.models import Article, ImportInput, ImportJob, ImportOutcome, JobState, Original, Result, Source
from articles.records import ArticleRecord, UnreadableFile

from .undoing_samples import set_already

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ORIGINALS = tmp_path / "originals"


def lines(count: int, first: int = 0) -> bytes:
    records = ({"title": f"Article {n}", "body": f"Text {n}."} for n in range(first, first + count))
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def enqueue(*files: tuple[str, bytes], **options: object) -> ImportJob:
    return jobs.enqueue([jobs.Incoming(name, [data]) for name, data in files], label="A test", **options)


def run(job: ImportJob, **options: object) -> ImportJob:
    assert jobs.claim(job, jobs.worker_name())
    jobs.run(job, **options)
    return job


def test_every_record_of_every_file_has_an_outcome():
    job = run(enqueue(("a.jsonl", lines(3)), ("b.jsonl", lines(3, first=2)), ("c.jsonl", b'{"title": 7}\n')))
    assert job.state == JobState.DONE
    assert job.counts() == {Result.CREATED: 5, Result.DUPLICATE: 1, Result.FAILED: 1}
    assert job.bytes_done == job.bytes_total
    assert all(article.original for article in Article.objects.select_related("original"))


def test_a_file_that_cannot_be_kept_or_read_is_an_outcome_too():
    job = run(enqueue(("empty.txt", b""), ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 50), ("ok.jsonl", lines(1))))
    reasons = dict(job.outcomes.values_list("input__name", "reason"))
    assert reasons["empty.txt"] == "the file is empty"
    assert "JPEG" in reasons["photo.jpg"]
    assert job.counts()[Result.CREATED] == 1


def test_a_file_over_the_limit_is_refused_and_its_neighbours_are_taken():
    job = run(enqueue(("big.jsonl", lines(9)), ("ok.jsonl", lines(1)), most=100))
    assert job.counts() == {Result.FAILED: 1, Result.CREATED: 1}


def test_the_same_file_twice_is_kept_once_and_stored_once():
    run(enqueue(("a.jsonl", lines(2))))
    again = run(enqueue(("b.jsonl", lines(2))))
    assert again.counts() == {Result.DUPLICATE: 2}
    assert again.inputs.get().original.name == "a.jsonl"
    assert again.inputs.get().name == "b.jsonl"


def test_the_same_file_given_to_another_paper_is_still_the_same_article():
    run(enqueue(("a.jsonl", lines(2))))
    paper = Source.objects.create(name="The Gazette")
    again = run(enqueue(("a.jsonl", lines(2)), gifts=jobs.Gifts(source=paper, tags=("box 4",))))
    assert again.counts() == {Result.DUPLICATE: 2}


def test_a_job_is_claimed_by_one_process_only():
    job = enqueue(("a.jsonl", lines(1)))
    assert jobs.claim(job, "one:1")
    assert not jobs.claim(ImportJob.objects.get(), "two:2")
    assert job.worker == "one:1"


def test_a_job_whose_process_is_gone_is_put_back_in_line():
    job = enqueue(("a.jsonl", lines(1)))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    jobs.claim(job, jobs.worker_name().replace(str(os.getpid()), str(gone.pid)))
    assert jobs.requeue_stalled() == 1
    assert jobs.claim_next(jobs.worker_name()) == job


def test_a_job_on_another_machine_is_put_back_when_its_lease_has_run_out():
    job = enqueue(("a.jsonl", lines(1)))
    jobs.claim(job, "elsewhere:1")
    assert jobs.requeue_stalled() == 0
    ImportJob.objects.update(heartbeat_at=timezone.now() - jobs.LEASE - dt.timedelta(seconds=1))
    assert jobs.requeue_stalled() == 1


def test_a_process_whose_lease_was_taken_over_lets_go_of_the_job(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    job = enqueue(("a.jsonl", lines(5)))
    jobs.claim(job, jobs.worker_name())

    def taken_over(job, outcomes):
        ImportJob.objects.update(worker="elsewhere:1")

    jobs.run(job, report=taken_over)
    row = ImportJob.objects.get()
    assert (row.state, row.worker) == (JobState.RUNNING, "elsewhere:1")
    assert Article.objects.count() == 2


def test_a_job_that_runs_is_left_alone():
    jobs.claim(enqueue(("a.jsonl", lines(1))), jobs.worker_name())
    assert jobs.requeue_stalled() == 0


def test_a_job_asked_to_stop_goes_back_in_line_at_the_end_of_a_batch_and_is_finished_later(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    stop = Event()
    stop.set()
    job = enqueue(("a.jsonl", lines(5)))
    jobs.claim(job, jobs.worker_name())
    jobs.run(job, stop=stop)
    assert ImportJob.objects.get().state == JobState.QUEUED
    assert Article.objects.count() == 2
    run(ImportJob.objects.get())
    assert ImportJob.objects.get().counts() == {Result.CREATED: 5}


def test_a_batch_that_fails_half_way_leaves_the_earlier_ones_and_can_be_run_again(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    real, calls = ingest.store, []

    def failing(batch, entry):
        calls.append(batch)
        if len(calls) == 2:
            raise RuntimeError("the roof fell in")
        return real(batch, entry)

    monkeypatch.setattr(ingest, "store", failing)
    job = run(enqueue(("a.jsonl", lines(5))))
    assert job.state == JobState.FAILED
    assert "the roof fell in" in job.error
    assert Article.objects.count() == 2
    ImportJob.objects.update(state=JobState.QUEUED)
    run(ImportJob.objects.get())
    assert ImportJob.objects.get().counts() == {Result.CREATED: 5}


def test_progress_is_reported_after_each_batch(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    seen: list[int] = []
    run(enqueue(("a.jsonl", lines(5))), report=lambda job, outcomes: seen.append(len(outcomes)))
    assert seen == [2, 2, 1]
    assert jobs.progress(ImportJob.objects.get())["finished"]


def test_a_file_in_which_no_article_is_found_is_skipped_with_a_reason():
    job = run(enqueue(("blank.jsonl", b'{"title": "x", "body": "y"}\n'[:0] + b"\n \n\n")))
    assert sum(job.counts().values()) == 1
    assert job.outcomes.get().reason


def test_a_missing_original_fails_the_job_and_says_so():
    job = enqueue(("a.jsonl", lines(1)))
    job.inputs.get().original.path.unlink()
    run(job)
    assert job.state == JobState.FAILED
    assert "No such file" in job.error


def test_a_full_disk_at_upload_makes_no_job(monkeypatch):
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(originals, "keep", full)
    with pytest.raises(OSError, match="No space"):
        enqueue(("a.jsonl", lines(1)))
    assert not ImportJob.objects.exists()


# The kill test runs the real command in a data folder of its own.

ROUNDS = 6
ARTICLES = 1500


@pytest.fixture
def archive(tmp_path: Path) -> dict[str, str]:
    environment = {
        **os.environ,
        "NEWSARCHIVE_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
    }
    environment.pop("DATABASE_URL", None)
    manage(environment, "migrate", "-v0")
    return environment


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(project.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


COUNT = (
    "import json; from articles.models import *; print(json.dumps({"
    "'articles': Article.objects.count(), 'titles': Article.objects.values('title').distinct().count(),"
    "'jobs': list(ImportJob.objects.order_by('id').values_list('state', flat=True)),"
    "'outcomes': [sum(job.counts().values()) for job in ImportJob.objects.order_by('id')],"
    "'orphans': Article.objects.filter(original=None).count()}))"
)


def test_kill_9_at_any_moment_of_an_import_loses_and_doubles_nothing(archive: dict[str, str], tmp_path: Path):
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    file = tmp_path / "many.jsonl"
    file.write_bytes(lines(ARTICLES))
    command = [sys.executable, str(project.BASE_DIR / "manage.py")]
    importer = subprocess.Popen(
        [*command, "import_articles", str(file)], env=archive, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(chance.uniform(0.8, 2.5))
    importer.send_signal(signal.SIGKILL)
    importer.wait()
    for _ in range(ROUNDS):
        worker = subprocess.Popen([*command, "run_imports"], env=archive, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.5, 2.0))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    # After the crashes an import of the same file, by hand or by the job that was cut off, settles everything.
    manage(archive, "import_articles", str(file))
    manage(archive, "run_imports", "--once")
    counted = json.loads(manage(archive, "shell", "-v0", "-c", COUNT))
    assert counted["articles"] == counted["titles"] == ARTICLES
    assert set(counted["jobs"]) == {"done"}
    assert set(counted["outcomes"]) == {ARTICLES}
    assert counted["orphans"] == 0


# Proposed, confirmed, cancelled


def proposed(*files: tuple[str, bytes]) -> ImportJob:
    incoming = [jobs.Incoming(name, [content]) for name, content in files]
    return jobs.enqueue(incoming, label="proposed", state=JobState.PROPOSED)


def test_a_proposed_job_waits_until_it_is_confirmed():
    job = proposed(("a.jsonl", lines(1)))
    assert jobs.catch_up() == 0
    assert jobs.confirm(job)
    assert jobs.catch_up() == 1
    assert Article.objects.count() == 1
    assert not jobs.confirm(job)


@pytest.mark.django_db(transaction=True)
def test_what_is_discarded_leaves_nothing_but_what_was_here_before():
    kept = enqueue(("a.jsonl", lines(1)))
    job = proposed(("a.jsonl", lines(1)), ("b.jsonl", lines(2)))
    old, new = [entry.original for entry in job.inputs.all()]
    assert jobs.discard(job)
    assert list(ImportJob.objects.all()) == [kept]
    assert list(Original.objects.all()) == [old]
    assert old.path.exists()
    assert not new.path.exists()
    assert not jobs.discard(kept)


def test_a_cancelled_job_keeps_what_is_stored_and_can_go_on():
    job = enqueue(("many.jsonl", lines(500)))
    worker = jobs.worker_name()
    assert jobs.claim(job, worker)
    jobs.run(job, report=lambda job, outcomes: jobs.cancel(ImportJob.objects.get(pk=job.pk)) and None)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    stored = Article.objects.count()
    assert 0 < stored < 500
    assert not jobs.cancel(job)
    assert not jobs.go_on(job)
    jobs.catch_up()
    assert Article.objects.count() == 500
    assert job.counts() == {"created": 500}


def test_reading_goes_on_at_the_part_that_was_reached(monkeypatch):
    job = enqueue(("many.jsonl", lines(3)))
    entry = job.inputs.get()
    ImportInput.objects.filter(pk=entry.pk).update(part=7, before=40)
    asked = []
    monkeypatch.setattr(batches.apart, "read", lambda path, name, guidance, start: asked.append(start) or iter(()))
    run(job)
    assert asked == [7]


def test_a_reader_is_told_what_a_person_decided():
    job = enqueue(("a.jsonl", lines(1)))
    entry = job.inputs.get()
    entry.guidance = {"format": "pagetext", "columns": {"Kopf": "title"}, "sections": ["Otters"], "mend": True}
    told = batches.guidance_for(entry)
    assert (told.format, told.columns, told.mend) == ("pagetext", {"Kopf": "title"}, True)
    assert "Otters" in told.sections
    assert told.received == entry.original.received_at.replace(tzinfo=None)


def test_what_was_read_before_a_file_breaks_off_is_stored(monkeypatch):
    def broken(*_: object) -> Iterator[batches.apart.Read]:
        yield batches.apart.Read(0, [ArticleRecord(title="Otters", body="They swim.")], 5)
        raise UnreadableFile("The file ends here.")

    monkeypatch.setattr(batches.apart, "read", broken)
    job = run(enqueue(("a.jsonl", lines(1))))
    assert job.counts() == {Result.CREATED: 1, Result.FAILED: 1}
    assert job.outcomes.get(number=0).reason == "The file ends here."


@pytest.mark.parametrize("error", [DataError("too long"), OverflowError("too large"), IntegrityError("twice")])
def test_a_record_that_the_database_refuses_stops_no_other(monkeypatch, error: Exception):
    keep = ingest.store

    def refusing(batch: list[ingest.Numbered], entry: ImportInput) -> list[ImportOutcome]:
        outcomes = keep(batch, entry)
        if any(isinstance(record, ArticleRecord) and record.title == "Article 1" for _, record in batch):
            raise error
        return outcomes

    monkeypatch.setattr(ingest, "store", refusing)
    job = run(enqueue(("a.jsonl", lines(3))))
    assert job.state == JobState.DONE
    assert list(job.outcomes.values_list("result", flat=True)) == [Result.CREATED, Result.FAILED, Result.CREATED]
    refused = job.outcomes.get(result=Result.FAILED)
    assert (refused.place, refused.reason) == ("line 2", jobs.REFUSED)


@pytest.mark.parametrize(
    "record",
    [
        {"images": [{"caption": "x", "paragraph": 10**30}]},
        {"images": [{"caption": "x", "credit": "c" * 600, "url": "https://a.example/" + "x" * 2000}]},
        {"images": [{"\x00k": 1}]},
        {"tags": ["\ufdfa" * 100]},
        {"date": {"evidence": ["\x00\ud800"]}},
    ],
    ids=["a large paragraph", "a long picture", "an odd key", "a tag that grows", "odd evidence"],
)
def test_an_odd_record_of_a_file_ends_no_job(record: dict[str, object]):
    odd = json.dumps({"title": "Odd", "body": "Text.", **record}).encode() + b"\n"
    job = run(enqueue(("a.jsonl", odd + lines(1))))
    assert job.state == JobState.DONE
    assert job.outcomes.get(number=2).result == Result.CREATED
    assert not job.outcomes.filter(reason=jobs.REFUSED).exists()


def test_a_page_with_halves_of_characters_ends_no_job():
    told = {"@type": "NewsArticle", "headline": "Otters", "datePublished": "2019-03-14\x00\ud800"}
    told |= {"keywords": "ferry\ud800", "articleSection": "Har\ud800bour", "articleBody": "The ferry did not sail."}
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    page = f"<!DOCTYPE html><html><head><title>Otters</title>{script}</head><body><p>It did not sail.</p></body></html>"
    job = run(enqueue(("a.html", page.encode())))
    assert (job.state, job.counts()) == (JobState.DONE, {Result.CREATED: 1})


def test_the_name_of_a_file_may_be_any_bytes():
    job = run(enqueue((os.fsdecode(b"\xffname.jsonl"), lines(1))))
    assert job.counts() == {Result.CREATED: 1}
    assert job.inputs.get().name == job.inputs.get().original.name == "\ufffdname.jsonl"


def test_nothing_is_stored_for_a_job_that_was_cancelled_meanwhile(monkeypatch):
    job = enqueue(("a.jsonl", lines(1)))
    assert jobs.claim(job, jobs.worker_name())
    read = batches.apart.read

    def cancelled(*asked: object) -> Iterator[batches.apart.Read]:
        jobs.cancel(ImportJob.objects.get(pk=job.pk))
        yield from read(*asked)

    monkeypatch.setattr(batches.apart, "read", cancelled)
    jobs.run(job)
    assert not Article.objects.exists()
    assert ImportJob.objects.get().state == JobState.CANCELLED


def test_an_import_of_which_articles_are_gone_again_does_not_go_on(monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 10)
    job = enqueue(("many.jsonl", lines(300)))
    assert jobs.claim(job, jobs.worker_name())
    jobs.run(job, report=lambda job, outcomes: jobs.cancel(ImportJob.objects.get(pk=job.pk)) and None)
    job.refresh_from_db()
    assert not jobs.hindrance(job)
    assert not undoing.undo(job, stop=set_already()).finished
    assert jobs.go_on(job) == "it is being undone"
    ImportJob.objects.update(undo_asked_at=None)
    assert "upload its files anew" in jobs.go_on(job)


def test_a_job_is_heard_of_while_nothing_is_to_be_stored(monkeypatch):
    job = run(enqueue(("a.jsonl", lines(5))))
    monkeypatch.setattr(batches, "SILENCE", -1)
    entry = job.inputs.get()
    empty = list(batches.of(entry, entry.original, settled=5))
    assert len(empty) == 5
    assert not any(batch.records for batch in empty)


def test_what_is_read_slowly_is_stored_before_its_batch_is_full(monkeypatch):
    monkeypatch.setattr(batches, "SILENCE", -1)
    job = enqueue(("a.jsonl", lines(3)))
    assert jobs.claim(job, jobs.worker_name())
    told: list[int] = []
    jobs.run(job, report=lambda _, outcomes: told.append(len(outcomes)))
    assert told == [1, 1, 1]


def test_a_living_process_of_this_machine_keeps_its_job_for_long():
    job = enqueue(("a.jsonl", lines(1)))
    jobs.claim(job, jobs.worker_name())
    ImportJob.objects.update(heartbeat_at=timezone.now() - 2 * jobs.LEASE)
    assert jobs.requeue_stalled() == 0
    ImportJob.objects.update(heartbeat_at=timezone.now() - 2 * jobs.LONG_LEASE)
    assert jobs.requeue_stalled() == 1
