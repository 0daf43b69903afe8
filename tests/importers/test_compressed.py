"""A file that is compressed by itself is read as what is in it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma

import pytest

from articles.importers import compressed
from articles.importers.entries import THE_REST
from articles.records import ArticleRecord, UnreadableFile
from tests.importers.packing import ARTICLE, NOTE, kind_of, parts, read, zip_of

LINES = b"".join(b'{"title": "%d", "body": "%d"}\n' % (n, n * n * 7919) for n in range(20_000))


@pytest.mark.parametrize("packed", [gzip.compress(ARTICLE * 2), bz2.compress(ARTICLE * 2), lzma.compress(ARTICLE * 2)])
def test_the_lines_of_a_compressed_file_are_articles(packed):
    assert kind_of("articles.jsonl.gz", packed) == "gzip"
    assert [item.place for item in read(packed)] == ["line 1", "line 2"]
    assert [(number, place) for number, place, _ in parts(packed)] == [(0, "")]
    assert parts(packed, start=1) == []


def test_several_that_follow_one_another_are_one_file():
    packed = gzip.compress(ARTICLE) + gzip.compress(ARTICLE) + bytes(512)
    assert len(read(packed)) == 2
    assert len(read(lzma.compress(ARTICLE) + bytes(4) + lzma.compress(ARTICLE))) == 2
    assert len(read(bz2.compress(ARTICLE) * 3)) == 3


def test_a_compressed_page_text_is_one_article():
    (article,) = read(gzip.compress(NOTE.encode()), "otters.txt.gz")
    assert article.title == "Otters delay the ferry"
    assert article.place == ""


def test_what_is_before_a_cut_is_kept():
    packed = gzip.compress(LINES)
    *before, told = read(packed[: len(packed) // 2])
    assert len(before) > 5000
    assert all(isinstance(item, ArticleRecord) for item in before)
    assert told.place == THE_REST
    assert "cut short" in told.reason


def test_what_is_before_the_damage_is_kept():
    packed = bz2.compress(LINES, 1)
    *before, told = read(packed[:-2000] + bytes(100) + packed[-1900:])
    assert len(before) > 5000
    assert all(isinstance(item, ArticleRecord) for item in before)
    assert told.place == THE_REST
    assert "damaged" in told.reason


@pytest.mark.parametrize(
    "packed", [gzip.compress(NOTE.encode()), bz2.compress(NOTE.encode()), lzma.compress(NOTE.encode())]
)
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_one_article_that_is_cut_short_is_refused(packed, kept):
    with pytest.raises(UnreadableFile, match="cut short"):
        read(packed[: int(len(packed) * kept)])


def test_a_wrong_checksum_is_damage():
    packed = bytearray(gzip.compress(NOTE.encode()))
    packed[-6] ^= 1
    with pytest.raises(UnreadableFile, match="damaged"):
        read(bytes(packed))


@pytest.mark.parametrize("inner", [zip_of({"a.txt": b"x"}), gzip.compress(gzip.compress(b"x"))])
def test_an_archive_in_it_is_refused(inner):
    packed = bz2.compress(inner)
    with pytest.raises(UnreadableFile, match="inside a compressed file: unpack it"):
        read(packed)


def test_a_picture_in_it_is_refused_as_what_it_is():
    with pytest.raises(UnreadableFile, match="a PNG image"):
        read(gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(50)))


def test_a_word_that_begins_like_bzip2_is_text():
    assert kind_of("a.txt", b"BZh is how files of bzip2 begin, and this is none of them") == "pagetext"


def test_what_is_not_compressed_is_refused_where_somebody_says_it_is():
    with pytest.raises(UnreadableFile, match="not compressed"):
        list(compressed.entries(io.BytesIO(ARTICLE), 0))
