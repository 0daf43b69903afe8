"""A backup becomes an archive again: in an empty one, as a whole or not at all, and compared in the end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from .. import keeping, ledger, originals
from ..keeping.flaws import portions
from ..models import Original
from . import bag
from .bag import Piece, Refusal
from .tables import CHUNK, TABLES, Table, line_of
from .writing import ARCHIVE, FORMAT, ORIGINALS, ROWS, fingerprint

TOLD = ("rows", "sha256", "fields", "files")
NEWER = "it was made by a newer version of the archive: update this one first, then restore."


@dataclass(frozen=True)
class Restored:
    """What came back, by table; who has no password by now; and originals that were missing already."""

    rows: dict[str, int]
    originals: int
    users: list[str]
    missing: list[str]
    fingerprint: str


def check(folder: Path, progress: bag.Progress = lambda more: None) -> dict[str, Any]:
    """Read a backup whole, and give what it says of itself. Raises `Refusal` unless all of it can be restored."""
    pieces = bag.check(folder, progress)
    told = _told(folder, pieces)
    for table in _written(told["tables"]):
        _check_table(folder, table, told["tables"].get(table.name), pieces)
    held = {path.rpartition("/")[2] for path in pieces if path.startswith(f"{ORIGINALS}/")}
    lost = _checksums(folder, told) - held - told["missing"]
    if lost:
        raise Refusal(f"The backup in {folder} lacks {keeping.counted(len(lost), 'original')}, such as {min(lost)}.")
    return told


def restore(folder: Path, progress: bag.Progress = lambda more: None) -> Restored:
    """Fill this archive, which must be empty, from a backup. Raises `Refusal`; then it is as empty as before."""
    refuse_unless_empty()
    told = check(folder, progress)
    brought = _bring_originals(folder)
    try:
        with transaction.atomic():
            _load(folder, told["tables"])
            _compare(told["tables"])
    except (DatabaseError, ValidationError, ObjectDoesNotExist, TypeError, ValueError) as error:
        raise Refusal(f"The rows of the backup cannot be stored ({error}): {NEWER}") from error
    ledger.refresh_statistics(connection)
    users = User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True)
    rows = {name: table["rows"] for name, table in told["tables"].items()}
    return Restored(rows, brought, list(users), sorted(told["missing"]), fingerprint(told["tables"]))


def refuse_unless_empty() -> None:
    # The groups to begin with are there from the start.
    held = [table.name for table in TABLES if table.model is not Group and table.model._default_manager.exists()]
    if held:
        raise Refusal(
            f"This archive is not empty: it has {held[0].replace('_', ' ')}. A backup is restored into a new one: "
            "name another data folder, such as NEWSARCHIVE_DATA=/srv/restored, or another database."
        )


# What the backup says


def _told(folder: Path, pieces: dict[str, Piece]) -> dict[str, Any]:
    if ARCHIVE not in pieces:
        raise Refusal(f"{folder} is a bag, but no backup of an archive: there is no {ARCHIVE} in it.")
    try:
        told = json.loads((folder / ARCHIVE).read_text(encoding="utf-8"))
        version, tables = told["format"], dict(told["tables"])
        told["missing"] = set(told["missing"])
        tables = {name: {key: table[key] for key in TOLD} for name, table in tables.items()}
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal(f"{ARCHIVE} of the backup in {folder} cannot be read ({error}). Take another copy.") from error
    if version != FORMAT or {*tables} - {table.name for table in TABLES}:
        raise Refusal(f"The backup in {folder} cannot be read: {NEWER}")
    return {**told, "tables": tables}


def _written(tables: dict[str, Any]) -> list[Table]:
    """The tables that the backup must have: all that were there when it was made."""
    return [table for table in TABLES if table.name in tables or not table.later]


def _check_table(folder: Path, table: Table, told: Any, pieces: dict[str, Piece]) -> None:
    """That the rows of a table are as many and the same as were written, and can be read here."""
    if told is None:
        raise Refusal(f"The backup in {folder} has no {table.name}: take another copy.")
    if unknown := set(told["fields"]) - set(table.fields):
        raise Refusal(f"{table.name} of the backup has the field {min(unknown)}, which is not known here: {NEWER}")
    digest, count = hashlib.sha256(), 0
    for line in _lines(folder, told):
        digest.update(line)
        count += 1
    if (count, digest.hexdigest()) != (told["rows"], told["sha256"]):
        raise Refusal(
            f"{table.name} of the backup in {folder} has {count:,} rows that are not the {told['rows']:,} which were "
            "written. Take another copy."
        )


def _lines(folder: Path, told: dict[str, Any]) -> Iterator[bytes]:
    for name in told["files"]:
        try:
            with (folder / ROWS / name).open("rb") as file:
                yield from file
        except FileNotFoundError as error:
            raise Refusal(f"The backup in {folder} lacks {ROWS}/{name}. Take another copy.") from error


def _rows(folder: Path, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for line in _lines(folder, told):
        yield json.loads(line)


def _checksums(folder: Path, told: dict[str, Any]) -> set[str]:
    return {row["sha256"] for row in _rows(folder, told["tables"]["originals"])}


# Into the archive


def _bring_originals(folder: Path) -> int:
    """Put the files in place before there is a row of any; how many."""
    count = 0
    for path in sorted((folder / ORIGINALS).rglob("*")):
        if path.is_file():
            sha256, _ = originals.put(originals.chunks_of(path))
            if not originals.has_checksum(Original(sha256=sha256).path, path.name):
                raise Refusal(f"{path} was changed while it was restored, or the disk is damaged: try again.")
            count += 1
    return count


def _load(folder: Path, tables: dict[str, Any]) -> None:
    Group.objects.all().delete()
    for table in _written(tables):
        table.load(portions(_rows(folder, tables[table.name]), CHUNK))
    reset = connection.ops.sequence_reset_sql(no_style(), [table.model for table in TABLES])
    with connection.cursor() as cursor:
        for statement in reset:
            cursor.execute(statement)


def _compare(tables: dict[str, Any]) -> None:
    """That the rows say what the backup says, and the books what the rows say."""
    for table in _written(tables):
        digest = hashlib.sha256()
        for row in table.rows(tables[table.name]["fields"]):
            digest.update(line_of(row))
        if digest.hexdigest() != tables[table.name]["sha256"]:
            raise Refusal(f"What was restored of {table.name} is not what was written: {NEWER}")
    if flaws := keeping.check_books():
        raise Refusal(f"The counts of what was restored are wrong: {flaws[0].what} Please report this.")
