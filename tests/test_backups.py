"""A copy of the archive is whole, can be lived in, and is brought up to date by making it again."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project

from articles import backups


@pytest.fixture
def archive(tmp_path: Path) -> dict[str, str]:
    """The environment of a small archive of its own."""
    environment = {**os.environ, "NEWSARCHIVE_DATA": str(tmp_path / "data")}
    environment["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    environment.pop("DATABASE_URL", None)
    manage(environment, "migrate", "-v0")
    manage(environment, "import_articles", "-", sent=record("One"))
    return environment


def record(title: str) -> str:
    return json.dumps({"title": title, "body": "Text.", "tags": ["flood"]}) + "\n"


def manage(environment: dict[str, str], *arguments: str, sent: str = "") -> str:
    command = [sys.executable, str(project.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, input=sent, check=False, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_a_copy_can_be_lived_in(archive: dict[str, str], tmp_path: Path):
    said = manage(archive, "backup", str(tmp_path / "copy"))
    assert "1 articles copied." in said
    assert "1 originals copied, every checksum right." in said
    moved = {**archive, "NEWSARCHIVE_DATA": str(tmp_path / "copy")}
    assert manage(moved, "export_articles") == manage(archive, "export_articles")
    assert (tmp_path / "copy" / "secret.key").read_text() == (tmp_path / "data" / "secret.key").read_text()
    assert (tmp_path / "copy" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_copy_in_a_folder_that_others_may_enter_is_still_closed_to_them(archive: dict[str, str], tmp_path: Path):
    (tmp_path / "copy").mkdir(mode=0o755)
    manage(archive, "backup", str(tmp_path / "copy"))
    assert [path.name for path in (tmp_path / "copy").iterdir() if path.stat().st_mode & 0o077] == []


def test_a_second_copy_into_the_same_folder_brings_it_up_to_date(archive: dict[str, str], tmp_path: Path):
    manage(archive, "backup", str(tmp_path / "copy"))
    manage(archive, "import_articles", "-", sent=record("Two"))
    assert "2 articles copied." in manage(archive, "backup", str(tmp_path / "copy"))
    copy = sqlite3.connect(tmp_path / "copy" / backups.DATABASE)
    assert copy.execute("SELECT count(*) FROM articles_article").fetchone() == (2,)
    copy.close()


def test_a_damaged_original_stops_the_copy_and_is_named(archive: dict[str, str], tmp_path: Path):
    (original,) = (path for path in (tmp_path / "data" / "originals").rglob("*") if path.is_file())
    original.chmod(0o644)
    original.write_text("rot")
    said = manage(archive, "backup", str(tmp_path / "copy"))
    assert original.name in said
    assert "does not have its checksum" in said


def test_an_archive_is_not_copied_onto_itself(archive: dict[str, str], tmp_path: Path):
    assert "is the archive itself" in manage(archive, "backup", str(tmp_path / "data"))
