"""When the article of a web page was published, with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from articles import dates
from articles.importers import credits
from articles.importers.pagemeta import Said
from articles.importers.webpage_lines import Line
from articles.records import Dating, Guidance, Known, Precision, last_of_month

SHORT_FACT_WORDS = 4
# Civil time may be ahead of the clock of the archive by this much.
WIDEST_ZONE = timedelta(hours=14)
FIRST_YEAR_OF_WEB = 1990

_UNIVERSAL = re.compile(r"\d(?:Z|[+-]00:?00| ?(?:GMT|UTC))$|[+-]00:?00\b", re.IGNORECASE)
_IN_PATH = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>[01]\d|[1-9](?=[/-]))(?:[/-]?(?P<day>[0-3]\d|[1-9](?=/)))?(?!\d)"
)


def dating(
    said: Said, lines: Sequence[Line], near: Sequence[int], told: Sequence[str], address: str, guidance: Guidance
) -> tuple[Dating, frozenset[int]]:
    """The date, and the numbers of the lines that print it.

    What the page states for programs comes first, then what it prints near the headline, its address, and last what
    the article itself tells. `near` are the lines that may print it, `told` the paragraphs.
    """
    latest = _latest(guidance)
    said_lines = [index for index in near if _may_say_date(lines[index])]
    printed = _not_later(dates.printed([lines[index].text for index in said_lines]), latest)
    places = frozenset(i for i in said_lines if any(lines[i].text in words for words in printed.evidence))
    stated = _stated(said, lines, near, latest)
    in_address = _in_address(address, latest)
    if stated.evidence:
        return _local(stated, printed if printed.earliest else in_address), places
    if printed.evidence and printed.earliest:
        return printed, places
    fallback = in_address if in_address.evidence else _not_later(dates.inferred(told), latest)
    revised = printed if printed.evidence else _revised(said, latest)
    return dates.narrowed(revised, fallback), places


def _latest(guidance: Guidance) -> datetime | None:
    """The civil time after which nothing on the page can have been published."""
    known = [_civil(moment) for moment in (guidance.captured, guidance.received) if moment]
    return min(known) + WIDEST_ZONE if known else None


def _civil(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _not_later(dating: Dating, latest: datetime | None) -> Dating:
    bound = dating.earliest or dating.latest
    return Dating() if latest and bound and bound > latest else dating


def _may_say_date(line: Line) -> bool:
    return credits.is_date_line(line.text) or credits.is_byline(line.text) or line.words <= SHORT_FACT_WORDS


def _stated(said: Said, lines: Sequence[Line], near: Sequence[int], latest: datetime | None) -> Dating:
    """The first date of publication that programs are told; the same in civil time before one in universal time."""
    found = [reading for value, by in _values(said, lines, near) if (reading := _reading(value, by, latest))]
    if not found:
        return Dating()
    first = found[0]
    return next((other for other in found[1:] if _is_local_of(other, first)), first)


def _values(said: Said, lines: Sequence[Line], near: Sequence[int]) -> Iterator[tuple[str, str]]:
    yield from ((value.text, value.by) for value in said.of("published"))
    yield from ((text, "time datetime") for index in near for text in lines[index].times[:1])


def _reading(value: str, by: str, latest: datetime | None) -> Dating | None:
    read = _not_later(dates.stated(value, f"{by}: {value}"), latest)
    return read if read.evidence and read.earliest and read.earliest.year >= FIRST_YEAR_OF_WEB else None


def _is_local_of(other: Dating, first: Dating) -> bool:
    """Whether one is the civil time of the moment that the other gives in universal time."""
    if not (_is_universal(first) and other.earliest and first.earliest) or _is_universal(other):
        return False
    apart = abs(other.earliest - first.earliest)
    return other.precision is Precision.MINUTE and timedelta(0) < apart <= WIDEST_ZONE


def _is_universal(dating: Dating) -> bool:
    return dating.precision is Precision.MINUTE and any(_UNIVERSAL.search(words) for words in dating.evidence)


def _local(stated: Dating, printed: Dating) -> Dating:
    """The date as readers saw it: a printed time, or a day where programs are told universal time, before what differs
    from it by no more than zones do."""
    if not (printed.earliest and printed.latest and stated.earliest):
        return stated
    clock = printed.precision is Precision.MINUTE
    if not clock and not (_is_universal(stated) and printed.precision is Precision.DAY):
        return stated
    same_day = printed.earliest.date() == stated.earliest.date()
    if same_day or not printed.earliest - WIDEST_ZONE <= stated.earliest <= printed.latest + WIDEST_ZONE:
        return stated
    return replace(printed, known=Known.PRINTED, evidence=(*printed.evidence, *stated.evidence))


def _in_address(address: str, latest: datetime | None) -> Dating:
    """The day or the month in the path of the address, as many papers write it."""
    match = _IN_PATH.search(urlsplit(address).path[:500]) if address else None
    if not match:
        return Dating()
    try:
        first = date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
    except ValueError:
        return Dating()
    last, precision = (first, Precision.DAY) if match["day"] else (last_of_month(first), Precision.MONTH)
    return _not_later(Dating.between(first, last, precision, Known.INFERRED, (address,)), latest)


def _revised(said: Said, latest: datetime | None) -> Dating:
    """Where only a revision is stated, the article is no younger than that."""
    readings = (_reading(value.text, value.by, latest) for value in said.of("modified"))
    found = next(filter(None, readings), None)
    return replace(found, earliest=None, precision=Precision.UNKNOWN) if found else Dating()
