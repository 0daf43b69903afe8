"""The index is that of the database as it is now, or it is put right without a command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from articles import search
from articles.models import Article, IndexBacklog, IndexStamp
from articles.search import Question, find, indexing
from articles.search.engine.errors import IndexOutdated

from ..makers import make_article
from .indexes import backend, bring_up_to_date
from .test_recovery import Turns

pytestmark = pytest.mark.django_db


@pytest.fixture
def ferry(index_path: Path) -> Article:
    article = make_article("The first ferry", text="A ferry crossed.")
    bring_up_to_date()
    return article


def put_right() -> None:
    search.keep_up(Turns(2))


def found() -> set[str]:
    page = find(Question("ferry"))
    assert not page.degraded
    return {hit.article.title for hit in page.hits}


def put_back(index: Path, kept: Path) -> None:
    shutil.rmtree(index)
    shutil.copytree(kept, index)
    backend().store.forget()


def test_a_database_that_was_put_back_has_its_index_built_anew(ferry):
    earlier = transaction.savepoint()
    make_article("A later ferry", text="A ferry crossed.")
    Article.objects.filter(pk=ferry.pk).update(title="The renamed ferry")
    bring_up_to_date()
    transaction.savepoint_rollback(earlier)
    assert search.state().status == "outdated"
    put_right()
    assert found() == {"The first ferry"}
    assert search.state().status == "fresh"


@pytest.mark.parametrize("commits", [1, 2])
def test_an_index_that_was_put_back_is_built_anew(ferry, index_path, tmp_path, commits):
    kept = shutil.copytree(index_path, tmp_path / "kept")
    for number in range(commits):
        make_article(f"A later ferry {number}", text="A ferry crossed.")
        bring_up_to_date()
    later = found()
    put_back(index_path, kept)
    put_right()
    assert found() == later


def test_the_index_of_another_archive_is_built_anew(ferry, index_path):
    of_this = IndexStamp.objects.get()
    IndexStamp.objects.all().delete()
    search.rebuild()
    assert backend().token() not in (of_this.current, of_this.coming)
    of_this.save()
    put_right()
    assert found() == {"The first ferry"}
    assert IndexStamp.objects.get().current == backend().token()


def test_nothing_is_written_to_an_index_that_is_of_another_state(ferry):
    IndexStamp.objects.update(current="another", coming="")
    make_article("A later ferry")
    with pytest.raises(IndexOutdated):
        search.drain()
    assert IndexBacklog.objects.count() == 1


def test_until_it_is_built_anew_nobody_is_answered_from_it(ferry, monkeypatch):
    IndexStamp.objects.update(current="another", coming="")
    monkeypatch.setattr(indexing.Keeper, "_rebuild", lambda keeper: None)
    indexing.Keeper(Turns(1))._needs_rebuild()
    page = find(Question("ferry"))
    assert page.degraded
    assert [hit.article.title for hit in page.hits] == ["The first ferry"]


def test_a_kill_before_or_after_a_commit_is_no_other_state(ferry, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*arguments: object) -> None:
        raise Killed

    for where in ("_bring", "_settle"):
        make_article(f"A later ferry {where}", text="A ferry crossed.")
        before = backend().store.pointer().folder
        with monkeypatch.context() as killing:
            killing.setattr(indexing, where, die)
            with pytest.raises(Killed):
                search.drain()
        put_right()
        assert backend().store.pointer().folder == before
    assert len(found()) == 3


def test_merging_leaves_it_the_index_of_the_database(ferry):
    for number in range(12):
        make_article(f"A later ferry {number}")
        search.drain()
    before = backend().generation()
    search.tidy()
    assert backend().generation() != before
    assert search.state().status == "fresh"


def test_an_index_of_a_version_without_tokens_is_taken_as_it_is(ferry):
    with backend().batch() as writer:
        writer.token = ""
        writer.changed = True
    IndexStamp.objects.all().delete()
    before = backend().store.pointer().folder
    make_article("A later ferry", text="A ferry crossed.")
    put_right()
    assert found() == {"The first ferry", "A later ferry"}
    assert backend().store.pointer().folder == before


def test_what_the_index_has_otherwise_is_found_and_indexed_anew(ferry):
    lacking, surplus = make_article("A lacking ferry", text="A ferry crossed."), make_article("A surplus ferry")
    IndexBacklog.objects.filter(pk=lacking.pk).delete()
    bring_up_to_date()
    Article.objects.filter(pk=surplus.pk).update(status="withheld")
    IndexBacklog.objects.all().delete()
    assert (search.differences().missing.tolist(), search.differences().surplus.tolist()) == (
        [lacking.pk],
        [surplus.pk],
    )
    put_right()
    assert search.differences().all == []
    assert found() == {"The first ferry", "A lacking ferry"}


def test_an_emptied_index_is_filled_again(ferry, monkeypatch):
    monkeypatch.setattr(indexing, "LOOK", 0.0)
    keeper = indexing.Keeper(Turns(9))
    keeper.turn()
    call_command("clear_index", interactive=False, verbosity=0)
    keeper.turn()
    assert found() == {"The first ferry"}


def test_numbers_that_differ_without_a_difference_are_compared_once(ferry, monkeypatch):
    monkeypatch.setattr(indexing, "LOOK", 0.0)
    compared: list[int] = []
    monkeypatch.setattr(indexing.agreeing, "mend", lambda backend: compared.append(1) or 0)
    monkeypatch.setattr(indexing.Period.objects, "count_of", lambda label: 99)
    keeper = indexing.Keeper(Turns(9))
    for _ in range(3):
        keeper.turn()
    assert len(compared) == 1
