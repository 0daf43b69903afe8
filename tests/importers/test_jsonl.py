"""JSON Lines: one article a line, and a line that is broken does not touch its neighbours."""

from __future__ import annotations

import gzip
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from articles import importers
from articles.importers import jsonl
from articles.records import (
    PLAIN,
    ArticleRecord,
    Guidance,
    Known,
    Precision,
    Status,
    Unreadable,
    UnreadableFile,
    to_json,
)

SAMPLES = Path(__file__).parent.parent / "samples" / "jsonl"


def read(content: bytes) -> list[ArticleRecord | Unreadable]:
    return list(jsonl.read(io.BytesIO(content), Guidance()))


def test_each_line_is_an_article_and_blank_lines_are_skipped():
    ferry, bridge, library = read((SAMPLES / "three_articles.jsonl").read_bytes())
    assert ferry.title == "Otters delay the ferry"
    assert ferry.tags == ("otters", "ferry")
    assert ferry.date.earliest == datetime(1936, 11, 12)
    assert ferry.date.evidence == ("12 November 1936",)
    assert bridge.date.precision is Precision.MONTH
    assert bridge.date.known is Known.PRINTED
    assert library.status is Status.DRAFT
    assert [record.place for record in (ferry, bridge, library)] == ["line 1", "line 3", "line 4"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("line 2", "not a JSON object on one line"),
        ("line 3", "there is neither a title nor a text; what is there: docno, size"),
        ("line 4", "title: missing"),
        ("line 5", "a JSON list"),
        ("line 6", "title: expected text, found int"),
        ("line 7", "'1936-02-31' is not a date"),
        ("line 9", "byte 16 is not UTF-8"),
    ],
)
def test_a_broken_line_says_where_and_why(place, said):
    refused = {
        item.place: item.reason
        for item in read((SAMPLES / "broken_lines.jsonl").read_bytes())
        if isinstance(item, Unreadable)
    }
    assert said in refused[place]


def test_whole_lines_among_broken_ones_are_read():
    items = read((SAMPLES / "broken_lines.jsonl").read_bytes())
    assert [item.title for item in items if isinstance(item, ArticleRecord)] == [
        "Whole",
        "Half a character ",
        "Whole again",
    ]


def test_an_object_that_is_spread_over_lines_is_refused_once_with_what_to_do():
    with pytest.raises(UnreadableFile, match="write each article as one line"):
        read((SAMPLES / "one_object_over_lines.jsonl").read_bytes())


def test_a_list_on_one_line_says_what_to_do():
    (item,) = read((SAMPLES / "one_list.jsonl").read_bytes())
    assert item == Unreadable("line 1", "a JSON list; write each of its articles as a line of its own")


def test_a_line_that_is_too_long_is_left_out_and_the_next_one_read(monkeypatch):
    monkeypatch.setattr(jsonl, "LINE_BYTES", 60)
    content = b'{"title": "Short"}\n{"title": "' + b"x" * 500 + b'"}\n{"title": "Next"}\n'
    short, long, following = read(content)
    assert short.title == "Short"
    assert long.place == "line 2"
    assert "longer than 60 bytes" in long.reason
    assert following.title == "Next"


@pytest.mark.parametrize(
    ("values", "said"), [(b"[" * 400_000, "nested"), (b"[" * 1_000_000, "500,000"), (b'{"a":{}},' * 300_000, "500,000")]
)
def test_values_that_no_article_has_are_one_broken_line(values, said):
    deep, after = read(b'{"tags": ' + values + b"\n" + b'{"title": "Next"}')
    assert said in deep.reason
    assert after.title == "Next"


def test_a_reason_is_short_and_printable_whatever_it_quotes():
    (item,) = read(b'{"date": "' + b"9" * 100_000 + b"\\ud800" + b'"}')
    assert len(item.reason) <= 500
    item.reason.encode()


def test_what_the_archive_writes_comes_back_the_same():
    record = ArticleRecord(
        title="Otters <delay> the “ferry”",
        body="<p>Ça va</p>\n<p>مكتبة</p>",
        body_type="text/html",
        sections=("Local", "Harbour"),
        dateline="PORT ALDERY",
    )
    line = json.dumps(to_json(record), ensure_ascii=False).encode()
    assert read(line + b"\r\n") == [record]


def ending(count: object) -> bytes:
    return json.dumps({"export": {"count": count, "question": "ice", "url": "https://example.org/tag/ice/"}}).encode()


def test_the_last_line_of_an_export_is_no_article():
    lines = b'{"title": "One"}\n\n{"title": "Two"}\n'
    assert [item.title for item in read(lines + ending(2))] == ["One", "Two"]
    assert read(ending(0)) == []


