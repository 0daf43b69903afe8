"""Takedown in the admin: who may, what is asked for, what is logged, and that nothing else brings an article back."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from articles import ladder
from articles.ladder import Step
from articles.models import Access, Article, Reason, Takedown
from articles.records import Status

from ..makers import make_article
from .conftest import client_of

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
TOMBSTONE = {"access": "tombstone", "reason": "person", "words": "A family asked.", "headline": "", "note": "Letter 7"}


@pytest.fixture
def flood() -> Article:
    return make_article("The river rose", text="Over the quay.", source="The Gazette", date="1923-05-30")


def address(article: Article) -> str:
    return f"{LIST}{article.pk}/takedown/"


def standing(article: Article) -> tuple[str, str]:
    article.refresh_from_db()
    return article.access, article.status


def test_who_has_no_right_to_it_neither_sees_it_nor_does_it(flood, viewer, uploader, staff):
    changer = client_of("changer", rights=("view_article", "change_article"))
    for client in (viewer, uploader, staff, changer):
        assert client.get(address(flood)).status_code == 403
        assert client.post(address(flood), TOMBSTONE).status_code == 403
    bulk = {"action": "take_down", "_selected_action": [flood.pk], "apply": "yes", **TOMBSTONE}
    changer.post(LIST, bulk)
    assert "take_down" not in changer.get(LIST).content.decode()
    assert "takedown/" not in changer.get(f"{LIST}{flood.pk}/change/").content.decode()
    assert standing(flood) == ("public", "published")


def test_each_step_is_done_kept_and_logged_by_whom_from_where_to_where_and_why(editor, flood):
    editor.post(address(flood), {**TOMBSTONE, "apply": "yes"})
    assert standing(flood) == ("tombstone", "withheld")
    step = Takedown.objects.get()
    assert (step.before, step.step, step.reason, step.by) == ("public", "tombstone", "person", User.objects.get())
    said = LogEntry.objects.get().change_message
    assert said == (
        "Takedown: from public to tombstone. It protects a person named in the article. "
        "Words for readers: “A family asked.” Note: Letter 7"
    )
    assert LogEntry.objects.get().object_id == str(flood.pk)
    for page in (editor.get(address(flood)), editor.get(f"{LIST}{flood.pk}/change/")):
        assert "Note: <bdi>Letter 7</bdi>" in page.content.decode()


def test_the_last_step_can_be_undone_and_that_is_logged_too(editor, flood):
    editor.post(address(flood), {**TOMBSTONE, "apply": "yes"})
    editor.post(address(flood), {"undo": "yes"})
    assert standing(flood) == ("public", "published")
    assert "from tombstone to public" in LogEntry.objects.first().change_message
    editor.post(address(flood), {"undo": "yes"})
    assert standing(flood) == ("tombstone", "withheld")
    assert Client().get(f"/article/{flood.pk}/").status_code == 410


@pytest.mark.parametrize(
    ("given", "said"),
    [({"reason": ""}, "Say why"), ({"reason": "other", "words": " "}, "say in words which"), ({"access": "x"}, "x")],
)
def test_a_tombstone_without_a_reason_is_refused(editor, flood, given, said):
    page = editor.post(address(flood), {**TOMBSTONE, "apply": "yes", **given}).content.decode()
    assert said in page
    assert standing(flood) == ("public", "published")


def test_what_readers_will_get_is_seen_before_anything_is_done(editor, flood):
    page = editor.post(address(flood), {**TOMBSTONE, "look": "yes"}).content.decode()
    assert "Nothing has been changed yet." in page
    assert "A family asked." in page
    assert "Over the quay" not in page
    none = editor.post(address(flood), {**TOMBSTONE, "access": "staff", "look": "yes"}).content.decode()
    assert "There is no such page" in none
    assert standing(flood) == ("public", "published")


def test_many_are_taken_down_at_once_each_with_an_entry_of_its_own(editor, flood):
    other = make_article("The river fell", status=Status.DRAFT)
    chosen = {"action": "take_down", "_selected_action": [flood.pk, other.pk]}
    assert "2 articles selected" in editor.post(LIST, chosen).content.decode()
    editor.post(LIST, {**chosen, **TOMBSTONE, "apply": "yes"})
    assert {standing(flood), standing(other)} == {("tombstone", "withheld")}
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(flood.pk), str(other.pk)}
    editor.post(LIST, {**chosen, "access": "public", "apply": "yes"})
    assert (standing(flood), standing(other)) == (("public", "published"), ("public", "draft"))


def test_publishing_many_leaves_out_what_was_taken_down_and_says_so(editor, flood):
    ladder.move([flood.pk], Step(Access.STAFF, reason=Reason.ORDER))
    draft = make_article("A draft", status=Status.DRAFT)
    done = editor.post(LIST, {"action": "publish", "_selected_action": [flood.pk, draft.pk]}, follow=True)
    assert "1 article taken down, and left so" in done.content.decode()
    assert standing(flood) == ("staff", "withheld")
    assert standing(draft) == ("public", "published")


def test_the_form_of_an_article_does_not_publish_what_was_taken_down(editor, flood):
    ladder.move([flood.pk], Step(Access.TOMBSTONE, reason=Reason.ORDER))
    form = editor.get(f"{LIST}{flood.pk}/change/").context["adminform"].form
    given = {name: form[name].value() for name in form.fields}
    given |= {f"images-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    given = {name: "\n".join(value) if isinstance(value, list) else value for name, value in given.items()}
    given |= {"status": "published", "date": "1923-05-30"}
    answer = editor.post(f"{LIST}{flood.pk}/change/", {name: value for name, value in given.items() if value})
    assert "Bring it back under “Takedown” first." in answer.content.decode()
    assert standing(flood) == ("tombstone", "withheld")


def test_other_printings_of_the_story_are_named(editor, flood):
    other = make_article("The river rose again", source="The Comet")
    Article.objects.update(story=flood.pk)
    assert f'href="{address(other)}"' in editor.get(address(flood)).content.decode()
