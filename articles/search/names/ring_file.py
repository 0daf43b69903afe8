"""Name rings as a text file: a ring on each line, names with commas between; a line that begins with # is a comment.

A name that has a comma or a quotation mark, or begins with #, stands in double quotes, those inside it doubled.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from ...models import NameRing
from .rings import RINGS, Key, key_of, problems

HEAD = "# Name rings: names of one thing, a ring on each line. See docs/name-rings.md.\n"


class Result(StrEnum):
    NEW = "new"
    EXTENDED = "extended"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of the line of this number."""

    line: int
    result: Result
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.result}. {self.words}"


@dataclass(frozen=True)
class Unreadable:
    reason: str


def write(rings: Iterable[NameRing]) -> str:
    """The file of these rings; `read` gives their names back."""
    return HEAD + "".join(", ".join(map(_quoted, ring.listed)) + "\n" for ring in rings)


def _quoted(name: str) -> str:
    plain = "," not in name and '"' not in name and not name.startswith("#")
    return name if plain else '"' + name.replace('"', '""') + '"'


class NoText(Exception):
    """What was given is no text file."""


def decoded(content: bytes) -> str:
    """Raises `NoText` for bytes that are no UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NoText(f"Line {line} is not UTF-8. Save the file as text in UTF-8; nothing was changed.") from error


def read(text: str) -> Iterator[tuple[int, list[str] | Unreadable]]:
    """The number and the names of each line that is not empty and no comment."""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, _names(line)


def _names(line: str) -> list[str] | Unreadable:
    try:
        cells = next(csv.reader([line.strip()], skipinitialspace=True, strict=True))
    except csv.Error:
        return Unreadable("Its quotation marks cannot be read: a name in them ends with one, and a comma follows.")
    return [name for cell in cells if (name := " ".join(cell.split()))]


@dataclass(frozen=True)
class Taken:
    """What became of each line, and whether anything was changed: not where a list that is to take the place of all

    others is empty or has a line that was refused.
    """

    outcomes: tuple[Outcome, ...]
    stands: bool

    def __str__(self) -> str:
        if not self.outcomes:
            return "There is no ring in this file. Nothing was changed."
        counts = Counter(outcome.result for outcome in self.outcomes)
        words = ", ".join(f"{counts[result]:,} {result}" for result in Result if counts[result])
        return f"{words}." if self.stands else f"{words}. Nothing was changed: put the refused lines right first."


def take_in(text: str, replace: bool = False) -> Taken:
    """Add what a file says, or with `replace` keep nothing else.

    A line that shares a name with a ring adds its other names to it. Nothing is taken away, unless `replace` is given:
    then all rings are those of the file, or, where a line is refused, all are as they were.
    """
    with transaction.atomic():
        taking = Taking([] if replace else list(NameRing.objects.all()))
        if replace:
            NameRing.objects.all().delete()
        outcomes = tuple(taking.line(number, names) for number, names in read(text))
        refused = any(outcome.result == Result.REFUSED for outcome in outcomes)
        stands = not replace or bool(outcomes and not refused)
        if not stands:
            transaction.set_rollback(True)
    return Taken(outcomes, stands)


class Taking:
    """A file being taken in beside the rings that are there."""

    def __init__(self, rings: list[NameRing]) -> None:
        self.rings = rings
        self.by_key: dict[Key, NameRing] = {}
        for ring in rings:
            self._note(ring)

    def _note(self, ring: NameRing) -> None:
        self.by_key |= {key_of(name): ring for name in ring.listed}

    def line(self, number: int, names: list[str] | Unreadable) -> Outcome:
        if isinstance(names, Unreadable):
            return Outcome(number, Result.REFUSED, names.reason)
        met = list({id(ring): ring for name in names if (ring := self.by_key.get(key_of(name)))}.values())
        if len(met) > 1:
            several = " and ".join(f"“{ring}”" for ring in met)
            return Outcome(number, Result.REFUSED, f"It has names of several rings: {several}. Make them one first.")
        return self._extended(number, met[0], names) if met else self._new(number, names)

    def _new(self, number: int, names: list[str]) -> Outcome:
        if wrong := list(problems(names, ())):
            return Outcome(number, Result.REFUSED, " ".join(wrong))
        if len(self.rings) >= RINGS:
            return Outcome(number, Result.REFUSED, f"There are {RINGS} rings, and no more are possible.")
        ring = NameRing.objects.create(names="\n".join(names))
        self.rings.append(ring)
        self._note(ring)
        return Outcome(number, Result.NEW, f"{ring}.")

    def _extended(self, number: int, ring: NameRing, names: list[str]) -> Outcome:
        added = [name for name in names if key_of(name) not in self.by_key]
        if not added:
            return Outcome(number, Result.UNCHANGED, f"{ring}.")
        if wrong := list(problems([*ring.listed, *added], ())):
            return Outcome(number, Result.REFUSED, " ".join(wrong))
        before, ring.names = str(ring), "\n".join([*ring.listed, *added])
        ring.save(update_fields=["names"])
        self._note(ring)
        return Outcome(number, Result.EXTENDED, f"{', '.join(added)}: added to {before}.")
