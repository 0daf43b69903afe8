"""What a field of the index is: words with their places, whole values, or a number to sort and narrow by."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh import columns, fields, formats
from whoosh.analysis import Token

from . import analysis
from .segments.arrays import FORMAT

# The field with a document's key: one document has it, and one only.
KEY = "id"
# Stands where a document has no number. It sorts before every number; results put it last both ways all the same.
MISSING = -(1 << 62)
MISSING_FLOAT = float("-inf")
MINUTE = dt.timedelta(minutes=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Places between two values of one field, so that no phrase reaches from one into the next.
GAP = 8
LONGEST = 400


class Places(formats.Positions):
    """How the places of a term in one document are handed to Whoosh: plain numbers, eight bytes each."""

    def encode(self, places: np.ndarray) -> bytes:
        return places.astype("<i8").tobytes()

    def decode_positions(self, encoded: bytes) -> list[int]:
        return np.frombuffer(encoded, "<i8").tolist()

    def decode_frequency(self, encoded: bytes) -> int:
        return len(encoded) // 8


class Text(fields.FieldType):
    """Words with their places.

    A value is one text, or a list of texts: each then stands between the marks START and END (terms that no reader can
    type, with a place of their own), and the next START stands GAP places after the END. `boost` multiplies the score
    of what is found here; it can change without a new index.
    """

    def __init__(self, boost: float = 1.0) -> None:
        super().__init__(format=Places(), analyzer=None, scorable=True)
        self.boost = boost

    def tokenize(self, value: str, **options: Any) -> Iterator[Token]:
        """The terms of a text in no language that we know of, as Whoosh's own parser and tools ask for them."""
        words = (place for run in analysis.runs(value) for place in analysis.places(run, analysis.language_of("")))
        for position, place in enumerate(words):
            token = Token(positions=True)
            token.text, token.pos = place.terms[0], position
            yield token


class Exact(fields.FieldType):
    """Whole values as they are, one or several: keys, facets."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def to_bytes(self, value: Any) -> bytes:
        single = value[0] if isinstance(value, list | tuple) else value
        return single if isinstance(single, bytes) else exact_bytes(single)

    def tokenize(self, value: str, **options: Any) -> Iterator[Token]:
        token = Token()
        token.text = value
        yield token


def exact_bytes(value: Any) -> bytes:
    """A value as it is indexed: a long one by its beginning and a mark of the whole."""
    encoded = str(value).encode("utf-8", "replace")
    if len(encoded) <= LONGEST:
        return encoded
    return encoded[:300] + b"\x00" + hashlib.sha256(encoded).hexdigest().encode()


class Number(fields.COLUMN):
    """A number to sort and narrow by: "q" a whole one of 64 bits, "d" one with a fraction. It has no terms.

    Whoosh's own NumericRange asks for terms and so finds nothing here; its ColumnQuery does.
    """

    def __init__(self, kind: str = "q") -> None:
        self.kind = kind
        self.missing = MISSING_FLOAT if kind == "d" else MISSING
        super().__init__(columns.NumericColumn(kind, default=self.missing))

    def to_column_value(self, value: Any) -> float:
        """The number of a value, or what stands for none."""
        if value is None:
            return self.missing
        return float(value) if self.kind == "d" else int(value)

    def from_column_value(self, value: float) -> float:
        return value


class Moment(Number):
    """A time to sort and narrow by, in minutes."""

    def __init__(self) -> None:
        super().__init__("q")

    def to_column_value(self, value: dt.date | None) -> int:
        return MISSING if value is None else minutes(value)


def minutes(moment: dt.date) -> int:
    """A civil time as a number of minutes; a zone is taken as a label and shifts nothing."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time.min)
    return (moment.replace(tzinfo=None) - dt.datetime.min) // MINUTE


def microseconds(moment: dt.datetime) -> int:
    """A moment as a whole number, for where a minute is too coarse; without a zone it is one of UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return (aware - EPOCH) // dt.timedelta(microseconds=1)


def fingerprint(schema: fields.Schema) -> str:
    """What an index must have been written with to be read: its fields, the analysis, the format of files."""
    told = [_kind(name, field) for name, field in sorted(schema.items())]
    told += [str(analysis.VERSION), str(FORMAT)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _kind(name: str, field: fields.FieldType) -> str:
    return f"{name}:{type(field).__name__}:{getattr(field, 'kind', '')}"
