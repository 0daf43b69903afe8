"""XML as a stream: each record by itself, nothing expanded or fetched, whatever the bytes."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import importers
from articles.importers import feed, markup, newsml, newsmlg2, ninjs, nitf, wordpress
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile

SAMPLES = Path(__file__).parent.parent / "samples"
BILLION_LAUGHS = '<!DOCTYPE nitf [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE nitf [<!ENTITY a SYSTEM "file:///etc/hostname">]>'

READERS = (feed, wordpress, nitf, newsml, newsmlg2, ninjs)
STARTS = {
    feed: "<rss version='2.0'><channel><item><title>t</title><description>",
    wordpress: "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><item><title>t</title><wp:status>",
    nitf: "<nitf><body><body.content>",
    newsml: "<NewsML><NewsItem><NewsComponent><ContentItem><DataContent>",
    newsmlg2: "<newsItem><contentSet><inlineXML>",
    ninjs: '{"guid": "1", "urgency": 1, "headline": "t", "body_text": ',
}


def found(text: str | bytes) -> list[str]:
    """The texts of the items, and the places and reasons of those that are broken."""
    content = text if isinstance(text, bytes) else text.encode()
    return [
        f"{item.place}: {item.reason}" if isinstance(item, Unreadable) else markup.words(item.element)
        for item in markup.items(io.BytesIO(content), ["item"], ["title"])
    ]


def rss(items: str) -> str:
    return f"<?xml version='1.0'?>\n<rss>\n<channel><title>T</title>\n{items}</channel></rss>"


def test_what_stands_before_the_records_comes_first_and_each_record_whole():
    assert found(rss("<item>a <b>b</b></item><item>c</item>")) == ["T", "a b", "c"]


def test_a_broken_record_does_not_touch_its_neighbours():
    title, first, broken, last = found(rss("<item>a</item>\n<item>b & c</item>\n<item>d</item>"))
    assert (title, first, last) == ("T", "a", "d")
    assert broken.startswith("item 2: line 5: the XML is broken here")


def test_a_record_that_is_never_closed_does_not_swallow_the_next():
    assert [item[:6] for item in found(rss("<item>a<item>b</item>"))] == ["T", "item 1", "b"]


def test_the_tag_of_a_record_inside_of_text_begins_none():
    assert found(rss("<item><![CDATA[write <item> and </item> so]]></item>")) == ["T", "write <item> and </item> so"]


def test_a_file_that_ends_between_records_says_so():
    *_, end = found(rss("<item>a</item>").removesuffix("</channel></rss>"))
    assert end.startswith("end of the file: line 4: the file is cut short")


def test_a_file_that_ends_inside_of_a_record_says_so():
    assert found(rss("<item>a</item><item>b"))[-1].startswith("item 2: line 4: the record has no end")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_bytes_say_the_encoding(encoding):
    text = rss("<item>Café — Ω</item>")
    assert found(text.encode(encoding)) == ["T", "Café — Ω"]
    assert markup.root_of(text.encode(encoding)) == "rss"


def test_valid_utf_8_counts_more_than_a_declaration():
    assert found(rss("<item>Café</item>").replace("?>", " encoding='iso-8859-1'?>")) == ["T", "Café"]


def test_windows_bytes_in_a_utf_8_file_are_read_as_such():
    assert found(rss("<item>Ωμέγα καὶ ὠμέγα καὶ ὠμέγα X</item>").encode().replace(b"X", b"\x93caf\xe9\x94")) == [
        "T",
        "Ωμέγα καὶ ὠμέγα καὶ ὠμέγα “café”",
    ]


def test_characters_that_xml_forbids_become_spaces_and_names_of_html_their_characters():
    assert found(rss("<item>a\x0bb&#8;c&nbsp;d&eacute;&unknown</item>").replace("&unknown", "")) == ["T", "a b c dé"]


def test_a_prefix_that_nothing_declares_is_taken_as_it_is():
    items = list(markup.items(io.BytesIO(rss("<item><wp:a>x</wp:a></item>").encode()), ["item"]))
    assert [markup.words(item.element) for item in items if isinstance(item, markup.Item)] == ["x"]


def test_blank_lines_before_the_declaration_do_no_harm():
    assert found("\n\n" + rss("<item>a</item>")) == ["T", "a"]


@pytest.mark.parametrize(
    ("head", "root"),
    [
        ("<rss>", "rss"),
        (
            "<?xml version='1.0'?><!-- <html> --><!DOCTYPE a [ <!ELEMENT b (c)> ]>\n<ns0:newsMessage x='1'>",
            "newsMessage",
        ),
        ("hello <rss>", ""),
        ("", ""),
        ("<!-- never closed <rss>", ""),
    ],
)
def test_the_root_is_found_behind_what_may_stand_before_it(head, root):
    assert markup.root_of(head.encode()) == root


@pytest.mark.parametrize("doctype", [BILLION_LAUGHS, EXTERNAL])
@pytest.mark.parametrize("reader", [wordpress, nitf, newsml, newsmlg2, feed])
def test_a_file_that_declares_entities_is_refused(reader, doctype):
    with pytest.raises(UnreadableFile, match="declares entities"):
        list(reader.read(io.BytesIO(f"{doctype}{STARTS[reader]}&b;".encode()), Guidance()))


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<a>" * 300, "no end"),
        ("<a>" * 300 + "</a>" * 300, "nested 256 deep"),
        ("<a/>" * 300_000, "200,000 tags"),
        ("<a " + "b='1' " * 100_000 + "/>", "a tag has more than"),
    ],
)
def test_what_is_absurd_is_refused_and_the_next_record_is_read(inside, reason):
    results = found(
        rss(f"<item>{inside}</item><item>z</item>") if reason != "no end" else rss(f"<item>{inside}<item>z</item>")
    )
    assert reason in results[1]
    assert results[-1] == "z"


def outcome(reader, content: bytes) -> list[object]:
    try:
        return list(reader.read(io.BytesIO(content), Guidance()))
    except UnreadableFile as refusal:
        return [str(refusal)]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_each_sample_is_known_for_what_it_is_by_its_bytes_alone(reader):
    name = reader.__name__.rpartition(".")[2]
    for sample in sorted((SAMPLES / name).iterdir()):
        assert importers.detect("", sample.read_bytes()[: importers.HEAD_BYTES]).name == name


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@given(content=st.binary(max_size=200), start=st.booleans())
def test_no_bytes_raise_anything_else(reader, content, start):
    begun = STARTS[reader].encode() + content if start else content
    assert isinstance(reader.looks_like("a.xml", begun), bool)
    assert outcome(reader, begun)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_samples_with_bytes_changed_raise_nothing_else_and_have_one_place_each(reader):
    rng = random.Random(6)
    name = reader.__name__.rpartition(".")[2]
    for sample in sorted((SAMPLES / name).iterdir()):
        content = sample.read_bytes()
        for _ in range(30):
            changed = bytearray(content)
            for _ in range(rng.randint(1, 20)):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
            results = outcome(reader, bytes(changed[: rng.randrange(len(changed))] if rng.random() < 0.3 else changed))
            places = [item.place for item in results if isinstance(item, ArticleRecord | Unreadable)]
            assert len(places) == len(set(places))
