"""`python3 start.py doctor`: what is wrong, and what to do."""

from __future__ import annotations

import fcntl
import io
import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from articles import health, heartbeat, ledger, originals
from newsarchive.settings import BASE_DIR

from .makers import make_article
from .search.indexes import backend, bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, monkeypatch, tmp_path) -> Path:
    """The data folder of an archive that lacks nothing, and does not run."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir(mode=0o700)
    settings.ORIGINALS = settings.DATA / "originals"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.PORT = probe.getsockname()[1]
    use_index_in(monkeypatch, settings.DATA / "index")
    originals.keep([b"The ferry is late."], name="ferry.txt")
    make_article("The ferry is late")
    bring_up_to_date()
    return settings.DATA


def told() -> tuple[dict[str, str], int]:
    """What is said of each part, and the exit code."""
    said = io.StringIO()
    code = 0
    try:
        call_command("doctor", stdout=said)
    except SystemExit as ended:
        code = ended.code
    return {line[7:].partition(":")[0]: line for line in said.getvalue().splitlines()}, code


def wrong() -> str:
    """The one line that says that something is."""
    lines, code = told()
    found = [line for line in lines.values() if line.startswith("WRONG")]
    assert code == 1
    assert len(found) == 1, found
    return found[0]


def test_an_archive_that_lacks_nothing_is_well_in_every_part(folder):
    lines, code = told()
    assert code == 0
    assert {line[:2] for line in lines.values()} == {"ok"}
    assert "1 of 1 were read" in lines["Originals"]
    assert "does not run" in lines["Port"]


def test_a_damaged_original_is_named(folder):
    path = next(path for path in (folder / "originals").rglob("*") if path.is_file())
    path.chmod(0o600)
    path.write_bytes(b"something else")
    assert path.name in wrong()


def test_a_damaged_index_is_told_with_what_to_do(folder):
    segment = next((folder / "index").rglob("*.seg"))
    segment.write_bytes(b"x" * segment.stat().st_size)
    backend().store.forget()
    assert "reindex" in wrong()


def test_triggers_that_are_gone_are_told(folder):
    ledger.lift(connection) if connection.vendor == "sqlite" else ledger._clear(connection)
    assert "start the archive again" in wrong()


def test_a_full_disk_is_told(folder, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 62)
    assert "Free some space" in wrong()


def test_a_port_of_another_program_is_told(folder, settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.PORT))
        other.listen()
        assert f"Port {settings.PORT} is in use" in wrong()


def test_a_running_archive_is_told_of_and_its_work_looked_at(folder):
    for name in health.WORK:
        heartbeat.beat(name)
    with open(folder / "serving.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("http://127.0.0.1:8000")
        lock.flush()
        assert "runs at http://127.0.0.1:8000" in told()[0]["Port"]
        assert told()[1] == 0
        ago = time.time() - heartbeat.LATE - 1
        os.utime(heartbeat._path("indexing"), (ago, ago))
        assert "Start the archive again" in wrong()


def run(data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"NEWSARCHIVE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "newsarchive.settings", **settings}
    command = [sys.executable, str(BASE_DIR / "manage.py"), "doctor"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)


def test_an_archive_that_was_never_started_is_told_of_as_one(tmp_path):
    ended = run(tmp_path / "data", PORT="8479")
    assert "the first start makes the archive ready" in ended.stdout
    assert ended.returncode == 0, ended.stdout


def test_a_damaged_database_is_told_of_with_what_to_do(tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    database = tmp_path / "data" / "archive.sqlite3"
    with sqlite3.connect(database) as made:
        made.execute("CREATE TABLE ferries (name)")
        made.executemany("INSERT INTO ferries VALUES (?)", [("ferry" * 200,)] * 100)
    made.close()
    content = bytearray(database.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    database.write_bytes(content)
    ended = run(tmp_path / "data")
    assert "WRONG  Database" in ended.stdout
    assert ended.returncode == 1


def test_a_misspelt_setting_is_told_of(tmp_path):
    ended = run(tmp_path / "data", NEWSARCHIVE_NAMEE="x")
    assert "There is no setting NEWSARCHIVE_NAMEE" in ended.stderr
    assert ended.returncode == 1
