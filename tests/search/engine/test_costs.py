"""What a question costs is told from its words, before anything is read."""

import numpy as np
import pytest
from whoosh import query
from whoosh.query.spans import SpanNear

from articles.search.engine.asking import costs
from articles.search.engine.asking.limits import LIMITS, Limits
from articles.search.engine.asking.queries import AtLeast, Chain, Form, FormPrefix, InRow, SameParagraph
from articles.search.engine.asking.results import answer
from articles.search.engine.errors import TooBroad
from tests.search.engine.plain_answers import indexed

COMMON, OTHER, RARE = (query.Term("body", word) for word in ("kalo", "brum", "tilk"))


@pytest.fixture
def snapshot(tmp_path, monkeypatch):
    monkeypatch.setattr(costs, "FEW", 1)
    texts = ["kalo brum kalo"] * 99 + ["tilk kalo brum"]
    return indexed(tmp_path, [[{"id": f"a.{number}", "body": text} for number, text in enumerate(texts)]])


def cost(snapshot, asked):
    """In looks at every document."""
    return costs.Costs(snapshot).of(asked) / snapshot.count


def test_a_word_costs_as_many_documents_as_have_it(snapshot):
    assert cost(snapshot, COMMON) == cost(snapshot, Form("body", b"kalo")) == 1
    assert cost(snapshot, RARE) == 0.01
    assert cost(snapshot, query.Term("body", "none")) == 0


def test_a_phrase_costs_most_where_its_rarest_word_is_common(snapshot):
    common, rare = (query.Phrase("body", [word, "kalo"]) for word in ("brum", "tilk"))
    assert cost(snapshot, common) > 5 * cost(snapshot, rare) > 0
    assert cost(snapshot, query.Phrase("body", ["none", "kalo"])) == 0


def test_nearness_costs_less_beside_a_rare_word_and_more_in_another_condition(snapshot):
    near = SpanNear(COMMON, OTHER, slop=5)
    assert cost(snapshot, SpanNear(RARE, OTHER, slop=5)) < cost(snapshot, near) / 10
    assert cost(snapshot, SpanNear(near, OTHER, slop=5)) > 1.5 * cost(snapshot, near)
    assert cost(snapshot, SameParagraph("body", (COMMON, OTHER))) > cost(snapshot, near)
    assert cost(snapshot, SpanNear(query.Or([COMMON, RARE]), OTHER)) > cost(snapshot, SpanNear(RARE, OTHER))


def test_nearness_of_words_as_they_are_written_costs_as_often_as_they_stand_there(snapshot):
    assert snapshot.form_often("body", b"kalo") == pytest.approx(199, abs=1)
    written, brum = Form("body", b"kalo"), Form("body", b"brum")
    assert cost(snapshot, SpanNear(written, OTHER, slop=5)) > cost(snapshot, SpanNear(brum, OTHER, slop=5))
    assert cost(snapshot, Chain((COMMON, OTHER, COMMON), 5)) > 1.4 * cost(snapshot, SpanNear(COMMON, OTHER, slop=5))
    assert cost(snapshot, SpanNear(FormPrefix("body", "ka"), OTHER)) >= cost(snapshot, SpanNear(brum, OTHER))
    row = InRow((written, brum))
    assert 0 < cost(snapshot, row) < cost(snapshot, SpanNear(written, brum)) + cost(snapshot, OTHER) * 6


def test_a_form_is_told_how_often_it_stands_in_a_large_archive_too(tmp_path):
    segment = indexed(tmp_path, [[{"id": "a.1", "body": "kalo"}]])
    part = segment.segments[0]
    for name, number in (("form_frequencies", 90_000), ("occurrences", 1_500_000), ("frequencies", 100_000)):
        setattr(part, name, np.full_like(getattr(part, name), number, np.uint32))
    assert segment.form_often("body", b"kalo") == 1_350_000


def test_what_costs_too_much_is_refused_with_what_to_do(snapshot):
    asked = query.Or([COMMON, OTHER, AtLeast(COMMON, 2)])
    assert answer(snapshot, asked).total == 100
    with pytest.raises(TooBroad, match="very common: leave some of them out, or ask for rarer ones"):
        answer(snapshot, asked, Limits(cost=3))
    assert answer(snapshot, COMMON, Limits(cost=0)).total == 100


def test_a_word_counts_once_and_a_filter_not_at_all(snapshot):
    assert answer(snapshot, query.Or([COMMON] * 9), Limits(cost=1)).total == 100
    filtered = query.And([COMMON, query.ConstantScoreQuery(OTHER)])
    assert answer(snapshot, filtered, Limits(cost=1)).total == 100


def test_in_a_small_archive_everything_is_cheap(tmp_path):
    snapshot = indexed(tmp_path, [[{"id": "a.1", "body": "kalo brum"}]])
    words = [query.Term("body", "kalo"), query.Term("body", "brum")] * 200
    assert LIMITS.cost < len(words)
    assert answer(snapshot, query.Or([query.Phrase("body", ["kalo", "brum"]), *words])).total == 1
