"""Whatever bytes come, a reader answers with records or with a reason, and page-text loses none of them."""

from __future__ import annotations

import io
import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import jsonl, pagetext
from articles.importers.lines import decoded
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile, from_json, to_json

PIECES = [
    "Related Articles",
    "Leave a Reply",
    "Share this:",
    "Home » World » Otters",
    "By Tom Brisk",
    "June 13, 2017",
    "Updated: 03/04/2017 at 25:61",
    "Otters delay the ferry",
    "The ferry did not sail on Tuesday because of the otters, a man said on 30 February 2017.",
    "Boats wait at the quay on March 14, 2019.",
    "Tags: otters, ferry",
    "Photo: Ilse Barr",
    "3 comments",
    "\x00\x1b\x0b",
    "مكتبة الواحة ١٣ يونيو ٢٠١٧",
    "青石镇2017年6月13日",
    "\U0001f9a6\u200d\u202e",
    "",
]
pages = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=80)), max_size=30).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\x85"]).map(lambda end: end.join(lines))
)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])


def answers(name: str, content: bytes) -> list[ArticleRecord | Unreadable]:
    try:
        return list(importers.read(name, io.BytesIO(content), Guidance(sections=frozenset({"World", "Otters"}))))
    except UnreadableFile:
        return []


def check(items: list[ArticleRecord | Unreadable]) -> None:
    for item in items:
        if isinstance(item, Unreadable):
            assert item.place
            assert item.reason
            item.reason.encode()
        else:
            json.dumps(to_json(item), ensure_ascii=False).encode()


@settings(deadline=None, max_examples=150, database=None)
@given(st.binary(max_size=2000))
@example(b'{"title": "\\ud800"}')
@example(b"{" * 500)
@example(b'{"date": "9999-12"}')
@example(b'{"date": {"earliest": "0001-01-01T00:00+14:00"}}')
def test_any_bytes_are_answered(content):
    check(answers("any", content))


@settings(deadline=None, max_examples=150, database=None)
@given(pages, encodings)
def test_any_page_is_answered_and_adds_up(page, encoding):
    content = page.encode(encoding, errors="replace")
    try:
        (record,) = pagetext.read(io.BytesIO(content), Guidance())
    except UnreadableFile:
        return
    assert isinstance(record, ArticleRecord)
    assert record.title.strip()
    assert "".join(text for _, text in record.page) == decoded(content)
    check([record])
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["title", "body", "body_type", "page", "date", "images", "tags", "status", "sections", "place", "language"]
PARTS = ["earliest", "latest", "precision", "known", "evidence", "paragraph", "caption"]
SAID = ["1923-05", "9999-12", "0000", "1923-05-30T18:45Z", "published", "day", "text/html", "Otters"]
likely = st.one_of(
    values,
    st.sampled_from(SAID),
    st.dictionaries(st.sampled_from(PARTS), st.one_of(st.sampled_from(SAID), values), max_size=3),
)


@settings(deadline=None, max_examples=150, database=None)
@given(st.dictionaries(st.sampled_from(NAMES), likely, max_size=5))
def test_any_object_is_a_record_or_says_why_not(value):
    (item,) = jsonl.read(io.BytesIO(json.dumps(value).encode()), Guidance())
    check([item])
