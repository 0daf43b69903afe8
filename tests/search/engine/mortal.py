"""A writer to be killed: started once, it makes a copy of itself for each life. It knows no Django.

Reads orders from its input, one JSON object a line; answers with the process number of each life, and with "ended" when
it has ended. The life itself says "alive" when it begins.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import threading
import time
import traceback
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def without_django() -> None:
    """Let the engine be imported as it is named, without what lies around it."""
    sys.path.insert(0, str(ROOT))
    for name in ("articles", "articles.search"):
        module = sys.modules[name] = types.ModuleType(name)
        module.__path__ = [str(ROOT / name.replace(".", "/"))]


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if (child := os.fork()) == 0:
            print(os.getpid(), flush=True)
            globals()[order.pop("act")](**order)
            os._exit(0)
        os.waitpid(child, 0)
        print("ended", flush=True)


def batch(seed: int, number: int) -> tuple[list[int], list[int]]:
    """Which documents a batch puts and which it removes."""
    dice = random.Random(seed * 100_003 + number)
    chosen = dice.sample(range(40), 6)
    return chosen[:4], chosen[4:]


def after(seed: int, batches: int) -> dict[int, int]:
    """The documents there are after so many batches, with their versions."""
    known: dict[int, int] = {}
    for number in range(1, batches + 1):
        put, removed = batch(seed, number)
        known.update(dict.fromkeys(put, number))
        for gone in removed:
            known.pop(gone, None)
    return known


class Told:
    """What goes wrong is written to a file."""

    def __init__(self, path: str) -> None:
        self.file = Path(path, "errors")

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, at) -> bool:
        if error:
            self.file.write_text("".join(traceback.format_exception(error)))
        return True


class Life:
    """Commits numbered batches, merges and rebuilds beside it, and notes what it was promised, until it is killed."""

    def __init__(self, path: str, seed: int, first: int, turn: int) -> None:
        self.path, self.turn = path, turn
        self.store, self.seed, self.next = stores.opened(Path(path) / "index"), seed, first
        self.notes = os.open(Path(path) / "notes", os.O_RDWR | os.O_CREAT)
        self.known = after(seed, first - 1)
        self.lock = threading.Lock()

    def run(self) -> None:
        self.store.snapshot()
        print("alive", flush=True)
        threading.Thread(target=self.forever, args=(self.keep,), daemon=True).start()
        self.forever(self.commit)

    def forever(self, act) -> None:
        """Nothing may go wrong before the end; if it does, it is told, and this life is over."""
        with Told(self.path):
            while True:
                act()
        os._exit(1)

    def commit(self) -> None:
        put, removed = batch(self.seed, self.next)
        # The database comes first, as one transaction.
        with self.lock:
            self.known = after_one(self.known, put, removed, self.next)
        self.doing(0, b"c")
        with self.store.writing() as writer:
            for one in stores.documents(put, self.next):
                writer.put(one)
            for gone in removed:
                writer.remove(f"a.b.{gone}")
        self.doing(0, b"-")
        os.pwrite(self.notes, b"%8d" % self.next, 8)
        os.fsync(self.notes)
        self.next += 1
        # Others want the lock too.
        time.sleep(0.01)

    def keep(self) -> None:
        """Merge, or in one of four turns build anew."""
        self.turn += 1
        self.doing(1, b"m" if self.turn % 4 else b"r")
        if self.turn % 4:
            self.store.merge()
        else:
            self.store.rebuild(self.rows())
        self.doing(1, b"-")
        time.sleep(0.01)

    def rows(self):
        """The database as it is when the first row is asked for, which is after the rebuild began."""
        with self.lock:
            known = self.known
        for number, version in known.items():
            yield stores.document(number, version)

    def doing(self, at: int, mark: bytes) -> None:
        """For the tests to know in the middle of what a life ended."""
        os.pwrite(self.notes, mark, at)


def after_one(known: dict[int, int], put: list[int], removed: list[int], number: int) -> dict[int, int]:
    known = known | dict.fromkeys(put, number)
    return {key: version for key, version in known.items() if key not in removed}


def write(**order) -> None:
    Life(**order).run()


def rebuild(path: str, number: int) -> None:
    """Enough documents for several processes."""
    print("alive", flush=True)
    stores.opened(Path(path) / "index").rebuild(map(stores.document, range(number)))


def read(path: str) -> None:
    """Look again and again until there is a file "stop"; tell how often that went well."""
    store, looks = stores.opened(Path(path) / "index"), 0
    print("alive", flush=True)
    with Told(path):
        while not Path(path, "stop").exists():
            stores.require_balance(store)
            looks += 1
            time.sleep(0.01)
    Path(path, f"looks-{os.getpid()}").write_text(str(looks))


if __name__ == "__main__":
    without_django()
    from articles.search.engine.keeping import tiers
    from tests.search.engine import stores

    # Something to merge after a few commits.
    tiers.FANOUT = 3
    # What is loaded when it is first used is loaded before the first life.
    with tempfile.TemporaryDirectory() as folder:
        stores.change(stores.built(Path(folder), range(3)), stores.document(4))
    serve()
