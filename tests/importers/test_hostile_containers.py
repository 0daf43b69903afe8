"""Whatever bytes a container is made of, it is answered, in bounded memory, and the same each time."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import unpacking, webarchive, zipdirectory, zipped
from articles.importers.entries import LONGEST_PLACE, PICTURE, Entry, not_an_article
from articles.records import ArticleRecord, Unreadable, UnreadableFile
from tests.growth import assert_in_proportion
from tests.importers.packing import (
    ARTICLE,
    NOTE,
    changed,
    contents,
    each_packed,
    entries,
    page,
    parts,
    read,
    tar_of,
    wacz_of,
    warc_record,
    zip_of,
)

ZEROS = bytes(30_000_000)
GROWTH = 60_000_000


def grows_by(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def exhaust(packed: bytes) -> list[str]:
    """Read every entry to its end, a little at a time; why some could not be."""
    refused = []
    for found in entries(packed):
        try:
            while isinstance(found, Entry) and found.stream.read(1 << 16):
                continue
        except UnreadableFile as error:
            refused.append(str(error))
        if isinstance(found, Unreadable) and not found.passed_over:
            refused.append(found.reason)
    return refused


def html(encoding: str, body: bytes) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}\r\n\r\n"
    return warc_record(http=http, body=body)


BOMBS = {
    "zip": zip_of({"a.txt": ZEROS}),
    "zip of bzip2": zip_of({"a.txt": ZEROS}, zipfile.ZIP_BZIP2),
    "tar.gz": tar_of({"a.txt": ZEROS}, "w:gz"),
    "tar.xz": tar_of({"a.txt": ZEROS}, "w:xz"),
    "gzip": gzip.compress(ZEROS),
    "bzip2": bz2.compress(ZEROS),
    "xz": lzma.compress(ZEROS),
    "warc": each_packed(warc_record(body=page("Otters") + ZEROS)),
    "a page in gzip": html("gzip", gzip.compress(page("Otters") + ZEROS)),
    "a page in brotli": html("br", brotli.compress(page("Otters") + ZEROS, quality=1)),
}


@pytest.mark.parametrize("packed", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_told_of_before_it_has_gone_off(packed):
    refused: list[str] = []
    assert grows_by(lambda: refused.extend(exhaust(packed))) < GROWTH
    assert any(unpacking.BOMB in reason for reason in refused)


def test_a_bomb_harms_no_neighbour():
    told = contents_or_reason(zip_of({"bomb.txt": ZEROS, "a.txt": NOTE.encode()}))
    assert unpacking.BOMB in told["bomb.txt"]
    assert told["a.txt"] == NOTE
    warc = each_packed(warc_record("https://a.example/", body=ZEROS), warc_record("https://b.example/"))
    assert [place for place, found in contents(warc).items() if isinstance(found, bytes)] == ["https://b.example/"]


def contents_or_reason(packed: bytes) -> dict[str, str]:
    told = {}
    for found in entries(packed):
        try:
            told[found.place] = found.stream.read().decode() if isinstance(found, Entry) else found.reason
        except UnreadableFile as error:
            told[found.place] = str(error)
    return told


def test_all_that_comes_out_of_a_file_is_bounded(monkeypatch):
    monkeypatch.setattr(unpacking.Allowance.__init__, "__defaults__", (2_000_000,))
    noise = [bytes((number * factor // 7) % 251 for number in range(900_000)) for factor in (31, 37, 41)]
    refused = exhaust(zip_of({f"{number}.txt": content for number, content in enumerate(noise)}))
    assert len(refused) == 1
    assert unpacking.TOO_LARGE in refused[0]


def test_entries_that_share_their_bytes_are_read_once():
    """Many entries of a table that are one and the same: 1 MB would come out as 500."""
    packed = zip_of({"a.txt": b"otters " * 150_000})
    central = packed.find(b"PK\x01\x02")
    end = packed.find(b"PK\x05\x06")
    table = packed[central:end] * 500
    many = packed[:central] + table + changed(packed[end:], 12, "<L", len(table))
    told = contents(many)
    assert len(told) == 500
    assert [len(found) for found in told.values() if isinstance(found, bytes)] == [1_050_000]


def test_a_table_of_contents_that_claims_to_be_huge_is_not_believed():
    packed = zip_of({"a.txt": NOTE.encode()})
    end = packed.find(b"PK\x05\x06")
    with pytest.raises(UnreadableFile, match="cut short"):
        read(changed(packed, end + 12, "<L", 0xFFFFFFF0))


def test_a_table_of_very_many_entries_is_kept_in_little_memory(monkeypatch):
    monkeypatch.setattr(zipdirectory, "MOST_ENTRIES", 5000)
    packed = zip_of({"a.txt": b""})
    central, end = packed.find(b"PK\x01\x02"), packed.find(b"PK\x05\x06")
    table = packed[central:end] * 50_000
    many = packed[:central] + table + changed(packed[end:], 12, "<L", len(table))
    counted: list[int] = []
    assert grows_by(lambda: counted.append(sum(1 for _ in entries(many)))) < len(many) + 500 * 5000
    assert counted == [5001]


def test_a_dictionary_of_gigabytes_is_not_made():
    packed = bytearray(lzma.compress(ARTICLE))
    # The size of the dictionary stands in the header of the block, whose checksum is made anew.
    at = packed.index(b"\x21\x01") + 2
    packed[at] = 40
    header = packed[12 : 12 + (packed[12] + 1) * 4 - 4]
    packed[12 + len(header) : 16 + len(header)] = unpacking.zlib.crc32(header).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="damaged"):
        read(bytes(packed))


def test_a_quine_ends():
    """An archive that holds itself, as far as that can be told without one: each level is refused."""
    packed = zip_of({"a.txt": NOTE.encode()})
    for _ in range(20):
        packed = zip_of({"inner.zip": packed})
    (refused,) = read(packed)
    assert "unpack it and upload it by itself" in refused.reason


def test_an_entry_is_not_unpacked_further_than_it_is_read():
    unpacked: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(1000):
            unpacked.append(number)
            yield bytes(1 << 16)

    with closing(unpacking.opened(pieces())) as stream:
        stream.read(100)
        stream.seek(0)
        stream.read(100)
    assert len(unpacked) <= 2


def test_a_stream_of_pieces_can_be_sought_in():
    content = bytes(range(256)) * 1000
    with closing(unpacking.opened(content[at : at + 999] for at in range(0, len(content), 999))) as stream:
        assert stream.seek(0, io.SEEK_END) == len(content)
        stream.seek(70_000)
        assert stream.read(5) == content[70_000:70_005]
        stream.seek(-5, io.SEEK_CUR)
        assert stream.read() == content[70_000:]
        stream.seek(0)
        assert stream.read() == content


SEEDS = (
    zip_of({"a.txt": NOTE.encode(), "x/b.jsonl": ARTICLE * 3, "c.png": b"\x89PNG"}),
    zip_of({"a.txt": NOTE.encode(), "b.jsonl.gz": gzip.compress(ARTICLE)}, zipfile.ZIP_STORED),
    wacz_of(each_packed(warc_record("https://a.example/"), warc_record("https://b.example/"))),
    tar_of({"a.txt": NOTE.encode(), "b.jsonl": ARTICLE * 3}),
    tar_of({"years/" * 40 + "a.txt": NOTE.encode(), "b.jsonl": ARTICLE}, "w:gz"),
    gzip.compress(ARTICLE * 5),
    lzma.compress(ARTICLE * 5),
    bz2.compress(ARTICLE * 5),
    warc_record("https://a.example/") + warc_record(kind="request") + warc_record("https://c.example/"),
    each_packed(warc_record("https://a.example/"), html("gzip", gzip.compress(page("Otters")))),
    html("br", brotli.compress(page("Otters"))) + html("deflate, br", page("Ice")),
)
PIECES = (b"\x00", b"\xff" * 8, b"PK\x01\x02", b"PK\x03\x04", b"WARC/1.0\r\n", b"\r\n\r\n", b"-1", b"9" * 20, b"ustar")


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    packed = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(packed)))
        put = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)))
        packed[at : at + draw(st.integers(0, 30))] = put
    return bytes(packed)


def answers(packed: bytes, start: int = 0) -> list[tuple[int, str, list[ArticleRecord | Unreadable]]] | str:
    try:
        return parts(packed, start)
    except UnreadableFile as error:
        return str(error)


@settings(deadline=None, max_examples=400, database=None)
@given(spoilt(), st.integers(0, 3))
def test_any_bytes_are_answered_and_the_same_from_any_part(packed, start):
    told = answers(packed)
    if isinstance(told, str):
        assert told.endswith(".")
        return
    places = [place for _, place, results in told for item in results if place and item.place == place]
    assert len(set(places)) == len(places)
    for _, place, results in told:
        assert len(place) <= LONGEST_PLACE + 20
        assert all(item.reason for item in results if isinstance(item, Unreadable))
    if start < len(told):
        assert answers(packed, start) == told[start:]


@settings(deadline=None, max_examples=200, database=None)
@given(st.sampled_from([kind.name for kind in importers.CONTAINERS]), st.binary(max_size=600))
def test_a_container_that_a_person_named_wrongly_is_answered(name, content):
    kind = importers.KINDS[name]
    assert isinstance(kind, importers.Container)
    with suppress(UnreadableFile):
        found = list(kind.entries(io.BytesIO(content), 0))
        assert all(item.place or isinstance(item, Entry) for item in found)


def test_nothing_is_written_where_the_archive_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["../up.txt", "/root.txt", "a/../../b.txt", "..\\up.txt", "~/.profile", "con", "a\x00b"]
    for packed in (zip_of({name: NOTE.encode() for name in names}), tar_of({name: NOTE.encode() for name in names})):
        exhaust(packed)
    assert list(tmp_path.rglob("*")) == []
    assert not (tmp_path.parent / "up.txt").exists()


def test_memory_does_not_grow_with_the_number_of_entries():
    few, many = (zip_of({f"{number}.txt": NOTE.encode() * 40 for number in range(count)}) for count in (20, 400))

    def read_all(packed: bytes) -> Callable[[], object]:
        return lambda: [found.place for found in zipped.entries(io.BytesIO(packed), 0)]

    assert grows_by(read_all(many)) < grows_by(read_all(few)) + 1_000_000


@settings(deadline=None, max_examples=100, database=None)
@given(st.integers(0, 2000), st.integers(1, 255))
def test_a_changed_byte_of_a_packed_record_is_answered(at, bits):
    noise = "".join(f"<p>{number * 7919 % 10007}</p>" for number in range(300)).encode()
    one = each_packed(warc_record("https://a.example/", body=page("Otters") + noise))
    packed = bytearray(one + each_packed(warc_record("https://b.example/")))
    # What is not gzip by its first bytes is no web archive.
    packed[3 + at % (len(one) - 3)] ^= bits
    told = answers_of_entries(bytes(packed))
    assert told[-1] == "https://b.example/"
    assert len(told) in (2, 3)


def answers_of_entries(packed: bytes) -> list[str]:
    return [found.place for found in webarchive.entries(io.BytesIO(packed), 0) if found.place != webarchive.OTHERS]


@pytest.mark.parametrize("piece", [b"<!-- a -->", b"<!DOCTYPE svg>", b"<!-- a -->\n<!DOCTYPE svg>\n"])
def test_comments_before_a_drawing_take_no_longer_than_their_length(piece):
    def told(count: int) -> None:
        before = b"<?xml version='1.0'?>" + piece * count
        assert not not_an_article("a", before + b"<g>")
        assert not_an_article("a", before + b"<svg>") == PICTURE

    assert_in_proportion(told, 4000)
