"""The same trouble is told once, however many searches meet it."""

from __future__ import annotations

import pytest

from articles.search import Question, edge, find

from ..makers import make_article
from .indexes import bring_up_to_date

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_was_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "_logged", {})


def fail(message: str, times: int = 1) -> None:
    for _ in range(times):
        with edge.attempt("testing") as tried:
            raise ValueError(message)
        assert str(tried.error) == message


def succeed() -> None:
    with edge.attempt("testing") as tried:
        assert tried.error is None


def test_searches_without_an_index_write_one_line(index_path, caplog):
    make_article("Ferry")
    for _ in range(5):
        assert find(Question("ferry")).degraded
    assert len(caplog.records) == 1
    bring_up_to_date()
    assert not find(Question("ferry")).degraded
    (index_path / "CURRENT").unlink()
    for _ in range(5):
        assert find(Question("ferry")).degraded
    assert len(caplog.records) == 2


def test_other_trouble_and_the_same_after_a_success_are_told(index_path, caplog):
    fail("one", 3)
    fail("other", 3)
    succeed()
    fail("other", 3)
    assert [record.getMessage() for record in caplog.records] == [
        "While testing: one",
        "While testing: other",
        "While testing: other",
    ]


def test_trouble_that_stays_is_told_again_after_a_minute(index_path, caplog, monkeypatch):
    fail("one", 2)
    monkeypatch.setattr(edge, "AGAIN", 0.0)
    fail("one")
    assert len(caplog.records) == 2


def test_what_a_reader_asks_too_much_of_is_no_trouble_of_the_archive(index_path, caplog):
    make_article("Ferry")
    bring_up_to_date()
    assert find(Question("*e*")).refused
    assert caplog.records == []
