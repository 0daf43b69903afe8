"""NITF: one story with what its agency says of it."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest

from articles.importers import nitf, wire
from articles.records import ArticleRecord, Guidance, ImageRecord, Status, UnreadableFile

SAMPLES = Path(__file__).parent.parent / "samples" / "nitf"


def read(content: bytes, received: datetime | None = None) -> ArticleRecord:
    (record,) = nitf.read(io.BytesIO(content), Guidance(received=received))
    assert isinstance(record, ArticleRecord)
    return record


def test_a_story_comes_with_all_that_the_agency_says_of_it():
    story = read((SAMPLES / "ferry.xml").read_bytes())
    assert story.title == "Otters delay the ferry at Café Steps"
    assert story.standfirst == "Captain waits two hours"
    assert story.byline == "By Maud Tench and Ivor Pike, Aldery Wire Agency"
    assert story.authors == ("Maud Tench", "Ivor Pike")
    assert (story.source, story.dateline) == ("Aldery Wire Agency", "Port Aldery, Aldery")
    assert (story.sections, story.kicker) == (("Harbour",), "Letters from the harbour")
    assert story.tags == ("otters", "ferry", "Environment", "Wildlife")
    assert (story.language, story.canonical_url) == ("en-GB", "https://wire.example/77")
    assert story.editors_note == "Adds the captain in paragraph 2."


def test_a_date_that_was_never_filled_in_is_passed_over_for_the_next():
    assert read((SAMPLES / "ferry.xml").read_bytes()).date.earliest == datetime(1998, 11, 12, 7, 15)


def test_the_picture_is_taken_out_of_the_text_with_its_caption():
    story = read((SAMPLES / "ferry.xml").read_bytes())
    assert story.images == (
        ImageRecord(
            url="https://wire.example/otter.jpg", caption="An otter on the slipway.", credit="I. Pike", alt="An otter"
        ),
    )
    assert "slipway" not in story.body
    assert "<h3>Nobody minded</h3>" in story.body
    assert story.body.endswith("<p>Maud Tench writes on Thursdays.</p>")


def test_a_story_that_is_cut_short_is_refused_with_its_line():
    with pytest.raises(UnreadableFile, match="line 2: the record has no end"):
        read((SAMPLES / "broken_cut_short.xml").read_bytes())


@pytest.mark.parametrize(
    ("status", "release", "kept"),
    [
        ("usable", "", Status.PUBLISHED),
        ("canceled", "", Status.WITHHELD),
        ("withheld", "", Status.WITHHELD),
        ("embargoed", "20240105T060000+0100", Status.WITHHELD),
        ("embargoed", "20231231T060000+0100", Status.PUBLISHED),
        ("embargoed", "", Status.WITHHELD),
    ],
)
def test_what_the_agency_does_not_want_shown_is_withheld(status, release, kept):
    content = f"""<nitf><head><docdata management-status="{status}"><date.release norm="{release}"/></docdata></head>
        <body><body.content><p>a</p></body.content></body></nitf>"""
    story = read(content.encode(), received=datetime(2024, 1, 1))
    assert story.status is kept
    assert bool(story.editors_note) is (kept is Status.WITHHELD)


def test_a_summary_that_the_text_begins_with_is_not_said_twice():
    head = "<body.head><abstract>It left late</abstract></body.head>"
    content = f"<nitf><body>{head}<body.content><p>It left late, on Monday.</p></body.content></body></nitf>"
    assert read(content.encode()).standfirst == ""


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Maud Tench", ("Maud Tench",)),
        ("Maud Tench and Frances d'Emilio", ("Maud Tench", "Frances d'Emilio")),
        ("Von Jette Brandt", ("Jette Brandt",)),
        ("gr/bp", ()),
        ("", ()),
    ],
)
def test_people_are_found_in_a_byline(byline, names):
    assert wire.names(byline) == names
