"""What can be asked, put into words. What was typed is kept apart, so that words of any script stand in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import reduce, singledispatch
from typing import cast

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from ...locales import language_name, listed
from ...records import Dating, Precision
from ..grammar import (
    All,
    AtLeast,
    Dated,
    Either,
    Expression,
    Fuzzy,
    Has,
    Named,
    Near,
    Not,
    Pattern,
    Phrase,
    Sought,
    Word,
)

FIELDS = {
    "title": gettext_lazy("%(words)s in the title"),
    "body": gettext_lazy("%(words)s in the text"),
    "caption": gettext_lazy("%(words)s in a caption"),
}
# Filed under exactly this name; and under one with these words in it.
FILED = {
    "source": gettext_lazy("in source %(name)s"),
    "section": gettext_lazy("in section “%(name)s”"),
    "tag": gettext_lazy("filed under tag “%(name)s”"),
    "author": gettext_lazy("by %(name)s"),
    "place": gettext_lazy("datelined %(name)s"),
}
NAMED = {
    **FILED,
    "source": gettext_lazy("in a source with “%(name)s” in its name"),
    "section": gettext_lazy("in a section with “%(name)s” in its name"),
    "tag": gettext_lazy("filed under a tag with “%(name)s” in its name"),
}
HAS = {
    "correction": gettext_lazy("with a correction"),
    "image": gettext_lazy("with an image"),
    "date": gettext_lazy("with a date"),
}
HAS_NOT = {
    "correction": gettext_lazy("without a correction"),
    "image": gettext_lazy("without an image"),
    "date": gettext_lazy("without a date"),
}
KNOWN = {
    "printed": gettext_lazy("with a printed date"),
    "inferred": gettext_lazy("with an inferred date"),
    "unknown": gettext_lazy("without a known date"),
}


def apart(text: str) -> str:
    """Between marks that keep its direction from turning the sentence around it."""
    return f"\u2068{text}\u2069"


@singledispatch
def words(part: Expression, bare: bool = False) -> str:
    """`part` in words; if `bare`, without the field, which is said for several parts together."""
    raise NotImplementedError(part)


@words.register
def _word(part: Word, bare: bool = False) -> str:
    return _somewhere(part, _exactly(part, apart(part.text)), bare)


@words.register
def _phrase(part: Phrase, bare: bool = False) -> str:
    return _somewhere(part, _exactly(part, f'"{apart(part.text)}"'), bare)


def _exactly(part: Word | Phrase, said: str) -> str:
    return _("exactly %(words)s") % {"words": said} if part.exact else said


@words.register
def _pattern(part: Pattern, bare: bool = False) -> str:
    letters = part.text.strip("*")
    kinds = {
        f"{letters}*": _("words beginning with %(letters)s"),
        f"*{letters}": _("words ending in %(letters)s"),
        f"*{letters}*": _("words with %(letters)s in them"),
    }
    if part.text in kinds and not set("*?") & set(letters):
        return _somewhere(part, kinds[part.text] % {"letters": apart(letters)}, bare)
    return _somewhere(part, _("words like %(pattern)s") % {"pattern": apart(part.text)}, bare)


@words.register
def _fuzzy(part: Fuzzy, bare: bool = False) -> str:
    said = _("words spelled nearly like %(word)s") % {"word": apart(part.text)}
    if part.errors:
        said = ngettext(
            "words spelled nearly like %(word)s (%(count)s letter off)",
            "words spelled nearly like %(word)s (%(count)s letters off)",
            part.errors,
        ) % {"word": apart(part.text), "count": part.errors}
    return _somewhere(part, said, bare)


@words.register
def _near(part: Near, bare: bool = False) -> str:
    join = ngettext(
        "%(first)s within %(count)s word of %(last)s", "%(first)s within %(count)s words of %(last)s", part.distance
    )
    said = reduce(
        lambda first, last: join % {"first": first, "count": part.distance, "last": last},
        (words(inner, True) for inner in part.parts),
    )
    return _somewhere(part.parts[0], said, bare)


@words.register
def _at_least(part: AtLeast, bare: bool = False) -> str:
    said = ngettext("%(words)s at least once", "%(words)s at least %(count)s times", part.times)
    return _somewhere(part.part, said % {"words": words(part.part, True), "count": part.times}, bare)


@words.register
def _named(part: Named, bare: bool = False) -> str:
    if part.facet == "language":
        return in_language(part.name)
    return filed(part.facet, part.name) if part.exact else str(NAMED[part.facet]) % {"name": apart(part.name)}


@words.register
def _has(part: Has, bare: bool = False) -> str:
    return str(HAS[part.what])


@words.register
def _dated(part: Dated, bare: bool = False) -> str:
    if part.kind == "before":
        said = pgettext("a day", "before %(date)s") if _is_of_days(part.until) else _("before %(date)s")
        return said % {"date": date_words(part.until)}
    if part.kind == "after":
        said = pgettext("a day", "after %(date)s") if _is_of_days(part.since) else _("after %(date)s")
        return said % {"date": date_words(part.since)}
    return range_words(part.since, part.until)


@words.register
def _not(part: Not, bare: bool = False) -> str:
    inner = part.part
    if isinstance(inner, Has):
        return str(HAS_NOT[inner.what])
    return negative(f"({words(inner, bare)})" if isinstance(inner, Near | AtLeast) else _inside(inner, bare))


@words.register
def _all(part: All, bare: bool = False) -> str:
    return _several(part, all_of, bare)


@words.register
def _either(part: Either, bare: bool = False) -> str:
    return _several(part, any_of, bare)


def _several(part: All | Either, listed: Callable[[Sequence[str]], str], bare: bool) -> str:
    field = "" if bare else _common_field(part)
    said = listed([_inside(inner, bare or bool(field)) for inner in part.parts])
    return _in_field(field, f"({said})") if field else said


def _inside(part: Expression, bare: bool) -> str:
    joined = isinstance(part, All | Either) and (bare or not _common_field(part))
    return f"({words(part, bare)})" if joined else words(part, bare)


def _somewhere(part: Sought, said: str, bare: bool) -> str:
    return said if bare else _in_field(part.field, said)


def _in_field(field: str, said: str) -> str:
    return str(FIELDS[field]) % {"words": said} if field else said


def _common_field(part: Expression) -> str:
    """The field that all of it is looked for in, if there is one."""
    fields = set(_fields(part))
    return fields.pop() if len(fields) == 1 else ""


def _fields(part: Expression) -> Iterator[str]:
    match part:
        case All() | Either() | Near():
            for inner in part.parts:
                yield from _fields(inner)
        case Not() | AtLeast():
            yield from _fields(part.part)
        case Word() | Phrase() | Pattern() | Fuzzy():
            yield part.field
        case _:
            yield ""


def all_of(said: Sequence[str]) -> str:
    return _enumerated(said, _("%(first)s and %(last)s"))


def any_of(said: Sequence[str]) -> str:
    return _enumerated(said, _("%(first)s or %(last)s"))


def _enumerated(said: Sequence[str], join: str) -> str:
    *first, last = said
    return join % {"first": listed(first), "last": last} if first else last


def negative(said: str) -> str:
    return _("not %(words)s") % {"words": said}


# Names


def filed(facet: str, name: str) -> str:
    """Filed under exactly this name."""
    return str(FILED[facet]) % {"name": apart(name)}


def in_language(code: str) -> str:
    words = language_words(code)
    return _("in %(language)s") % {"language": apart(code) if words == code else words}


def language_words(code: str) -> str:
    return language_name(code) or code


# Dates


def date_words(text: str) -> str:
    """A date as `Dating.parse` reads it: "1923", "May 1923", "30 May 1923", "30 May 1923, 18:45"."""
    dating = Dating.parse(text)
    moment = cast(datetime, dating.earliest)
    if dating.precision == Precision.YEAR:
        return str(moment.year)
    if dating.precision == Precision.MONTH:
        return _("%(month)s %(year)s") % {"month": MONTHS[moment.month], "year": moment.year}
    day = _day_words(moment)
    if dating.precision == Precision.MINUTE:
        return _("%(day)s, %(time)s") % {"day": day, "time": f"{moment:%H:%M}"}
    return day


def _day_words(moment: datetime) -> str:
    first = moment.day == 1
    said = pgettext("the first of a month", "%(day)s %(month)s %(year)s") if first else _("%(day)s %(month)s %(year)s")
    return said % {"day": moment.day, "month": MONTHS[moment.month], "year": moment.year}


def range_words(since: str, until: str) -> str:
    """From the first date to the last, both included; one of them may be empty."""
    if not until:
        said = pgettext("a day", "from %(date)s on") if _is_of_days(since) else _("from %(date)s on")
        return said % {"date": date_words(since)}
    if not since:
        said = pgettext("a day", "up to %(date)s") if _is_of_days(until) else _("up to %(date)s")
        return said % {"date": date_words(until)}
    if since == until:
        return _all_of(since)
    dates = {"first": _beside(since, until), "last": date_words(until)}
    if _is_of_days(since) and _is_of_days(until):
        return pgettext("from one day to another", "from %(first)s to %(last)s") % dates
    return _("from %(first)s to %(last)s") % dates


def _all_of(text: str) -> str:
    """In a year, in a month or on a day: many languages say each in its own way."""
    if _is_of_days(text):
        return _("on %(date)s") % {"date": date_words(text)}
    if Dating.parse(text).precision == Precision.YEAR:
        return _("in %(year)s") % {"year": date_words(text)}
    return _("in %(date)s") % {"date": date_words(text)}


def _is_of_days(text: str) -> bool:
    return Dating.parse(text).precision in (Precision.DAY, Precision.MINUTE)


def _beside(since: str, until: str) -> str:
    """The first date of a range, without what it has in common with the last."""
    first, last = (Dating.parse(text) for text in (since, until))
    start, end = cast(datetime, first.earliest), cast(datetime, last.earliest)
    if first.precision != last.precision or start.year != end.year:
        return date_words(since)
    if first.precision == Precision.MONTH:
        return str(MONTHS[start.month])
    if first.precision != Precision.DAY:
        return date_words(since)
    return _day_alone(start) if start.month == end.month else _day_and_month(start)


def _day_alone(moment: datetime) -> str:
    first = moment.day == 1
    said = pgettext("the first of a month", "%(day)s") if first else pgettext("day of a month", "%(day)s")
    return said % {"day": moment.day}


def _day_and_month(moment: datetime) -> str:
    said = pgettext("the first of a month", "%(day)s %(month)s") if moment.day == 1 else _("%(day)s %(month)s")
    return said % {"day": moment.day, "month": MONTHS[moment.month]}
