"""Saved web pages: the article in them, what they say about it, and that every visible line is accounted for."""

from __future__ import annotations

import gzip
import io
import itertools
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.cleaning import clean
from articles.importers import webpage
from articles.records import HTML, ArticleRecord, Guidance, Known, LineKind, Precision, UnreadableFile
from tests.growth import assert_in_proportion

SAMPLES = Path(__file__).parent.parent / "samples" / "webpage"
BROKEN = sorted((SAMPLES / "broken").iterdir())
WHOLE = sorted(path for path in SAMPLES.iterdir() if path.is_file())
REAL = Path(__file__).parent.parent.parent.parent / "shared/corpora/html/article-extraction-benchmark/html"

FERRY = """
<p>The ferry to Skerry did not sail on Tuesday, because eleven otters had moved into its engine room overnight.</p>
<p>“They came up the anchor chain,” said the harbour master, who has counted them every morning since Sunday.</p>
"""


def read(content: bytes | str, **told) -> ArticleRecord:
    content = content.encode() if isinstance(content, str) else content
    (record,) = webpage.read(io.BytesIO(content), Guidance(**told))
    assert isinstance(record, ArticleRecord)
    return record


def sample(name: str) -> ArticleRecord:
    return read((SAMPLES / name).read_bytes())


def page(head: str = "", above: str = "<h1>Otters delay the ferry</h1>", below: str = "", language: str = "en") -> str:
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{above}{FERRY}{below}</body></html>'


def paragraphs(record: ArticleRecord) -> list[str]:
    return [text for part in record.body.splitlines() if (text := unescape(re.sub("<[^>]+>", "", part)).strip())]


def lines(record: ArticleRecord, kind: LineKind) -> str:
    return "".join(text for found, text in record.page if found is kind)


def visible(source: str) -> str:
    """The letters between the tags of a page, in order; another way to them than the reader's."""
    body = re.sub(r"(?si)<(script|style|head)\b.*?</\1>|<!--.*?-->|<[^>]*>", " ", source)
    return "".join(unescape(body).split())


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_a_page_is_known_by_its_content(path):
    assert importers.detect("file", path.read_bytes()[: importers.HEAD_BYTES]).name == "webpage"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.html", b"GIF89a<html>"),
        ("a.html", b"Otters delay the ferry\n\nIt did not sail."),
        ("a.html", b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>'),
        ("a.xml", b'<?xml version="1.0"?><nitf><head><title>Otters</title></head></nitf>'),
        ("a.txt", b"<p>Otters</p><p>Ferry</p>"),
        ("a.txt", b"a < b and <BP> rose"),
    ],
)
def test_what_is_no_page_is_left_to_others(name, head):
    assert not webpage.looks_like(name, head)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("", b"\xef\xbb\xbf\n<!-- saved --><!DOCTYPE html>"),
        ("", "\ufeff<html>".encode("utf-16-le")),
        ("", b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">'),
        ("", b"<HTML><HEAD>"),
        ("piece.htm", b"<p>Otters</p><p>Ferry</p>"),
    ],
)
def test_a_page_may_begin_in_many_ways(name, head):
    assert webpage.looks_like(name, head)


@pytest.mark.parametrize("behind", ["Some text", "<!-- not closed", "<? not closed"])
def test_comments_before_a_text_take_no_longer_than_their_length(behind):
    def detect(count: int) -> None:
        head = "<!-- a -->" * count + behind
        assert not webpage.looks_like("a.txt", head.encode())

    assert_in_proportion(detect, 4000)


def test_a_page_may_begin_with_any_number_of_comments():
    assert webpage.looks_like("a.txt", b"<?xml version='1.0'?>" + b"<!-- a > -- b -->\n" * 200 + b"<html>")


