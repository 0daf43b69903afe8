"""Words, phrases and what else can be asked of a text, as queries of single fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from whoosh import query
from whoosh.fields import Schema
from whoosh.query.spans import SpanNear

from .. import analysis
from ..asking.limits import ANY, letters_of
from ..asking.queries import AtLeast, Chain, Form, FormFuzzy, FormPattern, FormPrefix, InRow, as_one
from ..errors import Unsupported
from .inputs import Like, Near, Nearly, Sought, Times, Written
from .joining import both, either, joined

# What a word counts that stands exactly as it was typed, beside the 1 that it counts with any ending.
EXACT = 0.3
# Of a longer phrase only so many words are looked for.
PHRASE = 64
# Shorter words are not looked for with errors, in shorter ones than the second one letter may be wrong, then two.
FUZZY, VERY_FUZZY = 4, 6
# Lookups of Haystack's that are families of words.
FAMILIES = ("startswith", "endswith", "contains", "fuzzy")


class Words:
    """Reads for texts of some languages. What is called a part here stands at places, and so can be near another."""

    def __init__(self, schema: Schema, languages: Iterable[str]) -> None:
        self.schema, self.languages = schema, tuple(languages)

    def piece(self, text: str, names: Iterable[str], boost: float = 1.0) -> query.Query | None:
        """A word or phrase in any of some fields. It counts more where it stands exactly as it is written here."""
        rows, names = analysis.rows(text, self.languages), tuple(names)
        found = either([self._row(name, slots, boost) for slots in self._slots(text) for name in names])
        written = dict.fromkeys(row.forms[0] for row in rows if len(row.terms) == 1 and row.forms[0])
        forms = either([self._form(name, form, boost * EXACT) for form in written for name in names])
        return found if found is None or forms is None else query.AndMaybe(found, forms)

    def whole(self, name: str, text: str) -> query.Query | None:
        """A whole value of a field of several."""
        start, end = (analysis.START,), (analysis.END,)
        rows = analysis.slots(text, self.languages)
        return either([self._row(name, (start, *slots, end)) for slots in rows])

    def family(self, text: str, names: Sequence[str], lookup: str) -> query.Query | None:
        """Every word of a text, as a beginning, an end, a part or a misspelling of a word in one of the fields."""
        return both([self._family(form, names, lookup) for form in self._forms(text)])

    def sought(self, value: Sought, names: Iterable[str]) -> query.Query | None:
        """What an input of ours finds in any of some fields."""
        return either([self.part(value, name) for name in names])

    def part(self, value: Any, name: str) -> query.Query | None:
        """A string, a phrase of Haystack's or an input of ours in one field; None for what has no word in it."""
        if isinstance(value, str) or getattr(value, "input_type_name", "") == "exact":
            return self._words(str(value), name)
        read = _INPUTS.get(type(value))
        if read is None:
            raise Unsupported(f"{type(value).__name__} has no place in a text.")
        return read(self, value, name)

    # Single terms and forms

    def _slots(self, text: str) -> list[analysis.Slots]:
        return [slots[:PHRASE] for slots in analysis.slots(text, self.languages)]

    def _row(self, name: str, slots: analysis.Slots, boost: float = 1.0) -> query.Query:
        boost *= self.schema[name].boost
        if len(slots) == 1:
            return query.Term(name, as_one(slots[0]), boost=boost)
        return query.Phrase(name, list(map(as_one, slots)), boost=boost)

    def _form(self, name: str, form: str, boost: float = 1.0) -> query.Query:
        return Form(name, form.encode(), self.schema[name].boost * boost)

    def _forms(self, text: str) -> list[str]:
        """The words of a text as they are written."""
        places = (place for run in analysis.runs(text) for place in analysis.places(run, analysis.language_of("")))
        return [place.form or place.terms[0] for place in places]

    def _family(self, form: str, names: Sequence[str], lookup: str) -> query.Query | None:
        if lookup == "fuzzy" and letters_of(form) < FUZZY:
            return self.piece(form, names)
        return either([form_family(name, form, lookup, self.schema[name].boost) for name in names])

    # Parts

    def _words(self, text: str, name: str) -> query.Query | None:
        """A word or phrase with any endings."""
        return either([self._row(name, slots) for slots in self._slots(text)])

    def _written(self, asked: Written, name: str) -> query.Query | None:
        """As it is written; where a script has no spaces, its characters in a row."""
        rows = analysis.standing(str(asked), self.languages)
        return either([self._as_written(row, name) for row in rows])

    def _as_written(self, row: analysis.Row, name: str) -> query.Query | None:
        if not any(row.forms):
            return self._row(name, tuple((term,) for term in row.terms[:PHRASE]))
        slots = zip(row.terms[:PHRASE], row.forms, strict=False)
        return in_row([self._form(name, form) if form else self._row(name, ((term,),)) for term, form in slots])

    def _like(self, asked: Like, name: str) -> query.Query | None:
        """A pattern of several words, as a hyphenated one is, stands for several in a row.

        Words of scripts without spaces have no forms to compare; they are found by any part of them in any case.
        """
        plain = ANY.sub("", str(asked))
        rows = analysis.standing(plain, self.languages)
        if rows and not any(form for row in rows for form in row.forms):
            return self._words(plain, name)
        return in_row([self._pattern(piece, name) for piece in analysis.pattern_words(str(asked))])

    def _pattern(self, text: str, name: str) -> query.Query:
        text, boost = analysis.written(text), self.schema[name].boost
        if text.endswith("*") and text[:-1] and not ANY.search(text[:-1]):
            return FormPrefix(name, text[:-1], boost)
        return FormPattern(name, text, boost)

    def _nearly(self, asked: Nearly, name: str) -> query.Query | None:
        return in_row([self._misspelt(form, asked.errors, name) for form in self._forms(str(asked))])

    def _misspelt(self, form: str, errors: int, name: str) -> query.Query | None:
        if letters_of(form) < FUZZY:
            return self._words(form, name)
        return FormFuzzy(name, form, errors or _errors(form), 0, self.schema[name].boost)

    def _near(self, asked: Near, name: str) -> query.Query | None:
        found = [part for part in (self.part(part, name) for part in asked.parts) if part is not None]
        if len(found) == 2:
            return SpanNear(*found, slop=asked.distance, ordered=False)
        return joined(lambda parts: Chain(tuple(parts), asked.distance), found)

    def _times(self, asked: Times, name: str) -> query.Query | None:
        found = self.part(asked.part, name)
        return None if found is None else AtLeast(found, asked.number)


_INPUTS: dict[type, Callable[[Words, Any, str], query.Query | None]] = {
    Written: Words._written,
    Like: Words._like,
    Nearly: Words._nearly,
    Near: Words._near,
    Times: Words._times,
}


def in_row(parts: Sequence[query.Query | None]) -> query.Query | None:
    """Words one directly behind the other."""
    return joined(lambda found: InRow(tuple(found)), [part for part in parts if part is not None])


def form_family(name: str, form: str, lookup: str, boost: float) -> query.Query:
    if lookup == "fuzzy":
        return FormFuzzy(name, form, _errors(form), 1, boost)
    if lookup == "startswith":
        return FormPrefix(name, form, boost)
    return FormPattern(name, f"*{form}" if lookup == "endswith" else f"*{form}*", boost)


def _errors(form: str) -> int:
    """How many letters of a word may be wrong, by its length."""
    return 1 if letters_of(form) < VERY_FUZZY else 2
