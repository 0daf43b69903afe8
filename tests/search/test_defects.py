"""What Haystack's own engine for Whoosh does badly, and ours does not; what the contract tests already is left out."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings
from haystack.backends import SQ
from haystack.inputs import Raw
from haystack.query import SearchQuerySet

from articles.models import Article
from articles.search.engine.backend import haystack_backend as engine
from articles.search.engine.backend.highlights import LOOKED_AT, highlight
from articles.search.engine.errors import IndexBusy, IndexMissing, QueryRefused, TooDeep, TooLong
from articles.search.engine.keeping import files
from tests.growth import assert_in_proportion

from ..makers import make_article
from .indexes import backend, bring_up_to_date, current_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


@pytest.fixture
def ferry(index_path, db) -> Article:
    article = make_article("Ferry", text="The ferry crossed the harbour again.", tags=("sea",))
    bring_up_to_date()
    return article


def test_an_index_that_is_away_is_an_error_and_not_an_empty_answer(monkeypatch):
    monkeypatch.setitem(settings.HAYSTACK_CONNECTIONS["default"], "SILENTLY_FAIL", True)
    with pytest.raises(IndexMissing):
        SearchQuerySet().filter(content="ferry").count()


@pytest.mark.usefixtures("ferry")
def test_a_search_that_leaves_nothing_out_is_not_narrowed(monkeypatch):
    monkeypatch.setattr(settings, "HAYSTACK_LIMIT_TO_REGISTERED_MODELS", True)
    snapshot = backend().store.snapshot()
    assert list(backend()._filters(snapshot, backend().conditions(), {})) == []


@pytest.mark.usefixtures("ferry")
def test_no_text_is_stored(index_path):
    held = b"".join(path.read_bytes() for path in current_folder(index_path).iterdir())
    assert b"harbour" in held
    assert b"crossed the harbour" not in held


@pytest.mark.usefixtures("ferry")
def test_a_suggestion_is_looked_up_only_when_it_is_asked_for(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(engine, "corrected", lambda snapshot, fields, text: asked.append(text))
    monkeypatch.setattr(backend(), "include_spelling", True)
    results = SearchQuerySet().filter(content="fery")
    assert (len(results), list(results), results.facet("tag").facet_counts()["fields"]["tag"]) == (0, [], [])
    assert asked == []
    results.spelling_suggestion()
    assert asked == ["fery"]


def test_a_removal_that_cannot_be_written_is_an_error(ferry, index_path, monkeypatch):
    monkeypatch.setattr(backend().store.commits, "timeout", 0.1)
    with files.locked(index_path, 1):
        for change in (lambda: backend().remove(ferry), backend().clear):
            with pytest.raises(IndexBusy):
                change()
    assert SearchQuerySet().filter(content="ferry").count() == 1


def test_an_index_is_emptied_under_the_hands_of_readers_without_their_noticing(ferry):
    reading = SearchQuerySet().filter(content="ferry")
    snapshot = backend().store.snapshot()
    backend().clear()
    assert reading.count() == 0
    assert snapshot.ids("text", b"harbour").tolist() == [0]
    assert snapshot.keys(snapshot.ids("text", b"harbour")) == [f"articles.article.{ferry.pk}"]


@pytest.mark.usefixtures("ferry")
def test_the_index_of_a_process_is_opened_once_for_all_its_threads():
    snapshot = backend().store.snapshot()
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(backend().store.snapshot())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [snapshot] * 4


def test_a_passage_costs_no_more_than_its_text():
    rows = [("flood",), ("storm", "came")]
    text = "The storm came with the flood. " * 6_000
    assert_in_proportion(lambda size: highlight(text[:size], rows, "en", "<em>", "</em>"), LOOKED_AT)


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda asked: asked.filter(content=Raw("(" * 2_000 + "a" + ")" * 2_000)), TooDeep),
        (lambda asked: asked.filter(SQ(*[("content", f"w{at}") for at in range(2_000)], _connector=SQ.OR)), TooLong),
        (lambda asked: asked.filter(content="x" * 100_000 + " y" * 5_000), QueryRefused),
    ],
)
@pytest.mark.usefixtures("ferry")
def test_abuse_is_refused_with_a_sentence_that_says_what_to_do(ask, error):
    with pytest.raises(error, match=r"\w+ .*\w"):
        ask(SearchQuerySet()).count()
