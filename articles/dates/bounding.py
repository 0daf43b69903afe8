"""What cannot be of a date: an article is not younger than the file that it came in, nor older than print."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from articles.dates.words import FIRST_YEAR
from articles.records import Dating

# Of two clocks, one at each end of the zones, one is a day ahead.
ZONES = timedelta(days=1)


def bounded(dating: Dating, came: datetime | None = None) -> Dating:
    """The date without what cannot be, where the file of the article `came` at a civil time; the evidence says why.

    A date that lies wholly after it, or before there was print, is unknown. A later bound after it ends on that day.
    An open end stays open: the day of the upload says nothing of when a text was published, and the same file has to
    give the same record whenever it comes.
    """
    bounds = [bound for bound in (dating.earliest, dating.latest) if bound]
    if not bounds:
        return dating
    if bounds[0].year < FIRST_YEAR:
        return _refused(dating, f"nothing was printed before {FIRST_YEAR}")
    if came is None or bounds[-1] <= (end := _end(came)):
        return dating
    why = f"the file came on {came:%Y-%m-%d}"
    if bounds[0] > end:
        return _refused(dating, why)
    return replace(dating, latest=end, evidence=(*dating.evidence, why))


def _refused(dating: Dating, why: str) -> Dating:
    return Dating(evidence=(*dating.evidence, why))


def _end(came: datetime) -> datetime:
    return (came + ZONES).replace(hour=23, minute=59, second=0, microsecond=0)
