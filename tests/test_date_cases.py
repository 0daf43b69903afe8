"""A table of dates as papers, pages and programs write them, and what each is taken to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from articles import dates
from articles.records import Dating

TABLE = Path(__file__).parent / "samples" / "dates" / "cases.tsv"


def cases() -> Iterator[list[str]]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


CASES = list(cases())
each_case = pytest.mark.parametrize(("how", "text", "interval", "precision", "known"), CASES)


def read(how: str, text: str) -> Dating:
    if how == "stated":
        return dates.stated(text)
    if how == "printed":
        return dates.printed(text.split(" / "))
    told, _, captions = text.partition(" // ")
    return dates.inferred(told.split(" / "), captions.split(" / ") if captions else [])


def bounds(interval: str) -> tuple[datetime | None, datetime | None]:
    """1923-05, 1923-05-03/1923-05-09, ../2017-06-13, 2019-03-14/.."""
    if interval == "unknown":
        return None, None
    first, _, last = interval.partition("/")
    earliest = Dating.parse(first).earliest if first != ".." else None
    return earliest, Dating.parse(last or first).latest if last != ".." else None


@each_case
def test_a_date_says_what_it_says_and_no_more(how, text, interval, precision, known):
    dating = read(how, text)
    assert (dating.earliest, dating.latest) == bounds(interval)
    assert (dating.precision, dating.known) == (precision, known)


@each_case
def test_the_evidence_is_what_the_text_says(how, text, interval, precision, known):
    dating = read(how, text)
    assert bool(dating.evidence) or interval == "unknown"
    assert all(part in text.replace(" / ", " ") for part in dating.evidence)


def test_the_table_has_what_was_promised():
    assert len(CASES) >= 120
    assert {how for how, *_ in CASES} == {"printed", "inferred", "stated"}
    assert {known for *_, known in CASES} == {"printed", "inferred", "unknown"}
    assert sum("/" not in interval and interval[:4] < "1900" for _, _, interval, *_ in CASES) >= 20
