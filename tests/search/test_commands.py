"""Commands that keep the index: what goes wrong is told in a sentence, and nothing is lost by it."""

from __future__ import annotations

import errno
import json
import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import IndexBacklog
from articles.search import Question, find, state

from ..makers import make_article
from .indexes import backend, bring_up_to_date
from .test_indexing import manage, run

WRITING = [
    ("update_index", {}),
    ("clear_index", {"interactive": False}),
    ("rebuild_index", {"interactive": False}),
    ("run_indexer", {"once": True}),
    ("reindex", {}),
]


@pytest.fixture
def ferry(index_path: Path, db) -> Path:
    make_article("Ferry")
    bring_up_to_date()
    make_article("Second ferry")
    return index_path


def call(command: str, **options) -> None:
    call_command(command, stdout=StringIO(), verbosity=0, **options)


def make_outdated(index: Path) -> None:
    """As an index of an earlier version is: with another fingerprint than its fields have now."""
    pointer = json.loads((index / "CURRENT").read_text())
    (index / "CURRENT").write_text(json.dumps({**pointer, "fingerprint": "another"}))


def test_update_index_of_an_outdated_index_says_what_to_do(ferry):
    make_outdated(ferry)
    with pytest.raises(CommandError, match=r"another version of the archive.*manage.py reindex"):
        call("update_index")
    assert IndexBacklog.objects.count() == 1
    call("reindex")
    assert find(Question("ferry")).total == 2


def test_update_index_of_a_broken_index_says_what_to_do(ferry):
    (ferry / "CURRENT").write_text("{}")
    with pytest.raises(CommandError, match=r"lost its pointer.*manage.py reindex"):
        call("update_index", remove=True)


def test_a_command_that_waits_in_vain_for_another_says_so(ferry, monkeypatch):
    monkeypatch.setattr(backend().store.commits, "timeout", 0.1)
    with backend().store.commits.alone(), pytest.raises(CommandError, match=r"Another process.*Try again"):
        call("update_index")


@pytest.mark.parametrize(("command", "options"), WRITING, ids=[command for command, _ in WRITING])
def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_lost(ferry, command, options, monkeypatch):
    opened = os.open

    def refuse(path, flags: int, *arguments, **named) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and str(path).startswith(str(ferry)):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, flags, *arguments, **named)

    with monkeypatch.context() as read_only:
        read_only.setattr(os, "open", refuse)
        with pytest.raises(CommandError, match=r"cannot be written.*Permission denied.*right to write there"):
            call(command, **options)
    assert IndexBacklog.objects.count() == 1
    assert find(Question("ferry")).total == 1
    bring_up_to_date()
    assert find(Question("ferry")).total == 2


@pytest.mark.parametrize(("command", "options"), WRITING, ids=[command for command, _ in WRITING])
def test_a_file_in_the_place_of_the_folder_is_told(ferry, command, options):
    shutil.rmtree(ferry)
    ferry.write_text("Not an index.")
    with pytest.raises(CommandError, match=str(ferry)):
        call(command, **options)
    assert ferry.read_text() == "Not an index."
    assert IndexBacklog.objects.count() == 1


def test_a_command_that_fails_ends_with_its_sentence_and_no_traceback(tmp_path):
    manage(tmp_path, "migrate", "-v0").communicate()
    run(tmp_path, "from tests.makers import make_article; make_article('Ferry')")
    run(tmp_path, "from articles import search; search.rebuild()")
    make_outdated(tmp_path / "index")
    process = manage(tmp_path, "update_index")
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 1
    assert complained.strip() == (
        "CommandError: The search index was written by another version of the archive. "
        "`manage.py reindex` builds it anew."
    )


# An index that lacks articles


def notes(text: str = "ferry") -> str:
    return " ".join(find(Question(text)).notes)


def test_after_clear_index_a_search_says_that_the_index_is_empty(ferry):
    assert notes() == ""
    call("clear_index", interactive=False)
    assert find(Question("ferry")).total == 0
    assert "has 0 of 2 articles" in notes()
    assert "manage.py reindex" in notes()
    call("reindex")
    assert notes() == ""


def test_an_index_that_was_cleared_and_has_a_little_again_is_not_taken_for_whole(ferry):
    call("clear_index", interactive=False)
    # The backlog holds one of the two.
    bring_up_to_date()
    assert state().status == "fresh"
    assert find(Question("ferry")).total == 1
    assert "has 1 of 2 articles" in notes()


def test_articles_that_await_indexing_are_no_reason_for_a_note(ferry):
    make_article("Third ferry")
    assert notes() == ""


def test_an_empty_archive_has_an_empty_index_and_no_note(index_path, db):
    bring_up_to_date()
    assert notes() == ""
