"""Words that are looked for in a text stand where the spans of the whole text say they do."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.engine.analysis import Sought, marking, runs, spans
from articles.search.engine.analysis.tokens import blanked, plainer
from tests.growth import assert_in_proportion

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


TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from([*WORDS, " ", "-", "U.S.Army", "x-U.S.-y", "a\u0301"])).map("".join)
)


@given(TEXTS)
def test_no_word_goes_across_a_blank(text):
    laid = blanked(text)
    assert len(laid) == len(text)
    assert [run for piece in laid.split() for run in runs(piece)] == runs(plainer(text))


@given(TEXTS, st.sampled_from(["harbour", "sea", "us.", "港"]))
def test_words_are_found_where_the_spans_of_the_whole_text_are(text, term):
    found = Sought(frozenset({term}), frozenset(), "en").words(text)
    standing = sorted((at + word.start, at + word.end) for own, at in found for word in own if term in word.terms)
    assert standing == sorted((word.start, word.end) for word in spans(text, "en") if term in word.terms)


def test_a_vocabulary_that_is_full_is_begun_anew(monkeypatch):
    monkeypatch.setattr(marking, "KNOWN", 4)
    sought = Sought(frozenset({"harbour"}), frozenset(), "en")
    for text in ("one two three harbour", "four five six harbours", "the harbour"):
        assert [at for _, at in sought.words(text)] == [text.index("harbour")]


@pytest.mark.parametrize("text", ["flood-1 " * 20_000, " ".join(f"flood-{number}" for number in range(20_000))])
def test_many_different_pieces_take_no_more_than_their_share_of_time(text):
    sought = Sought(frozenset({"flood"}), frozenset(), "en")
    assert_in_proportion(lambda size: list(sought.words(text[:size])), len(text))


def is_sought(word, terms, forms):
    return word.form in forms or any(term in word.terms for term in terms)
