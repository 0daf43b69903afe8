"""The loops of the work behind the pages say every second that they run; whoever asks sees since when they do not."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from django.conf import settings

# Seconds after which a loop that was not heard of is taken for gone.
LATE = 30


def beat(name: str) -> None:
    path = _path(name)
    # A full disk must not end the work itself.
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch()


def heard(name: str) -> float | None:
    """How many seconds ago; None for never."""
    try:
        return max(0.0, time.time() - _path(name).stat().st_mtime)
    except OSError:
        return None


def is_alive(name: str) -> bool:
    ago = heard(name)
    return ago is not None and ago < LATE


def _path(name: str) -> Path:
    return Path(settings.DATA) / "heartbeat" / name
