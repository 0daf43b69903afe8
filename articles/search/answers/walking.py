"""All that a question finds, for exports: the whole answer as numbers, from the engine or from the database."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from .. import asking
from ..edge import attempt
from ..engine.errors import QueryRefused
from ..question import Question, Sort
from . import database
from .finding import AWAY

# So many articles are read from the database at a time.
CHUNK = 500


@dataclass(frozen=True)
class Walk:
    """How many articles are found, and `numbers`: their primary keys in the order of the question, some at a time.

    `notes` are sentences for the reader. `refused` says what to leave out of a question that is not answered.
    """

    count: int = 0
    numbers: Iterable[list[int]] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


def walk(question: Question) -> Walk:
    """What `find` finds, all of it. When the index is away, the database answers, and a note says so.

    The numbers are gathered at once, eight bytes each: what happens to the index later does not touch the answer.
    """
    notes = question.told
    if question.is_open:
        return _of(array("q", database.numbers(question)), notes)
    keys = array("q")
    with attempt("walking through an answer") as tried:
        found = asking.find(question, scored=question.order == Sort.RELEVANCE)
        keys.extend(chain.from_iterable(asking.numbers(found.answer, question, CHUNK)))
    if tried.error is None:
        return _of(keys, (*notes, *found.read.notes))
    if isinstance(tried.error, QueryRefused):
        return Walk(notes=notes, refused=str(tried.error))
    return _of(array("q", database.numbers(question)), (*notes, AWAY))


def counted(question: Question) -> Walk:
    """`walk` without its numbers, for who wants to know only how many there are."""
    notes = question.told
    if question.is_open:
        return Walk(database.find(question).total, notes=notes)
    with attempt("counting an answer") as tried:
        found = asking.find(question, scored=False)
        return Walk(found.total, notes=(*notes, *found.read.notes))
    if isinstance(tried.error, QueryRefused):
        return Walk(notes=notes, refused=str(tried.error))
    return Walk(database.find(question).total, notes=(*notes, AWAY))


def _of(keys: array[int], notes: tuple[str, ...]) -> Walk:
    parts = (keys[start : start + CHUNK].tolist() for start in range(0, len(keys), CHUNK))
    return Walk(len(keys), parts, notes)
