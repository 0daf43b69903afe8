"""Reading in a process apart: what breaks a reader costs one file, and no other."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from articles.importers import Part, apart
from articles.importers import __main__ as child
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile

PLAIN = Guidance()


def lines(count: int) -> bytes:
    return b"".join(json.dumps({"title": f"Otters {number}"}).encode() + b"\n" for number in range(count))


@pytest.fixture
def kept(tmp_path):
    def keep(content: bytes) -> Path:
        path = tmp_path / "kept"
        path.write_bytes(content)
        return path

    return keep


def results(found: Iterator[apart.Read]) -> list[ArticleRecord | Unreadable]:
    return [result for some in found for result in some.results]


def test_a_file_gives_its_records_in_order(kept):
    found = results(apart.read(kept(lines(250)), "a.jsonl", PLAIN))
    assert [record.title for record in found] == [f"Otters {number}" for number in range(250)]


def test_it_is_told_how_many_bytes_are_behind(kept):
    path = kept(lines(250))
    positions = [some.position for some in apart.read(path, "a.jsonl", PLAIN)]
    assert positions == sorted(positions)
    assert positions[-1] == path.stat().st_size


def test_no_more_results_are_read_than_are_asked_for(kept):
    assert len(results(apart.read(kept(lines(250)), "a.jsonl", PLAIN, most=7))) == 7


def test_a_file_that_cannot_be_read_is_refused(kept):
    with pytest.raises(UnreadableFile, match="a PNG image"):
        list(apart.read(kept(b"\x89PNG\r\n\x1a\n\x00"), "a.png", PLAIN))


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(apart.read(tmp_path / "gone", "a.jsonl", PLAIN))


def test_one_process_reads_many_files(kept):
    path = kept(lines(3))
    list(apart.read(path, "a.jsonl", PLAIN))
    (before,) = {process.running.pid for process in apart._idle.waiting[-1:]}
    list(apart.read(path, "a.jsonl", PLAIN))
    assert apart._idle.waiting[-1].running.pid == before


def test_a_process_that_died_while_it_waited_costs_no_file(kept):
    path = kept(lines(3))
    list(apart.read(path, "a.jsonl", PLAIN))
    (waiting,) = apart._idle.waiting = apart._idle.waiting[-1:]
    waiting.running.kill()
    waiting.running.wait()
    # It was seen alive a moment before.
    waiting.running.returncode = None
    waiting.running.poll = lambda: None
    looked = apart.look(path, "a.jsonl", PLAIN, 9, 60)
    assert looked.opened.kind == "jsonl"
    assert len(looked.results) == 3


def test_a_new_process_is_not_asked_twice_for_a_file_that_breaks_it(monkeypatch, tmp_path):
    asked = []

    def ask(process: object, request: apart.Request) -> Iterator[object]:
        asked.append(request.opened)
        raise apart._Died(apart.BROKEN)
        yield

    apart._idle.end()
    monkeypatch.setattr(apart._Process, "ask", ask)
    (path := tmp_path / "kept").touch()
    with pytest.raises(UnreadableFile, match="the reader broke down"):
        list(apart.read(path, "a.html", PLAIN))
    assert asked == [True, False]


def test_a_process_that_nobody_asks_any_more_ends(monkeypatch):
    monkeypatch.setattr(child, "IDLE_SECONDS", 0)
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as nobody, os.fdopen(writing, "wb"):
        monkeypatch.setattr(child.sys, "stdin", io.TextIOWrapper(nobody))
        assert child._asked() is None


def test_who_stops_in_the_middle_leaves_no_process_at_work(kept):
    reading = apart.read(kept(lines(20_000)), "a.jsonl", PLAIN)
    next(reading)
    before = len(apart._idle.waiting)
    reading.close()
    assert len(apart._idle.waiting) == before


def test_a_reader_that_is_killed_costs_one_part(kept, monkeypatch):
    path = kept(lines(20_000))
    monkeypatch.setattr(apart, "AHEAD_BYTES", 4096)
    apart._idle.end()
    reading = apart.read(path, "a.jsonl", PLAIN)
    first = next(reading)
    (pid,) = readers_of(os.getpid())
    os.kill(int(pid), signal.SIGKILL)
    *_, last = results(reading)
    assert len(first.results) == child.MOST_RESULTS
    assert last == Unreadable("", apart.BROKEN)


def readers_of(pid: int) -> list[str]:
    """The processes that read files for this one."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in children if b"articles.importers" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_columns_come_before_the_records(kept):
    table = b"Title;Wortlaut\nOtters;They swim.\nHerons;They wade.\n"
    first, *rest = apart.read(kept(table), "a.csv", PLAIN)
    assert [(column.header, column.field) for column in first.columns] == [("Title", "title"), ("Wortlaut", "")]
    assert first.results == []
    assert [record.title for record in results(iter(rest))] == ["Otters", "Herons"]


