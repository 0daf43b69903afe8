"""Processes for tests that kill some: see mortal.py."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from types import TracebackType

from . import mortal


class Lives:
    """The process that makes lives, and the one that it made last."""

    def __enter__(self) -> Lives:
        arguments = [sys.executable, mortal.__file__]
        self._process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(20)

    def begin(self, act: str, **order: object) -> None:
        """Returns when it is at it."""
        self._process.stdin.write(json.dumps({"act": act, **order}) + "\n")
        self._process.stdin.flush()
        self._child = int(self._told())
        assert self._told() == "alive"

    def kill(self) -> None:
        os.kill(self._child, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        assert self._told() == "ended"

    def _told(self) -> str:
        return self._process.stdout.readline().strip()
