"""The earliest day that an article can be of, judged by what it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from articles.dates.mentioning import Mention, mentions
from articles.dates.words import WEEKDAY_NUMBER, any_of
from articles.records import Dating, Known, Precision

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
    r"\b(?:on|said|late|early|am|le|el|este|nel|يوم)\s(?P<weekday>" + any_of(list(WEEKDAY_NUMBER)) + r")\b",
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
# A sentence that names more dates is a list or a table. What says that a date is a deadline stands right before it.
MOST_MENTIONS = 200
BEFORE_LENGTH = 200


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
        for mention in mentions(sentence)[:MOST_MENTIONS]
        if mention.exact and not _BEFORE_A_DEADLINE.search(sentence, *_before(mention))
    ]


def _before(mention: Mention) -> tuple[int, int]:
    return max(0, mention.start - BEFORE_LENGTH), mention.start


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
            wait = timedelta(days=(WEEKDAY_NUMBER[match["weekday"].lower()] - day.weekday()) % 7)
            if wait <= WEEKDAY_REACH:
                yield day + wait, sentence
