"""Windows, orders, facets, histograms and bounds, compared with a plain reading of the same documents."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import numpy as np
import pytest
from whoosh import query

from articles.search.engine.asking import ordering
from articles.search.engine.asking.limits import Limits
from articles.search.engine.asking.matches import Many
from articles.search.engine.asking.results import Key, answer
from articles.search.engine.asking.snapshot import Snapshot
from articles.search.engine.errors import IndexBroken, TooLong, Unsupported
from articles.search.engine.schema import minutes
from tests.search.engine.plain_answers import SCHEMA, Plain, document, indexed, segment, tree

FIELDS = ["score", "date", "pages", "weight", "tag", "id"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Enough documents that the best of them are found block by block; some are deleted."""
    draw = random.Random(5)
    documents = [document(number, draw) for number in range(4000)]
    deleted = set(draw.sample(range(4000), 200))
    snapshot = indexed(tmp_path_factory.mktemp("archive"), [documents[:3000], documents[3000:]], deleted)
    return snapshot, Plain(documents, deleted)


def orders(draw):
    """No order, or one by up to three fields in any direction."""
    names = draw.sample(FIELDS, draw.randint(0, 3))
    return [Key(name, draw.random() < 0.5) for name in names]


def expected_order(plain, result, order):
    """By the engine's own scores, since a plain reading rounds otherwise; they are compared elsewhere."""
    scores = dict(zip(result.matches.ids.tolist(), result.matches.scores_at(result.matches.ids).tolist(), strict=True))
    return plain.ordered(scores, order or [Key("score", True)])


@pytest.mark.parametrize("seed", range(12))
def test_any_window_of_any_order_is_that_of_a_full_sort(archive, seed):
    snapshot, plain = archive
    draw = random.Random(seed)
    for _ in range(6):
        result, order = answer(snapshot, tree(draw)), orders(draw)
        expected = expected_order(plain, result, order)
        for start in (0, 10, draw.randint(0, max(1, result.total)), max(0, result.total - 5)):
            end = start + draw.choice([1, 10, 300, 5000])
            assert [hit.id for hit in result.window(start, end, order)] == expected[start:end], (order, start, end)


@pytest.mark.parametrize("word", ["kalo", "vond", "jorb"])
def test_the_best_are_the_same_however_many_are_asked_for(archive, word):
    snapshot, plain = archive
    for asked in (query.Term("body", word), query.Or([query.Term("title", word), query.Term("body", "tilk")])):
        result = answer(snapshot, asked)
        expected = expected_order(plain, result, [])
        for end in (1, 2, 7, 15, 16, 40, 250, 1000, 2000, 4000):
            assert [hit.id for hit in result.window(0, end)] == expected[:end]


def test_page_after_page_gives_every_match_once(archive):
    snapshot, _ = archive
    result = answer(snapshot, query.Term("title", "kalo"))
    for order in ([], [Key("date")], [Key("tag", True), Key("score", True)]):
        pages = [result.window(start, start + 10, order) for start in range(0, result.total + 10, 10)]
        assert sorted(hit.id for page in pages for hit in page) == result.matches.ids.tolist()
        assert pages[-1] == []


def test_of_equal_scores_the_newest_is_first_and_the_undated_are_last(archive):
    snapshot, plain = archive
    result = answer(snapshot, query.Every())
    expected = plain.ordered(dict.fromkeys(plain.everything(), 1.0), [])
    assert [hit.id for hit in result.window(0, 5000)] == expected
    assert plain.documents[expected[0]]["date"] is not None
    assert plain.documents[expected[-1]]["date"] is None


def test_hits_carry_key_and_score(archive):
    snapshot, plain = archive
    result = answer(snapshot, query.Term("body", "vond"))
    hit = result.window(0, 1)[0]
    assert hit.key == plain.documents[hit.id]["id"]
    assert hit.score == pytest.approx(max(plain.find(query.Term("body", "vond")).values()), rel=1e-4)


def test_what_only_filters_gives_no_score(archive):
    snapshot, _ = archive
    asked = query.ConstantScoreQuery(query.Term("tag", "bow"), score=0.0)
    assert {hit.score for hit in answer(snapshot, asked).window(0, 20)} == {0.0}


