"""The trash in the admin: deleting leads there, restoring back, and only from there for ever."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import jobs, trash
from articles.admin import trash as desk
from articles.models import Article, ImportJob, Original
from articles.records import Status

from ..makers import make_article
from .conftest import client_of

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
TRASH = f"{LIST}trash/"
PAYLOAD = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


@pytest.fixture
def flood() -> Article:
    return make_article("The river rose", tags=("flood",), source="The Gazette")


@pytest.fixture
def discarded(flood) -> Article:
    trash.discard([flood.pk])
    flood.refresh_from_db()
    return flood


def page(client: Client, query: str = "") -> str:
    return client.get(f"{TRASH}{query}").content.decode()


def test_deleting_an_article_asks_and_moves_it_to_the_trash(editor, flood):
    asked = editor.get(f"{LIST}{flood.pk}/delete/").content.decode()
    assert "Move to the trash?" in asked
    assert "The river rose" in asked
    answer = editor.post(f"{LIST}{flood.pk}/delete/", {"post": "yes"}, follow=True)
    assert "“The river rose” is in the trash now." in answer.content.decode()
    flood.refresh_from_db()
    assert flood.trashed_at is not None
    assert flood.trashed_from == Status.PUBLISHED
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.get_change_message(), entry.object_id) == (
        CHANGE,
        "Moved to the trash.",
        str(flood.pk),
    )


def test_many_are_moved_to_the_trash_at_once_with_one_entry_in_the_log(editor):
    chosen = [make_article().pk for _ in range(3)]
    make_article("Another")
    answer = editor.post(LIST, {"action": "delete_selected", "_selected_action": chosen}, follow=True)
    assert "3 articles moved to the trash." in answer.content.decode()
    assert Article.objects.trashed().count() == 3
    entry = LogEntry.objects.get()
    assert entry.object_repr == "3 articles"
    assert entry.get_change_message() == f"Moved to the trash. Numbers: {', '.join(map(str, chosen))}."


def test_more_than_a_list_may_change_are_not_moved(editor, monkeypatch):
    monkeypatch.setattr(desk, "MOST_ROWS", 2)
    chosen = [make_article().pk for _ in range(3)]
    answer = editor.post(LIST, {"action": "delete_selected", "_selected_action": chosen}, follow=True)
    assert "narrow the list" in answer.content.decode()
    assert not Article.objects.trashed().exists()


def test_the_list_of_articles_does_not_show_the_trash(editor, discarded):
    assert "The river rose" not in editor.get(LIST).content.decode()
    assert "The river rose" in page(editor)
    assert "Was" in page(editor)


def test_the_address_of_an_article_in_the_trash_leads_there(editor, viewer, discarded):
    answer = editor.get(f"{LIST}{discarded.pk}/change/")
    assert answer.url == f"{TRASH}?number={discarded.pk}"
    assert "The river rose" in page(editor, f"?number={discarded.pk}")
    assert editor.get(f"{LIST}{discarded.pk}/delete/").status_code == 302
    assert viewer.get(f"{LIST}{discarded.pk}/preview/").status_code == 200


def test_an_article_is_restored_as_it_was(editor, discarded):
    answer = editor.post(f"{TRASH}restore/", {"number": discarded.pk}, follow=True)
    assert "1 article restored." in answer.content.decode()
    assert Article.objects.published().get() == discarded
    assert LogEntry.objects.get().get_change_message() == "Taken out of the trash."


def test_deleting_for_ever_asks_first_and_keeps_the_original(boss, discarded):
    Article.objects.update(original=Original.objects.create(sha256="ab" * 32, size=3))
    asked = boss.post(f"{TRASH}delete/", {"number": discarded.pk})
    assert "cannot be restored from the trash any more" in asked.content.decode()
    assert Article.objects.exists()
    answer = boss.post(f"{TRASH}delete/", {"number": discarded.pk, "sure": "1"}, follow=True)
    assert "1 article deleted for ever." in answer.content.decode()
    assert not Article.objects.exists()
    assert Original.objects.exists()
    assert LogEntry.objects.get().action_flag == DELETION


def test_an_article_that_is_not_in_the_trash_is_never_deleted_for_ever(boss, flood):
    answer = boss.post(f"{TRASH}delete/", {"number": flood.pk, "sure": "1"}, follow=True)
    assert "No article was chosen" in answer.content.decode()
    assert Article.objects.get() == flood


def test_who_may_not_is_refused(viewer, editor, uploader, stranger, discarded):
    assert stranger.get(TRASH).status_code == 302
    assert uploader.get(TRASH).status_code == 403
    assert viewer.get(TRASH).status_code == 200
    assert viewer.post(f"{TRASH}restore/", {"number": discarded.pk}).status_code == 403
    assert editor.post(f"{TRASH}delete/", {"number": discarded.pk, "sure": "1"}).status_code == 403
    assert editor.get(f"{TRASH}restore/").status_code == 405
    assert Article.objects.trashed().get() == discarded
    assert "for ever" not in page(editor)
    assert "Restore" not in page(viewer)


def test_who_may_delete_but_not_change_can_empty_the_trash(discarded):
    keeper = client_of("keeper", rights=("view_article", "delete_article"))
    assert "for ever" in page(keeper)
    keeper.post(f"{TRASH}delete/", {"number": discarded.pk, "sure": "1"})
    assert not Article.objects.exists()


@pytest.mark.parametrize("query", ["?number=x", "?number=99999999999999999999", "?number=-1", "?page=x", "?page=99"])
def test_no_address_of_the_trash_is_an_error(editor, discarded, query):
    assert editor.get(f"{TRASH}{query}").status_code == 200
    assert editor.post(f"{TRASH}restore/", {"number": ["x", "9" * 30, "\x00"]}).status_code == 302


def test_payloads_stay_text(boss):
    article = make_article(PAYLOAD, source=PAYLOAD)
    assert "<img src=x" not in boss.get(f"{LIST}{article.pk}/delete/").content.decode()
    trash.discard([article.pk])
    assert "<img src=x" not in page(boss)
    assert "&lt;img src=x" in boss.post(f"{TRASH}delete/", {"number": article.pk}).content.decode()


def test_the_trash_costs_the_same_for_few_articles_and_for_many(editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(TRASH).status_code == 200
        return len(queries)

    trash.discard([make_article(source="0").pk])
    before = cost()
    trash.discard([make_article(source=f"{number}").pk for number in range(30)])
    assert cost() == before


def test_the_receipt_of_the_same_article_leads_to_the_trash(editor, settings, tmp_path):
    settings.ORIGINALS = tmp_path
    line = json.dumps({"title": "One", "body": "Text."}).encode()
    for name in ("a.jsonl", "b.jsonl"):
        job = jobs.enqueue([jobs.Incoming(name, [line, name.encode()[:0]])], label=name, claimed_by=jobs.worker_name())
        jobs.run(job)
        trash.discard(list(Article.objects.values_list("pk", flat=True)))
    job = ImportJob.objects.latest("pk")
    receipt = editor.get(job.get_absolute_url()).content.decode()
    assert "the article is in the trash" in receipt
    assert f'href="{TRASH}?number={Article.objects.get().pk}"' in receipt
