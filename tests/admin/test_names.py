"""Sources, sections, tags and authors in the admin."""

from __future__ import annotations

import pytest

from articles.models import Source, Tag

from ..makers import make_article, make_source

pytestmark = pytest.mark.django_db

TAGS = "/admin/articles/tag/"


def test_a_name_is_changed_and_keeps_its_address(editor):
    make_article(tags=("Flod",))
    tag = Tag.objects.get()
    editor.post(f"{TAGS}{tag.pk}/change/", {"name": " The  Flood ", "description": "High water."})
    tag.refresh_from_db()
    assert (tag.name, tag.key, tag.slug, tag.description) == ("The Flood", "the flood", "flod", "High water.")


def test_a_name_that_another_has_is_refused_with_a_link_to_it(editor):
    make_article(tags=("Flood", "Flod"))
    tag, other = Tag.objects.get(name="Flod"), Tag.objects.get(name="Flood")
    answer = editor.post(f"{TAGS}{tag.pk}/change/", {"name": "FLOOD", "description": ""})
    assert f'is here already: <a href="{TAGS}{other.pk}/change/">Flood</a>' in answer.content.decode()
    assert Tag.objects.get(pk=tag.pk).name == "Flod"


def test_the_case_of_a_name_may_change(editor):
    make_article(tags=("flood",))
    editor.post(f"{TAGS}{Tag.objects.get().pk}/change/", {"name": "Flood", "description": ""})
    assert Tag.objects.get().name == "Flood"


def test_the_list_shows_how_many_articles_readers_see(editor):
    make_article(tags=("Flood",))
    make_article(tags=("Flood", "Ice"), status="draft")
    page = editor.get(TAGS)
    assert [(tag.name, tag.published_count) for tag in page.context["cl"].result_list] == [("Flood", 1), ("Ice", 0)]
    assert [tag.name for tag in editor.get(f"{TAGS}?q=ic").context["cl"].result_list] == ["Ice"]


def test_a_name_in_use_cannot_be_deleted_not_even_with_others(boss):
    make_article(tags=("Flood",), source="The Gazette", status="draft")
    tag, unused = Tag.objects.get(), Tag.objects.create(name="Unused")
    assert boss.post(f"{TAGS}{tag.pk}/delete/", {"post": "yes"}).status_code == 403
    answer = boss.post(TAGS, {"action": "delete_selected", "_selected_action": [tag.pk, unused.pk]}, follow=True)
    assert "1 deleted. 1 of the selected are in use and were kept." in answer.content.decode()
    assert Tag.objects.get() == tag
    assert boss.post(f"/admin/articles/source/{Source.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_name_that_nothing_uses_can_be_deleted(boss):
    source = make_source()
    assert boss.post(f"/admin/articles/source/{source.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Source.objects.exists()


def test_the_homepage_of_a_source_must_be_an_address_of_the_web(editor):
    source = make_source()
    values = {"name": source.name, "description": "", "homepage": "javascript:alert(1)"}
    assert editor.post(f"/admin/articles/source/{source.pk}/change/", values).status_code == 200
    editor.post(f"/admin/articles/source/{source.pk}/change/", {**values, "homepage": "https://gazette.example/"})
    source.refresh_from_db()
    assert source.homepage == "https://gazette.example/"