def ends(values):
    return (min(values), max(values)) if values else None


@pytest.mark.parametrize("seed", range(6))
def test_facets_histograms_and_bounds_are_those_of_the_matches(archive, seed):
    snapshot, plain = archive
    draw = random.Random(seed)
    for _ in range(10):
        result = answer(snapshot, tree(draw))
        found = [plain.documents[number] for number in result.matches.ids.tolist()]
        dates = [held["date"] for held in found if held["date"]]
        assert result.facet("tag") == Counter(tag for held in found for tag in held["tag"])
        assert result.histogram("date", "year") == Counter(f"{moment:%Y}" for moment in dates)
        assert result.histogram("date", "month") == Counter(f"{moment:%Y-%m}" for moment in dates)
        assert result.histogram("date", "day") == Counter(moment.isoformat() for moment in dates)
        assert result.bounds("date") == ends([minutes(moment) for moment in dates])
        assert result.bounds("weight") == ends([held["weight"] for held in found if held["weight"] is not None])


def test_a_histogram_is_in_order_of_time(archive):
    snapshot, _ = archive
    months = list(answer(snapshot, query.Every()).histogram("date", "month"))
    assert months == sorted(months)
    assert months[0].startswith("1950-")


def test_nothing_found_has_no_facet_no_histogram_no_bounds(archive):
    snapshot, _ = archive
    result = answer(snapshot, query.Term("body", "nowhere"))
    assert (result.total, result.window(0, 10), result.bounds("date")) == (0, [], None)
    assert not result.facet("tag")
    assert not result.histogram("date", "day")


def test_a_field_that_cannot_be_counted_or_sorted_by_is_refused(archive):
    snapshot, _ = archive
    result = answer(snapshot, query.Every())
    for ask in (
        lambda: result.facet("body"),
        lambda: result.histogram("pages", "year"),
        lambda: result.bounds("tag"),
        lambda: result.window(0, 3, [Key("body")]),
        lambda: result.window(0, 3, [Key("unheard")]),
    ):
        with pytest.raises(Unsupported, match=r"field|ordered"):
            ask()


def test_a_question_past_the_limits_is_refused_before_anything_is_read(archive):
    snapshot, _ = archive
    with pytest.raises(TooLong):
        answer(snapshot, query.Or([query.Term("body", "kalo"), query.Term("body", "brum")]), Limits(words=1))


def test_a_changed_file_gives_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr("articles.search.engine.asking.snapshot.UNCHECKED", 0)
    snapshot = indexed(tmp_path, [[{"id": "a.1", "body": "kalo"}]])
    assert answer(snapshot, query.Every()).total == 1
    with open(tmp_path / "0.seg", "ab") as file:
        file.write(b"x")
    with pytest.raises(IndexBroken):
        answer(snapshot, query.Every())


def test_an_order_is_taken_over_from_the_snapshot_before(tmp_path, monkeypatch):
    draw = random.Random(9)
    documents = [document(number, draw) for number in range(120)]
    parts = [segment(tmp_path / f"{at}.seg", documents[at : at + 40]) for at in (0, 40, 80)]
    first = Snapshot(SCHEMA, parts[:2], [None, None], "1")
    first.standing()
    second = Snapshot(SCHEMA, parts, [None] * 3, "2", first)
    lent = []
    unasked = Snapshot(SCHEMA, parts, [None] * 3, "3", first)
    merged = Snapshot(SCHEMA, [parts[0], parts[2]], [None, None], "4", unasked)
    monkeypatch.setattr(
        "articles.search.engine.asking.snapshot.newest_first",
        lambda snapshot, known: lent.append(known) or ordering.newest_first(snapshot, known),
    )
    for snapshot, known, held in ((second, 80, documents), (merged, 40, documents[:40] + documents[80:])):
        assert snapshot.standing().ids.tolist() == Plain(held).ordered(dict.fromkeys(range(len(held)), 1.0), [])
        assert len(lent.pop()) == known


