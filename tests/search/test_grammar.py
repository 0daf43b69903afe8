"""What was typed, and how it is read."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.search.grammar import DEPTH, LENGTH, TERMS, All, Dated, Either, Named, Not, Phrase, Word, parse
from tests.growth import assert_in_proportion


def both(*parts):
    return All(tuple(parts))


def either(*parts):
    return Either(tuple(parts))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", None),
        ("   ", None),
        ("flood", Word("flood")),
        ("flood quay", both(Word("flood"), Word("quay"))),
        ("flood AND quay", both(Word("flood"), Word("quay"))),
        ("flood OR storm", either(Word("flood"), Word("storm"))),
        ("flood | storm", either(Word("flood"), Word("storm"))),
        ("flood OR storm damage", both(either(Word("flood"), Word("storm")), Word("damage"))),
        ("flood or storm", both(Word("flood"), Word("or"), Word("storm"))),
        ("-flood", Not(Word("flood"))),
        ("−flood", Not(Word("flood"))),
        ("quay -flood", both(Word("quay"), Not(Word("flood")))),
        ("NOT flood", Not(Word("flood"))),
        ("NOT -flood", Word("flood")),
        ("well-known", Word("well-known")),
        ('"the quay"', Phrase("the quay")),
        ("“the quay”", Phrase("the quay")),
        ("„the quay“", Phrase("the quay")),
        ("«the quay»", Phrase("the quay")),
        ('-"the quay"', Not(Phrase("the quay"))),
        ("(flood storm) OR quay", either(both(Word("flood"), Word("storm")), Word("quay"))),
        ("-(flood OR storm)", Not(either(Word("flood"), Word("storm")))),
        ("title:flood", Word("flood", "title")),
        ("Title: flood", Word("flood", "title")),
        ('title:"the quay"', Phrase("the quay", "title")),
        ("title:(flood quay)", both(Word("flood", "title"), Word("quay", "title"))),
        ("body:flood caption:quay", both(Word("flood", "body"), Word("quay", "caption"))),
        ('tag:"press freedom"', Named("tag", "press freedom", exact=True)),
        ("tag:press", Named("tag", "press")),
        ("by:Miller", Named("author", "Miller")),
        ("author:Miller section:World", both(Named("author", "Miller"), Named("section", "World"))),
        ("-source:Gazette", Not(Named("source", "Gazette"))),
        ("date:2017", Dated(datetime(2017, 1, 1), datetime(2017, 12, 31, 23, 59))),
        ("date:2017-05..2017-07", Dated(datetime(2017, 5, 1), datetime(2017, 7, 31, 23, 59))),
        ("date:2017-07..2017-05", Dated(datetime(2017, 5, 1), datetime(2017, 7, 31, 23, 59))),
        ("date:2017-05-30..", Dated(datetime(2017, 5, 30), None)),
        ("date:..1899", Dated(None, datetime(1899, 12, 31, 23, 59))),
        ("before:2017", Dated(None, datetime(2016, 12, 31, 23, 59))),
        ("after:2017-05", Dated(datetime(2017, 6, 1), None)),
        ("tag:", Word("tag")),
        ("10:30", Word("10:30")),
        ("flood, quay!", both(Word("flood,"), Word("quay!"))),
        ("& — ?", None),
        ("()", None),
    ],
)
def test_what_is_typed_is_read_as_the_documentation_says(typed, read):
    assert parse(typed).expression == read


@pytest.mark.parametrize(
    ("typed", "read", "told"),
    [
        ('flood "quay', both(Word("flood"), Word("quay")), "quotation mark"),
        ("(flood", Word("flood"), "opening bracket"),
        ("flood)", Word("flood"), "closing bracket"),
        ("headline:flood", Word("headline:flood"), "no field"),
        ("date:soon", Word("soon"), "no date"),
        ("date:2017-13", Word("2017-13"), "no date"),
        ("after:9999", Word("9999"), "no date"),
        ("date:..", None, "no date"),
        ("floo*", Word("floo*"), "sign *"),
        ("?!", None, "no word"),
    ],
)
def test_what_cannot_be_read_is_searched_as_it_stands_and_told(typed, read, told):
    parsed = parse(typed)
    assert parsed.expression == read
    assert any(told in note for note in parsed.notes)


def test_a_good_question_has_no_notes():
    assert parse('flood OR (storm "the quay" -fire) title:x tag:"a b" date:1911..1925 http://example.org').notes == ()


def test_limits_are_told_and_the_rest_is_answered():
    assert any("characters" in note for note in parse("flood " * LENGTH).notes)
    many = parse(" ".join(f"w{number}" for number in range(TERMS + 10)))
    assert len(many.expression.parts) == TERMS
    assert any("words" in note for note in many.notes)
    deep = parse("(" * (DEPTH + 4) + "flood" + ")" * (DEPTH + 4))
    assert deep.expression == Word("flood")
    assert any("deep" in note for note in deep.notes)


def test_only_what_an_article_has_is_marked_in_it():
    wanted = parse('flood -storm (quay OR title:"the pier") tag:sea').wanted
    assert wanted == (Word("flood"), Word("quay"), Phrase("the pier", "title"))


ABUSE = ["(" * 2000, ")" * 2000, '"' * 2001, " OR ".join(["a"] * 10_000), "-" * 5000, "a:" * 5000, "title:" * 5000]
ABUSE += ["NOT " * 5000, "\u202e\u200f" * 3000, "\x00" * 5000, "x" * 1_000_000, "(a OR " * 2000, "“" * 999]
ABUSE += ["*" * 9999, "date:" * 2000, "a\u0301" * 3000, "中" * 9000]


@pytest.mark.parametrize("typed", ABUSE)
def test_abuse_is_read_at_once(typed):
    assert_in_proportion(lambda size: parse.__wrapped__(typed[:size]), len(typed))


PIECES = [
    '"',
    "“",
    "(",
    ")",
    "-",
    "OR",
    "AND",
    "NOT",
    "|",
    "title:",
    "tag:",
    "date:",
    "before:",
    "..",
    "2017",
    "a",
    "b c",
]
PIECES += [":", "\x00", "\u200f", "中", "é", " ", "*"]
pieces = st.lists(st.sampled_from(PIECES), max_size=40)


@given(st.one_of(st.text(), pieces.map(" ".join), pieces.map("".join)))
@example("\ud800")
@example("title:title:title:")
def test_nothing_typed_raises(typed):
    parsed = parse(typed)
    assert isinstance(parsed.notes, tuple)
    assert all(part.text for part in parsed.wanted)
