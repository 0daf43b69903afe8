"""Every word of real articles is found as it was typed, in capitals, and without its accents."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import defaultdict
from itertools import islice
from pathlib import Path

import pytest

from articles.search.engine.analysis import language_of, places, rows, runs

CORPORA = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "text"
FILES = sorted(CORPORA.glob("*.jsonl.gz"))
ARTICLES, WORDS = 60, 400


def sample(path: Path) -> dict[str, list[str]]:
    """Some words of each language of a corpus."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    for article in islice(articles, 0, None, max(1, len(articles) // ARTICLES)):
        found[article["lang"]].update(runs(article["body"][:3000]))
    return {language: sorted(words)[:: max(1, len(words) // WORDS)] for language, words in found.items()}


def without_accents(text: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))


@pytest.mark.skipif(not FILES, reason="the corpora are not beside the project")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".jsonl.gz"))
def test_every_word_of_a_text_is_found_however_it_is_typed(path):
    for language, words in sample(path).items():
        key = language_of(language)
        for word in words:
            held = [set(place.terms) for place in places(word, key)]
            for typed in {word, word.upper(), without_accents(word), without_accents(word.upper())}:
                asked = rows(typed, [language])
                assert not asked or any(stands(row.terms, held) for row in asked), (language, word, typed, held)


def stands(terms: tuple[str, ...], held: list[set[str]]) -> bool:
    return any(
        all(term in held[start + step] for step, term in enumerate(terms))
        for start in range(len(held) - len(terms) + 1)
    )
