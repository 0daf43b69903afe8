"""The words of a text: the quick way finds what the plain regular expression says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.search.engine.analysis import PARAGRAPH, marked, paragraphs, places, runs
from articles.search.engine.analysis.tokens import RUN
from tests.growth import assert_in_proportion

# What words, initials and the signs inside and around them are made of.
ODD = "aZé1_.-'`’‑ \n\t\x00\u0301\u200d\u200e\u00a0ßŁ中ก٣ſ“—™\ud800'.A.-"


@given(st.text(alphabet=ODD, max_size=40))
@example("U.S.A.'s non-U.S. l'U.R.S.S. a.b\u0301.c e\u0301.S. a\u200dU.S. x.ab.c.d")
@example("a--b a-'b -a- 'a' `a` _a_ a_-b a'-b-'c")
@example("“U.S.”—’s ’tis rock’n’roll’ 90’s")
def test_the_quick_way_and_the_plain_way_find_the_same(text):
    assert [places(run, "fr") for run in runs(text)] == [places(run, "fr") for run in RUN.findall(text)]


@given(st.text())
def test_the_same_is_found_in_any_text(text):
    assert [places(run, "fr") for run in runs(text)] == [places(run, "fr") for run in RUN.findall(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. army, 1,000 men.", ["The", "U.S.", "army", "1", "000", "men"]),
        ("anti-U.S. and U.S.-led", ["anti", "U.S.", "and", "U.S.", "led"]),
        ("e.g. J.R.R. Tolkien", ["e.g.", "J.R.R.", "Tolkien"]),
        ("end.A new", ["end", "A", "new"]),
        ("'quoted' -dashed- a--b", ["quoted", "dashed", "a", "b"]),
        ("state-of-the-art foo_bar", ["state-of-the-art", "foo_bar"]),
        ("“Sha’abi” — it’s", ["Sha'abi", "it's"]),
        ("我爱中国人。iPhone手机", ["我爱中国人", "iPhone手机"]),
        ("", []),
    ],
)
def test_words_are_found_as_they_are_written(text, expected):
    assert runs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\r\n\r\nTwo.\r\nStill two.", ["One.", "Two.\r\nStill two."]),
        ("One.\r\rTwo.\rStill two.", ["One.", "Two.\rStill two."]),
        ("One.\n \t\nTwo.\n\n\n\nThree.", ["One.", "Two.", "Three."]),
        ("\n\nOne.\n\n", ["One."]),
        (" \n\n ", []),
        ("", []),
    ],
)
def test_paragraphs_stand_between_blank_lines(text, expected):
    assert paragraphs(text) == expected


@pytest.mark.parametrize("piece", ["\n", "\r\n", "\n ", "\r", " ", "a\n", "\n\n", "\x0b"])
def test_paragraphs_are_found_in_linear_time(piece):
    text = piece * (400_000 // len(piece))
    assert_in_proportion(lambda size: (paragraphs(text[:size]), marked(text[:size])), len(text))


@given(st.text())
def test_paragraphs_lose_no_word(text):
    assert [run for part in paragraphs(text) for run in runs(part)] == runs(text)


@given(st.text(alphabet="ab \n\ré.U’", max_size=60))
@example("One.\n\n***\n\nU.S. two.\r\n \r\n’Three\n")
def test_marks_stand_before_the_words_of_each_paragraph(text):
    found = marked(text)
    # A paragraph without a word leaves its mark alone.
    kept = [run for run, following in pairwise([*found, PARAGRAPH]) if run + following != PARAGRAPH * 2]
    assert kept == [run for part in paragraphs(text) if runs(part) for run in (PARAGRAPH, *runs(part))]


def test_a_mark_in_a_text_is_no_mark_of_a_paragraph():
    assert marked("One\x01two.") == [PARAGRAPH, "One", "two"]
    assert runs("One\x01two.") == ["One", "two"]
