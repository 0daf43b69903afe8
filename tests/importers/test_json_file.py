"""JSON documents: the articles are found wherever the document holds them, one by one."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import json_file
from articles.records import HTML, ArticleRecord, Guidance, Unreadable, UnreadableFile, to_json

SAMPLES = Path(__file__).parent.parent / "samples" / "json"


def read(content: Any, **columns: str) -> list[ArticleRecord | Unreadable]:
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return list(json_file.read(io.BytesIO(content), Guidance(columns=columns)))


def sample(name: str) -> list[ArticleRecord | Unreadable]:
    content = (SAMPLES / name).read_bytes()
    assert importers.detect(name, content[:8192]).name == "json"
    return read(content)


def test_the_list_of_articles_is_found_under_any_key():
    ferry, bridge = sample("list_under_a_key.json")
    assert (ferry.title, ferry.body, ferry.authors) == (
        "Otters delay the ferry",
        "The ferry did not sail.",
        ("Tom Brisk",),
    )
    assert (ferry.source, ferry.tags) == ("Harbour Post", ("otters", "ferry"))
    assert ferry.date.earliest == datetime(1961, 4, 3, 18, 45)
    assert ferry.date.evidence == ("1961-04-03T18:45:00Z",)
    assert [image.url for image in ferry.images] == ["https://example.org/otter.jpg"]
    assert bridge.body_type == HTML
    assert [item.place for item in (ferry, bridge)] == ["item 1", "item 2"]


def test_one_article_over_many_lines():
    (record,) = sample("one_article.json")
    assert record.body == "The ferry did not sail.\n\nNobody minded."
    assert record.authors == ("Tom Brisk", "Ilse Barr")
    assert [(image.caption, image.credit) for image in record.images] == [("An otter on the ramp", "Ilse Barr")]


def test_what_is_broken_does_not_touch_its_neighbours():
    items = sample("broken_in_the_middle.json")
    assert [item.title for item in items if isinstance(item, ArticleRecord)] == ["Whole", "Whole again"]
    refused = {item.place: item.reason for item in items if isinstance(item, Unreadable)}
    assert list(refused) == ["item 2", "item 4", "item 5"]
    assert refused["item 2"].startswith("not JSON at line 3")
    assert refused["item 4"] == "there is neither a title nor a text; what is there: docno"


A = {"headline": "Otters", "text": "The ferry."}
B = {"headline": "Bridge", "text": "Green."}


@pytest.mark.parametrize(
    "document",
    [
        [A, B],
        {"results": [A, B]},
        {"title": "All of the Harbour Post", "description": "A list", "items": [A, B]},
        {"response": {"status": "ok", "docs": [A, B], "comments": [{"user": "x"}]}},
        {"hits": {"hits": [{"_id": "1", "_source": A}, {"_id": "2", "_source": B}]}},
        {"data": [{"type": "article", "attributes": A}, {"type": "article", "attributes": B}]},
        {"k1": A, "k2": B},
    ],
)
def test_documents_of_many_programs_give_their_articles(document):
    content = json.dumps(document).encode()
    assert importers.detect("a.json", content).name == "json"
    assert [(item.title, item.body) for item in read(content)] == [("Otters", "The ferry."), ("Bridge", "Green.")]


def test_articles_of_a_weblog_come_with_rendered_fields():
    post = {
        "id": 1,
        "link": "https://example.org/1",
        "title": {"rendered": "Otters &amp; <em>ferry</em>"},
        "content": {"rendered": "Hello &amp; welcome", "protected": False},
        "excerpt": {"rendered": "<p>Short</p>"},
        "status": "draft",
    }
    (record,) = read([post])
    assert (record.title, record.standfirst, record.status) == ("Otters & ferry", "Short", "draft")
    assert (record.body, record.body_type) == ("<p>Hello &amp; welcome</p>", HTML)


def test_documents_that_follow_one_another_are_read_on():
    content = json.dumps(A, indent=1).encode() + b"\n" + json.dumps(B, indent=1).encode()
    assert importers.detect("a.json", content).name == "json"
    assert [item.place for item in read(content)] == ["item 1", "item 2"]


def test_a_document_in_utf16_is_read():
    (record,) = read(json.dumps([{"title": "مكتبة", "body": "x"}], ensure_ascii=False).encode("utf-16"))
    assert record.title == "مكتبة"


def test_a_byte_that_is_not_utf8_costs_its_own_article_only():
    bad, good = read(b'{"articles": [{"title": "A", "body": "\xff"}, {"title": "B", "body": "y"}]}')
    assert "not UTF-8" in bad.reason
    assert good.title == "B"


@pytest.mark.parametrize("content", [b"[]", b"[\n]", b"[,]"])
def test_a_document_without_an_article_says_so(content):
    with pytest.raises(UnreadableFile, match="There is no article"):
        read(content)


@pytest.mark.parametrize("content", [b"{}", b'{"articles": []}', b'{"a": 1, "b": [1, 2]}', b"oops", b"{oops}"])
def test_an_object_that_is_no_article_says_what_is_in_it_or_what_is_wrong(content):
    (item,) = read(content)
    assert isinstance(item, Unreadable)


@pytest.mark.parametrize(
    "broken",
    [
        b"[" * 2_000_000,
        b'{"a":' * 200_000,
        b"9" * 5_000,
        b'"\\u12',
        b"tru",
        b'{"a":{}},' * 300_000 + b'"',
    ],
)
def test_hostile_values_are_one_broken_item(broken):
    items = read(b'[{"title": "A", "body": "x"}, {"title": "B", "q": ' + broken + b'}, {"title": "C", "body": "y"}]')
    assert items[0].title == "A"
    assert items[-1].title == "C"
    assert any(isinstance(item, Unreadable) for item in items)


def test_an_article_that_is_too_long_is_left_out(monkeypatch):
    monkeypatch.setattr(json_file, "LONGEST", 1000)
    monkeypatch.setattr(json_file, "CHUNK", 300)
    long = {"headline": "Long", "text": "x" * 5000}
    first, left_out, last = read({"articles": [A, long, B]})
    assert first.title == "Otters"
    assert "longer than 1,000 characters" in left_out.reason
    assert last.title == "Bridge"


def test_a_document_is_read_without_being_held(monkeypatch):
    monkeypatch.setattr(json_file, "LONGEST", 10_000)
    monkeypatch.setattr(json_file, "CHUNK", 4096)
    body = "The ferry did not sail. " * 100

    class Endless(io.RawIOBase):
        """A list that goes on and on."""

        def __init__(self) -> None:
            self.given = 0

        def read(self, size: int = -1) -> bytes:
            piece = json.dumps({"title": "Otters", "body": body}).encode() + b",\n"
            start = b'{"articles": [' if not self.given else b""
            self.given += 1
            return start + piece

        def seek(self, *_: int) -> int:
            self.given = 0
            return 0

    stream = Endless()
    records: Iterator[ArticleRecord | Unreadable] = json_file.read(stream, Guidance())
    for _ in range(300):
        assert next(records).title == "Otters"
    assert stream.given < 1000


def test_the_json_that_the_archive_exports_comes_back():
    result = {
        "id": 7,
        "url": "https://archive.example/7/",
        "title": "Otters",
        "date": "2017-05-30/..",
        "earliest": "2017-05-30T00:00",
        "known": "inferred",
        "source": "Harbour Post",
        "sections": ["Local"],
        "tags": ["New York, NY"],
        "authors": ["Jane Running"],
        "text": "The ferry.",
        "images": [{"caption": "An otter", "credit": "", "alt": "", "url": ""}],
        "published_at": "https://example.org/otters",
        "sha256": "ab12",
    }
    (record,) = read(
        {"question": "otters", "url": "https://archive.example/", "notes": [], "results": [result], "count": 1}
    )
    assert (record.title, record.body, record.canonical_url) == ("Otters", "The ferry.", "https://example.org/otters")
    assert (record.tags, record.authors, record.images[0].caption) == (("New York, NY",), ("Jane Running",), "An otter")
    assert (record.date.earliest, record.date.latest, record.date.known) == (datetime(2017, 5, 30), None, "inferred")


def test_our_own_shape_is_read_exactly():
    record = ArticleRecord(title="Otters", body="<BP> rose\n\na < b", kicker="Sea", tags=("a;b",))
    assert read([to_json(record)]) == [record]
    assert json_file.columns(io.BytesIO(json.dumps([to_json(record)]).encode()), Guidance()) == ()


def test_keys_are_listed_and_can_be_mapped():
    document = [{"kop_x": "Otters", "inner": {"stuff": "The ferry."}}]
    listed = json_file.columns(io.BytesIO(json.dumps(document).encode()), Guidance())
    assert [(column.header, column.field, column.samples) for column in listed] == [
        ("kop_x", "", ("Otters",)),
        ("inner.stuff", "", ("The ferry.",)),
    ]
    (record,) = read(document, **{"kop_x": "title", "inner.stuff": "body"})
    assert (record.title, record.body) == ("Otters", "The ferry.")


PIECES = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    '"title":',
    '"text":"x"',
    '{"title":"a"}',
    "null",
    "1e999",
    "NaN",
    "\\u12",
    "é",
    "\n",
]


@settings(deadline=None, max_examples=200, database=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.sampled_from(["", '[{"title":"a"},', '{"a":[{"title":"a"},']),
)
def test_any_document_is_answered(text, start):
    try:
        items = read((start + text).encode())
    except UnreadableFile:
        return
    places = [item.place for item in items]
    assert len(set(places)) == len(places)
    for item in items:
        assert item.reason.encode() if isinstance(item, Unreadable) else json.dumps(to_json(item))
