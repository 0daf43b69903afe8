"""Foreign files are read in a process apart: what breaks a reader, or never ends, costs one file and not the archive.

A process that has read a file waits for the next one, so that a thousand small files do not start a thousand processes.
"""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from articles.importers.columns import Column
from articles.importers.entries import THE_REST
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile

logger = logging.getLogger(__name__)

# Seconds of a processor that one record may take.
PATIENCE = 10
MEMORY_BYTES = 2 << 30
# The process reads ahead of who stores by so much.
AHEAD_BYTES = 1 << 20
# So many processes wait for another file, for so many seconds; a little before their end they are not asked any more.
MOST_IDLE = 2
IDLE_SECONDS = 60
LAST_SECONDS = 10
HOME = Path(__file__).resolve().parent.parent.parent
NO_LIMIT = sys.maxsize

TOO_SLOW = f"reading it took longer than {PATIENCE} seconds; it is damaged, or not what it seems"
# A file of more such parts would keep all others waiting for days.
MOST_SLOW = 20
GIVEN_UP = f"{MOST_SLOW} parts before it took longer than {PATIENCE} seconds each; split the file and upload the parts"
BROKEN = "the reader broke down on it; the file is kept, please report it"


@dataclass(frozen=True, slots=True)
class Request:
    """A file to read from its part `start`, until it has given `most` results; or only its columns."""

    path: str
    name: str
    guidance: Guidance
    start: int = 0
    most: int = NO_LIMIT
    columns: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    part: int
    place: str


@dataclass(frozen=True, slots=True)
class Some:
    """Results of the part that was begun last. `position` is how many bytes of the file are behind it."""

    results: list[ArticleRecord | Unreadable]
    position: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The part that was begun last has given all that it has."""


@dataclass(frozen=True, slots=True)
class Columns:
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of the file, or why it cannot be read."""

    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Results, the number of the part of the file that they are from, and how many bytes are behind them."""

    part: int
    results: list[ArticleRecord | Unreadable]
    position: int = 0


class _Died(Exception):
    """The process ended in the middle of its work; the message says why."""


@dataclass
class _Process:
    running: subprocess.Popen[bytes]
    idle_since: float = 0

    @property
    def ready(self) -> bool:
        return self.running.poll() is None and time.monotonic() < self.idle_since + IDLE_SECONDS - LAST_SECONDS

    @classmethod
    def started(cls) -> _Process:
        command = [sys.executable, "-m", "articles.importers"]
        running = subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (ours)
        if running.stdout and hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(running.stdout, fcntl.F_SETPIPE_SZ, AHEAD_BYTES)
        return cls(running)

    def ask(self, request: Request) -> Iterator[Any]:
        """The answers, the last of them `Ended`. Raises `_Died`."""
        requests, answers = cast(IO[bytes], self.running.stdin), cast(IO[bytes], self.running.stdout)
        try:
            pickle.dump(request, requests)
            requests.flush()
            answer = None
            while not isinstance(answer, Ended):
                answer = pickle.load(answers)  # noqa: S301 (written by our own process)
                yield answer
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            raise _Died(self._why()) from error

    def _why(self) -> str:
        code = self.running.wait()
        logger.warning("a process that reads files ended with %s", code)
        return TOO_SLOW if code == -signal.SIGPROF else BROKEN

    def end(self) -> None:
        self.running.kill()
        self.running.wait()
        for pipe in (self.running.stdin, self.running.stdout):
            if pipe:
                pipe.close()


@dataclass
class _Idle:
    """Processes that wait for a file. Those of a process that was forked are its parent's, and are not used."""

    waiting: list[_Process] = field(default_factory=list)
    owner: int = field(default_factory=os.getpid)

    def take(self) -> _Process:
        if self.owner != os.getpid():
            self.waiting, self.owner = [], os.getpid()
        while self.waiting:
            process = self.waiting.pop()
            if process.ready:
                return process
            process.end()
        return _Process.started()

    def give_back(self, process: _Process) -> None:
        if len(self.waiting) < MOST_IDLE:
            process.idle_since = time.monotonic()
            self.waiting.append(process)
        else:
            process.end()

    def end(self) -> None:
        while self.owner == os.getpid() and self.waiting:
            self.waiting.pop().end()


_idle = _Idle()
atexit.register(_idle.end)


def read(path: Path, name: str, guidance: Guidance, start: int = 0, most: int = NO_LIMIT) -> Iterator[Read]:
    """What `importers.walk` gives of the file from its part `start`, until there are `most` results.

    A part on which the reader breaks down is `Unreadable`, and the next one is read; where many took too long, the rest
    of the file is one `Unreadable`. Raises `UnreadableFile`, and
    `OSError` where the file is not there.
    """
    path.open("rb").close()
    slow = 0
    while True:
        try:
            for found in _once(Request(str(path), name, guidance, start, most)):
                most -= len(found.results)
                yield found
            return
        except _Lost as loss:
            yield Read(loss.part, [Unreadable(loss.place, str(loss))])
            start = loss.part + 1
            most -= 1
            slow += str(loss) == TOO_SLOW
        if slow == MOST_SLOW:
            yield from [Read(start, [Unreadable(THE_REST, GIVEN_UP)])] if most > 0 else []
            return


def columns(path: Path, name: str, guidance: Guidance) -> tuple[Column, ...]:
    """The columns of a table; none for a file that is none. Raises `UnreadableFile`."""
    try:
        answers = list(_answers(Request(str(path), name, guidance, columns=True)))
    except _Died as death:
        raise UnreadableFile(f"The columns of the file cannot be read: {death}.") from death
    return next((answer.columns for answer in answers if isinstance(answer, Columns)), ())


class _Lost(_Died):
    """A part on which the process ended."""

    def __init__(self, begun: Begun, reason: str) -> None:
        super().__init__(reason)
        self.part, self.place = begun.part, begun.place


def _once(request: Request) -> Iterator[Read]:
    begun: Begun | None = None
    try:
        for answer in _answers(request):
            if isinstance(answer, Begun):
                begun = answer
            elif isinstance(answer, Finished) and begun:
                # What breaks now is the way to the next part, of which no more is known.
                begun = Begun(begun.part + 1, f"part {begun.part + 2}")
            elif isinstance(answer, Some) and begun:
                yield Read(begun.part, answer.results, answer.position)
    except _Died as death:
        if begun is None:
            raise UnreadableFile(f"The file cannot be read: {death}.") from death
        raise _Lost(begun, str(death)) from death


def _answers(request: Request) -> Iterator[Any]:
    """What a process answers; it is used again only if it came to its end."""
    process = _idle.take()
    answer = None
    try:
        for answer in process.ask(request):
            yield answer
    finally:
        if isinstance(answer, Ended):
            _idle.give_back(process)
        else:
            process.end()
    if isinstance(answer, Ended) and answer.refusal:
        raise UnreadableFile(answer.refusal)
