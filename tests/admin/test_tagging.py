"""Tags suggested beside the form of an article."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from articles.models import Article, Tag

from ..makers import make_article
from .test_article_form import change_of, held_in, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    Tag.objects.named(["Ferry", "Quay"])
    return make_article("The ferry", text="It lay at the quay.")


def tags_of(article: Article) -> list[str]:
    return [link.tag.name for link in article.tag_links.select_related("tag")]


def page_of(client, article: Article) -> str:
    return client.get(change_of(article)).content.decode()


def test_suggested_tags_are_buttons_with_their_reasons(editor, article):
    page = page_of(editor, article)
    assert f'name="_add_tag" value="{Tag.objects.get(name="Ferry").pk}"' in page
    assert "in the headline; 1 time in the article" in page
    assert tags_of(article) == []
    assert "Suggested tags" not in page_of(editor, make_article("Nothing"))


def test_a_button_adds_its_tag_and_saves_what_was_typed(editor, article):
    tag = Tag.objects.get(name="Ferry")
    save(editor, article, _add_tag=tag.pk, kicker="Port Aldery", tag_names="Otter")
    assert tags_of(article) == ["Otter", "Ferry"]
    assert Article.objects.get().kicker == "Port Aldery"
    assert "Added tag “Ferry”." in LogEntry.objects.get().get_change_message()


def test_the_page_comes_again_and_says_what_was_added(editor, article):
    address, number = change_of(article), Tag.objects.get(name="Quay").pk
    answer = editor.post(address, {**held_in(editor, address), "_add_tag": number}, follow=True)
    assert answer.redirect_chain == [(f"{address}#suggested", 302)]
    page = answer.content.decode()
    assert "The article has the tag “Quay” now." in page
    assert f'name="_add_tag" value="{number}"' not in page
    assert tags_of(article) == ["Quay"]


@pytest.mark.parametrize("number", ["999999", "x", "9" * 40, "", "-1"])
def test_a_tag_that_is_not_there_is_not_added(editor, article, number):
    address = change_of(article)
    answer = editor.post(address, {**held_in(editor, address), "_add_tag": number}, follow=True)
    assert "This tag is not here any more, and was not added." in answer.content.decode()
    assert tags_of(article) == []


def test_who_may_not_change_the_article_adds_no_tag(viewer, article):
    viewer.post(change_of(article), {"title": "x", "_add_tag": Tag.objects.get(name="Ferry").pk})
    assert tags_of(article) == []
