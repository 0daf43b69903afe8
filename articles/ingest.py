"""Records become rows: one transaction per batch, one outcome per record."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import printings
from .cleaning import CLEANER_VERSION, Cleaned, Picture, clean, plain, scheme_of
from .models import (
    Article,
    ArticleAuthor,
    ArticleSection,
    ArticleTag,
    Author,
    Image,
    ImportInput,
    ImportOutcome,
    Result,
    Section,
    Source,
    Tag,
    civil,
    name_key,
)
from .models.article import PLAIN_FIELDS, TITLE_LENGTH, URL_LENGTH
from .records import ArticleRecord, ImageRecord, Status, Unreadable, to_json

# A record with its number in its file, from 1.
Numbered = tuple[int, ArticleRecord | Unreadable]

LINE_FIELDS = ("title", "kicker", "byline", "dateline", "language", "canonical_url", "source")
TEXT_FIELDS = ("standfirst", "correction", "editors_note")
LONGEST_NAME = 200
LONGEST = {
    "title": TITLE_LENGTH,
    "kicker": TITLE_LENGTH,
    "byline": TITLE_LENGTH,
    "dateline": LONGEST_NAME,
    "language": 35,
    "canonical_url": URL_LENGTH,
    "source": LONGEST_NAME,
}
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
TEXT_CHANGED = (Result.CREATED, Result.UPDATED)
LINKS: tuple[tuple[str, Any, Any, str], ...] = (
    ("sections", Section, ArticleSection, "section"),
    ("tags", Tag, ArticleTag, "tag"),
    ("authors", Author, ArticleAuthor, "author"),
)


@dataclass(frozen=True)
class Prepared:
    """A record that can be stored, with all that is worked out of it before the database is asked anything."""

    number: int
    record: ArticleRecord
    cleaned: Cleaned
    content_digest: str
    record_digest: str


def store(batch: Sequence[Numbered], entry: ImportInput) -> list[ImportOutcome]:
    """Store a batch of one file's records; all of it or, when the database raises, nothing.

    A record that cannot be stored becomes an outcome that says why, and does not stop its neighbours.
    """
    outcomes: list[ImportOutcome] = []
    ready: list[Prepared] = []
    for number, record in batch:
        prepared = _prepare(number, record, entry)
        (ready if isinstance(prepared, Prepared) else outcomes).append(prepared)  # type: ignore[arg-type]
    with transaction.atomic():
        outcomes += _settle(ready, entry)
        printings.note(_changed(outcomes))
        ImportOutcome.objects.bulk_create(outcomes)
    return sorted(outcomes, key=lambda outcome: outcome.number)


def _changed(outcomes: list[ImportOutcome]) -> list[Article]:
    return [outcome.article for outcome in outcomes if outcome.article and outcome.result in TEXT_CHANGED]


def _prepare(number: int, record: ArticleRecord | Unreadable, entry: ImportInput) -> Prepared | ImportOutcome:
    if isinstance(record, Unreadable):
        result = Result.SKIPPED if record.passed_over else Result.FAILED
        return outcome(entry, number, result, place=record.place, reason=record.reason)
    record = _evened(_with_gifts(record, entry))
    problem = _problem(record)
    if problem:
        return outcome(entry, number, Result.FAILED, place=record.place, title=record.title[:500], reason=problem)
    cleaned = clean(record.body, record.body_type)
    record = record if record.title else dataclasses.replace(record, title=_first_words(cleaned.text))
    return Prepared(number, record, cleaned, content_digest(record, cleaned.text), record_digest(record))


def outcome(entry: ImportInput, number: int, result: Result, **values: Any) -> ImportOutcome:
    return ImportOutcome(job_id=entry.job_id, input=entry, number=number, result=result, **values)


def _with_gifts(record: ArticleRecord, entry: ImportInput) -> ArticleRecord:
    """The record with what its batch gives to all: a source where it has none, a status, more tags."""
    job = entry.job
    return dataclasses.replace(
        record,
        source=record.source or (job.source.name if job.source else ""),
        status=Status(job.status) if job.status else record.status,
        tags=(*record.tags, *job.tags),
    )


def _evened(record: ArticleRecord) -> ArticleRecord:
    """Without control characters and stray spacing, and each name once."""
    body, received = _storable(record.body), _storable(record.received)
    changes: dict[str, Any] = {name: " ".join(plain(getattr(record, name)).split()) for name in LINE_FIELDS}
    changes |= {name: plain(getattr(record, name)).strip() for name in TEXT_FIELDS}
    changes |= {name: _distinct(getattr(record, name)) for name, *_ in LINKS}
    changes |= {"body": body, "received": "" if received == body else received}
    changes |= {"page": tuple((kind, _storable(text)) for kind, text in record.page)}
    return dataclasses.replace(record, **changes)


def _storable(text: str) -> str:
    """PostgreSQL takes every character but NUL."""
    return text.replace("\x00", "\ufffd")


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    evened = (" ".join(plain(name).split()) for name in names)
    return tuple({name_key(name): name for name in reversed(list(evened)) if name}.values())[::-1]


def _problem(record: ArticleRecord) -> str:
    """What keeps the record from being stored, as a sentence; "" if nothing does."""
    for name, most in LONGEST.items():
        if len(getattr(record, name)) > most:
            return f"{name}: {len(getattr(record, name)):,} characters, and at most {most:,} are kept; shorten it"
    for field, *_ in LINKS:
        if any(len(name) > LONGEST_NAME for name in getattr(record, field)):
            return f"{field}: a name of more than {LONGEST_NAME} characters; shorten it"
    if record.language and not LANGUAGE.fullmatch(record.language):
        return f"language: {record.language!r} is not a code such as en or pt-BR"
    if record.canonical_url and scheme_of(record.canonical_url) not in {"http", "https"}:
        return f"canonical_url: {record.canonical_url!r} does not begin with http:// or https://"
    return "" if record.title or record.body.strip() else "there is neither a title nor a text"


def _first_words(text: str) -> str:
    first = text.split("\n\n", 1)[0]
    return first if len(first) <= 80 else f"{first[:80].rsplit(' ', 1)[0]}…"


def content_digest(record: ArticleRecord, text: str) -> str:
    """What makes two articles copies of one: source, title, date and text."""
    parts = (name_key(record.source), name_key(record.title), f"{record.date.earliest}", text)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def record_digest(record: ArticleRecord) -> str:
    return hashlib.sha256(json.dumps(to_json(record), sort_keys=True).encode()).hexdigest()


def _settle(ready: list[Prepared], entry: ImportInput) -> list[ImportOutcome]:
    here = _Held.of(ready, entry)
    settled, fresh = [], []
    for prepared in ready:
        held = here.find(prepared)
        if held is None:
            held = _row(prepared, entry)
            fresh.append((prepared, held))
            settled.append((prepared, held, Result.CREATED, prepared.cleaned.note))
        else:
            if held.pk is None and held.content_digest != prepared.content_digest:
                # A newer record of an article of this very batch: it needs a row to update.
                _insert(fresh)
                fresh = []
            settled.append((prepared, held, *_meet(prepared, held, entry)))
        here.by_digest[prepared.content_digest] = here.by_url[prepared.record.canonical_url] = held
    _insert(fresh)
    return [
        outcome(entry, item.number, result, place=item.record.place, article=row, title=item.record.title, reason=why)
        for item, row, result, why in settled
    ]


@dataclass(frozen=True)
class _Held:
    """The articles here already that a batch may meet: by their text, their address, their place in this same file."""

    by_digest: dict[str, Article]
    by_url: dict[str, Article]
    by_place: dict[str, Article]

    @classmethod
    def of(cls, ready: list[Prepared], entry: ImportInput) -> _Held:
        digests = [prepared.content_digest for prepared in ready]
        urls = [prepared.record.canonical_url for prepared in ready if prepared.record.canonical_url]
        places = [prepared.record.place for prepared in ready] if entry.original_id else []
        return cls(
            {row.content_digest: row for row in Article.objects.filter(content_digest__in=digests)},
            {row.canonical_url: row for row in Article.objects.filter(canonical_url__in=urls)},
            {row.place: row for row in Article.objects.filter(original=entry.original_id, place__in=places)},
        )

    def find(self, prepared: Prepared) -> Article | None:
        url = prepared.record.canonical_url
        held = self.by_digest.get(prepared.content_digest) or (self.by_url.get(url) if url else None)
        return held or self.by_place.get(prepared.record.place)


def _meet(prepared: Prepared, held: Article, entry: ImportInput) -> tuple[Result, str]:
    """What becomes of a record whose article is here already."""
    if held.trashed_at:
        return Result.SKIPPED, "the article is in the trash; to have it back, restore it there"
    same_text = prepared.content_digest == held.content_digest or prepared.record_digest == held.record_digest
    same_place = bool(entry.original_id) and (held.original_id, held.place) == (
        entry.original_id,
        prepared.record.place,
    )
    if same_text or same_place or record_digest(held.as_record()) == prepared.record_digest:
        return Result.DUPLICATE, ""
    if held.edited_at:
        day = f"{held.edited_at:%Y-%m-%d}"
        return Result.SKIPPED, f"the article was edited here on {day}; what came in differs and was not taken over"
    _update(prepared, held)
    return Result.UPDATED, prepared.cleaned.note


def _row(prepared: Prepared, entry: ImportInput) -> Article:
    row = Article(original_id=entry.original_id, place=prepared.record.place)
    _fill(row, prepared)
    return row


def _fill(row: Article, prepared: Prepared) -> None:
    record = prepared.record
    for name in PLAIN_FIELDS:
        setattr(row, name, getattr(record, name))
    row.page = [list(run) for run in record.page]
    row.status = record.status
    row.dating = record.date
    row.captured_at = record.captured and civil(record.captured)
    take_cleaned(row, prepared.cleaned)
    row.content_digest, row.record_digest = prepared.content_digest, prepared.record_digest


def take_cleaned(row: Article, cleaned: Cleaned) -> None:
    row.body_html, row.body_text, row.cleaner_version = cleaned.html, cleaned.text, CLEANER_VERSION


def _insert(fresh: list[tuple[Prepared, Article]]) -> None:
    _give_sources(fresh)
    Article.objects.bulk_create([row for _, row in fresh])
    _link(fresh)


def _give_sources(stored: list[tuple[Prepared, Article]]) -> None:
    sources = Source.objects.named(prepared.record.source for prepared, _ in stored)
    for prepared, row in stored:
        row.source = sources.get(name_key(prepared.record.source))


def _link(stored: list[tuple[Prepared, Article]]) -> None:
    for field, model, through, column in LINKS:
        rows = model.objects.named(name for prepared, _ in stored for name in getattr(prepared.record, field))
        through.objects.bulk_create(
            through(article=article, position=position, **{column: rows[name_key(name)]})
            for prepared, article in stored
            for position, name in enumerate(getattr(prepared.record, field))
        )
    Image.objects.bulk_create(
        Image(article=article, position=position, **dataclasses.asdict(image))
        for prepared, article in stored
        for position, image in enumerate(_images(prepared))
    )


def _images(prepared: Prepared) -> list[ImageRecord]:
    """The record's own pictures, then those of the body that are not among them."""
    images = list(prepared.record.images)
    known = {(image.url, image.caption) for image in images} | {("", image.caption) for image in images}
    return images + [_image(picture) for picture in prepared.cleaned.pictures if _key(picture) not in known]


def _key(picture: Picture) -> tuple[str, str]:
    return picture.url[:URL_LENGTH], picture.caption


def _image(picture: Picture) -> ImageRecord:
    url = picture.url if len(picture.url) <= URL_LENGTH else ""
    return ImageRecord(url=url, caption=picture.caption, alt=picture.alt, paragraph=picture.paragraph)


def _update(prepared: Prepared, held: Article) -> None:
    """Make an article what a newer record of it says."""
    _fill(held, prepared)
    held.modified_at = timezone.now()
    _give_sources([(prepared, held)])
    save(held)
    for _, _, through, _ in LINKS:
        through.objects.filter(article=held).delete()
    held.images.all().delete()
    _link([(prepared, held)])


def save(article: Article) -> None:
    """Save all of an article but its story: that is decided by others meanwhile (see printings.py)."""
    fields = [field.name for field in Article._meta.concrete_fields if field.name not in ("id", "story")]
    article.save(update_fields=None if article.pk is None else fields)