def test_of_a_new_snapshot_only_the_new_segment_is_read(tmp_path, monkeypatch):
    draw = random.Random(10)
    documents = [document(number, draw) for number in range(90)]
    parts = [segment(tmp_path / f"{at}.seg", documents[at : at + 30]) for at in (0, 30, 60)]
    snapshot = None
    for count in (2, 3):
        snapshot = Snapshot(SCHEMA, parts[:count], [None] * count, str(count), snapshot)
        asked = query.And([query.Term("body", "kalo"), query.NumericRange("pages", 0, 4)])
        found, plain = answer(snapshot, asked), Plain(documents[: snapshot.count])
        assert sorted(plain.find(asked)) == sorted(hit.id for hit in found.window(0, 90, [Key("weight")]))
        assert sum(found.facet("tag").values()) == sum(len(documents[number]["tag"]) for number in plain.find(asked))
        for part, read in product(parts[:2], ("numbers", "key_numbers", "lengths", "terms")):
            monkeypatch.setattr(part, read, None)


def test_a_key_that_ends_with_a_great_number_is_ordered_too(tmp_path):
    numbers = [1, 1 << 40, 7, 3]
    snapshot = indexed(tmp_path, [[{"id": f"a.{number}", "body": "kalo"} for number in numbers]])
    assert [hit.key for hit in answer(snapshot, query.Every()).window(0, 4)] == ["a.1099511627776", "a.7", "a.3", "a.1"]


def test_values_of_a_facet_keep_their_numbers_when_a_segment_is_added(tmp_path):
    parts = [
        segment(tmp_path / f"{at}.seg", [{"id": f"a.{at}", "tag": tags}]) for at, tags in enumerate((["m", "z"], ["b"]))
    ]
    first = Snapshot(SCHEMA, parts[:1], [None], "1")
    before = first.facet("tag")
    second = Snapshot(SCHEMA, parts, [None, None], "2", first)
    assert second.facet("tag").names is before.names
    assert answer(second, query.Every()).facet("tag") == {"m": 1, "z": 1, "b": 1}
    assert answer(first, query.Every()).facet("tag") == {"m": 1, "z": 1}
    assert [hit.key for hit in answer(second, query.Every()).window(0, 2, [Key("tag")])] == ["a.1", "a.0"]


def test_documents_with_very_many_values_are_counted_with_all_of_them(tmp_path):
    draw = random.Random(8)
    values = [f"value {at}" for at in range(40)]
    documents = [{"id": f"a.{at}", "body": "kalo", "tag": draw.sample(values, at % 30)} for at in range(120)]
    snapshot = indexed(tmp_path, [documents[:70], documents[70:]], {3, 29})
    alive = [each for at, each in enumerate(documents) if at not in (3, 29)]
    assert answer(snapshot, query.Every()).facet("tag") == Counter(tag for each in alive for tag in each["tag"])
    few = query.Or([query.Term("id", f"a.{at}") for at in (28, 59, 90)])
    assert answer(snapshot, few).facet("tag") == Counter(tag for at in (28, 59, 90) for tag in documents[at]["tag"])


@pytest.mark.parametrize("count", [2048, 5003])
@pytest.mark.parametrize("end", [1, 5, 7, 30])
def test_all_that_may_be_among_the_best_are_looked_at(count, end):
    generator = np.random.default_rng(count + end)
    scores = generator.integers(0, 50, count).astype(np.float32)
    best = set(np.flatnonzero(scores >= np.sort(scores)[-end]).tolist())
    assert best <= set(ordering._in_columns(scores, 16, end).tolist())
    near = ordering._in_blocks(Many(scores), end)
    assert near is None or best <= set(near[0].tolist())


def test_where_few_match_no_other_document_is_among_the_best():
    scores = np.zeros(5003, np.float32)
    scores[[7, 4990, 5002]] = [2, 1, 3]
    assert sorted(ordering._in_columns(scores, 16, 3).tolist()) == [7, 4990, 5002]
    assert sorted(ordering._in_blocks(Many(scores), 3)[0].tolist()) == [7, 4990, 5002]
