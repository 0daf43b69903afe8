"""Names changed: renamed, known by others too, merged. Whatever led to a name before leads to it still.

A name and its aliases are told apart by their keys and addresses: no two of one kind share either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from .attempts import repeated
from .models import (
    Article,
    ArticleAuthor,
    ArticleSection,
    ArticleTag,
    Author,
    ImportJob,
    Name,
    Section,
    Source,
    Tag,
    name_key,
)
from .models.names import distinct_slug, plain_slug
from .records import Status

# Where articles point at a name, and in which column.
USES: dict[type[Name], tuple[Any, str]] = {
    Source: (Article, "source"),
    Section: (ArticleSection, "section"),
    Tag: (ArticleTag, "tag"),
    Author: (ArticleAuthor, "author"),
}
# So many are merged at once, and so many other names may lead to one.
MERGED, ALIASES = 200, 200
# So many articles are filed otherwise in one transaction: less than a second's work.
PORTION = 2000


class Taken(Exception):
    """What a name should be called is another name already, or leads to one: `holder`. To merge them is the way."""

    def __init__(self, words: str, holder: Name) -> None:
        super().__init__(f"“{words}” is “{holder.name}” already.")
        self.words, self.holder = words, holder


def holder(kind: type[Name], words: str) -> Name | None:
    """The name that is written so, or that this leads to."""
    return kind.objects.known([words]).get(name_key(words))


@transaction.atomic
def rename(name: Name, words: str, *, keep: bool = True) -> None:
    """Call a name otherwise. If `keep`, what it was called is an alias, its address is that of the new name, and the
    old one leads there; else its address stays as it is. Raises `Taken`.
    """
    words = " ".join(words.split())
    former, key = (name.name, name.slug), name.key
    _refuse(name, words)
    own = name.alias_model().objects.filter(target=name, key=name_key(words)).first()
    name.name, name.key = words, name_key(words)
    if name.key != key and keep:
        name.slug = _address(name, own)
    if own:
        own.delete()
    name.save(update_fields=["name", "key", "slug"])
    if name.key != key and keep:
        _lead(former[0], name, former[1])


def _address(name: Name, own: Any) -> str:
    """The address of a name that is written otherwise now: one that led to it already, its own if it fits, or a new."""
    if own:
        return str(own.slug)
    return name.slug if plain_slug(name.name) == name.slug else _free_slug(name, name.name)


def _free_slug(name: Name, words: str) -> str:
    return distinct_slug(words, plain_slug(words), type(name).objects.taken([words]))


def _refuse(name: Name, words: str) -> None:
    found = holder(type(name), words)
    if found and found.pk != name.pk:
        raise Taken(words, found)


def _lead(words: str, name: Name, slug: str = "") -> None:
    """Let `words`, which are free, lead to the name; `slug` was their address, if they had one of their own."""
    slug = slug if slug and slug != name.slug else _free_slug(name, words)
    name.alias_model().objects.create(name=words, key=name_key(words), slug=slug, target=name)


@transaction.atomic
def know_as(name: Name, words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Let exactly these other names lead to the name; which came, and which went. Raises `Taken`."""
    wanted = {key: " ".join(word.split()) for word in words if (key := name_key(word)) and key != name.key}
    held = {alias.key: alias for alias in name.alias_model().objects.filter(target=name)}
    for key in wanted.keys() - held.keys():
        _refuse(name, wanted[key])
    gone = [alias for key, alias in held.items() if key not in wanted]
    come = [word for key, word in wanted.items() if key not in held]
    for alias in gone:
        alias.delete()
    for word in come:
        _lead(word, name)
    return come, [alias.name for alias in gone]


# Merging


@dataclass(frozen=True)
class Coming:
    """A name that becomes part of another: how many articles have it, and how many of these have the other too."""

    name: Any
    articles: int
    both: int


@dataclass(frozen=True)
class Plan:
    """What a merge does. `before` and `after` count the articles of the target, whoever may see them; `published` is
    how many readers see afterwards. `leading` are the names whose addresses lead to the target afterwards.
    """

    target: Any
    coming: tuple[Coming, ...]
    before: int
    after: int
    published: int
    leading: tuple[str, ...]

    @property
    def moving(self) -> int:
        return self.after - self.before

    @property
    def both(self) -> int:
        """How often an article that comes has the target already, or comes under two names."""
        return sum(coming.articles for coming in self.coming) - self.moving

    @property
    def described(self) -> list[Any]:
        """The names that have a description, the target first."""
        names = [self.target, *(coming.name for coming in self.coming)]
        return [name for name in names if name.description]


