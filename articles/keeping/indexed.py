"""Whether the index holds every published article once, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from .. import search, snapshots
from ..models import Article, IndexBacklog
from .flaws import Flaw, counted, listed

REBUILD = "`manage.py reindex` builds it anew."


@dataclass(frozen=True)
class Look:
    """The numbers of articles that are in the index and should not be, should be and are not, are there twice."""

    surplus: np.ndarray
    missing: np.ndarray
    doubled: np.ndarray


def check_index() -> list[Flaw]:
    problem = search.damage()
    if problem:
        return [Flaw(problem, "A running archive builds it anew by itself, `manage.py reindex` at once.")]
    found = _look()
    if any(map(len, (found.surplus, found.missing, found.doubled))):
        # What was published and indexed between two looks at the index and at the rows is right by now.
        again = _look()
        found = Look(
            np.intersect1d(found.surplus, again.surplus), np.intersect1d(found.missing, again.missing), again.doubled
        )
    return list(_told(found))


def _told(found: Look) -> list[Flaw]:
    told = {
        "published, and neither in the index nor waiting for it": found.missing,
        "in the index, and not published": found.surplus,
        "in the index more than once": found.doubled,
    }
    return [
        Flaw(f"{counted(len(numbers), 'article')} {words}: {listed(numbers.tolist())}.", REBUILD)
        for words, numbers in told.items()
        if len(numbers)
    ]


def _look() -> Look:
    held, times = np.unique(search.held(), return_counts=True)
    with snapshots.of_one_moment():
        published = _numbers(Article.objects.published().values_list("pk", flat=True))
        waiting = _numbers(IndexBacklog.objects.values_list("article_id", flat=True))
    return Look(
        np.setdiff1d(np.setdiff1d(held, published), waiting),
        np.setdiff1d(np.setdiff1d(published, held), waiting),
        held[times > 1],
    )


def _numbers(rows: QuerySet[Article, int] | QuerySet[IndexBacklog, int]) -> np.ndarray:
    return np.fromiter(rows.order_by().iterator(chunk_size=10_000), np.int64)
