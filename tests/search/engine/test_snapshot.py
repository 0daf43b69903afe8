"""A commit as one row of documents: postings, occurrences, forms, keys and columns, without what is deleted."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from whoosh import query

from articles.search.engine.asking.cache import CACHE
from articles.search.engine.asking.expansion import form_postings
from articles.search.engine.asking.matches import Few, filled, ranges
from articles.search.engine.asking.results import Key, answer
from articles.search.engine.asking.snapshot import SHIFT
from articles.search.engine.errors import Unsupported
from articles.search.engine.schema import MISSING
from tests.search.engine.plain_answers import WORDS, Plain, document, indexed, tree


def made(folder, count=90, share=0.25):
    draw = random.Random(count)
    documents = [document(number, draw) for number in range(count)]
    deleted = {number for number in range(count) if draw.random() < share}
    third = count // 3
    parts = [documents[:third], documents[third : 2 * third], documents[2 * third :]]
    return indexed(folder, parts, deleted), Plain(documents, deleted)


@pytest.fixture(params=[0, 0.25], ids=["all alive", "some deleted"])
def archive(tmp_path, request):
    return made(tmp_path, share=request.param)


def places(plain, word):
    """Where a word stands, document by document."""
    return {
        number: [at for at, each in enumerate(plain.words(number, "body")) if each == word]
        for number in plain.everything()
        if word in plain.words(number, "body")
    }


def keys(found):
    return [number << SHIFT | at for number, places in sorted(found.items()) for at in places]


def test_counts_tell_documents_that_are_alive_and_all(archive):
    snapshot, plain = archive
    assert snapshot.count == len(plain.documents)
    assert snapshot.documents == len(plain.everything())


def test_the_frequency_of_a_term_counts_deleted_documents_too(archive):
    snapshot, plain = archive
    for word in WORDS:
        assert snapshot.frequency("body", word.encode()) == len(plain.holders("body", word))
    assert snapshot.frequency("body", b"nowhere") == 0


def test_postings_are_those_of_living_documents_in_order(archive):
    snapshot, plain = archive
    for word in WORDS:
        found = places(plain, word)
        assert snapshot.ids("body", word.encode()).tolist() == sorted(found)
        expected = plain.find(query.Term("body", word))
        assert filled(snapshot.matches("body", word.encode())).tolist() == pytest.approx(
            [expected[number] for number in sorted(expected)], rel=1e-5
        )


def test_occurrences_are_told_of_all_documents_or_of_some(archive):
    snapshot, plain = archive
    draw = random.Random(1)
    for word in WORDS:
        found = places(plain, word)
        assert snapshot.places("body", word.encode()).keys().tolist() == keys(found)
        for size in (0, 1, 20, 80):
            within = sorted(draw.sample(range(snapshot.count), size))
            some = {number: found[number] for number in within if number in found}
            assert snapshot.places("body", word.encode()).keys(np.array(within, np.intp)).tolist() == keys(some)


def test_a_word_as_written_is_told_from_others_of_its_stem(tmp_path):
    bodies = ["running runs", "run running running", "runs", "gone", "running"]
    documents = [{"id": f"a.{number}", "body": body} for number, body in enumerate(bodies)]
    snapshot = indexed(tmp_path, [documents[:2], documents[2:]], {4})
    assert snapshot.frequency("body", b"run") == 4
    ids, times = form_postings(snapshot, "body", b"running")
    assert (ids.tolist(), times.tolist()) == ([0, 1], [1, 2])
    assert snapshot.form_occurrences("body", b"runs").tolist() == [1, 2 << SHIFT]
    assert snapshot.form_occurrences("body", b"running", np.array([1], np.intp)).tolist() == [
        1 << SHIFT | 1,
        1 << SHIFT | 2,
    ]
    assert not len(form_postings(snapshot, "body", b"gon")[0])


def test_keys_are_told_in_any_order_and_number(archive):
    snapshot, plain = archive
    draw = random.Random(2)
    for size in (0, 5, 90):
        ids = draw.sample(range(snapshot.count), size)
        expected = [plain.documents[number]["id"] for number in ids]
        assert snapshot.keys(np.array(ids, np.intp)) == expected
        assert snapshot.keys(np.array(ids * 40, np.intp)) == expected * 40


def test_columns_reach_over_all_segments(archive):
    snapshot, plain = archive
    expected = [MISSING if held["pages"] is None else held["pages"] for held in plain.documents]
    assert snapshot.numbers("pages").tolist() == expected
    assert snapshot.column("pages") is snapshot.numbers("pages")
    assert snapshot.key_numbers.tolist() == list(range(snapshot.count))
    with pytest.raises(Unsupported, match="ordered by body"):
        snapshot.column("body")


def test_numbers_that_need_all_their_bytes_are_compared_as_they_are(tmp_path):
    numbers = [None, -(1 << 50), -(1 << 31), -1, 0, (1 << 31) - 1, 1 << 31, 1 << 50]
    documents = [{"id": f"a.{at}", "pages": number} for at, number in enumerate(numbers)]
    for start in (1, 3):
        held = [*documents[:1], *documents[start : start + 3]]
        (tmp_path / str(start)).mkdir()
        snapshot = indexed(tmp_path / str(start), [held])
        for low in numbers:
            found = answer(snapshot, query.NumericRange("pages", low, None)).window(0, 9)
            expected = {
                each["id"] for each in held if each["pages"] is not None and (low is None or each["pages"] >= low)
            }
            assert {hit.key for hit in found} == expected, (start, low)


def test_threads_get_the_answers_that_one_alone_gets(tmp_path):
    snapshot, _ = made(tmp_path, 300)
    draw = random.Random(3)
    asked = [tree(draw) for _ in range(60)]

    def told(each):
        result = answer(snapshot, each)
        ids = [hit.id for hit in result.window(0, 20, [Key("tag"), Key("score", True)])]
        return result.total, ids, result.facet("tag"), filled(result.matches).tolist()

    alone = [told(each) for each in asked]
    CACHE.forget(snapshot._token)
    with ThreadPoolExecutor(4) as threads:
        for _ in range(5):
            assert list(threads.map(told, asked)) == alone


def test_what_is_kept_cannot_be_written_to(archive):
    snapshot, _ = archive
    for array in (snapshot.ids("body", b"kalo"), snapshot.places("body", b"kalo").places):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_ranges():
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]


def test_a_few_documents_are_looked_up_alike_whichever_is_quicker():
    draw = np.random.default_rng(4)
    ids = np.unique(draw.integers(0, 5000, 900))
    found = Few(ids, draw.random(len(ids)).astype(np.float32) + 1)
    scores = dict(zip(ids.tolist(), found.scores.tolist(), strict=True))
    for size in (1, 5, 40, 3000):
        # As they stand in an order, beyond the last of those that are known too.
        wanted = draw.permutation(np.unique(draw.integers(0, 6000, size)))
        assert found.scores_at(wanted).tolist() == [scores.get(each, 0.0) for each in wanted.tolist()]
        assert found.among(wanted).tolist() == [each in scores for each in wanted.tolist()]
