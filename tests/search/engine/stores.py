"""An archive made up for the tests of the store: small documents that say by themselves which version they are.

Imported by children that know no Django, so it imports nothing but the engine.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.fields import Schema
from whoosh.query import And, Term

from articles.search.engine import analysis
from articles.search.engine.asking.results import answer
from articles.search.engine.asking.snapshot import Snapshot
from articles.search.engine.keeping.store import Store
from articles.search.engine.schema import KEY, Exact, Number, Text

SCHEMA = Schema(**{KEY: Exact(), "text": Text(), "tag": Exact(), "version": Number(), "language": Exact()})
WORDS = "harbour bridge lantern meadow kettle orchard tunnel pepper saddle window garden ribbon".split()


def document(number: int, version: int = 0, tag: str = "sea") -> dict[str, Any]:
    """Every text has the word "zinc"; the version is a number, and a word beside it."""
    words = " ".join(WORDS[(number + step * version) % len(WORDS)] for step in range(4))
    return {KEY: f"a.b.{number}", "text": f"zinc {words} w{version}", "tag": tag, "version": version, "language": "en"}


def documents(numbers: Iterable[int], version: int = 0) -> list[dict[str, Any]]:
    return [document(number, version) for number in numbers]


def opened(path: Path, timeout: float = 20.0) -> Store:
    return Store(path, SCHEMA, timeout)


def built(path: Path, numbers: Iterable[int] = range(10)) -> Store:
    store = opened(path)
    store.rebuild(documents(numbers))
    return store


def change(store: Store, *changed: dict[str, Any], removed: Iterable[int] = ()) -> None:
    with store.writing() as writer:
        for one in changed:
            writer.put(one)
        for number in removed:
            writer.remove(f"a.b.{number}")


def living(snapshot: Snapshot) -> np.ndarray:
    return np.arange(snapshot.count) if snapshot.alive is None else np.flatnonzero(snapshot.alive)


def held(store: Store) -> dict[int, int]:
    """The version of every document, by its number. Postings and numbers must tell the same."""
    snapshot = store.snapshot()
    found = versions(snapshot)
    assert len(found) == snapshot.documents == store.pointer().documents
    assert np.array_equal(snapshot.ids("text", b"zinc"), living(snapshot))
    for version, count in Counter(found.values()).items():
        assert len(snapshot.ids("text", f"w{version}".encode())) == count
    return found


def versions(snapshot: Snapshot) -> dict[int, int]:
    ids = living(snapshot)
    numbers = [int(key.rsplit(".", 1)[1]) for key in snapshot.keys(ids)]
    found = dict(zip(numbers, np.asarray(snapshot.numbers("version"))[ids].tolist(), strict=True))
    assert len(found) == len(ids)
    return found


# An archive of which any half of a batch would be seen: all versions have one sum, and as many texts are red as ever.
KEPT = 40
TOTAL, RED = KEPT * 100, KEPT // 2


def account(number: int, amount: int, red: bool) -> dict[str, Any]:
    colour = "scarlet" if red else "indigo"
    return {**document(number, amount), "text": f"zinc {colour} {WORDS[number % len(WORDS)]}", "tag": colour}


def require_balance(store: Store) -> None:
    snapshot = store.snapshot()
    found = versions(snapshot)
    assert len(found) == snapshot.documents == KEPT
    assert sum(found.values()) == TOTAL
    for colour in (b"scarlet", b"indigo"):
        assert len(snapshot.ids("tag", colour)) == len(snapshot.ids("text", STEMS[colour])) == RED
    found = answer(snapshot, And([Term("text", b"zinc"), Term("tag", b"scarlet")]))
    assert found.total == len(found.window(0, KEPT)) == RED


def _stem(word: bytes) -> bytes:
    return analysis.places(word.decode(), analysis.language_of("en"))[0].terms[0].encode()


STEMS = {word: _stem(word) for word in (b"scarlet", b"indigo")}


def generation(store: Store) -> Path:
    """Where the index that counts has its files."""
    return store.path / store.pointer().folder


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
