"""ZIP archives and WACZ: every entry is read, or says why not, and harms no other."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from articles.importers import entries as shared
from articles.importers import zipdirectory, zipped
from articles.records import ArticleRecord, Unreadable, UnreadableFile
from tests.importers.packing import (
    ARTICLE,
    NOTE,
    PNG,
    changed,
    contents,
    each_packed,
    entries,
    kind_of,
    page,
    parts,
    read,
    wacz_of,
    warc_record,
    zip_of,
)

SAMPLES = Path(__file__).parent.parent / "samples" / "zip"
CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def test_a_folder_of_files_gives_their_articles_with_where_they_stand():
    told = {item.place: item for item in read((SAMPLES / "harbour.zip").read_bytes())}
    assert told["harbour/otters.txt"].title == "Otters delay the ferry"
    assert told["harbour/articles.jsonl, line 2"].title == "A bridge of ice"
    assert told["harbour/quay.png"] == Unreadable("harbour/quay.png", "a picture, not an article", passed_over=True)
    assert len(told) == 4


def test_a_broken_sample_loses_one_entry_and_no_other():
    told = {item.place: item for item in read((SAMPLES / "one_damaged.zip").read_bytes())}
    assert "damaged" in told["harbour/otters.txt"].reason
    assert told["harbour/library.txt"].title == "The library opens on Sundays"


@pytest.mark.parametrize("method", [STORED, DEFLATED, zipfile.ZIP_BZIP2])
def test_the_ways_that_archives_are_packed_in(method):
    long = NOTE.encode() * 3000
    assert contents(zip_of({"a.txt": NOTE.encode(), "long.txt": long}, method)) == {
        "a.txt": NOTE.encode(),
        "long.txt": long,
    }


def test_folders_and_what_systems_leave_behind_are_nothing():
    names = ["pages/", "__MACOSX/pages/._a.txt", ".DS_Store", "pages/Thumbs.db", "pages/.hidden/b.txt", "pages/a.txt"]
    assert list(contents(zip_of({name: b"text" for name in names}))) == ["pages/a.txt"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.html", PNG, "a picture"),
        ("quay.svg", b'<?xml version="1.0"?>\n<!-- Quay -->\n<svg xmlns="x"/>', "a picture"),
        ("quay.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a picture"),
        ("quay.avif", b"\x00\x00\x00\x20ftypavif", "a picture"),
        ("bell", b"ID3\x03\x00", "a sound"),
        ("sail.mp4", b"\x00\x00\x00\x20ftypisom", "a film"),
        ("serif.woff2", b"wOF2\x00\x01", "a font"),
        ("site.css", b"body { margin: 0 }", "a style sheet"),
        ("site.js", b"otters();", "a script"),
    ],
)
def test_what_is_saved_beside_a_page_is_passed_over(name, content, said):
    assert contents(zip_of({name: content}))[name] == Unreadable(name, f"{said}, not an article", passed_over=True)


def test_entries_of_one_name_have_places_of_their_own():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings(action="ignore"):
        for content in ("one", "two", "three"):
            archive.writestr("a.txt", content)
    assert contents(packed.getvalue()) == {"a.txt": b"one", "a.txt (2nd)": b"two", "a.txt (3rd)": b"three"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("/etc/passwd", "/etc/passwd"),
        ("C:\\pages\\a.txt", "C:/pages/a.txt"),
        ("a\x1b[2J\u202etxt.exe", "a[2Jtxt.exe"),
        ("x" * 1000, "x" * 300),
        ("مكتبة.txt", "مكتبة.txt"),
    ],
)
def test_names_are_shown_and_nothing_more(name, shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert contents(zip_of({name: b"text"})) == {shown: b"text"}
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_not_in_its_encoding_harms_no_other():
    spoilt = zip_of({"Bäcker.txt": b"one", "b.txt": b"two"}).replace("Bäcker".encode(), b"B\xff\xfecker")
    assert list(contents(spoilt).values()) == [b"one", b"two"]


def test_a_name_of_before_unicode_is_read():
    packed = zip_of({"Baacker.txt": b"one"}).replace(b"Baacker", b"B\x84cker!")
    assert list(contents(packed)) == ["Bäcker!.txt"]


def test_a_name_with_a_nul_is_shown_without_it():
    packed = zip_of({"a_b.txt": b"one"}).replace(b"a_b", b"a\0b")
    assert contents(packed) == {"ab.txt": b"one"}


def test_an_archive_in_an_archive_is_refused_and_its_neighbour_is_read():
    inner, note = read(zip_of({"inner.zip": zip_of({"a.txt": b"x"}), "note.txt": NOTE.encode()}))
    assert isinstance(inner, Unreadable)
    assert inner.reason == "The file is a ZIP archive inside a ZIP archive: unpack it and upload it by itself."
    assert note.title == "Otters delay the ferry"


def test_what_is_compressed_once_more_is_read():
    (article,) = read(zip_of({"a.jsonl.gz": each_packed(ARTICLE)}))
    assert article.place == "a.jsonl.gz, line 1"


def test_a_web_archive_in_an_archive_is_read():
    found = [place for _, place, _ in parts(zip_of({"a.warc.gz": each_packed(warc_record())}))]
    assert found == ["a.warc.gz"]


def locked(packed: bytes) -> bytes:
    return changed(packed, packed.find(CENTRAL) + 8, "<H", 1)


def otherwise_packed(packed: bytes) -> bytes:
    return changed(packed, packed.find(CENTRAL) + 10, "<H", 9)


def with_another_checksum(packed: bytes) -> bytes:
    return changed(packed, packed.find(CENTRAL) + 16, "<L", 12345)


def claiming_4_gb(packed: bytes) -> bytes:
    return changed(packed, packed.find(CENTRAL) + 20, "<LL", 4_000_000_000, 4_000_000_000)


def reaching_into_the_next(packed: bytes) -> bytes:
    return changed(packed, packed.find(CENTRAL) + 20, "<L", 150)


def shared_with_the_next(packed: bytes) -> bytes:
    second = packed.find(CENTRAL, packed.find(CENTRAL) + 4)
    return changed(packed, packed.find(CENTRAL) + 42, "<L", int.from_bytes(packed[second + 42 : second + 46], "little"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (locked, "locked with a password"),
        (otherwise_packed, "Deflate64"),
        (with_another_checksum, "another checksum"),
        (claiming_4_gb, "more bytes than the archive has"),
        (reaching_into_the_next, "those of the next entry"),
        (shared_with_the_next, "those of the next entry"),
    ],
)
@pytest.mark.parametrize("method", [STORED, DEFLATED])
def test_a_spoilt_entry_says_why_and_its_neighbours_are_read(spoil, said, method):
    packed = zip_of({"a.txt": NOTE.encode(), "b.txt": NOTE.encode(), "c.txt": NOTE.encode()}, method)
    told = {item.place: item for item in read(spoil(packed))}
    assert said in told.pop("a.txt").reason
    assert {place: type(item) for place, item in told.items()} == {"b.txt": ArticleRecord, "c.txt": ArticleRecord}


def test_an_entry_that_is_not_where_the_table_says_is_told_of():
    packed = zip_of({"a.txt": b"one", "b.txt": b"two", "c.txt": b"three"})
    second = packed.find(LOCAL, 4)
    told = contents(packed[:second] + b"XXXX" + packed[second + 4 :])
    assert (told["a.txt"], told["c.txt"]) == (b"one", b"three")
    assert "where its table of contents says" in told["b.txt"].reason


def test_damage_in_the_middle_of_a_long_entry_keeps_what_was_before_it():
    lines = b"".join(b'{"title": "%d", "body": "%d"}\n' % (n, n * n * 7919) for n in range(20_000))
    packed = bytearray(zip_of({"a.jsonl": lines, "b.txt": NOTE.encode()}))
    packed[120_000:120_400] = bytes(400)
    *before, damage, note = read(bytes(packed))
    assert len(before) > 5000
    assert all(isinstance(item, ArticleRecord) for item in before[:5000])
    assert damage.place == "a.jsonl"
    assert "damaged" in damage.reason
    assert note.place == "b.txt"


def test_a_link_is_never_followed():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    (told,) = entries(packed.getvalue())
    assert told == Unreadable("a.txt", shared.LINK, passed_over=True)


@pytest.mark.parametrize(
    ("packed", "said"),
    [
        (zip_of({"a.txt": NOTE.encode()})[:-30], "cut short"),
        (zip_of({"a.txt": NOTE.encode()})[:50], "cut short"),
        (zip_of({}), "empty"),
    ],
)
def test_an_archive_without_a_table_of_contents_is_refused_with_what_to_do(packed, said):
    with pytest.raises(UnreadableFile, match=said):
        read(packed)


def test_a_table_of_contents_that_breaks_off_is_told_after_what_it_has():
    packed = zip_of({"a.txt": b"one", "b.txt": b"two"})
    second = packed.find(CENTRAL, packed.find(CENTRAL) + 4)
    told = contents(packed[:second] + b"XXXX" + packed[second + 4 :])
    assert told == {"a.txt": b"one", shared.THE_REST: Unreadable(shared.THE_REST, zipdirectory.DAMAGED_TABLE)}


def test_what_stands_in_front_of_an_archive_is_no_matter():
    packed = zip_of({"a.txt": b"one"})
    shifted = packed[: packed.find(CENTRAL)] + packed[packed.find(CENTRAL) :]
    assert contents(LOCAL + bytes(40) + shifted) == {"a.txt": b"one"}


def test_an_archive_of_the_larger_kind_is_read(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    packed = zip_of({"a.txt": b"twenty bytes of text", "b.txt": b"and twenty bytes more"}, STORED)
    assert b"PK\x06\x06" in packed
    assert contents(packed) == {"a.txt": b"twenty bytes of text", "b.txt": b"and twenty bytes more"}


def test_entries_beyond_the_limit_are_told_of(monkeypatch):
    monkeypatch.setattr(zipdirectory, "MOST_ENTRIES", 3)
    told = contents(zip_of({f"{number}.txt": b"text" for number in range(5)}))
    assert list(told) == ["0.txt", "1.txt", "2.txt", shared.THE_REST]


@pytest.mark.parametrize("start", range(6))
def test_it_goes_on_from_any_part(start):
    files = {"a.txt": NOTE.encode(), "x/": b"", "quay.png": PNG, "b.jsonl": ARTICLE * 2, "c.zip": zip_of({"d": b"x"})}
    packed = zip_of(files)
    assert parts(packed, start) == parts(packed)[start:]


def test_what_is_passed_over_on_the_way_to_a_part_is_not_unpacked():
    packed = with_another_checksum(zip_of({"a.txt": NOTE.encode(), "b.txt": NOTE.encode()}))
    (told,) = entries(packed, start=1)
    assert told.place == "b.txt"


def test_the_bytes_of_the_file_that_are_behind_grow_from_entry_to_entry():
    stream = io.BytesIO(zip_of({f"{number}.txt": NOTE.encode() * 50 for number in range(20)}))
    behind = [
        stream.tell() for found in zipped.entries(stream, 0) if isinstance(found, shared.Entry) and found.stream.read()
    ]
    assert behind == sorted(behind)
    assert len(set(behind)) == 20


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}, "a Word document"),
        ({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}, "an Excel workbook"),
        ({"[Content_Types].xml": b"<Types/>", "visio/a.xml": b"<w/>"}, "an office document"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<w/>"}, "an OpenDocument file"),
        ({"mimetype": b"application/epub+zip", "a.xhtml": b"<w/>"}, "an EPUB book"),
    ],
)
def test_a_document_that_is_packed_is_no_archive(files, said):
    with pytest.raises(UnreadableFile, match=said):
        read(zip_of(files, STORED))


def test_a_packed_web_archive_gives_its_pages_and_says_what_else_is_in_it():
    packed = wacz_of(each_packed(warc_record(body=page("Otters"))))
    assert kind_of("site.wacz", packed) == "wacz"
    told = contents(packed)
    assert [place for place, found in told.items() if isinstance(found, bytes)] == ["archive/data.warc.gz"]
    assert all(found.passed_over for found in told.values() if isinstance(found, Unreadable))


def test_a_packed_web_archive_is_known_by_its_table_too():
    packed = zip_of({"pages/pages.jsonl": ARTICLE, "archive/a.warc": warc_record(), "datapackage.json": b"{}"})
    listed = contents(packed)["pages/pages.jsonl"]
    assert isinstance(listed, Unreadable)
    assert listed.passed_over


def test_the_parts_of_a_saved_page_are_passed_over():
    parts = {"Pier.html": b"", "Pier_files/data.json": b"{}", "Otters_files/notes.txt": NOTE.encode()}
    told = [found for found in entries(zip_of(parts)) if isinstance(found, Unreadable)]
    assert told == [Unreadable("Pier_files/data.json", "a part of the saved page Pier.html", passed_over=True)]


def test_a_place_inside_a_place_fits_where_it_is_kept_and_is_that_of_no_other():
    address = "https://aldery.example/" + "x" * 600
    names = [f"{'a' * 280}{letter}{'b' * 110}.warc" for letter in "12"]
    packed = zip_of({name: warc_record(address) + warc_record(address + "y") for name in names})
    places = [item.place for item in read(packed)]
    assert len(set(places)) == len(places) == 4
    assert max(map(len, places)) <= 500
