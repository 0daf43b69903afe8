from __future__ import annotations

from pathlib import Path

import pytest

from .indexes import use_index_in


@pytest.fixture
def index_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a fresh index; there is no index in it yet."""
    # The indexer would close the connection in whose transaction the test lives.
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    return use_index_in(monkeypatch, tmp_path / "index")
