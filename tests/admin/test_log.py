"""The log of who changed what: complete, newest first, to read only."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Tag
from articles.records import Status

from ..makers import make_article
from .conftest import client_of
from .test_article_form import save

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
LOG = "/admin/admin/logentry/"


@pytest.fixture
def auditor(db) -> Client:
    return client_of("auditor", rights=("view_logentry", "view_article"))


def act(client: Client, action: str, *chosen: Article, **values: object) -> None:
    client.post(LIST, {"action": action, "_selected_action": [article.pk for article in chosen], **values})


def listed(client: Client, query: str = "") -> list[str]:
    return [entry.get_change_message() for entry in client.get(f"{LOG}{query}").context["cl"].result_list]


def test_what_is_done_to_many_is_one_entry_with_their_number_and_numbers(editor, auditor):
    one, two = make_article(status=Status.DRAFT), make_article(status=Status.DRAFT)
    act(editor, "publish", one, two)
    act(editor, "add_tags", one, apply="1", names="flood\nice")
    assert listed(auditor) == [
        f"Tagged: flood, ice. Numbers: {one.pk}.",
        f"Published. Numbers: {one.pk}, {two.pk}.",
    ]
    page = auditor.get(LOG).content.decode()
    assert "2 articles" in page
    assert "editor" in page


def test_an_edit_says_which_fields_were_changed(editor, auditor):
    article = make_article("The river rose", text="Water.")
    save(editor, article, title="The river fell", language="en")
    assert listed(auditor) == ["Changed title and language."]


def test_the_log_is_narrowed_by_person_kind_and_action(editor, auditor, boss):
    tag = Tag.objects.create(name="Unused")
    act(editor, "publish", make_article(status=Status.DRAFT))
    boss.post(f"/admin/articles/tag/{tag.pk}/delete/", {"post": "yes"})
    people = {user.username: user.pk for user in User.objects.all()}
    kind = ContentType.objects.get_for_model(Tag).pk
    assert len(listed(auditor)) == 2
    assert len(listed(auditor, f"?user={people['editor']}")) == 1
    assert listed(auditor, f"?user={people['auditor']}") == []
    assert [entry.object_repr for entry in auditor.get(f"{LOG}?kind={kind}").context["cl"].result_list] == ["Unused"]
    assert len(listed(auditor, f"?action_flag__exact={CHANGE}")) == 1


@pytest.mark.parametrize("query", ["?user=x", "?kind=99999999999999999999", "?user=-1", "?p=99", "?q=x"])
def test_no_address_of_the_log_is_an_error(auditor, query):
    assert auditor.get(f"{LOG}{query}", follow=True).status_code == 200


def test_the_log_cannot_be_changed_by_anybody(boss, editor):
    act(editor, "publish", make_article(status=Status.DRAFT))
    entry = LogEntry.objects.get()
    assert boss.get(f"{LOG}{entry.pk}/change/").status_code == 200
    assert boss.post(f"{LOG}{entry.pk}/change/", {"change_message": "Nothing."}).status_code == 403
    assert boss.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert boss.get(f"{LOG}add/").status_code == 403
    assert LogEntry.objects.get().change_message == entry.change_message


def test_who_may_not_see_the_log_does_not(editor, viewer):
    assert editor.get(LOG).status_code == 403
    assert viewer.get(LOG).status_code == 403


def test_an_entry_of_very_many_is_short_in_the_list_and_whole_on_its_page(boss):
    articles = Article.objects.bulk_create(
        Article(title=f"{number}", content_digest=f"{number}", status=Status.DRAFT) for number in range(300)
    )
    act(boss, "publish", *articles)
    entry = LogEntry.objects.get()
    last = f", {articles[-1].pk}."
    assert last not in boss.get(LOG).content.decode()
    assert last in boss.get(f"{LOG}{entry.pk}/change/").content.decode()


def test_the_log_costs_the_same_for_few_entries_and_for_many(boss):
    def cost() -> int:
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as queries:
            assert boss.get(LOG).status_code == 200
        return len(queries)

    article = make_article(status=Status.DRAFT)
    act(boss, "publish", article)
    before = cost()
    for _ in range(20):
        act(boss, "withhold", article)
    assert cost() == before


def test_payloads_stay_text(boss):
    payload = "<script>alert(1)</script>"
    user = User.objects.get(username="boss")
    kind = ContentType.objects.get_for_model(Tag)
    LogEntry.objects.create(
        user=user, content_type=kind, object_id="1", object_repr=payload, action_flag=CHANGE, change_message=payload
    )
    assert payload not in boss.get(LOG).content.decode()
    assert payload not in boss.get(f"{LOG}{LogEntry.objects.get().pk}/change/").content.decode()
