"""A whole archive moves to another machine and is the same there; what is wrong with a backup is said before."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command

from articles import backups
from articles.backups import Refusal, bag, tables, writing
from articles.models import Article, Original, Tag

RUN = "import django; django.setup(); from tests import whole_archive; import json; "


def environment(folder: Path) -> dict[str, str]:
    """That of an archive of its own."""
    held = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**held, "NEWSARCHIVE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "newsarchive.settings"}


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment(folder), cwd=project.BASE_DIR, check=False, capture_output=True,
        text=True,
    )  # fmt: skip
    return done.stdout + done.stderr


def manage(folder: Path, *arguments: str) -> str:
    return run(folder, "manage.py", *arguments)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an archive with something of everything."""
    folder = tmp_path_factory.mktemp("archive") / "data"
    manage(folder, "migrate", "-v0")
    assert run(folder, "-c", f"{RUN}whole_archive.fill()") == ""
    return folder


@pytest.fixture(scope="module")
def backup(archive: Path) -> Path:
    folder = archive.parent / "backup"
    assert "6 articles, 2 originals (2 new)." in manage(archive, "backup", str(folder))
    return folder


# Another machine


def test_the_archive_on_the_other_machine_is_identical(archive, backup, tmp_path):
    other = tmp_path / "data"
    said = manage(other, "restore", str(backup))
    assert said.splitlines()[-1].startswith("identical: 6 articles, 2 originals, 1 version, 1 picture, 1 source")
    assert "Accounts came back without passwords: ann, bob." in said
    assert "`manage.py changepassword ann` sets one." in said
    manage(other, "backup", str(tmp_path / "again"))
    told = [json.loads((folder / writing.ARCHIVE).read_text()) for folder in (backup, tmp_path / "again")]
    assert told[0] == told[1]
    seen = [
        json.loads(run(folder, "-c", f"{RUN}print(json.dumps(whole_archive.seen()))").splitlines()[0])
        for folder in (archive, other)
    ]
    assert seen[0] == seen[1]
    assert len(seen[0]) > 20
    assert "6 articles, 2 originals, all agree" in manage(other, "verify")


def test_no_secret_is_in_a_backup(archive, backup):
    key = (archive / "secret.key").read_text()
    texts = [path.read_text() for path in (backup / writing.ROWS).iterdir()]
    assert not any(key in text or "pbkdf2" in text or '"password"' in text for text in texts)
    assert not any("session" in path.name for path in backup.rglob("*"))


def test_nobody_else_may_enter_a_backup(backup):
    assert backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in (backup / writing.ROWS).iterdir() if path.stat().st_mode & 0o077] == []


def test_a_second_backup_copies_only_what_is_new(archive, backup, tmp_path):
    copy, data = tmp_path / "copy", tmp_path / "data"
    shutil.copytree(backup, copy)
    shutil.copytree(archive, data)
    (data / "more.jsonl").write_text('{"title": "More", "body": "Of it."}\n')
    manage(data, "import_articles", str(data / "more.jsonl"))
    before = {path: path.stat().st_ino for path in (copy / writing.ORIGINALS).rglob("*") if path.is_file()}
    assert "7 articles, 3 originals (1 new)." in manage(data, "backup", str(copy))
    assert {path: path.stat().st_ino for path in before} == before
    bagit.Bag(str(copy)).validate()
    assert not (copy / writing.INCOMING).exists()


def test_the_backup_is_a_bag_by_the_judgement_of_others(backup):
    judged = bagit.Bag(str(backup))
    assert judged.validate()
    assert judged.info["Articles"] == "6"


# What is wrong with a backup


def spoil_manifest(folder: Path, old: str, new: str) -> None:
    path = folder / bag.MANIFEST
    path.write_text(path.read_text().replace(old, new, 1))
    reseal(folder, tags_only=True)


def reseal(folder: Path, *, tags_only: bool = False) -> None:
    """Make the lists of a changed bag right again, as somebody would who wants to hide a change."""
    if not tags_only:
        paths = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
        lines = [f"{bag.piece_of(path).sha256}  {path.relative_to(folder).as_posix()}\n" for path in paths]
        (folder / bag.MANIFEST).write_text("".join(lines))
    names = (bag.DECLARED, bag.INFO, bag.MANIFEST)
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / bag.TAGS).write_text("".join(lines))


def original_in(folder: Path) -> Path:
    return min(path for path in (folder / writing.ORIGINALS).rglob("*") if path.is_file())


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.chmod(0o600)
    path.write_bytes(change(path.read_bytes()))


def flip(content: bytes) -> bytes:
    return bytes([content[0] ^ 1]) + content[1:]


def retell(folder: Path, **changes: object) -> None:
    path = folder / writing.ARCHIVE
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    reseal(folder)


def rows_of(folder: Path, name: str) -> Path:
    return folder / writing.ROWS / f"{name}-00001.jsonl"


