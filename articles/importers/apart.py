"""Foreign files are read in a process apart: what breaks a reader, or never ends, costs one file and not the archive.

A process that has read a file waits for the next one, so that a thousand small files do not start a thousand processes.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import logging
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
# Who looks waits until it is made ready to be shown: so many characters of bodies, and one record in any case.
MOST_CHARACTERS = 1_000_000
HOME = Path(__file__).resolve().parent.parent.parent
NO_LIMIT = sys.maxsize

TOO_SLOW = f"reading it took longer than {PATIENCE} seconds; it is damaged, or not what it seems"
# A file of more such parts would keep all others waiting for days.
MOST_SLOW = 20
GIVEN_UP = f"{MOST_SLOW} parts before it took longer than {PATIENCE} seconds each; split the file and upload the parts"
BROKEN = "the reader broke down on it; the file is kept, please report it"
LATE = "there was no time to read further"


@dataclass(frozen=True, slots=True)
class Request:
    """A file to read from its part `start`, until it has given `most` results; `opened` asks for `Opened` before them.

    Who looks has `seconds` at most: the results come one by one, and the process ends when these have passed.
    """

    path: str
    name: str
    guidance: Guidance
    start: int = 0
    most: int = NO_LIMIT
    seconds: float = 0
    opened: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """What the file is and what else it could be taken for, by their names in `importers.KINDS`, and its columns."""

    kind: str
    others: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    part: int
    place: str


@dataclass(frozen=True, slots=True)
class Some:
    """Results of the part that was begun last. `position` is how many bytes of the file are behind it.

    `damage` are the first words of them that were decoded wrongly once, as they are and as they were meant; only who
    looks is told of it.
    """

    results: list[ArticleRecord | Unreadable]
    position: int
    damage: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The part that was begun last has given all that it has."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of the file, or why it cannot be read."""

    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Results, the number of the part of the file that they are from, and how many bytes are behind them.

    The first of a file with columns has these, and no results.
    """

    part: int
    results: list[ArticleRecord | Unreadable]
    position: int = 0
    columns: tuple[Column, ...] = ()


@dataclass
class Looked:
    """The beginning of a file. `refusal` says why it cannot be read, or not on.

    `late` where the time was over, `full` where another record would have been too much.
    """

    opened: Opened | None = None
    results: list[ArticleRecord | Unreadable] = field(default_factory=list)
    damage: tuple[str, str] | None = None
    refusal: str = ""
    late: bool = False
    full: bool = False

    def note(self, told: Opened | Some) -> None:
        if isinstance(told, Opened):
            self.opened = told
        elif self.results and sum(map(weight_of, [*self.results, *told.results])) > MOST_CHARACTERS:
            self.full = True
        else:
            self.results += told.results
            self.damage = self.damage or told.damage


def weight_of(result: ArticleRecord | Unreadable) -> int:
    """How many characters the body of a result has."""
    return len(result.body) if isinstance(result, ArticleRecord) else 0


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
        return {-signal.SIGPROF: TOO_SLOW, -signal.SIGALRM: LATE}.get(code, BROKEN)

    def end(self) -> None:
        self.running.kill()
        self.running.wait()
        for pipe in (self.running.stdin, self.running.stdout):
            # What could not be sent to it is tried once more.
            with contextlib.suppress(BrokenPipeError):
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
        # Another thread may take the last one meanwhile.
        with contextlib.suppress(IndexError):
            while True:
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
    of the file is one `Unreadable`. Raises `UnreadableFile`, and `OSError` where the file is not there.
    """
    for part, told in _told(path, Request(str(path), name, guidance, start, most, opened=start == 0)):
        if isinstance(told, Some):
            yield Read(part, told.results, told.position)
        elif told.columns:
            yield Read(part, [], columns=told.columns)


def look(path: Path, name: str, guidance: Guidance, most: int, seconds: float) -> Looked:
    """What the file is, its columns and its first `most` results, as far as they are read within so many seconds.

    There are fewer where their bodies would be more than `MOST_CHARACTERS` together. All of it comes from one process,
    and nothing of the file is read by this one. Raises `OSError` where the file is not there.
    """
    looked = Looked()
    try:
        for _, told in _told(path, Request(str(path), name, guidance, most=most, seconds=seconds)):
            looked.note(told)
            if looked.full:
                break
    except UnreadableFile as error:
        looked.refusal = str(error)
    except _Late:
        looked.late = True
    return looked


class _Lost(_Died):
    """A part on which the process ended."""

    def __init__(self, begun: Begun, reason: str) -> None:
        super().__init__(reason)
        self.part, self.place = begun.part, begun.place


class _Late(Exception):
    """The time of who looks is over."""


class _Unopened(_Died):
    """The process ended before it had said what the file is; a container may be read for all that, entry by entry."""


def _told(path: Path, request: Request) -> Iterator[tuple[int, Opened | Some]]:
    """What processes tell of the file, each with the part that it is of; after a loss, of what is behind it."""
    path.open("rb").close()
    slow, end = 0, time.monotonic() + request.seconds
    while True:
        try:
            for part, told in _once(request):
                request = replace(request, most=request.most - (len(told.results) if isinstance(told, Some) else 0))
                yield part, told
            return
        except _Unopened:
            request = replace(request, opened=False)
        except _Lost as loss:
            yield loss.part, Some([Unreadable(loss.place, str(loss))], 0)
            request = replace(request, start=loss.part + 1, most=request.most - 1, opened=False)
            slow += str(loss) == TOO_SLOW
        if slow == MOST_SLOW:
            yield from [(request.start, Some([Unreadable(THE_REST, GIVEN_UP)], 0))] if request.most > 0 else []
            return
        request = replace(request, seconds=_left(end) if request.seconds else 0)


def _left(end: float) -> float:
    """How many seconds are left; raises `_Late` where there are none."""
    left = end - time.monotonic()
    if left <= 0:
        raise _Late
    return left


def _once(request: Request) -> Iterator[tuple[int, Opened | Some]]:
    """Raises `_Unopened`, `_Lost` where the process ended at a part that it had begun, and `_Late`."""
    begun: Begun | None = None
    opened = not request.opened
    try:
        for answer in _answers(request, _idle.take()):
            if isinstance(answer, Begun):
                begun = answer
            elif isinstance(answer, Finished) and begun:
                # What breaks now is the way to the next part, of which no more is known.
                begun = Begun(begun.part + 1, f"part {begun.part + 2}")
            elif isinstance(answer, Opened | Some):
                opened = True
                yield begun.part if begun else request.start, answer
    except _Died as death:
        raise _what_follows(str(death), begun, opened) from death


def _what_follows(reason: str, begun: Begun | None, opened: bool) -> Exception:
    """What to raise where the process ended, for this reason, as far as it had come."""
    if reason == LATE:
        return _Late(reason)
    if not opened:
        return _Unopened(reason)
    return _Lost(begun, reason) if begun else UnreadableFile(f"The file cannot be read: {reason}.")


def _answers(request: Request, process: _Process) -> Iterator[Any]:
    """What a process answers; it is used again only if it came to its end.

    One that waited may have died meanwhile: where it breaks down without any answer, a new one is asked.
    """
    answer = None
    try:
        for answer in process.ask(request):
            yield answer
    except _Died as death:
        if answer or not process.idle_since or str(death) != BROKEN:
            raise
    finally:
        if isinstance(answer, Ended):
            _idle.give_back(process)
        else:
            process.end()
    if not answer:
        yield from _answers(request, _Process.started())
    if isinstance(answer, Ended) and answer.refusal:
        raise UnreadableFile(answer.refusal)
