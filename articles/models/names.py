"""The names that articles are filed under: sources, sections, tags and authors."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, Self

from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify

NAME_LENGTH = 200
SLUG_LENGTH = 80
# So many names one statement asks for or writes: a batch of records can have hundreds of thousands, and databases set a
# limit to the values of a statement.
AT_ONCE = 5_000
# So often a name is tried to be made while other processes take its address.
ATTEMPTS = 3


def name_key(name: str) -> str:
    """What two spellings of one name share: case, width of letters and spacing do not tell names apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _portions(values: Iterable[str]) -> Iterator[list[str]]:
    ahead = iter(values)
    while some := list(islice(ahead, AT_ONCE)):
        yield some


class NameQuerySet(models.QuerySet):
    def named(self, names: Iterable[str]) -> dict[str, Any]:
        """The rows of these names by their `name_key`; those that do not exist are made. Blank names are left out.

        What is an alias gives its target, so several keys may have the same row.
        """
        wanted = {name_key(name): " ".join(name.split()) for name in names if name_key(name)}
        held = self._known(wanted)
        # Another process may make the same name now: its row is as good as ours. Or a name that takes the address of
        # one of these: that one is made with another address then.
        for _ in range(ATTEMPTS):
            missing = {key: name for key, name in wanted.items() if key not in held}
            if not missing:
                break
            for some in _portions(missing.values()):
                self.bulk_create(self._new(some), ignore_conflicts=True)
            held |= self._held(missing)
        return held

    def secured(self, names: Iterable[str]) -> dict[str, Any]:
        """As `named`, in a transaction: until it ends, none of these is merged into another and gone."""
        wanted, rows = list(names), {}
        for _ in range(ATTEMPTS):
            rows = self.named(wanted)
            numbers = {row.pk for row in rows.values()}
            locked = self.select_for_update(of=("self",), no_key=True).filter(pk__in=numbers).order_by("pk")
            if len(locked.values_list("pk", flat=True)) == len(numbers):
                break
        return rows

    def known(self, names: Iterable[str]) -> dict[str, Any]:
        """The rows of those of these names that there are, by the `name_key` of each; none is made."""
        return self._known([key for name in names if (key := name_key(name))])

    def called(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Of those of these names that have or are aliases, by `name_key`: the keys of all of one thing, the name's own
        first.
        """
        keys = {name_key(name) for name in names}
        known = self._aliases().filter(models.Q(key__in=keys) | models.Q(target__key__in=keys)).values("target")
        called: dict[str, list[str]] = {}
        for key, target in self._aliases().filter(target__in=known).values_list("key", "target__key"):
            called.setdefault(target, [target]).append(key)
        return {key: keys for keys in called.values() for key in keys}

    def at(self, slug: str) -> Any:
        """The name with this address, or the one that the address leads to; None where there is neither."""
        return self.filter(slug=slug).first() or self.filter(aliases__slug=slug).first()

    def taken(self, names: Iterable[str]) -> set[str]:
        """Of the addresses that these names could have those that a name or an alias has."""
        held: set[str] = set()
        for possible in _portions(slug for name in names for slug in possible_slugs(name, plain_slug(name))):
            for kind in (self, self._aliases()):
                held.update(kind.filter(slug__in=possible).values_list("slug", flat=True))
        return held

    def _known(self, keys: Iterable[str]) -> dict[str, Any]:
        held = self._held(keys)
        missing = [key for key in keys if key not in held]
        return held | self._led_to(missing) if missing else held

    def _held(self, keys: Iterable[str]) -> dict[str, Any]:
        rows: Iterable[Any] = chain.from_iterable(self.filter(key__in=some) for some in _portions(keys))
        return {row.key: row for row in rows}

    def _led_to(self, keys: list[str]) -> dict[str, Any]:
        held = self._aliases().select_related("target")
        return {alias.key: alias.target for some in _portions(keys) for alias in held.filter(key__in=some)}

    def _aliases(self) -> models.QuerySet[Any]:
        kind: Any = self.model
        return kind.alias_model().objects.all()

    def _new(self, names: list[str]) -> list[Any]:
        taken = self.taken(names)
        rows: list[Any] = []
        for name in names:
            slug = distinct_slug(name, plain_slug(name), taken)
            rows.append(self.model(name=name, key=name_key(name), slug=slug))
            taken.add(rows[-1].slug)
        return rows

    def in_use(self) -> Self:
        return self.filter(published_count__gt=0)

    def by_size(self) -> Self:
        return self.in_use().order_by("-published_count", "key")


def plain_slug(name: str) -> str:
    return slugify(name, allow_unicode=True)[:SLUG_LENGTH].strip("-") or "name"


def possible_slugs(name: str, slug: str) -> tuple[str, ...]:
    """`slug`, and that with a mark of the name behind it, for where another name has it ("C" and "C++")."""
    mark = hashlib.sha256(name_key(name).encode()).hexdigest()
    return slug, f"{slug}-{mark[:8]}", f"{slug}-{mark[:16]}"


def distinct_slug(name: str, slug: str, taken: set[str]) -> str:
    return next(possible for possible in possible_slugs(name, slug) if possible not in taken)


class Name(models.Model):
    """A name with a page of its own. `key` makes it unique, `slug` is its address (see articles/naming.py)."""

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
            self.slug = distinct_slug(self.name, plain_slug(self.name), type(self).objects.taken([self.name]))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse(f"articles:{self._meta.model_name}", args=[self.slug])

    @classmethod
    def alias_model(cls) -> Any:
        return cls._meta.get_field("aliases").related_model


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
