"""Whole answers: walked from one end to the other, with the repeated left out, and with reasons by key."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from whoosh import query

from articles.search.engine.asking.results import Key, answer
from articles.search.engine.errors import Unsupported
from tests.search.engine.plain_answers import Plain, document, indexed, tree

ORDERS = ([], [Key("date", True)], [Key("date")], [Key("tag"), Key("score", True)], [Key("weight", True), Key("pages")])


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A third of the documents share a number of pages with few others, and some are deleted."""
    draw = random.Random(6)
    documents = [document(number, draw) for number in range(1500)]
    for held in documents:
        held["pages"] = draw.randrange(120) if draw.random() < 0.3 else None
    deleted = set(draw.sample(range(1500), 100))
    snapshot = indexed(tmp_path_factory.mktemp("walked"), [documents[:900], documents[900:]], deleted)
    return snapshot, Plain(documents, deleted)


@pytest.mark.parametrize("order", ORDERS, ids=repr)
def test_a_walk_gives_the_keys_of_one_great_window_so_many_at_a_time(archive, order):
    snapshot, _ = archive
    draw = random.Random(4)
    for _ in range(8):
        found = answer(snapshot, tree(draw))
        steps = list(found.walk(order, 70))
        assert [key for keys in steps for key in keys] == [hit.key for hit in found.window(0, 2000, order)]
        assert {len(keys) for keys in steps[:-1]} <= {70}
        assert all(steps)


def test_a_walk_through_nothing_has_no_steps(archive):
    assert list(answer(archive[0], query.Term("body", "nowhere")).walk()) == []


def test_a_walk_holds_few_keys_at_a_time(tmp_path):
    names = [f"made.document.{'x' * 300}{number}" for number in range(3000)]
    snapshot = indexed(tmp_path, [[{"id": name, "body": "kalo"} for name in names]])
    found = answer(snapshot, query.Every())
    list(found.walk(size=50))
    tracemalloc.start()
    try:
        assert sum(len(keys) for keys in found.walk(size=50)) == 3000
        assert tracemalloc.get_traced_memory()[1] < 300 * 1500
    finally:
        tracemalloc.stop()


def expected_firsts(plain, found, order):
    """The first of each number in the order, by looking at one match after the other."""
    seen, kept = set(), []
    for hit in found.window(0, 2000, order):
        number = plain.documents[hit.id]["pages"]
        if number is None or number not in seen:
            kept.append(hit)
        seen.add(number)
    return kept


@pytest.mark.parametrize("order", ORDERS, ids=repr)
def test_of_matches_that_share_a_number_only_the_first_in_the_order_stays(archive, order):
    snapshot, plain = archive
    draw, fewer = random.Random(7), 0
    for scored in (True, False) * 6:
        found = answer(snapshot, tree(draw), scored=scored)
        kept = found.collapsed("pages", order)
        assert kept.window(0, 2000, order) == expected_firsts(plain, found, order)
        assert kept.total == len(kept.ids)
        fewer += kept.total < found.total
    assert fewer > 4


def test_an_answer_in_which_nothing_is_shared_stays_as_it_is(tmp_path):
    pages = [1, 2, None, None, 3, 3]
    documents = [{"id": f"a.{at}", "body": "kalo", "pages": number} for at, number in enumerate(pages)]
    snapshot = indexed(tmp_path, [documents], {5})
    found = answer(snapshot, query.Every())
    assert found.collapsed("pages", ()).matches is found.matches
    assert found.collapsed("pages", ()).total == 5


def test_only_numbers_tell_what_is_repeated(archive):
    with pytest.raises(Unsupported, match="tag is not a field of kind Number"):
        answer(archive[0], query.Every()).collapsed("tag", ())


def test_the_reasons_of_an_answer_are_asked_for_by_key(archive):
    snapshot, _ = archive
    found = answer(snapshot, query.Or([query.Term("body", "kalo"), query.Term("title", "vond", boost=3.0)]))
    for hit in found.window(0, 5):
        reasons = found.explain(hit.key)
        assert sum(reason.score for reason in reasons) == pytest.approx(hit.score, rel=1e-4)
        assert {(reason.field, reason.term) for reason in reasons} <= {("body", "kalo"), ("title", "vond")}
    assert found.explain("made.document.999999") == []


def test_what_was_left_out_as_repeated_still_has_its_reasons(archive):
    snapshot, _ = archive
    found = answer(snapshot, query.Term("body", "kalo"))
    left = {hit.key for hit in found.window(0, 2000)} - {hit.key for hit in found.collapsed("pages").window(0, 2000)}
    assert left
    assert all(found.collapsed("pages").explain(key) for key in sorted(left)[:3])


@pytest.mark.parametrize("seed", range(3))
def test_the_commonest_values_are_those_of_all_counts_in_order(archive, seed):
    snapshot, _ = archive
    draw = random.Random(seed)
    for field in ("tag", "id"):
        found = answer(snapshot, tree(draw))
        ordered = sorted(found.facet(field).items(), key=lambda pair: (-pair[1], pair[0]))
        for most in (0, 1, 3, 40, 5000):
            assert list(found.commonest(field, most).items()) == ordered[:most]


def test_values_can_be_counted_besides_the_commonest(archive):
    snapshot, plain = archive
    found = answer(snapshot, query.Term("title", "vond"))
    whole = found.facet("id")
    first = plain.documents[int(found.ids[-1])]["id"]
    missing = plain.documents[next(iter(set(plain.everything()) - set(found.ids.tolist())))]["id"]
    counts = found.commonest("id", 2, [first, missing, "nowhere"])
    assert counts == {value: whole[value] for value in [*sorted(whole)[:2], first]}
    assert counts["nowhere"] == 0
    with pytest.raises(Unsupported, match="pages is not a field of kind Exact"):
        found.commonest("pages", 3)
