"""Writers that are killed: what was promised is there, nothing is there by half, and the next one goes on."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.search.engine.keeping import files

from .lives import Lives
from .mortal import after
from .stores import built, change, document, held, opened

SEED = int(os.environ.get("SEED", "20"))
KILLS = 200
# So many documents are not rebuilt before the kill comes, however fast the machine is.
MANY = 25_000


@pytest.fixture
def writer() -> Iterator[Lives]:
    with Lives() as lives:
        yield lives


def promised(path: Path) -> tuple[str, int]:
    """What the last life was doing when it ended, and the last batch that it was told is in the index."""
    notes = (path / "notes").read_bytes() if (path / "notes").exists() else b""
    return notes[:2].decode(), int(notes[8:16] or b"0")


def test_after_two_hundred_kills_every_promise_is_kept_and_nothing_is_there_by_half(tmp_path, writer):
    print(f"SEED={SEED}")
    dice, doing, done, longest = random.Random(SEED), Counter(), 0, 0.05
    generations = {built(tmp_path / "index", []).pointer().folder}
    for _ in range(KILLS):
        order = {"path": str(tmp_path), "seed": SEED, "first": done + 1, "turn": dice.randrange(4)}
        writer.begin("write", **order)
        time.sleep(dice.uniform(0, longest))
        writer.kill()
        in_the_middle_of, acknowledged = promised(tmp_path)
        doing.update(in_the_middle_of)
        assert not (tmp_path / "errors").exists(), (tmp_path / "errors").read_text()
        store = opened(tmp_path / "index")
        assert store.state().status == "fresh"
        found, acknowledged = held(store), max(acknowledged, done)
        # About two lives in three get as far as a commit, however fast the machine is.
        longest *= 1.06 if acknowledged == done else 0.97
        done = next(number for number in (acknowledged, acknowledged + 1) if after(SEED, number) == found)
        generations.add(store.pointer().folder)
        assert files.size_of(tmp_path) < 3_000_000
    print(f"{done} batches, {len(generations)} generations, lives ended in {dict(doing)}")
    assert done > KILLS / 2
    assert len(generations) > KILLS / 40
    assert min(doing[mark] for mark in "cmr") > KILLS / 40


def test_a_rebuild_in_several_processes_that_is_killed_leaves_nobody_behind(tmp_path, writer):
    dice, store = random.Random(SEED), built(tmp_path / "index")
    for turn in range(3):
        writer.begin("rebuild", path=str(tmp_path), number=MANY)
        while not store.commits.building.exists():
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.8))
        writer.kill()
        # Its processes may write on for a moment, and what they write is swept away.
        until = time.monotonic() + 20
        while store.commits.building.exists() and time.monotonic() < until:
            change(store, document(3, turn))
            time.sleep(0.05)
        assert not store.commits.building.exists()
        assert len(held(store)) in (10, MANY)
