"""Documents read a word at a time into dicts, as plainly as it goes; and a segment read back in the same shape."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import numpy as np
from whoosh.fields import Schema
from whoosh.util.numeric import length_to_byte

from articles.search.engine import analysis
from articles.search.engine.schema import GAP, KEY, Exact, Number, Text, exact_bytes
from articles.search.engine.segments.segment import Segment

MARKS = {mark.encode() for mark in (analysis.START, analysis.END, analysis.PARAGRAPH)}


def read(schema: Schema, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """All that a segment of these documents should hold."""
    found: dict[str, Any] = {"keys": [document[KEY] for document in documents], "terms": {}}
    found["languages"] = _counted(analysis.language_of(document.get("language") or "") for document in documents)
    for name, field in schema.items():
        values = [document.get(name) for document in documents]
        if isinstance(field, Number):
            found[f"numbers.{name}"] = [field.to_column_value(value) for value in values]
        elif isinstance(field, Exact):
            found["terms"][name] = _exact(values)
        elif isinstance(field, Text):
            read_all = [
                _text(value, document.get("language") or "") for value, document in zip(values, documents, strict=True)
            ]
            found["terms"][name] = _turned([places for places, _ in read_all])
            found[f"lengths.{name}"] = [length_to_byte(length) for _, length in read_all]
            found[f"total.{name}"] = sum(length for _, length in read_all)
    return found


def _counted(items: Any) -> dict[Any, int]:
    counts: dict[Any, int] = defaultdict(int)
    for item in items:
        counts[item] += 1
    return dict(counts)


def _exact(values: list[Any]) -> dict[bytes, dict[int, list[tuple[int, bytes]]]]:
    terms: dict[bytes, dict[int, list[tuple[int, bytes]]]] = {}
    for number, value in enumerate(values):
        for single in [] if value is None else value if isinstance(value, list) else [value]:
            terms.setdefault(exact_bytes(single), {})[number] = [(0, b"")]
    return terms


def _text(value: Any, language: str) -> tuple[list[tuple[bytes, int, bytes]], int]:
    """Each term of a text with its place and form; and the length of the text."""
    key, found, at, length = analysis.language_of(language), [], 0, 0
    for single in value if isinstance(value, list) else [value] if value else []:
        if isinstance(value, list):
            found.append((analysis.START.encode(), at, b""))
            at += 1
        for paragraph in analysis.paragraphs(single):
            places = [place for run in analysis.runs(paragraph) for place in analysis.places(run, key)]
            if places:
                found.append((analysis.PARAGRAPH.encode(), at, b""))
            for place in places:
                for number, term in enumerate(place.terms):
                    found.append((term.encode(), at, b"" if number else place.form.encode()))
                at += 1
            length += len(places)
        if isinstance(value, list):
            found.append((analysis.END.encode(), at, b""))
            at += GAP
    return found, length


def _turned(texts: list[list[tuple[bytes, int, bytes]]]) -> dict[bytes, dict[int, list[tuple[int, bytes]]]]:
    terms: dict[bytes, dict[int, list[tuple[int, bytes]]]] = {}
    for number, text in enumerate(texts):
        for term, at, form in text:
            terms.setdefault(term, {}).setdefault(number, []).append((at, form))
    return terms


def held(schema: Schema, segment: Segment) -> dict[str, Any]:
    """What a segment holds, in the same shape."""
    found: dict[str, Any] = {"keys": segment.keys(np.arange(segment.count)), "terms": {}}
    found["languages"] = segment.languages
    for name, field in schema.items():
        if isinstance(field, Number):
            found[f"numbers.{name}"] = segment.numbers(name).tolist()
        else:
            found["terms"][name] = _terms(segment, name)
        if isinstance(field, Text):
            found[f"lengths.{name}"] = segment.lengths(name).tolist()
            found[f"total.{name}"] = segment.total(name)
    return found


def _terms(segment: Segment, name: str) -> dict[bytes, dict[int, list[tuple[int, bytes]]]]:
    names = form_names(segment, name)
    terms: dict[bytes, dict[int, list[tuple[int, bytes]]]] = {}
    for ordinal in segment.terms_of(name):
        times = segment.times(ordinal).tolist()
        forms = segment.forms(ordinal)
        numbers = [0] * sum(times) if forms is None else forms.tolist()
        told = [names.get((ordinal, number), b"") for number in numbers]
        standing = iter(zip(segment.places(ordinal).tolist(), told, strict=True))
        ids = segment.ids(ordinal).tolist()
        terms[segment.term(ordinal)] = {
            number: [next(standing) for _ in range(often)] for number, often in zip(ids, times, strict=True)
        }
    return terms


def form_names(segment: Segment, name: str) -> dict[tuple[int, int], bytes]:
    """Each form of a field by the ordinal of its term and its number there."""
    entries = segment.form_range(name, b"", b"\xff")
    told = zip(
        segment.form_terms[entries.start : entries.stop],
        segment.form_numbers[entries.start : entries.stop],
        strict=True,
    )
    return {(int(term), int(number)): segment.form(entry) for entry, (term, number) in zip(entries, told, strict=True)}


WORDS = (
    "ferry Ferry FERRY ferries flood floods flooded U.S. us US well-known L'homme l’homme homme hommes café cafe naïve"
    " chats chat Straße strasse schöne Häuser House houses 東京都 東京 大阪に行く ราชการ ___ _ ' -"
    " don't Don’t O'Neill's news comes that a 1,024 ٣٤ كتاب الكتاب İstanbul ﬁsh x.y.z a.b e-mail re-elect-ed-ly ܐ"
    " \u0301 \u200d"
).split()
BETWEEN = [" "] * 12 + [
    "\n",
    "\n\n",
    "\r\n\r\n",
    "\n \n\n",
    ". ",
    "\x00",
    "\x01",
    " \x02 \x03 ",
    "\t",
    ", ",
    "\n\n___\n\n",
]


def text(chance: random.Random, longest: int = 40) -> str:
    return "".join(chance.choice(WORDS) + chance.choice(BETWEEN) for _ in range(chance.randrange(longest)))
