"""A record is made ready to be stored: evened, checked, cleaned, and with the digests that it is known by."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .cleaning import Cleaned, clean, plain, scheme_of
from .models import ImportInput, name_key
from .models.article import TITLE_LENGTH, URL_LENGTH
from .models.names import NAME_LENGTH
from .records import ArticleRecord, Dating, ImageRecord, Status, storable, to_json

LINE_FIELDS = ("title", "kicker", "byline", "dateline", "language", "canonical_url", "source")
TEXT_FIELDS = ("standfirst", "correction", "editors_note")
LONGEST_NAME = NAME_LENGTH
# By its key a name is found. Some letters are written out in it, one as many.
LONGEST_KEY = 2 * NAME_LENGTH
LONGEST_PLACE = 500
# More would hold up the whole archive, and no article has them.
MOST_NAMES, MOST_IMAGES = 1000, 5000
# What the database counts paragraphs with.
MOST_PARAGRAPHS = 2**31
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
NAMES = ("sections", "tags", "authors")
_SORTED = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True)
class Prepared:
    """A record that can be stored, with all that is worked out of it before the database is asked anything."""

    number: int
    record: ArticleRecord
    cleaned: Cleaned
    content_digest: str
    record_digest: str
    # The content's digests under other names that its source has or had: an article may be here by one of them.
    other_digests: tuple[str, ...] = ()

    @property
    def digests(self) -> tuple[str, ...]:
        """Any of these tells a copy of the content."""
        return self.content_digest, *self.other_digests


def prepare(number: int, record: ArticleRecord, entry: ImportInput) -> Prepared | str:
    """The record as it can be stored, or why it cannot, as a sentence."""
    own = _evened(record)
    whole = _with_gifts(own, entry)
    problem = _problem(whole)
    if problem:
        return problem
    cleaned = _few_pictures(clean(whole.body, whole.body_type), len(whole.images))
    whole = whole if whole.title else dataclasses.replace(whole, title=_first_words(cleaned.text))
    # What a batch gives to all is no part of what a record says: the same record in another batch is the same.
    return Prepared(number, whole, cleaned, content_digest(whole, cleaned.text), record_digest(own))


def again(record: ArticleRecord) -> Prepared:
    """What an article said once, as it is stored again: its pictures are those of the record and no others."""
    cleaned = dataclasses.replace(clean(record.body, record.body_type), pictures=())
    return Prepared(0, record, cleaned, content_digest(record, cleaned.text), record_digest(record))


def _with_gifts(record: ArticleRecord, entry: ImportInput) -> ArticleRecord:
    """An evened record with what its batch gives to all: a source where it has none, a status, more tags."""
    job = entry.job
    if not (job.source or job.status or job.tags):
        return record
    return dataclasses.replace(
        record,
        source=record.source or (_line(job.source.name) if job.source else ""),
        status=Status(job.status) if job.status else record.status,
        tags=_distinct((*record.tags, *job.tags)) if job.tags else record.tags,
    )


def _evened(record: ArticleRecord) -> ArticleRecord:
    """Without control characters, stray spacing and what no database takes, and each name once."""
    body, received = storable(record.body), storable(record.received)
    changes: dict[str, Any] = {name: _line(getattr(record, name)) for name in LINE_FIELDS}
    changes |= {name: storable(plain(getattr(record, name))).strip() for name in TEXT_FIELDS}
    changes |= {name: _distinct(getattr(record, name)) for name in NAMES}
    changes |= {"body": body, "received": "" if received == body else received}
    changes |= {"page": tuple((kind, storable(text)) for kind, text in record.page)}
    changes |= {"images": tuple(map(_image, record.images)), "place": storable(record.place)[:LONGEST_PLACE]}
    changes |= {"date": _dating(record.date)}
    return dataclasses.replace(record, **changes)


def _dating(dating: Dating) -> Dating:
    evidence = tuple(map(storable, dating.evidence))
    return dating if evidence == dating.evidence else dataclasses.replace(dating, evidence=evidence)


def _image(image: ImageRecord) -> ImageRecord:
    """With what can be kept of it; half an address would lead elsewhere."""
    texts = {name: storable(getattr(image, name)) for name in ("url", "caption", "credit", "alt")}
    texts["url"] = texts["url"] if len(texts["url"]) <= URL_LENGTH else ""
    texts["credit"] = texts["credit"][:TITLE_LENGTH]
    known = image.paragraph is not None and 0 <= image.paragraph < MOST_PARAGRAPHS
    return ImageRecord(**texts, paragraph=image.paragraph if known else None)


def _few_pictures(cleaned: Cleaned, beside: int) -> Cleaned:
    """With as many pictures of the body as there can be beside those of the record."""
    most = max(MOST_IMAGES - beside, 0)
    return cleaned if len(cleaned.pictures) <= most else dataclasses.replace(cleaned, pictures=cleaned.pictures[:most])


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    evened = list(map(_line, names))
    return tuple({name_key(name): name for name in reversed(evened) if name}.values())[::-1]


def _line(text: str) -> str:
    return " ".join(storable(plain(text)).split()) if text else ""


def _problem(record: ArticleRecord) -> str:
    """What keeps the record from being stored, as a sentence; "" if nothing does."""
    for name, most in LONGEST.items():
        if len(getattr(record, name)) > most:
            return f"{name}: {len(getattr(record, name)):,} characters, and at most {most:,} are kept; shorten it"
    if problem := _problem_of_number(record) or _problem_of_names(record):
        return problem
    if record.language and not LANGUAGE.fullmatch(record.language):
        return f"language: {record.language!r} is not a code such as en or pt-BR"
    if record.canonical_url and scheme_of(record.canonical_url) not in {"http", "https"}:
        return f"canonical_url: {record.canonical_url!r} does not begin with http:// or https://"
    return "" if record.title or record.body.strip() else "there is neither a title nor a text"


def _problem_of_number(record: ArticleRecord) -> str:
    names = sum(len(getattr(record, field)) for field in NAMES)
    if names > MOST_NAMES:
        return f"{names:,} sections, tags and authors, and at most {MOST_NAMES:,} are kept; leave some out"
    if len(record.images) > MOST_IMAGES:
        return f"images: {len(record.images):,} pictures, and at most {MOST_IMAGES:,} are kept; leave some out"
    return ""


def _problem_of_names(record: ArticleRecord) -> str:
    for field, names in (*((field, getattr(record, field)) for field in NAMES), ("source", (record.source,))):
        if any(len(name) > LONGEST_NAME for name in names):
            return f"{field}: a name of more than {LONGEST_NAME} characters; shorten it"
        if any(len(name_key(name)) > LONGEST_KEY for name in names):
            return f"{field}: a name of more than {LONGEST_KEY} characters when its letters are written out; shorten it"
    return ""


def _first_words(text: str) -> str:
    first = text.split("\n\n", 1)[0]
    return first if len(first) <= 80 else f"{first[:80].rsplit(' ', 1)[0]}…"


def content_digest(record: ArticleRecord, text: str) -> str:
    """What makes two articles copies of one: source, title, date and text."""
    parts = (name_key(record.source), name_key(record.title), f"{record.date.earliest}", text)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def record_digest(record: ArticleRecord) -> str:
    return hashlib.sha256(_SORTED.encode(to_json(record)).encode()).hexdigest()
