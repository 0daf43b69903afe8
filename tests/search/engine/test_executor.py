"""Every match and its score, compared with a plain reading of the same documents."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from whoosh import query

from articles.search.engine.asking.executor import match
from articles.search.engine.asking.limits import Limits
from articles.search.engine.asking.matches import Few, Many, filled
from articles.search.engine.asking.queries import AnyOf
from articles.search.engine.errors import TooSlow, Unsupported
from articles.search.engine.schema import exact_bytes
from tests.search.engine.plain_answers import SCHEMA, WORDS, Plain, document, indexed, tree


def made(folder, seed):
    """Documents in up to five segments, some of them deleted."""
    draw = random.Random(seed)
    documents = [document(number, draw) for number in range(draw.choice([8, 60, 300]))]
    cuts = sorted(draw.sample(range(1, len(documents)), draw.randint(0, 4)))
    parts = [documents[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    share = draw.choice([0, 0, 0.3])
    deleted = {number for number in range(len(documents)) if draw.random() < share}
    return indexed(folder, parts, deleted), Plain(documents, deleted), draw


def scores_of(found):
    return dict(zip(found.ids.tolist(), filled(found).tolist(), strict=True))


@pytest.mark.parametrize("seed", range(25))
def test_any_query_finds_what_a_plain_reading_finds_with_the_same_scores(tmp_path, seed):
    snapshot, plain, draw = made(tmp_path, seed)
    for _ in range(40):
        asked = tree(draw)
        expected = plain.find(asked)
        found = match(snapshot, asked)
        assert found.total == len(expected), asked
        assert scores_of(found) == pytest.approx(expected, rel=1e-4, abs=1e-20), asked


@pytest.mark.parametrize("seed", range(5))
def test_without_scores_the_same_documents_are_found(tmp_path, seed):
    snapshot, plain, draw = made(tmp_path, seed)
    for _ in range(40):
        asked = tree(draw)
        found = match(snapshot, asked, scored=False)
        assert found.ids.tolist() == sorted(plain.find(asked)), asked
        assert not found.scored


def test_matches_are_told_one_by_one_as_they_are_all_together(tmp_path):
    snapshot, plain, draw = made(tmp_path, 3)
    for _ in range(60):
        asked = tree(draw)
        expected = plain.find(asked)
        found = match(snapshot, asked)
        ids = np.array(sorted(draw.sample(range(snapshot.count), draw.randint(1, snapshot.count))), np.intp)
        assert found.among(ids).tolist() == [number in expected for number in ids.tolist()], asked
        assert found.scores_at(ids).tolist() == pytest.approx(
            [expected.get(number, 0.0) for number in ids.tolist()], rel=1e-4, abs=1e-20
        ), asked


def test_a_common_word_is_an_array_of_all_documents_and_a_rare_one_a_few_numbers(tmp_path):
    documents = [{"id": f"a.{number}", "body": "kalo" if number % 2 else "brum"} for number in range(100)]
    documents[7]["body"] += " jorb"
    snapshot = indexed(tmp_path, [documents])
    assert isinstance(match(snapshot, query.Term("body", "kalo")), Many)
    assert isinstance(match(snapshot, query.Term("body", "jorb")), Few)


def test_a_second_question_of_the_same_word_reads_nothing(tmp_path, monkeypatch):
    snapshot, *_ = made(tmp_path, 1)
    first = match(snapshot, query.Term("body", "kalo"))
    monkeypatch.setattr(type(snapshot.segments[0]), "ids", None)
    assert match(snapshot, query.Term("body", "kalo")) is first


def test_what_is_not_there_is_not_found(tmp_path):
    snapshot, *_ = made(tmp_path, 1)
    for asked in (
        query.NullQuery,
        query.Term("body", "nowhere"),
        query.Term("unheard", "kalo"),
        query.And([]),
        query.Or([]),
        query.And([query.Term("body", "kalo"), query.Term("body", "nowhere")]),
        query.TermRange("tag", "x", "z"),
        query.NumericRange("pages", 5, 4),
    ):
        assert match(snapshot, asked).total == 0, asked


@pytest.mark.parametrize("share", [0.02, 0.3, 1])
def test_very_many_values_are_filtered_by_at_once(tmp_path, share):
    draw = random.Random(11)
    documents = [document(number, draw) for number in range(3000)]
    deleted = set(draw.sample(range(3000), 100))
    snapshot = indexed(tmp_path, [documents[:2800], documents[2800:]], deleted)
    wanted = [number for number in range(3000) if draw.random() < share]
    keys = [documents[number]["id"] for number in wanted] + ["made.document.x"]
    for values in (AnyOf("id", frozenset(key.encode() for key in keys)), query.Or([query.Term("id", k) for k in keys])):
        found = match(snapshot, query.ConstantScoreQuery(values, 0.0), Limits(seconds=600))
        assert found.ids.tolist() == sorted(set(wanted) - deleted)


@pytest.mark.parametrize("count", [0, 1, 3, 31, 32, 500])
def test_values_short_and_long_are_filtered_by_alike(tmp_path, count):
    draw = random.Random(count)
    tags = [str(number) for number in range(300)] + ["a" * 8, "a" * 9, "b" * 300, "b" * 500, "\x00", "1\x00", "été"]
    documents = [{"id": f"{at}", "tag": draw.sample(tags, draw.randrange(4))} for at in range(900)]
    snapshot = indexed(tmp_path, [documents[:500], documents[500:]], {7, 700})
    wanted = {*draw.sample(tags, min(count, len(tags))), *(["nowhere"] if count else [])}
    found = match(snapshot, AnyOf("tag", frozenset(map(exact_bytes, wanted))))
    held = [at for at, each in enumerate(documents) if wanted & set(each["tag"]) and at not in (7, 700)]
    assert found.ids.tolist() == held
    keys = [str(at) for at in draw.sample(range(900), min(count, 900))]
    found = match(snapshot, AnyOf("id", frozenset(map(exact_bytes, keys))))
    assert found.ids.tolist() == sorted({int(key) for key in keys} - {7, 700})


def test_many_values_of_several_for_each_document_are_filtered_by_at_once(tmp_path):
    documents = [{"id": f"a.{at}", "tag": [f"tag {at % 50}", f"tag {at % 7}"]} for at in range(400)]
    snapshot = indexed(tmp_path, [documents])
    wanted = {f"tag {at}" for at in range(5, 45)}
    asked = query.ConstantScoreQuery(AnyOf("tag", frozenset(tag.encode() for tag in wanted)), 2.0)
    held = [at for at, each in enumerate(documents) if wanted & set(each["tag"])]
    assert match(snapshot, asked).ids.tolist() == held
    assert set(filled(match(snapshot, asked)).tolist()) == {2.0}


def test_an_index_without_documents_answers_with_nothing(tmp_path):
    snapshot = indexed(tmp_path, [])
    for asked in (
        query.Every(),
        query.Term("body", "kalo"),
        query.Not(query.Every()),
        query.NumericRange("pages", 1, 2),
    ):
        assert match(snapshot, asked).total == 0


def test_every_of_a_field_finds_the_documents_that_have_it(tmp_path):
    snapshot, plain, _ = made(tmp_path, 4)
    for name in ("body", "tag", "pages", "weight", "date"):
        held = [number for number in plain.everything() if plain.documents[number][name] not in (None, "", [])]
        assert match(snapshot, query.Every(name)).ids.tolist() == held, name


def test_moments_are_compared_with_a_range_of_dates(tmp_path):
    snapshot, plain, _ = made(tmp_path, 4)
    dates = [held["date"] for held in plain.documents if held["date"]]
    first, last = (dt.datetime.combine(moment, dt.time.min) for moment in (min(dates), max(dates)))
    asked = query.DateRange("date", first, last, startexcl=True)
    held = [number for number in plain.everything() if (plain.documents[number]["date"] or min(dates)) > min(dates)]
    assert match(snapshot, asked).ids.tolist() == held


def test_a_word_that_is_worth_nothing_still_matches(tmp_path):
    snapshot, plain, _ = made(tmp_path, 2)
    asked = query.Or([query.Term("body", word, boost=0.0) for word in WORDS])
    found = match(snapshot, asked)
    assert found.ids.tolist() == sorted(plain.find(asked))
    assert filled(found).max() < 1e-20


def test_what_makes_no_sense_is_refused_with_a_sentence(tmp_path):
    snapshot, *_ = made(tmp_path, 1)
    for asked in (
        query.Regex("body", "k.*"),
        query.Term("body", "kalo", boost=-1.0),
        query.Or([query.Term("body", "kalo"), query.Term("body", "brum")], scale=0.5),
        query.NumericRange("body", 1, 2),
    ):
        with pytest.raises(Unsupported, match=r"\w+ .+\."):
            match(snapshot, asked)


def test_a_search_ends_when_its_time_is_up(tmp_path):
    snapshot, *_ = made(tmp_path, 1)
    with pytest.raises(TooSlow, match="longer"):
        match(snapshot, query.Term("body", "kalo"), Limits(seconds=-1))


def test_the_schema_of_these_tests_has_every_kind_of_field():
    assert {type(field).__name__ for _, field in SCHEMA.items()} == {"Exact", "Text", "Moment", "Number"}
