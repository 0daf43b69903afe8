"""Disks that are full or fail at any moment, and files that are not as they were written."""

from __future__ import annotations

import builtins
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from articles.search.engine.errors import EngineError, IndexBroken, IndexMissing, IndexOutdated
from articles.search.engine.keeping import tiers
from articles.search.engine.keeping.store import Store

from .stores import built, change, document, documents, generation, held, open_files, opened

# Writing


class Faults:
    """Counts calls to the system and lets one of them fail."""

    def __init__(self) -> None:
        self.arm(0)

    def arm(self, call: int, number: int = errno.EIO) -> None:
        self.calls: list[str] = []
        self.failing, self.number = call, number

    @property
    def met(self) -> bool:
        return 0 < self.failing <= len(self.calls)

    def call(self, name: str) -> None:
        self.calls.append(name)
        if len(self.calls) == self.failing:
            raise OSError(self.number, os.strerror(self.number))

    def failing_at(self, name: str, function: Callable) -> Callable:
        def instead(*arguments: object, **options: object) -> object:
            self.call(name)
            return function(*arguments, **options)

        return instead


class Wrapped:
    """A file that may fail when it is written or closed."""

    def __init__(self, file, faults: Faults) -> None:
        self.file, self.faults = file, faults

    def write(self, content: bytes) -> int:
        self.faults.call("write")
        return self.file.write(content)

    def flush(self) -> None:
        self.faults.call("flush")
        self.file.flush()

    def __enter__(self):
        return self

    def __exit__(self, *told: object) -> None:
        self.file.close()

    def __getattr__(self, name: str):
        return getattr(self.file, name)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    faults, whole = Faults(), builtins.open

    def opening(path, mode="r", *arguments: object, **options: object):
        faults.call(f"open {mode}")
        file = whole(path, mode, *arguments, **options)
        return Wrapped(file, faults) if "w" in mode else file

    for name in ("open", "fsync", "replace", "rename", "mkdir", "pread", "stat", "unlink", "scandir", "listdir"):
        monkeypatch.setattr(os, name, faults.failing_at(name, getattr(os, name)))
    monkeypatch.setattr(builtins, "open", opening)
    return faults


def commit(store: Store) -> None:
    change(store, document(3, 1), document(50, 1), removed=[4])


def merge(store: Store) -> None:
    assert store.merge()


def rebuild(store: Store) -> None:
    store.rebuild(documents(range(20, 40)))


def empty(store: Store) -> None:
    with store.writing() as writer:
        writer.clear()


ACTS = {"a commit": commit, "a merge": merge, "a rebuild": rebuild, "clearing": empty}


# Of calls that are many and alike, one in so many is tried.
EACH = {"write": 7, "flush": 2, "pread": 25, "stat": 20, "scandir": 3, "unlink": 2}


def worth_trying(calls: list[str]) -> Iterator[int]:
    """Numbers of calls, from 1 on."""
    for name in sorted(set(calls)):
        yield from [number for number, call in enumerate(calls, 1) if call == name][:: EACH.get(name, 1)]


@pytest.mark.parametrize("act", list(ACTS))
def test_wherever_the_disk_fails_the_index_is_as_before_or_as_it_was_to_be(tmp_path, disk, act, monkeypatch):
    monkeypatch.setattr(tiers, "FANOUT", 3)
    whole, path = tmp_path / "whole", tmp_path / "index"
    store = built(whole)
    change(store, document(100), removed=[8])
    change(store, document(101))
    before = held(store)
    calls, met = run(ACTS[act], disk, whole, path)
    assert not met
    assert {"fsync", "write", "replace", "open", "open wb", "pread", "stat"} <= set(calls)
    outcomes = set()
    for call in worth_trying(calls):
        files_open = open_files()
        failed, met = run(ACTS[act], disk, whole, path, call, (errno.ENOSPC, errno.EIO)[call % 2])
        store = opened(path)
        after = held(store)
        # What fails has changed nothing, unless it was the very last thing that failed: then only that was not told.
        assert not failed or met
        assert failed or act == "a merge" or after != before
        outcomes.add((failed, after == before))
        # Nothing is held, and the next one goes on.
        change(store, document(7, 9))
        assert held(store) == after | {7: 9}
        assert not (path / "building").exists()
        del store
        assert open_files() <= files_open
    assert (True, True) in outcomes


