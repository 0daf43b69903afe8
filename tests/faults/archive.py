"""An archive of a test's own, whose processes can be killed: see mortal.py."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

MORTAL = Path(__file__).with_name("mortal.py")


class Archive:
    """A data folder, and the process that makes lives which work in it."""

    def __init__(self, data: Path, notes: Path) -> None:
        self.data, self.notes = data, notes
        notes.mkdir(exist_ok=True)

    def __enter__(self) -> Archive:
        environment = {**os.environ, "NEWSARCHIVE_DATA": str(self.data), "NOTES": str(self.notes)}
        # What is done to the disk is done to SQLite's files.
        environment.pop("DATABASE_URL", None)
        self._process = subprocess.Popen(
            [sys.executable, str(MORTAL)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(60)

    def begin(self, act: str, **order: Any) -> int:
        """The number of the process that does it; with `after`, once there is such a file."""
        return self._ask(do="begin", act=act, **order)

    def wait(self, process: int) -> int:
        """How it ended: 0, the number of the signal below 0, or 1 after an error, which is in the notes."""
        return self._ask(do="wait", pid=process)

    def kill(self, *processes: int) -> None:
        for process in processes:
            os.kill(process, signal.SIGKILL)
        for process in processes:
            self.wait(process)

    def do(self, act: str, **order: Any) -> None:
        """To the end, and well."""
        assert self.wait(self.begin(act, **order)) == 0, self.errors()

    def errors(self) -> str:
        """What lives complained of."""
        return "\n".join(path.read_text() for path in self.notes.glob("*Error-*"))

    def complaints(self) -> list[str]:
        """What does not agree, once all that waited is done."""
        self.do("settle")
        self.do("check")
        return json.loads((self.notes / "complaints").read_text())

    def promises(self) -> list[dict[str, Any]]:
        path = self.notes / "promises"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def _ask(self, **order: Any) -> int:
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