def test_an_export_that_lost_a_line_is_told():
    (article, told) = read(b'{"title": "One"}\n' + ending(2) + b"\n")
    assert article.title == "One"
    assert told.place == "line 2"
    assert told.reason.startswith("the file is cut short: here it says that it has 2 articles, and there are 1;")


def test_a_broken_line_counts_as_one_that_is_there():
    (broken,) = read(b'{"title": \n' + ending(1))
    assert "not a JSON object" in broken.reason


def test_exports_can_follow_one_another_in_one_file():
    one = b'{"title": "One"}\n' + ending(1) + b"\n"
    assert len(read(one + one)) == 2


@pytest.mark.parametrize(
    "line",
    [
        b'{"export": 5}',
        b'{"export": {"count": "5"}}',
        b'{"export": {',
        b'{"export": ' + b"[" * 50_000,
    ],
)
def test_what_only_begins_like_the_last_line_is_unreadable(line):
    (item,) = read(line)
    assert isinstance(item, Unreadable)


def test_lines_of_another_shape_are_mapped_by_their_keys():
    line = {
        "headline": "Otters delay the ferry",
        "body": "The ferry did not sail.",
        "author": {"name": "Tom Brisk"},
        "categories": ["Local"],
        "url": "https://example.org/otters",
        "published": "12/11/1936",
        "lang": "en",
        "docno": "x7",
    }
    first, second = read(json.dumps(line).encode() + b"\n" + json.dumps(line | {"published": "25/11/1936"}).encode())
    assert (first.title, first.authors, first.sections) == ("Otters delay the ferry", ("Tom Brisk",), ("Local",))
    assert (first.canonical_url, first.language) == ("https://example.org/otters", "en")
    assert first.date.earliest == datetime(1936, 11, 12)
    assert second.place == "line 2"


def test_our_names_with_foreign_values_are_mapped_too():
    (record,) = read(
        b'{"title": "Otters", "authors": "A. One; B. Two", "date": "May 12, 1936", "source": {"name": "Post"}}'
    )
    assert (record.authors, record.source, record.date.earliest) == (
        ("A. One", "B. Two"),
        "Post",
        datetime(1936, 5, 12),
    )


def test_a_key_that_only_later_lines_have_is_read():
    lines = [b'{"headline": "Otters"}'] * 1000 + [b'{"headline": "Otters", "dek": "Late again", "title": "x"}']
    last = read(b"\n".join(lines))[-1]
    assert (last.title, last.standfirst) == ("Otters", "Late again")


def test_a_column_that_a_person_took_away_stays_away():
    (record,) = jsonl.read(io.BytesIO(b'{"title": "Otters", "source": "Post"}'), Guidance(columns={"source": ""}))
    assert (record.title, record.source) == ("Otters", "")


def test_keys_are_listed_only_where_they_are_not_ours():
    ours = (SAMPLES / "three_articles.jsonl").open("rb")
    with ours:
        assert jsonl.columns(ours, Guidance()) == ()
    listed = jsonl.columns(io.BytesIO(b'{"headline": "Otters", "tags": [{"name": "sea"}], "docno": 7}'), Guidance())
    assert [(column.header, column.field, column.samples) for column in listed] == [
        ("headline", "title", ("Otters",)),
        ("tags", "tags", ('[{"name": "sea"}]',)),
        ("docno", "", ("7",)),
    ]


CORPORA = Path(__file__).parent.parent.parent.parent / "shared" / "corpora" / "text"


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not beside this checkout")
@pytest.mark.parametrize(
    "name", ["reuters21578_en", "ant_arabic_ar", "hipe2022_historic_ocr_multi", "cctv_xinwenlianbo_zh"]
)
def test_lines_that_others_wrote_come_in_right(name):
    content = gzip.decompress((CORPORA / f"{name}.jsonl.gz").read_bytes())
    assert importers.detect(name, content[:8192]).name == "jsonl"
    records = read(content)
    written = [json.loads(line) for line in content.splitlines()]
    assert len(records) == len(written)
    for record, line in zip(records, written, strict=True):
        assert (record.body, record.body_type) == (line["body"], PLAIN)
        assert record.title == " ".join((line["title"] or "").split())
        day = record.date.earliest.date().isoformat() if record.date.earliest else ""
        assert day == (line["date"] or "")[:10]
        assert (record.source, record.language) == (line["source"], line["lang"])
        assert record.sections == tuple(dict.fromkeys(line["categories"]))
