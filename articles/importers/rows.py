"""Values under names, be they rows of a table or objects of JSON, become records.

A `Plan` is made from the first values of a file and then reads all of them: which column is which field, and what only
a whole column can tell, such as whether the day or the month comes first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from articles.importers import cells, credits
from articles.importers.columns import MANY, TEXTS, Column, assigned, guess, is_own
from articles.importers.datecolumns import DateColumn, widened
from articles.records import (
    HTML,
    PLAIN,
    ArticleRecord,
    Dating,
    Guidance,
    ImageRecord,
    Known,
    Refused,
    UnreadableFile,
    from_json,
)

Row = Mapping[str, Any]
# The values of a row that say something, by field, each with its column.
Values = dict[str, list[tuple[str, Any]]]

# So many rows tell what the columns are; where the order of day and month is still open, more are read.
SAMPLE_ROWS, SETTLING_ROWS = 500, 100_000
MOST_COLUMNS = 1000
SAMPLES, SAMPLE_LENGTH = 3, 100

_BYLINE_BEGINS = ("by", "von", "par", "por", "di", "door", "written", "text", "words", "story", "report")
# What a spreadsheet would calculate stands behind an apostrophe in the archive's own tables.
_APOSTROPHE = ("'=", "'+", "'-", "'@", "'＝", "'＋", "'－", "'＠")
_DIGIT = re.compile(r"\d")
_NAMED = ("authors", "sections", "tags")
_PICTURED = frozenset({"images", "image_url", "caption", "credit", "alt"})
_READERS: dict[str, Callable[[Any], Any]] = {
    "title": cells.line,
    "kicker": cells.line,
    "dateline": cells.line,
    "byline": cells.line,
    "source": cells.line,
    "standfirst": cells.prose,
    "correction": cells.prose,
    "editors_note": cells.prose,
    "language": cells.language,
    "canonical_url": cells.address,
    "status": cells.status,
    "captured": cells.moment,
}
_PLURALS = ("s", "list", "worte", "wörter", "kategorien", "rubriken", "词", "キーワード", "теги", "слова")


@dataclass(slots=True)
class Plan:
    """`fields` has the field of each column. A column that only later rows have is guessed when it is met."""

    fields: dict[str, str]
    dates: dict[str, DateColumn] = field(default_factory=dict)
    comma_lists: frozenset[str] = frozenset()
    own: bool = False
    samples: dict[str, list[str]] = field(default_factory=dict)

    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(name, to, tuple(self.samples.get(name, ()))) for name, to in self.fields.items())

    @property
    def has_text(self) -> bool:
        return not TEXTS.isdisjoint(self.fields.values())

    def record(self, row: Row, place: str) -> ArticleRecord:
        """Raises `Refused` for a row without a title and a text."""
        values = self._by_field(row)
        given: dict[str, Any] = {to: read(values[to][0][1]) for to, read in _READERS.items() if to in values}
        given |= {to: self._names(values[to], to) for to in _NAMED if to in values}
        given |= dict(zip(("body", "body_type", "received"), _body(values), strict=True))
        if not given.get("title") and not given["body"].strip():
            raise Refused(f"there is neither a title nor a text; what is there: {', '.join(islice(row, 20))}")
        given["authors"] = _authors(given.get("authors", ()), given.get("byline", ""), given.get("source", ""))
        if "date" in values:
            given["date"] = self._dating(values)
        if _PICTURED & values.keys():
            given["images"] = tuple(_images(values))
        return ArticleRecord(**{"title": "", **given}, place=place)

    def _by_field(self, row: Row) -> Values:
        found: Values = {}
        for name, value in row.items():
            to = self.fields[name] if name in self.fields else self._new(name)
            if to and value not in (None, "", [], {}):
                found.setdefault(to, []).append((name, self._bare(value)))
        return found

    def _bare(self, value: Any) -> Any:
        return value[1:] if self.own and isinstance(value, str) and value.startswith(_APOSTROPHE) else value

    def _new(self, name: str) -> str:
        to = guess(name)
        if len(self.fields) >= MOST_COLUMNS or (to not in MANY and to in self.fields.values()):
            to = ""
        if len(self.fields) < MOST_COLUMNS:
            self.fields[name] = to
        return to

    def _names(self, values: list[tuple[str, Any]], to: str) -> tuple[str, ...]:
        found = (cells.names(value, name in self.comma_lists) for name, value in values)
        return tuple(dict.fromkeys(name for names in found for name in names))

    def _dating(self, values: Values) -> Dating:
        name, value = values["date"][0]
        if isinstance(value, dict) and (ours := _own_dating(value)):
            return ours
        dating = (self.dates.get(name) or DateColumn()).read(cells.text(value))
        if "date_precision" in values:
            dating = widened(dating, cells.line(_first(values, "date_precision")))
        inferred = cells.line(_first(values, "date_known")).casefold() == Known.INFERRED
        return replace(dating, known=Known.INFERRED) if inferred and dating.known != Known.UNKNOWN else dating


def plan(rows: Iterable[Row], guidance: Guidance) -> Plan:
    """Made from the first rows: as many as are needed. Raises `UnreadableFile` where guidance names no field."""
    more = iter(rows)
    sample = list(islice(more, SAMPLE_ROWS))
    names = list(islice(dict.fromkeys(name for row in sample for name in row), MOST_COLUMNS))
    samples = {name: list(islice(_shown(sample, name), SAMPLES)) for name in names}
    empty = {name for name in names if not samples[name]}
    made = Plan(assigned(names, guidance.columns, empty), own=is_own(names), samples=samples)
    decided = {name for name, to in guidance.columns.items() if to}
    for name, to in made.fields.items():
        if to == "status" and name not in decided and not all(map(cells.is_status, made.samples[name])):
            made.fields[name] = ""
    made.comma_lists = frozenset(
        name for name, to in made.fields.items() if to in MANY and _at_commas(sample, name, to)
    )
    made.dates = {name: DateColumn() for name, to in made.fields.items() if to == "date"}
    _settle(made.dates, sample)
    while any(column.is_open for column in made.dates.values()) and (batch := list(islice(more, SAMPLE_ROWS))):
        _settle(made.dates, batch)
    return made


def _settle(columns: dict[str, DateColumn], rows: Iterable[Row]) -> None:
    for row in rows:
        for name, column in columns.items():
            column.look(cells.text(row.get(name)).strip())


def _shown(rows: Iterable[Row], name: str) -> Iterator[str]:
    for row in rows:
        value = row.get(name)
        found = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) and value else cells.text(value)
        if short := " ".join(found[: SAMPLE_LENGTH * 2].split()):
            yield cells.storable(short if len(short) <= SAMPLE_LENGTH else f"{short[:SAMPLE_LENGTH]}…")


def _at_commas(rows: Iterable[Row], name: str, to: str) -> bool:
    """Whether commas part the names of this column: its own name is a plural, nothing else parts them, and authors
    have two words each, so that "Running, Jane" stays one."""
    if not name.casefold().endswith(_PLURALS):
        return False
    found = [value for row in rows if isinstance(value := row.get(name), str) and value.strip()]
    parts = [cells.parts_at_commas(value) for value in found]
    return all(parts) and (to != "authors" or all(" " in part for some in parts for part in some))


def _first(values: Values, to: str) -> Any:
    return values[to][0][1] if to in values else None


def _body(values: Values) -> tuple[str, str, str]:
    """The text of the article; its HTML, if there is that too and it is not the source of a whole page."""
    source = _first(values, "html")
    said = cells.line(_first(values, "body_type")).casefold()
    media_type = HTML if "html" in said else PLAIN if "plain" in said else ""
    if source and not ("body" in values and cells.is_page(cells.text(source))):
        return cells.body(source, HTML)
    return cells.body(_first(values, "body"), media_type)


def _authors(named: tuple[str, ...], byline: str, source: str) -> tuple[str, ...]:
    """Names without their "By", and without the paper, which often stands behind them."""
    if not named and byline:
        named = credits.byline([byline]).authors or (byline,)
    found = [name for text in named for name in _of_byline(text)]
    return tuple(dict.fromkeys(name for name in found if name.casefold() != source.casefold()))


def _of_byline(text: str) -> tuple[str, ...]:
    begins, _, rest = text.partition(" ")
    if begins.casefold() not in _BYLINE_BEGINS:
        return (text,)
    # A line of a page may go on with a date; a cell does not.
    return (rest,) if _DIGIT.search(rest) else credits.byline([text]).authors or (text,)


def _own_dating(value: dict[str, Any]) -> Dating | None:
    """A date in the archive's own shape, in an object that is otherwise foreign."""
    try:
        return from_json({"title": "-", "date": value}).date
    except Refused:
        return None


def _images(values: Values) -> Iterator[ImageRecord]:
    for _, value in values.get("images", ()):
        yield from cells.images(value)
    value = _first(values, "image_url")
    if isinstance(value, list | dict):
        yield from cells.images(value)
        value = None
    lone = ImageRecord(
        url=cells.address(value),
        caption=cells.line(_first(values, "caption")),
        credit=cells.line(_first(values, "credit")),
        alt=cells.line(_first(values, "alt")),
    )
    if lone.url or lone.caption:
        yield lone


def refuse_without_text(made: Plan, what: str) -> None:
    if not made.has_text:
        names = ", ".join(name if len(name) <= 30 else f"{name[:30]}…" for name in islice(made.fields, 12))
        raise UnreadableFile(
            f"{what} names no title and no text: name the columns, for example title, date, text, or say in the "
            f"preview which of these is which: {names}."
        )
