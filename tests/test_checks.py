from django.db import connection

from newsarchive import checks


def test_an_old_sqlite_is_told_of_in_one_sentence_with_what_to_do(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(checks.sqlite3, "sqlite_version", "3.34.1")
    [error] = checks.sqlite_version(None)
    assert error.msg == "The archive needs SQLite 3.35 or newer, and this Python comes with 3.34.1."
    assert "DATABASE_URL" in error.hint


def test_no_sqlite_is_asked_of_who_uses_postgresql(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert checks.sqlite_version(None) == []


def test_this_sqlite_is_new_enough():
    assert checks.sqlite_version(None) == []
