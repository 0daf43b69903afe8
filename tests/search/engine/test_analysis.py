"""Text to terms: what is the same word and what is not."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.search.engine.analysis import TERM_LENGTH, Place, fold, places, rows, runs, spans, unaccented, written
from articles.search.engine.analysis.languages import PLAIN, WAYS
from articles.search.engine.analysis.stemming import plain_stems
from articles.search.engine.analysis.words import is_plain
from tests.growth import assert_in_proportion
from tests.search.engine.reading import finds, held


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
        for printed in spellings:
            assert finds(typed, f"Before {printed} after."), (typed, printed)


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
        ("U.S.", "a non-U.S. force"),
        ("l'U.R.S.S.", "l’U.R.S.S. et la France"),
        ("NATO", "the N.A.T.O. treaty"),
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


@pytest.mark.parametrize(
    ("run", "forms"),
    [
        ("Élections", ["élections"]),
        ("STRASSE", ["strasse"]),
        ("Straße", ["straße"]),
        ("Sha‘abi", ["sha'abi"]),
        ("co\u00adoperate", ["cooperate"]),
        ("cafe\u0301", ["café"]),
        ("Baghdad’s", ["baghdad"]),
        ("Well-Known", ["well", "known"]),
        ("U.S.", ["u.s."]),
        ("N.A.T.O", ["n.a.t.o."]),
        ("İstanbul", ["istanbul"]),
        ("中国", ["", ""]),
        ("iPhone手机", ["iphone", "", ""]),
        ("x" * 100, ["x" * TERM_LENGTH]),
    ],
)
def test_a_form_is_the_word_as_it_is_written(run, forms):
    assert [place.form for place in places(run, "en")] == forms


def test_a_row_has_the_forms_beside_the_terms_and_none_for_a_word_put_together():
    assert [(row.terms, row.forms) for row in rows("Well-Known", ["en"])] == [
        (("well", "known"), ("well", "known")),
        (("wellknown",), ("",)),
    ]


def test_a_word_has_one_place_and_the_first_of_its_terms_is_asked_for():
    assert places("US", "en") == (Place(("us", "us."), "us"),)
    assert places("_", "en") == ()


@given(st.text())
def test_a_row_has_as_many_forms_as_terms(text):
    for row in rows(text, ["en", "fr", "ar"]):
        assert len(row.terms) == len(row.forms) > 0
        assert all(row.terms)


@given(st.text())
def test_every_word_of_any_text_is_found_again(text):
    for span in spans(text):
        assert 0 <= span.start < span.end <= len(text)
        for term in (*span.terms, span.form):
            term.encode()
    for word in text.split():
        if rows(word, []):
            assert finds(word, text), word


@given(st.text())
def test_folding_does_not_depend_on_how_accents_are_written(text):
    for change in (fold, written, unaccented):
        assert change(normalize("NFC", text)) == change(normalize("NFD", text))


@given(st.text(alphabet="aé1.'’“” \n\u0301\u200dU中文", max_size=40))
@example("a xa a U.S. ’a’ 中a文")
@example("UU'中’UU’文")
def test_a_span_is_found_by_what_stands_in_it(text):
    for span in spans(text):
        assert held(text[span.start : span.end]).keys() <= {*span.terms}


@given(st.text(alphabet="aé1.'’“” \n\u0301\u200dU", max_size=40))
def test_spans_are_the_words_of_a_text(text):
    assert [text[span.start : span.end].replace("’", "'") for span in spans(text)] == [
        run for run in runs(text) if places(run, "en")
    ]


def test_texts_of_any_language_are_spanned_as_they_are_placed():
    for language in ("", "fr", "ar", "sw"):
        text = "L’homme well-known U.S. iPhone手机 والمدينة"
        terms = {term for span in spans(text, language) for term in span.terms}
        assert terms >= held(text, language).keys()


HOSTILE = [
    "a",
    "'",
    "a-",
    "a'",
    ".",
    "a.",
    "a.a ",
    "中",
    "\u0301",
    "a\u0301\u0316",
    "_",
    "a\u200d",
    "U.S.",
    "’s",
    "Σ'",
    "\n ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_in_linear_time(piece):
    text = piece * (80_000 // len(piece))
    found = held(text)
    assert_in_proportion(lambda size: list(spans(text[:size])), len(text))
    assert_in_proportion(lambda size: [places(run, "fr") for run in runs(text[:size])], len(text))
    assert all(len(term.encode()) <= 4 * TERM_LENGTH for term in found)


@pytest.mark.parametrize("mark", ["\u0301\u0316", "\u0e38", "\u064b\u0650", "\u3099\u0323"])
def test_a_flood_of_marks_on_one_letter_is_read_in_linear_time(mark):
    text = "é" + mark * 40_000
    assert_in_proportion(lambda size: (fold(text[:size]), written(text[:size]), unaccented(text[:size])), len(text))


@pytest.mark.parametrize(
    "text", ["\ud800", "a\ud800b", "\x00", "a\x00b", "\udfff中\ud800", "\x02\x03\x01", "\ufeffU.S."]
)
def test_what_is_no_character_separates_words(text):
    for run in runs(text):
        for place in places(run, "de"):
            assert all(term.encode() for term in place.terms)
    assert len(list(spans(text, "de"))) == len([place for run in runs(text) for place in places(run, "de")])


@given(
    st.lists(st.text(alphabet="aeinorstlgmZ9_é", max_size=12) | st.text(alphabet="oeszAB", min_size=60, max_size=70)),
    st.sampled_from([*WAYS, PLAIN]),
)
@example(["eleicoes", "NATO", "ABCDEF", "A", "Running", "oes", "S", "running9"], "pt")
def test_plain_words_have_one_place_with_one_stem(words, language):
    plain = list(filter(is_plain, words))
    stems = plain_stems([word.lower() for word in plain], language)
    expected = [(Place((stem,), word.lower()),) for stem, word in zip(stems, plain, strict=True)]
    assert [places(word, language) for word in plain] == expected
