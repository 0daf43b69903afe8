"""What came in, shown beside the form of an article: in the form that serves an editor most, and never live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Max
from django.utils.safestring import SafeString, mark_safe

from .. import versions
from ..models import Article, Cause
from ..records import PLAIN, ArticleRecord, LineKind, storable
from ..versions import Comparison
from ..wording.versions import SAID, story_of
from . import provenance

# So many characters are shown; the whole is in the file.
MOST_SHOWN = 400_000
# A line of a file is looked for in so many bytes; a longer value of its record is cut.
MOST_READ, MOST_OF_A_VALUE = 5_000_000, 300
KINDS = {
    LineKind.BODY: "Body",
    LineKind.METADATA: "Metadata that was read",
    LineKind.FURNITURE: "Furniture that was set aside",
}
LINE = "line "


@dataclass(frozen=True)
class CameIn:
    """What came in. Of `lines`, `read` and `text` there is what serves: the lines of a page with their kinds, safe
    HTML, the body as text. `row` is the record as it stands in its file. `cut` counts the characters of all, where
    only the first are shown.
    """

    facts: list[tuple[str, str]]
    lines: list[tuple[str, str]]
    read: SafeString
    text: str
    row: str
    cut: int
    changed: Comparison | None

    @property
    def count(self) -> int:
        return sum(text.count("\n") for _, text in self.lines) + 1


def came_in(article: Article) -> CameIn:
    record = _record(article)
    body, body_type = _body(article, record)
    lines = list(_bounded(article.page))
    read = "" if lines or body_type == PLAIN or len(body) > MOST_SHOWN else _read(article, record, body)
    whole = sum(len(text) for _, text in article.page) if lines else len(body)
    return CameIn(
        facts=provenance.facts(article),
        lines=lines,
        # Both come from the cleaner.
        read=mark_safe(read),  # noqa: S308
        text="" if lines and not article.received else body[:MOST_SHOWN],
        row=_row(article),
        cut=whole if whole > MOST_SHOWN else 0,
        changed=_changed(article, record),
    )


def _record(article: Article) -> ArticleRecord | None:
    """What the article said when it last came in; None where that is what it says now."""
    brought = article.versions.filter(cause__in=(Cause.IMPORTED, Cause.UNDONE))
    last = brought.aggregate(last=Max("number"))["last"] or 0
    version = article.versions.filter(number=last + 1).first()
    return versions.record_of(version) if version else None


def _body(article: Article, record: ArticleRecord | None) -> tuple[str, str]:
    if record:
        return record.received or record.body, record.body_type
    return article.body_as_received, article.body_type


def _read(article: Article, record: ArticleRecord | None, body: str) -> str:
    """The body as a page shows it; that of the article as it is now is clean already."""
    if body == article.body and (not record or record.body_type == article.body_type):
        return article.body_html
    return story_of(replace(record or article.as_record(), body=body))


def _bounded(runs: list[Any]) -> Iterator[tuple[str, str]]:
    room = MOST_SHOWN
    for kind, text in runs:
        if room <= 0:
            return
        yield kind, text[:room]
        room -= len(text)


def _changed(article: Article, record: ArticleRecord | None) -> Comparison | None:
    if not record:
        return None
    now = Article.objects.with_names().get(pk=article.pk).as_record()
    compared = versions.compare(record, now, SAID)
    return compared if compared.facts or compared.passages else None


def _row(article: Article) -> str:
    """The line of a file of JSON lines that the article stands in, with its long values cut; "" for what is none."""
    original, number = article.original, article.place.removeprefix(LINE)
    if not original or number == article.place or not number.isdecimal():
        return ""
    try:
        with original.path.open("rb") as file:
            line = _line(file.read(MOST_READ), int(number))
        record = json.loads(line)
    except (OSError, ValueError, RecursionError):
        return ""
    # JSON can spell halves of signs, which no page can show.
    return storable(json.dumps(_shortened(record), ensure_ascii=False, indent=1)) if isinstance(record, dict) else ""


def _line(content: bytes, number: int) -> bytes:
    """The line with this number, the first being 1; an empty one where the content ends before it."""
    lines = content.split(b"\n", number)
    return lines[number - 1] if len(lines) >= number else b""


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MOST_OF_A_VALUE:
        return f"{value[:MOST_OF_A_VALUE]}… ({len(value):,} characters)"
    if isinstance(value, list):
        return [_shortened(part) for part in value]
    return {name: _shortened(part) for name, part in value.items()} if isinstance(value, dict) else value
