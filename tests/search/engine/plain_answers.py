"""Queries answered as plainly as it goes, a document and a word at a time, to compare the engine's answers with."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import query
from whoosh.fields import Schema
from whoosh.util.numeric import byte_to_length, length_to_byte

from articles.search.engine.asking.results import Key
from articles.search.engine.asking.snapshot import Snapshot
from articles.search.engine.building.builder import SegmentBuilder
from articles.search.engine.schema import Exact, Moment, Number, Text, minutes
from articles.search.engine.segments.segment import Segment

SCHEMA = Schema(id=Exact(), body=Text(), title=Text(), tag=Exact(), date=Moment(), pages=Number(), weight=Number("d"))
# Words that no language shortens; the first ones are common, the last ones rare.
WORDS = ["kalo", "brum", "tilk", "vond", "zarg", "plim", "drov", "hask", "nurt", "folg", "gwim", "jorb"]
TAGS = ["apt", "bow", "cot", "dew"]
B, K1 = 0.75, 1.2


def document(number: int, draw: random.Random) -> dict[str, Any]:
    weights = [1 / (place + 1) ** 2 for place in range(len(WORDS))]
    return {
        "id": f"made.document.{number}",
        "body": " ".join(draw.choices(WORDS, weights, k=draw.randint(0, 30))),
        "title": " ".join(draw.choices(WORDS, k=draw.randint(0, 2))),
        "tag": draw.sample(TAGS, draw.randint(0, 3)),
        "date": dt.date(1950 + draw.randint(0, 4), draw.randint(1, 12), 1) if draw.random() < 0.8 else None,
        "pages": draw.randint(-3, 6) if draw.random() < 0.9 else None,
        "weight": round(draw.uniform(-2, 2), 1) if draw.random() < 0.9 else None,
    }


@dataclass
class Plain:
    """All documents, deleted ones too, as one row."""

    documents: list[dict[str, Any]]
    deleted: set[int] = field(default_factory=set)

    def words(self, number: int, name: str) -> list[str]:
        return list(self.documents[number][name].split())

    def holders(self, name: str, text: str) -> dict[int, float]:
        """Documents that have a term, with how often."""
        if name == "tag":
            return {number: 1.0 for number, held in enumerate(self.documents) if text in held["tag"]}
        counts = {number: float(self.words(number, name).count(text)) for number in range(len(self.documents))}
        return {number: times for number, times in counts.items() if times}

    def everything(self) -> dict[int, float]:
        return {number: 1.0 for number in range(len(self.documents)) if number not in self.deleted}

    def _term(self, asked: query.Term) -> dict[int, float]:
        name, held = asked.fieldname, self.holders(asked.fieldname, asked.text)
        if name != "tag":
            count = len(self.documents)
            average = sum(len(self.words(number, name)) for number in range(count)) / count or 1
            rarity = log(count / (len(held) + 1)) + 1
            lengths = {number: byte_to_length(length_to_byte(len(self.words(number, name)))) for number in held}
            held = {
                number: rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * lengths[number] / average))
                for number, times in held.items()
            }
        return {number: score * asked.boost for number, score in held.items() if number not in self.deleted}

    def _range(self, asked: query.NumericRange) -> dict[int, float]:
        found = {}
        for number in self.everything():
            value = self.documents[number][asked.fieldname]
            if value is None:
                continue
            value = minutes(value) if isinstance(value, dt.date) else value
            above = asked.start is None or (value > asked.start if asked.startexcl else value >= asked.start)
            if above and (asked.end is None or (value < asked.end if asked.endexcl else value <= asked.end)):
                found[number] = asked.boost
        return found

    def _terms_between(self, asked: query.TermRange) -> dict[int, float]:
        terms = [
            tag
            for tag in TAGS
            if (tag > asked.start or (tag == asked.start and not asked.startexcl))
            and (tag < asked.end or (tag == asked.end and not asked.endexcl))
        ]
        return {number: asked.boost for number in self.everything() if set(terms) & set(self.documents[number]["tag"])}

    def find(self, asked: query.Query) -> dict[int, float]:
        """The number and the score of each match."""
        if isinstance(asked, query.Every):
            return dict.fromkeys(self.everything(), asked.boost)
        if isinstance(asked, query.Term):
            return self._term(asked)
        if isinstance(asked, query.NumericRange):
            return self._range(asked)
        if isinstance(asked, query.TermRange):
            return self._terms_between(asked)
        if isinstance(asked, query.ConstantScoreQuery):
            return dict.fromkeys(self.find(asked.child), asked.score)
        if isinstance(asked, query.Not):
            gone = self.find(asked.query)
            return {number: 1.0 for number in self.everything() if number not in gone}
        return self._compound(asked)

    def _compound(self, asked: query.Query) -> dict[int, float]:
        parts = [self.find(part) for part in asked.children()]
        if isinstance(asked, query.And):
            numbers = set.intersection(*map(set, parts))
            return {number: sum(part[number] for part in parts) * asked.boost for number in numbers}
        if isinstance(asked, query.Or | query.DisjunctionMax):
            join = sum if isinstance(asked, query.Or) else max
            numbers = set().union(*parts)
            return {
                number: join([part[number] for part in parts if number in part]) * asked.boost for number in numbers
            }
        first, second = parts
        if isinstance(asked, query.AndNot):
            return {number: score for number, score in first.items() if number not in second}
        if isinstance(asked, query.Require):
            return {number: score for number, score in first.items() if number in second}
        assert isinstance(asked, query.AndMaybe)
        return {number: score + second.get(number, 0) for number, score in first.items()}

    def ordered(self, scores: dict[int, float], order: Sequence[Key]) -> list[int]:
        """All matches in an order, by one sort after the other, the last key first."""
        numbers = sorted(scores, key=lambda number: (self._freshness(number), number), reverse=True)
        for key in reversed(order):
            numbers.sort(key=lambda number: self._value(number, key.field, scores), reverse=key.descending)
            numbers.sort(key=lambda number: key.field != "score" and not self._has(number, key.field))
        return numbers

    def _freshness(self, number: int) -> int:
        moment = self.documents[number]["date"]
        return minutes(moment) if moment else -1

    def _has(self, number: int, name: str) -> bool:
        return self.documents[number][name] not in (None, [])

    def _value(self, number: int, name: str, scores: dict[int, float]) -> Any:
        if name == "score":
            return scores[number]
        value = self.documents[number][name]
        if isinstance(value, dt.date):
            return minutes(value)
        if name == "tag":
            return min(value, default="")
        return 0 if value is None else value


def tree(draw: random.Random, depth: int = 3) -> query.Query:
    """A query of any kind."""
    boost = draw.choice([1.0, 1.0, 2.5])
    if depth == 0 or draw.random() < 0.3:
        return leaf(draw, boost)
    kind = draw.choice(["and", "or", "best", "not", "and not", "maybe", "require", "constant"])
    parts = [tree(draw, depth - 1) for _ in range(draw.randint(2, 4))]
    if kind in ("and", "or", "best"):
        return {"and": query.And, "or": query.Or, "best": query.DisjunctionMax}[kind](parts, boost=boost)
    if kind == "not":
        return query.And([parts[0], query.Not(parts[1])])
    if kind == "constant":
        return query.ConstantScoreQuery(parts[0], draw.choice([0.0, 1.0, 3.0]))
    return {"and not": query.AndNot, "maybe": query.AndMaybe, "require": query.Require}[kind](parts[0], parts[1])


def leaf(draw: random.Random, boost: float) -> query.Query:
    kind = draw.choice(["body", "body", "body", "title", "tag", "range", "float", "date", "tags", "every", "not"])
    if kind in ("body", "title"):
        return query.Term(kind, draw.choice(WORDS), boost=boost)
    if kind == "tag":
        return query.Term("tag", draw.choice(TAGS), boost=boost)
    if kind == "every":
        return query.Every(boost=boost)
    if kind == "not":
        return query.Not(query.Term("body", draw.choice(WORDS)))
    exclusive = [draw.random() < 0.5, draw.random() < 0.5]
    if kind == "tags":
        return query.TermRange("tag", *sorted(draw.choices(TAGS, k=2)), *exclusive, boost=boost)
    if kind == "date":
        bounds = sorted(minutes(dt.date(draw.randint(1950, 1954), draw.randint(1, 12), 1)) for _ in range(2))
        return query.NumericRange("date", *bounds, *exclusive, boost=boost)
    name, bounds = ("pages", [-1, 3]) if kind == "range" else ("weight", [-0.5, 1.2])
    ends = [end if draw.random() < 0.8 else None for end in bounds]
    return query.NumericRange(name, *ends, *exclusive, boost=boost)


def indexed(folder: Path, parts: Sequence[list[dict[str, Any]]], deleted: set[int] = frozenset()) -> Snapshot:
    """The documents of each part as one segment; `deleted` counts through all of them."""
    segments, masks, base = [], [], 0
    for number, part in enumerate(parts):
        segments.append(segment(folder / f"{number}.seg", part))
        masks.append(np.array([base + at in deleted for at in range(len(part))], bool))
        base += len(part)
    return Snapshot(SCHEMA, segments, [mask if mask.any() else None for mask in masks], "made")


def segment(path: Path, documents: list[dict[str, Any]]) -> Segment:
    builder = SegmentBuilder(SCHEMA)
    for each in documents:
        builder.add(each)
    builder.write(path)
    return Segment(path)
