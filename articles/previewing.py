"""What an import would do, before it does anything: the first records of each file as they will look."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from . import batches, cleaning, importers, ingest
from .importers import apart
from .importers.columns import FIELDS, Column
from .models import Article, ImportInput, ImportJob, Result, Section, name_key
from .records import ArticleRecord, LineKind, Status, Unreadable

# So many records of a file are read, and so many of them shown; of the others, so many that are not new are named.
MOST_READ = 50
MOST_SHOWN = 3
MOST_NAMED = 10
# Of the sections that a file names, so many are shown; the others are filed as they are named.
MOST_SECTIONS = 100
# A look at several files takes so many seconds in all, and so many for one file; for fewer no other file is begun. The
# import itself looks into all.
PATIENCE = 20
PATIENCE_A_FILE = 8
LEAST_PATIENCE = 1
PARAGRAPHS = 4
# What becomes of a record, in words. A copy is of a record of the same upload.
COPY = "copy"
BECOMES = {
    Result.CREATED: "new",
    Result.UPDATED: "a new version of",
    Result.DUPLICATE: "here already",
    Result.SKIPPED: "skipped",
    Result.FAILED: "refused",
    COPY: "in this upload already",
}
SAME_FILE = "the same file comes as {name} in this upload"
SAME_TEXT = "the same text comes in {name}, record {number} of this upload"
NEWER = "of {name}, record {number} of this upload: {reason}"


# What a file can be said to be, and what a column can go to, with the words for each.
KINDS = {kind.name: kind.title for kind in importers.KINDS.values()}
FIELD_WORDS = {"": "left out"} | {name: name.replace("_", " ") for name in FIELDS}


def readable() -> str:
    """What can be read, in words."""
    *others, plain = importers.FORMATS
    return ", ".join(kind.title for kind in (plain, *sorted(others, key=lambda kind: kind.name != "webpage")))


@dataclass(frozen=True)
class Shade:
    """How many lines of a saved page are of one kind."""

    kind: LineKind
    lines: int


@dataclass(frozen=True)
class Sample:
    """One record as it will look, and what would become of it, with the reason.

    `result` is a `Result`, or `COPY` where the same comes in the upload before.
    """

    foreseen: ingest.Foreseen
    result: str
    reason: str

    @property
    def record(self) -> ArticleRecord | Unreadable:
        return self.foreseen.record

    @property
    def becomes(self) -> str:
        return BECOMES[self.result]

    @property
    def here(self) -> Article | None:
        """The article that is here already."""
        article = self.foreseen.article
        return article if article and article.pk else None

    @property
    def status(self) -> str:
        """Where it would not be published, what it would be."""
        meeting = self.foreseen.meeting
        status = meeting.prepared.record.status if meeting else Status.PUBLISHED
        return "" if status == Status.PUBLISHED else str(status)

    @cached_property
    def text(self) -> str:
        if self.foreseen.meeting:
            return self.foreseen.meeting.prepared.cleaned.text
        record = self.record
        return cleaning.text_of(record.body, record.body_type) if isinstance(record, ArticleRecord) else ""

    @property
    def opening(self) -> list[str]:
        return self.text.split("\n\n")[:PARAGRAPHS]

    @property
    def paragraphs_left(self) -> int:
        return max(0, self.text.count("\n\n") + 1 - PARAGRAPHS)

    @cached_property
    def shades(self) -> list[Shade]:
        lines: Counter[LineKind] = Counter()
        for kind, text in self.record.page if isinstance(self.record, ArticleRecord) else ():
            lines[kind] += len(text.splitlines())
        return [Shade(kind, lines[kind]) for kind in LineKind]

    @property
    def page_lines(self) -> int:
        return sum(shade.lines for shade in self.shades)


@dataclass(frozen=True)
class NamedSection:
    """A section that the file names: whether the archive knows it, and whether articles are filed under it."""

    name: str
    known: bool
    kept: bool


@dataclass(frozen=True)
class Preview:
    """What is known of one file. `kind` is what it is, `others` are what else it could be.

    `whole` is true where all of it was looked at, `late` where its time was over before. `damage` are some words that
    were decoded wrongly once, as they are and as they were meant. `same_as` is the name of an earlier file of the
    upload that is the same, byte for byte. `passed_over` is why a file was not taken in that nobody would take for an
    article.
    """

    entry: ImportInput
    late: bool = False
    kind: importers.Kind | None = None
    others: Sequence[importers.Kind] = ()
    refusal: str = ""
    passed_over: str = ""
    foreseen: Sequence[Sample] = ()
    columns: Sequence[Column] = ()
    damage: tuple[str, str] | None = None
    sections: Sequence[NamedSection] = ()
    whole: bool = False
    same_as: str = ""

    @cached_property
    def samples(self) -> list[Sample]:
        return [each for each in self.foreseen if isinstance(each.record, ArticleRecord)][:MOST_SHOWN]

    @property
    def unreadable(self) -> list[Unreadable]:
        return [each.record for each in self.foreseen if isinstance(each.record, Unreadable)]

    @cached_property
    def not_new(self) -> list[Sample]:
        """Of the records that are not shown, those that do not become new articles."""
        shown = {sample.foreseen.number for sample in self.samples}
        others = (each for each in self.foreseen if isinstance(each.record, ArticleRecord))
        return [each for each in others if each.foreseen.number not in shown and each.result != Result.CREATED]

    @property
    def counts(self) -> Counter[str]:
        counts = Counter(each.result for each in self.foreseen)
        return counts + Counter({Result.FAILED: int(bool(self.refusal)), Result.SKIPPED: int(bool(self.passed_over))})

    @property
    def said(self) -> list[tuple[str, int]]:
        return in_words(self.counts)

    @property
    def typed_sections(self) -> str:
        """The sections that a person named, one on each line."""
        return "\n".join(self.entry.guidance.get("sections", ()))

    @property
    def left_out(self) -> list[Column]:
        return [column for column in self.columns if not column.field]


def in_words(counts: Counter[str]) -> list[tuple[str, int]]:
    """How many of the records that were read would become what."""
    words = BECOMES | {Result.UPDATED: "new version" if counts[Result.UPDATED] == 1 else "new versions"}
    return [(words[result], counts[result]) for result in words if counts[result]]


@dataclass
class Upload:
    """What the files of one upload come to that were looked at so far, so that copies among them are found."""

    sections: Sequence[str]
    same: dict[int, str]
    ahead: ingest.Ahead = field(default_factory=ingest.Ahead)
    # The article that a record comes to, by its identity, with the file and the number of the record.
    met: dict[int, tuple[Article, str, int]] = field(default_factory=dict)

    def samples(self, numbered: Sequence[ingest.Numbered], entry: ImportInput) -> list[Sample]:
        found = [self._sample(each, entry) for each in ingest.foresee(numbered, entry, self.ahead)]
        if entry.pk not in self.same:
            return found
        # Its first copy may not be among the files that are looked at.
        reason = SAME_FILE.format(name=self.same[entry.pk])
        changed = ingest.TEXT_CHANGED
        return [Sample(each.foreseen, COPY, reason) if each.result in changed else each for each in found]

    def _sample(self, foreseen: ingest.Foreseen, entry: ImportInput) -> Sample:
        article, result, reason = foreseen.article, foreseen.result, foreseen.reason
        before = self.met.get(id(article))
        if article and result in ingest.TEXT_CHANGED:
            self.met[id(article)] = (article, entry.name, foreseen.number)
        if before is None:
            return Sample(foreseen, result, reason)
        _, name, number = before
        if result == Result.DUPLICATE:
            return Sample(foreseen, COPY, SAME_TEXT.format(name=name, number=number))
        return Sample(foreseen, result, NEWER.format(name=name, number=number, reason=reason))


def preview(job: ImportJob, first: int, most: int, clock: Callable[[], float] = time.monotonic) -> Iterator[Preview]:
    """The files of the job from the position `first`: at most so many of them, and no more than there is time for."""
    end = clock() + PATIENCE
    entries = list(job.inputs.select_related("original", "job__source", "job__created_by")[first : first + most])
    upload = Upload(batches.known_sections(), _same_files(job, entries))
    for entry in entries:
        left = end - clock()
        if left < LEAST_PATIENCE:
            return
        yield _preview(entry, upload, min(left, PATIENCE_A_FILE))


def _same_files(job: ImportJob, entries: Sequence[ImportInput]) -> dict[int, str]:
    """By the keys of these files, the names of the first of the job that are the same, where that is another."""
    held = {entry.original_id for entry in entries} - {None}
    first = {entry.original_id: entry for entry in job.inputs.filter(original__in=held).order_by("-position")}
    found = [(entry, first[entry.original_id]) for entry in entries if entry.original_id]
    return {entry.pk: same.name for entry, same in found if same != entry and same.guidance == entry.guidance}


def _not_kept(entry: ImportInput) -> Preview:
    result, reason = entry.outcomes.values_list("result", "reason").first() or (Result.FAILED, "")
    return Preview(entry, passed_over=reason) if result == Result.SKIPPED else Preview(entry, refusal=reason)


def _preview(entry: ImportInput, upload: Upload, seconds: float) -> Preview:
    original = entry.original
    if original is None:
        return _not_kept(entry)
    try:
        guidance = batches.guidance_for(entry, upload.sections)
        looked = apart.look(original.path, entry.name, guidance, MOST_READ + 1, seconds)
    except OSError as error:
        return Preview(entry, refusal=f"The file cannot be opened: {error.strerror}.")
    return _told(entry, looked, upload)


def _told(entry: ImportInput, looked: apart.Looked, upload: Upload) -> Preview:
    shown = looked.results[:MOST_READ]
    records = [each for each in shown if isinstance(each, ArticleRecord)]
    numbered = [(number, batches.decided(each, entry)) for number, each in enumerate(shown, start=1)]
    opened = looked.opened
    return Preview(
        entry,
        late=looked.late,
        kind=importers.KINDS[opened.kind] if opened else None,
        others=[importers.KINDS[name] for name in opened.others] if opened else (),
        refusal=looked.refusal,
        foreseen=upload.samples(numbered, entry),
        columns=opened.columns if opened else (),
        damage=looked.damage,
        sections=_sections(records, entry),
        whole=not (looked.late or looked.full) and len(looked.results) <= MOST_READ,
        same_as=upload.same.get(entry.pk, ""),
    )


def _sections(records: Sequence[ArticleRecord], entry: ImportInput) -> list[NamedSection]:
    names = {name_key(name): name for record in records for name in record.sections}
    shown = dict(islice(names.items(), MOST_SECTIONS))
    known = set(Section.objects.filter(key__in=shown).values_list("key", flat=True))
    unwanted = entry.guidance.get("not_sections", ())
    return [NamedSection(name, key in known, name not in unwanted) for key, name in shown.items()]
