"""Folders from a disk: every file in them is read, or stands on the receipt with the reason."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles import jobs, originals, receiving
from articles.importers import folders
from articles.importers.entries import DEVICE, LINK
from articles.models import Article, ImportJob, Original
from articles.records import UnreadableFile

PAGE = (
    "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1>"
    "<p>{0} was shut on Tuesday, because otters had built on the landing stage and would not be moved by anybody.</p>"
    "<p>The harbour master said that nothing like it had been seen here since the winter of the long ice.</p>"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.ORIGINALS = tmp_path / "kept" / "originals"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def put(folder: Path, **files: bytes | str) -> None:
    """Files by their paths in the folder, `/` written as `__` and `.` as `_dot_`."""
    for name, content in files.items():
        file = folder / name.replace("_dot_", ".").replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())


def listed(folder: Path) -> dict[str, str]:
    return {item.path: item.left_out or item.problem for item in folders.files(folder)}


def told(*arguments: object) -> list[str]:
    out = StringIO()
    with suppress(SystemExit):
        call_command("import_articles", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def receipt() -> dict[str, tuple[str, str]]:
    """The outcomes by the files, with their reasons; but not what was stored is a printing of."""
    job = ImportJob.objects.latest("pk")
    rows = job.inputs.values_list("name", "outcomes__result", "outcomes__reason")
    return {name: (result, "" if result == "created" else reason) for name, result, reason in rows}


def test_files_are_known_by_their_paths_from_the_folder_on(desk):
    put(desk, b_dot_txt="b", news__a_dot_txt="a", news__old__a_dot_txt="a", ink__a_dot_txt="a")
    assert list(listed(desk)) == ["desk/b.txt", "desk/ink/a.txt", "desk/news/a.txt", "desk/news/old/a.txt"]


def test_the_folder_that_one_stands_in_has_its_name_too(desk, monkeypatch):
    put(desk, a_dot_txt="a")
    monkeypatch.chdir(desk)
    assert list(listed(Path())) == ["desk/a.txt"]


def test_hidden_files_and_folders_are_left_out_with_a_word(desk):
    put(desk, a_dot_txt="a", _dot_DS_Store="x", Thumbs_dot_db="x", _dot__a_dot_txt="x", _dot_git__config="x")
    put(desk, __MACOSX_="x")
    (desk / "__MACOSX").mkdir()
    found = listed(desk)
    assert found.pop("desk/a.txt") == ""
    hidden = {"desk/.git", "desk/.DS_Store", "desk/Thumbs.db", "desk/__MACOSX"}
    assert hidden <= set(found)
    assert {found[path] for path in hidden} == {folders.HIDDEN}


def test_links_and_devices_are_left_out_and_not_followed(desk, tmp_path):
    put(desk, a_dot_txt="a")
    (tmp_path / "secret.txt").write_text("secret")
    (desk / "out.txt").symlink_to(tmp_path / "secret.txt")
    (desk / "up").symlink_to(tmp_path)
    (desk / "round").symlink_to(desk)
    (desk / "nowhere").symlink_to(desk / "gone")
    os.mkfifo(desk / "pipe")
    links = dict.fromkeys(["desk/nowhere", "desk/out.txt", "desk/round", "desk/up"], LINK)
    assert listed(desk) == {"desk/a.txt": "", "desk/pipe": DEVICE} | links


def test_a_folder_that_cannot_be_opened_is_told_of_and_the_next_one_is_read(desk, monkeypatch):
    put(desk, locked__a_dot_txt="a", open__b_dot_txt="b")
    scandir = os.scandir

    def guarded(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert listed(desk) == {"desk/locked": "it cannot be opened: Permission denied", "desk/open/b.txt": ""}


def test_folders_within_folders_are_read_to_any_depth(desk):
    here = desk
    for _ in range(600):
        here = here / "d"
        here.mkdir()
    (here / "a.txt").write_text("a")
    limit = sys.getrecursionlimit()
    assert limit > 600
    sys.setrecursionlimit(300)
    try:
        (path,) = listed(desk)
    finally:
        sys.setrecursionlimit(limit)
    assert path.count("/d") == 600


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("news/a.txt", "news/a.txt"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/./passwd", "etc/passwd"),
        ("a/\x1b[2J\u202e\nb.txt", "a/[2Jb.txt"),
        ("..", "without a name"),
        ("a\udcffb.txt", "a\ufffdb.txt"),
        ("  a / b.txt ", "a/b.txt"),
    ],
)
def test_a_path_of_an_upload_leads_nowhere_else_and_is_text(name, shown):
    assert receiving.path_of(name) == shown


def test_a_path_that_is_too_long_keeps_its_end_and_is_that_of_no_other():
    paths = {receiving.path_of(f"{'a' * 400}{letter}/{'b' * 400}.txt") for letter in "xy"}
    assert len(paths) == 2
    assert all(len(path) <= 500 and path.endswith("b.txt") for path in paths)


@pytest.mark.django_db
def test_parts_of_a_saved_page_are_kept_and_passed_over_whichever_comes_first(desk):
    put(desk, a__Pier_files__frame_dot_html=PAGE.format("An advertisement"), a__Pier_files__x_dot_css="p { }")
    put(desk, a__Pier_files__empty_dot_html="", a__Pier_dot_html=PAGE.format("The pier"))
    put(desk, **{"b__Kade-Dateien__a_dot_html": PAGE.format("A frame"), "b__Kade_dot_htm": PAGE.format("The quay")})
    told(desk)
    passed = ("skipped", "a part of the saved page desk/a/Pier.html")
    assert receipt() == {
        "desk/a/Pier.html": ("created", ""),
        "desk/a/Pier_files/empty.html": passed,
        "desk/a/Pier_files/frame.html": passed,
        "desk/a/Pier_files/x.css": passed,
        "desk/b/Kade.htm": ("created", ""),
        "desk/b/Kade-Dateien/a.html": ("skipped", "a part of the saved page desk/b/Kade.htm"),
    }
    assert Article.objects.count() == 2
    assert Original.objects.count() == 5


@pytest.mark.django_db
def test_a_folder_that_is_called_like_one_of_a_page_is_read_where_there_is_no_page(desk):
    put(desk, Pier_files__a_dot_html=PAGE.format("The pier"))
    told(desk)
    assert receipt() == {"desk/Pier_files/a.html": ("created", "")}


@pytest.mark.django_db
def test_pictures_and_style_sheets_in_a_folder_are_passed_over_and_a_picture_by_itself_is_refused(desk):
    put(desk, quay_dot_png=PNG, quay_dot_css="p { }", a_dot_html=PAGE.format("The quay"))
    told(desk)
    assert receipt() == {
        "desk/a.html": ("created", ""),
        "desk/quay.css": ("skipped", "a style sheet, not an article"),
        "desk/quay.png": ("skipped", "a picture, not an article"),
    }
    told(desk / "quay.png")
    assert receipt()["quay.png"][0] == "failed"


@pytest.mark.django_db
def test_a_format_that_was_named_for_all_files_is_not_that_of_the_parts_of_a_page(desk):
    put(desk, Pier_files__a_dot_html=PAGE.format("A frame"), Pier_dot_html=PAGE.format("The pier"))
    told(desk, "--format", "webpage")
    assert {name: result for name, (result, _) in receipt().items()} == {
        "desk/Pier.html": "created",
        "desk/Pier_files/a.html": "skipped",
    }


@pytest.mark.django_db
def test_every_file_of_a_folder_stands_on_the_receipt_and_none_stops_another(desk, monkeypatch):
    put(desk, a_dot_html=PAGE.format("The ferry"), b_dot_html=PAGE.format("The quay"), _dot_DS_Store="x")
    (desk / "c.html").symlink_to("/etc/passwd")
    os.rename(desk / "b.html", os.fsencode(desk) + b"/b\xff.html")
    put(desk, d_dot_html=PAGE.format("The mole"))
    chunks_of = originals.chunks_of

    def guarded(path: Path) -> Iterator[bytes]:
        if path.name == "d.html":
            raise PermissionError(13, "Permission denied", str(path))
        yield from chunks_of(path)

    monkeypatch.setattr(originals, "chunks_of", guarded)
    lines = told(desk)
    assert receipt() == {
        "desk/.DS_Store": ("skipped", folders.HIDDEN),
        "desk/a.html": ("created", ""),
        "desk/b\ufffd.html": ("created", ""),
        "desk/c.html": ("skipped", LINK),
        "desk/d.html": ("failed", "it cannot be opened: Permission denied"),
    }
    assert lines[-1] == "2 created, 1 failed, 2 skipped"
    assert ImportJob.objects.get().label == "import_articles desk"


@pytest.mark.django_db
def test_a_dry_run_says_the_same_of_a_folder(desk):
    put(desk, Pier_files__a_dot_html=PAGE.format("A frame"), Pier_dot_html=PAGE.format("The pier"), _dot_a="x")
    put(desk, quay_dot_png=PNG)
    (desk / "c.html").symlink_to("/etc/passwd")
    lines = told(desk, "--dry-run")
    assert lines == [
        f"desk/.a: skipped: {folders.HIDDEN}",
        "desk/Pier.html: readable: The pier",
        f"desk/c.html: skipped: {LINK}",
        "desk/quay.png: skipped: a picture, not an article",
        "desk/Pier_files/a.html: skipped: a part of the saved page desk/Pier.html",
        "1 readable, 4 skipped",
    ]
    assert not ImportJob.objects.exists()


@pytest.mark.django_db
def test_what_cannot_be_had_to_its_end_is_refused_and_nothing_of_it_is_kept():
    def broken() -> Iterator[bytes]:
        yield b"The ferry\n"
        raise UnreadableFile("it cannot be opened: Input/output error")

    files = [jobs.Incoming("a.txt", broken()), jobs.Incoming("b.txt", [b"The quay\n\nIt is of stone, and old."])]
    first, second = receiving.receive(files)
    assert (first.original, first.reason, first.passed_over) == (None, "it cannot be opened: Input/output error", False)
    assert second.original == Original.objects.get()


@pytest.mark.django_db
def test_a_hidden_file_that_was_sent_by_itself_is_taken_in():
    sent = [".notes.txt", ".DS_Store", "._a.txt", "news/.notes.txt", ".news/a.txt"]
    received = receiving.receive(jobs.Incoming(name, [b"The ferry\n\nIt sank at noon."]) for name in sent)
    assert [file.reason for file in received] == ["", folders.HIDDEN, folders.HIDDEN, folders.HIDDEN, ""]


@pytest.mark.django_db
def test_a_file_that_is_called_as_standard_input_is_a_file(desk, monkeypatch):
    (desk / "-").write_text("Ice at Skerry\n\nThe river froze on Monday, and nobody has crossed it yet, they say.\n")
    monkeypatch.chdir(desk)
    assert "Ice at Skerry" in told("./-")[0]
    assert Article.objects.get().title == "Ice at Skerry"
