"""Many readers in processes and threads, while others commit, merge and build anew."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from articles.search.engine.keeping import tiers

from .lives import Lives
from .stores import KEPT, RED, account, opened, require_balance, versions

COMMITS = 200


class Bank:
    """Amounts and colours of all documents, as the database has them."""

    def __init__(self) -> None:
        self.known = {number: (100, number < RED) for number in range(KEPT)}
        self.dice = random.Random(11)

    def transfer(self) -> list[dict]:
        """Two documents change so that the sum of all amounts, and the number of red ones, stay."""
        one, other = self.dice.sample(range(KEPT), 2)
        (mine, colour), (yours, colours) = self.known[one], self.known[other]
        self.known = self.known | {one: (mine - 7, colours), other: (yours + 7, colour)}
        return [account(number, *self.known[number]) for number in (one, other)]

    def rows(self) -> Iterator[dict]:
        for number, kept in self.known.items():
            yield account(number, *kept)


@contextlib.contextmanager
def going_on(act: Callable[[], object], times: int, pause: float = 0.02) -> Iterator[list[int]]:
    """Do something again and again in so many threads; the errors of all of them come out in the end."""
    stop, counts = threading.Event(), [0] * times

    def repeat(number: int) -> None:
        while not stop.is_set():
            act()
            counts[number] += 1
            time.sleep(pause)

    with ThreadPoolExecutor(times) as threads:
        running = [threads.submit(repeat, number) for number in range(times)]
        try:
            yield counts
        finally:
            stop.set()
    for each in running:
        each.result()


@pytest.fixture
def readers() -> Iterator[list[Lives]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Lives()) for _ in range(4)]


def test_readers_see_whole_batches_and_no_error_while_others_write(tmp_path: Path, readers, monkeypatch):
    monkeypatch.setattr(tiers, "FANOUT", 4)
    bank, store = Bank(), opened(tmp_path / "index")
    store.rebuild(bank.rows())
    for reader in readers:
        reader.begin("read", path=str(tmp_path))
    first, other = store.pointer().folder, opened(store.path)
    with contextlib.ExitStack() as stack:
        shared = stack.enter_context(going_on(lambda: require_balance(store), 2))
        own = stack.enter_context(going_on(lambda: require_balance(other), 2))
        stack.enter_context(going_on(store.merge, 1))
        beside = stack.enter_context(ThreadPoolExecutor(1))
        for number in range(COMMITS):
            if number == COMMITS // 2:
                rebuilt = beside.submit(lambda: opened(store.path, 300).rebuild(bank.rows()))
            with store.writing() as writer:
                for document in bank.transfer():
                    writer.put(document)
    (tmp_path / "stop").touch()
    for reader in readers:
        reader.wait()
    assert not (tmp_path / "errors").exists(), (tmp_path / "errors").read_text()
    looks = [int(path.read_text()) for path in tmp_path.glob("looks-*")]
    assert len(looks) == 4
    assert min(*shared, *own, *looks) > 20
    assert rebuilt.result() == KEPT
    assert store.pointer().folder != first
    fresh = opened(store.path)
    require_balance(fresh)
    assert versions(fresh.snapshot()) == {number: amount for number, (amount, _) in bank.known.items()}
