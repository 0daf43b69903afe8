"""Articles of invented words, whose frequencies fall as those of a language do (Zipf's law)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta

from articles.records import ArticleRecord, Dating

SYLLABLES = (
    "ba",
    "cor",
    "dem",
    "el",
    "fin",
    "gar",
    "hol",
    "ith",
    "kan",
    "lor",
    "mun",
    "nes",
    "ost",
    "pel",
    "rin",
    "sto",
)
VOCABULARY = ["".join(parts) for count in (2, 3, 4) for parts in itertools.product(SYLLABLES, repeat=count)][:40_000]
WEIGHTS = list(itertools.accumulate(1 / rank for rank in range(1, len(VOCABULARY) + 1)))
FIRST_DAY = date(1950, 1, 1)


def records(count: int, seed: int = 1) -> Iterator[ArticleRecord]:
    """So many articles of 250 words in five paragraphs, the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        words = chance.choices(VOCABULARY, cum_weights=WEIGHTS, k=250)
        yield ArticleRecord(
            title=f"{' '.join(words[:6])} {number}",
            body="\n\n".join(" ".join(words[start : start + 50]) for start in range(0, 250, 50)),
            source=f"Paper {number % 5}",
            tags=(f"tag {number % 40}", f"tag {number % 7}"),
            date=Dating.on(FIRST_DAY + timedelta(days=chance.randrange(20_000))),
        )
