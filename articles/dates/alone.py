"""A line that is nothing but a date without a month: a year, a season, a quarter, some years."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from articles.dates.numerals import ROMAN_YEAR, number
from articles.dates.words import EVENED, FIRST_YEAR, LAST_YEAR
from articles.records import Dating, Known, Precision, last_of_month

LONGEST = 60
_YEAR = rf"(?P<year>\d{{4}}|{ROMAN_YEAR})"
_SEASON = (
    r"(?:spring|summer|autumn|fall|winter|frühling|frühjahr|sommer|herbst|printemps|été|automne|hiver|primavera|verano"
    r"|verão|otoño|outono|invierno|inverno|estate|autunno|весна|лето|осень|зима|ربيع|صيف|خريف|شتاء)"
)
_CIRCA = r"(?P<doubt>c\.|ca\.?|circa|about|around|um|vers|hacia|около)\s?"
_ANNO = r"(?:in the year|anno(?: domini)?|a\.\s?d\.|im jahre?|l'an|année|año|год)\s"

_Parts = dict[str, str | None]


def alone(line: str) -> Dating | None:
    """The date that is all that a line says; None if it says anything else."""
    text = line[: LONGEST * 2].translate(EVENED).strip(" .,()")
    if len(text) > LONGEST:
        return None
    matches = ((pattern.fullmatch(text), read) for pattern, read in _PATTERNS)
    return next((_read(match, read) for match, read in matches if match), None)


def _read(match: re.Match[str], read: Callable[[_Parts], Dating | None]) -> Dating | None:
    parts = match.groupdict()
    dating = read(parts)
    doubted = parts.get("doubt") or parts.get("unsure")
    return replace(dating, known=Known.INFERRED) if dating and doubted else dating


def _of_year(parts: _Parts) -> Dating | None:
    return _years(number(parts["year"] or ""), 1)


def _of_decade(parts: _Parts) -> Dating | None:
    return _years(number(parts["year"] or ""), 10)


def _of_years(parts: _Parts) -> Dating | None:
    """1914-1918, 1923/24, Winter 1923-24."""
    first, until = number(parts["year"] or ""), parts["until"] or ""
    last = int(f"{first}"[: 4 - len(until)] + until)
    return _years(first, last - first + 1) if first < last else None


def _of_quarter(parts: _Parts) -> Dating | None:
    year = number(parts["year"] or "")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    month = 3 * int(parts["quarter"] or "1") - 2
    return Dating.between(date(year, month, 1), last_of_month(date(year, month + 2, 1)), Precision.YEAR)


def _years(first: int, count: int) -> Dating | None:
    if not FIRST_YEAR <= first <= first + count - 1 <= LAST_YEAR:
        return None
    precision = Precision.YEAR if count == 1 else Precision.UNKNOWN
    return Dating.between(date(first, 1, 1), date(first + count - 1, 12, 31), precision)


# The winter of a year is at both its ends, and south of the equator in the middle: a season says no more than a year.
_SHAPES: tuple[tuple[str, Callable[[_Parts], Dating | None]], ...] = (
    (rf"(?:{_ANNO})?\[?(?:{_CIRCA})?{_YEAR}\s?(?P<unsure>\?)?\]?(?:年|\s?г\.?| год)?", _of_year),
    (rf"(?:the\s)?(?:{_CIRCA})?(?P<year>\d{{3}}0)(?:s|'s|’s|er|er jahre)", _of_decade),
    (rf"(?:{_SEASON}\s)?{_YEAR}\s?[-–—/]\s?(?P<until>\d{{1,2}}|\d{{4}})", _of_years),
    (rf"{_SEASON},?\s(?:of\s|de\s)?{_YEAR}", _of_year),
    (rf"Q(?P<quarter>[1-4]),?\s{_YEAR}", _of_quarter),
    (rf"(?P<quarter>[1-4])(?:st|nd|rd|th|\.)?\s(?:quarter|quartal|trimestre)(?:,|\sof|\sde)?\s{_YEAR}", _of_quarter),
    (rf"{_YEAR}[\s-]?Q(?P<quarter>[1-4])", _of_quarter),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in _SHAPES)
