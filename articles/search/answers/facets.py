"""What a result has in common: values to narrow it by, with their names, counts and addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Protocol

from ..asking import Read
from ..names.naming import named
from ..question import FACETS, SINGLE, Question, Window, quoted
from .page import OFFERED, Facets, FacetValue

# So many values are offered of a facet that is opened.
OPENED = 200


class Answered(Protocol):
    """An answer of the engine, or of the database."""

    @property
    def read(self) -> Read: ...

    @property
    def total(self) -> int: ...

    def commonest(self, field: str, most: int, also: Iterable[str] = ()) -> Counter[str]: ...

    def histogram(self, field: str, unit: str) -> dict[str, int]: ...

    def span(self) -> tuple[str, str] | None: ...

    def window(self, question: Question) -> Window: ...

    def keys(self, question: Question) -> Iterable[int]: ...


Find = Callable[[Question], Answered]


def facets(question: Question, answer: Answered, find: Find) -> tuple[Facets, frozenset[str]]:
    """The facets in their order, each with its most frequent values, and with those that narrow already; and the names
    of the facets that have more values.

    The count of a value is exactly what choosing it gives; where `adds` is set, what choosing it adds.
    """
    each = [Facet(name, question, answer, find) for name in FACETS]
    found = {facet.name: tuple(facet.values()) for facet in each}
    cut = frozenset(facet.name for facet in each if facet.is_cut)
    return {name: values for name, values in found.items() if values}, cut


def names_of(found: Facets) -> dict[tuple[str, str], str]:
    """What to show for each value of a facet."""
    return {(facet, value.value): value.name for facet, values in found.items() for value in values}


class Facet:
    """One facet of an answer."""

    def __init__(self, name: str, question: Question, answer: Answered, find: Find) -> None:
        self.name, self.question, self.answer, self.find = name, question, answer, find
        self.chosen, self.kept_out = question.chosen(name), question.kept_out(name)
        # An article has one source at most: of two that are chosen it has either, so a further one finds more.
        self.adds = bool(self.chosen) and name in SINGLE

        self.is_cut = False

    def values(self) -> Iterable[FacetValue]:
        answer = self.find(self.question.widened(self.name)) if self.adds else self.answer
        offered = self._offered(answer)
        names = named(self.name, [value for value, _ in offered])
        narrowed, without = self._address(self.question.narrowed), self._address(self.question.excluding, "-")
        for value, count in offered:
            active = value in self.chosen
            url = self.question.widened(self.name, value).url() if active else narrowed(value)
            adds = self.adds and not active
            yield FacetValue(value, names.get(value, value), count, url, active, without(value), adds)
        yield from (self._excluded(value) for value in self.kept_out)

    def _offered(self, answer: Answered) -> list[tuple[str, int]]:
        """The commonest, and those that are chosen; years in their own order, unless some of them are missing."""
        limit = OPENED if self.question.more == self.name else OFFERED
        # One more tells whether there are more.
        counts = answer.commonest(self.name, limit + 1 + len(self.kept_out), self.chosen)
        pairs = sorted([pair for pair in counts.items() if pair[0] not in self.kept_out], key=_commonest)
        self.is_cut = len(pairs) > limit
        shown = {*self.chosen, *(value for value, _ in pairs[:limit])}
        chosen = [(value, counts[value]) for value in shown]
        in_time = self.name == "year" and not self.is_cut
        return sorted(chosen, reverse=True) if in_time else sorted(chosen, key=_commonest)

    def _address(self, change: Callable[[str, str], Question], sign: str = "") -> Callable[[str], str]:
        """How to write the address of the question that a `change` by a value of this facet makes of this one."""
        if self.chosen or self.kept_out:
            # Where a value stands among those that are there depends on its name.
            return lambda value: change(self.name, value).url()
        write = change(self.name, "0").varying(f"{self.name}={sign}0")
        return lambda value: write(f"{self.name}={sign}{quoted(value)}")

    def _excluded(self, value: str) -> FacetValue:
        """Choosing it takes it back in, which adds what it has."""
        back = self.question.widened(self.name, value)
        count = self.find(back).total - self.answer.total
        name = named(self.name, [value]).get(value, value)
        return FacetValue(value, name, count, back.url(), excluded=True, adds=True)


def commonest_of(counts: Counter[str], most: int, also: Iterable[str]) -> Counter[str]:
    """So many values, commonest first and then by name; and those `also` that are counted."""
    first = sorted(counts, key=lambda value: (-counts[value], value))[:most]
    return Counter({value: counts[value] for value in (*first, *also) if value in counts})


def _commonest(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
