"""Building an index anew beside the live one, which others go on reading and changing."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

from ..building.merging import merge
from ..building.parallel import build
from ..errors import EngineError, NoRoom
from ..schema import exact_bytes
from ..segments.segment import SEGMENT, Segment
from . import files, journal
from .commits import REBUILD_LOCK, Commits, open_member
from .files import Contents, Part, Pointer, Sum
from .tiers import CEILING
from .writer import Member, new_name

# How long a finished rebuild waits for others to commit.
PATIENCE = 300.0
# How many times the size of what is there must be free.
ROOM = 2

Base = tuple[Pointer, Contents] | None
Renew = Callable[[str], str]


def rebuild(commits: Commits, documents: Iterable[Mapping[str, Any]], renew: Renew) -> int:
    """Returns how many documents there are then. It counts as if it had happened when it began."""
    with files.locked(commits.path, commits.timeout, REBUILD_LOCK):
        return _built(commits, documents, renew)


def create(commits: Commits) -> None:
    """An empty index, unless there is one, or one by now."""
    if _is_missing(commits):
        with files.locked(commits.path, commits.timeout, REBUILD_LOCK):
            if _is_missing(commits):
                _built(commits, (), str)


def _is_missing(commits: Commits) -> bool:
    return not (commits.path / files.POINTER).exists()


def _built(commits: Commits, documents: Iterable[Mapping[str, Any]], renew: Renew) -> int:
    with contextlib.ExitStack() as undo:
        undo.callback(shutil.rmtree, commits.building, ignore_errors=True)
        base = _begin(commits)
        names = build(commits.schema, documents, commits.building)
        paths = list(_put_together([commits.building / name for name in names]))
        sums = {path.name: files.checked(path, durable=True) for path in paths}
        members = [Member(Segment(path)) for path in paths]
        with files.locked(commits.path, PATIENCE):
            members += _catch_up(commits, base, members, sums)
            return _swap(commits, [member for member in members if member.live], sums, renew(_token(commits)))


def _put_together(paths: Iterable[Path]) -> Iterator[Path]:
    """As few segments as may be of those that were built, since each of them costs every search a little."""
    for group in _groups(paths):
        if len(group) == 1:
            yield group[0]
            continue
        path = group[0].with_name(new_name())
        merge([(Segment(source), None) for source in group], path)
        for source in group:
            source.unlink()
        yield path


def _groups(paths: Iterable[Path]) -> Iterator[list[Path]]:
    group: list[Path] = []
    total = 0
    for path in paths:
        count = Segment(path).count
        if group and total + count > CEILING:
            yield group
            group, total = [], 0
        group.append(path)
        total += count
    if group:
        yield group


def _begin(commits: Commits) -> Base:
    """Under the lock, so that no batch that was begun before this moment is committed after it."""
    with files.locked(commits.path, commits.timeout):
        shutil.rmtree(commits.building, ignore_errors=True)
        _make_room(commits)
        require_room(commits.path, files.size_of(commits.path))
        commits.building.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(EngineError):
            pointer = commits.pointer()
            return pointer, commits.contents(pointer)
    return None


def _make_room(commits: Commits) -> None:
    """Generations before the live one go now: whoever reads one has its files open."""
    with contextlib.suppress(EngineError):
        live = files.read_pointer(commits.path).folder
        for path in commits.path.iterdir():
            if path.is_dir() and path not in (commits.path / live, commits.merging):
                shutil.rmtree(path, ignore_errors=True)


def require_room(path: Path, size: int) -> None:
    """Writing that fills the disk would take the database with it."""
    if shutil.disk_usage(path).free < ROOM * size:
        raise NoRoom(f"Writing the search index anew needs {ROOM * size >> 20} MB of free space in {path}.")


def _catch_up(commits: Commits, base: Base, members: list[Member], sums: dict[str, Sum]) -> list[Member]:
    """Do what was committed since: leave out what was changed, and take over the segments that hold it now.

    Nothing is merged while an index is built, so a segment that is new holds only what was put since.
    """
    if base is None or (pointer := commits.pointer()) == base[0]:
        return []
    changes = journal.read(commits.building, base[0].commit, pointer.commit)
    if changes.cleared:
        members.clear()
    for key in map(exact_bytes, changes.keys):
        for member in members:
            member.remove(key)
    known = {part.name for part in base[1].parts}
    now = commits.contents(pointer)
    return [_taken(commits, pointer, part, now, sums) for part in now.parts if part.name not in known]


def _taken(commits: Commits, pointer: Pointer, part: Part, now: Contents, sums: dict[str, Sum]) -> Member:
    """A segment of the live index, with a file of its own; its mask is written with the others."""
    folder, name = commits.path / pointer.folder, f"{part.name}{SEGMENT}"
    for listed in filter(None, (name, part.mask)):
        commits.seals.require(folder / listed, now.files[listed])
    copy = commits.building / name
    shutil.copyfile(folder / name, copy)
    sums[name] = files.checked(copy, durable=True)
    return Member(Segment(copy), open_member(folder, part).deleted)


def _token(commits: Commits) -> str:
    with contextlib.suppress(EngineError):
        return files.read_pointer(commits.path).token
    return ""


def _swap(commits: Commits, members: list[Member], sums: dict[str, Sum], token: str) -> int:
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{token_hex(3)}"
    pointer = Pointer(name, 1, commits.fingerprint, 0, token=token)
    pointer = commits.prepare(commits.building, pointer, members, sums)
    with contextlib.ExitStack() as undo:
        undo.callback(_discard, commits, pointer.folder)
        os.rename(commits.building, commits.path / pointer.folder)
        files.sync_folder(commits.path)
        with contextlib.suppress(EngineError, OSError):
            # Its days are counted from now on.
            os.utime(commits.path / files.read_pointer(commits.path).folder)
        files.write_pointer(commits.path, pointer)
        undo.pop_all()
    commits.tidy()
    return pointer.documents


def _discard(commits: Commits, generation: str) -> None:
    """What failed at the very end may count all the same: then only the disk did not say so."""
    with contextlib.suppress(EngineError):
        if files.read_pointer(commits.path).folder == generation:
            return
    shutil.rmtree(commits.path / generation, ignore_errors=True)
