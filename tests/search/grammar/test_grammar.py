"""What was typed, how it is read, and how it is written again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.http import QueryDict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.forms import TYPED, SearchForm
from articles.search.grammar import (
    DEPTH,
    LENGTH,
    TERMS,
    All,
    AtLeast,
    Dated,
    Either,
    Expression,
    Fuzzy,
    Has,
    Named,
    Near,
    Not,
    Pattern,
    Phrase,
    Word,
    negated,
    parse,
    write,
)
from articles.search.grammar.reading import parse_in
from articles.search.grammar.tokens import LOOKED_AT
from tests.growth import assert_in_proportion


def both(*parts):
    return All(tuple(parts))


def either(*parts):
    return Either(tuple(parts))


def near(distance, *parts):
    return Near(tuple(parts), distance)


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
        ("flood||storm", either(Word("flood"), Word("storm"))),
        ("flood OR storm damage", both(either(Word("flood"), Word("storm")), Word("damage"))),
        ("flood or storm", both(Word("flood"), Word("or"), Word("storm"))),
        ("-flood", Not(Word("flood"))),
        ("−flood", Not(Word("flood"))),
        ("quay -flood", both(Word("quay"), Not(Word("flood")))),
        ("NOT flood", Not(Word("flood"))),
        ("NOT -flood", Word("flood")),
        ("-(-flood)", Word("flood")),
        ("-$100", Not(Word("$100"))),
        ("flood - quay", both(Word("flood"), Word("quay"))),
        ("well-known", Word("well-known")),
        ('"the quay"', Phrase("the quay")),
        ("“the quay”", Phrase("the quay")),
        ("„the quay“", Phrase("the quay")),
        ("«the quay»", Phrase("the quay")),
        ("❝the quay❞", Phrase("the quay")),
        ("〝the quay〟", Phrase("the quay")),
        ('-"the quay"', Not(Phrase("the quay"))),
        ("(flood storm) OR quay", either(both(Word("flood"), Word("storm")), Word("quay"))),
        ("-(flood OR storm)", Not(either(Word("flood"), Word("storm")))),
        ("flood (storm (quay))", both(Word("flood"), Word("storm"), Word("quay"))),
        ("flood OR (storm OR quay)", either(Word("flood"), Word("storm"), Word("quay"))),
        ("title:flood", Word("flood", "title")),
        ("Title: flood", Word("flood", "title")),
        ("TITLE：flood", Word("flood", "title")),
        ("title:-flood", Not(Word("flood", "title"))),
        ('title:"the quay"', Phrase("the quay", "title")),
        ("title:(flood quay)", both(Word("flood", "title"), Word("quay", "title"))),
        ("title:(flood caption:quay)", both(Word("flood", "title"), Word("quay", "caption"))),
        ("body:flood caption:quay", both(Word("flood", "body"), Word("quay", "caption"))),
        ("title:OR", Phrase("OR", "title")),
        ("-OR", Not(Phrase("OR"))),
        ('tag:"press freedom"', Named("tag", "press freedom", exact=True)),
        ("tag:=ice", Named("tag", "ice", exact=True)),
        ("tag:press", Named("tag", "press")),
        ("tag:(ice OR snow)", either(Named("tag", "ice"), Named("tag", "snow"))),
        ("by:Miller", Named("author", "Miller")),
        ("author:Miller section:World", both(Named("author", "Miller"), Named("section", "World"))),
        ("-source:Gazette", Not(Named("source", "Gazette"))),
        (
            'place:halvern OR place:"New Halvern"',
            either(Named("place", "halvern"), Named("place", "New Halvern", True)),
        ),
        ("lang:ar", Named("language", "ar")),
        ("lang:Arabic", Named("language", "ar")),
        ('lang:"Traditional Chinese"', Named("language", "zh-hant")),
        ("lang:chinese", Named("language", "zh")),
        ("lang:pt-BR", Named("language", "pt-BR")),
        ("has:correction", Has("correction")),
        ("HAS:Image", Has("image")),
        ("-has:date", Not(Has("date"))),
        ("date:2017", Dated("date", "2017", "2017")),
        ("date:2017-05..2017-07", Dated("date", "2017-05", "2017-07")),
        ("date:2017-07..2017-05", Dated("date", "2017-05", "2017-07")),
        ("date:2017-05-30..", Dated("date", "2017-05-30", "")),
        ("date:..1899", Dated("date", "", "1899")),
        ('date:"1899 .. 1911"', Dated("date", "1899", "1911")),
        ("date:٢٠١٧", Dated("date", "2017", "2017")),
        ("before:2017", Dated("before", "", "2017")),
        ("after:2017-05", Dated("after", "2017-05", "")),
        ("flood near/5 quay", near(5, Word("flood"), Word("quay"))),
        ("flood NEAR/5 quay Near/5 pier", near(5, Word("flood"), Word("quay"), Word("pier"))),
        ('"the quay" near/1 =Flood', near(1, Phrase("the quay"), Word("Flood", exact=True))),
        ("flo* near/50 quai~1", near(50, Pattern("flo*"), Fuzzy("quai", 1))),
        ("title:(flood near/3 quay)", near(3, Word("flood", "title"), Word("quay", "title"))),
        ("title:flood near/3 quay", near(3, Word("flood", "title"), Word("quay", "title"))),
        ("(flood) near/3 (quay)", near(3, Word("flood"), Word("quay"))),
        ("-flood near/3 quay", Not(near(3, Word("flood"), Word("quay")))),
        ("flood near/3 quay OR pier", either(near(3, Word("flood"), Word("quay")), Word("pier"))),
        ("storm flood near/3 quay pier", both(Word("storm"), near(3, Word("flood"), Word("quay")), Word("pier"))),
        ("hotels near harbour", both(Word("hotels"), Word("near"), Word("harbour"))),
        ("title:near/3", Phrase("near/3", "title")),
        ("atleast5:flood", AtLeast(5, Word("flood"))),
        ('AtLeast12:"the quay"', AtLeast(12, Phrase("the quay"))),
        ("title:atleast2:flood", AtLeast(2, Word("flood", "title"))),
        ("atleast2:title:flood", AtLeast(2, Word("flood", "title"))),
        ("atleast2:flo*", AtLeast(2, Pattern("flo*"))),
        ("flo*", Pattern("flo*")),
        ("title:flo*", Pattern("flo*", "title")),
        ("*flo**,", Pattern("*flo*")),
        ("fl?od", Pattern("fl?od")),
        ("?lood", Pattern("?lood")),
        ("fl??d?", Pattern("fl??d")),
        ("हिन्दी*", Pattern("हिन्दी*")),
        ("who won?", both(Word("who"), Word("won?"))),
        ("(why?)", Word("why?")),
        ("flood~", Fuzzy("flood")),
        ("flood~1 body:flood~2.", both(Fuzzy("flood", 1), Fuzzy("flood", 2, "body"))),
        ("=Ferry", Word("Ferry", exact=True)),
        ('="to be"', Phrase("to be", exact=True)),
        ("title:=Ferry", Word("Ferry", "title", exact=True)),
        ("-=Ferry", Not(Word("Ferry", exact=True))),
        ("a=b", Word("a=b")),
        ("10:30", Word("10:30")),
        ("Iraq: flood", both(Word("Iraq:"), Word("flood"))),
        ("http://example.org/?q=flood", Word("http://example.org/?q=flood")),
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
        ("headline:flood", Word("headline:flood"), "Fields are title, body"),
        ("tag:", Word("tag"), "Write tag:word"),
        ("title: OR x", either(Word("title"), Word("x")), "Write title:word"),
        ("atleast5:", Word("atleast5"), "Write atleast5:word"),
        ("title:body:x", Word("x", "body"), "“title:” stands before another field"),
        ("x title:&", Word("x"), "behind “title:”"),
        ("flood OR", Word("flood"), "OR"),
        ("OR flood", Word("flood"), "OR"),
        ("flood OR OR quay", either(Word("flood"), Word("quay")), "OR"),
        ("flood AND", Word("flood"), "AND"),
        ("flood NOT", Word("flood"), "NOT"),
        ("OR", None, '"OR" in quotation marks'),
        ("date:soon", Word("soon"), "Write 2017, 2017-05 or 2017-05-30"),
        ("date:2017-13", Word("2017-13"), "no date"),
        ("date:OR", Phrase("OR"), "no date"),
        ("after:9999", Word("9999"), "no date"),
        ("date:..", None, "behind “date:”"),
        ("lang:klingonish", Word("klingonish"), "Write lang:ar"),
        ("has:soul", Word("soul"), "correction, image, date"),
        ("near/5 flood", Word("flood"), "near/5"),
        ("flood near/5", Word("flood"), "near/5"),
        ("flood near/soon quay", both(Word("flood"), Word("near/soon"), Word("quay")), "Write near/10"),
        ("flood near/99 quay", near(50, Word("flood"), Word("quay")), "near/50 is searched instead"),
        ("flood near/0 quay", near(1, Word("flood"), Word("quay")), "between 1 and 50"),
        ("a near/5 b near/3 c", near(5, Word("a"), Word("b"), Word("c")), "one distance"),
        ("a near/5 (b OR c)", both(Word("a"), either(Word("b"), Word("c"))), "left out"),
        ("a near/5 tag:b", both(Word("a"), Named("tag", "b")), "left out"),
        ("title:a near/5 body:b", both(Word("a", "title"), Word("b", "body")), "one field"),
        ("atleast0:flood", AtLeast(1, Word("flood")), "atleast1: is searched instead"),
        ("atleast9999:flood", AtLeast(1000, Word("flood")), "between 1 and 1000"),
        ("atleast5:(a b)", both(Word("a"), Word("b")), "counts one word or phrase"),
        ("atleast5:tag:ice", Named("tag", "ice"), "counts one word or phrase"),
        ("flood~3", Fuzzy("flood", 2), "flood~2 is searched instead"),
        ("~flood", Word("~flood"), "as it stands"),
        ('"the quay"~5', Phrase("the quay"), "near/5"),
        ('"the qu*"', Phrase("the qu*"), "stands for nothing"),
        ("10/flo*", Word("10/flo*"), "as it stands"),
        ("tag:ic*", Named("tag", "ic*"), "stand for nothing in names"),
        ("=flo*", Pattern("flo*"), "The sign ="),
        ("=(flood quay)", both(Word("flood"), Word("quay")), "The sign ="),
        ("?!", None, "no word"),
    ],
)
def test_what_cannot_be_read_is_searched_as_it_stands_and_told(typed, read, told):
    parsed = parse(typed)
    assert parsed.expression == read
    assert any(told in note for note in parsed.notes), parsed.notes


GOOD = (
    'flood OR (storm "the quay" -fire) title:x tag:"a b" date:1911..1925 http://example.org who? atleast2:title:=Ferry '
    "lang:arabic has:date flo* title:(flood near/3 quai~) Iraq: 10:30 — -$100"
)


def test_a_good_question_has_no_notes():
    assert parse(GOOD).notes == ()


def test_what_a_note_repeats_is_kept_apart_from_its_sentence_and_short():
    long = "date:" + "ي" * 200
    (note,) = parse(long).notes
    assert "“\u2068" + "ي" * 60 + "…\u2069” is no date" in note


def test_limits_are_told_and_the_rest_is_answered():
    assert any("letters" in note for note in parse("floodwaters " * 60).notes)
    assert parse("x" * 9000).expression == Word("x" * LENGTH)
    many = parse(" ".join(f"w{number}" for number in range(TERMS + 10)))
    assert len(many.expression.parts) == TERMS
    assert any(f"{TERMS} words" in note for note in many.notes)
    deep = parse("(" * (DEPTH + 4) + "flood" + ")" * (DEPTH + 4))
    assert deep.expression == Word("flood")
    assert deep.notes == (f"Brackets are read {DEPTH} deep; deeper ones were left out.",)


def test_what_is_beyond_a_limit_is_told_once_and_not_as_a_mistake():
    beyond = "(" + " OR ".join(["flood"] * (TERMS + 9)) + ")"
    assert parse(beyond).notes == (f"Only the first {TERMS} words were searched for.",)
    exactly = "(" + " OR ".join(["flood"] * TERMS) + ") ) &".replace(" )", "")
    assert parse(exactly).notes == ()


def test_only_what_an_article_has_is_marked_in_it():
    typed = 'flood -storm (quay OR title:"the pier") tag:sea atleast2:boat one near/2 two'
    assert parse(typed).sought == (
        Word("flood"), Word("quay"), Phrase("the pier", "title"), Word("boat"), Word("one"), Word("two"),
    )  # fmt: skip


def test_a_long_address_is_cut_by_the_grammar_which_tells_it():
    asked = SearchForm(QueryDict(f"q={'-' * TYPED * 2}flood")).question()
    assert TYPED > LOOKED_AT
    assert any("4096 characters" in note for note in asked.parsed.notes)


# -- dates as moments


@pytest.mark.parametrize(
    ("typed", "earliest", "latest"),
    [
        ("date:2017", datetime(2017, 1, 1), datetime(2017, 12, 31, 23, 59)),
        ("date:2017-05..2017-07", datetime(2017, 5, 1), datetime(2017, 7, 31, 23, 59)),
        ("date:2017-05-30..", datetime(2017, 5, 30), None),
        ("date:..1899", None, datetime(1899, 12, 31, 23, 59)),
        ("before:2017", None, datetime(2016, 12, 31, 23, 59)),
        ("after:2017-05", datetime(2017, 6, 1), None),
    ],
)
def test_a_time_has_a_first_and_a_last_moment(typed, earliest, latest):
    dated = parse(typed).expression
    assert (dated.earliest, dated.latest) == (earliest, latest)


# -- written again


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("(flood) ((storm))", "flood storm"),
        ("flood AND (storm | gale)", "flood (storm OR gale)"),
        ("flood | (storm | gale)", "flood OR storm OR gale"),
        ("NOT flood near/3 quay", "-(flood near/3 quay)"),
        ("-title:(flood near/3 quay)", "-title:(flood near/3 quay)"),
        ("(flood quay)|storm", "(flood quay) OR storm"),
        ("NOT (flood quay)", "-(flood quay)"),
        ("NOT author:Miller", "-by:Miller"),
        ("“the quay”", '"the quay"'),
        ("title:(flood NEAR/3 quay)", "title:(flood near/3 quay)"),
        ("lang:arabic", "lang:ar"),
        ("date:2017-07..2017-05", "date:2017-05..2017-07"),
        ("date:2017..2017", "date:2017"),
        ("before:2017 after:2011", "before:2017 after:2011"),
        ('TITLE:ATLEAST3:="to be"', 'atleast3:title:="to be"'),
        ("flo**, fl?od flood~1 flood~", "flo* fl?od flood~1 flood~"),
        ('="to be" title:=Ferry', '="to be" title:=Ferry'),
        ("Has:Image tag:=ice", 'has:image tag:"ice"'),
    ],
)
def test_a_question_is_written_without_needless_signs(typed, written):
    assert write(parse(typed).expression) == written
    assert parse(written).notes == ()


def test_a_word_that_would_be_read_as_something_else_is_written_in_quotation_marks():
    for text in ("OR", "near/5", "-x", "=x", "flo*", "flood~", "title:x", "two words", "a)"):
        assert parse(write(Word(text))).expression == Phrase(text)


def test_brackets_that_only_help_the_reader_are_left_out_where_they_would_be_too_deep():
    typed = "-(a OR " * DEPTH + "x" + " b)" * DEPTH
    expression = parse("-(a b OR " * DEPTH + "c d OR e" + ")" * DEPTH).expression
    assert "(b OR" not in write(expression)
    assert write(parse("a (b OR c)").expression) == "a (b OR c)"
    assert parse(write(expression)).expression == expression
    assert parse(write(parse(typed).expression)) == parse(typed)


def test_what_was_negated_twice_is_as_before():
    assert negated(Word("x")) == Not(Word("x"))
    assert negated(Not(Word("x"))) == Word("x")
    assert write(Not(Not(Word("x")))) == "x"


def test_a_long_question_is_still_read_whole_when_it_is_written_with_every_sign_it_may_have():
    typed = "caption:(" + "|".join(f"atleast999:=Wort{number:02}" for number in range(TERMS)) + ")"
    expression = parse(typed).expression
    assert len(expression.parts) == TERMS
    assert parse(write(expression)) == parse(typed)


ABUSE = ["(" * 2000, ")" * 2000, '"' * 2001, " OR ".join(["a"] * 10_000), "-" * 5000, "a:" * 5000, "title:" * 5000]
ABUSE += ["NOT " * 5000, "\u202e\u200f" * 3000, "\x00" * 5000, "x" * 1_000_000, "(a OR " * 2000, "“" * 999]
ABUSE += ["*" * 9999, "date:" * 2000, "a\u0301" * 3000, "中" * 9000]


@pytest.mark.parametrize("typed", ABUSE)
def test_abuse_is_read_at_once(typed):
    assert_in_proportion(lambda size: parse_in.__wrapped__("en", typed[:size]), len(typed))


PIECES = [
    *"“ ( ) （ - − OR AND NOT | title: tag: by: caption： lang: has: place: date: before: after: .. 2017".split(),
    *"ar Arabic correction near/5 NEAR/7 near/0 near/ atleast2: atleast0: atleast * ? ~ ~1 ~9 = == a bc".split(),
    *"Ferry 2017-05 wor* w?rd word~2 who? : x: \x00 \u200f 中 é ي ' ’ & $ / // http:// . , 1 _".split(" "),
]
PIECES += [" ", '"', '"a b"', '"a b"~2', "title:(", "-(", '="']
pieces = st.lists(st.sampled_from(PIECES), max_size=40)
typed = st.one_of(st.text(), pieces.map(" ".join), pieces.map("".join))


def inside(part: Expression) -> Iterator[Expression]:
    """A tree and all trees in it."""
    yield part
    inner = getattr(part, "parts", None) or ([part.part] if isinstance(part, Not | AtLeast) else [])
    for each in inner:
        yield from inside(each)


@settings(max_examples=200, deadline=None)
@given(typed)
@example("\ud800")
@example("title:title:title:")
@example("title: OR " * 400)
def test_nothing_typed_raises_and_notes_are_sentences(typed):
    parsed = parse(typed)
    for note in parsed.notes:
        assert note[0].isupper() or note[0] == "“" or note.startswith(("near/", "atleast")), note
        assert note.endswith(".")
        assert "\n" not in note
    assert all(part.text for part in parsed.sought)


@settings(max_examples=200, deadline=None)
@given(typed)
@example("-a near/5 b" + " -(x OR" * DEPTH + " -a near/5 title:b")
@example("x" * (LENGTH - 5) + " lang:arabic title:flo**** y")
@example("caption:(" + "a|" * 3000)
@example("date:-x has:=OR lang:near/3 date:title:x has:flo*")
def test_what_is_read_can_be_written_and_is_read_as_the_same(typed):
    expression = parse(typed).expression
    if expression is None:
        return
    assert parse(write(expression)).expression == expression
    for part in inside(expression):
        assert parse(write(part)).expression == part
        # Brackets of their own may be too many.
        if not isinstance(part, All | Either):
            assert parse(write(negated(part))).expression == negated(part)
    written = write(expression)
    assert write(parse(written).expression) == written
