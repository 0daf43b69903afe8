"""The date that a page prints, in the lines that carry it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from articles.dates.intervals import agreed
from articles.dates.mentioning import Mention, mentions
from articles.dates.words import FIRST_YEAR, LAST_YEAR, WESTERN_DIGITS
from articles.records import Dating, Known, Precision

_YEAR_ALONE = re.compile(r"(?P<year>\d{4})")
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::\d{2})?(?!\d)\s?(?P<half>[ap]\.?m\b)?", re.IGNORECASE
)
REACH_OF_TIME = 15


_PUBLISHED = re.compile(
    r"publish|posted|issued|first printed|date:|veröffentlicht|erstellt|publié|publicad|pubblicat|gepubliceerd"
    r"|опубликован|yayınlan|نشر|发布|发表|公開",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"updat|modifi|last edited|revised|aktualisiert|geändert|mis à jour|actualizad|atualizad|aggiornat|bijgewerkt"
    r"|обновлен|güncelle|تحديث|更新",
    re.IGNORECASE,
)


def printed(lines: Sequence[str]) -> Dating:
    """The date that a page prints, from its lines that may carry it; unknown if none does.

    A date of publication wins over a date without a label, and that over a date of revision: an article is no younger
    than its revision, so that one alone is a latest bound. Readings that agree narrow each other (a day within its
    month, a time within its day, one order of 03/04/2017); readings that do not give the interval that holds them all.
    """
    readings = list(_readings(lines))
    for label in (_PUBLISHED, None):
        given = [(dating, line) for found, dating, line in readings if found is label]
        if given:
            return replace(agreed([dating for dating, _ in given]), known=Known.PRINTED, evidence=_evidence(given))
    if not readings:
        return Dating()
    revised = agreed([dating for _, dating, _ in readings])
    evidence = _evidence([(dating, line) for _, dating, line in readings])
    return replace(revised, earliest=None, known=Known.PRINTED, evidence=evidence)


def _evidence(given: Sequence[tuple[Dating, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for _, line in given))


def _readings(lines: Sequence[str]) -> Iterator[tuple[re.Pattern[str] | None, Dating, str]]:
    """Each date in the lines with its label, which may stand on the line above."""
    label: re.Pattern[str] | None = None
    for line, following in itertools.zip_longest(lines, lines[1:], fillvalue=""):
        found = _dates_of_line(line)
        if not found and not mentions(following) and mentions(f"{line} {following}"):
            line = f"{line} {following}"
            found = _dates_of_line(line)
        done = 0
        for mention in found:
            label = _label(line[done : mention.start]) or (label if done == 0 else None)
            yield label, mention.dating, line
            done = mention.end
        label = None if found else _label(line)


def _label(text: str) -> re.Pattern[str] | None:
    """Whether the text announces a publication or a revision; of two, the last one counts."""
    found = {pattern: [match.start() for match in pattern.finditer(text)] for pattern in (_PUBLISHED, _UPDATED)}
    said = [(places[-1], pattern) for pattern, places in found.items() if places]
    return max(said, key=lambda place: place[0])[1] if said else None


def _dates_of_line(line: str) -> list[Mention]:
    found = mentions(line)
    if not found and (year := _YEAR_ALONE.fullmatch(line.translate(WESTERN_DIGITS).strip(" .,()"))):
        first = int(year["year"])
        if FIRST_YEAR <= first <= LAST_YEAR:
            whole = Dating.between(date(first, 1, 1), date(first, 12, 31), Precision.YEAR)
            return [Mention(whole, 0, len(line))]
    return [_timed(line, found, place) for place in range(len(found))]


def _timed(line: str, found: Sequence[Mention], place: int) -> Mention:
    """A day with the time behind it; or with the only time in a line that names only one day."""
    mention = found[place]
    behind = line[mention.end : found[place + 1].start if place + 1 < len(found) else len(line)]
    times = list(_TIME.finditer(line)) if len(found) == 1 else list(_TIME.finditer(behind[:REACH_OF_TIME]))
    return replace(mention, dating=_at(mention.dating, times[0])) if mention.exact and len(times) == 1 else mention


def _at(dating: Dating, clock: re.Match[str]) -> Dating:
    """The day narrowed to the minute, if the clock shows a time of day. The zone is left out: it is local time."""
    hour, minute = int(clock["hour"]), int(clock["minute"])
    half = (clock["half"] or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if dating.earliest is None or hour > 23 or minute > 59:
        return dating
    moment = datetime.combine(dating.earliest.date(), time(hour, minute))
    return replace(dating, earliest=moment, latest=moment, precision=Precision.MINUTE)
