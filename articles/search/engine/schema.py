"""Haystack's fields as Whoosh's: text with positions, exact values, and moments to sort by. Nothing is stored."""

from __future__ import annotations

import datetime as dt
import hashlib
from array import array
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.fields import SearchField
from whoosh import __version__ as whoosh_version
from whoosh import columns, fields, formats

from . import analysis

FORMAT = 1
# Sorts before every date there is; what has no date comes last both ways all the same.
UNDATED = -(1 << 62)
MINUTE = dt.timedelta(minutes=1)
# No phrase reaches from one value of a field into the next.
GAP = 8


class Places(formats.Positions):
    """Positions as a plain array of distances: half the size of a pickle, and nothing to run when it is read."""

    def encode(self, places: list[int]) -> bytes:
        steps = [place - before for before, place in zip([0, *places], places, strict=False)]
        code = "H" if max(steps) < 1 << 16 else "I"
        return code.encode() + array(code, steps).tobytes()

    def decode_positions(self, encoded: bytes) -> list[int]:
        steps = array(chr(encoded[0]))
        steps.frombytes(encoded[1:])
        return list(accumulate(steps))

    def decode_frequency(self, encoded: bytes) -> int:
        return (len(encoded) - 1) // (2 if encoded[:1] == b"H" else 4)


class Text(fields.FieldType):
    """Words with their positions. Several values are kept apart, each between a START and an END.

    `boost` multiplies the score of what is found here.
    """

    def __init__(self, boost: float = 1.0) -> None:
        super().__init__(format=Places(), analyzer=None, scorable=True)
        self.boost = boost

    def index(self, value: Any, **options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        found: dict[str, list[int]] = {}
        if isinstance(value, str):
            analysis.placed(value, found)
        else:
            place_values(value, found)
        for term, places in found.items():
            yield term.encode(), len(places), float(len(places)), self.format.encode(places)


def place_values(values: list[str], found: dict[str, list[int]]) -> None:
    at = 0
    for value in values:
        found.setdefault(analysis.START, []).append(at)
        end = analysis.placed(value, found, at + 1)
        found.setdefault(analysis.END, []).append(end)
        at = end + GAP


class Exact(fields.FieldType):
    """Whole values, as they are: keys and facets."""

    def __init__(self, column: columns.Column | None = None) -> None:
        super().__init__(format=formats.Existence(), analyzer=None, unique=column is not None, sortable=column)

    def index(self, value: Any, **options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        values = value if isinstance(value, list | tuple | set) else [value]
        for single in {exact_bytes(single) for single in values}:
            yield single, 1, 1.0, b""


def exact_bytes(value: Any) -> bytes:
    """A value as it is indexed: a long one by its beginning and a mark of the whole."""
    encoded = str(value).encode("utf-8", "replace")
    if len(encoded) <= 400:
        return encoded
    return encoded[:300] + b"\x00" + hashlib.sha256(encoded).hexdigest().encode()


class Moment(fields.COLUMN):
    """A time to sort and narrow by, in minutes."""

    def __init__(self) -> None:
        super().__init__(columns.NumericColumn("q", default=UNDATED))

    def to_column_value(self, value: Any) -> int:
        return minutes(value)

    def from_column_value(self, value: int) -> int:
        return value


def minutes(moment: dt.date) -> int:
    """A civil time as a number of minutes; a zone is taken as a label and shifts nothing."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time.min)
    return (moment.replace(tzinfo=None) - dt.datetime.min) // MINUTE


def build(searchfields: Mapping[str, SearchField]) -> fields.Schema:
    """The Whoosh schema of a Haystack index."""
    schema = {ID: Exact(columns.VarBytesColumn()), DJANGO_CT: Exact(), DJANGO_ID: Exact()}
    schema.update({field.index_fieldname: _field(field) for field in searchfields.values() if field.indexed})
    return fields.Schema(**schema)


def _field(field: SearchField) -> fields.FieldType:
    if field.field_type in ("date", "datetime"):
        return Moment()
    if hasattr(field, "facet_for") or field.field_type != "string":
        return Exact()
    return Text(float(field.boost or 1.0))


def content_fields(schema: fields.Schema, searchfields: Mapping[str, SearchField]) -> tuple[str, ...]:
    """Where words are looked for when no field is named: all text of one value.

    Fields of several values hold names that a single-valued field repeats.
    """
    single = (field.index_fieldname for field in searchfields.values() if not field.is_multivalued)
    return tuple(sorted(name for name in single if isinstance(schema[name], Text)))


def fingerprint(schema: fields.Schema) -> str:
    """What an index must have been written with to be read: fields, the analysis, the formats of files."""
    described = [f"{name}:{type(field).__name__}" for name, field in sorted(schema.items())]
    told = [*described, str(analysis.VERSION), str(FORMAT), ".".join(map(str, whoosh_version))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
