"""A question as a sentence and as parts: what is said is what is asked, and each part can be taken away."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.search import Question, Sort
from articles.search.grammar import parse
from articles.search.question.sentence import Chip, chips, sentence
from articles.search.question.wording import FILED, NAMED
from articles.search.question.wording import words as worded
from tests.search.grammar.test_grammar import typed as anything

NAMES = {
    ("source", "gazette"): "The Harbour Gazette",
    ("source", "post"): "Halvern Post",
    ("tag", "ice"): "Ice",
    ("tag", "sea"): "The Sea",
    ("section", "world"): "World",
    ("author", "ann-day"): "Ann Day",
    ("language", "ar"): "Arabic",
}


def plain(words: str) -> str:
    """Without the marks that keep typed words apart."""
    return words.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ferry", "ferry"),
        ('"border security"', '"border security"'),
        ("ferry harbour", "ferry and harbour"),
        ("ferry harbour quay", "ferry, harbour and quay"),
        ("flood OR storm", "flood or storm"),
        ("flood OR storm OR gale", "flood, storm or gale"),
        ("flood OR (storm damage)", "flood or (storm and damage)"),
        ("-yemen", "not yemen"),
        ("-(flood OR storm)", "not (flood or storm)"),
        ('title:"border security"', '"border security" in the title'),
        ("body:ferry", "ferry in the text"),
        ("caption:ferry", "ferry in a caption"),
        ("title:(flood OR storm)", "(flood or storm) in the title"),
        ("title:flood OR storm", "flood in the title or storm"),
        ("-title:(flood OR storm)", "not (flood or storm) in the title"),
        ("wor*", "words beginning with wor"),
        ("*ing", "words ending in ing"),
        ("*orl*", "words with orl in them"),
        ("w?rd", "words like w?rd"),
        ("w*rd*", "words like w*rd*"),
        ("title:wor*", "words beginning with wor in the title"),
        ("word~", "words spelled nearly like word"),
        ("word~1", "words spelled nearly like word (1 letter off)"),
        ("word~2", "words spelled nearly like word (2 letters off)"),
        ("=Ferry", "exactly Ferry"),
        ('="to be"', 'exactly "to be"'),
        ("a near/10 b", "a within 10 words of b"),
        ('a near/1 "b c" near/1 d', 'a within 1 word of "b c" within 1 word of d'),
        ("title:(a near/3 b)", "a within 3 words of b in the title"),
        ("-(a near/3 b)", "not (a within 3 words of b)"),
        ('atleast5:"x y"', '"x y" at least 5 times'),
        ("atleast1:x", "x at least once"),
        ("title:atleast2:x", "x at least 2 times in the title"),
        ("-atleast2:x", "not (x at least 2 times)"),
        ('tag:"ice"', "filed under tag “ice”"),
        ("tag:ice", "filed under a tag with “ice” in its name"),
        ("by:Miller", "by Miller"),
        ("-by:Miller", "not by Miller"),
        ('source:"Halvern Post"', "in source Halvern Post"),
        ("source:post", "in a source with “post” in its name"),
        ('section:"World"', "in section “World”"),
        ("place:Halvern", "datelined Halvern"),
        ("lang:arabic", "in Arabic"),
        ("lang:zh", "in Chinese"),
        ("lang:xx", "in xx"),
        ("has:correction", "with a correction"),
        ("-has:image", "without an image"),
        ("date:2017", "in 2017"),
        ("date:2017-05", "in May 2017"),
        ("date:2017-05-30", "on 30 May 2017"),
        ("date:2017-05-30T18:45", "on 30 May 2017, 18:45"),
        ("date:2017-05..2017-07", "from May to July 2017"),
        ("date:2016-05..2017-07", "from May 2016 to July 2017"),
        ("date:1911..1923", "from 1911 to 1923"),
        ("date:2017-05-03..2017-05-30", "from 3 to 30 May 2017"),
        ("date:2017-05-30..2017-06-02", "from 30 May to 2 June 2017"),
        ("date:2017-05-30..2017-07", "from 30 May 2017 to July 2017"),
        ("date:2017..2017-07", "from 2017 to July 2017"),
        ("date:2017-05-30..", "from 30 May 2017 on"),
        ("date:..1925", "up to 1925"),
        ("before:1911", "before 1911"),
        ("after:1911-05", "after May 1911"),
        ("-date:1911", "not in 1911"),
    ],
)
def test_what_was_typed_is_put_into_words(typed, words):
    assert plain(worded(parse(typed).expression)) == words
    assert plain(sentence(Question(typed), {})) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("date:2017", "aus dem Jahr 2017"),
        ("date:2017-05", "aus dem Mai 2017"),
        ("date:2017-05-03..2017-05-30", "vom 3. bis 30. Mai 2017"),
        ("date:2017-05..2017-07", "von Mai bis Juli 2017"),
    ],
)
def test_years_months_and_days_are_each_said_in_the_way_of_the_language(typed, words):
    with translation.override("de"):
        assert plain(sentence(Question(typed), {})) == words


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question(), "all articles"),
        (Question("?!"), "all articles"),
        (Question(sort=Sort.OLDEST), "all articles, oldest first"),
        (
            Question('title:"border security" date:2017-05..2017-07 -Yemen', Sort.NEWEST),
            '"border security" in the title, from May to July 2017, not Yemen, newest first',
        ),
        (
            Question("ferry quay flood OR storm", filters=(("language", "ar"),), since="2017-05-30", until="2017-06"),
            "ferry and quay, flood or storm, in Arabic, from 30 May 2017 to June 2017",
        ),
        (Question("title:(ferry quay) storm"), "(ferry and quay) in the title, storm"),
        (
            Question(filters=(("source", "gazette"), ("source", "post"), ("tag", "ice"), ("tag", "sea"))),
            "in source The Harbour Gazette or in source Halvern Post, filed under tag “Ice”, filed under tag “The Sea”",
        ),
        (
            Question("x", excluded=(("author", "ann-day"), ("year", "1911")), filters=(("section", "world"),)),
            "x, in section “World”, not by Ann Day, not in 1911",
        ),
        (Question(filters=(("known", "inferred"), ("year", "1923"))), "with an inferred date, in 1923"),
        (Question(filters=(("tag", "unheard-of"), ("language", "fr"))), "in French, filed under tag “unheard-of”"),
        (Question(until="1925"), "up to 1925"),
        (Question(since="2017-07", until="2017-05"), "from May to July 2017"),
        (Question("x", stored="2026-05-30T18:45"), "x, added after 30 May 2026, 18:45 UTC"),
        (Question("x", exact=True), "x, exactly as written"),
        (Question("x", not_also=("Daesh",)), "x, without the name Daesh"),
        (Question("x", not_also=("Daesh", "ISIL")), "x, without the names Daesh, ISIL"),
        (Question(since="1911", sort=Sort.NEWEST), "from 1911 on"),
    ],
)  # fmt: skip
def test_a_sentence_says_all_that_is_asked(question, said):
    assert plain(sentence(question, NAMES)) == said


def test_typed_words_do_not_turn_the_sentence_around_them():
    assert (
        sentence(Question("بحر -tag:ثلج"), {})
        == "\u2068بحر\u2069, not filed under a tag with “\u2068ثلج\u2069” in its name"
    )
    assert (
        sentence(Question(filters=(("source", "x"),)), {("source", "x"): "الميناء"}) == "in source \u2068الميناء\u2069"
    )


def chip(question: Question, words: str) -> Chip:
    (found,) = [chip for chip in chips(question, NAMES) if plain(chip.words) == words]
    return found


ASKED = Question(
    "flood OR storm -quay title:=Ferry",
    Sort.NEWEST,
    3,
    filters=(("source", "post"), ("tag", "ice")),
    excluded=(("author", "ann-day"),),
    since="1911",
    until="1923",
    stored="2026-05-30T18:45",
    exact=True,
    not_also=("Day", "Dey"),
)


def test_each_part_of_a_question_is_a_chip_in_its_order():
    assert [plain(chip.words) for chip in chips(ASKED, NAMES)] == [
        "flood or storm",
        "not quay",
        "exactly Ferry in the title",
        "in source Halvern Post",
        "filed under tag “Ice”",
        "not by Ann Day",
        "from 1911 to 1923",
        "added after 30 May 2026, 18:45 UTC",
        "without the names Day, Dey",
        "exactly as written",
        "newest first",
    ]
    assert [plain(chip.words) for chip in chips(ASKED, NAMES) if chip.excluded] == ["not quay", "not by Ann Day"]


@pytest.mark.parametrize(
    ("words", "removed", "turned"),
    [
        ("flood or storm", {"text": "-quay title:=Ferry"}, {"text": "-(flood OR storm) -quay title:=Ferry"}),
        ("not quay", {"text": "(flood OR storm) title:=Ferry"}, {"text": "(flood OR storm) quay title:=Ferry"}),
        ("in source Halvern Post", {"filters": (("tag", "ice"),)},
         {"filters": (("tag", "ice"),), "excluded": (("author", "ann-day"), ("source", "post"))}),
        ("not by Ann Day", {"excluded": ()},
         {"excluded": (), "filters": (("author", "ann-day"), ("source", "post"), ("tag", "ice"))}),
        ("from 1911 to 1923", {"since": "", "until": ""}, None),
        ("added after 30 May 2026, 18:45 UTC", {"stored": ""}, None),
        ("without the names Day, Dey", {"not_also": ()}, None),
        ("exactly as written", {"exact": False}, None),
        ("newest first", {"sort": Sort.RELEVANCE}, {"sort": Sort.OLDEST}),
    ],
)  # fmt: skip
def test_a_chip_leads_to_the_question_without_it_and_to_its_opposite(words, removed, turned):
    found = chip(ASKED, words)
    assert found.removed == ASKED.with_(**removed)
    assert found.turned == (ASKED.with_(**turned) if turned else None)


def test_the_last_part_of_all_leaves_everything():
    (only,) = chips(Question("-flood"), {})
    assert only.removed == Question()
    assert only.turned == Question("flood")
    assert chips(Question(), {}) == ()


def test_an_order_that_is_as_by_default_is_not_said():
    assert chips(Question(sort=Sort.NEWEST), {}) == ()
    assert [chip.words for chip in chips(Question(sort=Sort.OLDEST), {})] == ["oldest first"]


def test_every_name_of_the_grammar_has_words():
    assert NAMED.keys() == FILED.keys()


@settings(max_examples=100, deadline=None)
@given(anything, st.sampled_from(Sort))
def test_whatever_is_typed_has_a_sentence_and_every_chip_leads_somewhere(typed, sort):
    question = Question(typed, sort)
    assert sentence(question, {})
    for found in chips(question, {}):
        assert plain(found.words)
        assert found.removed != question
        assert found.turned is not None
        assert found.turned != question