def test_what_a_news_site_says_of_its_article_is_read():
    record = sample("newspaper_site.html")
    assert record.title == "Otters delay the ferry for a third day"
    assert record.standfirst == "Boats stayed at the quay while the council looked for a net."
    assert (record.byline, record.authors) == ("By Tom Brisk and Ilse Barr", ("Tom Brisk", "Ilse Barr"))
    assert (record.source, record.language) == ("Port Aldery Courier", "en-GB")
    assert (record.sections, record.tags) == (("Harbour",), ("otters", "ferry"))
    assert record.canonical_url == "https://courier.portaldery.example/2017/06/13/otters-delay-ferry"
    assert record.date.earliest == record.date.latest == datetime(2017, 6, 13, 6, 10)
    assert (record.date.precision, record.date.known) == (Precision.MINUTE, Known.PRINTED)
    assert record.date.evidence == ("JSON-LD datePublished: 2017-06-13T06:10:00+01:00",)


def test_the_body_keeps_its_heading_list_quotation_emphasis_and_links():
    body = sample("newspaper_site.html").body
    assert "<h2>What the council says</h2>" in body
    assert "<ul><li>Port Merrin has a net" in body
    assert "<blockquote><p>We have no quarrel" in body
    assert "<em>fine enough</em>" in body
    assert '<a href="https://courier.portaldery.example/people/harbour-master">harbour master</a>' in body
    assert body.count("<ul>") == body.count("</ul>") == 1


def test_what_stands_around_and_inside_the_article_is_not_its_body():
    body = sample("newspaper_site.html").body
    for furniture in ("Share", "Herring prices", "very polite", "Home", "All rights reserved", "not shown"):
        assert furniture not in body


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_the_lines_of_the_three_kinds_add_up_to_what_the_page_shows(path):
    source = path.read_bytes()
    text = source.decode("cp1252" if "1252" in path.name else "utf-8")
    record = read(source)
    assert "".join("".join(lines for _, lines in record.page).split()) == visible(text)
    assert all(one[0] != other[0] for one, other in itertools.pairwise(record.page))


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_the_body_is_what_the_body_lines_say(path):
    record = read(path.read_bytes())
    cleaned = clean(record.body, HTML)
    assert cleaned.note == ""
    assert cleaned.text.split() == lines(record, LineKind.BODY).split()


def test_microdata_is_read_and_the_site_stands_behind_the_headline():
    record = sample("microdata.html")
    assert (record.title, record.source) == ("Neues Netz für die Fähre", "Hafenbote")
    assert (record.authors, record.sections, record.language) == (("Jörg Möwe",), ("Hafen",), "de")
    assert record.date.earliest == datetime(2018, 9, 25)
    assert record.date.precision is Precision.DAY


def test_a_page_that_a_browser_saved_long_ago_is_read():
    record = sample("saved_1999_windows_1252.html")
    assert record.title == "Café opens on the pier"
    assert len(paragraphs(record)) == 3
    assert "Zoë Barr" in record.body
    assert record.canonical_url == "http://www.aldery-gazette.example/1999/cafe.htm"
    assert (record.date.earliest, record.date.evidence) == (datetime(1999, 3, 14), ("March 14, 1999",))


def test_a_month_stays_a_month_and_a_name_is_turned_round():
    record = sample("strict.xhtml")
    assert record.authors == ("Anne Loutre",)
    assert record.language == "fr"
    assert (record.date.earliest, record.date.precision) == (datetime(2009, 5, 1), Precision.MONTH)


def test_broken_data_for_programs_still_says_who_and_when():
    record = sample("broken_data.html")
    assert (record.title, record.authors) == ("Gulls elect a mayor", ("Ann Lowe",))
    assert record.date.earliest == datetime(2015, 4, 2)
    assert len(paragraphs(record)) == 3


@pytest.mark.parametrize(
    ("published", "above", "expected"),
    [
        ("2017-06-13T06:10:00+01:00", "", (datetime(2017, 6, 13, 6, 10), Known.PRINTED)),
        ("2017-06-13T23:10:00Z", "<p>June 14, 2017</p>", (datetime(2017, 6, 14), Known.PRINTED)),
        ("1923-05", "", (None, Known.UNKNOWN)),
        ("0000-00-00", "<p>June 14, 2017</p>", (datetime(2017, 6, 14), Known.PRINTED)),
        ("", "<p>Posted on 3 March 2011</p>", (datetime(2011, 3, 3), Known.PRINTED)),
        ("", '<p><time datetime="2012-02-29">Wednesday</time></p>', (datetime(2012, 2, 29), Known.PRINTED)),
        ("", "", (None, Known.UNKNOWN)),
    ],
)
def test_the_date_is_as_the_page_states_or_prints_it(published, above, expected):
    head = f'<meta property="article:published_time" content="{published}">'
    date = read(page(head, f"<h1>Otters delay the ferry</h1>{above}")).date
    assert (date.earliest, date.known) == expected
    assert bool(date.evidence) == (date.known is not Known.UNKNOWN)


