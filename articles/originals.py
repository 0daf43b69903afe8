"""Files as they came: kept under their checksum, read-only, never rewritten."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from .models import Original

CHUNK = 1024 * 1024


class TooLarge(ValueError):
    """A file over the limit that was given for it; nothing of it is kept."""


def keep(
    chunks: Iterable[bytes], *, name: str, media_type: str = "", received_by: Any = None, most: int | None = None
) -> Original:
    """Keep a file and give its row; a file that is here already keeps the row that it has.

    The bytes are on the disk before the row is: an acknowledged original survives a power cut.
    Raises `TooLarge` past `most` bytes, and `OSError` when the disk does not take it.
    """
    sha256, size = put(chunks, most)
    values = {"size": size, "name": name[:500], "media_type": media_type, "received_by": received_by}
    return Original.objects.get_or_create(sha256=sha256, defaults=values)[0]


def put(chunks: Iterable[bytes], most: int | None = None) -> tuple[str, int]:
    """Keep the bytes of a file, whose row somebody else makes; its checksum and its size."""
    incoming = settings.ORIGINALS / "incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(incoming, fcntl.LOCK_SH), tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
        try:
            sha256, size = _write(chunks, file, most)
            _place(Path(file.name), sha256)
        finally:
            Path(file.name).unlink(missing_ok=True)
    return sha256, size


def _write(chunks: Iterable[bytes], file: Any, most: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if most is not None and size > most:
            raise TooLarge(f"larger than {most // CHUNK:,} MB")
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    os.fchmod(file.fileno(), 0o444)
    return digest.hexdigest(), size


def _place(written: Path, sha256: str) -> None:
    place = Original(sha256=sha256).path
    if place.exists() and has_checksum(place, sha256):
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written.rename(place)
    for folder in (place.parent, place.parent.parent, settings.ORIGINALS):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """A new name in a folder is on the disk only once the folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget(original: Original) -> None:
    """Remove a file that nothing came from; the row goes first, so that no row is without its file."""
    original.delete()
    transaction.on_commit(partial(original.path.unlink, missing_ok=True))


def sweep() -> None:
    """Remove what processes that were killed have left half written, unless a file is on its way in just now."""
    incoming = settings.ORIGINALS / "incoming"
    if not incoming.exists():
        return
    with suppress(BlockingIOError), _locked(incoming, fcntl.LOCK_EX | fcntl.LOCK_NB):
        for path in incoming.iterdir():
            path.unlink()


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """The end of a process ends its lock, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def chunks_of(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def has_checksum(path: Path, sha256: str) -> bool:
    digest = hashlib.sha256()
    for chunk in chunks_of(path):
        digest.update(chunk)
    return digest.hexdigest() == sha256


def is_intact(original: Original) -> bool:
    """Whether the file is there and still has the checksum that it is kept under."""
    return original.path.exists() and has_checksum(original.path, original.sha256)
