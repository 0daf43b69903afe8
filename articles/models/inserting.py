"""Many new rows at once.

`bulk_create` asks each value of each row how it is written, which takes longer than to write it. Here each column is
asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connection, connections, models

# What such columns hold is given to the database as it is.
AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)
# Values that one statement has at most.
MOST_VALUES = 990

Rows = Sequence[Sequence[Any]]


def insert(objects: Sequence[models.Model]) -> None:
    """Store new objects of one kind, each of which has its primary key then. No signals are sent."""
    if not objects:
        return
    kind = type(objects[0])
    columns = [field.attname for field in kind._meta.concrete_fields if not field.primary_key]
    rows = list(map(attrgetter(*columns), objects))
    returning = f" RETURNING {_quoted(kind._meta.pk)}"
    keys = chain.from_iterable(cursor.fetchall() for cursor in _written(kind, columns, rows, returning))
    for item, (key,) in zip(objects, keys, strict=True):
        item.pk = key
        item._state.adding, item._state.db = False, connection.alias


def insert_rows(kind: type[models.Model], columns: Sequence[str], rows: Rows, behind: str = "") -> None:
    """Store rows that have these columns, without making objects of them. `behind` is SQL that ends the statement."""
    for _ in _written(kind, columns, rows, behind):
        continue


def _written(kind: type[models.Model], columns: Sequence[str], rows: Rows, behind: str) -> Iterator[Any]:
    """The cursor, after each of the statements that write the rows."""
    fields: list[Any] = [kind._meta.get_field(name) for name in columns]
    table, names = connection.ops.quote_name(kind._meta.db_table), ", ".join(map(_quoted, fields))
    into = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 (names of our own tables)
    mark = f"({', '.join(['%s'] * len(columns))})"
    values = _as_written(fields, rows)
    most = MOST_VALUES // len(columns)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), most):
            some = values[start : start + most]
            cursor.execute(into + ", ".join([mark] * len(some)) + behind, list(chain.from_iterable(some)))
            yield cursor


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _as_written(fields: Sequence[models.Field], rows: Rows) -> Rows:
    """The values as the database's driver takes them."""
    if not rows:
        return rows
    columns: Iterable[Iterable[Any]] = zip(*rows, strict=True)
    return list(zip(*map(_column_as_written, fields, columns), strict=True))


def _column_as_written(field: models.Field, values: Iterable[Any]) -> Iterable[Any]:
    if isinstance(field, AS_IT_IS):
        return values
    # To look up which connection is the thread's would take longer than to write a value.
    written: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=connections[connection.alias])
    return (value if value is None else written(value) for value in values)
