"""Objects of JSON, whoever wrote them, become records: exactly where they have our shape, else by the names in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import islice
from typing import Any

from articles.importers.columns import TEXTS, guess
from articles.importers.rows import MOST_COLUMNS, SAMPLE_ROWS, SETTLING_ROWS, Plan, Row, plan
from articles.records import ArticleRecord, Guidance, Refused, Unreadable, from_json

_OURS = {item.name for item in fields(ArticleRecord)}
_NAMES = ("authors", "sections", "tags")
_TEXTS = _OURS - {*_NAMES, "date", "images", "page", "captured", "status"}
_LIKE_OUR_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d.*)?)?)?")
# Which fields can be read from an object as a whole; any other object is opened, and its keys count as columns.
_WHOLE = frozenset({"title", "body", "html", "standfirst", "byline", "source", "language", "canonical_url", "date"})
_WHOLE |= {"authors", "sections", "tags", "images", "image_url"}
# Where a key means a field, but an object under it is more likely to be the whole article.
_ENVELOPES = frozenset("data article content story document doc post item news record _source".split())
_BODIES = TEXTS - {"title"}
DEEPEST_LIST = 4
_REASON_LENGTH = 500
# A value takes up to a hundred times the memory of its letters; a line of our own has far fewer than this.
MOST_OBJECTS, UNCOUNTED_LENGTH = 500_000, 1_000_000


def is_ours(value: Any) -> bool:
    """Whether it has our names, and values like ours: what is wrong about them is then a mistake, not another shape."""
    return isinstance(value, dict) and value.keys() <= _OURS and all(map(_is_like_ours, value, value.values()))


def _is_like_ours(name: str, value: Any) -> bool:
    if name in _NAMES:
        return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)
    if name in _TEXTS:
        return not isinstance(value, dict | list)
    if name == "date":
        return isinstance(value, dict) or (isinstance(value, str) and bool(_LIKE_OUR_DATE.fullmatch(value.strip())))
    return value is not None


Reader = Callable[[Any, str], ArticleRecord | Unreadable]


def reader(first: Iterator[Any], guidance: Guidance) -> Reader:
    """What makes records of the values of a file, of which `first` are the first."""
    exact = not guidance.columns
    made = plan(foreign(first, exact), guidance)

    def read(value: Any, place: str) -> ArticleRecord | Unreadable:
        try:
            return _record(value, place, made, exact)
        except Refused as error:
            return Unreadable(place, printable(str(error)))

    return read


def _record(value: Any, place: str, made: Plan, exact: bool) -> ArticleRecord:
    if not exact or not isinstance(value, dict) or not value.keys() <= _OURS:
        return made.record(row(value), place)
    try:
        return from_json(value, place)
    except Refused:
        if is_ours(value):
            raise
        return made.record(row(value), place)


def foreign(values: Iterable[Any], exact: bool = True) -> Iterator[Row]:
    """The objects that are not of our own shape; none where the first many are. A person's columns hold for all."""
    met = False
    for number, value in enumerate(islice(values, SETTLING_ROWS)):
        if isinstance(value, dict) and len(value) <= MOST_COLUMNS and not (exact and is_ours(value)):
            met = True
            yield row(value)
        elif not met and number > SAMPLE_ROWS:
            return


def row(value: Any) -> Row:
    """The object with its inner objects opened once, so that `fields.headline` is a column. Raises `Refused`."""
    if not isinstance(value, dict):
        raise Refused(f"expected an object with a title and a text, found {type(value).__name__}")
    if len(value) > MOST_COLUMNS:
        raise Refused(
            f"an object with {len(value):,} keys; an article has a few, and at most {MOST_COLUMNS:,} are read"
        )
    return value if not any(type(item) is dict for item in value.values()) else dict(_opened(value))


def _opened(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, item in value.items():
        if isinstance(item, dict) and not _is_whole(name, item):
            yield from ((f"{name}.{inner}", part) for inner, part in item.items())
        else:
            yield name, item


def _is_whole(name: str, item: dict[str, Any]) -> bool:
    if name.casefold() in _ENVELOPES and sum(bool(guess(inner)) for inner in item) > 1:
        return False
    return guess(name) in _WHOLE


def is_article(value: Any) -> bool:
    """Whether the names in an object are those of an article."""
    if not isinstance(value, dict):
        return False
    meant = {guess(name.rpartition(".")[2]) for name in dict(_opened(value))}
    return bool(meant & {"body", "html"}) or ("title" in meant and len(meant - {""}) > 1)


def is_too_much(text: str | bytes) -> bool:
    """Whether there are so many values in it that reading them would take all memory."""
    if len(text) < UNCOUNTED_LENGTH:
        return False
    opened = text.count(b"{") + text.count(b"[") if isinstance(text, bytes) else text.count("{") + text.count("[")
    return opened > MOST_OBJECTS


TOO_MUCH = f"there are more than {MOST_OBJECTS:,} lists and objects in it; an article has a few"


def printable(reason: str) -> str:
    """A refusal may quote what was refused; a megabyte of it, or half a character, would help nobody."""
    return reason[:_REASON_LENGTH].encode("utf-8", "replace").decode("utf-8")


_TOKEN = re.compile(r'"(?P<text>(?:[^"\\]|\\.){0,200})"(?P<key>\s*:)?|"(?:[^"\\]|\\.)*"?|[{}\[\]]')


def holds_list(head: str) -> bool:
    """Whether the text begins an object, itself no article, that holds a list of articles under one of its keys, or
    articles under keys of their own."""
    inside: list[str] = []
    outer: set[str] = set()
    inner = 0
    for token in _TOKEN.finditer(head):
        mark = token.group()
        if mark in ("{", "["):
            inside.append(mark)
        elif mark in ("}", "]"):
            inside = inside[:-1]
        elif token["key"] and len(inside) == 1:
            outer.add(guess(token["text"]))
        elif token["key"] and guess(token["text"]) in TEXTS:
            if inside[-2:] == ["[", "{"] or inside[-3:] == ["[", "{", "{"]:
                return outer.isdisjoint(_BODIES)
            inner += inside == ["{", "{"] and guess(token["text"]) == "title"
    return inner > 1 and outer <= {""}


def articles_in(value: Any, deep: int = 0) -> list[Any]:
    """The articles in a whole value: itself, or the first list of articles in it, or those under keys of their own."""
    inner = list(value.values()) if isinstance(value, dict) else []
    if len(inner) > 1 and all(map(is_article, inner)):
        return inner
    if not inner or _has_body(value):
        return [value]
    for item in inner if deep < DEEPEST_LIST else ():
        if isinstance(item, list) and item and is_article(item[0]):
            return item
        if isinstance(item, dict) and (found := articles_in(item, deep + 1)) and found != [item]:
            return found
    return [value]


def _has_body(value: dict[str, Any]) -> bool:
    return any(
        guess(name) in _BODIES and bool(item) and type(item[0] if isinstance(item, list) else item) is str
        for name, item in row(value).items()
    )
