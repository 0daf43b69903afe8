"""What was decoded lately, kept while there is room. One cache for all threads of a process, bounded in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

# What an entry costs beside its arrays.
OVERHEAD = 512
BYTES = 96 << 20


class Cache:
    """The least recently used entries go first. A key is a tuple that begins with its owner."""

    def __init__(self, limit: int = BYTES) -> None:
        self._limit, self._used = limit, 0
        self._entries: OrderedDict[tuple[Hashable, ...], tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    @property
    def used(self) -> int:
        return self._used

    def resize(self, limit: int) -> None:
        with self._lock:
            self._limit = limit
            self._shrink()

    def get(self, key: tuple[Hashable, ...]) -> Any | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: tuple[Hashable, ...], value: Any, size: int) -> None:
        """What is larger than a quarter of the cache is not kept: it would drive out everything else."""
        size += OVERHEAD
        with self._lock:
            self._drop(key)
            if size * 4 <= self._limit:
                self._entries[key] = value, size
                self._used += size
                self._shrink()

    def forget(self, owner: Hashable) -> None:
        with self._lock:
            for key in [key for key in self._entries if key[0] == owner]:
                self._drop(key)

    def _drop(self, key: tuple[Hashable, ...]) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._used -= entry[1]

    def _shrink(self) -> None:
        while self._used > self._limit:
            _, (_, size) = self._entries.popitem(last=False)
            self._used -= size


CACHE = Cache()
