"""ninjs of both versions: one item, a list, an answer of a feed, or lines."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from articles.importers import ninjs
from articles.records import PLAIN, ArticleRecord, Guidance, ImageRecord, Status, Unreadable, UnreadableFile

SAMPLES = Path(__file__).parent.parent / "samples" / "ninjs"


def read(content: bytes, received: datetime | None = None) -> list[ArticleRecord | Unreadable]:
    return list(ninjs.read(io.BytesIO(content), Guidance(received=received)))


def written(value: Any) -> list[ArticleRecord | Unreadable]:
    return read(json.dumps(value).encode())


def test_an_item_comes_with_all_that_the_agency_says_of_it():
    (ferry,) = read((SAMPLES / "story.json").read_bytes())
    assert isinstance(ferry, ArticleRecord)
    assert (ferry.title, ferry.body) == ("Otters delay the ferry", "<p>The 7:15 left at nine.</p>")
    assert (ferry.standfirst, ferry.kicker) == ("Captain waits two hours.", "FERRY-OTTERS")
    assert (ferry.byline, ferry.authors, ferry.source) == ("By Maud Tench", ("Maud Tench",), "Aldery Wire")
    assert (ferry.sections, ferry.tags) == (("Harbour",), ("otters", "environment"))
    assert (ferry.dateline, ferry.language) == ("Port Aldery", "en-GB")
    assert (ferry.canonical_url, ferry.editors_note) == ("https://wire.example/items/1", "Adds the captain.")
    assert ferry.date.earliest == datetime(2018, 2, 28, 7, 15)
    assert ferry.images == (
        ImageRecord(url="https://wire.example/otter.jpg", caption="An otter on the slipway.", credit="I. Pike"),
    )


def test_version_2_names_the_main_forms_of_headline_and_text():
    lamp, picture = read((SAMPLES / "version_2.json").read_bytes(), datetime(2021, 10, 23))
    assert isinstance(lamp, ArticleRecord)
    assert (lamp.title, lamp.body_type) == ("Lamp oil is dearer", PLAIN)
    assert lamp.body == "A gallon costs more.\n\nNobody is pleased."
    assert (lamp.source, lamp.tags, lamp.status) == ("Aldery Wire", ("prices",), Status.PUBLISHED)
    assert lamp.images == (ImageRecord(url="https://wire.example/lamp.jpg", caption="A lamp."),)
    assert picture == Unreadable("item 2", "picture: there is no text in it", passed_over=True)


def test_an_embargo_that_has_not_ended_withholds_the_item():
    lamp = read((SAMPLES / "version_2.json").read_bytes(), datetime(2021, 10, 21))[0]
    assert isinstance(lamp, ArticleRecord)
    assert (lamp.status, lamp.editors_note) == (Status.WITHHELD, "Embargoed until 2021-10-22T06:00:00Z.")


def test_a_broken_line_does_not_touch_its_neighbours():
    first, broken, last = read((SAMPLES / "broken_lines.jsonl").read_bytes())
    assert isinstance(first, ArticleRecord)
    assert first.title == "Whole"
    assert isinstance(broken, Unreadable)
    assert broken.place == "line 2"
    assert isinstance(last, ArticleRecord)
    assert (last.title, last.place) == ("Whole again", "line 3")


@pytest.mark.parametrize("wrapped", [{"item": [{"headline": "a"}]}, {"data": {"items": [{"item": {"headline": "a"}}]}}])
def test_items_are_found_in_the_answer_of_a_feed(wrapped):
    assert [item.title for item in written(wrapped) if isinstance(item, ArticleRecord)] == ["a"]


def test_values_of_the_wrong_kind_are_left_out():
    (found,) = written(
        {
            "headline": "a",
            "uri": 7,
            "subject": [5, {"name": 3}],
            "keywords": {"x": None},
            "associations": [1, {"type": "picture"}],
        }
    )
    assert isinstance(found, ArticleRecord)
    assert (found.title, found.tags, found.images) == ("a", (), ())


def test_half_a_character_does_no_harm():
    (found,) = read(b'{"headline": "a\\ud800", "body_text": "\\u0000b"}')
    assert isinstance(found, ArticleRecord)
    assert (found.title, found.body) == ("a", "b")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"headline": ', "no JSON"),
        (b'{"headline": "a", "x": ' + b"[" * 100_000, "nested too deeply"),
        (b"[" + b"[]," * 500_001 + b"1]", "more than 500,000 lists"),
        (b'{"headline": "' + b"a" * 10_000_000 + b'"}', "larger than"),
        (b'{"weather": "fine"}', "no ninjs"),
        (b"[]", "no ninjs"),
    ],
    ids=["cut", "deep", "many", "large", "other", "empty"],
)
def test_what_is_no_ninjs_or_too_much_is_refused(content, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read(content)


@pytest.mark.parametrize(
    ("head", "is_ninjs"),
    [
        (b'{"uri": "a", "headline": "b", "pubstatus": "usable", "versioncreated": "2018"}', True),
        (b'\xef\xbb\xbf [ {"guid":"a","slugline":"b","urgency":3,"body_html":"<p>"', True),
        (b'{"title": "a", "body": "b", "date": "1936"}', False),
        (b'{"url": "a", "headline": "b", "text": "c"}', False),
        (b'"uri": "headline": "pubstatus": "urgency":', False),
    ],
)
def test_it_is_known_by_the_names_of_its_fields(head, is_ninjs):
    assert ninjs.looks_like("a.json", head) is is_ninjs