def test_one_look_tells_what_a_file_is_its_columns_and_its_first_records(kept, monkeypatch):
    asked = []
    ask = apart._Process.ask
    monkeypatch.setattr(apart._Process, "ask", lambda *told: asked.append(told) or ask(*told))
    looked = apart.look(kept(b"title,text\nOtters,They swim.\nHerons,They wade.\n"), "a.csv", PLAIN, 1, 60)
    assert looked.opened.kind == "table"
    assert [column.field for column in looked.opened.columns] == ["title", "body"]
    assert [record.title for record in looked.results] == ["Otters"]
    assert len(asked) == 1


def test_a_look_tells_what_else_a_file_could_be(kept):
    others = apart.look(kept(b"<html><p>Otters swim here.</html>"), "a.txt", PLAIN, 1, 60).opened.others
    assert others == ("table", "pagetext")
    assert apart.look(kept(lines(1)), "a.jsonl", PLAIN, 1, 60).opened.others == ("json", "pagetext")


def test_a_look_finds_what_was_decoded_wrongly(kept):
    record = {"title": "Otters", "body": "crème brûlée for the otters".encode().decode("cp1252")}
    looked = apart.look(kept(json.dumps(record).encode()), "a.jsonl", PLAIN, 1, 60)
    assert "brûlée" in looked.damage[1]


def test_a_look_ends_before_the_bodies_are_more_than_is_made_ready_while_somebody_waits(kept, monkeypatch):
    monkeypatch.setattr(apart, "MOST_CHARACTERS", 50)
    bodies = "".join(json.dumps({"title": "Otters", "body": "otters " * 3}) + "\n" for _ in range(9))
    looked = apart.look(kept(bodies.encode()), "a.jsonl", PLAIN, 9, 60)
    assert len(looked.results) == 2
    assert looked.full
    assert not apart.look(kept(bodies.encode()), "a.jsonl", PLAIN, 2, 60).full


def test_a_look_has_one_record_however_long_it_is(kept, monkeypatch):
    monkeypatch.setattr(apart, "MOST_CHARACTERS", 5)
    looked = apart.look(kept(json.dumps({"title": "Otters", "body": "They swim."}).encode()), "a.jsonl", PLAIN, 9, 60)
    assert [record.title for record in looked.results] == ["Otters"]
    assert not looked.full


def test_a_look_keeps_what_was_read_before_a_file_breaks_off(kept):
    looked = apart.look(kept(b"title;number\n" + b"Otters;1\n" * 3), "a.csv", Guidance(columns={"title": ""}), 5, 60)
    assert [column.header for column in looked.opened.columns] == ["title", "number"]
    assert "names no title and no text" in looked.refusal


def test_a_look_ends_when_its_time_is_over(monkeypatch, tmp_path):
    def ask(process: object, request: apart.Request) -> Iterator[object]:
        yield apart.Opened("zip")
        yield apart.Begun(0, "a.html")
        yield apart.Some([ArticleRecord(title="Otters")], 9)
        raise apart._Died(apart.LATE)

    monkeypatch.setattr(apart._Process, "ask", ask)
    (path := tmp_path / "kept").touch()
    looked = apart.look(path, "a.zip", PLAIN, 50, 5)
    assert looked.late
    assert looked.results == [ArticleRecord(title="Otters")]


def test_many_lost_parts_take_no_more_time_than_there_is(monkeypatch, tmp_path):
    now = iter([0, 2, 4, 6])
    monkeypatch.setattr(apart.time, "monotonic", lambda: next(now))
    monkeypatch.setattr(apart._idle, "take", lambda: apart._Process(None))
    monkeypatch.setattr(apart._Process, "end", lambda process: None)
    allowed = []

    def ask(process: object, request: apart.Request) -> Iterator[object]:
        allowed.append(request.seconds)
        yield apart.Opened("zip")
        yield apart.Begun(request.start, f"{request.start}.html")
        raise apart._Died(apart.BROKEN)

    monkeypatch.setattr(apart._Process, "ask", ask)
    (path := tmp_path / "kept").touch()
    looked = apart.look(path, "a.zip", PLAIN, 50, 5)
    assert looked.late
    assert allowed == [5, 3, 1]
    assert len(looked.results) == 3


def test_a_file_that_breaks_the_reader_before_it_is_opened_is_read_part_by_part(monkeypatch, tmp_path):
    def ask(process: object, request: apart.Request) -> Iterator[object]:
        if request.opened:
            raise apart._Died(apart.TOO_SLOW)
        yield apart.Begun(0, "a.html")
        yield apart.Some([ArticleRecord(title="Otters")], 9)
        yield apart.Ended()

    monkeypatch.setattr(apart._Process, "ask", ask)
    (path := tmp_path / "kept").touch()
    assert results(apart.read(path, "a.zip", PLAIN)) == [ArticleRecord(title="Otters")]


# What the process itself does, asked without one.


@pytest.fixture
def allowed(monkeypatch):
    """How often the process gave itself more time."""
    given: list[float] = []
    monkeypatch.setattr(child, "_allow", given.append)
    return given


def answers(path: Path, most: int = apart.NO_LIMIT) -> list[object]:
    with path.open("rb") as stream:
        return list(child.answered(apart.Request(str(path), "a.jsonl", PLAIN, 0, most), stream))


