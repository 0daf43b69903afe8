"""All that a question finds, for exports: the whole answer as numbers, from the engine or from the database."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .. import asking
from ..edge import attempt
from ..engine.errors import QueryRefused
from ..question import Question, Sort
from . import database
from .facets import Answered, Find
from .finding import AWAY, facets_of, lacking
from .page import Facets

# So many articles are read from the database at a time.
CHUNK = 500


@dataclass(frozen=True)
class Walk:
    """How many articles are found, and `numbers`: their primary keys in the order of the question, some at a time.

    `notes` are sentences for the reader. `refused` says what to leave out of a question that is not answered. `facets`
    are those of the same answer, where they are asked for.
    """

    count: int = 0
    numbers: Iterable[list[int]] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""
    facets: Facets = field(default_factory=dict)


# What to make of an answer: of itself, of how others are asked beside it, and with these notes.
Make = Callable[[Answered, Find, tuple[str, ...]], Walk]


def walk(question: Question, faceted: bool = False) -> Walk:
    """What `find` finds, all of it. When the index is away, the database answers, and a note says so.

    The numbers are gathered at once, eight bytes each: what happens to the index later does not touch the answer.
    """

    def whole(answer: Answered, find: Find, notes: tuple[str, ...]) -> Walk:
        keys = array("q", answer.keys(question))
        parts = (keys[start : start + CHUNK].tolist() for start in range(0, len(keys), CHUNK))
        facets = facets_of(question, answer, find)[0] if faceted else {}
        return Walk(len(keys), parts, notes, facets=facets)

    return _answered(question, whole, scored=question.order == Sort.RELEVANCE, faceted=faceted)


def counted(question: Question) -> Walk:
    """`walk` without its numbers, for who wants to know only how many there are."""
    return _answered(question, lambda answer, find, notes: Walk(answer.total, notes=notes), scored=False)


def _answered(question: Question, make: Make, scored: bool, faceted: bool = False) -> Walk:
    """What is made of the engine's answer; of the database's where the engine has none, or loses it on the way."""
    with attempt("walking through an answer") as tried:
        asker = asking.Asker()
        answer = asker.find(question, scored)
        return make(answer, partial(asker.find, scored=False), _notes(question, answer, lacking()))
    if isinstance(tried.error, QueryRefused):
        return Walk(notes=question.told, refused=str(tried.error))
    # Only to count what results have in common, more than their keys must be read.
    find: Find = database.Desk(question).find if faceted else database.find
    found = find(question)
    return make(found, find, _notes(question, found, [str(AWAY)]))


def _notes(question: Question, answer: Answered, others: Sequence[str]) -> tuple[str, ...]:
    return (*question.told, *answer.read.notes, *others)
