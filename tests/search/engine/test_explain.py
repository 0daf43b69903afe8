"""What made up a score, and what each word finds alone."""

from __future__ import annotations

import random

import pytest
from whoosh import query
from whoosh.query.spans import SpanNear

from articles.search.engine.asking.executor import match
from articles.search.engine.asking.explain import Contribution, counts, explain
from articles.search.engine.asking.queries import AtLeast, Form, FormFuzzy, FormPattern, FormPrefix, SameParagraph
from tests.search.engine.plain_answers import SCHEMA, document, indexed, tree
from tests.search.engine.test_spans import place

TEXTS = ["flooded flood flooding harbour", "flooding", "a harbour", "flood flood flood", "mayor", "mayor flood"]


@pytest.fixture
def made(tmp_path):
    documents = [
        {"id": f"a.{number}", "body": text, "title": "flood", "tag": ["apt"]} for number, text in enumerate(TEXTS)
    ]
    return indexed(tmp_path, [documents[:2], documents[2:]], {1})


def total(parts):
    return sum(part.score for part in parts)


@pytest.mark.parametrize("seed", range(12))
def test_contributions_add_up_to_the_score_of_any_query(tmp_path, seed):
    draw = random.Random(seed)
    snapshot = indexed(tmp_path, [[document(number, draw) for number in range(part, part + 20)] for part in (0, 20)])
    assert SCHEMA is snapshot.schema
    some = 0
    for _ in range(60):
        asked = tree(draw) if draw.random() < 0.7 else place(draw)
        found = match(snapshot, asked)
        for number, score in zip(found.ids[:4].tolist(), found.scores_at(found.ids)[:4].tolist(), strict=True):
            assert total(explain(snapshot, asked, number)) == pytest.approx(score, rel=1e-4, abs=1e-9), asked
            some += score > 0
        missing = set(range(snapshot.count)) - set(found.ids.tolist())
        assert all(explain(snapshot, asked, number) == [] for number in list(missing)[:2]), asked
    assert some > 60


def test_a_word_is_told_in_its_forms_and_how_often_each(made):
    (part,) = explain(made, query.Term("body", "flood"), 0)
    assert (part.field, part.term, part.times) == ("body", "flood", 3)
    assert dict(part.forms) == {"flood": 1, "flooded": 1, "flooding": 1}
    (part,) = explain(made, query.Term("body", "harbour"), 2)
    assert (part.forms, part.times) == ((("harbour", 1),), 1)


def test_each_field_is_told_apart_and_the_most_comes_first(made):
    asked = query.Or(
        [query.Term("title", "flood", boost=4.0), query.Term("body", "flood"), query.Term("body", "mayor")]
    )
    parts = explain(made, asked, 0)
    assert [part.field for part in parts] == ["title", "body"]
    assert total(parts) == pytest.approx(match(made, asked).scores_at(match(made, asked).ids)[0])


def test_the_same_word_asked_for_twice_is_told_once(made):
    flood = query.Term("body", "flood")
    (part,) = explain(made, query.And([flood, query.Or([flood, query.Term("body", "none")])]), 0)
    (alone,) = explain(made, flood, 0)
    assert part == Contribution("body", "flood", alone.forms, 3, pytest.approx(2 * alone.score))


@pytest.mark.parametrize(
    ("asked", "forms"),
    [
        (Form("body", b"flooding"), {"flooding": 1}),
        (FormPrefix("body", "floode"), {"flooded": 1}),
        (FormPrefix("body", "flood"), {"flood": 1, "flooded": 1, "flooding": 1}),
        (FormPattern("body", "*ing"), {"flooding": 1}),
        (FormFuzzy("body", "harbor"), {"harbour": 1}),
        (query.Prefix("body", "flo"), {"flood": 1, "flooded": 1, "flooding": 1}),
        (query.Prefix("title", "flo"), {"flood": 1}),
    ],
    ids=repr,
)
def test_a_family_is_told_by_those_of_its_words_that_stand_there(made, asked, forms):
    (part,) = explain(made, asked, 0)
    assert dict(part.forms) == forms
    assert part.term == (asked.form.decode() if isinstance(asked, Form) else asked.text)
    assert explain(made, asked, 4) == [] or asked.fieldname == "title"


def test_what_is_no_word_is_told_without_one(made):
    excluding = query.And([query.Term("body", "mayor"), query.Not(query.Term("body", "harbour"))])
    word, other = sorted(explain(made, excluding, 5), key=lambda part: not part.term)
    assert (word.term, other) == ("mayor", Contribution("", "", (), 0, 1.0))
    assert explain(made, query.Every(boost=2.0), 0) == [Contribution("", "", (), 0, 2.0)]
    assert explain(made, query.ConstantScoreQuery(query.Term("tag", "apt"), 0.0), 0) == []


def test_deleted_documents_have_no_reason(made):
    assert explain(made, query.Term("body", "flood"), 1) == []


def test_each_word_phrase_range_and_filter_is_counted_alone(made):
    flood, mayor, none = (query.Term("body", word) for word in ("flood", "mayor", "none"))
    near = SpanNear(mayor, FormPrefix("body", "flo"), slop=3)
    phrase = query.Phrase("body", ["mayor", "flood"])
    filtered = query.ConstantScoreQuery(query.Term("tag", "apt"))
    asked = query.And([query.AndNot(query.And([flood, none]), phrase), near, query.Or([mayor, filtered])])
    family = FormPrefix("body", "flo")
    expected = {flood: 3, none: 0, phrase: 1, mayor: 2, near: 1, family: 3, filtered: 5}
    assert dict(counts(made, asked)) == expected
    assert [part for part, _ in counts(made, asked)] == list(expected)


def test_parts_of_conditions_are_counted_too(made):
    flood, harbour = query.Term("body", "flood"), query.Term("body", "harbour")
    twice = AtLeast(flood, 3)
    together = SameParagraph("body", (flood, harbour))
    assert dict(counts(made, query.Or([twice, together]))) == {twice: 2, flood: 3, together: 1, harbour: 2}
