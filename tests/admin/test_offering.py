"""Tags suggested for many articles at once: only what is ticked is added."""

from __future__ import annotations

import itertools
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import editing, suggesting, trash
from articles.admin import offering
from articles.models import Article, ArticleVersion, Tag
from articles.records import Status

from ..makers import make_article

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/article/suggested-tags/"


@pytest.fixture(autouse=True)
def vocabulary(db) -> None:
    Tag.objects.named(["Ferry", "Quay"])


def tags_of(article: Article) -> list[str]:
    return [link.tag.name for link in article.tag_links.select_related("tag")]


def value(article: Article, name: str) -> str:
    return f"{article.pk}-{Tag.objects.get(name=name).pk}"


def shown(client, query: str = "") -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def add(client, *values: str, query: str = "") -> str:
    return client.post(f"{PAGE}{query}", {"tag": values}, follow=True).content.decode()


def test_articles_without_tags_come_with_what_is_suggested_and_nothing_is_ticked(editor):
    ferry = make_article("The ferry", text="It lay at the quay.", status=Status.DRAFT)
    make_article("The quay again", tags=("Otter",))
    page = shown(editor)
    for name in ("Ferry", "Quay"):
        assert f'<input type="checkbox" name="tag" value="{value(ferry, name)}">' in page
    assert "in the headline; 1 time in the article" in page
    assert "The quay again" not in page
    assert "checked" not in re.sub(r"<script.*?</script>", "", page)
    assert tags_of(ferry) == []


def test_those_with_few_tags_come_where_they_are_asked_for(editor):
    make_article("One ferry", tags=("Otter",))
    make_article("Two ferries at the quay", tags=("Otter", "Ice"))
    assert "One ferry" in shown(editor, "?most=1")
    assert "Two ferries" not in shown(editor, "?most=1")
    assert "Two ferries" in shown(editor, "?most=2")
    assert "It has <bdi>Otter</bdi>" in shown(editor, "?most=1")


@pytest.mark.parametrize("query", ["?most=x&below=y", "?most=-1", "?most=99&below=99999999999999999999", "?below=0"])
def test_what_cannot_be_read_in_the_address_is_left_out(editor, query):
    make_article("The ferry")
    shown(editor, query)


def test_only_what_is_ticked_is_added_and_logged_for_each_article(editor):
    one, two, three = (make_article(f"The ferry {number}", text="At the quay.") for number in range(3))
    page = add(editor, value(one, "Ferry"), value(one, "Quay"), value(two, "Quay"))
    assert "3 tags added to 2 articles." in page
    assert [tags_of(article) for article in (one, two, three)] == [["Ferry", "Quay"], ["Quay"], []]
    entries = {entry.object_id: entry.change_message for entry in LogEntry.objects.all()}
    assert entries == {
        str(one.pk): "Suggested tags added: Ferry, Quay.", str(two.pk): "Suggested tags added: Quay.",
    }  # fmt: skip
    assert Article.objects.get(pk=one.pk).edited_at


def test_what_was_added_can_be_taken_back_as_any_edit(editor):
    article = make_article("The ferry")
    add(editor, value(article, "Ferry"))
    version = ArticleVersion.objects.get(article=article)
    assert (version.ended_by.username, version.cause) == ("editor", "edited")
    editing.restore(version)
    assert tags_of(article) == []


def test_nothing_ticked_changes_nothing(editor):
    article = make_article("The ferry")
    assert "No tag was ticked, and nothing was changed." in add(editor)
    assert tags_of(article) == []
    assert not LogEntry.objects.exists()


def test_what_is_gone_or_there_already_is_not_added_and_said(editor):
    held = make_article("The ferry", tags=("Ferry",))
    discarded = make_article("Another ferry")
    trash.discard([discarded.pk])
    page = add(editor, value(held, "Ferry"), value(discarded, "Ferry"), f"{held.pk}-999999", "9" * 15 + "-1", "x", "1-")
    assert "4 tags not added" in page
    assert tags_of(held) == ["Ferry"]
    assert tags_of(discarded) == []
    assert not ArticleVersion.objects.exists()


def test_the_same_ticked_twice_is_added_once(editor):
    article = make_article("The ferry")
    page = add(editor, value(article, "Ferry"), value(article, "Ferry"))
    assert "1 tag added to 1 article." in page
    assert "not added" not in page
    assert tags_of(article) == ["Ferry"]


def test_what_is_in_the_trash_is_not_offered(editor):
    article = make_article("The ferry")
    trash.discard([article.pk])
    assert "The ferry" not in shown(editor)


def test_older_articles_are_on_the_next_pages(editor, monkeypatch):
    monkeypatch.setattr(offering, "ARTICLES_ON_A_PAGE", 2)
    articles = [make_article(f"Ferry {number}.") for number in range(5)]
    seen, query = [], ""
    while True:
        page = shown(editor, query)
        seen += [number for number in range(4, -1, -1) if f"Ferry {number}." in page]
        following = re.search(r'href="(\?[^"]*below=\d+)"', page)
        if not following:
            break
        query = following[1].replace("&amp;", "&")
    assert seen == [4, 3, 2, 1, 0]
    assert len(articles) == 5


def test_where_nearly_all_have_tags_the_walk_goes_on_behind_what_was_looked_at(monkeypatch):
    monkeypatch.setattr(suggesting, "LOOKED_AT", 3)
    bare = make_article("The ferry")
    others = [make_article(tags=("Otter",)) for _ in range(3)]
    assert suggesting.scarcely_tagged(0) == ([], others[0].pk)
    assert suggesting.scarcely_tagged(0, others[0].pk) == ([bare.pk], None)
    assert suggesting.scarcely_tagged(0, bare.pk) == ([], None)


def test_what_there_was_no_time_for_is_on_the_next_page(editor, monkeypatch):
    articles = [make_article(f"Ferry {number}.") for number in range(3)]
    ticks = itertools.count(step=offering.LONGEST + 1)
    monkeypatch.setattr(offering.time, "monotonic", lambda: next(ticks))
    page = shown(editor)
    assert "Ferry 2." in page
    assert "Ferry 1." not in page
    assert f"below={articles[2].pk}" in page


def test_the_cost_of_choosing_articles_does_not_grow_with_the_archive():
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            suggesting.scarcely_tagged(0)
        return len(queries)

    make_article()
    few = asked()
    for _ in range(40):
        make_article()
    assert asked() == few


def test_who_may_not_change_articles_neither_sees_nor_adds(viewer, uploader, staff, stranger):
    article = make_article("The ferry")
    for client in (viewer, uploader, staff):
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {"tag": value(article, "Ferry")}).status_code == 403
    assert "/login/" in stranger.post(PAGE, {"tag": value(article, "Ferry")}).url
    assert tags_of(article) == []


def test_the_list_of_articles_leads_there(editor, viewer):
    assert f'href="{PAGE}"' in editor.get("/admin/articles/article/").content.decode()
    assert PAGE not in viewer.get("/admin/articles/article/").content.decode()
