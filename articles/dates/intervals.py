"""Intervals that several readings of a date give together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from articles.records import Dating, Known, Precision, unit_holding

_WIDTH = (Precision.MINUTE, Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN)


def agreed(readings: Sequence[Dating]) -> Dating:
    earliest = max(reading.earliest for reading in readings if reading.earliest)
    latest = min(reading.latest for reading in readings if reading.latest)
    if earliest > latest:
        return spanning(readings)
    narrowest = min((reading.precision for reading in readings), key=_WIDTH.index)
    return Dating(earliest=earliest, latest=latest, precision=narrowest)


def spanning(readings: Sequence[Dating]) -> Dating:
    """The interval that holds all readings, no more precise than the calendar unit that holds them."""
    earliest = min(reading.earliest for reading in readings if reading.earliest)
    latest = max(reading.latest for reading in readings if reading.latest)
    return Dating(earliest=earliest, latest=latest, precision=unit_holding(earliest, latest))


def narrowed(printed_date: Dating, told: Dating) -> Dating:
    """The printed date; where none is, what the text tells; where only a revision is printed, from that to this."""
    if not printed_date.evidence:
        return told
    bound, end = told.earliest, printed_date.latest
    if printed_date.earliest or not bound or not end or bound > end:
        return printed_date
    return replace(
        spanning([replace(told, latest=end)]), known=Known.PRINTED, evidence=printed_date.evidence + told.evidence
    )


# What is still to come when it is written about. "By", "until" and "before" count only right before the date.
