"""What of a text is shown: escaped first, then marked."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from articles.search.engine.analysis import Row, rows
from articles.search.passages import snippets
from articles.search.passages.snippets import (
    AT_FIRST,
    FOUND,
    LENGTH,
    LOOKED_AT,
    OF_PAGE,
    marked,
    marks,
    shares,
    snippet,
)
from tests.growth import assert_in_proportion


def mark(text: str, *typed: str, language: str = "") -> str:
    return marked(text, [row for piece in typed for row in rows(piece, [language])], language)


def cut(text: str, *typed: str) -> str:
    return snippet(text, [row for piece in typed for row in rows(piece, [])])


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("The flood came.", ["flood"], "The <mark>flood</mark> came."),
        ("Floods and flooding.", ["flood"], "<mark>Floods</mark> and <mark>flooding</mark>."),
        ("A Café in Sha’abi", ["cafe", "shaabi"], "A <mark>Café</mark> in <mark>Sha’abi</mark>"),
        ("the end of the quay, the quay", ["the quay"], "the end of <mark>the quay</mark>, <mark>the quay</mark>"),
        ("a well-known man", ["well-known"], "a <mark>well-known</mark> man"),
        ("the sea ___ lion", ["sea lion"], "the <mark>sea ___ lion</mark>"),
        ("a well-known man", ["known"], "a well-<mark>known</mark> man"),
        ("我爱中国人", ["中国人"], "我爱<mark>中国人</mark>"),
        ("我爱中国人", ["国"], "我爱中<mark>国</mark>人"),
        ("قال أحمد نعم", ["احمد"], "قال <mark>أحمد</mark> نعم"),
        ("R&D <b>flood</b>", ["flood"], "R&amp;D &lt;b&gt;<mark>flood</mark>&lt;/b&gt;"),
        ("<script>alert(1)</script>", ["script"], "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"),
        ("nothing here", [], "nothing here"),
    ],
)
def test_words_that_were_looked_for_are_marked(text, typed, expected):
    assert mark(text, *typed) == expected


@pytest.mark.parametrize(
    ("language", "text", "typed", "expected"),
    [
        ("fr", "Les élections générales", "election", "Les <mark>élections</mark> générales"),
        ("fr", "L’homme des hommes", "homme", "<mark>L’homme</mark> des <mark>hommes</mark>"),
        ("de", "Die alten Häuser", "Haus", "Die alten <mark>Häuser</mark>"),
        ("ar", "في المدينة والمدينة", "مدينة", "في <mark>المدينة</mark> <mark>والمدينة</mark>"),
        ("sw", "vitabu vya watoto", "vitabu", "<mark>vitabu</mark> vya watoto"),
    ],
)
def test_words_are_marked_as_the_language_of_the_text_has_them(language, text, typed, expected):
    assert mark(text, typed, language=language) == expected


def test_a_row_without_a_term_marks_the_word_exactly_as_it_is_written():
    exactly = [Row(("",), ("floods",))]
    assert marked("Flood, floods, FLOODS", exactly) == "Flood, <mark>floods</mark>, <mark>FLOODS</mark>"


def test_the_passage_with_most_of_the_words_is_shown():
    text = "The storm. " + "Filler words. " * 60 + "The flood and the storm met at the quay. " + "More filler. " * 60
    shown = cut(text, "flood", "storm", "quay")
    assert "<mark>flood</mark> and the <mark>storm</mark> met at the <mark>quay</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_two_passages_are_shown_when_one_does_not_have_all_words():
    text = "A flood came. " + "Filler words. " * 80 + "Then a storm came."
    shown = cut(text, "flood", "storm")
    assert "<mark>flood</mark>" in shown
    assert "<mark>storm</mark>" in shown
    assert len(re.sub("<[^>]+>", "", shown)) < LENGTH + 40


def test_without_a_match_the_beginning_is_shown_to_the_end_of_a_word():
    shown = cut("word " * 200, "absent")
    assert shown.startswith("word word")
    assert shown.endswith("word …")
    assert cut("Short.", "absent") == "Short."
    assert cut("", "absent") == ""


@given(st.text(max_size=400), st.text(max_size=40))
def test_whatever_is_in_text_and_query_the_text_stays_text(text, typed):
    for shown in (mark(text, typed), cut(text, typed)):
        plain = re.sub("</?mark>", "", shown)
        assert "<" not in plain
        assert shown.count("<mark>") == shown.count("</mark>")
    assert re.sub("</?mark>", "", mark(text, typed)) == escape(re.sub(r"\s+", " ", text))


HOSTILE = [
    ("a " * 75_000, "a a a a a a a a a b"),
    ("<" * 150_000, "a"),
    ("x" * 150_000, "x"),
    ("中" * 150_000, "中中中"),
]
HOSTILE += [("flood " * 25_000, "flood"), ("U.S." * 40_000, "U.S.")]


@pytest.mark.parametrize(("text", "typed"), HOSTILE)
def test_a_hostile_text_is_cut_in_linear_time(text, typed):
    assert_in_proportion(lambda size: cut(text[:size], typed), len(text))


def looked_at(monkeypatch: pytest.MonkeyPatch, text: str, typed: tuple[str, ...]) -> tuple[int, int]:
    """Characters that are looked at, and places that are found."""
    seen: list[int] = []

    def counted(real):
        def look(part, *others):
            seen.append(len(part))
            return real(part, *others)

        return look

    for name in ("_words", "_in_a_row"):
        monkeypatch.setattr(snippets, name, counted(getattr(snippets, name)))
    found = marks(text, [row for piece in typed for row in rows(piece, [])], "")
    return sum(seen), len(found)


@pytest.mark.parametrize("typed", [("ferry",), ("ferry", "old harbour")])
def test_of_a_long_text_with_very_many_places_only_the_beginning_is_looked_at(monkeypatch, typed):
    text = "ferry " * (LOOKED_AT // 6)
    characters, found = looked_at(monkeypatch, text, typed)
    assert found == FOUND
    assert characters <= LOOKED_AT / 8
    rare = "quay " * (LOOKED_AT // 5 - 10) + "ferry ferry"
    assert marks(rare, rows("ferry", []), "")[-1].end == len(rare)


def test_where_a_text_is_cut_to_be_looked_at_no_word_is():
    text = "ferry " * (FOUND - 1) + "quay " * 7_600 + " " + "ferryboat " * 20_000
    assert text[: AT_FIRST[-1]].endswith(" ferry")
    assert [text[mark.start : mark.end] for mark in marks(text, rows("ferry", []), "")] == ["ferry"] * (FOUND - 1)


def test_the_texts_of_a_page_share_what_is_looked_at_and_short_ones_leave_theirs_to_long_ones():
    assert shares([]) == []
    assert shares([100, 200]) == [100, 200]
    assert shares([10**6] * 10) == [OF_PAGE // 10] * 10
    assert shares([10**6, 50, 10**6, 10**6]) == [(OF_PAGE - 50) // 3, 50, *[(OF_PAGE - 50 + 2) // 3] * 2]
    assert shares([10**6]) == [LOOKED_AT]


def test_a_passage_is_looked_for_no_further_than_it_may_be():
    text = "quay " * 1_000 + "ferry"
    assert "<mark>" in snippet(text, rows("ferry", []))
    assert "<mark>" not in snippet(text, rows("ferry", []), looked_at=1_000)
    assert marks("国" * 300, rows("国", []), "", 100)[-1].end == 100
