"""Numbers of what is found, counted by gaps of time and summed up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from ..schema import minutes

FIRST_MINUTE = np.datetime64(dt.datetime.min, "m")
MONTHS = {"year": 12, "month": 1}
SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


def moment(minute: int) -> dt.datetime:
    return dt.datetime.min + dt.timedelta(minutes=int(minute))


def by_gaps(
    found: np.ndarray, start: dt.date, end: dt.date, gap: str, amount: int = 1
) -> list[tuple[dt.datetime, int]]:
    """How many of some minutes lie in each gap from `start` on, up to `end` and without it; empty gaps are left out."""
    first, last = minutes(start), minutes(end)
    inside = found[(found >= first) & (found < last)]
    begins = _months(first, last, MONTHS[gap] * amount) if gap in MONTHS else None
    if begins is None:
        step = SECONDS[gap] * amount
        numbers, counts = np.unique((inside - first) * 60 // step, return_counts=True)
        starts = [moment(first) + dt.timedelta(seconds=int(number) * step) for number in numbers]
    else:
        numbers, counts = np.unique(begins.searchsorted(inside, "right") - 1, return_counts=True)
        starts = [moment(begins[number]) for number in numbers]
    return list(zip(starts, counts.tolist(), strict=True))


def _months(first: int, last: int, step: int) -> np.ndarray:
    """The minute of `first` in every so many months up to `last`; in a month that is too short, its last minute."""
    begin, end = ((FIRST_MINUTE + np.timedelta64(minute, "m")).astype("datetime64[M]") for minute in (first, last))
    months = np.arange(begin, end + 1, step)
    into = FIRST_MINUTE + np.timedelta64(first, "m") - begin.astype("datetime64[m]")
    ends = (months + 1).astype("datetime64[m]") - np.timedelta64(1, "m")
    return (np.minimum(months.astype("datetime64[m]") + into, ends) - FIRST_MINUTE).astype(np.int64)


def summed_up(values: np.ndarray, missing: float) -> dict[str, Any]:
    """What a column holds for what is found, by the names that Solr gives to it."""
    present = values[values != missing].astype(np.float64)
    told: dict[str, Any] = {"count": len(present), "missing": len(values) - len(present)}
    if not len(present):
        return told | dict.fromkeys(("min", "max", "sum", "sumOfSquares", "mean", "stddev"))
    told |= {"min": present.min(), "max": present.max(), "sum": present.sum(), "sumOfSquares": (present**2).sum()}
    deviation = present.std(ddof=1) if len(present) > 1 else 0.0
    return {name: float(value) for name, value in (told | {"mean": present.mean(), "stddev": deviation}).items()}
