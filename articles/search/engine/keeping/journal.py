"""What is changed in the live index while another is built beside it: keys, a file for each commit.

A rebuild counts as if it had happened when it began. So whoever commits meanwhile notes the keys here, before the
commit counts. The rebuild takes over the documents with these keys from the live index, or leaves them out if they are
gone from there.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from . import files


@dataclass
class Changes:
    """Keys that were put or removed; `cleared` says that everything before them was removed too."""

    keys: set[str] = field(default_factory=set)
    cleared: bool = False

    def __bool__(self) -> bool:
        return bool(self.keys) or self.cleared

    def clear(self) -> None:
        self.cleared = True
        self.keys.clear()


def note(folder: Path, commit: int, changes: Changes) -> None:
    """Where the folder is gone, the rebuild has failed and nobody asks."""
    content = json.dumps({"keys": sorted(changes.keys), "cleared": changes.cleared}).encode()
    with contextlib.suppress(FileNotFoundError):
        files.replace(folder / _name(commit), content)


def read(folder: Path, after: int, last: int) -> Changes:
    """All changes of the commits after `after`, up to `last`. The note of a commit that failed is not read."""
    changes = Changes()
    for commit in range(after + 1, last + 1):
        path = folder / _name(commit)
        if path.exists():
            told = json.loads(path.read_bytes())
            if told["cleared"]:
                changes.clear()
            changes.keys.update(told["keys"])
    return changes


def _name(commit: int) -> str:
    return f"changed-{commit}.json"
