"""A backup is made while the archive runs, and brought up to date by making it again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from .. import originals, snapshots
from ..models import Original
from . import bag, noted
from .bag import Piece, Refusal
from .noted import Noted
from .tables import TABLES, Table, line_of

# Version of what is written here, not of BagIt.
FORMAT = 1
ARCHIVE, ROWS, ORIGINALS = "data/archive.json", "data/rows", "data/originals"
# What is new waits here, so that the bag stays whole until all of it is there.
INCOMING = "incoming"
CHUNK_BYTES = 16 * 1024 * 1024
PURPOSE = "All rows and originals of a news archive, without passwords; `manage.py restore` reads it."


@dataclass(frozen=True)
class Backup:
    """What was written: rows by table, originals in all and new ones, and what is wrong with those that are missing."""

    rows: dict[str, int]
    originals: int
    copied: int
    missing: list[str]
    fingerprint: str


def write(folder: Path, progress: Callable[[int], object] = lambda more: None) -> Backup:
    """Write a backup of the archive into `folder`, or bring the one that is there up to date.

    An original that is damaged or missing is left out and named: it must not keep the others from being saved.
    `progress` is told of every original. Raises `Refusal`, and `OSError` when the disk does not take it.
    """
    bag.begin(folder)
    waiting = folder / INCOMING
    for left in ("rows", "before"):
        shutil.rmtree(waiting / left, ignore_errors=True)
    with snapshots.of_one_moment():
        tables, pieces = _write_rows(waiting / "rows")
    copier = _Copier(folder, waiting / "originals")
    copier.copy(waiting / "rows", progress)
    told = {"format": FORMAT, "tables": tables, "missing": sorted(copier.missing)}
    pieces |= copier.pieces | {ARCHIVE: _write_file(waiting / "archive.json", _pretty(told))}
    _take_place(folder, waiting, {*copier.pieces})
    rows = {name: table["rows"] for name, table in tables.items()}
    bag.seal(folder, pieces, _info(rows))
    shutil.rmtree(folder / INCOMING)
    held = len(copier.pieces)
    noted.note(Noted(str(folder.resolve()), noted.now(), rows["articles"], held, len(copier.missing)))
    return Backup(rows, len(copier.pieces), copier.copied, list(copier.missing.values()), fingerprint(tables))


def fingerprint(tables: dict[str, Any]) -> str:
    """One number for all rows."""
    return hashlib.sha256("\n".join(f"{name} {tables[name]['sha256']}" for name in sorted(tables)).encode()).hexdigest()


def _info(rows: dict[str, int]) -> dict[str, str]:
    return {
        "Source-Organization": " ".join(settings.ARCHIVE_NAME.split()),
        "External-Description": PURPOSE,
        "Articles": str(rows["articles"]),
        "Originals": str(rows["originals"]),
    }


def _pretty(value: Any) -> bytes:
    return f"{json.dumps(value, indent=1, sort_keys=True)}\n".encode()


# Rows


def _write_rows(folder: Path) -> tuple[dict[str, Any], dict[str, Piece]]:
    """What is written of each table, and the files by their paths in the bag."""
    folder.mkdir(mode=0o700, parents=True)
    tables: dict[str, Any] = {}
    pieces: dict[str, Piece] = {}
    for table in TABLES:
        tables[table.name], files = _write_table(table, folder)
        pieces |= {f"{ROWS}/{name}": piece for name, piece in files.items()}
    return tables, pieces


def _write_table(table: Table, folder: Path) -> tuple[dict[str, Any], dict[str, Piece]]:
    digest, count = hashlib.sha256(), 0
    files: dict[str, Piece] = {}
    for number, (lines, text) in enumerate(_chunks(table), start=1):
        name = f"{table.name}-{number:05}.jsonl"
        files[name] = _write_file(folder / name, text)
        digest.update(text)
        count += lines
    told = {"rows": count, "sha256": digest.hexdigest(), "fields": table.fields, "files": sorted(files)}
    return told, files


def _chunks(table: Table) -> Iterator[tuple[int, bytes]]:
    """The lines of a table in files that are not too large, each with how many they are."""
    lines: list[bytes] = []
    size = 0
    for row in table.rows(table.fields):
        lines.append(line_of(row))
        size += len(lines[-1])
        if size >= CHUNK_BYTES:
            yield len(lines), b"".join(lines)
            lines, size = [], 0
    if lines:
        yield len(lines), b"".join(lines)


def _write_file(path: Path, content: bytes) -> Piece:
    path.write_bytes(content)
    path.chmod(0o600)
    return Piece(hashlib.sha256(content).hexdigest(), len(content))


# Originals


class _Copier:
    """Copies the originals that the rows name and the bag has not."""

    def __init__(self, folder: Path, waiting: Path) -> None:
        self.folder, self.waiting = folder, waiting
        self.pieces: dict[str, Piece] = {}
        # By checksum, what is wrong with those that could not be copied.
        self.missing: dict[str, str] = {}
        self.copied = 0

    def copy(self, rows: Path, progress: Callable[[int], object]) -> None:
        listed = list(_listed(rows))
        self._refuse_another({sha256 for sha256, _ in listed})
        for sha256, size in listed:
            self._copy_one(Original(sha256=sha256, size=size))
            progress(1)

    def _refuse_another(self, known: set[str]) -> None:
        held = {path.name for path in _files(self.folder / ORIGINALS)}
        if 2 * len(held & known) < len(held):
            raise Refusal(f"{self.folder} is the backup of another archive, by its originals: name another folder.")

    def _copy_one(self, original: Original) -> None:
        path = f"{ORIGINALS}/{original.path.relative_to(settings.ORIGINALS)}"
        if not _has_size(self.folder / path, original.size):
            problem = self._bring(original, self.waiting / original.path.relative_to(settings.ORIGINALS))
            if problem:
                self.missing[original.sha256] = problem
                return
            self.copied += 1
        self.pieces[path] = Piece(original.sha256, original.size)

    def _bring(self, original: Original, target: Path) -> str:
        """Copy one file; what kept it from being copied, or ""."""
        if target.is_file() and originals.has_checksum(target, original.sha256):
            return ""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not original.path.is_file():
            return f"{original.path} is missing"
        target.unlink(missing_ok=True)
        shutil.copyfile(original.path, target)
        target.chmod(0o444)
        if not originals.has_checksum(target, original.sha256):
            target.unlink()
            return f"{original.path} does not have its checksum"
        return ""


def _listed(rows: Path) -> Iterator[tuple[str, int]]:
    """Checksums and sizes of the originals, as the rows have them that were written."""
    for path in sorted(rows.glob("originals-*.jsonl")):
        with path.open("rb") as file:
            for line in file:
                row = json.loads(line)
                yield row["sha256"], row["size"]


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


# Into place


def _take_place(folder: Path, waiting: Path, kept: set[str]) -> None:
    """What is new takes the place of what was there; all of it is on the disk by then."""
    os.sync()
    if (folder / ROWS).exists():
        (folder / ROWS).rename(waiting / "before")
    (waiting / "rows").rename(folder / ROWS)
    (waiting / "archive.json").replace(folder / ARCHIVE)
    for path in _files(waiting / "originals"):
        target = folder / ORIGINALS / path.relative_to(waiting / "originals")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(target)
    for path in _files(folder / ORIGINALS):
        # An upload that was discarded before it was imported leaves no row.
        if path.relative_to(folder).as_posix() not in kept:
            path.unlink()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
