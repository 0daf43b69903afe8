"""The last backup that was made here, and whether it was checked: a small file in the data folder."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Noted:
    """When, where, how many articles and originals, how many originals were missing; when it was read whole since."""

    folder: str
    made_at: str
    articles: int
    originals: int
    missing: int
    checked_at: str = ""


def note(noted: Noted) -> None:
    path = _path()
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(noted)))
    fresh.replace(path)


def note_checked(folder: Path) -> None:
    """If it is the last one that was made."""
    held = last()
    if held and held.folder == str(folder.resolve()):
        note(Noted(**{**asdict(held), "checked_at": now()}))


def last() -> Noted | None:
    try:
        return Noted(**json.loads(_path().read_text()))
    except (OSError, ValueError, TypeError):
        return None


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _path() -> Path:
    return Path(settings.DATA) / "last-backup.json"
