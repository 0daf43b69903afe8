"""Bring files into the archive from the command line."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import importers, jobs, originals
from articles.importers import apart
from articles.importers.columns import FIELDS
from articles.models import ImportJob, ImportOutcome, JobState, Result, Section, Source
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile


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

    def _read_only(self, files: list[Path], told: dict[str, Any], write: Any) -> Counter[str]:
        counts: Counter[str] = Counter()
        guidance = Guidance(sections=frozenset(Section.objects.values_list("name", flat=True)), **told)
        for path in files:
            for row in found_in(path, guidance):
                write(row)
                counts[row["result"]] += 1
        return counts

    def _store(self, files: list[Path], source: str, told: dict[str, Any], write: Any) -> Counter[str]:
        paper = next(iter(Source.objects.named([source]).values()), None)
        worker = jobs.worker_name()
        incoming = [jobs.Incoming(shown_name(path), originals.chunks_of(actual(path))) for path in files]
        label = f"import_articles {' '.join(map(shown_name, files))}"
        gifts = jobs.Gifts(source=paper, guidance=told)
        try:
            job = jobs.enqueue(incoming, label=label, gifts=gifts, claimed_by=worker)
        except OSError as error:
            raise CommandError(f"{error.filename or 'The disk'}: {error.strerror}. Nothing was imported.") from error
        self._run(job, write)
        if job.state == JobState.FAILED:
            raise CommandError(f"The import stopped; what came before it stands.\n{job.error}")
        return job.counts()

    def _run(self, job: ImportJob, write: Any) -> None:
        with tqdm(total=job.bytes_total, unit="B", unit_scale=True, delay=1, disable=None) as bar:

            def report(job: ImportJob, outcomes: list[ImportOutcome]) -> None:
                with tqdm.external_write_mode(file=sys.stdout):
                    for outcome in outcomes:
                        write(as_row(outcome))
                bar.update(job.bytes_done - bar.n)

            report(job, list(job.outcomes.select_related("input")))
            jobs.run(job, report=report)

    def _write_json(self, row: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(row, ensure_ascii=False))

    def _write_words(self, row: dict[str, Any]) -> None:
        where = f"{row['file']}, {row['place']}" if row["place"] else row["file"]
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


def files_of(paths: list[str]) -> Iterator[Path]:
    """The files to read, in order; hidden ones in folders are passed over. Raises `CommandError` for a missing path."""
    for name in paths:
        path = Path(name)
        if name == "-" or path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(item for item in path.rglob("*") if item.is_file() and not is_hidden(item, path))
        else:
            raise CommandError(f"{name}: there is no such file or folder.")


def is_hidden(item: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in item.relative_to(folder).parts)


def actual(path: Path) -> Path:
    return Path("/dev/stdin") if str(path) == "-" else path


def shown_name(path: Path) -> str:
    return "standard input" if str(path) == "-" else jobs.readable(path.name)


def found_in(path: Path, guidance: Guidance) -> Iterator[dict[str, Any]]:
    """What a dry run says of a file."""
    blank = {"file": shown_name(path), "place": "", "url": "", "title": "", "reason": ""}
    try:
        with on_disk(path) as file:
            for some in apart.read(file, jobs.readable(path.name), guidance):
                yield from ({**blank, **row_of(result)} for result in some.results)
    except UnreadableFile as error:
        yield {**blank, "result": Result.FAILED.value, "reason": str(error)}


@contextmanager
def on_disk(path: Path) -> Iterator[Path]:
    """Where the file can be read from any place; what comes through a pipe is written down first."""
    if actual(path).is_file():
        yield actual(path)
        return
    with tempfile.NamedTemporaryFile() as spool, actual(path).open("rb") as stream:
        shutil.copyfileobj(stream, spool)
        spool.flush()
        yield Path(spool.name)


def row_of(record: ArticleRecord | Unreadable) -> dict[str, Any]:
    if isinstance(record, Unreadable):
        return {"result": Result.FAILED.value, "place": record.place, "reason": record.reason}
    return {"result": "readable", "place": record.place, "title": record.title}


def as_row(outcome: ImportOutcome) -> dict[str, Any]:
    return {
        "file": outcome.input.name,
        "place": outcome.place,
        "result": str(outcome.result),
        "url": outcome.article.get_absolute_url() if outcome.article else "",
        "title": outcome.title,
        "reason": outcome.reason,
    }
