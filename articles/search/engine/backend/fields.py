"""What the fields of a Haystack index are to this engine, and its documents made ready for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whoosh.fields import FieldType, Schema

from ..schema import KEY, Exact, Moment, Number, Text

KINDS = {"date": Moment, "datetime": Moment, "integer": Number, "boolean": Number}
# What a condition on such a field means when it does not say: words are found by their beginning, or by any part.
NGRAMS = {"edge_ngram": "startswith", "ngram": "contains"}


@dataclass(frozen=True)
class Fields:
    """The fields of all indexes of a connection, by the names that documents have for them."""

    schema: Schema
    # Where words are looked for when no field is named.
    content: tuple[str, ...]
    # Fields of words that hold several values.
    several: frozenset[str]
    # Of a field of words, the field that holds its values whole.
    whole: Mapping[str, str]
    # Fields that mean another lookup than words when none is named.
    lookups: Mapping[str, str]
    # The names that conditions may use, where documents have another.
    names: Mapping[str, str]
    booleans: frozenset[str]
    # Which field is the text of a document.
    document_field: str

    def name(self, asked: str) -> str:
        return self.names.get(asked, asked)

    def document(self, key: str, prepared: Mapping[str, Any]) -> dict[str, Any]:
        """What Haystack prepared, as the engine takes it; what is empty is left out."""
        held = {name: value for name, value in prepared.items() if name in self.schema and name != KEY}
        told = {name: self._value(name, value) for name, value in held.items() if not _is_empty(value)}
        return {KEY: key, **told}

    def _value(self, name: str, value: Any) -> Any:
        several = isinstance(value, list | tuple | set | frozenset)
        if isinstance(self.schema[name], Text):
            return (
                [str(one) for one in (value if several else [value])] if several or name in self.several else str(value)
            )
        return sorted(value) if isinstance(value, set | frozenset) else value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple | set | frozenset) and not value)


def read(searchfields: Mapping[str, Any], filters: Iterable[str]) -> Fields:
    """`searchfields` are Haystack's, by the names in documents; `filters` are whole values that every document has."""
    indexed = {name: field for name, field in searchfields.items() if field.indexed and field.field_type != "location"}
    schema = {KEY: Exact(), **{name: Exact() for name in filters}}
    schema.update({name: _kind(field) for name, field in indexed.items()})
    words = {name: field for name, field in indexed.items() if isinstance(schema[name], Text)}
    facets = {field.facet_for: name for name, field in indexed.items() if getattr(field, "facet_for", None)}
    return Fields(
        schema=Schema(**schema),
        # Fields of several values hold names that a field of one value repeats.
        content=tuple(sorted(name for name, field in words.items() if _is_prose(field))),
        several=frozenset(name for name, field in words.items() if field.is_multivalued),
        whole={name: facets[field.instance_name] for name, field in words.items() if field.instance_name in facets},
        lookups={name: NGRAMS[field.field_type] for name, field in words.items() if field.field_type in NGRAMS},
        names={field.instance_name: name for name, field in indexed.items() if field.instance_name != name},
        booleans=frozenset(name for name, field in indexed.items() if field.field_type == "boolean"),
        document_field=next((name for name, field in indexed.items() if field.document), ""),
    )


def _kind(field: Any) -> FieldType:
    if field.field_type in KINDS:
        return KINDS[field.field_type]()
    if field.field_type == "float":
        return Number("d")
    if hasattr(field, "facet_for"):
        return Exact()
    return Text(float(field.boost or 1.0))


def _is_prose(field: Any) -> bool:
    return not field.is_multivalued and field.field_type not in NGRAMS
