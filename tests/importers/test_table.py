"""Tables: a row an article. What is wrong about a row is said of that row, and the others are read."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import parsing, table
from articles.records import HTML, PLAIN, ArticleRecord, Guidance, Known, Precision, Unreadable, UnreadableFile, to_json

SAMPLES = Path(__file__).parent.parent / "samples" / "table"


def read(content: bytes | str, **columns: str) -> list[ArticleRecord | Unreadable]:
    content = content.encode() if isinstance(content, str) else content
    return list(table.read(io.BytesIO(content), Guidance(columns=columns)))


def sample(name: str) -> list[ArticleRecord | Unreadable]:
    content = (SAMPLES / name).read_bytes()
    assert importers.detect(name, content[:8192]).name == "table"
    return read(content)


def dated(*values: str) -> list[ArticleRecord]:
    return read("title\tdate\n" + "".join(f"Otters\t{value}\n" for value in values))


def test_each_row_is_an_article_with_what_its_columns_say():
    ferry, bridge, tides = sample("harbour_post.csv")
    assert ferry.title == "Otters delay the ferry"
    assert ferry.body.endswith('and "nobody had the heart", said Ilse Barr.')
    assert ferry.body_type == PLAIN
    assert (ferry.source, ferry.sections, ferry.tags) == ("Harbour Post", ("Local",), ("otters", "ferry"))
    assert (ferry.standfirst, ferry.canonical_url) == ("An hour late", "https://example.org/otters")
    assert (bridge.authors, bridge.body_type) == (("Ilse Barr", "Jonas Feld"), HTML)
    assert (tides.authors, tides.date.precision) == ((), Precision.MONTH)
    assert [record.place for record in (ferry, bridge, tides)] == ["line 2", "line 5", "line 6"]


def test_the_preview_lists_every_column_with_its_field_and_first_values():
    with (SAMPLES / "harbour_post.csv").open("rb") as stream:
        listed = importers.columns("harbour_post.csv", stream)
    assert [column.field for column in listed] == [
        "title", "body", "date", "authors", "source", "sections", "tags", "canonical_url", "standfirst", "",
    ]  # fmt: skip
    assert listed[-1].header == "Desk note"
    assert listed[-1].samples == ("filed by hand",)
    assert listed[2].samples == ("03/04/1961", "25/04/1961", "May 1961")


def test_a_table_in_windows_1252_with_semicolons():
    ferry, bridge = sample("quellen_cp1252.csv")
    assert ferry.body == "Drei Otter lagen auf der Rampe; niemand störte sie."
    assert ferry.authors == ("Jürgen Möß",)
    assert ferry.date.earliest == datetime(1936, 11, 12)
    assert (ferry.tags, ferry.sections) == (("Fähre", "Otter"), ("Örtliches",))
    assert bridge.date.precision is Precision.MONTH


def test_the_text_of_a_spreadsheet_in_utf16_with_tabs():
    ferry, library = sample("spreadsheet_utf16.tsv")
    assert ferry.date.precision is Precision.YEAR
    assert library.title == "مكتبة الواحة"


def test_a_row_that_is_broken_says_where_and_why_and_its_neighbours_are_read():
    items = sample("broken_rows.csv")
    assert [item.title for item in items if isinstance(item, ArticleRecord)] == [
        "Whole",
        "Next to it",
        "Inner marks",
        "Last",
    ]
    refused = {item.place: item.reason for item in items if isinstance(item, Unreadable)}
    assert list(refused) == ["line 3", "line 5", "line 6", "line 7"]
    assert "not closed" in refused["line 3"]
    assert refused["line 5"].startswith("2 values, but the first line names 3 columns")
    assert refused["line 6"].startswith("5 values, but the first line names 3 columns")
    assert "neither a title nor a text" in refused["line 7"]


def test_quotation_marks_inside_a_value_need_not_be_written_twice():
    (record,) = [item for item in sample("broken_rows.csv") if item.place == "line 8"]
    assert record.body == 'He said "no" and left,\ntwice'


def test_a_mark_that_two_rows_could_share_does_not_join_them():
    first, second = read('title,text\nOne,"The ferry\nTwo,"Next text"\n')
    assert (first.place, second.title, second.body) == ("line 2", "Two", "Next text")


def test_a_quotation_mark_that_nothing_closes_costs_its_own_row_only():
    broken, *others = read('title,text\nA,"x\n' + "B,C\n" * 25_000)
    assert broken.place == "line 2"
    assert len(others) == 25_000
    assert all(isinstance(item, ArticleRecord) for item in others)
    assert others[-1].place == "line 25002"


def test_a_row_that_is_too_long_is_left_out_and_the_next_one_read(monkeypatch):
    monkeypatch.setattr(parsing, "ROW_CHARACTERS", 1000)
    monkeypatch.setattr(parsing, "CHUNK", 500)
    long, following = read('title,text\nA,"' + "x" * 5000 + '"\nB,C\n')
    assert (long.place, following.place, following.title) == ("line 2", "line 3", "B")


def test_a_file_without_names_of_columns_says_what_its_first_line_must_be():
    with pytest.raises(UnreadableFile, match="The first line names no title and no text: name the columns"):
        sample("without_names.csv")


def test_columns_that_nobody_knows_are_read_once_a_person_said_what_they_are():
    content = "a,b\nOtters,The ferry did not sail.\nBridge,Green.\n"
    assert importers.detect("x.csv", content.encode()).name == "table"
    assert [column.field for column in table.columns(io.BytesIO(content.encode()), Guidance())] == ["", ""]
    ferry, _ = read(content, a="title", b="body")
    assert (ferry.title, ferry.body) == ("Otters", "The ferry did not sail.")


def test_a_hundred_thousand_columns_are_refused_at_once():
    content = ",".join(f"c{number}" for number in range(100_000)).encode() + b"\n" + b"," * 99_999
    with pytest.raises(UnreadableFile, match="100,000 columns"):
        list(importers.read("wide.csv", io.BytesIO(content)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Otters, ferry, and quay\n\nThe ferry, said a man, did not sail.\nA, b, c\n", "pagetext"),
        ("Home | News | Text\n\nThe ferry did not sail on Tuesday.\n", "pagetext"),
        ("title\nOtters delay the ferry\nIt did not sail.\n", "pagetext"),
        ("Title, text and other stories\n\nThe ferry, the otters\n", "pagetext"),
        ("Title, by others\nThe ferry, the otters\n", "pagetext"),
        ("title|text\nOtters|The ferry\n", "table"),
        ('title,text,date\nOtters,"' + "The ferry did not sail.\n" * 1000, "table"),
        ('title,text\nOtters,"The ferry\nBridge,Green\n', "table"),
        ("sep=;\r\ntitle;text\r\nOtters;The ferry\r\n", "table"),
        ("title,text\nOt\x00ters,The ferry\n", "table"),
    ],
)
def test_prose_with_commas_is_no_table(text, expected):
    assert importers.detect("page.txt", text.encode()[:8192]).name == expected


def test_a_line_that_says_what_parts_the_values_is_no_row():
    (record,) = read("sep=;\r\ntitle;text\r\nOtters;The ferry\r\n")
    assert (record.title, record.place) == ("Otters", "line 3")


def test_rows_without_any_value_and_blank_lines_are_passed():
    assert len(read("title,text\n\n,\nOtters,x\n\n")) == 1


def test_columns_of_one_name_or_none_are_told_apart():
    listed = table.columns(io.BytesIO(b"title,text,text,,\nA,b,c,d,e\n"), Guidance())
    assert [column.header for column in listed] == ["title", "text", "text (3)", "column 4", "column 5"]
    assert read("title,text,text\nA,b,c\n")[0].body == "b"


@pytest.mark.parametrize(
    ("values", "first", "last"),
    [
        (("03/04/2017", "13/04/2017"), datetime(2017, 4, 3), datetime(2017, 4, 3, 23, 59)),
        (("03/04/2017", "04/13/2017"), datetime(2017, 3, 4), datetime(2017, 3, 4, 23, 59)),
        (("03/04/2017", "04/04/2017"), datetime(2017, 3, 4), datetime(2017, 4, 3, 23, 59)),
        (("03/04/2017", "13/04/2017", "04/13/2017"), datetime(2017, 3, 4), datetime(2017, 4, 3, 23, 59)),
        (("3-4-2017 18:45", "13-4-2017 07:00"), datetime(2017, 4, 3, 18, 45), datetime(2017, 4, 3, 18, 45)),
        (("03.04.2017",), datetime(2017, 4, 3), datetime(2017, 4, 3, 23, 59)),
        (("1923",), datetime(1923, 1, 1), datetime(1923, 12, 31, 23, 59)),
        (("1923-05",), datetime(1923, 5, 1), datetime(1923, 5, 31, 23, 59)),
        (("05/1923",), datetime(1923, 5, 1), datetime(1923, 5, 31, 23, 59)),
        (("20170530",), datetime(2017, 5, 30), datetime(2017, 5, 30, 23, 59)),
        (("Tue, 30 May 2017 18:45:00 GMT",), datetime(2017, 5, 30, 18, 45), datetime(2017, 5, 30, 18, 45)),
        (("1920/1925",), datetime(1920, 1, 1), datetime(1925, 12, 31, 23, 59)),
        (("2017-05-30/..",), datetime(2017, 5, 30), None),
        (("../2017-05-30",), None, datetime(2017, 5, 30, 23, 59)),
        (("1496169900", "1496169960"), datetime(2017, 5, 30, 18, 45), datetime(2017, 5, 30, 18, 45)),
        (("1496169900000",), datetime(2017, 5, 30, 18, 45), datetime(2017, 5, 30, 18, 45)),
    ],
)
def test_a_date_is_read_as_its_column_writes_dates(values, first, last):
    record = dated(*values)[0]
    assert (record.date.earliest, record.date.latest) == (first, last)
    assert record.date.known is Known.PRINTED
    assert record.date.evidence == (values[0],)


@pytest.mark.parametrize("values", [("1496169900", "May 1961"), ("in the summer of the otters",), ("30/02/2017",)])
def test_what_is_no_date_stays_as_evidence_of_an_unknown_one(values):
    date = dated(*values)[0].date
    assert (date.earliest, date.latest, date.known, date.evidence) == (None, None, Known.UNKNOWN, (values[0],))


@pytest.mark.parametrize("value", ["", "0000-00-00", "0000-00-00 00:00:00", "n/a", "unknown", "NULL"])
def test_what_programs_write_for_no_date_says_nothing(value):
    assert dated(value)[0].date == ArticleRecord(title="").date


def test_rows_far_down_settle_the_order_of_day_and_month():
    records = dated(*["03/04/2017"] * 2000, "25/04/2017")
    assert records[0].date.earliest == datetime(2017, 4, 3)


def test_a_day_that_the_file_calls_a_month_is_one():
    (record,) = read("title,date,date_precision\nOtters,2001-04-01,month\n")
    assert (record.date.precision, record.date.latest) == (Precision.MONTH, datetime(2001, 4, 30, 23, 59))


def test_an_export_of_the_archive_comes_back():
    header = (
        "id,url,title,date,date_known,source,sections,tags,authors,byline,language,dateline,kicker,standfirst,"
        "correction,editors_note,published_at,sha256,text"
    )
    row = (
        '7,https://archive.example/7/,\'=Otters,2017-05-30/..,inferred,Harbour Post,Local; Sea,"New York, NY; otters",'
        "Jane Running; Tom Brisk,By Jane Running,en,PORT ALDERY,Sea,Late,,,https://example.org/otters,ab12,The ferry."
    )
    (record,) = read(f"\ufeff{header}\r\n{row}\r\n")
    assert record.title == "=Otters"
    assert record.canonical_url == "https://example.org/otters"
    assert (record.sections, record.tags) == (("Local", "Sea"), ("New York, NY", "otters"))
    assert record.authors == ("Jane Running", "Tom Brisk")
    assert (record.date.earliest, record.date.known) == (datetime(2017, 5, 30), Known.INFERRED)
    assert (record.body, record.language, record.standfirst) == ("The ferry.", "en", "Late")


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("tags", "a; b|c", ("a", "b", "c")),
        ("tags", "['New York, NY', \"it's\"]", ("New York, NY", "it's")),
        ("tags", '["a","b\\u00e9"]', ("a", "bé")),
        ("keywords", "otters, ferry", ("otters", "ferry")),
        ("category", "Arts, Letters", ("Arts, Letters",)),
        ("authors", "Running, Jane", ("Running, Jane",)),
        ("authors", "Jane Running, Tom Brisk", ("Jane Running", "Tom Brisk")),
        ("author", "Jane Running <jane@example.org>", ("Jane Running",)),
        ("author", "By Jane Running and Tom Brisk", ("Jane Running", "Tom Brisk")),
    ],
)
def test_names_are_parted_where_they_are_clearly_a_list(column, value, expected):
    (record,) = read(f"title\t{column}\nOtters\t{value}\n")
    assert record.authors + record.tags + record.sections == expected


@pytest.mark.parametrize(
    ("body", "is_html"),
    [
        ("<p>The ferry</p>", True),
        ("One<br>two", True),
        ('See <a href="https://example.org">this</a>', True),
        ("British Petroleum <BP> said a < b and c > d", False),
        ("Phillips <P> and Burlington <BR> rose", False),
        ("Tom & Co &amp; <otters>", False),
    ],
)
def test_only_real_tags_make_a_text_html(body, is_html):
    record = read(f"title\ttext\nOtters\t{body}\n")[0]
    assert (record.body_type == HTML) is is_html
    assert record.body == body or (is_html and record.received == body)


def test_inline_html_gets_the_paragraphs_that_its_blank_lines_mean():
    (record,) = read('title,text\nOtters,"One <em>otter</em>.\n\nTwo."\n')
    assert record.body == "<p>One <em>otter</em>.</p>\n<p>Two.</p>"
    assert record.received == "One <em>otter</em>.\n\nTwo."


def test_the_source_of_a_page_beside_its_text_is_left():
    (record,) = read("title,text,html\nOtters,The ferry.,<html><body>Menu The ferry.</body></html>\n")
    assert (record.body, record.body_type) == ("The ferry.", PLAIN)


@pytest.mark.parametrize(
    ("value", "expected"), [("publish", "published"), ("Draft", "draft"), ("private", "withheld"), ("", "published")]
)
def test_a_status_is_read(value, expected):
    assert read(f"title,status\nOtters,{value}\n")[0].status == expected


def test_a_status_that_nobody_knows_makes_a_draft_where_others_are_known():
    records = read("title,status\nA,published\nB,draft\nC,published\nD,embargoed\n")
    assert records[3].status == "draft"


def test_a_column_of_other_words_is_no_status():
    assert read("title,status\nOtters,200\n")[0].status == "published"


@pytest.mark.parametrize(
    ("value", "expected"), [("en", "en"), ("pt_BR", "pt-BR"), ("Deutsch", "de"), ("eng", "en"), ("Klingon!", "")]
)
def test_a_language_is_a_code_or_nothing(value, expected):
    assert read(f"title,lang\nOtters,{value}\n")[0].language == expected


def test_an_address_that_no_browser_opens_is_left_out():
    assert read("title,url\nOtters,/news/otters\n")[0].canonical_url == ""


PIECES = [
    '"',
    '""',
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "title",
    "text",
    "date",
    "03/04/2017",
    "\x00",
    "sep=;",
    "a",
    "é",
]
tables = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@settings(deadline=None, max_examples=200, database=None)
@given(st.one_of(tables, tables.map("title,text,date\n".__add__)), st.sampled_from(["utf-8-sig", "utf-16", "cp1252"]))
def test_any_table_is_answered(text, encoding):
    content = text.encode(encoding, "replace")
    try:
        items = read(content)
    except UnreadableFile:
        return
    places = [item.place for item in items]
    assert len(set(places)) == len(places)
    for item in items:
        assert item.reason.encode() if isinstance(item, Unreadable) else json.dumps(to_json(item))


def test_a_table_of_broken_rows_alone_says_so_of_each():
    results = list(table.read(io.BytesIO(b"title,text\nonly one\nthree,of,them\n"), Guidance()))
    assert [(result.place, result.reason[:8]) for result in results] == [("line 2", "1 values"), ("line 3", "3 values")]


def test_a_table_without_rows_is_refused_as_such():
    with pytest.raises(UnreadableFile, match="has no row"):
        list(table.read(io.BytesIO(b"title,text\n"), Guidance()))
