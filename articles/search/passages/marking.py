"""What of a question is marked in texts: rows of terms and forms, as snippets, pages and concordances take them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from .. import asking
from ..edge import attempt
from ..engine.analysis import Row, rows, standing
from ..grammar import Expression, Fuzzy, Pattern, Sought, sought

# A pattern stands for many words; of more rows than this the rest is not marked.
ROWS = 1024


def rows_of(
    expression: Expression | None, languages: Collection[str], exact: bool = False, field: str | None = None
) -> list[Row]:
    """What `expression` looks for in texts of these languages; where a field is named, what it looks for there.

    If `exact`, words count only as they are written. What the index cannot tell, because it is away, is not marked.
    """
    parts = sought(expression) if expression else ()
    wanted = [part for part in parts if field is None or part.field in ("", field)]
    found = (row for part in dict.fromkeys(wanted) for row in rows_of_part(part, languages, exact))
    return list(islice(dict.fromkeys(found), ROWS))


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