def run(act: Callable[[Store], None], disk: Faults, whole: Path, path: Path, call: int = 0, number: int = 0) -> tuple:
    """Do it with a copy of an index while a call fails. Returns whether it failed, and whether the call was reached;
    where no call is to fail, the calls that there were."""
    disk.arm(0)
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(whole, path)
    store = opened(path)
    disk.arm(call, number)
    failed, met, calls = fails(act, store), disk.met, disk.calls
    disk.arm(0)
    return (failed if call else calls), met


def fails(act: Callable[[Store], None], store: Store) -> bool:
    try:
        act(store)
    except (OSError, EngineError):
        return True
    return False


# Reading


def cut(path: Path) -> Iterator[None]:
    size = path.stat().st_size
    for length in {0, 1, size // 3, size // 2, size - 1}:
        os.truncate(path, length)
        yield


def flip(path: Path) -> Iterator[None]:
    content = path.read_bytes()
    for at in sorted(
        {0, 1, len(content) // 7, len(content) // 3, len(content) // 2, len(content) - 2, len(content) - 1}
    ):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        yield


def lose(path: Path) -> Iterator[None]:
    path.unlink()
    yield


def swap(path: Path) -> Iterator[None]:
    """The file of another index."""
    mine = path.read_bytes()
    others = {other.read_bytes() for other in path.parents[2].glob(f"other/*/*{path.suffix}") if other.is_file()}
    for content in {*others, b"something else"} - {mine}:
        path.write_bytes(content)
        yield


def put_a_folder(path: Path) -> Iterator[None]:
    path.unlink()
    path.mkdir()
    yield


@pytest.mark.parametrize("damage", [cut, flip, lose, swap, put_a_folder])
def test_every_file_that_is_not_as_it_was_written_is_noticed(tmp_path, damage):
    store = built(tmp_path / "index")
    change(store, document(3, 1), removed=[5])
    change(built(tmp_path / "other", range(11)), document(3, 1), removed=[6])
    assert held(opened(store.path))
    names = {path.name for path in generation(store).iterdir()} - {"contents-1.json"}
    assert len(names) == 4
    damaged = 0
    for path in [generation(store) / name for name in names] + [store.path / "CURRENT"]:
        content = path.read_bytes()
        for _ in damage(path):
            for act in (Store.snapshot, Store.check, Store.merge, commit):
                with pytest.raises((IndexBroken, IndexOutdated, IndexMissing)):
                    act(opened(store.path))
            assert opened(store.path).state().status in ("broken", "outdated", "missing")
            damaged += 1
            if path.is_dir():
                path.rmdir()
        path.write_bytes(content)
        assert held(opened(store.path))
    assert damaged >= 5


@pytest.mark.parametrize("damage", [cut, flip, lose, swap, put_a_folder])
def test_a_store_that_is_in_use_notices_before_it_writes(tmp_path, damage):
    store = built(tmp_path / "index")
    change(built(tmp_path / "other", range(11)), document(3, 1), removed=[6])
    held(store)
    for _ in damage(next(generation(store).glob("*.seg"))):
        assert store.state().status == "broken"
        with pytest.raises(IndexBroken):
            commit(store)
    store.rebuild(documents(range(5)))
    commit(store)
    assert held(store)[50] == 1


def test_a_flipped_bit_that_no_time_tells_of_is_found_by_a_thorough_check(tmp_path):
    store = built(tmp_path / "index")
    store.check()
    path = next(generation(store).glob("*.seg"))
    status = path.stat()
    next(flip(path))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    store.check()
    with pytest.raises(IndexBroken, match="not as it was written"):
        store.check(thorough=True)


def test_an_unreadable_folder_is_an_error_of_the_engine(tmp_path, disk):
    path, refused = built(tmp_path / "index").path, set()
    for call in range(1, 2_000):
        disk.arm(call, errno.EACCES)
        try:
            opened(path).snapshot()
        except EngineError:
            refused.add(disk.calls[call - 1])
        if not disk.met:
            break
    assert {"open", "stat", "pread", "open rb"} <= refused
