"""Endings come off as each language has them, and a word is found however it is typed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.engine.analysis import language_of, places, rows, slots
from articles.search.engine.analysis.languages import DEFAULT, KEYS, OTHERS, PLAIN, UNSTEMMED, WAYS
from tests.search.engine.reading import finds, held


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("", DEFAULT),
        ("en-GB", "en"),
        ("EN", "en"),
        (" de ", "de"),
        ("pt_BR", "pt"),
        ("deu", "de"),
        ("nb", "no"),
        ("hr-HR", "sr"),
        ("pcm", "en"),
        ("ar-EG", "ar"),
        ("sw", PLAIN),
        ("swa", PLAIN),
        ("xho", PLAIN),
        ("zh-Hans", DEFAULT),
        ("ja", DEFAULT),
        ("am", DEFAULT),
        ("und", DEFAULT),
        ("xx", DEFAULT),
        ("x-klingon", DEFAULT),
        ("English", DEFAULT),
        ("\ud800", DEFAULT),
    ],
)
def test_a_tag_of_any_kind_names_a_way_to_stem(code, key):
    assert language_of(code) == key


def test_a_key_is_its_own_key():
    for key in {*WAYS, PLAIN}:
        assert language_of(key) == key


def test_no_code_means_two_things():
    assert not KEYS.keys() & UNSTEMMED
    assert not KEYS.keys() & OTHERS
    assert len(KEYS) == sum(1 + len(way.codes.split()) for way in WAYS.values())


@given(st.text())
def test_any_text_for_a_tag_names_a_way_to_stem(code):
    assert language_of(code) in {*WAYS, PLAIN}


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [
        ("fr", "elections generales", "élections générales"),
        ("fr", "élections générales", "ELECTIONS GENERALES"),
        ("fr", "élection", "élections"),
        ("fr", "homme", "l’homme"),
        ("fr", "l'homme", "d’hommes"),
        ("fr", "élève", "eleves"),
        ("fr", "aujourdhui", "aujourd’hui"),
        ("de", "Häuser", "im Haus"),
        ("de", "Hauser", "in Häusern"),
        ("de", "Mueller", "Frau Müller"),
        ("de", "STRASSE", "die Straßen"),
        ("es", "eleccion", "las elecciones"),
        ("pt", "eleição", "as eleições"),
        ("pt", "eleicoes", "a eleição"),
        ("it", "l'opera", "le opere"),
        ("it", "citta", "città"),
        ("nl", "foto", "foto's"),
        ("sv", "flicka", "flickorna"),
        ("fi", "talo", "talossa"),
        ("pl", "Lodz", "w Łodzi"),
        ("hu", "hazak", "a házak"),
        ("tr", "Erdogan", "Erdoğan’ın"),
        ("tr", "istanbul", "İSTANBUL'DA"),
        ("ru", "выборы", "до выборов"),
        ("ru", "ёлка", "у елки"),
        ("ru", "floods", "the flood"),
        ("sr", "Београд", "u Beogradu"),
        ("el", "ΠΟΛΕΜΟΣ", "του πολέμου"),
        ("hi", "चुनाव", "चुनावों में"),
        ("fa", "کتاب", "کتاب‌ها"),
        ("fa", "كتاب", "کتابهای"),
        ("ar", "مدينة", "في المدينة"),
        ("ar", "المدينة", "والمدينة"),
        ("ar", "مدينه", "بالمدينة"),
        ("ar", "المدينة", "للمدينة"),
        ("ar", "وزير", "الوزير"),
        ("ar", "الوزير", "ووزير"),
        ("ar", "فيضان", "الفيضانات"),
        ("ar", "زيارة", "زيارات"),
        ("ar", "إعادة", "وإعادة"),
        ("ar", "برنامج", "لبرنامج"),
        ("ar", "مواطن", "المواطنين"),
        ("sw", "vitabu", "VITABU"),
        ("zh", "floods", "the flood"),
    ],
)
def test_a_word_is_found_in_another_form_of_it(language, typed, written):
    assert finds(typed, written, language)


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [("sw", "floods", "flood"), ("de", "running", "run"), ("", "выборы", "выборов"), ("ru", "мир", "мера")],
)
def test_no_ending_comes_off_that_the_language_does_not_have(language, typed, written):
    assert not finds(typed, written, language)


def test_a_word_is_looked_for_in_each_language_by_the_stem_that_it_has_there():
    assert [row.terms for row in rows("elections", ["sw", "fr", "en"])] == [("elect",), ("elections:",), ("elect:fr",)]


def test_rows_that_say_the_same_are_one_row():
    assert [row.terms for row in rows("flood", ["en", "ar", "ru", "zh", "und"])] == [("flood",)]
    assert [row.terms for row in rows("1923", ["en", "de", "sw", "ru"])] == [("1923",)]
    assert [row.terms for row in rows("港", ["en", "de", "sw", "ru"])] == [("港",)]


@pytest.mark.parametrize(
    ("typed", "language", "written", "other"),
    [
        ("comet", "de", "como comió", "es"),
        ("began", "es", "they begged", "en"),
        ("cans", "en", "cami can", "tr"),
        ("cans", "en", "can", "sw"),
        ("выборы", "ru", "выбор", "uk"),
    ],
)
def test_a_stem_of_one_language_finds_nothing_in_another(typed, language, written, other):
    """However the stems may be alike: each is looked for with the mark of its language."""
    own = {term for row in rows(typed, [language]) for term in row.terms}
    assert own
    assert own.isdisjoint(held(written, other))
    assert not finds(typed, written, other)


@pytest.mark.parametrize("language", sorted({*WAYS, PLAIN, "zh", "he"}))
@pytest.mark.parametrize("word", ["comet", "begged", "Müller", "FERRY", "l'homme", "وزير", "выборов", "1923", "港町"])
def test_a_word_as_it_is_written_is_found_in_an_article_of_any_language(word, language):
    assert finds(word, f"- {word} -", language)


def test_rows_of_one_kind_are_asked_for_at_once():
    assert slots("old floods", ["en", "de", "fr"]) == [(("old", "old:de", "old:fr"), ("flood", "flood:de", "flood:fr"))]
    assert slots("não", ["en", "pt"]) == [(("nao", "na:pt"),), (("nao:pt",),)]
    assert slots("well-known", ["en", "sw"]) == [
        (("well", "well:"), ("known", "known:")),
        (("wellknown", "wellknown:"),),
    ]
    assert slots("", ["en", "de"]) == []


def test_english_is_asked_for_first_and_a_language_once_however_it_is_tagged():
    found = [row.terms[0] for row in rows("ministers", ["sw", "nl", "en-GB", "en", ""])]
    assert found == ["minist", "ministers:", "mini:nl"]
    assert rows("ministers", []) == rows("ministers", [""])


def test_what_was_typed_with_accents_is_looked_for_without_them_too_but_not_as_its_form():
    assert [(row.terms, row.forms) for row in rows("não", ["pt"])] == [
        (("na:pt",), ("não",)),
        (("nao:pt",), ("",)),
    ]


def test_a_stemmer_can_be_used_by_many_threads():
    words = [f"{start}{end}" for start in ("flood", "minist", "govern") for end in ("s", "ing", "ed", "ers", "ment")]
    expected = [places(word, "en") for word in words] * 50
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda word: places(word, "en"), words * 50)) == expected


@given(st.text(max_size=30), st.sampled_from(sorted({*WAYS, PLAIN})))
def test_any_word_of_any_language_is_found_again(text, language):
    for word in text.split():
        if rows(word, [language]):
            assert finds(word, text, language), word
