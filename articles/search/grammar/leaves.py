"""One word or phrase behind a field, or behind none: what of the tree it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from ...records import Dating, Refused
from .parts import HAS, Dated, Expression, Fuzzy, Has, Named, Pattern, Phrase, Word
from .tokens import DATE_FIELDS, NAME_FIELDS, Notes, is_word, quoted
from .words import MOST_ERRORS, nearly, pattern, searchable

LANGUAGES = {language["name"].casefold(): code for code, language in LANG_INFO.items() if "name" in language}
# Django knows Chinese only together with one of its scripts.
LANGUAGES["chinese"] = "zh"
CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.ASCII | re.IGNORECASE)


def leaf(text: str, name: str, phrase: bool, notes: Notes) -> Expression | None:
    """What `text` is behind the field `name`. Nothing where there is no letter or digit to search for."""
    if not searchable(text):
        return None
    if name in NAME_FIELDS:
        return _named(text, NAME_FIELDS[name], phrase, notes)
    if read := OTHERS.get(name):
        return read(text, name, notes)
    return Phrase(text, name) if phrase else _word(text, name, notes)


def literal(text: str, field: str = "") -> Expression | None:
    """A word; where it would be read as something else when it is written again, a phrase."""
    if not searchable(text):
        return None
    return Word(text, field) if is_word(text) else Phrase(text, field)


def _word(text: str, field: str, notes: Notes) -> Expression | None:
    if found := pattern(text):
        return Pattern(found, field)
    if fuzzy := nearly(text):
        return _fuzzy(*fuzzy, field, notes)
    if "*" in text or "~" in text.replace("/~", ""):
        said = _("%(word)s is searched as it stands. Signs stand in plain words only: wor*, w?rd, word~.")
        notes.add(said, word=quoted(text))
    return literal(text, field)


def _fuzzy(text: str, errors: int, field: str, notes: Notes) -> Fuzzy:
    if errors > MOST_ERRORS:
        said = _("Of a word at most %(most)s letters may be wrong; %(read)s is searched instead.")
        notes.add(said, most=MOST_ERRORS, read=f"{text}~{MOST_ERRORS}")
    return Fuzzy(text, min(errors, MOST_ERRORS), field)


def _named(text: str, facet: str, phrase: bool, notes: Notes) -> Named:
    if not phrase and (pattern(text) or nearly(text)):
        said = _("The signs * ? ~ stand for nothing in names; %(name)s is searched as it stands.")
        notes.add(said, name=quoted(text))
    return Named(facet, text, exact=phrase)


def _language(text: str, name: str, notes: Notes) -> Expression | None:
    if code := LANGUAGES.get(text.casefold()):
        return Named("language", code)
    if CODE.fullmatch(text):
        return Named("language", text)
    said = _("%(word)s is no language, so it is searched as a word. Write lang:ar or lang:arabic.")
    notes.add(said, word=quoted(text))
    return literal(text)


def _has(text: str, name: str, notes: Notes) -> Expression | None:
    if text.casefold() in HAS:
        return Has(text.casefold())
    said = _("%(word)s is searched as a word: behind has: stands %(possible)s.")
    notes.add(said, word=quoted(text), possible=", ".join(HAS))
    return literal(text)


def _dated(text: str, name: str, notes: Notes) -> Expression | None:
    try:
        return _period(name, text)
    except (Refused, OverflowError):
        said = _("%(word)s is no date, so it is searched as a word. Write 2017, 2017-05 or 2017-05-30.")
        if name == "date":
            said = _(
                "%(word)s is no date, so it is searched as a word. "
                "Write 2017, 2017-05 or 2017-05-30, or two of them as in date:2011..2017."
            )
        notes.add(said, word=quoted(text))
        return literal(text)


def _period(name: str, text: str) -> Dated:
    """Raises `Refused` or `OverflowError` for what is no date, or lies beyond all dates."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    if name != "date":
        day = _written(text)
        return checked(Dated(name, until=day) if name == "before" else Dated(name, since=day))
    if not (first or last):
        raise Refused("date: neither end is given")
    return period(_written(first), _written(last if dots else first))


def _written(text: str) -> str:
    """A date as it is always written, whatever digits were typed."""
    earliest = Dating.parse(text).earliest if text else None
    return earliest.isoformat()[: min(len(text), 16)] if earliest else ""


def period(since: str, until: str) -> Dated:
    """From the first moment of `since` to the last of `until`; either may be empty. The two are put in order."""
    found = Dated("date", since, until)
    if since and until and checked(found).earliest > checked(Dated("date", until, since)).earliest:  # type: ignore
        return Dated("date", until, since)
    return checked(found)


def checked(dated: Dated) -> Dated:
    """Raises `Refused` or `OverflowError` where a bound is no date."""
    _bounds = dated.earliest, dated.latest
    return dated


OTHERS: dict[str, Callable[[str, str, Notes], Expression | None]] = {
    "lang": _language,
    "has": _has,
    **dict.fromkeys(DATE_FIELDS, _dated),
}
