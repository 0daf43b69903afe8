"""What a query may ask for, and the sentences for what it may not."""

import pytest
from whoosh import query
from whoosh.query.spans import SpanFirst, SpanNear

from articles.search.engine.asking.limits import Limits, check
from articles.search.engine.asking.queries import (
    AnyOf,
    AtLeast,
    Form,
    FormFuzzy,
    FormPattern,
    FormPrefix,
    SameParagraph,
    parts,
)
from articles.search.engine.errors import QueryRefused, TooBroad, TooDeep, TooLong

WORD = query.Term("body", b"river")


def nested(levels):
    asked = WORD
    for _ in range(levels):
        asked = query.And([asked])
    return asked


def test_thousands_of_brackets_are_refused_and_do_not_exhaust_the_stack():
    with pytest.raises(TooDeep, match="more than 40 deep: ask with fewer brackets"):
        check(nested(20_000))


@pytest.mark.parametrize("levels", [0, 1, 39])
def test_a_few_brackets_are_read(levels):
    check(nested(levels))


def test_depth_is_counted_through_every_kind_of_query():
    around = [
        lambda part: AtLeast(part, 2),
        lambda part: SameParagraph("body", (part,)),
        lambda part: SpanNear(part, WORD),
        lambda part: SpanFirst(part, 3),
        lambda part: query.Not(part),
        lambda part: query.AndNot(part, WORD),
        lambda part: query.ConstantScoreQuery(part),
    ]
    for wrap in around:
        with pytest.raises(TooDeep):
            check(wrap(wrap(wrap(WORD))), Limits(depth=3))
        check(wrap(wrap(WORD)), Limits(depth=3))


def test_every_word_counts_wherever_it_stands():
    phrase = query.Phrase("body", [b"river", b"flood"])
    asked = query.And([WORD, phrase, SpanNear(Form("body", b"mayor"), FormPrefix("body", "tra"))])
    check(asked, Limits(words=5))
    with pytest.raises(TooLong, match="at most 4 are looked for at once"):
        check(asked, Limits(words=4))


def test_values_of_a_filter_are_counted_apart():
    keys = query.ConstantScoreQuery(AnyOf("id", frozenset(b"a.%d" % number for number in range(2000))))
    check(query.And([WORD, keys]))
    with pytest.raises(TooLong, match="at most 1,999 are possible"):
        check(keys, Limits(values=1999))


def test_a_long_word_is_named_by_its_beginning():
    with pytest.raises(TooLong, match="The word that begins with xxxxxxxxxxxxxxxxxxxx is too long"):
        check(query.Term("body", b"x" * 600))
    check(query.ConstantScoreQuery(query.Term("tag", b"x" * 600)))


def test_the_length_of_all_words_together_is_limited():
    with pytest.raises(TooLong, match="The question is too long: at most 20 letters"):
        check(query.And([query.Term("body", b"x" * 11)] * 2), Limits(length=20))


@pytest.mark.parametrize("asked", [SpanNear(WORD, WORD, slop=51), query.Phrase("body", [b"a", b"b"], slop=51)])
def test_far_apart_is_not_near(asked):
    with pytest.raises(TooBroad, match="Words 51 places apart are not near: give a distance of at most 50"):
        check(asked)


def test_what_is_nearly_written_so_has_limits_of_its_own():
    check(FormFuzzy("body", "rive", 2))
    with pytest.raises(TooBroad, match="`river~3` is too vague: at most 2 letters may be wrong"):
        check(FormFuzzy("body", "river", 3))
    with pytest.raises(TooBroad, match="`riv~` is too short: give at least 4 letters"):
        check(FormFuzzy("body", "riv", 1))
    with pytest.raises(TooBroad, match="is too short"):
        check(FormFuzzy("body", "r'i'v", 1))


@pytest.mark.parametrize(
    "asked", [FormPattern("body", "*?*"), FormPrefix("body", ""), FormPattern("body", "*"), FormPattern("body", "*'")]
)
def test_a_pattern_needs_a_letter(asked):
    with pytest.raises(TooBroad, match="would match any word: give at least 3 letters"):
        check(asked)


def test_a_pattern_without_its_beginning_needs_three_letters():
    check(FormPattern("body", "*ing"))
    check(FormPattern("body", "a*"))
    for pattern in ("*a*", "?an", "*a?n", "*a\u0301\u0301n", "'*an"):
        with pytest.raises(TooBroad, match="would match too many words: give at least 3 letters"):
            check(FormPattern("body", pattern))


@pytest.mark.parametrize("asked", [AtLeast(WORD, 0), SameParagraph("body", ())])
def test_conditions_without_meaning_are_refused(asked):
    with pytest.raises(QueryRefused):
        check(asked)


def test_every_query_of_ours_has_its_parts_can_be_compared_and_changed():
    for asked in (AtLeast(WORD, 2), SameParagraph("body", (WORD, WORD))):
        changed = asked.apply(lambda part: query.Term("title", part.text))
        assert {part.fieldname for part in parts(changed)} == {"title"}
        assert changed != asked
        assert asked == asked.apply(lambda part: part)
        assert len({asked, changed, asked.apply(lambda part: part)}) == 2
    assert Form("body", b"a") != WORD
