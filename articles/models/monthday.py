"""The day of the year of a moment, whatever the year."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler


class MonthDay(Func):
    """13 April as 413. Either database can keep an index of it, so its words must be the same wherever it is asked."""

    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """A moment is kept as a text that begins with its day."""
        template = "CAST(replace(substr(%(expressions)s, 6, 5), '-', '') AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        moment = "%(expressions)s AT TIME ZONE 'UTC'"
        template = f"(EXTRACT(MONTH FROM {moment}) * 100 + EXTRACT(DAY FROM {moment}))::integer"
        return self.as_sql(compiler, connection, template=template, **context)
