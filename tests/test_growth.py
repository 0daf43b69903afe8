"""What tells whether work grows with its input: it can fail, and does for the square."""

import pytest

from tests.growth import assert_in_proportion


def test_work_as_the_square_is_told():
    with pytest.raises(AssertionError, match="8 times the input took"):
        assert_in_proportion(lambda size: [None for _ in range(size) for _ in range(size)], 1600)


def test_work_in_proportion_passes():
    assert_in_proportion(lambda size: [None for _ in range(size)], 800_000)


def test_one_disturbance_is_no_growth():
    calls = []

    def disturbed_at_first(size):
        calls.append(size)
        return [None for _ in range(size * (100 if len(calls) in (3, 4) else 1))]

    assert_in_proportion(disturbed_at_first, 200_000)
    assert len(calls) == 8
