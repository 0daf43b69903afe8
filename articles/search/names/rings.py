"""Names of one thing: whoever looks for one of them is offered the others. Nothing that is found without is lost.

A name is looked for in a question as words or a phrase, in any case and with or without accents. Not widened is what
is exact, a pattern or misspelt, what counts or measures words (`atleast5:`, `near/5`), and what is excluded: whoever
leaves out a name means the name, and what a ring took away besides could not be seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ...models import NameRing, Statement
from ..engine.analysis import fold
from ..grammar import All, Either, Expression, Not, Phrase, Word, parse

# Limits of what editors keep, and of how many names are added to one question: the engine looks for each in every field
# and language.
NAMES, RINGS, NAME_LENGTH, ADDED = 30, 500, 200, 30
# Letters of the longest word that the grammar reads as something else, such as NEAR.
OPERATOR = 4
WORDS = re.compile(r"\w+")

# The folded words of a name: names with one key are one name.
Key = tuple[str, ...]


def key_of(name: str) -> Key:
    return tuple(WORDS.findall(fold(name)))


@dataclass(frozen=True)
class Name:
    """A name of a ring, as the editor wrote it and as it is looked for."""

    text: str
    key: Key
    part: Word | Phrase

    @classmethod
    def read(cls, text: str) -> Name:
        """As a word or phrase that can be written in a question; signs that cannot are left out."""
        key = key_of(text)
        # Most names are letters and spaces. The grammar is asked of others, and of what may be a word of its own.
        if len(text) > OPERATOR and text.replace(" ", "").isalnum():
            return cls(text, key, Phrase(text) if " " in text else Word(text))
        possible = ((Word(text), text), (Phrase(text), f'"{text}"'))
        fitting = (part for part, typed in possible if parse(typed).expression == part)
        return cls(text, key, next(fitting, Phrase(" ".join(key))))

    def sought(self, name: str) -> Word | Phrase:
        """What finds it in a field."""
        return type(self.part)(self.part.text, name)


@dataclass(frozen=True)
class Also:
    """What was added to a question: `name` stands in it, and `others` are looked for as well."""

    name: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Rings:
    """The rings by the keys of their names. `longest` is the number of words of the longest name."""

    by_key: Mapping[Key, tuple[Name, ...]] = field(default_factory=dict)
    longest: int = 0


KEPT = Statement(lambda _: NameRing.objects.values_list("names")[:RINGS], int)


def load() -> Rings:
    """The rings as they are now. To read them anew for each question costs less than to tell whether they changed."""
    return _read(tuple(names for (names,) in KEPT.rows()))


@lru_cache(4)
def _read(rows: tuple[str, ...]) -> Rings:
    return rings_of(NameRing(names=names).listed for names in rows)


def rings_of(rings: Iterable[Iterable[str]]) -> Rings:
    """Of a name in two rings the first counts; a name without a letter or digit is none."""
    by_key: dict[Key, tuple[Name, ...]] = {}
    for texts in rings:
        names = {name.key: name for name in map(Name.read, texts) if name.key and name.key not in by_key}
        by_key |= dict.fromkeys(names, tuple(names.values()))
    return Rings(by_key, max(map(len, by_key), default=0))


def widened(
    expression: Expression | None, rings: Rings, left_out: Collection[str] = ()
) -> tuple[Expression | None, tuple[Also, ...]]:
    """The question with every name in it or any other of its ring, and what was added.

    Names in `left_out`, and those that the question excludes, are not added.
    """
    if expression is None or not rings.by_key:
        return expression, ()
    excluded = (key_of(part.text) for part in _excluded(expression))
    widening = Widening(rings, {*map(key_of, left_out), *excluded})
    found = widening.of(expression)
    return found, tuple(dict.fromkeys(widening.also))


def _excluded(part: Expression, negative: bool = False) -> Iterator[Word | Phrase]:
    if isinstance(part, Not):
        yield from _excluded(part.part, True)
    elif isinstance(part, All | Either):
        for inner in part.parts:
            yield from _excluded(inner, negative)
    elif negative and isinstance(part, Word | Phrase):
        yield part


@dataclass(frozen=True)
class Found:
    """A name in a question: the parts of an All from `start` to `end`, the words as typed, the ring it is in."""

    start: int
    end: int
    typed: str
    name: str
    key: Key
    ring: tuple[Name, ...]


@dataclass
class Widening:
    """One question being widened."""

    rings: Rings
    without: set[Key]
    also: list[Also] = field(default_factory=list)
    room: int = ADDED

    def of(self, part: Expression) -> Expression:
        if isinstance(part, All):
            return self.all(part)
        if isinstance(part, Either):
            return self.either(part)
        found = self.names([part])
        return self.with_others(part, found[0]) if found else part

    def all(self, part: All) -> Expression:
        """Two names of one ring are both meant: whoever asks for both tells them apart."""
        found = self.names(part.parts)
        several = {id(one.ring) for one in found for two in found if one.ring is two.ring and one.key != two.key}
        at = {one.start: one for one in found if id(one.ring) not in several}
        parts: list[Expression] = []
        number = 0
        while number < len(part.parts):
            one = at.get(number)
            end = one.end if one else number + 1
            run = part.parts[number:end]
            itself = run[0] if len(run) == 1 else All(run)
            found_instead = self.with_others(itself, one) if one else self._inside(itself)
            parts += run if found_instead is itself else [found_instead]
            number = end
        return All(tuple(parts)) if len(parts) > 1 else parts[0]

    def either(self, part: Either) -> Expression:
        """What stands in it already is not added, and nothing twice."""
        held = self.without
        typed = (self.names(inner.parts if isinstance(inner, All) else [inner]) for inner in part.parts)
        self.without = held | {one.key for names in typed for one in names}
        parts: dict[Expression, None] = {}
        for inner in part.parts:
            before = len(self.also)
            found = self.of(inner)
            self.without = self.without | {key_of(name) for also in self.also[before:] for name in also.others}
            parts |= dict.fromkeys(found.parts if isinstance(found, Either) else (found,))
        self.without = held
        return Either(tuple(parts)) if len(parts) > 1 else next(iter(parts))

    def _inside(self, part: Expression) -> Expression:
        return self.of(part) if isinstance(part, All | Either) else part

    def with_others(self, itself: Expression, found: Found) -> Expression:
        others = [name for name in found.ring if name.key != found.key and name.key not in self.without][: self.room]
        if not others:
            return itself
        self.room -= len(others)
        self.also.append(Also(found.typed, tuple(name.text for name in others)))
        return Either((itself, *(name.sought(found.name) for name in others)))

    def names(self, parts: Sequence[Expression]) -> list[Found]:
        """The names among parts that must all match: the longest first from the left, a phrase by itself."""
        found: list[Found] = []
        start = 0
        while start < len(parts):
            one = self._longest(parts, start)
            found += [one] if one else []
            start = one.end if one else start + 1
        return found

    def _longest(self, parts: Sequence[Expression], start: int) -> Found | None:
        """The longest name that begins at a part: one word or phrase, or several plain words in a row."""
        best = None
        key: Key = ()
        for end, part in enumerate(_run(parts, start), start + 1):
            key += key_of(part.text)
            if len(key) > self.rings.longest:
                break
            if ring := self.rings.by_key.get(key):
                typed = " ".join(words.text for words in _run(parts[:end], start))
                best = Found(start, end, typed, part.field, key, ring)
        return best


def _run(parts: Sequence[Expression], start: int) -> Iterator[Word | Phrase]:
    """The part at `start` if it can be widened; of plain words, those of the same field behind it too."""
    first = parts[start]
    if not isinstance(first, Word | Phrase) or first.exact:
        return
    yield first
    for part in parts[start + 1 :] if isinstance(first, Word) else ():
        if not isinstance(part, Word) or part.exact or part.field != first.field:
            return
        yield part


def problems(names: Sequence[str], others: Iterable[NameRing]) -> Iterator[str]:
    """What is wrong with the names of a ring beside the others, in sentences."""
    if len(names) < 2:
        yield "A ring has at least two names."
    if len(names) > NAMES:
        yield f"This ring has {len(names)} names; a ring has at most {NAMES}."
    keys: dict[Key, str] = {}
    for name in names[: 2 * NAMES]:
        yield from _problems_of(name, keys)
    yield from _held_elsewhere(keys, others)


def _problems_of(name: str, keys: dict[Key, str]) -> Iterator[str]:
    key = key_of(name)
    if len(name) > NAME_LENGTH:
        yield f"“{name[:40]}…” has {len(name)} characters; a name has at most {NAME_LENGTH}."
    if not key:
        yield f"“{name}” has no letter or digit to look for."
    elif key in keys:
        yield f"“{keys[key]}” and “{name}” are one name to the search: keep one of them."
    keys.setdefault(key, name)


def _held_elsewhere(keys: Mapping[Key, str], others: Iterable[NameRing]) -> Iterator[str]:
    held = {key_of(name): ring for ring in others for name in ring.listed}
    for key, name in keys.items():
        if key and key in held:
            yield f"“{name}” is in another ring already: {held[key]}. A name can be in one ring only."
