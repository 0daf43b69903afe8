"""Whether the originals are as they came."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from .. import originals
from ..models import Original
from .flaws import Flaw, Progress, portions, unheard

# A file without a row may be one that is coming in just now.
COMING_SECONDS = 60 * 60


def verify(original: Original) -> str:
    """Read an original whole, and note what was found; what is wrong with it, or "" if it is as it came."""
    problem = problem_of(original)
    original.verified_at, original.intact = timezone.now(), not problem
    original.save(update_fields=["verified_at", "intact"])
    return problem


def problem_of(original: Original) -> str:
    told = reading(original)
    while True:
        try:
            next(told)
        except StopIteration as end:
            return str(end.value)


def reading(original: Original) -> Generator[None, None, str]:
    """Read an original whole, a megabyte at each step; at last what is wrong with it, or "" if it is as it came."""
    digest = hashlib.sha256()
    try:
        size = original.path.stat().st_size
        if size != original.size:
            return f"the file has {size:,} bytes, and {original.size:,} came"
        for chunk in originals.chunks_of(original.path):
            digest.update(chunk)
            yield
    except FileNotFoundError:
        return "the file is missing"
    except OSError as error:
        return f"the file cannot be read ({error.strerror})"
    return "" if digest.hexdigest() == original.sha256 else "the file has another checksum than when it came"


def check_originals(sample: int = 0, progress: Progress = unheard) -> Iterator[Flaw]:
    """Whether each file is what its row says; of a `sample`, those that were not looked at for the longest time."""
    rows = Original.objects.order_by("pk")
    if sample:
        rows = Original.objects.order_by(F("verified_at").asc(nulls_first=True), "pk")[:sample]
    for numbers in portions(list(rows.values_list("pk", flat=True))):
        yield from _check(Original.objects.filter(pk__in=numbers).order_by("pk"))
        progress(len(numbers))


def _check(rows: QuerySet[Original]) -> Iterator[Flaw]:
    intact = []
    for original in rows:
        problem = problem_of(original)
        if problem:
            Original.objects.filter(pk=original.pk).update(verified_at=timezone.now(), intact=False)
            yield broken(original, problem)
        else:
            intact.append(original.pk)
    Original.objects.filter(pk__in=intact).update(verified_at=timezone.now(), intact=True)


def broken(original: Original, problem: str) -> Flaw:
    place = original.path.relative_to(settings.ORIGINALS)
    cure = f"Copy it from a backup to {settings.ORIGINALS.name}/{place}, or import the same file again."
    return Flaw(f"Original {original.pk} ({original}): {problem}.", cure)


def check_folder() -> Iterator[Flaw]:
    """Files among the originals that no row knows."""
    for paths in portions(_files(settings.ORIGINALS)):
        known = Original.objects.filter(sha256__in=[path.name for path in paths])
        for path in sorted(set(paths) - {original.path for original in known}):
            words = f"{settings.ORIGINALS.name}/{path.relative_to(settings.ORIGINALS)} belongs to no original."
            yield Flaw(words, "Import it with `manage.py import_articles`, or move it away.")


def _files(folder: Path) -> Iterator[Path]:
    """Without those that are coming in, or were a moment ago."""
    for place, folders, names in os.walk(folder):
        if Path(place) == folder and "incoming" in folders:
            folders.remove("incoming")
        yield from (path for name in names if _is_at_rest(path := Path(place, name)))


def _is_at_rest(path: Path) -> bool:
    try:
        return time.time() - path.lstat().st_mtime > COMING_SECONDS
    except FileNotFoundError:
        return False