def test_every_record_may_take_its_time(kept, allowed):
    answers(kept(lines(5)))
    assert len(allowed) > 5
    assert set(allowed[:-1]) == {apart.PATIENCE}


def test_a_part_that_takes_too_much_memory_does_not_stop_the_next(kept, allowed, monkeypatch):
    def greedy() -> Iterator[ArticleRecord]:
        raise MemoryError
        yield

    parts = [Part(0, "large.html", greedy()), Part(1, "small.html", iter([ArticleRecord(title="Otters")]))]
    monkeypatch.setattr(child.importers, "walk", lambda *_: iter(parts))
    some = [answer.results for answer in answers(kept(lines(1))) if isinstance(answer, apart.Some)]
    assert some == [[Unreadable("large.html", child.TOO_LARGE)], [ArticleRecord(title="Otters")]]


def test_what_breaks_on_the_way_to_the_next_part_is_not_the_part_before(monkeypatch, tmp_path):
    told = [apart.Begun(0, "a.html"), apart.Some([ArticleRecord(title="Otters")], 9), apart.Finished()]

    def ask(process: object, request: apart.Request) -> Iterator[object]:
        yield from told if request.start == 0 else [apart.Ended()]
        if request.start == 0:
            raise apart._Died("it broke")

    monkeypatch.setattr(apart._Process, "ask", ask)
    (path := tmp_path / "kept").touch()
    first, second = apart.read(path, "a.zip", PLAIN)
    assert (first.part, first.results) == (0, [ArticleRecord(title="Otters")])
    assert (second.part, second.results) == (1, [Unreadable("part 2", "it broke")])


@pytest.fixture
def dying(monkeypatch, tmp_path):
    """Reads a file of 100 parts; on each the process ends, for a reason that goes by the number of the part."""

    def reading(reason: Callable[[int], str], most: int = apart.NO_LIMIT) -> list[apart.Read]:
        def ask(process: object, request: apart.Request) -> Iterator[object]:
            if request.start == 100 or request.most <= 0:
                yield apart.Ended()
                return
            yield apart.Begun(request.start, f"{request.start}.html")
            raise apart._Died(reason(request.start))

        monkeypatch.setattr(apart._Process, "ask", ask)
        (path := tmp_path / "kept").touch()
        return list(apart.read(path, "a.zip", PLAIN, most=most))

    return reading


def test_a_file_of_many_parts_that_take_too_long_is_not_read_on(dying):
    *lost, rest = dying(lambda _: apart.TOO_SLOW)
    assert [found.part for found in lost] == list(range(apart.MOST_SLOW))
    assert rest == apart.Read(apart.MOST_SLOW, [Unreadable("the rest of the file", apart.GIVEN_UP)])


def test_parts_that_break_the_reader_at_once_do_not_end_the_file(dying):
    found = dying(lambda part: apart.BROKEN if part % 6 else apart.TOO_SLOW)
    assert [some.part for some in found] == list(range(100))


def test_nothing_is_told_of_the_rest_to_who_has_all_that_was_asked_for(dying):
    assert len(dying(lambda _: apart.TOO_SLOW, most=apart.MOST_SLOW)) == apart.MOST_SLOW


def test_getting_far_into_a_large_file_gives_time_anew(tmp_path, allowed, monkeypatch):
    monkeypatch.setattr(child, "STRETCH_BYTES", 100)
    path = tmp_path / "large"
    path.write_bytes(b"x" * 1000)
    with io.BufferedReader(child.Watched(path), 50) as stream:
        while stream.read(10):
            continue
    assert 4 <= len(allowed) <= 10


def test_the_process_reaches_no_network():
    with pytest.raises(OSError, match="nothing is fetched"):
        child.NoNetwork()


def test_who_looks_gets_the_results_one_by_one_and_no_more_time(kept, allowed, monkeypatch):
    timers = []
    monkeypatch.setattr(child.signal, "setitimer", lambda *timer: timers.append(timer))
    path = kept(lines(3))
    request = apart.Request(str(path), "a.jsonl", PLAIN, seconds=7)
    with path.open("rb") as stream:
        told = list(child.answered(request, stream))
    assert [len(answer.results) for answer in told if isinstance(answer, apart.Some)] == [1, 1, 1]
    assert timers == [(signal.ITIMER_REAL, 7), (signal.ITIMER_REAL, 0)]


def test_no_time_runs_on_when_the_end_is_told(kept, allowed, monkeypatch):
    timers = []
    monkeypatch.setattr(child.signal, "setitimer", lambda *timer: timers.append(timer))
    path = kept(lines(1))
    with path.open("rb") as stream:
        told = child.answered(apart.Request(str(path), "a.jsonl", PLAIN, seconds=7), stream)
        assert any(isinstance(answer, apart.Ended) for answer in told)
    assert timers[-1] == (signal.ITIMER_REAL, 0)
    assert allowed[-1] == 0


def test_a_process_that_takes_too_long_ends_by_itself():
    pid = os.fork()
    if not pid:
        child._allow(0.05)
        while True:
            time.monotonic()
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGPROF
