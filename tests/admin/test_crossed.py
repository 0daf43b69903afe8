"""What an editor writes while others write too: it is done once more, and told once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import OperationalError

from articles import attempts, editing, trash, versions
from articles.admin.articles import ArticleAdmin
from articles.admin.names import NameAdmin
from articles.models import Article, Tag
from articles.records import Status

from ..makers import make_article
from .test_article_form import change_of, held_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crossed_once(monkeypatch) -> Callable[[Any, str], None]:
    """Lets the database end a transaction behind what this does in it, the first time."""

    def cross(where: Any, name: str) -> None:
        act, ends = getattr(where, name), [OperationalError("deadlock detected")]

        def crossing(*told: Any, **named: Any) -> Any:
            done = act(*told, **named)
            if ends:
                raise ends.pop()
            return done

        monkeypatch.setattr(where, name, crossing)

    return cross


def test_what_was_saved_once_more_is_told_once(boss, crossed_once):
    article = make_article("The ferry")
    form = {**held_in(boss, change_of(article)), "title": "The steamer"}
    crossed_once(ArticleAdmin, "response_change")
    answer = boss.post(change_of(article), form, follow=True)
    assert Article.objects.get().title == "The steamer"
    assert len(answer.context["messages"]) == 1


def test_suggested_tags_are_added_once_more(boss, crossed_once):
    article, tag = make_article("The ferry"), Tag.objects.create(name="Ferry")
    crossed_once(editing, "add_tags")
    page = boss.post("/admin/articles/article/suggested-tags/", {"tag": f"{article.pk}-{tag.pk}"}, follow=True)
    assert "1 tag added to 1 article." in page.content.decode()
    assert LogEntry.objects.count() == 1


def test_many_articles_are_changed_once_more_and_logged_once(boss, crossed_once):
    article = make_article("The ferry", status=Status.DRAFT)
    crossed_once(editing, "change_status")
    boss.post("/admin/articles/article/", {"action": "publish", "_selected_action": [article.pk]})
    assert Article.objects.get().status == Status.PUBLISHED
    assert LogEntry.objects.count() == 1


def test_a_name_is_saved_and_told_once(boss, crossed_once):
    tag = Tag.objects.create(name="Ferry")
    address = f"/admin/articles/tag/{tag.pk}/change/"
    crossed_once(NameAdmin, "response_change")
    answer = boss.post(address, {"name": "Steamer", "other_names": ""}, follow=True)
    assert Tag.objects.get().name == "Steamer"
    assert len(answer.context["messages"]) == 1


def test_an_article_goes_to_the_trash_and_comes_back_once_more(boss, crossed_once):
    article = make_article("The ferry")
    crossed_once(ArticleAdmin, "response_delete")
    answer = boss.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}, follow=True)
    assert len(answer.context["messages"]) == 1
    crossed_once(trash, "put_back")
    boss.post("/admin/articles/article/trash/restore/", {"number": article.pk})
    assert Article.objects.get().trashed_at is None


def test_a_version_is_restored_once_more(boss, crossed_once):
    article = make_article("The ferry")
    boss.post(change_of(article), {**held_in(boss, change_of(article)), "title": "The steamer"})
    crossed_once(versions, "put_back")
    boss.post(f"/admin/articles/article/{article.pk}/versions/1/restore/")
    assert Article.objects.get().title == "The ferry"


def test_what_has_waited_for_long_is_not_done_again(monkeypatch):
    seconds = iter([0, 40])
    monkeypatch.setattr(attempts.time, "monotonic", lambda: next(seconds))
    asked = []

    def act() -> None:
        asked.append(1)
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        attempts.repeated(act)
    assert len(asked) == 2


def test_what_is_deleted_for_ever_once_more_is_logged_once(boss, crossed_once):
    article = make_article("The ferry")
    trash.discard([article.pk])
    crossed_once(trash, "delete_for_ever")
    form = {"number": article.pk, "sure": "1"}
    answer = boss.post("/admin/articles/article/trash/delete/", form, follow=True)
    assert "1 article deleted for ever." in answer.content.decode()
    assert not Article.objects.exists()
    assert LogEntry.objects.count() == 1


def test_what_was_restored_already_is_not_logged_again(boss):
    article = make_article("The ferry")
    boss.post("/admin/articles/article/trash/restore/", {"number": article.pk})
    assert not LogEntry.objects.exists()
