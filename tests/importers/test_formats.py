"""The door of the importers: which format a file has, and that it is read whatever its stream can do."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from articles import importers
from articles.records import ArticleRecord, Guidance, UnreadableFile

SAMPLES = Path(__file__).parent.parent / "samples"
BROKEN = SAMPLES / "pagetext" / "broken"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.jsonl", b'{"title": "Otters"}', "jsonl"),
        ("a.txt", b'\xef\xbb\xbf \n {"title": "Otters"}', "jsonl"),
        ("a.json", b'[\n {"title": "Otters"}]', "json"),
        ("a.jsonl", b"Otters delay the ferry\n\nIt did not sail.", "pagetext"),
        ("a.pdf", "Bäcker suchen Lehrlinge".encode("cp1252"), "pagetext"),
        ("", b"[The Palace] More reviews", "pagetext"),
        ("a", "\ufeffOtters".encode("utf-16-le"), "pagetext"),
        ("a", b"with a \x00 in it, which a text can well have if it is long enough", "pagetext"),
    ],
)
def test_the_content_of_a_file_says_its_format(name, head, expected):
    assert importers.detect(name, head).name == expected


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
        (b"filedesc://news.arc 127.0.0.1 20080430204825", "an ARC file"),
        (b"{\\rtf1\\ansi Otters}", "a rich text document"),
        (b"<?xml version='1.0'?><ledger>", "an XML file"),
        (bytes(range(256)), "not text"),
    ],
)
def test_a_foreign_file_is_refused_with_what_it_is_and_what_to_do(head, said):
    with pytest.raises(UnreadableFile) as refusal:
        importers.detect("article.txt", head)
    assert said in str(refusal.value)
    assert "save" in str(refusal.value)


@pytest.mark.parametrize("path", sorted(BROKEN.iterdir()), ids=lambda path: path.name)
def test_every_broken_sample_is_refused_with_one_sentence(path):
    with path.open("rb") as stream, pytest.raises(UnreadableFile) as refusal:
        list(importers.read(path.name, stream))
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_a_foreign_file_is_refused_before_the_first_record_is_asked_for():
    with pytest.raises(UnreadableFile):
        importers.read("photo.jpg", io.BytesIO(b"\xff\xd8\xff\xe0"))


def test_records_are_read_one_by_one():
    line = b'{"title": "Otters", "body": "' + b"x" * 50_000 + b'"}\n'
    stream = io.BytesIO(line * 200)
    records = importers.read("many.jsonl", stream)
    first = next(records)
    assert isinstance(first, ArticleRecord)
    assert stream.tell() < len(line) * 5


def test_sections_that_the_archive_knows_are_recognised():
    page = b"USPoliticsMcDonald Watch\n\nA town argues about its only burger\n\nThe council met for six hours.\n"
    known = Guidance(sections=frozenset({"US", "McDonald Watch"}))
    assert next(importers.read("page.txt", io.BytesIO(page), known)).sections == ("US", "Politics", "McDonald Watch")


def test_a_format_is_named_once_and_page_text_comes_last():
    names = [known.name for known in importers.FORMATS]
    assert len(set(names)) == len(names)
    assert names[-1] == "pagetext"


LETTER = b"""Received: from mail.packet.example
\tby harbour.example; Tue, 3 May 2011 10:00:00 +0000
From: Tom Brisk <tom@packet.example>
Subject: Otters

They are back.
"""


def test_a_letter_is_refused_rather_than_shown_with_its_head():
    with pytest.raises(UnreadableFile, match="an e-mail"):
        importers.detect("otters.eml", LETTER)


def test_a_page_that_begins_with_labels_is_no_letter():
    assert (
        importers.detect("a.txt", b"Section: Harbour\nFrom: our correspondent\n\nOtters are back.").name == "pagetext"
    )


def test_bytes_without_a_letter_are_no_article():
    with pytest.raises(UnreadableFile, match="no words"):
        list(importers.read("a.txt", io.BytesIO(b"\xff\xfe\x00")))
