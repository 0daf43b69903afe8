"""Several terms in one are answered as a single word that stands wherever one of them does."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from whoosh import query
from whoosh.query.spans import SpanNear

from articles.search.engine.asking.executor import match
from articles.search.engine.asking.explain import explain
from articles.search.engine.asking.limits import Limits, check
from articles.search.engine.asking.queries import AtLeast, Chain, InRow, SameParagraph, as_one, each_of
from articles.search.engine.errors import TooLong
from tests.search.engine.plain_answers import document, indexed

# As the stems of a word in three languages: no text has two of them, and the last is in none.
STEMS = ("brum", "tilk", "nowhere")
ONE = as_one(STEMS)


def term(text: str | bytes) -> query.Term:
    return query.Term("body", text, boost=1.5)


QUESTIONS: dict[str, Callable[[bytes], query.Query]] = {
    "alone": term,
    "with another": lambda one: query.And([term(one), term("kalo")]),
    "or another": lambda one: query.Or([term(one), term("vond")]),
    "without": lambda one: query.AndNot(term("kalo"), term(one)),
    "first in a phrase": lambda one: query.Phrase("body", [one, b"kalo"]),
    "last in a phrase": lambda one: query.Phrase("body", [b"kalo", b"kalo", one]),
    "twice in a phrase": lambda one: query.Phrase("body", [one, one]),
    "in a row": lambda one: InRow((term("kalo"), term(one))),
    "near": lambda one: SpanNear(term(one), term("zarg"), slop=4, ordered=False),
    "near a common word": lambda one: SpanNear(term("kalo"), term(one), slop=1),
    "in a chain": lambda one: Chain((term("vond"), term(one), term("kalo")), 5),
    "twice": lambda one: AtLeast(term(one), 2),
    "in a paragraph": lambda one: SameParagraph("body", (term(one), term("drov"))),
}


@pytest.fixture(params=range(3), scope="module")
def twins(request, tmp_path_factory):
    """An archive with several terms for a word, and the same with one."""
    draw = random.Random(request.param)
    documents = [document(number, draw) for number in range(90)]
    for each in documents:
        each["body"] = each["body"].replace(*draw.choice([("brum", "tilk"), ("tilk", "brum")]))
    plain = [{**each, "body": each["body"].replace("tilk", "brum")} for each in documents]
    assert len({each["body"] for each in documents}) > 50
    parts = [slice(0, 40), slice(40, 70), slice(70, 90)]
    return [
        indexed(tmp_path_factory.mktemp("twin"), [held[part] for part in parts], {3, 41, 88})
        for held in (documents, plain)
    ]


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("scored", [True, False])
def test_it_is_found_and_scored_as_one_word_is(twins, asked, scored):
    several, plain = twins
    found, expected = match(several, asked(ONE), scored=scored), match(plain, asked(b"brum"), scored=scored)
    assert found.ids.tolist() == expected.ids.tolist() != []
    if scored:
        assert np.allclose(found.scores_at(found.ids), expected.scores_at(expected.ids), rtol=1e-6)


def test_its_places_and_numbers_are_those_of_one_word(twins):
    several, plain = twins
    assert several.places("body", ONE).keys().tolist() == plain.places("body", b"brum").keys().tolist()
    assert several.frequency("body", ONE) == plain.frequency("body", b"brum")
    assert several.often("body", ONE) == plain.often("body", b"brum")
    assert several.ids("body", ONE).tolist() == plain.ids("body", b"brum").tolist()
    assert several.frequency("body", as_one(["nowhere", "nothing"])) == 0


def test_a_place_that_has_two_of_the_terms_is_one_place(tmp_path):
    """As the parts of a hyphenated word have, or the stems of a word with and without its accents."""
    texts = ["brum tilk kalo", "tilk", "kalo", "brum brum"]
    snapshot = indexed(tmp_path, [[{"id": f"a.{number}", "body": text} for number, text in enumerate(texts)]])
    one = as_one(["brum", "tilk", "brum"])
    assert match(snapshot, term(one)).ids.tolist() == [0, 1, 3]
    assert snapshot.places("body", one).times(np.arange(4)).tolist() == [2, 1, 0, 2]
    assert match(snapshot, query.Phrase("body", [one, one, b"kalo"])).ids.tolist() == [0]
    (part,) = explain(snapshot, term(one), 1)
    assert (part.term, part.forms) == ("tilk", (("tilk", 1),))


def test_it_counts_as_one_word_of_which_none_may_be_too_long():
    check(query.And([term(as_one(["a" * 300, "b" * 300]))] * 2), Limits(words=2))
    with pytest.raises(TooLong, match="begins with bbbb"):
        check(term(as_one(["a", "b" * 600])))
    assert each_of(ONE) == [b"brum", b"tilk", b"nowhere"]
