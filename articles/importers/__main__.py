"""The process that reads foreign files: it is asked on its standard input and answers on its standard output.

`apart` starts it. A file can cost it no more than its limits of time and memory, and it reaches no network.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from articles import importers
from articles.importers import language
from articles.importers.apart import (
    IDLE_SECONDS,
    MEMORY_BYTES,
    PATIENCE,
    Begun,
    Ended,
    Finished,
    Opened,
    Request,
    Some,
    weight_of,
)
from articles.importers.columns import Column
from articles.importers.finishing import damage
from articles.records import ArticleRecord, Unreadable, UnreadableFile

# So many results, or so many characters of text, are one answer.
MOST_RESULTS = 100
MOST_CHARACTERS = 250_000
STRETCH_BYTES = 16 << 20

TOO_LARGE = "reading it takes more memory than is allowed; split it, and upload the pieces"


def main() -> None:
    answers = _confined()
    # What comes with the first words of all is loaded now: it would be taken for slowness of the first file.
    language.identified("once more " * 30)
    # Who asked may be gone.
    with contextlib.suppress(BrokenPipeError):
        while request := _asked():
            with io.BufferedReader(Watched(request.path)) as stream:
                for answer in answered(request, stream):
                    pickle.dump(answer, answers)
                    answers.flush()


def _confined() -> BinaryIO:
    """Limits this process, and gives the stream of its answers; what libraries print goes to the error stream."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Ctrl-C is for who asks: this process ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    socket.socket = NoNetwork  # type: ignore[misc, assignment]
    return answers


def _limit_memory() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEMORY_BYTES if most == resource.RLIM_INFINITY else min(MEMORY_BYTES, most)
    # Where a system knows no such limit, the limits of the readers are the only ones.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


class Watched(io.FileIO):
    """A file that gives the process its time anew with each stretch of it: to get far into a large one is work."""

    unseen = 0

    def readinto(self, target: Any) -> int | None:
        count = super().readinto(target)
        self.unseen += count or 0
        if self.unseen > STRETCH_BYTES:
            self.unseen = 0
            _allow(PATIENCE)
        return count


class NoNetwork:
    def __init__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OSError("nothing is fetched while a file is read")


def _asked() -> Request | None:
    """What is to be read next; None when nobody asks any more, or for long."""
    asked, _, _ = select.select([sys.stdin], [], [], IDLE_SECONDS)
    try:
        request: Request | None = pickle.load(sys.stdin.buffer) if asked else None  # noqa: S301 (from our own process)
    except EOFError:
        return None
    return request


def _allow(seconds: float) -> None:
    """Let the process have so much of a processor from now on; a C library is ended by it as well. 0: without end."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


Answer = Opened | Begun | Some | Finished | Ended


def answered(request: Request, stream: BinaryIO) -> Iterator[Answer]:
    """The answers to a request, the last of them `Ended`."""
    _allow(PATIENCE)
    # Of who looks, the time is that of a clock: the process ends with it, in whatever it is.
    signal.setitimer(signal.ITIMER_REAL, request.seconds)
    try:
        if request.opened:
            yield _opened(request, stream)
        yield from _records(request, stream)
        end = Ended()
    except UnreadableFile as error:
        end = Ended(str(error))
    except MemoryError:
        end = Ended(f"The file cannot be read: {TOO_LARGE}.")
    # Who is told of the end may ask for the next file at once, which has a time of its own.
    signal.setitimer(signal.ITIMER_REAL, 0)
    _allow(0)
    yield end


def _opened(request: Request, stream: BinaryIO) -> Opened:
    """What the file is. Leaves the stream at its beginning, and as much time as there was before."""
    kind = importers.kind_of(request.name, stream, request.guidance)
    others = importers.others(request.name, stream, kind)
    columns = _columns(request, stream)
    stream.seek(0)
    _allow(PATIENCE)
    return Opened(kind.name, tuple(other.name for other in others), columns)


def _columns(request: Request, stream: BinaryIO) -> tuple[Column, ...]:
    """None where the file cannot be read: why not, its reading says."""
    with contextlib.suppress(UnreadableFile, MemoryError):
        return importers.columns(request.name, stream, request.guidance)
    return ()


def _records(request: Request, stream: BinaryIO) -> Iterator[Answer]:
    left = request.most
    for part in importers.walk(request.name, stream, request.guidance, request.start):
        yield Begun(part.number, part.place)
        for results in _packed(_bounded(part), left, 1 if request.seconds else MOST_RESULTS):
            left -= len(results)
            yield Some(results, stream.tell(), _damage(results) if request.seconds else None)
        if left <= 0:
            return
        yield Finished()
        _allow(PATIENCE)


def _damage(results: list[ArticleRecord | Unreadable]) -> tuple[str, str] | None:
    return next(filter(None, (damage(each) for each in results if isinstance(each, ArticleRecord))), None)


def _bounded(part: importers.Part) -> importers.Results:
    """The results of a part; where the memory is not enough for it, that is one, and the next part is read."""
    try:
        yield from part.results
    except MemoryError:
        yield Unreadable(part.place, TOO_LARGE)


def _packed(results: importers.Results, most: int, at_once: int) -> Iterator[list[ArticleRecord | Unreadable]]:
    """The first `most` results, some at a time, no more than `at_once`."""
    some: list[ArticleRecord | Unreadable] = []
    weight = 0
    for count, result in enumerate(results, start=1):
        _allow(PATIENCE)
        some.append(result)
        weight += weight_of(result)
        if count >= most:
            break
        if len(some) >= at_once or weight >= MOST_CHARACTERS:
            yield some
            some, weight = [], 0
    if some:
        yield some


if __name__ == "__main__":
    main()
