"""The desk behind the counter: one child process that is kept running while the server serves."""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Sequence

log = logging.getLogger(__name__)

# Seconds a process has to finish what it is doing before it is killed, and seconds before a dead one is replaced.
GRACE = 10
PAUSE = 5


def keep_running(command: Sequence[str], ending: threading.Event) -> None:
    """Runs `command`, again whenever it ends, until `ending` is set; then ends it."""
    while not ending.is_set():
        # A group of its own: a terminal's Ctrl-C reaches only the main process, which ends this one in its turn.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603 (our own command)
        while process.poll() is None and not ending.wait(0.5):
            continue
        if process.poll() is None:
            end(process)
        else:
            log.error("%s ended with %s; it is started again in %s s.", command, process.returncode, PAUSE)
            ending.wait(PAUSE)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
