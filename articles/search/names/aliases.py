"""What is asked by another name of a name finds what is filed under it, and an address of before is that of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ...models import Statement, name_key
from ..grammar import All, Either, Expression, Named, Not
from ..question.wording import apart
from .naming import MODELS
from .rings import key_of

# So many names are added to one part of a question.
ADDED = 30


def _addresses(kind: str) -> Statement:
    return Statement(
        lambda slugs: _aliases(kind).filter(slug__in=slugs).values_list("slug", "target__slug"),
        str,
    )


def _aliases(kind: str) -> QuerySet[Any]:
    return MODELS[kind].alias_model().objects.all()


ADDRESSES = {kind: _addresses(kind) for kind in MODELS}


def led_to(facet: str, slugs: Sequence[str]) -> dict[str, str]:
    """Of the values of a facet those that lead to another, and to which."""
    return dict(ADDRESSES[facet].rows(slugs)) if slugs and facet in MODELS else {}


@dataclass
class Aliases:
    """Looks names up in the aliases, each once."""

    known: dict[Named, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def resolved(self, expression: Expression | None) -> tuple[Expression | None, tuple[str, ...]]:
        """The question with what aliases in it lead to, and sentences that say so."""
        if expression is None:
            return None, ()
        names = dict.fromkeys(_names(expression))
        notes = dict.fromkeys(_told(*pair) for part in names for pair in self._led(part))
        return (self._of(expression), tuple(notes)) if notes else (expression, ())

    def _of(self, part: Expression) -> Expression:
        if isinstance(part, All | Either):
            return type(part)(tuple(map(self._of, part.parts)))
        if isinstance(part, Not):
            return Not(self._of(part.part))
        targets = dict.fromkeys(target for _alias, target in self._led(part)) if isinstance(part, Named) else {}
        if not targets:
            return part
        return Either((part, *(Named(part.facet, target, exact=True) for target in targets)))  # type: ignore[union-attr]

    def _led(self, part: Named) -> tuple[tuple[str, str], ...]:
        if part not in self.known:
            self.known[part] = tuple(_led(part)) if part.facet in MODELS else ()
        return self.known[part]


def _names(part: Expression) -> Iterator[Named]:
    if isinstance(part, Named):
        yield part
    for inner in _inner(part):
        yield from _names(inner)


def _inner(part: Expression) -> Iterable[Expression]:
    if isinstance(part, Not):
        return (part.part,)
    return part.parts if isinstance(part, All | Either) else ()


def _led(part: Named) -> Iterator[tuple[str, str]]:
    """Aliases that this means, with what they lead to; but not where the target is meant by it anyway."""
    key, words = name_key(part.name), key_of(part.name)
    lookup = {"key": key} if part.exact else {"key__contains": key}
    rows = _aliases(part.facet).filter(**lookup).values_list("name", "target__name")
    for alias, target in rows[:ADDED]:
        if part.exact or (_has(alias, words) and not _has(target, words)):
            yield alias, target


def _has(name: str, words: tuple[str, ...]) -> bool:
    found = key_of(name)
    return any(found[at : at + len(words)] == words for at in range(len(found)))


def _told(alias: str, target: str) -> str:
    return _("%(alias)s is another name of %(name)s here.") % {"alias": apart(alias), "name": apart(target)}
