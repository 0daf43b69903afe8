"""Building on several cores: batches of documents go to processes, each of which writes segments of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, NamedTuple

from whoosh.fields import Schema

from ..errors import EngineError
from ..segments.segment import SEGMENT
from . import worker
from .builder import TOKENS, SegmentBuilder

Document = Mapping[str, Any]

# A batch has so many documents, or letters, at most.
DOCUMENTS = 256
LETTERS = 1 << 20
# Fewer batches are not worth a process.
FEW = 12
# Batches that a process has at a time: one to work on, and the next.
AHEAD = 2
# Large arrays come and go in a process that builds. It keeps their memory: giving it back costs 7 % of its time.
MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20)}
# More processes would want more memory than they save time.
MOST = 4


def build(
    schema: Schema,
    documents: Iterable[Document],
    folder: str | os.PathLike[str],
    processes: int | None = None,
    language_field: str = "language",
    budget: int = TOKENS,
) -> list[str]:
    """Write segments of all documents to a folder; returns the names of their files. No key may occur twice.

    If there are enough documents, that many processes work on them (as many as there are cores, unless told).
    Nothing is left in the folder of what fails.
    """
    order = Order(schema, os.fspath(folder), token_hex(8), language_field, budget)
    processes = min(os.cpu_count() or 1, MOST) if processes is None else processes
    batches = batched(documents)
    first = list(islice(batches, FEW))
    batches = chain(first, batches)
    with contextlib.ExitStack() as undo:
        undo.callback(_sweep, order)
        shared = processes > 1 and len(first) == FEW
        names = _shared(order, batches, processes) if shared else _alone(order, batches)
        undo.pop_all()
        return names


def _sweep(order: Order) -> None:
    for path in Path(order.folder).glob(f"*{order.name}*"):
        path.unlink(missing_ok=True)


def batched(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents in batches that are limited in number and in letters."""
    batch, letters = [], 0
    for document in documents:
        batch.append(document)
        letters += sum(len(value) for value in document.values() if isinstance(value, str))
        if len(batch) >= DOCUMENTS or letters >= LETTERS:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch


class Order(NamedTuple):
    """What is to be built, and how the files are to be called."""

    schema: Schema
    folder: str
    name: str
    language_field: str
    budget: int


class Series:
    """Segments one after the other, as many as the documents need."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._names: list[str] = []
        self._builder = self._begun()

    def add(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self._builder.add(document)
            if self._builder.full:
                self._write()

    def end(self) -> list[str]:
        """Returns the names of all files."""
        if self._builder.count:
            self._write()
        return self._names

    def _begun(self) -> SegmentBuilder:
        return SegmentBuilder(self._order.schema, self._order.language_field, self._order.budget)

    def _write(self) -> None:
        name = f"{self._order.name}-{len(self._names)}{SEGMENT}"
        self._builder.write(Path(self._order.folder, name))
        self._names.append(name)
        self._builder = self._begun()


def _alone(order: Order, batches: Iterable[list[Document]]) -> list[str]:
    series = Series(order)
    for batch in batches:
        series.add(batch)
    return series.end()


def _shared(order: Order, batches: Iterable[list[Document]], processes: int) -> list[str]:
    with contextlib.ExitStack() as ending:
        workers = []
        for number in range(processes):
            workers.append(Worker())
            ending.callback(workers[-1].stop)
            workers[-1].send(order._replace(name=f"{order.name}-{number}"))
        for batch in batches:
            _free(workers).send(batch)
        for each in workers:
            each.send(None)
        return [name for each in workers for name in each.result()]


def _free(workers: list[Worker]) -> Worker:
    """The process that has least to do, once one has time."""
    while True:
        least = min(workers, key=lambda each: each.busy)
        if least.busy < AHEAD:
            return least
        answered = wait([each.connection for each in workers])
        for each in workers:
            if each.connection in answered:
                each.receive()


class Failure(NamedTuple):
    """What went wrong in a worker: a sentence, the number of an error of the system, and where it was."""

    told: str
    number: int | None
    where: str

    def error(self) -> Exception:
        """A full disk is told as if it had filled up here."""
        told = f"A process that builds the search index failed: {self.told}"
        error = EngineError(told) if self.number is None else OSError(self.number, told)
        error.add_note(self.where)
        return error


class Worker:
    """A process, seen from the one that sends it an order, documents, and in the end nothing."""

    def __init__(self) -> None:
        self.busy = 0
        self.connection, theirs = Pipe()
        command = [sys.executable, "-P", worker.__file__, __package__ or "", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=MEMORY | os.environ
            )

    def send(self, item: Order | list[Document] | None) -> None:
        try:
            self.connection.send(item)
            self.busy += 1
        except OSError:
            # It is gone; what it said last says why.
            while True:
                self.receive()

    def receive(self) -> list[str] | None:
        """The answer to what was sent first of all that is not answered."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            told = f"A process that builds the search index ended unasked (code {self._process.wait()})."
            raise EngineError(told) from error
        if isinstance(answer, Failure):
            raise answer.error()
        self.busy -= 1
        return answer

    def result(self) -> list[str]:
        while (names := self.receive()) is None:
            continue
        return names

    def stop(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.wait()


class Telling:
    """Whatever goes wrong inside is told to the other side."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        if kind is None:
            return False
        where = "".join(traceback.format_exception(kind, error, at))
        number = error.errno if isinstance(error, OSError) else None
        # If the other side is gone, there is nobody to tell.
        with contextlib.suppress(OSError):
            self._connection.send(Failure(f"{kind.__name__}: {error}", number, where))
        return True


def work(connection: Connection) -> None:
    """In a process of its own: build segments of what comes, until nothing more comes."""
    # Whoever interrupts the other side means that one; this one ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with connection, Telling(connection):
        series = Series(connection.recv())
        connection.send(None)
        while (documents := connection.recv()) is not None:
            series.add(documents)
            connection.send(None)
        connection.send(series.end())
