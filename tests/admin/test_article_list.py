"""The list of articles in the admin, what is changed many at once, and the first page."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.admin import articles as desk
from articles.models import Article, Image, ImportJob, JobState, Tag
from articles.records import Dating, Known, Status

from ..makers import make_article

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
PAYLOAD = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


@pytest.fixture
def flood() -> Article:
    return make_article("The river rose", sections=("World", "Local"), tags=("Flood", "River, upper"))


# The list


def titles(client: Client, query: str = "") -> list[str]:
    return [article.title for article in client.get(f"{LIST}{query}").context["cl"].result_list]


def test_the_list_is_narrowed_by_what_an_article_is(editor):
    make_article("A", date="1923", source="The Star", sections=("World",), tags=("flood",))
    make_article("B", status=Status.DRAFT, source="The Gazette", tags=("ice",))
    make_article("C", date=Dating.parse("1924"), status=Status.WITHHELD, sections=("Local",))
    Article.objects.filter(title="C").update(known=Known.INFERRED)
    make_article("D", tags=("flood",))
    assert titles(editor) == ["D", "C", "B", "A"]
    assert titles(editor, "?status=draft") == ["B"]
    assert titles(editor, "?dated=yes") == ["C", "A"]
    assert titles(editor, "?dated=no&status=published") == ["D"]
    assert titles(editor, "?known__exact=inferred") == ["C"]
    assert titles(editor, "?source=the-gazette") == ["B"]
    assert titles(editor, "?section=local") == ["C"]
    assert titles(editor, "?tag=flood") == ["D", "A"]
    assert titles(editor, "?tag=none") == []


def test_very_many_articles_of_a_kind_are_found_by_walking_along_the_list(editor, monkeypatch):
    for number in range(6):
        make_article(f"{number}", source="A" if number % 2 else "", tags=("t",) if number < 4 else ())
    make_article("6", status=Status.DRAFT, source="B", tags=("u",))
    queries = {"?status=published": "543210", "?status=draft": "6", "?source=a": "531", "?tag=t": "3210", "?tag=u": "6"}
    queries["?source=a&tag=t&status=published"] = "31"
    for most in (10, 1):
        monkeypatch.setattr("articles.admin.lists.MOST_ROWS", most)
        monkeypatch.setattr(desk.BoundedPaginator, "counted", 7)
        assert {query: "".join(titles(editor, query)) for query in queries} == queries


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ferry", ["The ferry sinks"]), ("SINKS ferry", ["The ferry sinks"]), ("day", ["Ice"]), ("example/1", ["Ice"])],
)
def test_the_list_is_searched_by_title_byline_and_address(editor, typed, found):
    make_article("The ferry sinks", byline="Night")
    make_article("Ice", byline="By Ann Day", canonical_url="https://gazette.example/1")
    assert titles(editor, f"?q={typed}") == found


@pytest.mark.parametrize("query", ["?p=999", "?p=x", "?status=none", "?o=1.2", "?source=%00", "?nothing=1", "?q=%00"])
def test_no_address_of_the_list_is_an_error(editor, query):
    make_article()
    assert editor.get(f"{LIST}{query}", follow=True).status_code == 200


def test_the_list_costs_the_same_for_few_rows_and_for_many(editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(LIST).status_code == 200
        assert not any("body" in query["sql"] for query in queries)
        return len(queries)

    make_article(source="0", sections=("0", "1"), tags=("0",))
    before = cost()
    for number in range(40):
        make_article(source=f"{number}", sections=(f"{number}", "all"), tags=(f"{number}",))
    assert cost() == before


def test_the_list_counts_no_more_rows_than_it_would_show(editor, monkeypatch):
    monkeypatch.setattr("articles.admin.lists.MOST_ROWS", 60)
    for number in range(62):
        make_article(f"{number}")
    answer = editor.get(f"{LIST}?p=2")
    assert "More than 60 articles" in answer.content.decode()
    assert len(titles(editor, "?p=2")) == 10
    with CaptureQueriesContext(connection) as queries:
        editor.get(LIST)
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert counts
    assert all("LIMIT 61" in sql for sql in counts)


# Many at once


def act(client: Client, action: str, *chosen: Article, query: str = "", **values: object):
    selected = [article.pk for article in chosen]
    return client.post(f"{LIST}{query}", {"action": action, "_selected_action": selected, **values}, follow=True)


def test_articles_are_published_and_withheld_many_at_once(editor):
    one, two, three = make_article(), make_article(status=Status.DRAFT), make_article(status=Status.WITHHELD)
    answer = act(editor, "publish", one, two)
    assert "1 of 2 articles published, 1 were so already." in answer.content.decode()
    three.refresh_from_db()
    assert three.status == Status.WITHHELD
    act(editor, "withhold", one, two, three)
    assert set(Article.objects.values_list("status", flat=True)) == {Status.WITHHELD}
    assert one.modified_at < Article.objects.get(pk=one.pk).modified_at == Article.objects.get(pk=one.pk).edited_at
    assert LogEntry.objects.count() == 2


def test_all_articles_of_a_narrowed_list_are_changed_at_once(editor):
    for number in range(60):
        make_article(source="A" if number % 2 else "B", status=Status.DRAFT)
    answer = act(editor, "publish", Article.objects.first(), query="?source=a&status=draft", select_across="1")
    assert "30 of 30 articles published" in answer.content.decode()
    assert Article.objects.published().count() == 30
    assert not Article.objects.published().filter(source__name="B").exists()


def test_more_articles_than_are_counted_are_not_changed_at_once(editor, monkeypatch):
    monkeypatch.setattr(desk, "MOST_ROWS", 2)
    articles = [make_article(status=Status.DRAFT) for _ in range(3)]
    answer = act(editor, "publish", *articles, select_across="1")
    assert "narrow the list" in answer.content.decode()
    assert not Article.objects.published().exists()


def test_tags_are_asked_for_and_added_behind_those_that_are_there(editor, flood):
    other = make_article()
    asked = act(editor, "add_tags", flood, other)
    assert "2 articles selected" in asked.content.decode()
    assert "at least one tag" in act(editor, "add_tags", flood, apply="1", names=" ").content.decode()
    answer = act(editor, "add_tags", flood, other, apply="1", names="FLOOD\r\nIce, thin")
    assert "2 of 2 articles tagged: FLOOD, Ice, thin." in answer.content.decode()
    assert [link.tag.name for link in flood.tag_links.all()] == ["Flood", "River, upper", "Ice, thin"]
    assert [link.tag.name for link in other.tag_links.all()] == ["Flood", "Ice, thin"]
    assert Tag.objects.get(name="Ice, thin").published_count == 2
    again = act(editor, "add_tags", flood, other, apply="1", names="flood")
    assert "0 of 2 articles tagged: flood, 2 were so already." in again.content.decode()


def test_tags_are_removed_from_many(editor, flood):
    other = make_article(tags=("Flood",))
    third = make_article(tags=("Flood",))
    act(editor, "remove_tags", flood, other, apply="1", names="flood\r\nno such tag")
    assert [link.tag.name for link in flood.tag_links.all()] == ["River, upper"]
    assert not other.tag_links.exists()
    assert third.tag_links.exists()
    assert not Tag.objects.filter(name="no such tag").exists()


def test_payloads_stay_text_on_every_page_of_an_article(boss):
    article = make_article(
        PAYLOAD, source=PAYLOAD, sections=(PAYLOAD,), tags=(PAYLOAD,), authors=(PAYLOAD,), byline=PAYLOAD, text=PAYLOAD,
        received=PAYLOAD, kicker=PAYLOAD, page=[["body", PAYLOAD]], dateline=PAYLOAD,
    )  # fmt: skip
    Article.objects.update(evidence=[PAYLOAD], body_html="")
    Image.objects.create(article=article, caption=PAYLOAD, alt=PAYLOAD)
    for address in (
        "",
        f"{article.pk}/change/",
        f"{article.pk}/preview/",
        f"{article.pk}/delete/",
        f"{article.pk}/history/",
    ):
        page = boss.get(f"{LIST}{address}").content.decode()
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;img src=x" in page
    answer = act(boss, "add_tags", article, apply="1", names="<b>bold</b>")
    assert "<b>bold</b>" not in answer.content.decode()


# What waits for staff


def test_the_first_page_says_what_waits_and_costs_the_same_whatever_does(editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            editor.get("/admin/")
        return len(queries)

    before = cost()
    make_article(status=Status.DRAFT)
    make_article(status=Status.WITHHELD)
    make_article()
    ImportJob.objects.create(label="The last upload", state=JobState.FAILED, finished_at=timezone.now())
    page = editor.get("/admin/").content.decode()
    for words in (
        "Drafts</a> <strong>1",
        "Published without a date</a> <strong>1",
        "Not in the index yet</a> <strong>3",
    ):
        assert words in page
    assert "Withheld" not in page
    assert "Imports that broke off</a> <strong>1" in page
    assert "The last upload" in page
    assert cost() == before
