"""Nothing was found: what each part of the question finds alone, what stands in the way, and what was perhaps meant.

Every number is what its link gives.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import OSA

from .. import asking
from ..edge import attempt
from ..engine.analysis import fold, rows
from ..grammar import All, AtLeast, Either, Expression, Near, Not, Pattern, Sought, Word, sought
from ..question import Question, Sort, wording
from .less import everywhere, less, parts_of
from .unheld import demands

# So much is counted for one answer, so long in seconds; so many words are offered for one that nobody wrote.
COUNTS, SECONDS, NEAREST = 25, 0.5, 3
# A beginning of a word has so many letters, and a word in which one letter may be wrong and no more.
SHORTEST, SHORT = 3, 5
# What is offered for a word is so much farther from it than the nearest at most, in letters; another first letter is
# so much farther: readers seldom get that one wrong.
FARTHER, FIRST = 0.5, 0.5


@dataclass(frozen=True)
class Offer:
    """Another question, and how many articles it gives; None where that was not counted."""

    words: str
    url: str
    count: int | None


@dataclass(frozen=True)
class Nothing:
    """`alone` has each part of the question by itself, within what narrows it; `without` what is found when one part
    is left out; `instead` questions with other words that find something, `elsewhere` if only without what narrows.
    `unheld` has a sentence for each thing beside words that no article has.
    """

    alone: tuple[Offer, ...] = ()
    without: tuple[Offer, ...] = ()
    instead: tuple[Offer, ...] = ()
    elsewhere: bool = False
    unheld: tuple[str, ...] = ()


def nothing(question: Question) -> Nothing:
    """About a question that finds nothing. Empty while the index is away."""
    with attempt("looking for what a search without an answer could have found"):
        variations = Variations(question)
        unheld, alone = tuple(variations.unheld()), tuple(variations.alone())
        instead, elsewhere = variations.instead()
        return Nothing(alone, tuple(variations.without()), tuple(instead), elsewhere, unheld)
    return Nothing()


@dataclass
class Variations:
    """Counts what variations of one question find, each once, until enough was counted."""

    question: Question
    counting: asking.Asker = field(default_factory=asking.Asker)
    counted: dict[Question, int | None] = field(default_factory=dict)
    offered: set[Question] = field(default_factory=set)
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def count(self, asked: Question) -> int | None:
        """None where the engine refuses it or too much was counted already."""
        asked = _plain(asked)
        if asked not in self.counted:
            enough = len(self.counted) >= COUNTS or time.monotonic() > self.until
            self.counted[asked] = None if enough else self.counting.total(asked)
        return self.counted[asked]

    def offer(self, words: str, asked: Question) -> Offer:
        self.offered.add(_plain(asked))
        return Offer(words, asked.url(), self.count(asked))

    def unheld(self) -> Iterator[str]:
        yield from (told for told, asked in demands(self.question) if self.count(asked) == 0)

    def alone(self) -> Iterator[Offer]:
        """Each part of several by itself, but not what the question excludes."""
        parts = [part for part in parts_of(self.question.parsed.expression) if not isinstance(part, Not)]
        if len(parts) > 1:
            yield from (self.offer(wording.words(part), self.question.asking(part)) for part in parts)

    def without(self) -> Iterator[Offer]:
        """What is found when one thing less is asked for, or when nothing narrows the search."""
        self.offered.add(_plain(self.question))
        for words, fewer in less(self.question):
            if not fewer.is_open and _plain(fewer) not in self.offered:
                offer = self.offer(words, fewer)
                yield from [offer] if offer.count else []

    # Other words

    def instead(self) -> tuple[list[Offer], bool]:
        """With the nearest words of this archive for those that nobody wrote, or with words that begin so.

        If that finds nothing, then without what narrows the search, which is told; or else each of these words alone.
        """
        expression = self.question.parsed.expression
        unknown = list(dict.fromkeys(_unknown(expression))) if expression else []
        near = {word: self._nearest(word) for word in unknown}
        best: dict[Sought, Sought] = {word: words[0] for word, words in near.items() if words}
        tried: list[dict[Sought, Sought]] = [{**best, word: other} for word in unknown for other in near[word]]
        tried += [{**best, word: Pattern(f"{word.text}*", word.field)} for word in unknown if _begins(word)]
        whole = [_replaced(expression, changes) for changes in tried] if expression else []
        asked, alone = self.question, [words for word in unknown for words in near[word]]
        for base, expressions in (
            (asked, whole),
            (everywhere(asked), whole),
            (asked, alone),
            (everywhere(asked), alone),
        ):
            if found := list(self._fitting(base, expressions)):
                return found, asked.is_narrowed and not base.is_narrowed
        return [], False

    def _nearest(self, word: Word) -> list[Word]:
        """Of forms of one word the nearest, since each finds the others."""
        near = asking.engine().nearest(word.text, 2 * NEAREST)
        shown = closest(word.text, [text for text, _often in near if self.counting.shows(text)])
        by_term = {tuple(row.terms for row in rows(text, ())): text for text in reversed(shown)}
        return [replace(word, text=text) for text in shown if text in by_term.values()][:NEAREST]

    def _fitting(self, base: Question, expressions: Sequence[Expression]) -> Iterator[Offer]:
        """Those of some expressions that find something in place of the words of a question."""
        for expression in dict.fromkeys(expressions):
            offer = self.offer(wording.words(expression), base.asking(expression))
            if offer.count:
                yield offer


def closest(word: str, others: Sequence[str]) -> list[str]:
    """The nearest of these words, and those that are nearly as near."""
    folded = fold(word)
    far = {other: _distance(folded, fold(other)) for other in others}
    most = 1 if len(folded) <= SHORT else 2
    reach = min(min(far.values(), default=0) + FARTHER, most + FIRST)
    return sorted((other for other in others if far[other] <= reach), key=far.__getitem__)


def _distance(word: str, other: str) -> float:
    """In letters that are wrong, missing, too many or swapped with the next."""
    return OSA.distance(word, other) + FIRST * (word[:1] != other[:1])


def _plain(asked: Question) -> Question:
    """What finds the same, in whatever order."""
    return asked.with_(sort=Sort.RELEVANCE).plain


def _unknown(expression: Expression) -> Iterator[Word]:
    """Words that stand in no article in any form."""
    engine = asking.engine()
    for word in sought(expression):
        if isinstance(word, Word) and not engine.forms(word.text):
            yield word


def _begins(word: Word) -> bool:
    """Whether it can be the beginning of other words."""
    return len(word.text) >= SHORTEST and word.text.isalnum()


def _replaced(part: Expression, changes: Mapping[Sought, Sought]) -> Expression:
    """The question with other words in it."""
    if isinstance(part, All | Either):
        return type(part)(tuple(_replaced(inner, changes) for inner in part.parts))
    if isinstance(part, Near):
        return Near(tuple(changes.get(inner, inner) for inner in part.parts), part.distance)
    if isinstance(part, AtLeast):
        return AtLeast(part.times, changes.get(part.part, part.part))
    return changes.get(part, part) if isinstance(part, Word) else part