def test_a_day_in_the_address_is_inferred():
    record = read(page(), address="https://paper.example/2017/06/13/otters")
    assert (record.date.earliest, record.date.known) == (datetime(2017, 6, 13), Known.INFERRED)
    assert record.date.evidence == ("https://paper.example/2017/06/13/otters",)


def test_a_revision_alone_is_the_latest_that_the_article_can_be():
    head = '<meta property="article:modified_time" content="2017-06-14T09:00:00+01:00">'
    date = read(page(head)).date
    assert (date.earliest, date.latest) == (None, datetime(2017, 6, 14, 9, 0))


@pytest.mark.parametrize("told", ["captured", "received"])
def test_a_date_after_the_page_was_here_is_not_taken(told):
    head = '<meta property="article:published_time" content="2019-01-01">'
    assert read(page(head), **{told: datetime(2018, 1, 1, tzinfo=UTC)}).date.known is Known.UNKNOWN
    assert read(page(head), **{told: datetime(2019, 1, 1, tzinfo=UTC)}).date.known is Known.PRINTED


@pytest.mark.parametrize(
    ("canonical", "told", "expected"),
    [
        ("/ferry", "https://paper.example/a/b?utm=1", "https://paper.example/ferry"),
        ("", "https://paper.example/a", "https://paper.example/a"),
        ("javascript:alert(1)", "", ""),
        ("file:///etc/passwd", "", ""),
        ("https://paper.example/", "https://paper.example/a", "https://paper.example/a"),
        ("http://[", "", ""),
    ],
)
def test_the_address_is_a_whole_one_of_the_web(canonical, told, expected):
    assert read(page(f'<link rel="canonical" href="{canonical}">'), address=told).canonical_url == expected


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "iso-8859-1"), ("utf-16", ""), ("utf-8-sig", ""), ("cp1251", "windows-1251"), ("koi8-r", "koi8-r")],
)
def test_the_bytes_say_how_they_are_to_be_read(encoding, declared):
    russian = "<p>Паром до острова Скерри во вторник не вышел в море, потому что в нём поселились одиннадцать выдр.</p>"
    text = page(f'<meta charset="{declared}">', f"<h1>Выдры</h1>{russian}", language="ru")
    record = read(text.translate({0x201C: '"', 0x201D: '"'}).encode(encoding))
    assert record.title == "Выдры"
    assert "Паром до острова" in record.body


def test_names_are_taken_without_roles_and_addresses():
    head = '<meta name="author" content="By TOM BRISK, Courier Staff Writer; https://paper.example/tb; admin">'
    assert read(page(head)).authors == ("TOM BRISK",)


def test_words_written_for_search_engines_are_no_tags():
    many = ", ".join(f"word{number}" for number in range(40))
    assert read(page(f'<meta name="keywords" content="{many}">')).tags == ()
    assert read(page('<meta name="keywords" content="otters, ferry">')).tags == ("otters", "ferry")


def test_a_description_that_is_not_printed_is_no_standfirst():
    assert read(page('<meta name="description" content="A ferry, an otter and a long wait.">')).standfirst == ""


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_a_page_without_an_article_is_refused_with_what_to_do(path):
    with pytest.raises(UnreadableFile) as refusal:
        read(path.read_bytes())
    assert str(refusal.value).endswith(".")
    assert ":" in str(refusal.value)


