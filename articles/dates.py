"""What a text says about its own date: an interval, how exact it is, and the words that say so.

`printed` reads the lines of a page that carry its date; `inferred` reads the article itself. Neither knows what day it
is today, so neither can answer with it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from articles.records import Dating, Known, Precision, last_of_month

# Newspapers begin in the 17th century; a number outside of these years is not a year.
FIRST_YEAR, LAST_YEAR = 1500, 2199

_MONTHS = """
    january february march april may june july august september october november december
    jan feb mar apr may jun jul aug sep oct nov dec
    jan feb mar apr may jun jul aug sept oct nov dec
    januar februar märz april mai juni juli august september oktober november dezember
    jän feb mrz apr mai jun jul aug sep okt nov dez
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    janv févr mars avr mai juin juil août sept oct nov déc
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    ene feb mar abr may jun jul ago set oct nov dic
    janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    januari februari maart april mei juni juli augustus september oktober november december
    ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
    جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
    كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول
"""
_MONTH_NUMBER = {
    name.replace("_", " "): number
    for line in _MONTHS.strip().splitlines()
    for number, name in enumerate(line.split(), start=1)
}

_WEEKDAYS = """
    monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
"""
_WEEKDAY_NUMBER = {name: number for line in _WEEKDAYS.strip().splitlines() for number, name in enumerate(line.split())}


def _any_of(names: Sequence[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


# Any word may be read as a month and is then looked up; that is faster than to search for some hundred names.
_TWO_WORDS = _any_of([name for name in _MONTH_NUMBER if " " in name])
_MONTH = rf"(?P<month>{_TWO_WORDS}|[^\W\d_]{{3,10}})\.?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?P<day>\d{1,2})"
_NOT_IN_WORD = r"(?<![^\W\d_])"
_NOT_IN_NUMBER = r"(?<![\d/.-])"
_CLOCK = r"(?:\s{1,2}\d{1,2}:\d{2}(?::\d{2})?)?"

# Every repetition is bounded, so that no line is slow to read. The first pattern that reads a place in a line wins.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 2017-06-13, 2017/6/13, 2017年6月13日
        _NOT_IN_NUMBER + r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month_number>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s?年\s?(?P<month_number>\d{1,2})\s?月(?:\s?(?P<day>\d{1,2})\s?日)?",
        # June 13, 2017; June 13th 2017; Nov 20 15:23 2019
        _NOT_IN_WORD + _MONTH + r"\s{1,3}" + _DAY + r"(?:st|nd|rd|th)?" + _CLOCK + r",?\s{0,3}" + _YEAR,
        # 13 June 2017; 13. Juni 2017; 1er juin 2017; 13 de junio de 2017
        _NOT_IN_NUMBER
        + _DAY
        + r"(?:st|nd|rd|th|er|º|\.)?,?\s{0,3}(?:(?:de|of|di)\s{1,2})?"
        + _MONTH
        + r",?\s{0,3}(?:(?:de|del|of)\s{1,2})?"
        + _YEAR,
        # 13/06/2017, 13.06.2017: which number is the month is found out below
        _NOT_IN_NUMBER + r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<other>\d{1,2})(?P=mark)" + _YEAR,
        # June 2017
        _NOT_IN_WORD + _MONTH + r",?\s{1,3}(?:de\s{1,2})?" + _YEAR,
    )
)
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_YEAR_ALONE = re.compile(r"(?P<year>\d{4})")
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::\d{2})?(?!\d)\s?(?P<half>[ap]\.?m\b)?", re.IGNORECASE
)
REACH_OF_TIME = 15
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

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


@dataclass(frozen=True, slots=True)
class Mention:
    """A date that a text names, with its place in the text. `exact` is its one day, if it names one without doubt."""

    dating: Dating
    start: int
    end: int

    @property
    def exact(self) -> date | None:
        moment = self.dating.earliest
        return moment.date() if moment and self.dating.precision in (Precision.DAY, Precision.MINUTE) else None


def mentions(text: str) -> list[Mention]:
    """The dates with a year that a text names, in its order."""
    western = text if text.isascii() else text.translate(_DIGITS)
    found: list[Mention] = []
    if not _FOUR_DIGITS.search(western):
        return found
    for pattern in _PATTERNS:
        for match in pattern.finditer(western):
            dating = _dating(match.groupdict())
            if dating and all(match.end() <= other.start or match.start() >= other.end for other in found):
                found.append(Mention(dating, match.start(), match.end()))
    return sorted(found, key=lambda mention: mention.start)


def _dating(parts: dict[str, str | None]) -> Dating | None:
    year = int(parts["year"] or 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if parts.get("one"):
        return _of_two_orders(year, int(parts["one"] or 0), int(parts["other"] or 0), parts["mark"] or "")
    month = int(parts.get("month_number") or 0) or _MONTH_NUMBER.get((parts.get("month") or "").lower(), 0)
    if parts.get("day"):
        day = _day(year, month, int(parts["day"] or 0))
        return Dating.on(day) if day else None
    first = _day(year, month, 1)
    return Dating.between(first, last_of_month(first), Precision.MONTH) if first else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_two_orders(year: int, one: int, other: int, mark: str) -> Dating | None:
    """03/04/2017 is 3 April or 4 March. With points it is always the day that comes first; else, where both orders
    are dates, the interval runs from one reading to the other."""
    readings = {_day(year, other, one)} | ({_day(year, one, other)} if mark != "." else set())
    days = sorted(day for day in readings if day)
    return _spanning([Dating.on(day) for day in days]) if days else None


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
            return replace(_agreed([dating for dating, _ in given]), known=Known.PRINTED, evidence=_evidence(given))
    if not readings:
        return Dating()
    revised = _agreed([dating for _, dating, _ in readings])
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
    if not found and (year := _YEAR_ALONE.fullmatch(line.translate(_DIGITS).strip(" .,()"))):
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


_WIDTH = (Precision.MINUTE, Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN)


def _agreed(readings: Sequence[Dating]) -> Dating:
    earliest = max(reading.earliest for reading in readings if reading.earliest)
    latest = min(reading.latest for reading in readings if reading.latest)
    if earliest > latest:
        return _spanning(readings)
    narrowest = min((reading.precision for reading in readings), key=_WIDTH.index)
    return Dating(earliest=earliest, latest=latest, precision=narrowest)


def _spanning(readings: Sequence[Dating]) -> Dating:
    """The interval that holds all readings, no more precise than the calendar unit that holds them."""
    earliest = min(reading.earliest for reading in readings if reading.earliest)
    latest = max(reading.latest for reading in readings if reading.latest)
    return Dating(earliest=earliest, latest=latest, precision=_unit(earliest, latest))


def _unit(earliest: datetime, latest: datetime) -> Precision:
    if earliest == latest:
        return Precision.MINUTE
    if earliest.date() == latest.date():
        return Precision.DAY
    if earliest.year != latest.year:
        return Precision.UNKNOWN
    return Precision.MONTH if earliest.month == latest.month else Precision.YEAR


def narrowed(printed_date: Dating, told: Dating) -> Dating:
    """The printed date; where none is, what the text tells; where only a revision is printed, from that to this."""
    if not printed_date.evidence:
        return told
    bound, end = told.earliest, printed_date.latest
    if printed_date.earliest or not bound or not end or bound > end:
        return printed_date
    return replace(
        _spanning([replace(told, latest=end)]), known=Known.PRINTED, evidence=printed_date.evidence + told.evidence
    )


# What is still to come when it is written about. "By", "until" and "before" count only right before the date.
_TO_COME = re.compile(
    r"\b(will|shall|won't|going to|is to|are to|due|scheduled|expected|planned|plans to|upcoming|deadline|expires?"
    r"|wird|werden|soll|sollen|geplant|sera|seront|aura|auront|prévue?s?|será|serán|tendrá|previsto|prevista|vai|vão"
    r"|sarà|saranno|سوف|المقبل|القادم)\b|['’]ll\b|next year|将",
    re.IGNORECASE,
)
_BEFORE_A_DEADLINE = re.compile(
    r"\b(by|until|till|before|from|bis|ab|vor|jusqu'au|avant|d'ici|hasta|antes del?|até|entro|قبل|حتى)"
    r"\s(the\s|zum\s|le\s|el\s)?$",
    re.IGNORECASE,
)
_ON_WEEKDAY = re.compile(
    r"\b(?:on|said|late|early|am|le|el|este|nel|يوم)\s(?P<weekday>" + _any_of(list(_WEEKDAY_NUMBER)) + r")\b",
    re.IGNORECASE,
)
_RECENTLY = re.compile(
    r"\b(yesterday|today|tonight|last (?:night|week|month)|this (?:week|month|morning|afternoon|evening)|gestern|heute"
    r"|diese woche|hier|aujourd['’]hui|cette semaine|ayer|hoy|esta semana|ontem|hoje|ieri|oggi|أمس|اليوم|هذا الأسبوع)\b"
    r"|昨天|昨日|今天|今日|本周",
    re.IGNORECASE,
)
_YEAR_IN_TEXT = re.compile(r"(?<![\d$€£.,/-])(?:1[5-9]|20|21)\d\d(?![\d%.,/-]\d|\d)")
# A point behind one or two digits may be that of an ordinal: 12. Januar.
_SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\b\d\.)(?<!\b\d\d\.)['\"”’)]*\s+|(?<=[。！？])")

WEEKDAY_REACH = timedelta(days=3)


def inferred(paragraphs: Sequence[str], captions: Sequence[str] = ()) -> Dating:
    """The earliest day on which an article can have appeared, judged by what it tells; unknown where it does not say.

    A text cannot be older than the latest day of the past that it names, so that day is the lower bound, with no upper
    one. A day that is still to come ("will meet on 5 June 2030") says nothing and is left out. So does a day out of
    history: a date in the text counts only if the text also speaks of the last days ("on Tuesday", "yesterday") and
    names no later year. The date of a picture counts by itself, since pictures are taken for the news.

    A weekday names a day close to the news. If the one nearest to the bound comes after it, the bound moves there: a
    picture of Monday 29 May and a statement "on Tuesday" make it Tuesday 30 May. One further off would be a guess.
    """
    told = _sentences(paragraphs)
    named = [*_past_days(_sentences(captions)), *_recent_days(told)]
    if not named:
        return Dating()
    day = max(day for day, _ in named)
    evidence = [sentence for found, sentence in named if found == day][:1]
    later = [(moved, sentence) for moved, sentence in _weekdays_after(day, told) if moved > day]
    if later:
        day = max(moved for moved, _ in later)
        evidence += [sentence for moved, sentence in later if moved == day][:1]
    return Dating.between(day, None, Precision.DAY, Known.INFERRED, tuple(dict.fromkeys(evidence)))


def _sentences(paragraphs: Sequence[str]) -> list[str]:
    return [sentence.strip() for text in paragraphs for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def _past_days(sentences: Sequence[str]) -> list[tuple[date, str]]:
    """Each day of the past that the sentences name, with its sentence."""
    return [
        (mention.exact, sentence)
        for sentence in sentences
        if not _TO_COME.search(sentence)
        for mention in mentions(sentence)
        if mention.exact and not _BEFORE_A_DEADLINE.search(sentence[: mention.start])
    ]


def _recent_days(sentences: Sequence[str]) -> list[tuple[date, str]]:
    """The days of the past in a text about the last days, without those that a later year shows to be history."""
    if not any(_ON_WEEKDAY.search(sentence) or _RECENTLY.search(sentence) for sentence in sentences):
        return []
    told = [sentence for sentence in sentences if not _TO_COME.search(sentence)]
    latest_year = max((int(year) for sentence in told for year in _YEAR_IN_TEXT.findall(sentence)), default=0)
    return [(day, sentence) for day, sentence in _past_days(sentences) if day.year >= latest_year]


def _weekdays_after(day: date, sentences: Sequence[str]) -> Iterator[tuple[date, str]]:
    """The days shortly after `day` that the sentences call by their weekday, as past."""
    for sentence in sentences:
        if _TO_COME.search(sentence):
            continue
        for match in _ON_WEEKDAY.finditer(sentence):
            wait = timedelta(days=(_WEEKDAY_NUMBER[match["weekday"].lower()] - day.weekday()) % 7)
            if wait <= WEEKDAY_REACH:
                yield day + wait, sentence
