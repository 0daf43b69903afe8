"""TAR archives: every entry is read, or says why not, and harms no other."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from articles.importers import entries as shared
from articles.importers import tarred
from articles.records import ArticleRecord, Unreadable, UnreadableFile
from tests.growth import assert_in_proportion
from tests.importers.packing import ARTICLE, NOTE, PNG, contents, kind_of, parts, read, tar_of, tar_with, zip_of

SAMPLES = Path(__file__).parent.parent / "samples" / "tar"
FILES = {"notes/otters.txt": NOTE.encode(), "quay.png": PNG, "articles.jsonl": ARTICLE * 2}
MODES = ["w", "w:gz", "w:bz2", "w:xz"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_kind_of_tar_gives_the_same_articles(mode, form):
    packed = tar_of(FILES, mode, format=form)
    assert kind_of("upload.tar.bz2", packed) == "tar"
    places = [item.place for item in read(packed, "upload.tar.bz2")]
    assert places == ["notes/otters.txt", "quay.png", "articles.jsonl, line 1", "articles.jsonl, line 2"]


def test_the_samples_are_read_as_far_as_they_are_whole():
    whole = read((SAMPLES / "harbour.tar.gz").read_bytes())
    assert [item.place for item in whole] == ["harbour/otters.txt", "harbour/library.txt"]
    first, second = read((SAMPLES / "cut_short.tar").read_bytes())
    assert first.title == "Otters delay the ferry"
    assert second.place == "harbour/library.txt"
    assert "cut short" in second.reason


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_and_names_of_all_scripts_are_whole(form):
    names = ["years/" * 40 + "otters.txt", "مكتبة/青石镇.txt"]
    assert list(contents(tar_of({name: b"text" for name in names}, format=form))) == names


def test_a_way_up_does_not_hide_an_entry():
    assert len(contents(tar_of({"..\\ferry.txt": ARTICLE}))) == 1


def test_a_name_that_is_not_utf8_is_shown_as_well_as_can_be():
    told = contents(tar_of({"Bäcker.txt": b"text"}, format=tarfile.GNU_FORMAT, encoding="cp1252"))
    assert told == {"B\ufffdcker.txt": b"text"}


def header(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


def test_links_and_devices_are_passed_over_and_folders_are_nothing():
    packed = tar_with(
        header("pages", tarfile.DIRTYPE),
        header("a.txt", tarfile.SYMTYPE, "/etc/passwd"),
        header("b.txt", tarfile.LNKTYPE, "../../b.txt"),
        header("disk", tarfile.BLKTYPE),
        header("pipe", tarfile.FIFOTYPE),
    )
    told = contents(packed)
    assert {place: found.reason for place, found in told.items()} == {
        "a.txt": shared.LINK,
        "b.txt": shared.LINK,
        "disk": tarred.DEVICE,
        "pipe": tarred.DEVICE,
    }
    assert all(found.passed_over for found in told.values())


def test_a_file_with_holes_is_told_of_and_the_next_is_read():
    packed = bytearray(tar_of({"a.txt": b"text", "b.txt": NOTE.encode()}))
    packed[156:157] = tarfile.GNUTYPE_SPARSE
    told = contents(with_checksum(packed))
    assert told == {"a.txt": Unreadable("a.txt", tarred.ODD), "b.txt": NOTE.encode()}


def with_checksum(packed: bytearray, at: int = 0) -> bytes:
    """With the first header summed up anew."""
    head = packed[at : at + 512]
    packed[at + 148 : at + 156] = b"%06o\0 " % (sum(head[:148]) + sum(head[156:]) + 8 * 32)
    return bytes(packed)


def test_after_a_broken_header_the_next_whole_one_is_read():
    packed = bytearray(tar_of({"a.txt": NOTE.encode(), "b.txt": NOTE.encode(), "c.txt": NOTE.encode()}))
    packed[1024:1030] = b"\xff" * 6
    assert contents(bytes(packed)) == {
        "a.txt": NOTE.encode(),
        "byte 1,024": Unreadable("byte 1,024", tarred.BROKEN),
        "c.txt": NOTE.encode(),
    }


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_an_archive_that_is_cut_short_keeps_what_was_before(mode):
    noise = bytes((number * number * 31 + number // 7) % 251 for number in range(40_000))
    packed = tar_of({"a.jsonl": ARTICLE * 40, "b.bin": noise, "c.txt": NOTE.encode()}, mode)
    told = read(packed[: len(packed) // 2])
    assert [item.title for item in told[:40] if isinstance(item, ArticleRecord)] == ["Otters delay the ferry"] * 40
    assert ["cut short" in item.reason for item in told if isinstance(item, Unreadable)].count(True) == 1


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
@pytest.mark.parametrize("last", [{"a.jsonl": ARTICLE * 40}, {"a.png": PNG * 99}, {"a.css": b"x", "b.css": b"x"}])
def test_wherever_an_archive_is_cut_off_one_line_tells_it(mode, last):
    packed = tar_of({"first.txt": NOTE.encode()} | last, mode)
    for size in range(
        1024 if mode == "w" else len(packed) // 3, len(packed) - 9000 if mode == "w" else len(packed), 16
    ):
        try:
            told = [item for item in read(packed[:size]) if isinstance(item, Unreadable)]
        except UnreadableFile as error:
            told = [Unreadable("", str(error))]
        assert [item.passed_over for item in told].count(False) == 1, size


def test_an_archive_without_the_mark_at_its_end_may_lack_more():
    packed = tar_of({"a.txt": NOTE.encode()})
    note, rest = read(packed[:1024])
    assert note.place == "a.txt"
    assert rest == Unreadable(shared.THE_REST, tarred.NO_END)
    assert len(read(packed[:1536])) == 1


def test_archives_that_are_written_one_behind_the_other_are_read_to_the_last():
    packed = tar_of({"a.txt": NOTE.encode()}) + tar_of({"b.txt": NOTE.encode()}) + b"no archive" * 99
    assert list(contents(packed)) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("behind", [False, True])
def test_the_parts_of_a_saved_page_are_passed_over_wherever_the_page_stands(mode, behind):
    page = {"Pier.html": b"<!DOCTYPE html><title>Pier</title>"}
    parts = {"Pier_files/frame.html": b"<!DOCTYPE html>", "Pier_files/a/notes.txt": b"x", "Oak_files/a.txt": b"x"}
    packed = tar_of(parts | page if behind else page | parts, mode)
    told = contents(packed)
    assert list(told) == list(parts | page if behind else page | parts)
    for place in ("Pier_files/frame.html", "Pier_files/a/notes.txt"):
        assert told[place] == Unreadable(place, "a part of the saved page Pier.html", passed_over=True)
    assert told["Pier.html"] == page["Pier.html"]
    assert told["Oak_files/a.txt"] == b"x"


def test_a_path_of_many_folders_takes_no_longer_than_its_length():
    pages = shared.SavedPages(["a.html"])
    assert_in_proportion(lambda size: pages.around("b_files/" * size), 8_000)


def test_names_are_read_ahead_as_far_as_the_archive_is_whole():
    packed = tar_of({"Pier_files/a.txt": b"x", "Pier.html": b"<html>", "b.txt": NOTE.encode() * 100})
    told = contents(packed[:4096])
    assert list(told) == ["Pier_files/a.txt", "Pier.html", "b.txt"]
    assert told["Pier_files/a.txt"].passed_over


def test_a_header_that_claims_terabytes_is_told_of():
    packed = bytearray(tar_of({"a.txt": NOTE.encode(), "b.txt": NOTE.encode()}))
    packed[124:136] = b"\x80" + (1 << 42).to_bytes(11, "big")
    told = read(with_checksum(packed))
    assert [(item.place, type(item)) for item in told] == [("a.txt", Unreadable), (shared.THE_REST, Unreadable)]
    assert "cut short" in told[1].reason


def test_a_size_below_nothing_is_a_broken_header():
    packed = bytearray(tar_of({"a.txt": b"text", "b.txt": b"text", "c.txt": b"text"}))
    packed[1024 + 124 : 1024 + 136] = b"\xff" * 12
    assert list(contents(with_checksum(packed, 1024))) == ["a.txt", "byte 1,024", "c.txt"]


def test_a_name_of_megabytes_is_not_held():
    packed = tar_of({"x" * (3 << 20): b"text", "b.txt": b"text"}, format=tarfile.GNU_FORMAT)
    first, second = contents(packed)
    assert len(first) <= shared.LONGEST_PLACE
    assert second == "b.txt"


def test_an_archive_in_an_archive_is_refused_and_its_neighbour_is_read():
    for inner in (zip_of({"a.txt": b"x"}), tar_of({"a.txt": b"x"}), tar_of({"a.txt": b"x"}, "w:gz")):
        refused, note = read(tar_of({"inner": inner, "note.txt": NOTE.encode()}))
        assert "inside a TAR archive: unpack it" in refused.reason
        assert note.title == "Otters delay the ferry"


def test_entries_beyond_the_limit_are_told_of(monkeypatch):
    monkeypatch.setattr(tarred, "MOST_ENTRIES", 3)
    told = contents(tar_of({f"{number}.txt": b"text" for number in range(5)}))
    assert list(told) == ["0.txt", "1.txt", "2.txt", shared.THE_REST]


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("start", range(5))
def test_it_goes_on_from_any_part(mode, start):
    packed = tar_of(FILES | {"c.zip": zip_of({"d": b"x"})}, mode)
    assert parts(packed, start) == parts(packed)[start:]


def test_an_entry_that_is_not_read_to_its_end_leaves_the_next_whole():
    packed = tar_of({"a.txt": b"one line\n" * 50_000, "b.txt": b"two"}, "w:gz")
    first, second = (found for found in tarred.entries(io.BytesIO(packed), 0))
    assert (first.place, second.place) == ("a.txt", "b.txt")


def test_the_oldest_tar_without_a_mark_is_known_by_its_checksum():
    packed = bytearray(tar_of({"a.txt": b"text"}))
    packed[257:265] = bytes(8)
    assert kind_of("upload", with_checksum(packed)) == "tar"


def test_what_is_no_tar_is_refused_where_somebody_says_it_is():
    with pytest.raises(UnreadableFile, match="no TAR archive"):
        list(tarred.entries(io.BytesIO(NOTE.encode() * 20), 0))
