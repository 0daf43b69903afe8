"""Pages of a long list, found by the key of the row before or behind them: the last page costs what the first does.

A list is read part by part, along one database index. Within a part a page is at most two walks along that index: the
rows that share their first key with the row we come from, then the rows beyond. Nothing is counted, nothing skipped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

PAGE_SIZE = 30
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class Part:
    """The rows that fit `where`; the columns in `keys` are never empty there and tell the rows apart."""

    where: dict[str, Any]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A row's place in a list: the number of its part, and its keys there."""

    part: int
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return "_".join(_written(value) for value in self.values)


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the addresses of the others; an address is empty where there is no such page."""

    rows: list[Any]
    oldest: bool = False
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


@dataclass(frozen=True)
class Listing:
    """A list in pages. `order` names the columns of the index that all its parts are read along.

    Those in `against` run the other way: the most first, and those with as many by name.
    """

    queryset: QuerySet
    order: tuple[str, ...]
    parts: tuple[Part, ...]
    newest_first: bool = False
    size: int = PAGE_SIZE
    load: Callable[[list[Any]], list[Any]] = list
    against: frozenset[str] = frozenset()

    def page(self, query: QueryDict, path: str) -> Page:
        """The page that an address asks for; the first page when it asks for what there is not."""
        before, after = self.place(query.get("before", "")), self.place(query.get("after", ""))
        oldest = self.newest_first and query.get("order") == "oldest"
        ascending = oldest or not self.newest_first
        if before or query.get("page") == "last":
            rows, previous = self.take(before, ascending=not ascending, forward=False)
            rows, following = rows[::-1], before is not None
        else:
            rows, following = self.take(after, ascending=ascending, forward=True)
            previous = after is not None
        if not rows and (before or after):
            return self.page(QueryDict("order=oldest" if oldest else ""), path)
        return self._addressed(rows, path, oldest=oldest, previous=previous, following=following)

    def _addressed(self, rows: list[Any], path: str, *, oldest: bool, previous: bool, following: bool) -> Page:
        order = {"order": "oldest"} if oldest else {}

        def address(**asked: str) -> str:
            return f"{path}?{urlencode(order | asked)}" if order or asked else path

        return Page(
            self.load(rows),
            oldest,
            first=address() if previous else "",
            previous=address(before=str(self.place_of(rows[0]))) if previous else "",
            next=address(after=str(self.place_of(rows[-1]))) if following else "",
            last=address(page="last") if following else "",
        )

    def head(self, number: int) -> list[Any]:
        """The first rows in the usual order."""
        rows, _more = self.take(None, ascending=not self.newest_first, forward=True, size=number)
        return self.load(rows)

    def keys(self, *, oldest: bool, size: int) -> Iterator[list[int]]:
        """The numbers of all rows, so many at a time; each time anew from the key of the last one before."""
        thin = replace(self, queryset=self.queryset.values_list(*self.order, named=True))
        place, more = None, True
        while more:
            rows, more = thin.take(place, ascending=oldest or not self.newest_first, forward=True, size=size)
            if rows:
                place = self.place_of(rows[-1])
                yield [row[-1] for row in rows]

    def take(
        self, place: Place | None, *, ascending: bool, forward: bool, size: int | None = None
    ) -> tuple[list[Any], bool]:
        """The rows nearest to `place`, and whether there are more behind them."""
        size = size or self.size
        rows: list[Any] = []
        for walk in self.walks(place, ascending=ascending, forward=forward):
            rows += walk[: size + 1 - len(rows)]
            if len(rows) > size:
                return rows[:size], True
        return rows, False

    def walks(self, place: Place | None, *, ascending: bool, forward: bool) -> Iterator[QuerySet]:
        """The walks along the index that together give every row beyond `place`, nearest first."""
        parts = self.parts if forward else self.parts[::-1]
        signs = {key: "gt" if ascending != (key in self.against) else "lt" for key in self.order}
        order = [key if sign == "gt" else f"-{key}" for key, sign in signs.items()]
        for stretch in self._stretches(parts, place, signs):
            yield self.queryset.filter(**stretch).order_by(*order)

    def _stretches(
        self, parts: tuple[Part, ...], place: Place | None, signs: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        if place:
            own = self.parts[place.part]
            for step in beyond(own.keys, place.values, signs):
                yield own.where | step
            parts = parts[parts.index(own) + 1 :]
        for part in parts:
            yield part.where

    def place_of(self, row: Any) -> Place:
        for number, part in enumerate(self.parts):
            values = tuple(getattr(row, key) for key in part.keys)
            if None not in values:
                return Place(number, values)
        raise ValueError(f"{row!r} is in no part of this list")

    def place(self, text: str) -> Place | None:
        """The place that was written as `text`; None when it is no such thing."""
        for number, part in enumerate(self.parts):
            texts = text.split("_", len(part.keys) - 1)
            if text and len(texts) == len(part.keys):
                try:
                    return Place(number, tuple(map(self._read, part.keys, texts)))
                except ValidationError:
                    continue
        return None

    def _read(self, key: str, text: str) -> Any:
        value = self.queryset.model._meta.get_field(key).to_python(text)
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=dt.UTC)
        if "\0" in text or (isinstance(value, int) and not 0 <= value <= LARGEST_NUMBER):
            raise ValidationError("no database holds such a key")
        return value


def _written(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat().translate({ord("-"): None, ord(":"): None})
    return str(value)


def beyond(keys: tuple[str, ...], values: tuple[Any, ...], signs: dict[str, str]) -> Iterator[dict[str, Any]]:
    """What to look up, nearest first, for the rows whose keys come after `values`: first those that share a key."""
    for last in reversed(range(len(keys))):
        shared = dict(zip(keys[:last], values[:last], strict=True))
        yield shared | {f"{keys[last]}__{signs[keys[last]]}": values[last]}
