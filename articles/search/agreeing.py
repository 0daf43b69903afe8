"""Whether the index is that of the database as it is now: by a token that both have, and by the articles they hold.

Each change of the index gives it a new token, which the database is told before it comes and once it has come. What was
put back to an earlier state, the database or the index, or comes from elsewhere, has another: the index is built anew.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet

from .. import snapshots
from ..models import Article, IndexBacklog, IndexStamp
from .engine.errors import IndexOutdated

FOREIGN = "The search index is of another archive, or of another state of this one."
STAMP = 1


def belongs(backend: Any) -> bool:
    """Whether the index is of this database as it is now. Others may change both meanwhile."""
    token = backend.token()
    while True:
        known = token in _known(_stamp())
        if (now := backend.token()) == token:
            return known
        token = now


def _stamp() -> IndexStamp:
    return IndexStamp.objects.filter(pk=STAMP).first() or IndexStamp(pk=STAMP)


def _known(stamp: IndexStamp) -> tuple[str, str]:
    return stamp.current, stamp.coming


def renew(token: str) -> str:
    """The next token of an index that has this one. For whoever holds the lock of the index, before each change.

    Raises `IndexOutdated` where the index is not of this database.
    """
    if token not in _known(stamp := _stamp()):
        raise IndexOutdated(FOREIGN)
    return _noted(stamp, token)


def replace(token: str) -> str:
    """The same, for an index that takes the place of whatever was there."""
    stamp = _stamp()
    return _noted(stamp, token if token in _known(stamp) else stamp.current)


def _noted(stamp: IndexStamp, current: str) -> str:
    stamp.current, stamp.coming = current, secrets.token_hex(16)
    stamp.save()
    return stamp.coming


def confirm(token: str) -> None:
    """The index has it now."""
    IndexStamp.objects.filter(coming=token).update(current=token)


@dataclass(frozen=True)
class Differences:
    """The numbers of articles that are in the index and should not be, should be and are not, are there twice."""

    surplus: np.ndarray
    missing: np.ndarray
    doubled: np.ndarray

    @property
    def all(self) -> list[int]:
        return np.unique(np.concatenate([self.surplus, self.missing, self.doubled])).tolist()


def differences(backend: Any) -> Differences:
    found = _look(backend)
    if found.all:
        # What was published and indexed between two looks at the index and at the rows is right by now.
        again = _look(backend)
        found = Differences(
            np.intersect1d(found.surplus, again.surplus), np.intersect1d(found.missing, again.missing), again.doubled
        )
    return found


def _look(backend: Any) -> Differences:
    held, times = np.unique(backend.numbers(), return_counts=True)
    with snapshots.of_one_moment():
        published = _numbers(Article.objects.published().values_list("pk", flat=True))
        waiting = _numbers(IndexBacklog.objects.values_list("article_id", flat=True))
    return Differences(
        np.setdiff1d(np.setdiff1d(held, published), waiting),
        np.setdiff1d(np.setdiff1d(published, held), waiting),
        np.setdiff1d(held[times > 1], waiting),
    )


def _numbers(rows: QuerySet[Article, int] | QuerySet[IndexBacklog, int]) -> np.ndarray:
    return np.fromiter(rows.order_by().iterator(chunk_size=10_000), np.int64)


def mend(backend: Any) -> int:
    """Put in line what the index has wrongly, lacks or has twice; how many articles."""
    found = differences(backend)
    surplus = set(found.surplus.tolist())
    rows = [IndexBacklog(article_id=key, withdrawn=key in surplus) for key in found.all]
    IndexBacklog.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)
