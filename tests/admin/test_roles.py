"""What each of the ready made roles can do, as people of that role do it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from articles.models import Article, ImportJob, ImportOutcome, Result
from articles.records import Status

from ..makers import make_article
from .conftest import client_of

pytestmark = pytest.mark.django_db

UPLOAD, DRAFTS = "/admin/articles/importjob/upload/", "/admin/articles/draft/"
TEXT = "A headline\n\nSome words of a text that is long enough to be read as an article of its own."
FORM = {
    "title": "The river rose", "body": "It rose by a foot.", "body_type": "text/plain", "known": "unknown", "seen": "",
    "images-TOTAL_FORMS": "0", "images-INITIAL_FORMS": "0",
}  # fmt: skip


def own_draft(client: Client, **changed: str) -> Article:
    client.post(f"{DRAFTS}add/", FORM | changed)
    return Article.objects.latest("pk")


def form_of(draft: Article) -> dict[str, str]:
    return FORM | {"seen": draft.modified_at.isoformat()}


def test_what_a_contributor_uploads_is_a_draft_of_their_own_whatever_the_form_says(contributor):
    assert "drafts of yours" in contributor.get(UPLOAD).content.decode()
    answer = contributor.post(UPLOAD, {"text": TEXT, "status": "published"})
    draft = Article.objects.get()
    assert (draft.status, draft.created_by.username) == (Status.DRAFT, "contributor")
    assert f'href="{DRAFTS}{draft.pk}/change/"' in contributor.get(answer.url).content.decode()


def test_what_the_file_itself_calls_published_is_a_draft_too(contributor):
    contributor.post(UPLOAD, {"text": '{"title": "The river rose", "body": "By a foot.", "status": "published"}'})
    assert {article.status for article in Article.objects.all()} == {Status.DRAFT}


def test_an_editor_uploads_what_is_published_at_once(editor):
    editor.post(UPLOAD, {"text": TEXT})
    assert Article.objects.get().status == Status.PUBLISHED


def test_a_contributor_writes_and_changes_drafts_and_publishes_none(contributor):
    draft = own_draft(contributor, status="published")
    assert (draft.title, draft.status, draft.created_by.username) == ("The river rose", Status.DRAFT, "contributor")
    contributor.post(f"{DRAFTS}{draft.pk}/change/", form_of(draft) | {"title": "The river fell", "status": "published"})
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("The river fell", Status.DRAFT)
    assert "The river fell" in contributor.get(DRAFTS).content.decode()


def test_the_drafts_of_another_contributor_are_not_there(contributor):
    draft = own_draft(client_of("another", group="Contributors"))
    assert draft.title not in contributor.get(DRAFTS).content.decode()
    contributor.post(f"{DRAFTS}{draft.pk}/change/", form_of(draft) | {"title": "Mine"})
    assert contributor.get(f"{DRAFTS}{draft.pk}/history/").status_code == 302
    draft.refresh_from_db()
    assert draft.title == "The river rose"


def test_what_an_editor_has_published_is_out_of_the_hands_of_who_wrote_it(contributor):
    draft = own_draft(contributor)
    Article.objects.update(status=Status.PUBLISHED)
    contributor.post(f"{DRAFTS}{draft.pk}/change/", form_of(draft) | {"title": "Otherwise"})
    assert Article.objects.get().title == "The river rose"


def test_an_import_of_a_contributor_changes_no_article_that_is_published(contributor):
    page = '{"title": "Ice", "body": "%s", "canonical_url": "https://news.example/ice"}'
    contributor.post(UPLOAD, {"text": page % "Thick ice on the river."})
    Article.objects.update(status=Status.PUBLISHED)
    contributor.post(UPLOAD, {"text": page % "No ice at all."})
    assert Article.objects.get().body == "Thick ice on the river."
    assert ImportOutcome.objects.latest("pk").result == Result.SKIPPED


def test_a_contributor_undoes_an_import_until_an_editor_has_taken_something_of_it(contributor):
    contributor.post(UPLOAD, {"text": TEXT})
    undo = f"/admin/articles/importjob/{ImportJob.objects.get().pk}/undo/"
    assert contributor.get(undo).status_code == 200
    Article.objects.update(status=Status.PUBLISHED)
    assert contributor.post(undo).status_code == 403
    assert Article.objects.count() == 1


def test_a_contributor_finds_no_way_to_the_articles_of_others(contributor):
    make_article("Of somebody else", status=Status.WITHHELD)
    page = contributor.get("/admin/").content.decode()
    assert "Of somebody else" not in page
    assert "/admin/articles/article/" not in page


def test_an_administrator_makes_accounts_and_no_superuser(administrator):
    told = {"username": "ann", "password1": "by-the-quay-9", "password2": "by-the-quay-9", "usable_password": "true"}
    administrator.post("/admin/auth/user/add/", told)
    ann = User.objects.get(username="ann")
    given = {"username": "ann", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    given |= {"groups": [Group.objects.get(name="Editors").pk], "date_joined_0": "2020-01-01", "date_joined_1": "10:00"}
    administrator.post(f"/admin/auth/user/{ann.pk}/change/", given)
    ann.refresh_from_db()
    assert (ann.is_staff, ann.is_superuser, ann.groups.get().name) == (True, False, "Editors")


def test_an_administrator_changes_no_superuser_nor_their_password(administrator, boss):
    number = User.objects.get(username="boss").pk
    change = f"/admin/auth/user/{number}/"
    told = {"password1": "by-the-quay-9", "password2": "by-the-quay-9", "usable_password": "true"}
    assert administrator.post(f"{change}password/", told).status_code == 403
    assert administrator.post(f"{change}change/", {"username": "gone"}).status_code == 403
    assert administrator.post(f"{change}delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [number], "post": "yes"}
    administrator.post("/admin/auth/user/", chosen)
    assert User.objects.get(pk=number).username == "boss"
