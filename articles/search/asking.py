"""Questions put to the engine. No answer has an article that was withdrawn, though the index may lag behind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy
from haystack import connections

from ..models import IndexBacklog, Statement
from .conditions import conditions
from .engine.asking.results import Answer, Key
from .engine.errors import EngineError, QueryRefused
from .grammar import Expression
from .names.aliases import Aliases
from .names.rings import Also, Rings, load, widened
from .question import Question, Sort, Window

ORDERS = {
    Sort.RELEVANCE: (),
    Sort.NEWEST: (Key("earliest", descending=True),),
    Sort.OLDEST: (Key("earliest"),),
}
# So many withdrawn articles can be left out of an answer one by one.
WITHDRAWN = 5000
WITHOUT_RINGS = gettext_lazy(
    "Other names of the same things were left out: with them the question would have too many words."
)


class TooManyWithdrawn(EngineError):
    """More articles await being taken out of the index than an answer can leave out."""


@dataclass(frozen=True)
class Read:
    """What is asked for in the end: what was typed, and what aliases and name rings added to it; `notes` tell of it."""

    expression: Expression | None
    also: tuple[Also, ...] = ()
    notes: tuple[str, ...] = ()


def read(question: Question, rings: Rings | None = None, aliases: Aliases | None = None) -> Read:
    """With rings and aliases as they are now, unless they are given."""
    expression, notes = (aliases or Aliases()).resolved(question.parsed.expression)
    if question.exact:
        return Read(expression, notes=notes)
    return Read(*widened(expression, load() if rings is None else rings, question.not_also), notes)


@dataclass(frozen=True)
class Indexed:
    """What a question finds in the index, as the pages ask for it: see `database.Rows` for the like."""

    answer: Answer
    read: Read

    @property
    def total(self) -> int:
        return self.answer.total

    def commonest(self, field: str, most: int, also: Iterable[str] = ()) -> Counter[str]:
        return self.answer.commonest(field, most, also)

    def histogram(self, field: str, unit: str) -> dict[str, int]:
        return self.answer.histogram(field, unit)

    def span(self) -> tuple[str, str] | None:
        """The first and the last day that something found can be of, or their years where the days are not known."""
        bounds = self.answer.bounds("earliest")
        known = self.answer.bounds("known_day") or ()
        return (_written(bounds[0], known), _written(bounds[1], known)) if bounds else None

    def keys(self, question: Question) -> Iterator[int]:
        """The primary keys of all that was found, in the order of the question."""
        for keys in self.answer.walk(ORDERS[question.order]):
            yield from map(number, keys)

    def window(self, question: Question) -> Window:
        """Past the last page, that of the last page."""
        listed = self._listed(question)
        question = question.within(listed.total)
        hits = listed.window(question.window.start, question.window.stop, ORDERS[question.order])
        return Window(question, {number(hit.key): hit.score for hit in hits}, listed.total)

    def beside(self, question: Question, place: int) -> tuple[list[int], int]:
        """The keys of the results from the one before this place, counted from 1, to the one after it; and how many
        results there are.
        """
        listed = self._listed(question)
        hits = listed.window(max(0, place - 2), place + 1, ORDERS[question.order])
        return [number(hit.key) for hit in hits], listed.total

    def _listed(self, question: Question) -> Answer:
        return self.answer if question.apart else self.answer.collapsed("story", ORDERS[question.order])


def _written(minutes: float, known: Collection[float]) -> str:
    day = (dt.date.min + dt.timedelta(minutes=minutes)).isoformat()
    return day if minutes in known else day[:4]


def engine() -> Any:
    """The engine that the settings name."""
    return connections["default"].get_backend()


def answered(question: Question, asked: Read, put: Callable[[Expression | None], Answer]) -> Indexed:
    """What the engine answers to what is `put` to it: the words with name rings, or without where that is too much."""
    try:
        return Indexed(put(asked.expression), asked)
    except QueryRefused:
        if not asked.also:
            raise
    plain = read(question, Rings())
    return Indexed(put(plain.expression), replace(plain, notes=(*plain.notes, str(WITHOUT_RINGS))))


class Asker:
    """Asks many questions, with name rings, aliases and what was withdrawn read once for all of them.

    `without` are the articles that it leaves out, if others than those that were withdrawn.
    """

    def __init__(self, rings: Rings | None = None, without: list[int] | None = None) -> None:
        self.rings = load() if rings is None else rings
        self.aliases = Aliases()
        self.withdrawn = withdrawn() if without is None else without

    def find(self, question: Question, scored: bool = True) -> Indexed:
        def put(expression: Expression | None) -> Answer:
            return engine().answer(conditions(question, self.withdrawn, expression), scored)

        return answered(question, read(question, self.rings, self.aliases), put)

    def total(self, question: Question) -> int | None:
        """None where the question asks for too much."""
        with suppress(QueryRefused):
            return self.find(question, scored=False).total
        return None

    def shows(self, form: str) -> bool:
        """Whether an article that is shown has this form: one that awaits being taken out may be the only one."""
        return not self.withdrawn or bool(self.total(Question(f'="{form}"')))

    def newest(self, question: Question, count: int) -> list[int]:
        """The keys of the newest articles that it finds; none where it asks for too much."""
        with suppress(QueryRefused):
            hits = self.find(question, scored=False).answer.window(0, count, ORDERS[Sort.NEWEST])
            return [number(hit.key) for hit in hits]
        return []


def find(question: Question, scored: bool = True) -> Indexed:
    """All that `question` finds, whatever page it asks for. Raises `EngineError`.

    `QueryRefused` says in a sentence what to leave out; any other means that the index cannot be used now.
    """
    return Asker().find(question, scored)


def total(question: Question) -> int:
    """How many articles it finds."""
    return find(question, scored=False).total


def number(key: str) -> int:
    """The primary key in a key of the index."""
    return int(key.rsplit(".", 1)[1])


BACKLOG = Statement(
    lambda _: IndexBacklog.objects.filter(withdrawn=True).values_list("article_id")[: WITHDRAWN + 1], int
)


def withdrawn() -> list[int]:
    """Articles that are in the index perhaps, and must not be found."""
    found = [key for (key,) in BACKLOG.rows()]
    if len(found) > WITHDRAWN:
        raise TooManyWithdrawn("Many articles were withdrawn just now; the search index is catching up.")
    return found


def indexed() -> int:
    """How many documents the index has."""
    return engine().store.pointer().documents
