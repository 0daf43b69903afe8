"""Processes of the archive are killed in the middle of whatever they do: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.backups import bag

from .archive import Archive

SEED = int(os.environ.get("SEED", random.randrange(1_000_000)))
KILLS = int(os.environ.get("KILLS", "30"))
# Beside the work in the background.
OTHERS = ("upload", "bring", "edit", "discard", "undo", "rebuild", "backup")
WITH_A_SEED = {"upload", "bring", "edit", "discard", "undo"}
# After so many kills it is looked whether everything agrees.
ROUND = 10


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "data", tmp_path / "notes") as archive:
        archive.do("prepare")
        yield archive


def order(act: str, number: int, dice: random.Random) -> dict[str, object]:
    told: dict[str, object] = {"act": act}
    if act in WITH_A_SEED:
        told["seed"] = dice.randrange(1_000_000)
    if act in ("upload", "bring"):
        told["life"] = f"{act}{number}"
    return told


def test_after_any_number_of_kills_database_index_and_originals_agree_and_every_promise_is_kept(archive: Archive):
    print(f"SEED={SEED} KILLS={KILLS}")
    dice, killed = random.Random(SEED), Counter[str]()
    while killed.total() < KILLS:
        acts = ["work", "upload", *dice.sample(OTHERS[1:], dice.randint(0, 2))]
        lives = [archive.begin(**order(act, killed.total(), dice)) for act in acts]
        time.sleep(dice.uniform(0.05, 2.0))
        archive.kill(*lives)
        killed.update(acts)
        if killed.total() % ROUND < len(acts):
            assert archive.complaints() == []
            assert archive.errors() == ""
    assert archive.complaints() == []
    archive.do("backup", times=1)
    bag.check(archive.notes / "backup")
    stored = sum(len(promise.get("stored", ())) for promise in archive.promises())
    print(f"{stored} articles were promised; killed: {dict(killed)}")
    assert stored > KILLS
