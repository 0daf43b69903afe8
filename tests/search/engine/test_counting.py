"""What is found, counted by gaps of time and summed up."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest

from articles.search.engine.backend.counting import by_gaps, moment, summed_up
from articles.search.engine.schema import MISSING, minutes

FOUND = ["1911-04-02T10:15", "1911-05-20", "1923-01-15T12:30", "1923-05-30", "0987-01-01"]
COLUMN = np.array([*(minutes(dt.datetime.fromisoformat(when)) for when in FOUND), MISSING])


def counted(start: str, end: str, gap: str, amount: int = 1) -> dict[str, int]:
    gaps = by_gaps(COLUMN, dt.date.fromisoformat(start), dt.datetime.fromisoformat(end), gap, amount)
    return {when.isoformat(): count for when, count in gaps}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("1911-01-01", "1924-01-01", "year"), {"1911-01-01T00:00:00": 2, "1923-01-01T00:00:00": 2}),
        (("1911-01-01", "1924-01-01", "year", 10), {"1911-01-01T00:00:00": 2, "1921-01-01T00:00:00": 2}),
        (("1910-05-20", "1924-01-01", "year"), {"1910-05-20T00:00:00": 1, "1911-05-20T00:00:00": 1,
                                               "1922-05-20T00:00:00": 1, "1923-05-20T00:00:00": 1}),
        (("1911-04-02", "1912-01-01", "month"), {"1911-04-02T00:00:00": 1, "1911-05-02T00:00:00": 1}),
        (("1911-04-02", "1911-05-20", "day"), {"1911-04-02T00:00:00": 1}),
        (("1911-04-02", "1911-05-21", "day", 7), {"1911-04-02T00:00:00": 1, "1911-05-14T00:00:00": 1}),
        (("1911-04-02", "1911-04-03", "hour"), {"1911-04-02T10:00:00": 1}),
        (("1911-04-02", "1911-04-03", "minute", 15), {"1911-04-02T10:15:00": 1}),
        (("0001-01-01", "1000-01-01", "year", 100), {"0901-01-01T00:00:00": 1}),
        (("1924-01-01", "1911-01-01", "day"), {}),
    ],
)  # fmt: skip
def test_what_is_found_is_counted_by_gaps_from_the_start_on(asked, expected):
    assert counted(*asked) == expected


def test_all_days_together_are_the_whole_range():
    chance = random.Random(5)
    first, last = dt.datetime(1899, 12, 31, 7, 11), dt.datetime(1901, 3, 1)
    column = np.array(
        [chance.randrange(minutes(dt.date(1899, 1, 1)), minutes(dt.date(1902, 1, 1))) for _ in range(500)]
    )
    inside = [when for when in map(moment, column) if first <= when < last]
    for gap in ("year", "month", "day", "hour", "minute"):
        gaps = by_gaps(column, first, last, gap)
        assert sum(count for _, count in gaps) == len(inside)
        assert all(count == sum(when <= one < later for one in inside) for when, later, count in _with_ends(gaps, last))


def _with_ends(gaps: list, last: dt.datetime) -> list:
    """Each gap with the beginning of the next that is not empty: between them lies what is counted."""
    ends = [*(when for when, _ in gaps[1:]), last]
    return [(when, end, count) for (when, count), end in zip(gaps, ends, strict=True)]


def test_numbers_are_summed_up_without_what_is_missing():
    told = summed_up(np.array([3, MISSING, 1, 5]), MISSING)
    assert told == {
        "count": 3, "missing": 1, "min": 1, "max": 5, "sum": 9, "sumOfSquares": 35, "mean": 3,
        "stddev": pytest.approx(2),
    }  # fmt: skip
    assert summed_up(np.array([MISSING]), MISSING)["sum"] is None
    assert summed_up(np.array([2.5, float("-inf")]), float("-inf"))["mean"] == 2.5
