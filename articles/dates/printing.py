"""The date that a page prints, in the lines that carry it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from articles.dates.alone import alone
from articles.dates.intervals import agreed
from articles.dates.mentioning import Mention, mentions
from articles.dates.words import FIRST_YEAR, LAST_YEAR
from articles.records import Dating, Known, Precision

_TIME = re.compile(
    r"(?<![\d:+])(?<!:\d\d:\d\d-)(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::\d{2})?(?!\d)\s?(?P<half>[ap]\.?m\b)?",
    re.IGNORECASE,
)
REACH_OF_TIME = 15
REACH_OF_RIGHTS = 40
QUOTES = "'’"
_RIGHTS = re.compile(r"©|\(c\)\s|copyright|all rights|alle rechte|droits réservés|derechos reservados", re.IGNORECASE)
_FULL_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_SHORT_YEAR = re.compile(
    r"(?<![\d/.-])(?P<before>\d{1,2}(?P<mark>[/.-])\d{1,2}(?P=mark)|[^\W\d_]\s['’])(?P<year>\d\d)(?![\d/.:-])"
)

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
            return _said([dating for dating, _ in given], [line for _, line in given])
    if not readings:
        return Dating()
    first = min((dating.latest, dating.precision) for _, dating, _ in readings if dating.latest)
    revised = _said([dating for _, dating, _ in readings], [line for _, _, line in readings])
    return replace(revised, earliest=None, latest=first[0], precision=first[1])


def _said(readings: Sequence[Dating], lines: Sequence[str]) -> Dating:
    """What the readings give together: printed, unless all of them are in doubt."""
    doubted = all(dating.known is Known.INFERRED for dating in readings)
    known = Known.INFERRED if doubted else Known.PRINTED
    return replace(agreed(readings), known=known, evidence=tuple(dict.fromkeys(lines)))


def _readings(lines: Sequence[str]) -> Iterator[tuple[re.Pattern[str] | None, Dating, str]]:
    """Each date in the lines with its label, which may stand on the line above."""
    label: re.Pattern[str] | None = None
    spelled = _spelled_out(lines)
    for line, text, following in itertools.zip_longest(lines, spelled, spelled[1:], fillvalue=""):
        found = _dates_of_line(text)
        if not found and not mentions(following) and mentions(f"{text} {following}"):
            line = text = f"{text} {following}"
            found = _dates_of_line(text)
        done = 0
        for mention in found:
            label = _label(text[done : mention.start]) or (label if done == 0 else None)
            yield label, mention.dating, line
            done = mention.end
        label = None if found else _label(text)


def _spelled_out(lines: Sequence[str]) -> list[str]:
    """The lines with 13/06/17 as 13/06/2017 where one of them names that year in full."""
    full = {year for line in lines for year in _FULL_YEAR.findall(line) if FIRST_YEAR <= int(year) <= LAST_YEAR}
    short = {year[2:]: year for year in full if sum(other.endswith(year[2:]) for other in full) == 1}
    return [_SHORT_YEAR.sub(lambda match: _in_full(match, short), line) for line in lines]


def _in_full(match: re.Match[str], short: Mapping[str, str]) -> str:
    return f"{match['before'].rstrip(QUOTES)}{short.get(match['year'], match['year'])}"


def _label(text: str) -> re.Pattern[str] | None:
    """Whether the text announces a publication or a revision; of two, the last one counts."""
    found = {pattern: [match.start() for match in pattern.finditer(text)] for pattern in (_PUBLISHED, _UPDATED)}
    said = [(places[-1], pattern) for pattern, places in found.items() if places]
    return max(said, key=lambda place: place[0])[1] if said else None


def _dates_of_line(line: str) -> list[Mention]:
    found = [mention for mention in mentions(line) if not _has_rights(line, mention.start)]
    if not found and (whole := alone(line)):
        return [Mention(whole, 0, len(line))]
    return [_timed(line, found, place) for place in range(len(found))]


def _has_rights(line: str, place: int) -> bool:
    """Whether the date is that of the rights in a text: © 2003-2017."""
    return bool(_RIGHTS.search(line[max(0, place - REACH_OF_RIGHTS) : place]))


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
