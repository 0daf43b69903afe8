"""Feeds: the full text where it is given, what is printed as its date, and nothing fetched."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest

from articles.importers import feed
from articles.records import HTML, PLAIN, ArticleRecord, Guidance, ImageRecord, Known, Unreadable, UnreadableFile

SAMPLES = Path(__file__).parent.parent / "samples" / "feed"


def read(content: bytes) -> list[ArticleRecord | Unreadable]:
    return list(feed.read(io.BytesIO(content), Guidance()))


def articles(name: str) -> list[ArticleRecord]:
    return [item for item in read((SAMPLES / name).read_bytes()) if isinstance(item, ArticleRecord)]


def item(inside: str, version: str = "2.0") -> ArticleRecord:
    found = read(f"<rss version='{version}'><channel><item>{inside}</item></channel></rss>".encode())[0]
    assert isinstance(found, ArticleRecord)
    return found


def test_the_full_text_is_the_body_and_the_summary_its_standfirst():
    otters = articles("rss_full_text.xml")[0]
    assert otters.title == "Otters delay the ferry & its band"
    assert otters.body.startswith("<p>The 7:15 to Aldery Point left at nine.</p>")
    assert otters.standfirst == "A family of otters kept the morning ferry at its berth."
    assert (otters.authors, otters.tags) == (("Maud Tench",), ("Harbour", "Otters"))
    assert (otters.source, otters.language) == ("The Port Aldery Courier", "en-gb")
    assert otters.canonical_url == "https://courier.example/otters"
    assert otters.images == (ImageRecord(url="https://courier.example/otter.jpg", credit="I. Pike"),)


def test_the_date_is_the_clock_of_where_it_was_published():
    otters = articles("rss_full_text.xml")[0]
    assert otters.date.earliest == otters.date.latest == datetime(2009, 11, 12, 7, 40)
    assert otters.date.known is Known.PRINTED
    assert otters.date.evidence == ("Thu, 12 Nov 2009 07:40:00 +0100",)


def test_a_summary_alone_is_the_body_and_needs_no_title():
    library = articles("rss_full_text.xml")[1]
    assert (library.title, library.body, library.standfirst) == ("", "The library opens on Sunday again.", "")
    assert library.images[0].url == "https://courier.example/library.jpg"
    assert library.date.known is Known.UNKNOWN


def test_an_item_with_nothing_to_read_is_said_to_have_none():
    assert read((SAMPLES / "rss_full_text.xml").read_bytes())[2] == Unreadable(
        "item 3", "there is neither a title nor a text"
    )


def test_an_old_feed_with_its_document_type_is_read_whole():
    (tide,) = read((SAMPLES / "rss_091_with_doctype.xml").read_bytes())
    assert isinstance(tide, ArticleRecord)
    assert (tide.title, tide.body) == ("High water at café steps", "The steps were wet\xa0by noon.")


def test_a_day_of_change_is_only_the_latest_that_it_can_have_been_published():
    ferry, otter = articles("atom_changed_only.xml")
    assert (ferry.date.earliest, ferry.date.latest) == (None, datetime(2011, 6, 3, 18, 20))
    assert otter.date.earliest == datetime(2011, 6, 4, 8, 0)


def test_an_entry_without_author_has_the_author_of_its_feed():
    ferry, otter = articles("atom_changed_only.xml")
    assert (ferry.authors, otter.authors) == (("Jette Brandt",), ("Ole Wied",))
    assert (ferry.body_type, otter.body_type) == (PLAIN, HTML)
    assert ferry.title == "Die Fähre fährt wieder"


def test_a_broken_feed_gives_what_it_can_and_says_where_it_breaks():
    first, second, broken = read((SAMPLES / "broken_cut_short.xml").read_bytes())
    assert isinstance(first, ArticleRecord)
    assert first.body == "A gallon costs a shilling more."
    assert isinstance(second, ArticleRecord)
    assert second.title == "Fish & chips by the pier"
    assert broken == Unreadable("line 4", feed.NOT_WELL_FORMED, passed_over=True)


def test_the_date_of_rdf_and_dublin_core_counts():
    found = item("<title>a</title><dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2003-12</dc:date>")
    assert (found.date.earliest, found.date.evidence) == (datetime(2003, 12, 1), ("2003-12",))


def test_an_address_of_mail_is_no_author():
    assert item("<title>a</title><author>desk@courier.example</author>").authors == ()
    assert item("<title>a</title><author>desk@courier.example (Maud Tench)</author>").authors == ("Maud Tench",)


def test_an_old_encoding_is_found_where_nothing_declares_it():
    text = "<rss version='2.0'><channel><item><title>Как пережить новогоднюю ночь у моря</title></item></channel></rss>"
    (found,) = read(text.encode("koi8-r"))
    assert isinstance(found, ArticleRecord)
    assert found.title == "Как пережить новогоднюю ночь у моря"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<rss version='2.0'><channel><title>Empty</title></channel></rss>", "no feed with items"),
        (b"<rss><channel><item>" + b"<b/>" * 100_001, "more than 100,000 tags"),
        (b"<rss><channel><item><b " + b"a='1' " * 1_001 + b"/>", "more than 1,000 attributes"),
        (b"<rss><channel><item>" + b"a" * 10_000_000, "larger than 10,000,000 bytes"),
    ],
    ids=["empty", "tags", "attributes", "size"],
)
def test_a_feed_of_nothing_or_too_much_is_refused(content, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read(content)


@pytest.mark.parametrize(
    ("head", "is_feed"),
    [
        (b"<?xml version='1.0'?><rss version='2.0'>", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", True),
        (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>", True),
        (
            b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:foaf='http://xmlns.com/foaf/'>",
            False,
        ),
        (b"<!doctype html><html><body>about <rss> feeds", False),
        (b"A note about <rss> feeds", False),
    ],
)
def test_a_feed_is_known_by_its_root(head, is_feed):
    assert feed.looks_like("feed.xml", head) is is_feed
