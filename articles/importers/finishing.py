"""What is done to every record, whatever its format: its language, what cannot be of its date, and damage mended."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from articles import dates
from articles.importers import language, mending
from articles.records import HTML, ArticleRecord, Guidance, ImageRecord, Unreadable

# Markup takes room: so much of a body holds enough words to tell the language.
HEAD_LENGTH = 4000
_MARKUP = re.compile(r"<(script|style)\b.{0,4000}?</\1>|<!--.{0,4000}?-->|<[^>]{0,1000}>", re.DOTALL | re.IGNORECASE)

MENDED_FIELDS = ("title", "kicker", "standfirst", "byline", "dateline", "source", "correction", "editors_note")
MENDED_LISTS = ("authors", "sections", "tags")


def finished(result: ArticleRecord | Unreadable, guidance: Guidance) -> ArticleRecord | Unreadable:
    if isinstance(result, Unreadable):
        return result
    record = _mended(result) if guidance.mend else result
    said = language.code(record.language) if record.language else language.identified(_words(record))
    date = dates.bounded(record.date, _came(record, guidance))
    return replace(record, language=said, date=date) if (said, date) != (record.language, record.date) else record


def damage(record: ArticleRecord) -> tuple[str, str] | None:
    """The first words of the record that were decoded wrongly once, as they are and as they would be mended."""
    return mending.damage(f"{record.title}\n{record.standfirst}\n{record.body}")


def _mended(record: ArticleRecord) -> ArticleRecord:
    """The record with its texts mended; the body as it came stays beside it."""
    changes: dict[str, Any] = {name: mending.mended(getattr(record, name)) for name in MENDED_FIELDS}
    changes |= {name: tuple(map(mending.mended, getattr(record, name))) for name in MENDED_LISTS}
    body = mending.mended(record.body)
    kept = record.received or (record.body if body != record.body else "")
    images = tuple(map(_mended_image, record.images))
    return replace(record, body=body, received=kept, images=images, **changes)


def _mended_image(image: ImageRecord) -> ImageRecord:
    mended = mending.mended
    return replace(image, caption=mended(image.caption), credit=mended(image.credit), alt=mended(image.alt))


def _words(record: ArticleRecord) -> str:
    head = record.body[:HEAD_LENGTH]
    return html.unescape(_MARKUP.sub(" ", head)) if record.body_type == HTML else head


def _came(record: ArticleRecord, guidance: Guidance) -> datetime | None:
    """When the article was surely there: as captured, or else as its file was received."""
    times = [moment for moment in (record.captured, guidance.captured, guidance.received) if moment]
    return min((_civil(moment) for moment in times), default=None)


def _civil(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
