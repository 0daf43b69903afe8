"""What was decoded lately, kept while there is room. One cache for all threads of a process, bounded in bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from heapq import heapify, heappop, heappush
from itertools import count
from threading import Lock
from typing import Any

# What an entry costs beside its arrays.
OVERHEAD = 512
# What there is room for in any archive, and for each document of a large one: of a word that is in many documents, an
# array with a number for each document is kept.
BYTES, PER_DOCUMENT = 112 << 20, 640
# The heap may hold so many items of entries that are gone, and as many as there are entries.
SPARE = 64
# To find something in the files takes as long as to decode so many bytes of it.
FIND = 64 << 10


class Entry:
    """`rank` tells how long it stays: the entry of the lowest goes first."""

    __slots__ = ("number", "rank", "size", "value", "worth")

    def __init__(self, value: Any, size: int, age: float, number: int) -> None:
        self.value, self.size, self.number = value, size, number
        self.worth = 1 + FIND / size
        self.rank = age + self.worth


class Cache:
    """What is asked for often and is small for what it takes to make stays longest (GreedyDual-Size-Frequency;
    Cherkasova, 1998): one round through large arrays does not drive out the small ones, nor those in daily use.

    A key is a tuple that begins with its owner.
    """

    def __init__(self, limit: int = BYTES) -> None:
        self._limit, self._used = limit, 0
        self._entries: dict[tuple[Hashable, ...], Entry] = {}
        # Ranks as they were when they were last looked at; what is asked for again rises above its own.
        self._heap: list[tuple[float, int, tuple[Hashable, ...]]] = []
        # The rank of what went last: what comes now begins there, and what nobody asks for any more falls behind.
        self._age = 0.0
        self._numbers = count()
        # Owners whose entries are to go.
        self._gone: deque[Hashable] = deque()
        self._lock = Lock()

    @property
    def used(self) -> int:
        with self._lock:
            self._forget()
            return self._used

    def fit(self, documents: int) -> None:
        """Make room for what so many documents need."""
        self._limit = max(self._limit, documents * PER_DOCUMENT)

    def get(self, key: tuple[Hashable, ...]) -> Any | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        # Without the lock: of two threads one may not count, which does no harm.
        entry.rank = max(entry.rank, self._age) + entry.worth
        return entry.value

    def put(self, key: tuple[Hashable, ...], value: Any, size: int) -> None:
        """What is larger than a quarter of the cache is not kept: it would drive out everything else."""
        size += OVERHEAD
        with self._lock:
            self._forget()
            self._drop(key)
            if size * 4 <= self._limit:
                self._shrink(self._limit - size)
                entry = self._entries[key] = Entry(value, size, self._age, next(self._numbers))
                self._used += size
                heappush(self._heap, (entry.rank, entry.number, key))
                if len(self._heap) > SPARE + 2 * len(self._entries):
                    self._tidy()

    def forget(self, owner: Hashable) -> None:
        """Its entries go when something is put here next.

        Not now: an owner may be found to be garbage at any moment, also while this very thread holds the lock.
        """
        self._gone.append(owner)

    def _forget(self) -> None:
        if not self._gone:
            return
        owners = {self._gone.popleft() for _ in range(len(self._gone))}
        for key in [key for key in self._entries if key[0] in owners]:
            self._drop(key)
        self._tidy()

    def _tidy(self) -> None:
        """The heap without what is no longer there."""
        self._heap = [(entry.rank, entry.number, key) for key, entry in self._entries.items()]
        heapify(self._heap)

    def _drop(self, key: tuple[Hashable, ...]) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._used -= entry.size

    def _shrink(self, limit: int) -> None:
        while self._used > limit:
            rank, number, key = heappop(self._heap)
            entry = self._entries.get(key)
            if entry is None or entry.number != number:
                continue
            if entry.rank > rank:
                heappush(self._heap, (entry.rank, number, key))
            else:
                self._age = rank
                self._drop(key)


CACHE = Cache()
