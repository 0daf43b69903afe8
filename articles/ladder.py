"""The ladder of takedown: how far an article is shown, step by step. What is taken in hand here is kept, and logged.

`models.Article.access` is where an article stands; what hides it withholds it too, so that all that asks for published
articles obeys in the same moment, and answers leave it out until the index has caught up (see ledger.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from .models import HIDDEN, Access, Article, Statement, Takedown
from .records import Status


@dataclass(frozen=True)
class Step:
    """Where an article is to stand, and what is said of it; see `models.Takedown`."""

    access: Access
    reason: str = ""
    words: str = ""
    headline: str = ""
    note: str = ""

    @classmethod
    def of(cls, takedown: Takedown | None) -> Step:
        """Where an article stands by its last takedown."""
        if takedown is None:
            return cls(Access.PUBLIC)
        return cls(Access(takedown.step), takedown.reason, takedown.words, takedown.headline, takedown.note)


SAID = tuple(field.name for field in fields(Step) if field.name not in ("access", "note"))


@transaction.atomic
def move(numbers: Sequence[int], to: Step, *, by: Any = None) -> list[Takedown]:
    """Take the articles with these numbers to this step; one row for each that was not there with the same words.

    Those in the trash stay as they are: readers see nothing of them.
    """
    locked = Article.objects.select_for_update(of=("self",)).filter(pk__in=numbers, trashed_at=None)
    articles = list(locked.only("title", "access", "status").order_by("pk"))
    held = {row.article_id: row for row in Takedown.objects.holding().filter(article__in=articles)}
    now = timezone.now()
    rows = [
        _row(article, held.get(article.pk), to, by=by, since=now)
        for article in articles
        if not _stands(article, held.get(article.pk), to)
    ]
    Takedown.objects.holding().filter(article__in=[row.article_id for row in rows]).update(holds=False)
    Takedown.objects.bulk_create(rows)
    for status in Status:
        moved = [row.article_id for row in rows if _status(row) == status]
        Article.objects.filter(pk__in=moved).update(access=to.access, status=status, modified_at=now)
    return rows


def _stands(article: Article, held: Takedown | None, to: Step) -> bool:
    """Whether the article stands there already, and the same is said of it."""
    same = all(getattr(to, name) == (getattr(held, name) if held else "") for name in SAID)
    return article.access == to.access and same


def _row(article: Article, held: Takedown | None, to: Step, **about: Any) -> Takedown:
    """The row of a step. What the article goes back to is told by the step that hid it."""
    status = held.status if held and article.is_hidden else article.status
    said = {name: getattr(to, name) for name in (*SAID, "note")}
    return Takedown(article=article, step=to.access, before=article.access, status=status, **said, **about)


def _status(row: Takedown) -> str:
    return Status.WITHHELD if row.step in HIDDEN else row.status


def undo(number: int, *, by: Any = None) -> list[Takedown]:
    """Take an article back to where it stood before its last step, with what was said of it then."""
    last = list(Takedown.objects.filter(article=number)[:2])
    return move([number], Step.of(last[1] if len(last) > 1 else None), by=by) if last else []


def tombstone_of(number: int) -> Takedown | None:
    """The tombstone of the article with this number, if it has one."""
    return Takedown.objects.for_readers().filter(article__pk=number).first()


def counts() -> dict[str, int]:
    """How many tombstones there are, by reason."""
    told = Takedown.objects.tombstones().order_by().values_list("reason").annotate(Count("id"))
    return dict(told.order_by("reason"))


_UNLISTED = Statement(
    lambda numbers: Article.objects.filter(pk__in=numbers, access=Access.UNLISTED).values_list("pk"), int
)


def is_unlisted(number: int) -> bool:
    """Whether search engines are asked to leave the article out."""
    return bool(_UNLISTED.rows([number]))
