from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from articles.search.engine.building import merging
from articles.search.engine.building.builder import SegmentBuilder
from articles.search.engine.building.merging import merge
from articles.search.engine.errors import IndexBroken
from articles.search.engine.segments.arrays import ArrayFile
from articles.search.engine.segments.segment import Segment

from . import plainly
from .test_building import SCHEMA, random_document


def built(path: Path, documents: list[dict[str, Any]]) -> Segment:
    builder = SegmentBuilder(SCHEMA)
    for document in documents:
        builder.add(document)
    builder.write(path)
    return Segment(path)


def arrays(path: Path) -> dict[str, list[Any]]:
    file = ArrayFile(path)
    return {name: [file.kind(name).str, *file.read(name).tolist()] for name in file.names}


def meta(path: Path) -> dict[str, Any]:
    return ArrayFile(path).meta


@pytest.mark.parametrize("seed", range(12))
def test_segments_merged_are_their_documents_built_at_once(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "TERMS", [1, 3, 50, 1 << 16][seed % 4])
    monkeypatch.setattr(merging, "OCCURRENCES", [1, 30, 1 << 20][seed % 3])
    monkeypatch.setattr(merging, "DOCUMENTS", [1, 1 << 16][seed % 2])
    chance = random.Random(seed)
    sources, left = [], []
    for number in range(chance.choice([1, 2, 5])):
        documents = [random_document(chance, number * 100 + each) for each in range(chance.choice([1, 3, 30]))]
        deleted = np.array([chance.random() < 0.3 for _ in documents]) if seed % 2 else None
        sources.append((built(tmp_path / f"{number}.seg", documents), deleted))
        left += [each for each, dead in zip(documents, deleted if seed % 2 else [False] * 99, strict=False) if not dead]
    merge(sources, tmp_path / "merged.seg")
    if left:
        built(tmp_path / "built.seg", left)
        assert arrays(tmp_path / "merged.seg") == arrays(tmp_path / "built.seg")
        assert meta(tmp_path / "merged.seg")["fields"] == meta(tmp_path / "built.seg")["fields"]
    if not seed % 2:
        assert meta(tmp_path / "merged.seg") == meta(tmp_path / "built.seg")


def test_merging_what_was_merged_changes_nothing(tmp_path: Path) -> None:
    chance = random.Random(1)
    documents = [random_document(chance, number) for number in range(20)]
    parts = [built(tmp_path / f"{at}.seg", documents[at : at + 5]) for at in range(0, 20, 5)]
    merge([(part, None) for part in parts[:2]], tmp_path / "first.seg")
    merge([(part, None) for part in parts[2:]], tmp_path / "second.seg")
    halves = [(Segment(tmp_path / f"{name}.seg"), None) for name in ("first", "second")]
    merge(halves, tmp_path / "all.seg")
    built(tmp_path / "once.seg", documents)
    assert arrays(tmp_path / "all.seg") == arrays(tmp_path / "once.seg")


def test_of_sources_with_nothing_left_nothing_is_left(tmp_path: Path) -> None:
    segment = built(tmp_path / "a.seg", [{"id": "1", "text": "ferry", "tag": "sea"}])
    merge([(segment, np.array([True]))], tmp_path / "merged.seg")
    merged = Segment(tmp_path / "merged.seg")
    assert plainly.held(SCHEMA, merged) == plainly.read(SCHEMA, [])


def test_the_length_of_what_is_left_is_estimated_closely(tmp_path: Path) -> None:
    chance = random.Random(4)
    documents = [{"id": str(number), "text": "ferry " * chance.randrange(1000)} for number in range(200)]
    deleted = np.array([chance.random() < 0.5 for _ in documents])
    merge([(built(tmp_path / "a.seg", documents), deleted)], tmp_path / "merged.seg")
    left = sum(len(document["text"].split()) for document, dead in zip(documents, deleted, strict=True) if not dead)
    assert Segment(tmp_path / "merged.seg").total("text") == pytest.approx(left, rel=0.005)


def test_nothing_is_left_of_a_merge_that_failed(tmp_path: Path) -> None:
    good, cut = (built(tmp_path / f"{name}.seg", [{"id": name, "text": "ferry ice " * 9}]) for name in "ab")
    os.truncate(tmp_path / "b.seg", 100)
    with pytest.raises(IndexBroken, match="ends before"):
        merge([(good, None), (cut, None)], tmp_path / "merged.seg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.seg", "b.seg"]
