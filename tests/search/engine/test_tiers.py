"""Which segments are merged, and when."""

from __future__ import annotations

import random

import pytest

from articles.search.engine.keeping.files import Part
from articles.search.engine.keeping.tiers import CEILING, FANOUT, FLOOR, choose, tier


def parts(*sizes: int) -> list[Part]:
    return [Part(f"s{at}", size) for at, size in enumerate(sizes)]


def test_a_few_segments_are_left_alone():
    assert choose([]) == []
    assert choose(parts(1, 2, 300, 5_000, 40_000, 200_000)) == []


@pytest.mark.parametrize(
    ("documents", "expected"),
    [(1, 0), (FLOOR - 1, 0), (FLOOR, 1), (8 * FLOOR - 1, 1), (8 * FLOOR, 2), (64 * FLOOR, 3), (CEILING, 4)],
)
def test_sizes_go_up_by_eight_above_the_floor(documents, expected):
    assert tier(documents) == expected


def test_when_there_are_too_many_of_one_size_all_of_them_are_merged_and_no_others():
    small, large = [3] * FANOUT, [5_000] * (FANOUT - 1)
    assert choose(parts(*large, *small)) == parts(*large, *small)[len(large) :]


def test_the_smallest_size_comes_first():
    chosen = choose(parts(*[5_000] * FANOUT, *[1_000] * FANOUT))
    assert {part.count for part in chosen} == {1_000}


def test_no_merge_takes_more_documents_than_the_ceiling():
    sizes = [40_000 + number for number in range(20)]
    chosen = choose(parts(*sizes))
    assert 1 < len(chosen) < len(sizes)
    assert sum(part.live for part in chosen) <= CEILING


def test_segments_that_are_large_enough_stay_for_good():
    assert choose(parts(*[CEILING // 2 + 1] * 20)) == []


def test_a_segment_that_is_more_than_half_deleted_is_written_anew():
    half, more, small = Part("half", 2_000, 1_000), Part("more", 2_000, 1_001), Part("small", 10, 9)
    assert choose([half, small]) == []
    assert choose([half, small, more]) == [more]


def test_one_article_at_a_time_keeps_segments_few_and_writes_each_document_seldom():
    sizes, written, seed = [10_000], 0, random.Random(7)
    for _ in range(6_000):
        sizes.append(seed.choice([1, 1, 1, 2, 20]))
        while chosen := choose(parts(*sizes)):
            names = {part.name for part in chosen}
            total = sum(part.live for part in chosen)
            sizes = [size for at, size in enumerate(sizes) if f"s{at}" not in names] + [total]
            written += total
        assert len(sizes) < 3 * FANOUT
    assert written < 60 * (sum(sizes) - 10_000)
    assert 10_000 in sizes
