"""What readers fill in, made safe: past a form every value is what its name says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .records import Dating, Known, Refused
from .search import BARS, FACETS, LineSort, Question, Sort
from .search.grammar.leaves import period
from .search.names.aliases import led_to
from .search.names.rings import NAMES

# Longer than anything that is read of it: what is cut off is told by the grammar.
TYPED, VALUE, VALUES, PAGES = 5000, 300, 8, 1_000_000

# What is said of a value that a facet cannot have.
IMPOSSIBLE = {
    "year": gettext_lazy("“%(value)s” was left out of the address: %(facet)s can be a year such as 1923."),
    "known": gettext_lazy("“%(value)s” was left out of the address: %(facet)s can be printed, inferred or unknown."),
}
UNNAMED = gettext_lazy(
    "“%(value)s” was left out of the address: %(facet)s can be a name as in the address of its page."
)


class SearchForm:
    """A search as it stands in an address. What cannot be understood is left out, and a note says so."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.notes: list[str] = []

    def question(self) -> Question:
        self.notes = []
        since, until = in_order(self._date("from"), self._date("to"))
        pairs = [pair for facet in FACETS if facet in self.data for pair in self._narrowing(facet)]
        return Question(
            text=self._value("q", TYPED),
            sort=Sort(self._one_of("sort", list(Sort), Sort.RELEVANCE)),
            page=self._page(),
            filters=tuple(sorted({(facet, value) for facet, value, excluded in pairs if not excluded})),
            excluded=tuple(sorted({(facet, value) for facet, value, excluded in pairs if excluded})),
            since=since,
            until=until,
            stored=self._moment("stored"),
            exact=self._switch("exact"),
            not_also=self._not_also(),
            apart=self._switch("apart"),
            bars=self._one_of("bars", BARS),
            rate=self._switch("rate"),
            view=self._one_of("view", ("lines",)),
            lines=LineSort(self._one_of("lines", ("left", "right"))),
            more=self._one_of("more", FACETS),
            notes=tuple(self.notes),
        )

    def _note(self, sentence: str, **values: object) -> None:
        self.notes.append(sentence % values)

    def _value(self, name: str, length: int = VALUE) -> str:
        given = self.data.get(name)
        return plain(given, length) if given else ""

    def _values(self, name: str) -> list[str]:
        return [value for value in (plain(value, VALUE) for value in self.data.getlist(name)) if value]

    def _not_also(self) -> tuple[str, ...]:
        """As many names as a ring can have."""
        names = tuple(dict.fromkeys(self._values("not_also")))
        if len(names) > NAMES:
            self._note(
                _("The first %(number)s names to leave out were read. “Exact words only” leaves out all."), number=NAMES
            )
        return names[:NAMES]

    def _switch(self, name: str) -> bool:
        """On for anything but what says no."""
        return self._value(name).lower() not in ("", "0", "no", "off", "false")

    def _one_of(self, name: str, possible: Sequence[str], default: str = "") -> str:
        given = self._value(name).lower()
        if not given or given in possible:
            return given or default
        said = _("“%(value)s” was left out of the address: %(name)s can be %(possible)s.")
        self._note(said, value=given, name=name, possible=", ".join(possible))
        return default

    def _page(self) -> int:
        given = self._value("page") or "1"
        if given.isdecimal() and 1 <= int(given) <= PAGES:
            return int(given)
        self._note(_("There is no page “%(value)s”; this is the first."), value=given)
        return 1

    def _date(self, name: str) -> str:
        given = self._value(name)
        try:
            return given if given and Dating.parse(given) else ""
        except Refused:
            self._note(_("“%(value)s” is no date and was left out. Write 2017, 2017-05 or 2017-05-30."), value=given)
            return ""

    def _moment(self, name: str) -> str:
        """A moment without its zone, which is UTC."""
        given = self._value(name)
        try:
            moment = dt.datetime.fromisoformat(given) if given else None
            moment = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment and moment.tzinfo else moment
            return moment.isoformat() if moment else ""
        except (ValueError, OverflowError):
            self._note(_("“%(value)s” is no moment and was left out. Write 2026-05-30T18:45."), value=given)
            return ""

    def _narrowing(self, facet: str) -> list[tuple[str, str, bool]]:
        """Each value that is asked of a facet, and whether it is excluded: a minus stands before it."""
        values = self._values(facet)
        if len(values) > VALUES:
            said = _("The first %(number)s values of “%(facet)s” were read, and the others left out.")
            self._note(said, number=VALUES, facet=facet)
        good = [value for value in values[:VALUES] if fits(facet, value.removeprefix("-"))]
        for value in values[:VALUES]:
            if value not in good:
                self._note(str(IMPOSSIBLE.get(facet, UNNAMED)), value=value, facet=facet)
        led = led_to(facet, [value.removeprefix("-") for value in good])
        asked = ((value.removeprefix("-"), value.startswith("-")) for value in good)
        return [(facet, led.get(value, value), excluded) for value, excluded in asked]


def in_order(since: str, until: str) -> tuple[str, str]:
    """The earlier of two dates first; what is open stays open."""
    if not (since and until):
        return since, until
    asked = period(since, until)
    return asked.since, asked.until


def plain(value: str, length: int) -> str:
    """Without what no address should hold: control characters, halves of characters, excessive length."""
    if value.isprintable():
        return value[:length].strip()
    shown = "".join(" " if sign < " " or sign == "\x7f" else sign for sign in value[:length])
    return shown.encode("utf-8", "ignore").decode().strip()


def fits(facet: str, value: str) -> bool:
    if facet == "year":
        return value.isascii() and value.isdecimal() and len(value) == 4 and value != "0000"
    if facet == "known":
        return value in list(Known)
    return bool(value)
