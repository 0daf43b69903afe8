"""Commits, generations, merges and rebuilds: what counts, what stays, what goes."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import pytest

from articles.search.engine.errors import EngineError, IndexBroken, IndexBusy, IndexMissing, IndexOutdated, NoRoom
from articles.search.engine.keeping import commits, files, rebuilding, upkeep
from articles.search.engine.segments.segment import SEGMENT

from .stores import built, change, document, documents, generation, held, open_files, opened


@pytest.fixture
def store(tmp_path):
    return built(tmp_path / "index")


def scatter(store, number: int = 8, first: int = 100) -> None:
    """So many segments of one document."""
    for at in range(first, first + number):
        change(store, document(at))


def all_files(path) -> list[str]:
    return sorted(str(found.relative_to(path)) for found in path.rglob("*") if found.is_file())


# What counts


def test_without_an_index_it_is_missing_and_nothing_can_be_written(tmp_path):
    store = opened(tmp_path / "index")
    assert store.state().status == "missing"
    assert not store.usable()
    for act in (store.snapshot, store.check, store.merge, lambda: change(store, document(1))):
        with pytest.raises(IndexMissing):
            act()


def test_a_new_index_says_how_it_is(store):
    state = store.state()
    assert (state.status, state.documents, state.reason) == ("fresh", 10, "")
    assert state.generation == store.snapshot().name
    assert store.usable()
    assert store.check(thorough=True) == store.pointer()


def test_an_index_can_be_empty(tmp_path):
    store = built(tmp_path / "index", [])
    assert held(store) == {}
    change(store, document(1))
    assert held(store) == {1: 0}


def test_an_empty_index_is_made_only_where_there_is_none(tmp_path):
    store = opened(tmp_path / "index")
    store.create()
    assert held(store) == {}
    change(store, document(1))
    store.create()
    assert held(store) == {1: 0}
    (store.path / "CURRENT").write_bytes(b"garbage")
    store.create()
    assert store.state().status == "broken"


def test_an_index_of_another_version_is_outdated_until_it_is_built_anew(store):
    store.commits.fingerprint = "another"
    assert store.state().status == "outdated"
    for act in (store.snapshot, store.merge, lambda: change(store, document(1))):
        with pytest.raises(IndexOutdated):
            act()
    assert store.rebuild(documents(range(3))) == 3
    assert held(store) == dict.fromkeys(range(3), 0)


def test_contents_of_another_format_are_outdated(store, monkeypatch):
    monkeypatch.setattr(files, "CONTENTS_FORMAT", 2)
    change_refused = opened(store.path)
    assert change_refused.state().status == "outdated"


def test_suspicion_ends_with_a_thorough_check(store):
    store.suspect()
    store.check()
    assert store.suspected()
    store.check(thorough=True)
    assert not store.suspected()


def test_one_writer_waits_for_another_and_gives_up_in_time(store):
    other = opened(store.path, timeout=0.1)
    with store.writing(), pytest.raises(IndexBusy), other.writing():
        pytest.fail("two writers at once")
    with store.writing(), pytest.raises(IndexBusy):
        other.rebuild([])
    change(other, document(11))
    assert len(held(store)) == 11


# What is opened


def test_a_snapshot_is_the_same_until_there_is_a_commit(store):
    before = store.snapshot()
    assert store.snapshot() is before
    change(store, document(3, 1))
    assert store.snapshot() is not before
    assert before.documents == 10
    assert before.segments[0] is store.snapshot().segments[0]


def test_a_pointer_that_has_settled_is_not_read_again_and_one_that_changed_is(store, monkeypatch):
    read, reads = files.read_pointer, []
    monkeypatch.setattr(files, "read_pointer", lambda path: reads.append(path) or read(path))
    store.snapshot()
    store.snapshot()
    assert len(reads) >= 2
    monkeypatch.setattr(commits, "SETTLED", -1)
    before = store.snapshot()
    reads.clear()
    assert store.snapshot() is before
    assert reads == []
    change(opened(store.path), document(3, 1))
    assert held(store)[3] == 1
    (store.path / "CURRENT").write_bytes(b"{}")
    with pytest.raises(IndexBroken):
        store.snapshot()
    (store.path / "CURRENT").unlink()
    with pytest.raises(IndexMissing):
        store.snapshot()


def test_a_commit_makes_readers_read_only_what_is_new(store, monkeypatch):
    reader = opened(store.path)
    reader.snapshot()
    known = set(generation(store).iterdir())
    change(store, document(3, 1))
    read: list[str] = []
    checked = files.checked
    monkeypatch.setattr(files, "checked", lambda path, **options: read.append(path) or checked(path, **options))
    assert held(reader)[3] == 1
    assert sorted(path.suffix for path in read) == [files.MASK, SEGMENT]
    assert not known & set(read)


def test_a_snapshot_outlives_its_files(store):
    before = store.snapshot()
    scatter(store)
    assert store.merge()
    store.rebuild(documents(range(3)))
    store.rebuild(documents(range(4)))
    assert len(before.ids("text", b"zinc")) == before.documents == 10
    assert not (store.path / before.name.split(".")[0]).exists()


def test_a_reader_that_finds_files_gone_under_its_hands_looks_again(store, monkeypatch):
    reader = opened(store.path)
    view, views = reader.commits.view, []

    def late(pointer):
        if not views:
            for number in range(3):
                change(store, document(number, 7))
        views.append(pointer.commit)
        return view(pointer)

    monkeypatch.setattr(reader.commits, "view", late)
    assert list(held(reader).values()).count(7) == 3
    assert views == [1, 4]


def test_files_of_the_commit_before_stay_one_commit_longer(store):
    change(store, document(3, 1))
    second = files.names_of(generation(store), 2)
    change(store, document(3, 2))
    assert second <= set(os.listdir(generation(store)))
    change(store, document(3, 3))
    assert not second <= set(os.listdir(generation(store)))


def test_only_the_owner_may_look_into_the_index(store):
    assert store.path.stat().st_mode & 0o77 == 0
    assert generation(store).stat().st_mode & 0o77 == 0


# What goes


def test_what_a_killed_writer_left_is_swept_away_by_the_next(store):
    folder = generation(store)
    left = [folder / "0123456789abcdef.seg", folder / "contents-77.json", folder / ".contents-2.json.part"]
    for path in left:
        path.write_bytes(b"half")
    (folder / "half").mkdir()
    store.commits.building.mkdir()
    (store.commits.building / "half.seg").write_bytes(b"half")
    assert len(held(store)) == 10
    change(store, document(3, 1))
    assert not any(path.exists() for path in [*left, folder / "half", store.commits.building])
    assert held(store)[3] == 1


def test_a_generation_that_was_replaced_stays_until_no_reader_can_need_it(store, monkeypatch):
    old = generation(store)
    os.utime(old, (0, 0))
    store.rebuild(documents(range(5)))
    change(store, document(3, 1))
    assert old.exists()
    monkeypatch.setattr(commits, "GRACE", 0.0)
    change(store, document(3, 2))
    assert not old.exists()


def test_a_clock_that_was_put_back_does_not_keep_old_generations(store):
    old = generation(store)
    store.rebuild(documents(range(5)))
    os.utime(old, (time.time() + 1e6, time.time() + 1e6))
    change(store, document(3, 1))
    assert not old.exists()


def test_neither_a_rebuild_nor_a_merge_is_begun_without_room(store, monkeypatch):
    scatter(store)
    before = all_files(store.path)
    monkeypatch.setattr(rebuilding.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    for act in (lambda: store.rebuild(documents(range(3))), store.merge):
        with pytest.raises(NoRoom, match="MB of free space"):
            act()
    assert set(all_files(store.path)) - set(before) <= {"merge.lock", "rebuild.lock"}
    assert len(held(store)) == 18


def test_neither_open_files_nor_the_disk_grow_with_commits(store):
    figures = []
    for number in range(200):
        change(store, document(number % 30, number), removed=[(number * 7) % 30])
        store.merge()
        held(store)
        if number % 50 == 49:
            figures.append((open_files(), files.size_of(store.path), len(store.snapshot().segments)))
    fds, sizes, segments = zip(*figures, strict=True)
    assert max(fds) <= fds[0] + 16
    assert max(sizes) <= 2 * sizes[0]
    assert max(segments) <= 16


def test_a_change_of_one_document_reads_and_writes_little_of_a_large_index(tmp_path):
    store = built(tmp_path / "index", range(8_000))
    change(store, document(3, 1))
    whole = files.size_of(generation(store))
    before = _bytes_moved()
    change(store, document(4, 1))
    assert _bytes_moved() - before < whole / 10


def _bytes_moved() -> int:
    with open("/proc/self/io") as file:
        told = dict(line.split(": ") for line in file.read().splitlines())
    return int(told["rchar"]) + int(told["wchar"])


# Merging


def test_small_segments_become_one(store):
    scatter(store, 7)
    change(store, document(3, 1), removed=[4, 100])
    expected = held(store)
    assert len(store.snapshot().segments) >= 8
    assert store.merge()
    assert len(store.snapshot().segments) == 1
    assert store.snapshot().count == len(expected)
    assert held(store) == held(opened(store.path)) == expected
    assert not store.merge()
    assert not list(store.commits.merging.parent.glob("merging/*"))


def test_changes_made_during_a_merge_are_carried_over(store, monkeypatch):
    scatter(store)
    change(store, removed=[5])
    merge = upkeep.merge

    def meanwhile(*arguments):
        merge(*arguments)
        change(store, document(100, 1), document(6, 1), document(200, 1), removed=[7, 101])
        change(store, removed=[8])

    monkeypatch.setattr(upkeep, "merge", meanwhile)
    assert store.merge()
    still = {number: 0 for number in [*range(10), *range(100, 108)] if number not in (5, 7, 8, 101)}
    assert held(store) == held(opened(store.path)) == still | {100: 1, 6: 1, 200: 1}
    assert len(store.snapshot().segments) == 2


@pytest.mark.parametrize(("ceiling", "segments"), [(1000, 1), (25, 2)])
def test_what_was_built_in_several_segments_is_put_together(store, monkeypatch, ceiling, segments):
    def in_tens(schema, documents, folder):
        some = list(documents)
        return [name for at in range(0, len(some), 10) for name in build(schema, some[at : at + 10], folder)]

    build = rebuilding.build
    monkeypatch.setattr(rebuilding, "build", in_tens)
    monkeypatch.setattr(rebuilding, "CEILING", ceiling)
    store.rebuild(documents(range(40)))
    assert held(store) == dict.fromkeys(range(40), 0)
    assert len(store.snapshot().segments) == segments
    names = [path.name for path in generation(store).glob("*.seg")]
    assert len(names) == segments
    assert all(name.count(".") == 1 for name in names)


@pytest.mark.parametrize("then", ["rebuild", "clear"])
def test_a_merge_gives_up_when_its_sources_are_gone(store, monkeypatch, then):
    scatter(store)
    merge = upkeep.merge

    def meanwhile(*arguments):
        merge(*arguments)
        if then == "rebuild":
            return store.rebuild(documents(range(3)))
        with store.writing() as writer:
            return writer.clear()

    monkeypatch.setattr(upkeep, "merge", meanwhile)
    assert not store.merge()
    assert len(held(store)) == (3 if then == "rebuild" else 0)
    assert not store.commits.merging.exists()


def test_two_do_not_merge_at_once(store, monkeypatch):
    scatter(store)
    merge, seen = upkeep.merge, []

    def meanwhile(*arguments):
        seen.append(opened(store.path).merge())
        merge(*arguments)

    monkeypatch.setattr(upkeep, "merge", meanwhile)
    assert store.merge()
    assert seen == [False]


def test_a_merge_that_cannot_commit_in_time_leaves_no_trace(store):
    scatter(store)
    other, expected, before = opened(store.path, timeout=0.05), held(store), all_files(store.path)
    with store.writing():
        assert not other.merge()
    assert held(store) == expected
    assert set(all_files(store.path)) <= {*before, "merge.lock"}


def test_documents_that_were_deleted_are_merged_away(tmp_path):
    store = built(tmp_path / "index", range(1_000))
    change(store, removed=range(400))
    assert not store.merge()
    change(store, removed=range(400, 600))
    assert store.merge()
    assert store.snapshot().count == 400
    assert held(store) == dict.fromkeys(range(600, 1_000), 0)


# Rebuilding


def during(store, *acts):
    """The documents of a rebuild, with something done between them."""
    yield document(1)
    for act in acts:
        act()
    yield from documents([2, 3, 4, 5])


def test_what_is_committed_during_a_rebuild_is_in_the_new_index(store):
    def put() -> None:
        change(store, document(1, 1), document(2, 1), document(60, 1))

    def again() -> None:
        change(store, document(2, 2), removed=[3])

    assert store.rebuild(during(store, put, again)) == 5
    assert held(store) == held(opened(store.path)) == {1: 1, 2: 2, 60: 1, 4: 0, 5: 0}
    change(store, document(4, 3), removed=[60])
    assert held(store) == {1: 1, 2: 2, 4: 3, 5: 0}


def test_what_is_removed_during_a_rebuild_stays_away_even_if_the_live_index_never_had_it(store):
    change(store, removed=[4, 5])
    assert store.rebuild(during(store, lambda: change(store, removed=[4]))) == 4
    assert held(store) == {1: 0, 2: 0, 3: 0, 5: 0}


def test_what_is_put_and_removed_during_a_rebuild_stays_away(store):
    store.rebuild(during(store, lambda: change(store, document(2, 1)), lambda: change(store, removed=[2])))
    assert held(store) == {1: 0, 3: 0, 4: 0, 5: 0}


def test_clearing_during_a_rebuild_counts(store):
    def clear() -> None:
        with store.writing() as writer:
            writer.put(document(1, 1))
            writer.clear()
            writer.put(document(2, 1))

    store.rebuild(during(store, lambda: change(store, document(5, 1)), clear, lambda: change(store, document(3, 2))))
    assert held(store) == {2: 1, 3: 2}


def test_a_batch_that_fails_during_a_rebuild_changes_nothing_there(store):
    def stop_half_way() -> None:
        with store.writing() as writer:
            writer.put(document(2, 9))
            writer.remove("a.b.3")
            raise ZeroDivisionError

    def fail() -> None:
        with pytest.raises(ZeroDivisionError):
            stop_half_way()

    def unwritten() -> None:
        with pytest.MonkeyPatch.context() as full:
            full.setattr(store.commits, "prepare", full_disk)
            with pytest.raises(OSError, match="full"):
                change(store, document(2, 9), removed=[3])

    store.rebuild(during(store, fail, unwritten))
    assert held(store) == dict.fromkeys(range(1, 6), 0)
    store.rebuild(during(store, unwritten, lambda: change(store, document(4, 1))))
    assert held(store) == dict.fromkeys(range(1, 6), 0) | {4: 1}


def full_disk(*arguments: object) -> None:
    raise OSError(28, "The disk is full")


def test_searches_and_checks_go_on_during_a_rebuild(store):
    reader, seen = opened(store.path), []

    def look() -> None:
        seen.extend([len(held(reader)), reader.state().status, reader.check(thorough=True).commit, store.merge()])

    store.rebuild(during(store, look))
    assert seen == [10, "fresh", 1, False]
    assert len(held(reader)) == 5


def test_two_do_not_rebuild_at_once(store):
    other = opened(store.path, timeout=0.05)

    def rebuild() -> None:
        with pytest.raises(IndexBusy):
            other.rebuild([])

    assert store.rebuild(during(store, rebuild)) == 5


def test_a_rebuild_that_fails_leaves_the_index_in_use_and_no_files(store):
    before = all_files(store.path)
    with pytest.raises(ZeroDivisionError):
        store.rebuild(during(store, lambda: 1 / 0))
    assert set(all_files(store.path)) == {*before, "rebuild.lock"}
    assert len(held(store)) == 10


def test_a_change_during_a_rebuild_that_fails_is_not_lost(store):
    with pytest.raises(ZeroDivisionError):
        store.rebuild(during(store, lambda: change(store, document(2, 1), removed=[77]), lambda: 1 / 0))
    assert held(store)[2] == 1
    change(store, document(3, 1))
    assert held(store)[3] == 1


def test_a_damaged_index_is_built_anew_whatever_is_damaged(store):
    for damage in (
        lambda: (store.path / "CURRENT").write_bytes(b"{"),
        lambda: (store.path / "CURRENT").unlink(),
        lambda: next(generation(store).glob("contents-*")).unlink(),
        lambda: next(generation(store).glob("*.seg")).write_bytes(b""),
    ):
        damage()
        with pytest.raises(EngineError):
            opened(store.path).snapshot()
        assert store.rebuild(documents(range(7))) == 7
        assert held(store) == held(opened(store.path)) == dict.fromkeys(range(7), 0)
