"""What tells whether work grows with its input: it can fail, and does for the square."""

import time

import pytest

from tests.growth import assert_in_proportion


@pytest.fixture
def clock(monkeypatch):
    """Of processor time; what is appended to it goes by."""
    passed = [0.0]
    monkeypatch.setattr(time, "process_time", lambda: sum(passed))
    return passed


def test_work_as_the_square_is_told(clock):
    with pytest.raises(AssertionError, match="8 times the input took 64, 64, 64, 64, 64 times the time"):
        assert_in_proportion(lambda size: clock.append(size**2), 800)


def test_work_in_proportion_passes_at_once(clock):
    assert_in_proportion(clock.append, 800)
    assert clock[1:] == [100, 100, 800, 800]


def test_one_disturbance_is_no_growth(clock):
    disturbed = iter([1, 1, 50, 50])
    assert_in_proportion(lambda size: clock.append(size * next(disturbed, 1)), 800)
    assert len(clock[1:]) == 8
