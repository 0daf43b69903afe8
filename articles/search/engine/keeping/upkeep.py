"""Putting segments together beside the live index, which others go on reading and changing."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..building.merging import merge
from ..errors import IndexBusy
from ..segments.segment import Segment
from . import files, tiers
from .commits import MERGE_LOCK, Commit, Commits
from .files import Sum
from .rebuilding import require_room
from .writer import Member, new_name


def step(commits: Commits) -> bool:
    """Merge some segments if that is worth it and nobody else is at it; returns whether the index is another now."""
    with files.alone(commits.path, MERGE_LOCK) as free:
        if not free or commits.being_rebuilt():
            return False
        before = commits.latest(commits.view)
        names = {part.name for part in tiers.choose(before.contents.parts)}
        sources = [member for member in before.members if member.segment.name in names]
        if not sources:
            return False
        with _workplace(commits.merging) as folder:
            require_room(commits.path, sum(before.contents.files[source.file][0] for source in sources))
            path = folder / new_name()
            merge([(source.segment, source.deleted) for source in sources], path)
            return _take_place(commits, before, sources, path, files.checked(path, durable=True))


@contextlib.contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """A folder that only the one who merges writes to; what a killed one left there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_place(commits: Commits, before: Commit, sources: Sequence[Member], path: Path, told: Sum) -> bool:
    """Commit the merged segment unless the index was replaced meanwhile, or is about to be."""
    names = {source.segment.name for source in sources}
    with contextlib.suppress(IndexBusy), commits.alone() as now:
        left = {member.segment.name: member for member in now.members}
        if commits.being_rebuilt() or now.pointer.folder != before.pointer.folder or names.isdisjoint(left):
            return False
        place = commits.path / now.pointer.folder / path.name
        os.rename(path, place)
        merged = Member(Segment(place))
        merged.delete(_deleted_since(sources, left))
        members = [member for member in now.members if member.segment.name not in names]
        members.insert(min(at for at, name in enumerate(left) if name in names), merged)
        commits.commit(now, members, {path.name: told}, now.pointer.token)
        return True
    return False


def _deleted_since(sources: Sequence[Member], left: dict[str, Member]) -> np.ndarray:
    """What was deleted while the merged segment was written, by its numbers. A source that is gone is deleted whole."""
    base, found = 0, []
    for source in sources:
        kept = ~_mask(source)
        now = left.get(source.segment.name)
        dead = kept if now is None else kept & _mask(now)
        numbers = np.cumsum(kept) - 1
        found.append(base + numbers[dead])
        base += int(np.count_nonzero(kept))
    return np.concatenate(found)


def _mask(member: Member) -> np.ndarray:
    return np.zeros(member.segment.count, bool) if member.deleted is None else member.deleted