def plan(target: Name, names: Sequence[Name]) -> Plan:
    """What `merge` would do now."""
    kind = type(target)
    here = _articles(kind, [target])
    coming = [Coming(name, _articles(kind, [name]).count(), _both(name, target)) for name in names]
    after = _articles(kind, [target, *names])
    aliases = target.alias_model().objects.filter(target__in=names).values_list("name", flat=True)
    return Plan(
        target,
        tuple(coming),
        here.count(),
        after.count(),
        after.filter(status=Status.PUBLISHED).count(),
        (*(name.name for name in names), *aliases),
    )


def _articles(kind: type[Name], names: Sequence[Name]) -> QuerySet[Any]:
    """Each article of any of these names once, with its status."""
    users, column = USES[kind]
    number = "pk" if users is Article else "article"
    return users.objects.filter(**{f"{column}__in": names}).order_by().values(number, "status").distinct()


def _both(name: Name, target: Name) -> int:
    users, column = USES[type(name)]
    if users is Article:
        return 0
    others = users.objects.filter(**{column: target}).values("article")
    return int(users.objects.filter(**{column: name}, article__in=others).count())


def merge(target: Name, names: Sequence[Name], described: Name | None = None) -> Plan:
    """File under the target what is filed under these names, and let them lead to it; what was done.

    The target is described as `described` is; else as it is, or as the first of the names that has a description. Many
    articles are filed otherwise in portions, so that others can write meanwhile; what was cut off is done by the same
    merge once more. The names go with the last portion. The index follows through its backlog.
    """
    done = plan(target, names)
    while _some(type(target), names).count() == PORTION:
        repeated(partial(_file_portion, target, names))
    repeated(partial(_finish, target, names, described))
    return done


@transaction.atomic
def _file_portion(target: Name, names: Sequence[Name]) -> None:
    _file_some(target, names)


@transaction.atomic
def _finish(target: Name, names: Sequence[Name], described: Name | None) -> None:
    # Nothing more can be filed under them by others.
    list(type(target).objects.select_for_update().filter(pk__in=[name.pk for name in names]).order_by("pk"))
    while _file_some(target, names):
        continue
    _describe(target, [described] if described else [target, *names])
    for name in names:
        _replace(name, target)


def _replace(name: Name, target: Name) -> None:
    """The name, under which nothing is filed any more, becomes an alias; whoever holds it may still read it."""
    if isinstance(name, Source):
        ImportJob.objects.filter(source_id=name.pk).update(source_id=target.pk)
    name.alias_model().objects.filter(target=name).update(target=target)
    type(name).objects.filter(pk=name.pk).delete()
    _lead(name.name, target, name.slug)


def _describe(target: Name, names: Sequence[Name]) -> None:
    target.description = next((name.description for name in names if name.description), "")
    if isinstance(target, Source):
        known = [target.homepage, *(name.homepage for name in names if isinstance(name, Source))]
        target.homepage = next(filter(None, known), "")
    told = ["description", "homepage"] if isinstance(target, Source) else ["description"]
    target.save(update_fields=told)


def _some(kind: type[Name], names: Sequence[Name]) -> QuerySet[Any]:
    users, column = USES[kind]
    return users.objects.filter(**{f"{column}__in": names}).order_by()[:PORTION]


def _file_some(target: Name, names: Sequence[Name]) -> int:
    """File a portion otherwise; how many there were."""
    users, column = USES[type(target)]
    if users is Article:
        numbers = list(_some(type(target), names).values_list("pk", flat=True))
        Article.objects.filter(pk__in=numbers).update(source_id=target.pk, modified_at=timezone.now())
        return len(numbers)
    links = dict(_some(type(target), names).values_list("pk", "article"))
    Article.objects.filter(pk__in=links.values()).update(modified_at=timezone.now())
    held = set(users.objects.filter(**{column: target}, article__in=links.values()).values_list("article", flat=True))
    # One link of each article that has not the target yet.
    moving = {article: link for link, article in links.items() if article not in held}.values()
    users.objects.filter(pk__in=links.keys() - set(moving)).delete()
    users.objects.filter(pk__in=moving).update(**{column: target})
    return len(links)