HOSTILE = {
    "50,000 nested tags": "<div>" * 50_000 + FERRY,
    "500 nested tags": "<div>" * 500 + FERRY,
    "nested inline tags": ("<b>" * 400 + "x" + "</b>" * 400) * 20,
    "200,000 attributes": "<p " + " ".join(f"a{number}=1" for number in range(200_000)) + ">x",
    "attributes behind a quoted mark": '<p x=">" ' + " ".join(f"a{number}=1" for number in range(200_000)) + ">x",
    "attributes in many tags": ("<p " + " ".join(f"a{number}" for number in range(900)) + ">x</p>") * 300,
    "unclosed quotes": '<a x="' * 40_000,
    "unclosed comments": "<!--" * 40_000 + FERRY,
    "unclosed scripts": "<script>" * 40_000 + FERRY,
    "nested JSON": f'<script type="application/ld+json">{"[" * 100_000}</script>{FERRY}',
    "entities of its own": f'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><p>&b;&b;{FERRY}',
    "an endless title": f"<title>{'a | ' * 100_000}</title>{FERRY}",
    "invalid UTF-8": b"<html><p>" + b"\xc3\x28\xa0\xa1\xe2\x28\xa1\xf0\x28\x8c\xbc " * 10_000,
    "a picture": b"<html>GIF89a" + bytes(range(256)) * 100,
    "NULs": b"<html>" + b"\x00" * 100_000,
    "6 MB": "<html>" + "x" * 6_000_000,
    "lines without end": "<p>word" * 45_000,
}


def answer(content: bytes | str) -> str:
    """The title of the article, or the sentence that refuses the page."""
    try:
        return read(content).title
    except UnreadableFile as refusal:
        return str(refusal)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_absurd_is_read_or_refused(name):
    assert answer(HOSTILE[name]).strip()


def test_nothing_outside_the_page_is_opened(tmp_path):
    (named := tmp_path / "named").write_text("what stands elsewhere")
    record = read(f'<!DOCTYPE html SYSTEM "file://{named}"><html><body><iframe src="file://{named}"></iframe>{FERRY}')
    assert "what stands elsewhere" not in str(record)


@pytest.mark.parametrize(
    "doctype", ['<!ENTITY a "aaa"><!ENTITY b "&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/hostname">']
)
def test_a_page_that_declares_entities_is_refused(doctype):
    with pytest.raises(UnreadableFile, match="declares entities"):
        read(f"<!DOCTYPE html [{doctype}]><html><body><p>&b;</p>{FERRY}")


@pytest.mark.parametrize("end", ["</body></html>", "</HTML >", "</body></html><html><body>"])
def test_what_stands_behind_the_end_of_a_page_is_read_as_browsers_show_it(end):
    below = "<p>The harbour master counted the otters once more, and then the ferry sailed to Skerry at noon.</p>"
    record = read(page().replace("</body></html>", end + below))
    assert "sailed to Skerry at noon" in record.body
    assert record.title == "Otters delay the ferry"


SOUP = """
<p> </p> <div_class=caption> </div> <h1> <table><tr><td> </table> <br> <b> </b> <a_href='//x'> <figure><img_src=a>
<figcaption> </figure> <script> </script> <!-- --> &#0; &#xD800; <article> </article> <time_datetime="9999-99">
June_13,_2017 By_Tom_Brisk <title> </title> <svg> <form> <ul><li> <blockquote>
""".replace("_", "\x00").split()
pieces = st.sampled_from(
    [
        *(piece.replace("\x00", " ") for piece in SOUP),
        "\x00",
        FERRY,
        '<script type="application/ld+json">{"@type":"Article","author":[[{"name":1}]],"datePublished":{}}</script>',
    ]
)


@settings(deadline=None, max_examples=100, database=None)
@given(st.lists(pieces | st.text(max_size=20), max_size=40))
def test_any_soup_of_tags_is_answered(parts):
    try:
        record = read("<html>" + "".join(parts))
    except UnreadableFile:
        return
    assert record.title.strip()
    assert record.body.encode()
    assert lines(record, LineKind.BODY).strip()


@settings(deadline=None, max_examples=60, database=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_answered(content):
    assert answer(b"<html>" + content).strip()


@pytest.mark.skipif(not REAL.is_dir(), reason="the corpora are not beside this checkout")
def test_every_tenth_real_page_gives_an_article_with_title_and_body():
    for path in sorted(REAL.glob("*.html.gz"))[::10]:
        record = read(gzip.decompress(path.read_bytes()))
        assert record.title
        assert len(paragraphs(record)) > 1
