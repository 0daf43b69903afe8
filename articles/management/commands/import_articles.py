"""Bring files into the archive from the command line."""

from __future__ import annotations

import dataclasses
import itertools
import json
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import batches, importers, jobs, originals
from articles.importers import apart, folders
from articles.importers.columns import FIELDS
from articles.importers.entries import SavedPages
from articles.importers.folders import OnDisk
from articles.models import ImportInput, ImportJob, ImportOutcome, JobState, Result, Section, Source
from articles.receiving import path_of
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile

STANDARD_INPUT = Path("/dev/stdin")
# The line of a file that says which of its columns were not taken, and which were by their names alone.
COLUMNS = "columns"


class Command(BaseCommand):
    help = "Read files, folders or standard input (-) and store the articles in them. Running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
        parser.add_argument("--source", default="", help="the paper or site, for articles that do not name theirs")
        parser.add_argument("--format", default="", choices=sorted(importers.KINDS), help="where the content misleads")
        parser.add_argument(
            "--column", action="append", default=[], metavar="HEADER=FIELD", help="of tables: what a column is"
        )
        parser.add_argument("--mend", action="store_true", help="repair text that was decoded wrongly once")
        parser.add_argument("--dry-run", action="store_true", help="read and say what was found; store nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object a line instead of words")

    def handle(self, *, paths: list[str], source: str, dry_run: bool, **options: Any) -> None:
        files = list(files_of(paths))
        if not files:
            raise CommandError(f"There is no file in {', '.join(paths)}.")
        write = self._write_json if options["json"] else self._write_words
        told = decided(options)
        counts = self._read_only(files, told, write) if dry_run else self._store(files, source, told, write)
        if not options["json"]:
            self.stdout.write(", ".join(f"{count:,} {result}" for result, count in sorted(counts.items())) or "nothing")
        if counts[Result.FAILED]:
            sys.exit(1)

    def _read_only(self, files: list[OnDisk], told: dict[str, Any], write: Any) -> Counter[str]:
        counts: Counter[str] = Counter()
        guidance = Guidance(sections=frozenset(Section.objects.values_list("name", flat=True)), **told)
        pages = SavedPages(item.path for item in files)
        for item in files:
            for row in found_in(item, pages, guidance):
                write(row)
                counts[row["result"]] += 1
        del counts[COLUMNS]
        return counts

    def _store(self, files: list[OnDisk], source: str, told: dict[str, Any], write: Any) -> Counter[str]:
        paper = next(iter(Source.objects.named([source]).values()), None)
        worker = jobs.worker_name()
        incoming = [jobs.Incoming(item.path, chunks_of(item), item.left_out) for item in files]
        label = f"import_articles {' '.join(dict.fromkeys(item.path.partition('/')[0] for item in files))}"
        gifts = jobs.Gifts(source=paper, guidance=told)
        try:
            job = jobs.enqueue(incoming, label=label, gifts=gifts, claimed_by=worker)
        except OSError as error:
            raise CommandError(f"{error.filename or 'The disk'}: {error.strerror}. Nothing was imported.") from error
        self._run(job, write)
        if job.state == JobState.QUEUED:
            raise CommandError(f"The import waits in line; what came before stands. {job.error}")
        if job.state == JobState.FAILED:
            raise CommandError(f"The import stopped; what came before it stands.\n{job.error}")
        return job.counts()

    def _run(self, job: ImportJob, write: Any) -> None:
        told: set[int] = set()
        with tqdm(total=job.bytes_total, unit="B", unit_scale=True, delay=1, disable=None) as bar:

            def report(job: ImportJob, outcomes: list[ImportOutcome]) -> None:
                with tqdm.external_write_mode(file=sys.stdout):
                    for row in rows_of(outcomes, told):
                        write(row)
                bar.update(job.bytes_done - bar.n)

            report(job, list(job.outcomes.select_related("input")))
            jobs.run(job, report=report)

    def _write_json(self, row: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(row, ensure_ascii=False))

    def _write_words(self, row: dict[str, Any]) -> None:
        where = f"{row['file']}, {row['place']}" if row["place"] else row["file"]
        if row["result"] == COLUMNS:
            self.stdout.write(f"{where}: {row['reason']}")
            return
        what = f"duplicate of {row['url']}" if row["result"] == Result.DUPLICATE else row["result"]
        rest = row["reason"] or row["title"]
        if row["result"] in (Result.CREATED, Result.UPDATED):
            rest = f"{row['url']} {row['title']}" + (f" ({row['reason']})" if row["reason"] else "")
        self.stdout.write(f"{where}: {what}: {rest}")


