"""Words that are looked for in a text stand where the spans of the whole text say they do."""

from __future__ import annotations

import random

import pytest

from articles.search.engine.analysis import Sought, spans

WORDS = (
    "harbour harbours Harbour sea-lion sea lion L'heure heure don't U.S. US 2024 naïve storms storm stormed "
    "_ ___ 東京の港 港 ที่นี่ مدينة المدينة -- ... well-known’s"
).split()
LOOKED_FOR = [("harbour",), ("sea", "lion"), ("storm", "港"), ("heur", "us."), ("nowhere",), ()]


@pytest.mark.parametrize("terms", LOOKED_FOR)
@pytest.mark.parametrize("forms", [(), ("harbours", "don't")])
@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_stretches_hold_the_words_that_are_looked_for_and_those_behind_them(terms, forms, language):
    draw = random.Random(7)
    sought = Sought(frozenset(terms), frozenset(forms), language)
    for reach in (1, 2, 5):
        for _ in range(20):
            text = " ".join(draw.choices(WORDS, k=draw.randrange(40)))
            whole = list(spans(text, language))
            stretches = list(sought.stretches(text, reach))
            assert {
                words[at] for words, begins in stretches for at in begins if is_sought(words[at], terms, forms)
            } == {word for word in whole if is_sought(word, terms, forms)}
            for words, begins in stretches:
                first = whole.index(words[0])
                assert words == whole[first : first + len(words)]
                # A run has no word, one, or several.
                assert len(words) >= min(begins[-1] + reach, len(whole) - first)


def is_sought(word, terms, forms):
    return word.form in forms or any(term in word.terms for term in terms)