def cut_unseen(folder: Path) -> None:
    rewrite(rows_of(folder, "articles"), lambda content: content[: len(content) // 2])
    reseal(folder)


def new_field(folder: Path) -> None:
    tables = json.loads((folder / writing.ARCHIVE).read_text())["tables"]
    tables["tags"]["fields"].append("colour")
    retell(folder, tables=tables)


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "an original is missing": (lambda folder: original_in(folder).unlink(), "is missing."),
    "an original has a flipped byte": (lambda folder: rewrite(original_in(folder), flip), "another checksum"),
    "an original is cut": (lambda folder: rewrite(original_in(folder), lambda text: text[:-1]), "another checksum"),
    "a file is too many": (lambda folder: (folder / "data" / "extra").write_text("?"), "data/extra is not in the man"),
    "rows are cut": (lambda folder: rewrite(rows_of(folder, "articles"), lambda text: text[:99]), "another checksum"),
    "rows are gone": (lambda folder: rows_of(folder, "tags").unlink(), "data/rows/tags-00001.jsonl is missing"),
    "rows are cut and nobody shall know": (cut_unseen, "rows that are not the 6 which were written"),
    "rows are gone and nobody shall know": (
        lambda folder: (rows_of(folder, "tags").unlink(), reseal(folder)), "lacks data/rows/tags-00001.jsonl"
    ),
    "an original is gone and nobody shall know": (
        lambda folder: (original_in(folder).unlink(), reseal(folder)), "lacks 1 original"
    ),
    "the manifest is gone": (lambda folder: (folder / bag.MANIFEST).unlink(), "the backup was not finished"),
    "the manifest was changed": (
        lambda folder: rewrite(folder / bag.MANIFEST, lambda text: b"?" + text[1:]), "is not the checksum and the path"
    ),
    "the manifest leaves the bag": (lambda folder: spoil_manifest(folder, "data/rows/", "../"), "is not the checksum"),
    "the manifest names a whole path": (lambda folder: spoil_manifest(folder, "data/rows/", "/"), "is not the check"),
    "the manifest names a file twice": (
        lambda folder: spoil_manifest(folder, "data/rows/authors", "data/rows/articles"), "is not the checksum"
    ),
    "the manifest is no text": (lambda folder: (folder / bag.MANIFEST).write_bytes(b"\xff\xfe"), "cannot be read"),
    "what it says of itself was changed": (
        lambda folder: rewrite(folder / bag.INFO, flip), "bag-info.txt has another checksum than tagmanifest"
    ),
    "it is another kind of bag": (
        lambda folder: (rewrite(folder / bag.DECLARED, lambda text: text.replace(b"1.0", b"9.9")), reseal(folder)),
        "not that of a bag of version 1.0",
    ),
    "it is no bag": (lambda folder: (folder / bag.DECLARED).unlink(), "is no backup"),
    "it is a bag of something else": (
        lambda folder: ((folder / writing.ARCHIVE).unlink(), reseal(folder)), "no backup of an archive"
    ),
    "a file is a link": (
        lambda folder: ((folder / "data" / "link").symlink_to("/etc/passwd"), reseal(folder)), "data/link is a link"
    ),
    "it is of a newer kind": (lambda folder: retell(folder, format=2), "made by a newer version"),
    "a field is of a newer version": (new_field, "has the field colour, which is not known here"),
    "what it has is not told": (lambda folder: retell(folder, tables=[]), "has no groups"),
    "what it has is told otherwise": (lambda folder: retell(folder, tables={"groups": [1]}), "cannot be read"),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("spoil", "words"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_backup_is_refused_before_anything_is_taken_from_it(spoil, words, backup, tmp_path, settings):
    settings.ORIGINALS = tmp_path / "originals"
    folder = tmp_path / "backup"
    shutil.copytree(backup, folder)
    spoil(folder)
    with pytest.raises(Refusal, match=words):
        backups.restore(folder)
    assert not Article.objects.exists()
    assert not settings.ORIGINALS.exists()


# In one place


@pytest.fixture
def emptied(backup, tmp_path, settings, db) -> Path:
    """A backup, and an archive that is empty."""
    settings.ORIGINALS = tmp_path / "originals"
    folder = tmp_path / "backup"
    shutil.copytree(backup, folder)
    return folder


def test_a_backup_is_restored_in_one_piece_with_its_groups_and_its_log(emptied):
    done = backups.restore(emptied)
    assert (done.users, done.originals, done.missing) == (["ann", "bob"], 2, [])
    assert not User.objects.get(username="ann").has_usable_password()
    assert User.objects.get(username="bob").has_perm("articles.change_article")
    assert [group.name for group in Group.objects.order_by("name")] == [
        "Administrators",
        "Contributors",
        "Editors",
        "Readers",
    ]
    assert LogEntry.objects.get().get_edited_object() == Article.objects.get(title="The ferry is late")
    assert Tag.objects.get(name="ferry").published_count == 2


def test_a_backup_is_restored_into_an_empty_archive_only(emptied):
    Tag.objects.create(name="Here already")
    with pytest.raises(Refusal, match="not empty: it has tags"):
        backups.restore(emptied)


def test_rows_that_contradict_each_other_leave_the_archive_empty(emptied):
    path = rows_of(emptied, "articles")
    line = path.read_bytes().splitlines(keepends=True)[-1]
    path.write_bytes(path.read_bytes() + line)
    tables = json.loads((emptied / writing.ARCHIVE).read_text())["tables"]
    tables["articles"] |= {"rows": 7, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    retell(emptied, tables=tables)
    with pytest.raises(Refusal, match="cannot be stored"):
        backups.restore(emptied)
    assert not Article.objects.exists()
    assert Group.objects.count() == 4


def test_an_original_that_is_damaged_is_left_out_and_named_and_all_else_is_saved(emptied, tmp_path):
    backups.restore(emptied)
    broken, whole = Original.objects.order_by("pk")
    broken.path.chmod(0o600)
    broken.path.write_bytes(b"rot")
    with pytest.raises(SystemExit):
        call_command("backup", str(tmp_path / "new"))
    bagit.Bag(str(tmp_path / "new")).validate()
    told = backups.check(tmp_path / "new")
    assert told["missing"] == {broken.sha256}
    assert [path.name for path in (tmp_path / "new" / writing.ORIGINALS).rglob("?" * 64)] == [whole.sha256]


def test_an_original_that_was_discarded_leaves_the_backup_too(emptied):
    backups.restore(emptied)
    gone = Original.objects.order_by("pk").last()
    gone.articles.update(original=None)
    gone.inputs.update(original=None)
    gone.delete()
    assert backups.write(emptied).originals == 1
    assert backups.check(emptied)["tables"]["originals"]["rows"] == 1


def test_a_backup_that_was_cut_short_is_finished_by_the_next(emptied, tmp_path, monkeypatch):
    backups.restore(emptied)
    new = tmp_path / "new"
    monkeypatch.setattr(writing, "_take_place", lambda *given: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(CommandError, match="not finished; run it again"):
        call_command("backup", str(new))
    with pytest.raises(Refusal, match="not finished"):
        backups.check(new)
    monkeypatch.undo()
    assert backups.write(new).originals == 2
    bagit.Bag(str(new)).validate()


@pytest.mark.parametrize("name", [bag.DECLARED, bag.MANIFEST, bag.TAGS, writing.ARCHIVE])
def test_a_damaged_file_that_was_removed_is_written_anew(name, emptied):
    backups.restore(emptied)
    (emptied / name).unlink()
    backups.write(emptied)
    bagit.Bag(str(emptied)).validate()
    backups.check(emptied)


def test_a_backup_is_not_written_over_something_else(emptied, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "otter.jpg").write_bytes(b"?")
    with pytest.raises(Refusal, match="something that is no backup"):
        backups.write(tmp_path / "photos")
    with pytest.raises(Refusal, match="backup of another archive"):
        backups.write(emptied)


def test_a_backup_is_not_written_into_the_archive_itself(settings):
    for folder in (settings.DATA, settings.DATA / "backup"):
        with pytest.raises(CommandError, match="in the archive itself"):
            call_command("backup", str(folder))


def test_a_backup_can_be_checked_without_being_restored(emptied, capsys):
    call_command("restore", str(emptied), "--check")
    assert "The backup is whole: 6 articles, 2 originals" in capsys.readouterr().out
    assert not Article.objects.exists()


def test_rows_are_written_in_files_that_are_not_too_large(emptied, monkeypatch):
    backups.restore(emptied)
    monkeypatch.setattr(writing, "CHUNK_BYTES", 100)
    before = backups.check(emptied)
    backups.write(emptied)
    after = backups.check(emptied)
    assert len(after["tables"]["articles"]["files"]) == 6
    assert after["tables"]["articles"]["sha256"] == before["tables"]["articles"]["sha256"]


def test_every_model_is_saved_or_can_be_worked_out():
    saved = {table.model for table in tables.TABLES}
    models = apps.get_app_config("articles").get_models()
    assert {model for model in models if not model._meta.proxy} == {*tables.DERIVED} | {
        model for model in saved if model._meta.app_label == "articles"
    }
    unsaved = {(table.name, name) for table in tables.TABLES for name in table.without}
    assert {name for _, name in unsaved} == {"password", "published_count", "status", "earliest", "title", "looks"}
    assert {name for name, column in unsaved if column == "title"} == {"article_versions"}


def test_a_line_can_hold_half_of_a_surrogate_pair():
    row = {"page": ["\ud800"], "title": "وصل"}
    assert json.loads(tables.line_of(row)) == row
    assert "وصل" in tables.line_of({"title": "وصل"}).decode()
