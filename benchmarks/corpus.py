"""Articles in any number: sentences of real ones put together anew, with invented names whose number grows without end.

An article takes its headline and half of its sentences from one source article and two of its neighbours, so that words
keep the company that they keep in real texts; the other half comes from anywhere. Lengths are log-normal, as in real
archives. Every sentence has a fair chance of a name of names.py in the place of one of its words.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from . import names, words
from .engines.door import Document

DEMO = Path(__file__).parent.parent / "articles" / "demo"
FIRST_DAY, LAST_DAY = date(1911, 1, 1).toordinal(), date(2025, 12, 31).toordinal()
SECTIONS = [f"section-{number}" for number in range(1, 25)]
SECTION_WEIGHTS = [1 / rank for rank in range(1, len(SECTIONS) + 1)]
MEDIAN_LENGTH, SPREAD, SHORTEST, LONGEST = 220, 0.6, 40, 4000
NEIGHBOURS = 3
# A third of the articles have a picture.
WITH_CAPTION = 1 / 3

TAG = re.compile(r"<[^>]*>")

Sentence = list[str]


@dataclass(frozen=True)
class Source:
    """What a real article gives: its headline, and the sentences of its body."""

    headline: Sentence
    sentences: list[Sentence]


class NoTexts(Exception):
    """Nothing can be built from the files given."""


def sources(paths: Sequence[Path]) -> list[Source]:
    found = [source for path in paths for source in map(source_of, records(path)) if source]
    if not found:
        raise NoTexts(f"{', '.join(map(str, paths))}: no article with a sentence in Latin letters in it.")
    return found


def demo_files() -> list[Path]:
    return sorted(DEMO.glob("*.jsonl"))


def records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def source_of(record: dict[str, Any]) -> Source | None:
    """None for what has no sentence of more than two words that we can read."""
    body = (
        TAG.sub(" ", record.get("body") or "") if record.get("body_type") == "text/html" else record.get("body") or ""
    )
    sentences = [sentence for sentence in words.sentences_of(body) if len(sentence) > 2]
    headline = words.words_of(record.get("title") or "") or (sentences[0][:8] if sentences else [])
    return Source(headline, sentences) if sentences else None


class Corpus:
    """The same articles for the same sources, count and seed."""

    def __init__(self, pool: list[Source], seed: int = 1) -> None:
        self.pool = pool
        self.sentences = [sentence for source in pool for sentence in source.sentences]
        self.chance = random.Random(seed)
        self.mean = sum(map(len, self.sentences)) / len(self.sentences)

    def documents(self, count: int) -> Iterator[Document]:
        for key in range(1, count + 1):
            yield self.document(key)

    def document(self, key: int) -> Document:
        chance = self.chance
        at = chance.randrange(len(self.pool))
        title = self.named(self.pool[at].headline)
        body = self.body(self.near(at))
        caption = self.named(chance.choice(self.sentences)) if chance.random() < WITH_CAPTION else []
        text = [*title, *body]
        return Document(
            key=key,
            title=" ".join(title),
            caption=" ".join(caption),
            text=" ".join(text),
            stems=" ".join(words.stems(text)),
            title_stems=" ".join(words.stems(title)),
            caption_stems=" ".join(words.stems(caption)),
            day=self.day(),
            section=chance.choices(SECTIONS, SECTION_WEIGHTS)[0],
        )

    def near(self, at: int) -> list[Sentence]:
        """The sentences of a source article and the ones behind it."""
        return [sentence for source in self.pool[at : at + NEIGHBOURS] for sentence in source.sentences]

    def body(self, near: list[Sentence]) -> Sentence:
        chance = self.chance
        length = min(max(chance.lognormvariate(0, SPREAD) * MEDIAN_LENGTH, SHORTEST), LONGEST)
        found: Sentence = []
        while len(found) < length:
            found += self.named(chance.choice(near if chance.random() < 0.5 else self.sentences))
        return found

    def named(self, sentence: Sentence) -> Sentence:
        """The sentence with, as often as names.SHARE says, a name in it."""
        if self.chance.random() > names.SHARE * self.mean:
            return sentence
        changed = sentence.copy()
        changed[self.chance.randrange(len(changed))] = names.draw(self.chance)
        return changed

    def day(self) -> int:
        """Later years hold more articles than earlier ones."""
        return FIRST_DAY + int((LAST_DAY - FIRST_DAY) * self.chance.random() ** 0.6)


def write(documents: Iterable[Document], path: Path) -> int:
    """How many bytes of text there are."""
    size = 0
    with path.open("w", encoding="utf-8") as lines:
        for document in documents:
            lines.write(json.dumps(asdict(document)) + "\n")
            size += len(document.text) + len(document.caption)
    return size


def read(path: Path) -> Iterator[Document]:
    return (Document(**record) for record in records(path))
