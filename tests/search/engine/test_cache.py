"""What was decoded lately is kept, up to so many bytes."""

from __future__ import annotations

import gc
import threading

import pytest
from whoosh import query

from articles.search.engine.asking.cache import CACHE, OVERHEAD, Cache
from articles.search.engine.asking.results import answer
from tests.search.engine.plain_answers import indexed


def test_what_nobody_asks_for_goes_first():
    cache = Cache(limit=6 * (100 + OVERHEAD))
    for number in range(6):
        cache.put(("a", number), number, 100)
    assert cache.get(("a", 0)) == 0
    cache.put(("a", 6), 6, 100)
    assert cache.get(("a", 1)) is None
    assert cache.get(("a", 0)) == 0


def test_a_round_through_large_arrays_leaves_what_is_small_and_what_is_asked_for_often():
    cache = Cache(limit=10 << 20)
    cache.put(("a", "small"), "small", 1 << 10)
    cache.put(("a", "often"), "often", 1 << 20)
    for _ in range(20):
        cache.get(("a", "often"))
    for number in range(15):
        cache.put(("a", number), number, 1 << 20)
    assert (cache.get(("a", "small")), cache.get(("a", "often"))) == ("small", "often")
    assert cache.get(("a", 0)) is None


def test_what_was_asked_for_often_goes_when_it_no_longer_is():
    cache = Cache(limit=10 << 20)
    cache.put(("a", "once loved"), 1, 1 << 20)
    for _ in range(20):
        cache.get(("a", "once loved"))
    for number in range(1000):
        cache.put(("a", number), number, 1 << 20)
    assert cache.get(("a", "once loved")) is None


def test_it_never_holds_more_than_its_limit():
    cache = Cache(limit=100_000)
    for number in range(1000):
        cache.put(("a", number), number, number * 17)
        assert cache.used <= 100_000


def test_the_limit_grows_with_the_archive():
    cache = Cache(limit=1000)
    cache.fit(100)
    cache.put(("a", 1), 1, 1200)
    assert cache.get(("a", 1)) == 1
    cache.fit(1)
    assert cache.get(("a", 1)) == 1


def test_what_would_drive_out_everything_else_is_not_kept():
    cache = Cache(limit=10_000)
    cache.put(("a", "small"), 1, 100)
    cache.put(("a", "large"), 2, 5_000)
    assert (cache.get(("a", "small")), cache.get(("a", "large"))) == (1, None)


def test_an_entry_that_is_put_twice_counts_once():
    cache = Cache(limit=100_000)
    for _ in range(5):
        cache.put(("a", 1), 1, 1000)
    assert cache.used == 1000 + OVERHEAD


def test_an_owner_is_forgotten_with_all_that_is_its():
    cache = Cache()
    cache.put(("a", 1), 1, 10)
    cache.put(("b", 1), 2, 10)
    cache.forget("a")
    cache.put(("b", 2), 3, 10)
    assert [cache.get(key) for key in (("a", 1), ("b", 1), ("b", 2))] == [None, 2, 3]
    assert cache.used == 2 * (10 + OVERHEAD)


def test_an_owner_may_go_at_any_moment_also_while_something_is_put():
    cache = Cache()
    cache.put(("a", 1), 1, 10)
    with cache._lock:
        cache.forget("a")
    assert cache.used == 0


def test_what_is_put_again_and_again_leaves_nothing_behind():
    cache = Cache()
    for _ in range(10_000):
        cache.put(("a", 1), 1, 10)
    assert len(cache._heap) < 100


def test_a_snapshot_that_is_gone_leaves_nothing_in_the_cache(tmp_path):
    gc.collect()
    before = CACHE.used
    snapshot = indexed(tmp_path, [[{"id": "a.1", "body": "kalo"}]])
    assert answer(snapshot, query.Term("body", "kalo")).total == 1
    assert CACHE.used > before
    del snapshot
    gc.collect()
    assert CACHE.used <= before


@pytest.mark.parametrize("limit", [2_000, 1_000_000])
def test_threads_share_it(limit):
    cache, wrong = Cache(limit), []

    def work(start):
        for number in range(2000):
            key = ("a", (start + number) % 50)
            cache.put(key, key, 64)
            found = cache.get(key)
            if found not in (None, key) or not 0 <= cache.used <= limit:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(number * 13,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
