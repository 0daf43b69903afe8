"""Many new rows at once.

`bulk_create` asks each value of each row how it is written, which takes longer than to write it. Here each column is
asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    values = _as_written(kind, columns, list(map(attrgetter(*columns), objects)))
    keys: list[Any] = []
    most = MOST_VALUES // len(columns)
    with connection.cursor() as cursor:
        for start in range(0, len(values), most):
            some = values[start : start + most]
            into = f"{_into(kind, columns, len(some))} RETURNING {_quoted(kind._meta.pk)}"
            cursor.execute(into, list(chain.from_iterable(some)))
            keys += [key for (key,) in cursor.fetchall()]
    for item, item_key in zip(objects, keys, strict=True):
        item.pk = item_key
        item._state.adding, item._state.db = False, connection.alias


def insert_rows(kind: type[models.Model], columns: Sequence[str], rows: Rows, behind: str = "") -> None:
    """Store rows that have these columns, without making objects of them. `behind` is SQL that ends the statement."""
    with connection.cursor() as cursor:
        cursor.executemany(_into(kind, columns, 1) + behind, _as_written(kind, columns, rows))


def _into(kind: type[models.Model], columns: Sequence[str], count: int) -> str:
    """The statement that stores `count` rows of these columns."""
    names = ", ".join(_quoted(kind._meta.get_field(name)) for name in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    table = connection.ops.quote_name(kind._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)}"  # noqa: S608 (names of our own tables)


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _as_written(kind: type[models.Model], names: Sequence[str], rows: Rows) -> list[tuple[Any, ...]]:
    """The values of these columns as the database's driver takes them."""
    columns: Iterable[Any] = zip(*rows, strict=True) if rows else [()] * len(names)
    written = [
        _column_as_written(kind._meta.get_field(name), column) for name, column in zip(names, columns, strict=True)
    ]
    return list(zip(*written, strict=True))


def _column_as_written(field: Any, values: Iterable[Any]) -> Iterable[Any]:
    if isinstance(field, AS_IT_IS):
        return values
    # To look up which connection is the thread's would take longer than to write a value.
    written: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=connections[connection.alias])
    return (value if value is None else written(value) for value in values)
