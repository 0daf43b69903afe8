"""What readers fill in, made safe: past a form every value is what its name says."""

from __future__ import annotations

from django.http import QueryDict

from .records import Dating, Known, Refused
from .search import FACETS, Question, Sort

# Longer than anything that is read of it: what is cut off is told by the grammar.
TYPED, VALUE, VALUES, PAGES = 2000, 300, 8, 1_000_000


class SearchForm:
    """A search as it stands in an address. What cannot be understood is left out, and a note says so."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.notes: list[str] = []

    def question(self) -> Question:
        self.notes = []
        since, until = self._date("from"), self._date("to")
        return Question(
            text=self._value("q", TYPED),
            sort=self._sort(),
            page=self._page(),
            filters=tuple(sorted({pair for facet in FACETS for pair in self._filters(facet)})),
            since=since,
            until=until,
            notes=tuple(self.notes),
        )

    def _value(self, name: str, length: int = VALUE) -> str:
        return plain(self.data.get(name) or "", length)

    def _sort(self) -> Sort:
        given = self._value("sort").lower()
        if given and given not in list(Sort):
            self.notes.append(f"There is no order “{given}”; the orders are {', '.join(Sort)}.")
        return Sort(given) if given in list(Sort) else Sort.RELEVANCE

    def _page(self) -> int:
        given = self._value("page") or "1"
        if given.isdecimal() and 1 <= int(given) <= PAGES:
            return int(given)
        self.notes.append(f"There is no page “{given}”; this is the first.")
        return 1

    def _date(self, name: str) -> str:
        given = self._value(name)
        try:
            return given if given and Dating.parse(given) else ""
        except Refused:
            self.notes.append(f"“{given}” is no date and was left out. Write 2017, 2017-05 or 2017-05-30.")
            return ""

    def _filters(self, facet: str) -> list[tuple[str, str]]:
        values = [value for value in (plain(value, VALUE) for value in self.data.getlist(facet)) if value]
        good = [value for value in values[:VALUES] if fits(facet, value)]
        if len(good) < len(values):
            self.notes.append(f"Something that was asked of the {facet} could not be read and was left out.")
        return [(facet, value) for value in good]


def plain(value: str, length: int) -> str:
    """Without what no address should hold: control characters, halves of characters, excessive length."""
    shown = "".join(" " if sign < " " or sign == "\x7f" else sign for sign in value[:length])
    return shown.encode("utf-8", "ignore").decode().strip()


def fits(facet: str, value: str) -> bool:
    if facet == "year":
        return value.isascii() and value.isdecimal() and len(value) == 4 and value != "0000"
    if facet == "known":
        return value in list(Known)
    return True
