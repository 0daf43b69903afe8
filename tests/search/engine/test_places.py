"""Where a term stands, beside a plain dictionary of documents and places."""

from __future__ import annotations

import numpy as np
import pytest

from articles.search.engine.asking.places import PLACES, SHIFT, Places

DOCUMENTS = 400


@pytest.fixture(params=[3, 90, 300, 400], ids=lambda holders: f"{holders} of {DOCUMENTS} documents")
def holders(request):
    return request.param


@pytest.fixture(params=[np.uint8, np.uint16, np.uint32], ids=lambda kind: f"places of {kind.__name__}")
def made(request, holders):
    """A term in so many documents, at few places or at many, and near the largest number of its type or of places."""
    draw = np.random.default_rng(holders)
    ids = np.sort(draw.choice(DOCUMENTS, holders, replace=False))
    most, last = (2, 5, 60), min(PLACES, np.iinfo(request.param).max) + 1
    held = {
        int(each): sorted(set(draw.integers(last - 256, last, draw.integers(1, most[each % 3])).tolist()))
        for each in ids
    }
    counts = np.array([len(places) for places in held.values()], np.int32)
    flat = np.array([place for places in held.values() for place in places], request.param)
    return Places(ids, counts, flat, DOCUMENTS), held


def keys(held, within=range(DOCUMENTS)):
    return [each << SHIFT | place for each in within for place in held.get(each, ())]


def test_all_occurrences_or_those_in_some_documents(made):
    places, held = made
    assert places.keys().tolist() == keys(held)
    for within in ([], [0], [3, 4, 5, 399], list(range(0, DOCUMENTS, 7)), list(range(DOCUMENTS))):
        assert places.keys(np.array(within, np.intp)).tolist() == keys(held, within)


def test_how_often_it_stands_in_a_document(made):
    places, held = made
    assert places.times(np.arange(DOCUMENTS)).tolist() == [len(held.get(each, ())) for each in range(DOCUMENTS)]
    for times in (1, 2, 30, 300):
        assert places.often(times).tolist() == [each for each in held if len(held[each]) >= times]


def test_where_the_places_of_every_document_begin(made):
    places, held = made
    begins = places.everywhere(DOCUMENTS)
    assert np.diff(begins).tolist() == [len(held.get(each, ())) for each in range(DOCUMENTS)]
    assert begins[0] == 0


@pytest.mark.parametrize("distances", [[(1, 1)], [(-2, -2)], [(1, 5)], [(-5, -1)], [(1, 5), (-5, -1)], [(250, 400)]])
@pytest.mark.parametrize("asked", [1, 40, 9000])
def test_keys_beside_which_it_stands(made, distances, asked):
    places, held = made
    draw = np.random.default_rng(asked)
    last = max(places.places.tolist())
    near = draw.integers(max(0, last - 300), min(PLACES, last + 44), asked)
    given = np.unique(draw.integers(0, DOCUMENTS, asked) << SHIFT | near)
    expected = [
        key
        for key in given.tolist()
        if any(low <= place - (key & PLACES) <= high for place in held.get(key >> SHIFT, ()) for low, high in distances)
    ]
    assert places.beside(given, *distances).tolist() == expected


def test_of_a_term_that_is_nowhere_nothing_is_found():
    places = Places(np.zeros(0, np.intp), np.zeros(0, np.int32), np.zeros(0, np.uint8), DOCUMENTS)
    given = np.array([1, 5 << SHIFT], np.int64)
    assert [len(found) for found in (places.keys(), places.often(1), places.beside(given, (1, 1)))] == [0, 0, 0]
    assert places.times(np.arange(3)).tolist() == [0, 0, 0]
