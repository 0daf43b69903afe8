"""What an import would do, before it does anything: the first records of each file as they will look."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from . import batches, cleaning, importers, ingest
from .importers import apart
from .importers.columns import FIELDS, Column
from .importers.finishing import damage
from .models import Article, ImportInput, ImportJob, Original, Result, Section, name_key
from .records import ArticleRecord, LineKind, Unreadable, UnreadableFile

# So many records of a file are read, and so many of them shown.
MOST_READ = 50
MOST_SHOWN = 3
# After so many seconds no further file is looked into: the import itself looks into all of them.
PATIENCE = 20
PARAGRAPHS = 4
# What becomes of a record, in words.
BECOMES = {
    Result.CREATED: "new",
    Result.UPDATED: "a new version of",
    Result.DUPLICATE: "here already",
    Result.SKIPPED: "skipped",
    Result.FAILED: "refused",
}


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
    """One record as it will look, and what would become of it."""

    foreseen: ingest.Foreseen
    record: ArticleRecord

    @property
    def becomes(self) -> str:
        return BECOMES[self.foreseen.result]

    @property
    def here(self) -> Article | None:
        """The article that is here already."""
        article = self.foreseen.article
        return article if article and article.pk else None

    @cached_property
    def cleaned(self) -> cleaning.Cleaned:
        return cleaning.clean(self.record.body, self.record.body_type)

    @property
    def opening(self) -> list[str]:
        return self.cleaned.text.split("\n\n")[:PARAGRAPHS]

    @property
    def paragraphs_left(self) -> int:
        return max(0, self.cleaned.text.count("\n\n") + 1 - PARAGRAPHS)

    @property
    def shades(self) -> list[Shade]:
        lines: Counter[LineKind] = Counter()
        for kind, text in self.record.page:
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
    """What is known of one file. `looked` is false where there was no time, `whole` is true where all of it was read.

    `damage` are some words that were decoded wrongly once, as they are and as they were meant.
    """

    entry: ImportInput
    looked: bool = True
    kind: importers.Kind | None = None
    refusal: str = ""
    foreseen: Sequence[ingest.Foreseen] = ()
    columns: Sequence[Column] = ()
    damage: tuple[str, str] | None = None
    sections: Sequence[NamedSection] = ()
    whole: bool = False

    @cached_property
    def samples(self) -> list[Sample]:
        return [Sample(each, each.record) for each in self.foreseen if isinstance(each.record, ArticleRecord)][
            :MOST_SHOWN
        ]

    @property
    def unreadable(self) -> list[Unreadable]:
        return [each.record for each in self.foreseen if isinstance(each.record, Unreadable)]

    @property
    def counts(self) -> Counter[str]:
        counts = Counter(each.result for each in self.foreseen)
        return counts + Counter({Result.FAILED: bool(self.refusal)})

    @property
    def typed_sections(self) -> str:
        """The sections that a person named, one on each line."""
        return "\n".join(self.entry.guidance.get("sections", ()))

    @property
    def left_out(self) -> list[Column]:
        return [column for column in self.columns if not column.field]


def preview(job: ImportJob, first: int, most: int) -> Iterator[Preview]:
    """The files of the job from the position `first`, so many of them."""
    end = time.monotonic() + PATIENCE
    for entry in job.inputs.select_related("original", "job__source")[first : first + most]:
        late = time.monotonic() > end
        yield Preview(entry, looked=False) if late else _preview(entry)


def _preview(entry: ImportInput) -> Preview:
    original = entry.original
    if original is None:
        return Preview(entry, refusal=entry.outcomes.values_list("reason", flat=True).first() or "")
    try:
        return _looked_into(entry, original)
    except UnreadableFile as error:
        return Preview(entry, refusal=str(error))
    except OSError as error:
        return Preview(entry, refusal=f"The file cannot be opened: {error.strerror}.")


def _looked_into(entry: ImportInput, original: Original) -> Preview:
    guidance = batches.guidance_for(entry)
    with original.path.open("rb") as stream:
        kind = importers.kind_of(entry.name, stream, guidance)
    columns = apart.columns(original.path, entry.name, guidance)
    found = apart.read(original.path, entry.name, guidance, most=MOST_READ + 1)
    results = [result for some in found for result in some.results]
    shown = results[:MOST_READ]
    records = [each for each in shown if isinstance(each, ArticleRecord)]
    numbered = [(number, batches.decided(each, entry)) for number, each in enumerate(shown, start=1)]
    return Preview(
        entry,
        kind=kind,
        foreseen=ingest.foresee(numbered, entry),
        columns=columns,
        damage=next(filter(None, map(damage, records)), None),
        sections=_sections(records, entry),
        whole=len(results) <= MOST_READ,
    )


def _sections(records: Sequence[ArticleRecord], entry: ImportInput) -> list[NamedSection]:
    names = {name_key(name): name for record in records for name in record.sections}
    known = set(Section.objects.filter(key__in=names).values_list("key", flat=True))
    unwanted = entry.guidance.get("not_sections", ())
    return [NamedSection(name, key in known, name not in unwanted) for key, name in names.items()]
