"""Queries that every page asks. Django takes several times as long to write their SQL as a database to answer them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# Of a statement, the numbers of values whose SQL is kept.
KEPT = 128


class Made(NamedTuple):
    """The SQL, its parameters with the first and the last place of the values, and how columns become Python's."""

    sql: str
    before: tuple[Any, ...]
    behind: tuple[Any, ...]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]


class Statement:
    """The rows of a query on some values, such as primary keys; its SQL is written once for each number of values.

    `query` makes the query from a list of values, which it must use once, all of them, in their order. `kind` is int
    or str, as the values are.
    """

    def __init__(self, query: Callable[[list[Any]], QuerySet], kind: type[int] | type[str]) -> None:
        self._query, self._kind = query, kind
        self._made = lru_cache(KEPT)(self._make)

    def rows(self, values: Sequence[int | str] = ()) -> list[tuple[Any, ...]]:
        """In the order of the query."""
        made = self._made(len(values))
        if made is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(made.sql, [*made.before, *values, *made.behind])
            rows = cursor.fetchall()
        return [_converted(row, made.converters) for row in rows] if made.converters else rows

    def _make(self, count: int) -> Made | None:
        marks = [self._kind(-1 - number) for number in range(count)]
        compiler = self._query(marks).query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        at = next((place for place, value in enumerate(params) if [*params[place : place + count]] == marks), 0)
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        columns = [(place, functions, column) for place, (functions, column) in converters.items()]
        return Made(sql, tuple(params[:at]), tuple(params[at + count :]), columns)


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Callable[..., Any]], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for place, functions, column in converters:
        for function in functions:
            values[place] = function(values[place], column, connection)
    return tuple(values)
