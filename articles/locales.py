"""How each language writes numbers, lists, weekdays and the names of languages: by the tables of Unicode (CLDR)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce

from babel import Locale
from babel.dates import get_day_names, get_month_names
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Spanish parts only numbers of five digits and more.
UNPARTED = {"es": 10_000}


@lru_cache(16)
def _locale(language: str | None) -> Locale:
    return Locale.parse(language or "en", sep="-")


@lru_cache(16)
def _signs(language: str | None) -> tuple[str, str, int]:
    """What stands between thousands, what before decimals, and the first number that is parted; digits are 0 to 9."""
    signs = _locale(language).number_symbols["latn"]
    return signs["group"], signs["decimal"], UNPARTED.get(language or "", 1000)


def thousands(number: int) -> str:
    """12418 as 12,418, 12.418 or 12 418."""
    if -1000 < number < 1000:
        return str(number)
    group, _decimal, first = _signs(get_language())
    return f"{number:,}".replace(",", group) if abs(number) >= first else str(number)


def decimal(written: str) -> str:
    """0.25 as 0.25 or 0,25."""
    return written.replace(".", _signs(get_language())[1])


def listed(said: Iterable[str]) -> str:
    """One after the other, parted as the language does it."""
    return reduce(lambda first, rest: _("%(first)s, %(rest)s") % {"first": first, "rest": rest}, said)


def language_name(code: str) -> str:
    """The name of a language in the language of the page; empty where the tables do not have it."""
    return _language_name(get_language(), code)


@lru_cache(1024)
def _language_name(language: str | None, code: str) -> str:
    names = _locale(language).languages
    whole, first = code.replace("-", "_"), code.partition("-")[0].lower()
    return str(names.get(whole) or names.get(first) or "")


def short_weekdays() -> list[str]:
    """From Monday on, as short as a calendar needs them."""
    return list(_short_weekdays(get_language()))


def short_months() -> dict[int, str]:
    """As they stand beside a day or a year, by their numbers."""
    return _short_months(get_language())


@lru_cache(16)
def _short_months(language: str | None) -> dict[int, str]:
    return {number: str(name) for number, name in get_month_names("abbreviated", "format", _locale(language)).items()}


@lru_cache(16)
def _short_weekdays(language: str | None) -> tuple[str, ...]:
    # The short names of Arabic are whole words.
    names = get_day_names("narrow" if language == "ar" else "short", "stand-alone", _locale(language))
    return tuple(str(names[number]) for number in range(7))
