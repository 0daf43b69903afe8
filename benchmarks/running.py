"""Workers are started, asked and ended here; each engine has a process and a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from .engines import PEERS
from .engines.door import Missing

ROOT = Path(__file__).parent.parent


class Running:
    """A worker process. As a context it ends with the block."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        folder.mkdir(parents=True, exist_ok=True)
        command = [PEERS[name].python, "-W", "ignore", "-m", "benchmarks.worker", name, str(folder)]
        try:
            self.process = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        except FileNotFoundError as error:
            raise Missing(f"{PEERS[name].python} is not there: {PEERS[name].cure}") from error
        self.requests = cast(IO[str], self.process.stdin)
        self.replies = cast(IO[str], self.process.stdout)
        self.about = self.reply()
        if "missing" in self.about:
            self.end()
            raise Missing(self.about["missing"])

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def call(self, do: str, **arguments: Any) -> dict[str, Any]:
        self.requests.write(json.dumps({"do": do, **arguments}) + "\n")
        self.requests.flush()
        return self.reply()

    def reply(self) -> dict[str, Any]:
        line = self.replies.readline()
        if not line:
            raise RuntimeError(f"{PEERS[self.name].title} ended with {self.process.wait()}; its last words are above.")
        return json.loads(line)

    def end(self) -> None:
        with suppress(BrokenPipeError):
            self.requests.close()
        self.replies.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
