"""NewsML 1: several news items in an envelope, with texts of three kinds."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest

from articles.importers import newsml
from articles.records import (
    HTML,
    PLAIN,
    ArticleRecord,
    Guidance,
    ImageRecord,
    Precision,
    Status,
    Unreadable,
    UnreadableFile,
)

SAMPLES = Path(__file__).parent.parent / "samples" / "newsml"


def read(content: bytes) -> list[ArticleRecord | Unreadable]:
    return list(newsml.read(io.BytesIO(content), Guidance()))


def component(inside: str, lines: str = "") -> str:
    return f"<NewsComponent><NewsLines>{lines}</NewsLines>{inside}</NewsComponent>"


def text(words: str) -> str:
    return f"<ContentItem><MediaType FormalName='Text'/><DataContent><p>{words}</p></DataContent></ContentItem>"


def test_an_item_comes_with_all_that_the_agency_says_of_it():
    ferry = read((SAMPLES / "two_items.xml").read_bytes())[0]
    assert isinstance(ferry, ArticleRecord)
    assert (ferry.title, ferry.standfirst) == ("Otters delay the ferry", "Captain waits two hours")
    assert (ferry.body, ferry.body_type) == ("<p>The 7:15 left at nine.</p>", HTML)
    assert (ferry.byline, ferry.authors, ferry.source) == ("By Maud Tench", ("Maud Tench",), "Aldery Wire")
    assert (ferry.dateline, ferry.kicker, ferry.language) == ("PORT ALDERY, Feb 28", "ferry-otters", "en")
    assert ferry.tags == ("otters", "ferry")
    assert ferry.images == (ImageRecord(url="https://wire.example/otter.jpg", caption="An otter on the slipway."),)


def test_the_day_it_first_came_counts_and_not_the_day_of_a_revision():
    ferry = read((SAMPLES / "two_items.xml").read_bytes())[0]
    assert isinstance(ferry, ArticleRecord)
    assert ferry.date.earliest == datetime(2005, 2, 28, 18, 15)


def test_what_the_agency_cancelled_is_withheld():
    library = read((SAMPLES / "two_items.xml").read_bytes())[1]
    assert isinstance(library, ArticleRecord)
    assert (library.status, library.editors_note) == (Status.WITHHELD, "The agency has cancelled this item.")
    assert (library.body_type, library.date.precision) == (PLAIN, Precision.DAY)
    assert library.body == "The library closes on Sundays.\n\nIt opens on Mondays."


def test_a_picture_alone_is_passed_over():
    picture = read((SAMPLES / "two_items.xml").read_bytes())[2]
    assert picture == Unreadable("item 3", "Photo without a text", passed_over=True)


def test_a_broken_item_does_not_touch_its_neighbour():
    whole, broken = read((SAMPLES / "broken_second_item.xml").read_bytes())
    assert isinstance(whole, ArticleRecord)
    assert whole.title == "Whole"
    assert isinstance(broken, Unreadable)
    assert broken.place == "item 2"
    assert "line 4" in broken.reason


def test_texts_with_headlines_of_their_own_are_articles_of_their_own():
    inside = component(text("one"), "<HeadLine>One</HeadLine>") + component(text("two"), "<HeadLine>Two</HeadLine>")
    results = read(f"<NewsML><NewsItem>{component(inside)}</NewsItem></NewsML>".encode())
    assert [(item.place, item.title, item.body) for item in results if isinstance(item, ArticleRecord)] == [
        ("item 1", "One", "<p>one</p>"),
        ("item 1, text 2", "Two", "<p>two</p>"),
    ]


def test_of_texts_that_say_the_same_the_first_is_taken():
    inside = f"<NewsComponent EquivalentsList='yes'>{text('plain')}{text('rich')}</NewsComponent>"
    (found,) = read(f"<NewsML><NewsItem>{component(inside, '<HeadLine>H</HeadLine>')}</NewsItem></NewsML>".encode())
    assert isinstance(found, ArticleRecord)
    assert found.body == "<p>plain</p>"


def test_a_file_without_items_is_refused():
    with pytest.raises(UnreadableFile, match="no NewsML"):
        read(b"<NewsML><NewsEnvelope/></NewsML>")
