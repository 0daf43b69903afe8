"""The names that articles are filed under: sources, sections, tags and authors."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Any, Self

from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify

NAME_LENGTH = 200
SLUG_LENGTH = 80


def name_key(name: str) -> str:
    """What two spellings of one name share: case, width of letters and spacing do not tell names apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class NameQuerySet(models.QuerySet):
    def named(self, names: Iterable[str]) -> dict[str, Any]:
        """The rows of these names by their `name_key`; those that do not exist are made. Blank names are left out."""
        wanted = {name_key(name): " ".join(name.split()) for name in names if name_key(name)}
        held = self._held(wanted)
        missing = [name for key, name in wanted.items() if key not in held]
        if not missing:
            return held
        # Another process may make the same name now: its row is as good as ours.
        self.bulk_create(self._new(missing), ignore_conflicts=True)
        return self._held(wanted)

    def _held(self, keys: Iterable[str]) -> dict[str, Any]:
        rows: Iterable[Any] = self.filter(key__in=list(keys))
        return {row.key: row for row in rows}

    def _new(self, names: list[str]) -> list[Any]:
        slugs = [plain_slug(name) for name in names]
        taken = set(self.filter(slug__in=slugs).values_list("slug", flat=True))
        rows: list[Any] = []
        for name, slug in zip(names, slugs, strict=True):
            rows.append(self.model(name=name, key=name_key(name), slug=distinct_slug(name, slug, taken)))
            taken.add(rows[-1].slug)
        return rows

    def in_use(self) -> Self:
        return self.filter(published_count__gt=0)

    def by_size(self) -> Self:
        return self.in_use().order_by("-published_count", "key")


def plain_slug(name: str) -> str:
    return slugify(name, allow_unicode=True)[:SLUG_LENGTH].strip("-") or "name"


def distinct_slug(name: str, slug: str, taken: set[str]) -> str:
    """`slug`, or with a mark of the name behind it where another name has it ("C" and "C++")."""
    if slug not in taken:
        return slug
    return f"{slug}-{hashlib.sha256(name_key(name).encode()).hexdigest()[:8]}"


class Name(models.Model):
    """A name with a page of its own. `key` makes it unique, `slug` is its address and stays when it is renamed."""

    name = models.CharField(max_length=NAME_LENGTH)
    key = models.CharField(max_length=2 * NAME_LENGTH, unique=True, editable=False)
    slug = models.SlugField(max_length=SLUG_LENGTH + 20, unique=True, allow_unicode=True, editable=False)
    description = models.TextField(blank=True)
    # Kept by the database itself: see ledger.py.
    published_count = models.IntegerField(default=0, editable=False, db_index=True)

    objects = NameQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = name_key(self.name)
        if not self.slug:
            slug = plain_slug(self.name)
            taken = set(type(self).objects.filter(slug=slug).values_list("slug", flat=True))
            self.slug = distinct_slug(self.name, slug, taken)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse(f"articles:{self._meta.model_name}", args=[self.slug])


class Source(Name):
    """A newspaper, agency or site."""

    homepage = models.CharField(max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])])


class Section(Name):
    """A department of a paper: World, Sport, Letters."""


class Tag(Name):
    pass


class Author(Name):
    pass


class Alias(models.Model):
    """Another spelling or a former name. What is filed under it goes to `target`, and its address leads there."""

    name = models.CharField(max_length=NAME_LENGTH)
    key = models.CharField(max_length=2 * NAME_LENGTH, unique=True, editable=False)
    slug = models.SlugField(max_length=SLUG_LENGTH + 20, unique=True, allow_unicode=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class SourceAlias(Alias):
    target = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="aliases")


class SectionAlias(Alias):
    target = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="aliases")


class TagAlias(Alias):
    target = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="aliases")


class AuthorAlias(Alias):
    target = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="aliases")
