"""An index of a test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from haystack import connections

from articles import search


def use_index_in(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Let the archive keep its index in `folder`; nothing of another index stays in memory."""
    monkeypatch.setitem(settings.HAYSTACK_CONNECTIONS["default"], "PATH", folder)
    return folder


def bring_up_to_date() -> None:
    """What the indexer does: build the index if there is none, then index what awaits it."""
    if search.state().status != "fresh":
        search.rebuild()
    while search.drain():
        continue


def backend():
    return connections["default"].get_backend()


def current_folder(path: Path) -> Path:
    """Where the index that counts has its files."""
    return path / backend().store.pointer().folder
