"""The data folder of each earlier version starts with this one, and holds the same."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from .archive import Archive
from .keep_state import ARTICLES, CHANGED, EARLIER

STATES = sorted(EARLIER.glob("*.tar.xz"))


def test_there_are_states_to_try():
    assert len(STATES) > 5


@pytest.mark.parametrize("state", STATES, ids=lambda path: path.name.partition(".")[0])
def test_what_an_earlier_version_kept_is_there_and_agrees(state: Path, tmp_path: Path):
    with tarfile.open(state) as tar:
        tar.extractall(tmp_path, filter="data")
    with Archive(tmp_path / "data", tmp_path / "notes") as archive:
        archive.do("prepare")
        assert archive.complaints() == []
        archive.do("tell", words="ferry")
        told = json.loads((archive.notes / "held").read_text())
    assert (told["degraded"], told["found"]) == (False, len(ARTICLES))
    wanted = [CHANGED, *ARTICLES[1:]]
    assert told["held"] == [[each["canonical_url"], each["title"], each["body"]] for each in wanted]
