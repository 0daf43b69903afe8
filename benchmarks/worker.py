"""One engine in a process of its own: a line of JSON in, a line of JSON out. `python -m benchmarks.worker NAME FOLDER`.

Standard library only, as it also runs in the system's Python.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from benchmarks.engines import PEERS
from benchmarks.engines.door import Document, Engine, Missing, Question

CHANGES = 10


class Worker:
    def __init__(self, name: str, folder: Path) -> None:
        os.environ["NEWSARCHIVE_DATA"] = str(folder)
        module, _, what = PEERS[name].place.partition(":")
        self.engine: Engine = getattr(importlib.import_module(module), what)(folder)
        self.clock: Callable[[], float] = time.perf_counter if self.engine.remote else time.process_time

    def about(self, **_: Any) -> dict[str, Any]:
        engine = self.engine
        return {"version": engine.version, "lacks": engine.lacks, "differs": engine.differs, "slow": engine.slow}

    def build(self, corpus: str, **_: Any) -> dict[str, Any]:
        """Seconds of this process and its children; reading the corpus is in neither `prepared` nor `cpu`."""
        reading, before = Reading(corpus), used()
        self.engine.prepare(reading)
        prepared = used() - before - reading.cpu
        reading = Reading(corpus)
        started, before = time.perf_counter(), used()
        self.engine.build(reading)
        cpu, wall = used() - before - reading.cpu, time.perf_counter() - started
        return {
            "prepared": prepared,
            "cpu": None if self.engine.remote else cpu,
            "wall": wall,
            "index_bytes": self.engine.index_bytes(),
            "peak_mb": None if self.engine.remote else peak(),
        }

    def open(self, **_: Any) -> dict[str, Any]:
        before = memory()
        self.engine.open()
        return {"before": before, "after": memory()}

    def ask(self, questions: list[dict[str, Any]], **_: Any) -> dict[str, Any]:
        """Answers, and what each took, in milliseconds."""
        asked = [Question(**question) for question in questions]
        clock, search = self.clock, self.engine.search
        answers, times = [], []
        gc.collect()
        for question in asked:
            started = clock()
            answer = search(question)
            times.append(1000 * (clock() - started))
            answers.append(answer)
        return {"answers": [asdict(self.engine.read(answer)) for answer in answers], "times": times}

    def more(self, what: str, **arguments: Any) -> dict[str, Any]:
        """What some engines alone can do."""
        return getattr(self.engine, what)(**arguments)

    def memory(self, **_: Any) -> dict[str, Any]:
        return {"memory": None if self.engine.remote else memory()}

    def change(self, corpus: str, **_: Any) -> dict[str, Any]:
        """Articles changed one by one: milliseconds of processor time and of the clock until the change is found."""
        documents = [document for document, _ in zip(Reading(corpus), range(CHANGES))]  # noqa: B905
        cpu, wall = zip(*(self.changed(document) for document in documents))  # noqa: B905
        return {"cpu": None if self.engine.remote else list(cpu), "wall": list(wall)}

    def changed(self, old: Document) -> tuple[float, float]:
        word = f"zq{old.key}zq"
        asked = Question("change", "and", [word], [word])
        new = Document(**{**asdict(old), "text": f"{old.text} {word}", "stems": f"{old.stems} {word}"})
        started, before = time.perf_counter(), used()
        self.engine.change(old, new)
        total = self.engine.search(asked).total
        if total != 1:
            raise RuntimeError(f"{total} articles found by a word that one has just been given")
        return 1000 * (used() - before), 1000 * (time.perf_counter() - started)


class Reading:
    """The documents of a corpus file, and the processor time that reading them took."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.cpu = 0.0
        self.count = 0

    def __iter__(self) -> Iterator[Document]:
        with open(self.path, encoding="utf-8") as lines:
            while True:
                started = time.process_time()
                line = lines.readline()
                if not line:
                    return
                document = Document(**json.loads(line))
                self.cpu += time.process_time() - started
                self.count += 1
                yield document


def used() -> float:
    """Seconds of processor time of this process and of those that it has ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def peak() -> float:
    """The most memory that this process or one of its children has held, in MB.

    Of itself it asks the system's table: the other figure begins with what the process had that started it.
    """
    return max(memory()["peak"], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def memory() -> dict[str, float]:
    """MB held now: all, and the part that is no page of a file (RssAnon); the peak is of opening and asking alone."""
    lines = Path("/proc/self/status").read_text().splitlines()
    held = {
        line.split(":")[0]: int(line.split()[1]) / 1024
        for line in lines
        if line.startswith(("VmRSS", "VmHWM", "RssAnon"))
    }
    return {"all": held["VmRSS"], "own": held["RssAnon"], "peak": held["VmHWM"]}


def serve(worker: Worker, replies: TextIO) -> None:
    for line in sys.stdin:
        request = json.loads(line)
        say(replies, getattr(worker, request.pop("do"))(**request))


def say(replies: TextIO, reply: dict[str, Any]) -> None:
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


def main() -> None:
    # What a library prints is no reply.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    name, folder = sys.argv[1:]
    try:
        worker = Worker(name, Path(folder))
        about = worker.about()
    except ImportError as error:
        say(replies, {"missing": f"{error.name or error}: {PEERS[name].cure}"})
    except Missing as error:
        say(replies, {"missing": str(error)})
    else:
        say(replies, about)
        serve(worker, replies)


if __name__ == "__main__":
    main()
