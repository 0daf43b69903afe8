"""NewsML-G2: one item or a message of several."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest

from articles.importers import newsmlg2
from articles.records import PLAIN, ArticleRecord, Guidance, ImageRecord, Status, Unreadable, UnreadableFile

SAMPLES = Path(__file__).parent.parent / "samples" / "newsmlg2"


def read(content: bytes, received: datetime | None = None) -> list[ArticleRecord | Unreadable]:
    return list(newsmlg2.read(io.BytesIO(content), Guidance(received=received)))


def message(received: datetime | None = None) -> list[ArticleRecord | Unreadable]:
    return read((SAMPLES / "message.xml").read_bytes(), received)


def test_an_item_comes_with_all_that_the_agency_says_of_it():
    ferry = message()[1]
    assert isinstance(ferry, ArticleRecord)
    assert (ferry.title, ferry.standfirst) == ("Otters delay the ferry", "Captain waits two hours")
    assert ferry.body == "<p>The 7:15 left at nine.</p><p>Nobody <em>minded</em>.</p>"
    assert (ferry.byline, ferry.authors) == ("Maud Tench, Ivor Pike", ("Maud Tench", "Ivor Pike"))
    assert (ferry.source, ferry.dateline, ferry.kicker) == ("Aldery Wire", "Port Aldery", "FERRY-OTTERS")
    assert (ferry.sections, ferry.tags) == (("Harbour",), ("otters", "environment"))
    assert (ferry.language, ferry.canonical_url) == ("en", "https://wire.example/items/1")
    assert ferry.date.earliest == datetime(2018, 2, 28, 7, 15)
    assert ferry.images == (ImageRecord(url="https://wire.example/otter.jpg"),)


def test_notes_that_are_not_for_the_public_are_left_out():
    ferry = message()[1]
    assert isinstance(ferry, ArticleRecord)
    assert ferry.editors_note == "Adds the captain."


def test_what_the_agency_cancelled_is_withheld_with_its_text():
    library = message()[2]
    assert isinstance(library, ArticleRecord)
    assert (library.status, library.body, library.body_type) == (Status.WITHHELD, "It does not close.", PLAIN)
    assert library.editors_note == "The agency has cancelled this item."


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (None, Status.WITHHELD),
        (datetime(2018, 3, 4), Status.WITHHELD),
        (datetime(2018, 3, 6), Status.PUBLISHED),
    ],
)
def test_an_embargo_holds_until_it_is_known_to_have_ended(received, status):
    lamp = message(received)[3]
    assert isinstance(lamp, ArticleRecord)
    assert lamp.status is status


def test_the_note_of_a_correction_is_a_correction():
    lamp = message(datetime(2018, 3, 6))[3]
    assert isinstance(lamp, ArticleRecord)
    assert (lamp.correction, lamp.editors_note) == ("Corrects the price of lamp oil.", "")
    assert lamp.body == "<p>A gallon costs more.</p>"


def test_packages_and_pictures_are_passed_over():
    package, *_, picture = message()
    assert package == Unreadable("item 1", "packageItem: a package: a list of other items", passed_over=True)
    assert picture == Unreadable("item 5", "picture: there is no text in it", passed_over=True)


def test_a_message_that_is_cut_short_says_where():
    *_, cut = read((SAMPLES / "broken_cut_short.xml").read_bytes())
    assert isinstance(cut, Unreadable)
    assert cut.place == "item 3"
    assert "cut short" in cut.reason


def test_an_item_alone_is_read_whatever_its_prefix():
    content = """<n:newsItem xmlns:n="http://iptc.org/std/nar/2006-10-01/"><n:contentMeta><n:headline>H</n:headline>
        </n:contentMeta><n:contentSet><n:inlineData>Text.</n:inlineData></n:contentSet></n:newsItem>"""
    assert newsmlg2.looks_like("", content.encode())
    (found,) = read(content.encode())
    assert isinstance(found, ArticleRecord)
    assert (found.title, found.body) == ("H", "Text.")


def test_a_message_without_items_is_refused():
    with pytest.raises(UnreadableFile, match="no NewsML-G2"):
        read(b"<newsMessage><header/></newsMessage>")
