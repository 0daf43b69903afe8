"""Versions in the admin: an editor's change keeps what was there; a version is restored, or withheld."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles import editing, versions
from articles.models import Article, ArticleVersion, Cause, Image

from ..makers import make_article
from .test_article_form import save


@pytest.fixture
def article(db) -> Article:
    made = make_article("The ferry", text="It sank.", tags=("ferry",), source="The Herald")
    editing.renew(made)
    made.save()
    return made


@pytest.fixture
def changed(article: Article, editor: Client) -> Article:
    save(editor, article, body="It swam.")
    article.refresh_from_db()
    return article


def address(article: Article, *parts: object) -> str:
    return f"/admin/articles/article/{article.pk}/versions/{''.join(f'{part}/' for part in parts)}"


@pytest.mark.parametrize(
    "change", [{"body": "It swam."}, {"title": "The boat"}, {"tag_names": "boat"}, {"status": "withheld"}]
)
def test_an_editors_change_keeps_what_the_article_said(article, editor, change):
    before = versions.told_of([article.pk])[article.pk]
    save(editor, article, **change)
    version = ArticleVersion.objects.get()
    assert (version.record, version.cause, version.number) == (before, Cause.EDITED, 1)
    assert version.ended_by.username == "editor"


def test_a_change_of_a_picture_alone_keeps_what_the_article_said(article, editor):
    image = Image.objects.create(article=article, caption="The quay")
    save(editor, article, **{"images-0-caption": "The other quay"})
    image.refresh_from_db()
    assert image.caption == "The other quay"
    (version,) = ArticleVersion.objects.all()
    assert [image.caption for image in versions.record_of(version).images] == ["The quay"]


def test_saving_without_a_change_keeps_nothing(article, editor):
    save(editor, article)
    assert not ArticleVersion.objects.exists()


def test_the_versions_are_listed_with_who_changed_what(changed, editor):
    page = editor.get(address(changed)).content.decode()
    assert "Version 1" in page
    assert "then it was edited, by editor" in page
    assert "<del>sank.</del> <ins>swam.</ins>" in page
    assert f'href="/article/{changed.pk}/versions/1/"' in page


def test_what_was_changed_is_shown_of_the_newest_version_and_of_any_other_that_is_asked_for(changed, editor):
    save(editor, changed, body="It flew.", tag_names="boat")
    page = editor.get(address(changed)).content.decode()
    assert "<del>swam.</del> <ins>flew.</ins>" in page
    assert "<h3>Tags</h3>" in page
    assert "<del>sank.</del>" not in page
    assert '<a href="?changes=1#version-1">What was changed then</a>' in page
    page = editor.get(address(changed), {"changes": "1"}).content.decode()
    assert "<details open>" in page
    assert "<del>sank.</del> <ins>swam.</ins>" in page
    assert "<del>swam.</del>" not in page


@pytest.mark.parametrize("chosen", ["9", "x", "-1", "\x00"])
def test_of_a_version_that_is_not_there_no_change_is_shown(changed, editor, chosen):
    assert "<del>" not in editor.get(address(changed), {"changes": chosen}).content.decode()


def test_a_version_is_restored_and_it_is_logged(changed, editor):
    answer = editor.post(address(changed, 1, "restore"), follow=True)
    assert "says again what version 1 said" in answer.content.decode()
    assert Article.objects.get(pk=changed.pk).body == "It sank."
    assert "Version 1 was restored." in LogEntry.objects.first().change_message


def test_a_withheld_version_is_shown_to_no_reader_until_it_is_shown_again(changed, editor):
    there = f"/article/{changed.pk}/versions/1/"
    assert Client().get(there).status_code == 200
    editor.post(address(changed, 1, "show"))
    assert Client().get(there).status_code == 404
    assert "It is withheld" in editor.get(address(changed)).content.decode()
    editor.post(address(changed, 1, "show"), {"show": "1"})
    assert Client().get(there).status_code == 200
    assert "withheld from readers" in LogEntry.objects.order_by("pk")[1].change_message


def test_nothing_is_restored_by_looking(changed, editor):
    assert editor.get(address(changed, 1, "restore")).status_code == 405
    assert editor.get(address(changed, 1, "show")).status_code == 405


def test_who_may_not_change_articles_restores_and_withholds_nothing(changed, viewer, uploader):
    for client in (viewer, uploader):
        assert client.post(address(changed, 1, "restore")).status_code == 403
        assert client.post(address(changed, 1, "show")).status_code == 403
    assert "Restore" not in viewer.get(address(changed)).content.decode()
    assert uploader.get(address(changed)).status_code == 403
    assert Article.objects.get(pk=changed.pk).body == "It swam."
