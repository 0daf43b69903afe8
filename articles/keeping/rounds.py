"""Originals that nobody has read for a long time are read again, a little at a time, when there is nothing to do."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator
from itertools import islice

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Original
from .files import broken, reading
from .flaws import counted

logger = logging.getLogger(__name__)

# A turn is a megabyte of a file, or the end of one.
TURNS = 16
# When all that was due is read, nothing is looked for during so many seconds.
REST = 60 * 60
# What was found damaged is looked at again so soon: somebody may have brought it back.
AGAIN = dt.timedelta(days=1)


class Rounds:
    """One round after another through the originals that were not read for `days` days; 0 stands for never."""

    def __init__(self, days: int) -> None:
        self.days = days
        self._turns = self._round()
        self._rests_until = 0.0

    def step(self) -> None:
        """Read a little of what is due. It takes no longer than it takes to read some megabytes.

        Where the database is away in the middle of a round, the next round begins after the rest.
        """
        if not self.days or time.monotonic() < self._rests_until:
            return
        if sum(1 for _ in islice(self._turns, TURNS)) < TURNS:
            self._turns = self._round()
            self._rests_until = time.monotonic() + REST

    def _round(self) -> Iterator[None]:
        last = count = damaged = 0
        while original := self._due().filter(pk__gt=last).order_by("pk").first():
            problem = yield from reading(original)
            count, damaged, last = count + 1, damaged + _noted(original, problem), original.pk
            yield
        if count:
            logger.info("%s verified, %s of them damaged or missing", counted(count, "original"), f"{damaged:,}")

    def _due(self) -> QuerySet[Original]:
        """When a file came it was read whole."""
        now = timezone.now()
        rows = Original.objects.annotate(read=Coalesce("verified_at", "received_at"))
        return rows.filter(Q(read__lt=now - dt.timedelta(days=self.days)) | Q(intact=False, read__lt=now - AGAIN))


def _noted(original: Original, problem: str) -> bool:
    """Note what was found; whether that is damage. A row that is gone by now had its file removed with it."""
    found = {"verified_at": timezone.now(), "intact": not problem}
    damaged = bool(Original.objects.filter(pk=original.pk).update(**found) and problem)
    if damaged:
        logger.error("%s", broken(original, problem))
    return damaged
