"""Whether the index holds every published article once, and nothing else."""

from __future__ import annotations

from .. import search
from .flaws import Flaw, counted, listed

REBUILD = "A running archive puts it right by itself; `manage.py reindex` builds it anew at once."


def check_index() -> list[Flaw]:
    problem = search.damage()
    if problem:
        return [Flaw(problem, "A running archive builds it anew by itself, `manage.py reindex` at once.")]
    return list(_told(search.differences()))


def _told(found: search.Differences) -> list[Flaw]:
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
