"""The records of a file in batches, with where reading can go on after each."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from . import ingest
from .importers import apart
from .importers.columns import Column
from .models import ImportInput, Original, Section
from .records import ArticleRecord, Guidance, Unreadable, UnreadableFile

# A batch is one transaction: so many records, or so many characters of text.
BATCH = 400
BATCH_CHARACTERS = 1_000_000
# Seconds after which a batch is given as it is, so that who runs the job hears of it.
SILENCE = 5
# Names of sections that help to split a run-together line of them; more than this would not.
MOST_SECTIONS = 5000
# Of the columns of a file, so many names are kept for its receipt.
MOST_COLUMNS = 100


@dataclass
class Batch:
    """Records that are stored together, or none where none was to be stored for long.

    `position` is how many bytes of the file are behind them. After them, reading can go on at the part `part` of the
    file, which has `before` records before it.
    """

    part: int
    before: int
    records: list[ingest.Numbered] = field(default_factory=list)
    position: int = 0
    weight: int = 0
    begun: float = field(default_factory=time.monotonic)

    def reach(self, found: apart.Read, number: int) -> None:
        """Another record was read, the one with this number."""
        if found.part != self.part:
            self.part, self.before = found.part, number - 1
        self.position = max(self.position, found.position)

    def add(self, number: int, record: ArticleRecord | Unreadable) -> None:
        self.records.append((number, record))
        self.weight += len(record.body) if isinstance(record, ArticleRecord) else 0

    @property
    def due(self) -> bool:
        full = len(self.records) >= BATCH or self.weight >= BATCH_CHARACTERS
        return full or time.monotonic() > self.begun + SILENCE


def of(entry: ImportInput, original: Original, settled: int) -> Iterator[Batch]:
    """The records of the file behind those numbered up to `settled`.

    Raises `UnreadableFile` where the file cannot be read, or not on, when what was read by then has been given.
    """
    batch = Batch(entry.part, entry.before)
    guidance = guidance_for(entry, _sections_of(entry.job_id, entry.job.started_at))
    reading = apart.read(original.path, entry.name, guidance, entry.part)
    try:
        for number, found, record in _numbered(reading, entry):
            batch.reach(found, number)
            if number > settled:
                batch.add(number, decided(record, entry))
            if batch.due:
                yield batch
                batch = Batch(batch.part, batch.before, position=batch.position)
    except UnreadableFile:
        if batch.records:
            yield batch
        raise
    if batch.records:
        yield batch


def _numbered(
    reading: Iterator[apart.Read], entry: ImportInput
) -> Iterator[tuple[int, apart.Read, ArticleRecord | Unreadable]]:
    number = entry.before
    for found in reading:
        if found.columns:
            _note(found.columns, entry)
        for record in found.results:
            number += 1
            yield number, found, record


def decided(record: ArticleRecord | Unreadable, entry: ImportInput) -> ArticleRecord | Unreadable:
    """The record without the sections that a person said are none."""
    unwanted = entry.guidance.get("not_sections")
    if not unwanted or isinstance(record, Unreadable):
        return record
    return dataclasses.replace(record, sections=tuple(name for name in record.sections if name not in unwanted))


def _note(columns: Iterable[Column], entry: ImportInput) -> None:
    """Keep for the receipt what became of the columns of the file, as far as nobody decided it."""
    told = column_notes(columns, entry.guidance.get("columns", {}))
    if told:
        entry.guidance = {**entry.guidance, **told}
        entry.save(update_fields=["guidance"])


def column_notes(columns: Iterable[Column], decided: Mapping[str, str]) -> dict[str, Any]:
    """`left_out`: columns that go nowhere. `guessed`: headers and the fields that are not called as their columns are.

    `left_out_more` is how many more there are, where there are too many to name. All in the order of the columns: a
    database keeps the order of a list, and of an object it may not.
    """
    columns = list(columns)
    left_out = [column.header for column in columns if not column.field]
    guessed = [
        [column.header, column.field]
        for column in columns
        if column.field not in ("", column.header) and column.header not in decided
    ]
    told = {
        "left_out": left_out[:MOST_COLUMNS],
        "left_out_more": max(0, len(left_out) - MOST_COLUMNS),
        "guessed": guessed[:MOST_COLUMNS],
    }
    return {name: value for name, value in told.items() if value}


def column_words(told: Mapping[str, Any]) -> list[str]:
    """What `column_notes` found, in words."""
    names = list(told.get("left_out", ()))
    if more := told.get("left_out_more"):
        names.append(f"{more:,} more")
    guessed = [f"{header} as {field.replace('_', ' ')}" for header, field in told.get("guessed", ())]
    words = [("columns left out", names), ("columns taken by their names", guessed)]
    return [f"{what}: {', '.join(found)}" for what, found in words if found]


def known_sections() -> tuple[str, ...]:
    """The sections that the archive knows, as many as help."""
    return tuple(Section.objects.by_size().values_list("name", flat=True)[:MOST_SECTIONS])


@lru_cache(maxsize=2)
def _sections_of(job: int, started: dt.datetime | None) -> tuple[str, ...]:
    """Those known when this run of the job began: they are asked for once, not for each of ten thousand files."""
    return known_sections()


def guidance_for(entry: ImportInput, sections: Iterable[str] | None = None) -> Guidance:
    """What a reader is told of the file: what the archive knows, and what a person decided."""
    told = entry.guidance
    received = entry.original.received_at.astimezone(dt.UTC).replace(tzinfo=None) if entry.original else None
    return Guidance(
        sections=frozenset([*(known_sections() if sections is None else sections), *told.get("sections", ())]),
        format=told.get("format", ""),
        columns=told.get("columns", {}),
        mend=told.get("mend", False),
        received=received,
        passed_over=told.get("passed_over", ""),
    )
