"""Text to terms: what is the same word and what is not."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.engine.analysis import TERM_LENGTH, asked, fold, placed, rows, spans
from tests.growth import assert_in_proportion


def held(text: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    placed(text, found)
    return found


def finds(asked_for: str, text: str) -> bool:
    """Whether a search for one piece finds the text, by the positions of its terms."""
    found = held(text)
    return any(
        any(
            all(start + step in found.get(term, []) for step, term in enumerate(row)) for start in found.get(row[0], [])
        )
        for row in rows(asked_for)
    )


@pytest.mark.parametrize(
    "spellings",
    [
        ("Sha'abi", "Shaabi", "Sha’abi", "Sha‘abi", "Sha\u02bcabi", "Sha\u02bbabi", "SHA`ABI", "Sha´abi"),
        ("café", "cafe", "CAFÉ", "cafe\u0301", "cafés"),
        ("Łódź", "Lodz"),
        ("Straße", "strasse", "STRASSE"),
        ("Ærø", "aero"),
        ("naïve", "naive"),
        ("Baghdad’s", "Baghdad", "Baghdad's"),
        ("أحمد", "احمد", "إحمد", "أَحْمَد", "أحـــمد"),
        ("مكتبة", "مكتبه"),
        ("مصطفى", "مصطفي", "مصطفی"),
        ("کتاب", "كتاب"),
        ("١٩٢٣", "۱۹۲۳", "1923"),
        ("می\u200cخواهم", "میخواهم"),
        ("ｔｏｋｙｏ", "Tokyo"),
        ("ﬁre", "fire"),
        ("co\u00adoperate", "cooperate"),
        ("ёлка", "елка"),
        ("Ὀδυσσεύς", "οδυσσευς"),
        ("ｶﾞｽ", "ガス"),
        ("running", "runs", "run"),
        ("N.A.T.O.", "N.A.T.O"),
    ],
)
def test_spellings_of_one_word_find_each_other(spellings):
    for typed in spellings:
        for written in spellings:
            assert finds(typed, f"Before {written} after."), (typed, written)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("well-known", "a well-known man"),
        ("well", "a well-known man"),
        ("known", "a well-known man"),
        ("wellknown", "a well-known man"),
        ("well-known", "a wellknown man"),
        ("well-known", "a well known man"),
        ("state-of-the-art", "state‑of‑the‑art"),
        ("U.S.", "the U.S. army"),
        ("U.S.", "the US army"),
        ("US", "the U.S. army"),
        ("U.S.", "a U.S.-led force"),
        ("G", "vitamin G"),
        ("homme", "l’homme"),
        ("l'homme", "l’homme"),
        ("中国", "我爱中国人"),
        ("国", "我爱中国人"),
        ("中国人", "我爱中国人"),
        ("手机", "iPhone手机"),
        ("iphone手机", "一部iPhone手机很贵"),
        ("東京都", "ここは東京都です"),
        ("กรุงเทพ", "ที่กรุงเทพมหานคร"),
        ("한국", "한국의 경제"),
        ("3.5", "rose by 3.5 percent"),
        ("foo_bar", "the foo_bar file"),
        ("C++", "written in C++"),
    ],
)
def test_a_piece_is_found_in_a_text(typed, written):
    assert finds(typed, written)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("中人", "中国人"),
        ("U.S.", "tell us more"),
        ("3.5", "5 and 3"),
        ("well-known", "known as well"),
        ("news comes", "news that comes"),
        ("cat", "concatenate"),
    ],
)
def test_a_piece_is_not_found_where_it_does_not_stand(typed, written):
    assert not finds(typed, written)


def test_a_phrase_is_exact_and_no_word_is_left_out():
    assert finds("to be or not to be", "He asked: To be, or not to be?")
    assert not finds("to be not", "to be or not to be")


def test_acme_and_its_trade_mark_are_told_apart():
    assert finds("Acme", "the Acme™ razor")


def test_a_word_without_end_is_found_by_its_beginning():
    assert finds("x" * 5000, "x" * 9000)
    assert all(len(term) <= TERM_LENGTH for term in held("x" * 9000))


@given(st.text())
def test_every_word_of_any_text_is_found_again(text):
    for start, end, terms in spans(text):
        assert 0 <= start < end <= len(text)
        for term in terms:
            term.encode()
    for word in text.split():
        if asked(word):
            assert finds(word, text), word


@given(st.text())
def test_folding_does_not_depend_on_how_accents_are_written(text):
    assert fold(normalize("NFC", text)) == fold(normalize("NFD", text))


@pytest.mark.parametrize("piece", ["a", "'", "a-", "a'", ".", "a.", "中", "\u0301", "_", "a\u200d", "U.S.", "’s"])
def test_hostile_text_is_read_in_linear_time(piece):
    text = piece * (150_000 // len(piece))
    found = held(text)
    assert_in_proportion(lambda size: list(spans(text[:size])), len(text))
    assert all(len(term.encode()) <= 4 * TERM_LENGTH for term in found)
