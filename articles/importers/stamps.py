"""Dates as programs write them into feeds, exports and wire files: `2011-01-18T07:40Z`, `Tue, 18 Jan 2011 07:40 +0100`.

They count as printed. The time stays as it is written, since that is the clock where the article was published; its
zone is left out.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_tz

from articles.dates.words import FIRST_YEAR, LAST_YEAR
from articles.records import Dating, Known, Precision, Refused

_CLOCK = re.compile(r":|\dT\d")
# WordPress and other programs write a date that they do not have as a day of the year 0 or before.
_NO_YEAR = re.compile(r"\b0\d{3}\b")

# A file received in one zone may hold a time of today that is tomorrow there.
_A_DAY = timedelta(days=1)


def read(text: str, received: datetime | None = None) -> Dating:
    """The date; unknown where there is none, or where it is later than the file and so cannot be when it came out.

    `received` is in UTC and without a zone.
    """
    text = " ".join(text.split())[:100]
    found = _read(text)
    if not found or not found.earliest or not FIRST_YEAR <= found.earliest.year <= LAST_YEAR:
        return Dating()
    if received and found.earliest > received + _A_DAY:
        return Dating(evidence=(text,))
    return Dating(
        earliest=found.earliest, latest=found.latest, precision=found.precision, known=found.known, evidence=(text,)
    )


def first(texts: list[str], received: datetime | None = None) -> Dating:
    """The first of several stamps that is a date; else what is left of the first that is later than the file."""
    dated = [found for text in texts if (found := read(text, received)).evidence]
    return next((found for found in dated if found.known is not Known.UNKNOWN), dated[0] if dated else Dating())


def moment(text: str) -> datetime | None:
    """The stamp as a time in UTC and without a zone; one that says no zone is taken as it is."""
    given = _of_iso(text.strip())
    try:
        return (given - (given.utcoffset() or timedelta())).replace(tzinfo=None) if given else None
    except OverflowError:
        return None


def _read(text: str) -> Dating | None:
    if len(text) in (4, 7):
        return _partial(text)
    given = _of_iso(text) or _of_mail(text)
    if given is None:
        return None
    if not _CLOCK.search(text):
        return Dating.on(given.date())
    given = given.replace(second=0, microsecond=0, tzinfo=None)
    return Dating(earliest=given, latest=given, precision=Precision.MINUTE, known=Known.PRINTED)


def _partial(text: str) -> Dating | None:
    try:
        return Dating.parse(text)
    except Refused:
        return None


def _of_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _of_mail(text: str) -> datetime | None:
    """A date as in the head of a mail, which is how RSS writes it."""
    if _NO_YEAR.search(text.partition(":")[0]):
        return None
    try:
        parts = parsedate_tz(text if ":" in text else f"{text} 00:00")
        return datetime(*parts[:5]) if parts else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
