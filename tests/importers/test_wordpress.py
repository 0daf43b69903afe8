"""WordPress exports: posts, drafts and pages told apart from what is no article."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from articles.importers import wordpress, wptext
from articles.records import ArticleRecord, Guidance, ImageRecord, Known, Status, Unreadable, UnreadableFile

SAMPLES = Path(__file__).parent.parent / "samples" / "wordpress"
EXPORT = "<rss xmlns:wp='http://wordpress.org/export/1.2/' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
END = "</channel></rss>"


def read(content: bytes, received: datetime | None = None) -> list[ArticleRecord | Unreadable]:
    return list(wordpress.read(io.BytesIO(content), Guidance(received=received)))


def sample(name: str) -> list[ArticleRecord | Unreadable]:
    return read((SAMPLES / name).read_bytes())


def test_a_post_comes_with_all_that_the_export_says_of_it():
    post = sample("port_aldery.xml")[1]
    assert isinstance(post, ArticleRecord)
    assert post.title == "Otters & the ferry"
    assert post.authors == ("Maud Tench",)
    assert (post.sections, post.tags) == (("Harbour",), ("Otters",))
    assert (post.source, post.language) == ("Port Aldery Notes", "en-GB")
    assert post.standfirst == "A family of otters slept on the slipway."
    assert post.canonical_url == "https://notes.example/2021/05/otters/"
    assert post.status is Status.PUBLISHED
    assert post.date.earliest == datetime(2021, 5, 4, 6, 10)
    assert post.date.evidence == ("2021-05-04 06:10:00",)
    assert post.images == (
        ImageRecord(url="https://notes.example/files/otter.jpg", caption="An otter on the café steps."),
    )


def test_the_text_is_as_wordpress_shows_it_and_the_text_as_it_came_is_kept():
    post = sample("port_aldery.xml")[1]
    assert isinstance(post, ArticleRecord)
    assert "<p>The ferry left late [sic].<br>Nobody minded.</p>" in post.body
    assert "<figcaption>The quay at <em>nine</em>.</figcaption>" in post.body
    assert "<p>They were asleep.</p>\n<p>Both of them.</p>" in post.body
    assert "<pre>07:15\n\n09:00</pre>" in post.body
    assert "[gallery" not in post.body
    assert '[gallery ids="1,2,3"]' in post.received


def test_a_draft_stays_one_and_has_no_date_of_publication():
    draft = sample("port_aldery.xml")[2]
    assert isinstance(draft, ArticleRecord)
    assert (draft.status, draft.date.known, draft.authors) == (Status.DRAFT, Known.UNKNOWN, ("ivor",))
    assert draft.body == "<p>The council has been asked.</p>"


def test_a_page_is_kept_where_readers_do_not_see_it():
    page = sample("port_aldery.xml")[3]
    assert isinstance(page, ArticleRecord)
    assert (page.status, page.editors_note) == (Status.DRAFT, wordpress.PAGE_NOTE)


def test_what_is_no_article_is_passed_over_with_what_it_is():
    passed = [item for item in sample("port_aldery.xml") if isinstance(item, Unreadable)]
    assert [(item.place, item.reason.split(":")[0]) for item in passed] == [
        ("item 1", "attachment"),
        ("item 5", "nav_menu_item"),
        ("item 6", "post with the status trash"),
    ]
    assert all(item.passed_over for item in passed)


def test_what_stands_before_and_behind_a_break_comes_in():
    before, broken, after, cut = sample("broken_in_the_middle.xml")
    assert isinstance(before, ArticleRecord)
    assert before.title == "Before the break"
    assert isinstance(broken, Unreadable)
    assert broken.place == "item 2"
    assert "line 6" in broken.reason
    assert isinstance(after, ArticleRecord)
    assert after.title == "After the break"
    assert isinstance(cut, Unreadable)
    assert "cut short" in cut.reason


@pytest.mark.parametrize(
    ("status", "password", "kept"),
    [
        ("publish", "", Status.PUBLISHED),
        ("publish", "secret", Status.DRAFT),
        ("private", "", Status.DRAFT),
        ("pending", "", Status.DRAFT),
        ("future", "", Status.DRAFT),
    ],
)
def test_only_what_anybody_could_read_is_published(status, password, kept):
    item = (
        f"<item><title>a</title><wp:status>{status}</wp:status><wp:post_password>{password}</wp:post_password></item>"
    )
    (record,) = read(f"{EXPORT}{item}{END}".encode())
    assert isinstance(record, ArticleRecord)
    assert record.status is kept


def test_a_date_later_than_the_file_is_no_date_of_publication():
    item = "<item><title>a</title><wp:post_date>2031-01-01 10:00:00</wp:post_date></item>"
    (record,) = read(f"{EXPORT}{item}{END}".encode(), received=datetime(2024, 1, 1))
    assert isinstance(record, ArticleRecord)
    assert (record.date.known, record.date.evidence) == (Known.UNKNOWN, ("2031-01-01 10:00:00",))


def test_the_names_of_several_authors_count_more_than_the_log_in():
    item = "<item><title>a</title><category domain='author' nicename='cap-a'>Ada Lund</category></item>"
    (record,) = read(f"{EXPORT}{item}{END}".encode())
    assert isinstance(record, ArticleRecord)
    assert record.authors == ("Ada Lund",)


def test_an_export_without_posts_is_refused():
    with pytest.raises(UnreadableFile, match="no WordPress export"):
        read(f"{EXPORT}<title>Empty</title>{END}".encode())


def test_it_is_known_by_its_namespace_and_a_feed_is_not():
    assert wordpress.looks_like("a.xml", EXPORT.encode())
    assert not wordpress.looks_like("wordpress.xml", b"<rss version='2.0'><channel><title>a</title>")


class Endless(io.RawIOBase):
    """An export that never ends."""

    def __init__(self) -> None:
        self.parts = itertools.chain([EXPORT.encode()], itertools.repeat(b"<item><title>a</title></item>" * 100))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        part = next(self.parts)[: len(buffer)]
        buffer[: len(part)] = part
        return len(part)


def test_the_first_posts_of_a_file_without_end_come_at_once():
    results: Iterator[ArticleRecord | Unreadable] = wordpress.read(io.BufferedReader(Endless(), 8192), Guidance())
    assert [item.place for item in itertools.islice(results, 3)] == ["item 1", "item 2", "item 3"]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->", "<p>a</p>"),
        ("text<!--more-->rest", "<p>text</p>\n<p>rest</p>"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("[pullquote]so it is[/pullquote]", "<p>so it is</p>"),
        ("[embed]https://a.example/v[/embed]", '<p><a href="https://a.example/v">https://a.example/v</a></p>'),
        ("kept [sic] and [1] and [[gallery]]", "<p>kept [sic] and [1] and [[gallery]]</p>"),
        ("[audio mp3='https://a.example/a.mp3'][/audio]", ""),
        (
            "[caption caption='Old way' width='3']<img src='a.jpg'>[/caption]",
            "<figure><img src='a.jpg'>\n<figcaption>Old way</figcaption>\n</figure>",
        ),
        ("never [caption closed", "<p>never [caption closed</p>"),
        ("never opened[/caption]", "<p>never opened</p>"),
    ],
)
def test_text_is_written_out_as_wordpress_would(content, shown):
    assert wptext.shown(content) == shown
