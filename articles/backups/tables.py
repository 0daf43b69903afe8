"""Rows as lines of JSON, the same from every database, and back into rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, ForeignKey, Model

from .. import models
from ..models.versions import GLANCE, glance_at

CHUNK = 200
# What the database counts and copies by itself (see ledger.py), what is found out anew from the texts, and what is read
# off the records of versions: a backup that was made before there were columns for it is restored as any other. What
# readers searched for is thrown away after some weeks, and is in no backup.
COUNTED = ("published_count",)
COPIED = ("status", "earliest")
DERIVED = (
    models.Edition, models.Period, models.IndexBacklog, models.IndexStamp, models.Sketch, models.SketchKey,
    models.FruitlessSearch,
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """The rows of one model. `without` are columns that are not written, `many` fields that lead to several rows.

    A backup that was made before there was a `later` table is restored without it.
    """

    name: str
    model: type[Model]
    without: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    later: bool = False

    @cached_property
    def columns(self) -> dict[str, Field[Any, Any]]:
        held = {field.attname: field for field in self.model._meta.concrete_fields}
        return {name: field for name, field in held.items() if name not in self.without}

    @property
    def fields(self) -> list[str]:
        return sorted((*self.columns, *self.many))

    def rows(self, fields: Collection[str]) -> Iterator[dict[str, Any]]:
        """All rows in the order of their keys, with these fields."""
        for item in self.model._default_manager.order_by("pk").iterator(chunk_size=CHUNK):
            yield {name: self._said(item, name) for name in fields}

    def _said(self, item: Model, name: str) -> Any:
        if name in self.many:
            return sorted(_named(other) for other in getattr(item, name).all())
        value = getattr(item, name)
        if value is not None and _is_kind(self.columns[name]):
            return ".".join(ContentType.objects.get_for_id(value).natural_key())
        return value.isoformat() if isinstance(value, dt.datetime) else value

    def load(self, rows: Iterable[list[dict[str, Any]]]) -> None:
        """Make these rows, which come some at a time."""
        for some in rows:
            self.model._default_manager.bulk_create([self._item(row) for row in some])
            self._lead(some)

    def _item(self, row: dict[str, Any]) -> Model:
        values = {name: self._value(name, value) for name, value in row.items() if name in self.columns}
        if self.model is User:
            values["password"] = make_password(None)
        if self.model is models.ArticleVersion:
            values |= glance_at(values["record"])
        return self.model(**values)

    def _value(self, name: str, value: Any) -> Any:
        field = self.columns[name]
        if value is not None and _is_kind(field):
            return ContentType.objects.get_by_natural_key(*value.split(".")).pk
        return value if isinstance(field, ForeignKey) else field.to_python(value)

    def _lead(self, rows: list[dict[str, Any]]) -> None:
        """Lead from these rows, which are there by now, to several others each."""
        for row in rows if self.many else ():
            item = self.model._default_manager.get(pk=row["id"])
            for name in self.many:
                getattr(item, name).set(_key_of(value) for value in row.get(name, []))


def _is_kind(field: Field[Any, Any]) -> bool:
    """Whether the column leads to a model; the number of a model is another in each database."""
    return isinstance(field, ForeignKey) and field.related_model is ContentType


def _named(item: Model) -> Any:
    return ".".join(item.natural_key()) if isinstance(item, Permission) else item.pk


def _key_of(value: Any) -> Any:
    """The primary key of what `_named` named."""
    return Permission.objects.get_by_natural_key(*value.split(".")).pk if isinstance(value, str) else value


TABLES = (
    Table("groups", Group, many=("permissions",)),
    Table("users", User, without=("password",), many=("groups", "user_permissions")),
    Table("sources", models.Source, without=COUNTED),
    Table("sections", models.Section, without=COUNTED),
    Table("tags", models.Tag, without=COUNTED),
    Table("authors", models.Author, without=COUNTED),
    Table("source_aliases", models.SourceAlias),
    Table("section_aliases", models.SectionAlias),
    Table("tag_aliases", models.TagAlias),
    Table("author_aliases", models.AuthorAlias),
    Table("originals", models.Original),
    Table("articles", models.Article),
    Table("article_sections", models.ArticleSection, without=COPIED),
    Table("article_tags", models.ArticleTag, without=COPIED),
    Table("article_authors", models.ArticleAuthor, without=COPIED),
    Table("images", models.Image),
    Table("import_jobs", models.ImportJob),
    Table("article_versions", models.ArticleVersion, without=GLANCE),
    Table("import_inputs", models.ImportInput),
    Table("import_outcomes", models.ImportOutcome),
    Table("name_rings", models.NameRing),
    Table("followed_searches", models.FollowedSearch),
    Table("takedowns", models.Takedown, later=True),
    Table("distinct_articles", models.Distinct, later=True),
    Table("log", LogEntry),
)


def line_of(row: dict[str, Any]) -> bytes:
    """A row as its line, of which there is only one way to write it."""
    try:
        return _dumped(row, ensure_ascii=False)
    except UnicodeEncodeError:
        # Half of a surrogate pair, which JSON can spell and UTF-8 cannot.
        return _dumped(row, ensure_ascii=True)


def _dumped(row: dict[str, Any], *, ensure_ascii: bool) -> bytes:
    return f"{json.dumps(row, ensure_ascii=ensure_ascii, sort_keys=True, separators=(',', ':'))}\n".encode()
