"""The passage of a text that is shown, with what was looked for in marks."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query

from articles.search.engine.analysis import slots
from articles.search.engine.asking.queries import as_one
from articles.search.engine.backend.highlights import LENGTH, highlight, wanted


def shown(text: str, *typed: str, language: str = "en") -> str:
    rows = {tuple(map(frozenset, row)) for piece in typed for row in slots(piece, [language, "de"])}
    return highlight(text, rows, language, "<em>", "</em>")


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("The floods came.", ["flood"], "The <em>floods</em> came."),
        ("a café & a cafe", ["cafe"], "a <em>café</em> &amp; a <em>cafe</em>"),
        ("the end of the quay, the quay", ["the quay"], "the end of <em>the quay</em>, <em>the quay</em>"),
        ("我爱中国人", ["中国人"], "我爱<em>中国人</em>"),
        ("nothing here", [], "nothing here"),
        ("", ["x"], ""),
    ],
)
def test_what_was_looked_for_is_marked(text, typed, expected):
    assert shown(text, *typed) == expected


def test_the_passage_with_most_of_the_words_is_chosen():
    text = "A storm. " + "Filler words. " * 60 + "The flood and the storm met at the quay. " + "Filler. " * 60
    passage = shown(text, "flood", "storm", "quay")
    assert "<em>flood</em> and the <em>storm</em> met at the <em>quay</em>" in passage
    assert len(re.sub("<[^>]+>", "", passage)) <= LENGTH


@given(st.text(max_size=200), st.text(max_size=20))
def test_whatever_is_in_a_text_it_stays_text(text, typed):
    passage = shown(text, typed)
    assert re.sub("</?em>", "", passage) == escape(text[:LENGTH])


def test_what_must_not_be_there_is_not_looked_for():
    either = query.Or([query.Term("a", b"one"), query.Phrase("a", [as_one(["two", "zwei:de"]), b"three"])])
    filtered = query.ConstantScoreQuery(query.Term("tag", b"x"), score=0.0)
    asked = query.And([query.AndNot(either, query.Term("a", b"no")), filtered])
    assert wanted(asked) == {(frozenset({"one"}),), (frozenset({"two", "zwei:de"}), frozenset({"three"}))}
