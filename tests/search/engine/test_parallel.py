from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from articles.search.engine import analysis
from articles.search.engine.building import parallel
from articles.search.engine.building.parallel import build
from articles.search.engine.errors import EngineError
from articles.search.engine.segments.segment import Segment

from . import plainly
from .test_building import SCHEMA, random_document


class Does:
    """A value that does something where it is unpacked, in the process that builds, and becomes what comes of it."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "DOCUMENTS", 5)
    monkeypatch.setattr(parallel, "FEW", 2)


def some_documents(count: int) -> list[dict[str, Any]]:
    chance = random.Random(count)
    return [random_document(chance, number) for number in range(count)]


def everything(folder: Path, names: list[str]) -> dict[str, Any]:
    """What each document has in all segments: the same in whatever order and segment it lies."""
    found: dict[str, Any] = {}
    for name in names:
        held = plainly.held(SCHEMA, Segment(folder / name))
        for number, key in enumerate(held["keys"]):
            assert key not in found
            found[key] = {column: values[number] for column, values in held.items() if column[:5] in ("numbe", "lengt")}
        for field, terms in held["terms"].items():
            for term, documents in terms.items():
                for number, standing in documents.items():
                    found[held["keys"][number]][field, term] = standing
    return found


def children() -> list[str]:
    listed = subprocess.run(["ps", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return [line for line in listed.stdout.splitlines() if "worker.py" in line]


def test_processes_build_what_one_alone_builds(tmp_path: Path) -> None:
    documents = some_documents(60)
    together, alone = (build(SCHEMA, iter(documents), tmp_path, processes) for processes in (2, 1))
    assert len(together) == 2
    assert len(alone) == 1
    assert everything(tmp_path, together) == everything(tmp_path, alone)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(together + alone)
    assert not children()


def test_each_process_writes_as_many_segments_as_its_documents_need(tmp_path: Path) -> None:
    documents = some_documents(60)
    # Enough for more than five segments: however the two share them, one of them needs several.
    names = build(SCHEMA, documents, tmp_path, 2, budget=5_000)
    assert len(names) > 2
    assert len(everything(tmp_path, names)) == 60


def test_few_documents_are_built_without_further_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "Worker", None)
    assert len(build(SCHEMA, some_documents(4), tmp_path, 2)) == 1


def test_of_no_documents_there_is_no_segment(tmp_path: Path) -> None:
    assert build(SCHEMA, [], tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_a_long_document_is_a_batch_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "LETTERS", 100)
    documents = [{"id": "1", "text": "a" * 99}, {"id": "2", "text": "b" * 200}, {"id": "3"}]
    assert [len(batch) for batch in parallel.batched(documents)] == [1, 1, 1]


def test_a_process_that_builds_knows_nothing_of_django(tmp_path: Path) -> None:
    seen = tmp_path / "modules"
    tells = f"import sys, json; open({str(seen)!r}, 'w').write(json.dumps(sorted(sys.modules)))"
    documents = [*some_documents(20), {"id": "told", "text": Does(exec, tells)}]
    build(SCHEMA, documents, tmp_path, 2)
    modules = json.loads(seen.read_text())
    assert "articles.search.engine.building.parallel" in modules
    assert not [name for name in modules if name.partition(".")[0] in ("django", "haystack", "newsarchive", "pytest")]


def test_what_goes_wrong_in_a_process_is_told(tmp_path: Path) -> None:
    documents = [*some_documents(20), {"id": "wrong", "text": 5}, *some_documents(30)]
    with pytest.raises(EngineError, match="process that builds the search index failed: TypeError"):
        build(SCHEMA, documents, tmp_path, 2)
    assert not list(tmp_path.iterdir())
    assert not children()


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    fails = Does(exec, f"raise OSError({errno.ENOSPC}, 'full')")
    documents = [*some_documents(20), {"id": "full", "text": fails}]
    with pytest.raises(OSError, match="full") as caught:
        build(SCHEMA, documents, tmp_path, 2)
    assert caught.value.errno == errno.ENOSPC
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("at", [0, 60])
def test_a_process_that_is_killed_is_told_and_leaves_nothing(tmp_path: Path, at: int) -> None:
    documents = some_documents(60)
    documents.insert(at, {"id": "killed", "text": Does(signal.raise_signal, signal.SIGKILL)})
    with pytest.raises(EngineError, match=r"ended unasked \(code -9\)"):
        build(SCHEMA, documents, tmp_path, 2, budget=5000)
    assert not list(tmp_path.iterdir())
    assert not children()


def test_documents_that_fail_to_come_leave_nothing(tmp_path: Path) -> None:
    def documents() -> Iterator[dict[str, Any]]:
        yield from some_documents(50)
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        build(SCHEMA, documents(), tmp_path, 2, budget=5000)
    assert not list(tmp_path.iterdir())
    assert not children()


def test_no_more_documents_are_taken_than_processes_have_time_for(tmp_path: Path) -> None:
    done = tmp_path / "done"
    done.touch()
    ahead = []

    def documents() -> Iterator[dict[str, Any]]:
        for number in range(100):
            ahead.append(number - done.stat().st_size)
            tells = f"open({str(done)!r}, 'a').write('.')"
            yield {"id": str(number), "text": Does(exec, tells), "title": Does(exec, "import time; time.sleep(0.001)")}

    build(SCHEMA, documents(), tmp_path, 2)
    assert done.stat().st_size == 100
    # Two batches of five for each of two processes, and the one that is being gathered.
    assert max(ahead) <= 25


def test_a_process_ends_with_the_one_that_it_builds_for(tmp_path: Path) -> None:
    order = parallel.Order(SCHEMA, str(tmp_path), "name", "language", 1000)
    started = parallel.Worker()
    started.send(order)
    assert started.receive() is None
    started.connection.close()
    assert started._process.wait(10) == 0


def test_a_word_is_read_in_the_language_that_the_field_named_tells(tmp_path: Path) -> None:
    documents = [{"id": str(number), "text": "chats", "tongue": "fr"} for number in range(30)]
    names = build(SCHEMA, documents, tmp_path, 2, language_field="tongue")
    term = analysis.places("chats", "fr")[0].terms[0].encode()
    segments = [Segment(tmp_path / name) for name in names]
    assert all(segment.lookup("text", term) >= 0 for segment in segments)
    assert [segment.languages.keys() for segment in segments] == [{"fr"}, {"fr"}]


def test_a_process_that_cannot_begin_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel.worker, "__file__", str(tmp_path / "missing.py"))
    with pytest.raises(EngineError, match="ended unasked"):
        build(SCHEMA, some_documents(60), tmp_path, 2)
    assert not list(tmp_path.iterdir())