def decided(options: dict[str, Any]) -> dict[str, Any]:
    """What was said of all files, as far as anything was. Raises `CommandError` for a column that names no field."""
    told = {"format": options["format"], "mend": options["mend"]}
    pairs = [column.rpartition("=") for column in options["column"]]
    if wrong := [field for header, _, field in pairs if not header or field not in ("", *FIELDS)]:
        raise CommandError(f"{wrong[0]}: there is no such field; write HEADER=FIELD with one of {', '.join(FIELDS)}.")
    told["columns"] = {header: field for header, _, field in pairs}
    return {name: value for name, value in told.items() if value}


def files_of(paths: list[str]) -> Iterator[OnDisk]:
    """The files to read, in order, and what is not read of folders. Raises `CommandError` for a missing path."""
    for name in paths:
        path = Path(name)
        if name == "-":
            yield OnDisk(STANDARD_INPUT, "standard input")
        elif path.is_file():
            yield OnDisk(path, path.name)
        elif path.is_dir():
            yield from folders.files(path)
        else:
            raise CommandError(f"{name}: there is no such file or folder.")


def chunks_of(item: OnDisk) -> Iterator[bytes]:
    """Raises `UnreadableFile` where the file cannot be had: the others are."""
    if item.problem:
        raise UnreadableFile(item.problem)
    try:
        yield from originals.chunks_of(item.file)
    except OSError as error:
        raise UnreadableFile(folders.CLOSED.format(error.strerror)) from error


def found_in(item: OnDisk, pages: SavedPages, guidance: Guidance) -> Iterator[dict[str, Any]]:
    """What a dry run says of a file."""
    name = path_of(item.path)
    blank = {"file": name, "place": "", "url": "", "title": "", "reason": ""}
    try:
        if left_out := item.left_out or folders.left_out(name) or pages.around(item.path):
            yield {**blank, **row_of(Unreadable("", left_out, passed_over=True))}
            return
        with on_disk(item) as file:
            for some in apart.read(file, name, told_of(item, file, guidance)):
                yield from column_rows(name, batches.column_notes(some.columns, guidance.columns))
                yield from ({**blank, **row_of(result)} for result in some.results)
    except UnreadableFile as error:
        yield {**blank, "result": Result.FAILED.value, "reason": str(error)}


def told_of(item: OnDisk, file: Path, guidance: Guidance) -> Guidance:
    with file.open("rb") as stream:
        beside = folders.no_article(item.path, stream.read(importers.HEAD_BYTES))
    return dataclasses.replace(guidance, format="", passed_over=beside) if beside else guidance


@contextmanager
def on_disk(item: OnDisk) -> Iterator[Path]:
    """Where the file can be read from any place; what comes through a pipe is written down first."""
    begun = chunks_of(item)
    first = next(begun, b"")
    if item.file.is_file():
        yield item.file
        return
    with tempfile.NamedTemporaryFile() as spool:
        spool.writelines(itertools.chain([first], begun))
        spool.flush()
        yield Path(spool.name)


def row_of(record: ArticleRecord | Unreadable) -> dict[str, Any]:
    if isinstance(record, Unreadable):
        result = Result.SKIPPED if record.passed_over else Result.FAILED
        return {"result": result.value, "place": record.place, "reason": record.reason}
    return {"result": "readable", "place": record.place, "title": record.title}


def rows_of(outcomes: list[ImportOutcome], told: set[int]) -> Iterator[dict[str, Any]]:
    """A row for each outcome; before the first of a file that is not `told` of yet, the one of its columns."""
    for outcome in outcomes:
        entry: ImportInput = outcome.input
        if entry.pk not in told:
            told.add(entry.pk)
            yield from column_rows(entry.name, entry.guidance)
        yield as_row(outcome)


def column_rows(name: str, noted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The row of a file that says what became of its columns, where that was noted."""
    if words := batches.column_words(noted):
        found = {part: noted[part] for part in ("left_out", "guessed") if part in noted}
        blank = {"file": name, "place": "", "result": COLUMNS, "url": "", "title": ""}
        yield {**blank, "reason": "; ".join(words), **found}


def as_row(outcome: ImportOutcome) -> dict[str, Any]:
    return {
        "file": outcome.input.name,
        "place": outcome.place,
        "result": str(outcome.result),
        "url": outcome.article.get_absolute_url() if outcome.article else "",
        "title": outcome.title,
        "reason": outcome.reason,
    }
