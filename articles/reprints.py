"""Whether one text is another printing of another, or only fills in the same form otherwise.

Both share most of their words. A reprint leaves out paragraphs, puts something before or after, has a misread letter; a
form says of another day, place and sum what it said before. So the words are laid beside each other, and those that
stand in the same place and are others count against it: numbers and names in full.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from rapidfuzz.distance import LCSseq, Levenshtein

from .differences import aligned
from .sketches import words_of

# So much of each text is laid beside the other.
MOST_CHARACTERS = 8_000
# Fewer same words between two changes are there by chance.
LEAST_SAME = 3
# In place of so few words others fill in a form; in place of more they are another passage.
LONGEST_FILLING = 12
# What a filling weighs that is neither a number nor a name.
WORD_WEIGHT = 0.25
# How alike two words must be to be one that was misread. A name may be another name: Tuesday is not Thursday.
MISREAD, MISREAD_NAME = 0.5, 0.8


@dataclass(frozen=True)
class Allowance:
    """How far two printings of one story may differ: the least share of the shorter text that the same words must be,
    and how many fillings are let pass for each hundred of these."""

    share: float = 0.6
    fillings: float = 2.0


USUAL = Allowance()
# Papers that have a text from one agency within days each change it a little.
OF_AN_AGENCY = Allowance(fillings=4.0)
# A paper prints its own text again within days, to correct it; later on it is a form, or a column with its usual foot.
ITS_OWN_LATER = Allowance(share=0.8, fillings=0.5)
NEAR = dt.timedelta(days=4)
# The share of the longer text that the same words must be: a note is no printing of the round-up that it is part of.
SHARE_OF_LONGER = 0.35


@dataclass(frozen=True)
class Printed:
    """The words of a text as it was printed, by which source (its number), and between when, as far as is known."""

    words: list[str]
    folded: list[str]
    source: int | None
    earliest: dt.datetime | None
    latest: dt.datetime | None

    @classmethod
    def of(cls, text: str, source: int | None, earliest: dt.datetime | None, latest: dt.datetime | None) -> Printed:
        words = words_of(text[:MOST_CHARACTERS])
        return cls(words, [word.casefold() for word in words], source, earliest, latest)


class _Place(NamedTuple):
    """So many words of one text stand where so many of the other do: the same, but for misread letters, or fillings.

    `weight` is that of the fillings.
    """

    same: bool
    one: int
    other: int
    weight: float = 0

    @property
    def words(self) -> int:
        return min(self.one, self.other)


def is_reprint(one: Printed, other: Printed) -> bool:
    """Whether two texts are printings of one story."""
    allowed = _allowed(one, other)
    shorter, longer = sorted((len(one.words), len(other.words)))
    least = max(allowed.share * shorter, SHARE_OF_LONGER * longer)
    if LCSseq.similarity(one.folded, other.folded) < least:
        return False
    places = _beside(one, other)
    same = sum(place.words for place in places if place.same)
    if same < least:
        return False
    return sum(map(_fillings, places)) <= allowed.fillings * same / 100


def _allowed(one: Printed, other: Printed) -> Allowance:
    near = _near(one, other)
    if one.source is None or other.source is None or near is None:
        return USUAL
    if one.source == other.source:
        return USUAL if near else ITS_OWN_LATER
    return OF_AN_AGENCY if near else USUAL


def _near(one: Printed, other: Printed) -> bool | None:
    """Whether they may be of the same days; None where it is not known."""
    if not (one.earliest and one.latest and other.earliest and other.latest):
        return None
    return max(one.earliest, other.earliest) - min(one.latest, other.latest) <= NEAR


def _beside(one: Printed, other: Printed) -> list[_Place]:
    """The places of both texts in order: those of same words and those of others by turns."""
    places = _joined(_laid(one, other))
    return list(_joined(place if place.words >= LEAST_SAME else place._replace(same=False) for place in places))


def _laid(one: Printed, other: Printed) -> Iterator[_Place]:
    for same, here, there in aligned(one.folded, other.folded):
        before, after = one.words[here], other.words[there]
        same = same or _is_misread(before, after)
        yield _Place(same, len(before), len(after), 0 if same else _weight(before, after))


def _joined(places: Iterable[_Place]) -> Iterator[_Place]:
    for same, group in groupby(places, key=attrgetter("same")):
        _, one, other, weight = zip(*group, strict=True)
        yield _Place(same, sum(one), sum(other), sum(weight))


def _fillings(place: _Place) -> float:
    """What its fillings weigh; nothing where another passage stands."""
    return 0 if place.same or max(place.one, place.other) > LONGEST_FILLING else place.weight


def _is_misread(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether these are the same words, with letters misread or a space too many."""
    if not one or not other:
        return False
    if len(one) != len(other):
        one, other = ["".join(one)], ["".join(other)]
    return all(map(_is_one_word, one, other))


def _is_one_word(one: str, other: str) -> bool:
    if one.isnumeric() and other.isnumeric():
        return one == other
    least = MISREAD_NAME if one[0].isupper() and other[0].isupper() else MISREAD
    return Levenshtein.normalized_similarity(one.casefold(), other.casefold()) >= least


def _weight(one: Sequence[str], other: Sequence[str]) -> float:
    """How much it tells that these words stand where those do; nothing where one text only has more."""
    if not one or not other:
        return 0
    named = all(map(_has_number, (one, other))) or all(map(_has_name, (one, other)))
    return 1 if named else WORD_WEIGHT


def _has_number(words: Sequence[str]) -> bool:
    return any(word.isnumeric() for word in words)


def _has_name(words: Sequence[str]) -> bool:
    return any(word[0].isupper() for word in words)
