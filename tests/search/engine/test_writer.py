"""A batch: documents in, documents out, all of it or nothing."""

from __future__ import annotations

import pytest

from articles.search.engine.keeping import files, writer
from articles.search.engine.schema import KEY
from articles.search.engine.segments.segment import SEGMENT

from .stores import built, change, document, documents, generation, held, opened


def expected(**versions: int) -> dict[int, int]:
    return {number: 0 for number in range(10)} | {int(name[1:]): version for name, version in versions.items()}


@pytest.fixture
def store(tmp_path):
    return built(tmp_path / "index")


def test_a_document_takes_the_place_of_the_one_with_its_key(store):
    change(store, document(3, 1), document(20, 1))
    assert held(store) == expected(n3=1, n20=1)


def test_of_documents_with_one_key_in_one_batch_the_last_counts(store):
    change(store, document(3, 1), document(4, 1), document(3, 2))
    assert held(store) == expected(n3=2, n4=1)


def test_a_document_can_be_put_removed_and_put_again_in_one_batch(store):
    with store.writing() as batch:
        batch.put(document(3, 1))
        batch.remove("a.b.3")
        batch.put(document(3, 2))
        batch.put(document(21, 1))
        batch.remove("a.b.21")
    assert held(store) == expected(n3=2)


def test_removed_documents_are_gone_and_what_is_not_there_cannot_be_removed(store):
    before = store.pointer()
    change(store, removed=[77])
    assert store.pointer() == before
    change(store, removed=[2, 3, 3])
    assert sorted(held(store)) == [0, 1, 4, 5, 6, 7, 8, 9]


def test_a_batch_without_changes_is_no_commit(store):
    before = store.pointer()
    with store.writing():
        pass
    assert store.pointer() == before


def test_everything_can_be_removed_at_once_and_nothing_is_before_the_commit(store):
    other = opened(store.path)
    with store.writing() as batch:
        batch.put(document(50))
        batch.clear()
        assert len(held(other)) == 10
    assert held(store) == held(other) == {}
    assert store.state().status == "fresh"
    change(store, document(1, 5))
    assert held(store) == {1: 5}


def test_documents_can_follow_in_the_batch_that_removes_everything(store):
    with store.writing() as batch:
        batch.clear()
        batch.put(document(1, 5))
    assert held(store) == {1: 5}


def test_a_segment_of_which_nothing_lives_is_no_part_of_the_index(store):
    change(store, *documents(range(10), 1))
    assert len(store.snapshot().segments) == 1
    assert held(store) == dict.fromkeys(range(10), 1)


def test_a_large_batch_becomes_several_segments(store, monkeypatch):
    whole = writer.SegmentBuilder
    monkeypatch.setattr(writer, "SegmentBuilder", lambda schema: whole(schema, budget=800))
    change(store, *documents(range(5, 60), 1), document(7, 2), document(55, 2), removed=[8, 58])
    assert len(store.snapshot().segments) > 2
    still = {number: 1 for number in range(5, 60) if number not in (8, 58)}
    assert held(store) == {number: 0 for number in range(5)} | still | {7: 2, 55: 2}


def test_an_exception_in_a_batch_leaves_everything_as_it_was_and_no_files(store, monkeypatch):
    whole = writer.SegmentBuilder
    monkeypatch.setattr(writer, "SegmentBuilder", lambda schema: whole(schema, budget=800))
    change(store, document(3, 1))
    names = sorted(path.name for path in generation(store).iterdir())

    def fail() -> None:
        with store.writing() as batch:
            for one in documents(range(40), 9):
                batch.put(one)
            assert len(list(generation(store).iterdir())) > len(names)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert sorted(path.name for path in generation(store).iterdir()) == names
    assert held(store) == expected(n3=1)
    change(store, document(4, 1))
    assert held(store) == expected(n3=1, n4=1)


def test_a_document_that_cannot_be_indexed_does_not_take_its_predecessor_away(store):
    broken = {**document(3, 1), "version": "many"}
    with store.writing() as batch:
        with pytest.raises(ValueError, match="many"):
            batch.put(broken)
        batch.put(document(4, 1))
    assert held(store) == expected(n4=1)


def test_a_mask_that_was_committed_is_never_written_to(store):
    change(store, removed=[1])
    before = store.snapshot()
    alive = before.alive.copy()
    change(store, removed=[2])
    assert (before.alive == alive).all()
    assert before.documents == 9
    assert store.snapshot().documents == 8


def test_keys_of_any_kind_are_told_apart(store):
    keys = ["x" * 5_000 + "1", "x" * 5_000 + "2", "ключ.1", "a b\n.2", "a.b.1\x00.3"]
    for version in (1, 2):
        change(store, *({**document(0, version), KEY: key} for key in keys))
    snapshot = store.snapshot()
    assert snapshot.documents == 10 + len(keys)
    with store.writing() as batch:
        for key in keys:
            batch.remove(key)
    assert held(store) == expected()


def test_what_one_change_writes_is_the_new_segment_and_the_mask(store):
    change(store, document(30))
    before = {path.name for path in generation(store).iterdir()}
    change(store, document(3, 1))
    new = {path.suffix for path in generation(store).iterdir() if path.name not in before}
    assert new == {SEGMENT, files.MASK, ".json"}
