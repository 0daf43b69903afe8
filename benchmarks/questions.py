"""Questions drawn from the articles themselves: words of their headlines, phrases of their texts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from . import words
from .corpus import FIRST_DAY, LAST_DAY
from .engines.door import PAGE, Document, Question

KINDS = (
    "common",
    "rare",
    "AND",
    "OR",
    "phrase",
    "common phrase",
    "near",
    "prefix",
    "fuzzy",
    "range",
    "facet",
    "by date",
    "page 50",
    "fields",
)
# What a day at an archive might be like is all kinds alike; `fields` is a class beside them.
MIX = KINDS[:-1]
# A common word stands in one article of fifty and more, a rare one in at most this many.
COMMON_SHARE, RARE_MOST, VERY_COMMON_SHARE = 0.02, 20, 0.05
SAMPLE = 5000
SLOP = 5
PREFIX_LETTERS = 4
PAGE_50 = 490
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Sample:
    """What one reading of a corpus leaves: how many articles hold each stem, and some of the articles."""

    count: int = 0
    frequencies: Counter[str] = field(default_factory=Counter)
    documents: list[Document] = field(default_factory=list)

    @property
    def occurrences(self) -> int:
        return self.frequencies.total()


def sample(documents: Iterable[Document], chance: random.Random) -> Sample:
    found = Sample()
    for document in documents:
        found.count += 1
        found.frequencies.update(set(document.stems.split()))
        if len(found.documents) < SAMPLE:
            found.documents.append(document)
        elif (at := chance.randrange(found.count)) < SAMPLE:
            found.documents[at] = document
    return found


def draw(seen: Sample, count: int, seed: int = 1) -> list[Question]:
    """So many different questions of each kind, or as many as the texts have."""
    return [question for kind in KINDS for question in Drawing(seen, kind, seed).questions(count)]


class Drawing:
    def __init__(self, seen: Sample, kind: str, seed: int) -> None:
        self.seen = seen
        self.kind = kind
        self.chance = random.Random(f"{kind} {seed}")

    def questions(self, count: int) -> Iterator[Question]:
        return islice(self.different(50 * count), count)

    def different(self, tries: int) -> Iterator[Question]:
        seen = set()
        for _ in range(tries):
            question = self.one()
            if question and str(question) not in seen:
                seen.add(str(question))
                yield question

    def one(self) -> Question | None:
        document = self.chance.choice(self.seen.documents)
        return DRAWN[self.kind](self, document)

    # What words of an article there are to ask for

    def headline(self, document: Document) -> list[str]:
        return [word for word in dict.fromkeys(document.title.split()) if self.worth_asking(word)]

    def worth_asking(self, word: str) -> bool:
        return len(word) > 2 and word not in words.STOP_WORDS

    def some(self, found: list[str], count: int, match: str, slop: int = 0) -> Question | None:
        if len({words.stem(word) for word in found}) < count:
            return None
        chosen: dict[str, str] = {words.stem(word): word for word in self.chance.sample(found, len(found))}
        return self.question(list(chosen.values())[:count], match, slop=slop)

    def question(self, chosen: list[str], match: str, slop: int = 0) -> Question:
        return Question(self.kind, match, chosen, words.stems(chosen), slop)

    def share(self, word: str) -> float:
        return self.seen.frequencies[words.stem(word)] / self.seen.count

    # The kinds

    def common(self, document: Document) -> Question | None:
        return self.some([word for word in self.headline(document) if self.share(word) >= COMMON_SHARE], 1, "and")

    def rare(self, document: Document) -> Question | None:
        found = [word for word in dict.fromkeys(document.text.split()) if self.worth_asking(word)]
        frequencies = self.seen.frequencies
        return self.some([word for word in found if frequencies[words.stem(word)] <= RARE_MOST], 1, "and")

    def both(self, document: Document) -> Question | None:
        return self.some(self.headline(document), 2, "and")

    def either(self, document: Document) -> Question | None:
        return self.some(self.headline(document), 3, "or")

    def phrase(self, document: Document) -> Question | None:
        """Two to four neighbours in a text, of which the first and the last are worth asking for."""
        found = document.text.split()
        length = self.chance.randint(2, 4)
        if len(found) < length:
            return None
        at = self.chance.randrange(len(found) - length + 1)
        chosen = found[at : at + length]
        fit = self.worth_asking(chosen[0]) and self.worth_asking(chosen[-1])
        return self.question(chosen, "phrase") if fit else None

    def common_phrase(self, document: Document) -> Question | None:
        """Two neighbours that are both in one article of twenty and more; stop words are among them."""
        found = document.text.split()
        pairs = [pair for pair in pairwise(found) if min(map(self.share, pair)) >= VERY_COMMON_SHARE]
        pairs = [(one, other) for one, other in pairs if words.stem(one) != words.stem(other)]
        return self.question(list(self.chance.choice(pairs)), "phrase") if pairs else None

    def near(self, document: Document) -> Question | None:
        found = document.text.split()
        at = self.chance.randrange(len(found))
        around = [word for word in found[at : at + SLOP] if self.worth_asking(word)]
        return self.some(around, 2, "near", SLOP)

    def prefix(self, document: Document) -> Question | None:
        found = [word for word in self.headline(document) if len(words.stem(word)) > PREFIX_LETTERS]
        if not found:
            return None
        beginning = words.stem(self.chance.choice(found))[:PREFIX_LETTERS]
        return Question(self.kind, "prefix", [beginning], [beginning])

    def fuzzy(self, document: Document) -> Question | None:
        """A word with a wrong letter; what is one letter away from it begins with the same letter, all of it."""
        found = [stem for word in self.headline(document) if len(stem := words.stem(word)) > 4]
        if not found:
            return None
        right = self.chance.choice(found)
        at = self.chance.randrange(1, len(right))
        wrong = right[:at] + self.chance.choice(ALPHABET) + right[at + 1 :]
        other_beginnings = {wrong[1:], *(f"{letter}{rest}" for letter in ALPHABET for rest in (wrong, wrong[1:]))} - {
            wrong
        }
        doubtful = any(self.seen.frequencies[stem] for stem in other_beginnings)
        return None if doubtful else Question(self.kind, "fuzzy", [wrong], [wrong])

    def of_days(self, document: Document) -> Question | None:
        found = self.common(document)
        low, high = sorted(self.chance.sample(range(FIRST_DAY, LAST_DAY), 2))
        return found and Question(self.kind, "and", found.words, found.stems, days=[low, high])

    def with_sections(self, document: Document) -> Question | None:
        found = self.common(document)
        return found and Question(self.kind, "and", found.words, found.stems, facet=True)

    def by_date(self, document: Document) -> Question | None:
        found = self.common(document)
        return found and Question(self.kind, "and", found.words, found.stems, by_date=True)

    def page_50(self, document: Document) -> Question | None:
        found = self.common(document)
        if found and self.seen.frequencies[found.stems[0]] < PAGE_50 + PAGE:
            return None
        return found and Question(self.kind, "and", found.words, found.stems, start=PAGE_50)

    def in_fields(self, document: Document) -> Question | None:
        found = self.common(document)
        return found and Question(self.kind, "fields", found.words, found.stems)


DRAWN: dict[str, Callable[[Drawing, Document], Question | None]] = {
    "common": Drawing.common,
    "rare": Drawing.rare,
    "AND": Drawing.both,
    "OR": Drawing.either,
    "phrase": Drawing.phrase,
    "common phrase": Drawing.common_phrase,
    "near": Drawing.near,
    "prefix": Drawing.prefix,
    "fuzzy": Drawing.fuzzy,
    "range": Drawing.of_days,
    "facet": Drawing.with_sections,
    "by date": Drawing.by_date,
    "page 50": Drawing.page_50,
    "fields": Drawing.in_fields,
}
