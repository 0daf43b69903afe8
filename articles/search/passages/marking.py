"""What of a question is marked in texts: rows of terms and forms, as snippets, pages and concordances take them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple

from django.utils.safestring import SafeString

from .. import asking
from ..edge import attempt
from ..engine.analysis import Row, rows, standing
from ..grammar import Expression, Fuzzy, Pattern, Sought, sought
from ..grammar.parts import TEXT_FIELDS
from .snippets import LOOKED_AT, PARAGRAPH, Mark, best_passage, marks

# A pattern stands for many words; of more rows than this the rest is not marked.
ROWS = 1024


class Told(NamedTuple):
    """A text, and the field of the grammar that it belongs to."""

    field: str
    text: str


@dataclass(frozen=True)
class Rows:
    """Rows with the field in which each is looked for: one of the grammar's, or "" for all."""

    fields: tuple[tuple[str, Row], ...]

    def __bool__(self) -> bool:
        return bool(self.fields)

    @cached_property
    def kinds(self) -> list[tuple[tuple[Row, ...], set[str]]]:
        """Rows, with the fields in which they all are looked for, and no others."""
        held: dict[tuple[Row, ...], set[str]] = {}
        for field in ("", *TEXT_FIELDS):
            rows = dict.fromkeys(row for name, row in self.fields if name in ("", field))
            held.setdefault(tuple(rows), set()).add(field)
        return list(held.items())

    def of(self, field: str) -> tuple[Row, ...]:
        """What is looked for in this field."""
        return next(rows for rows, fields in self.kinds if field in fields)


def rows_of(expression: Expression | None, languages: Collection[str], exact: bool = False) -> Rows:
    """What `expression` looks for in texts of these languages.

    If `exact`, words count only as they are written. What the index cannot tell, because it is away, is not marked.
    """
    parts = dict.fromkeys(sought(expression)) if expression else ()
    found = ((part.field, row) for part in parts for row in rows_of_part(part, languages, exact))
    return Rows(tuple(islice(dict.fromkeys(found), ROWS)))


def marks_of(told: Sequence[Told], rows: Rows, language: str, looked_at: int = LOOKED_AT) -> list[Mark]:
    """Where in several texts, with PARAGRAPH between them, something stands that is looked for in their fields.

    They are looked at in one, which is quicker.
    """
    text = PARAGRAPH.join(text for _, text in told)
    held = {field for field, _ in told}
    kinds = [kind for kind in rows.kinds if not held.isdisjoint(kind[1])]
    if len(kinds) == 1:
        return marks(text, kinds[0][0], language, looked_at)
    starts = [0, *accumulate(len(text) + len(PARAGRAPH) for _, text in told)]
    numbers: dict[Row, int] = {}
    return sorted(
        Mark(start, end, numbers.setdefault(kind[row], len(numbers)))
        for kind, fields in kinds
        for start, end, row in marks(text, kind, language, looked_at)
        if told[bisect_right(starts, start) - 1].field in fields
    )


def passage(told: Sequence[Told], rows: Rows, language: str, looked_at: int = LOOKED_AT) -> SafeString:
    """The best of several texts."""
    return best_passage(PARAGRAPH.join(text for _, text in told), marks_of(told, rows, language, looked_at))


def rows_of_part(part: Sought, languages: Collection[str], exact: bool = False) -> Iterable[Row]:
    if isinstance(part, Pattern | Fuzzy):
        return map(_just_so, _forms(part))
    if exact or part.exact:
        return map(as_written, standing(part.text, languages))
    return rows(part.text, languages)


def as_written(row: Row) -> Row:
    """The same, met only by words in these forms; where a script has none, by their terms."""
    return Row(tuple("" if form else term for term, form in zip(*row, strict=True)), row.forms)


def _just_so(form: str) -> Row:
    return Row(("",), (form,))


def _forms(part: Pattern | Fuzzy) -> Iterator[str]:
    """How the words are written in this archive that a pattern or a misspelt word stands for."""
    with attempt("looking for words to mark"):
        engine = asking.engine()
        if isinstance(part, Pattern):
            yield from engine.forms_like(part.text)
        else:
            yield from engine.forms_near(part.text, part.errors)
