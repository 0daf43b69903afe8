"""What a reader has kept of a page: asked for again it costs one question, and it is never kept too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import editing, naming, search, unchanged
from articles.models import (
    Article,
    ArticleTag,
    Edition,
    FollowedSearch,
    Image,
    IndexBacklog,
    NameRing,
    Original,
    Tag,
)
from articles.records import Status

from .makers import file_under, make_article
from .search.indexes import bring_up_to_date, use_index_in

# Where several write at once, an edition is made when a transaction ends.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")

PAGES = [
    "/",
    "/articles/",
    "/tag/flood/",
    "/tags/",
    "/2017/06/13/",
    "/search/?q=water",
    "/search.csv?q=water",
    "/coverage/",
]


@pytest.fixture(autouse=True)
def flood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Article:
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")
    article = make_article(
        "The flood", text="The water came.", date="2017-06-13", source="The Gazette", tags=("flood",)
    )
    bring_up_to_date()
    return article


def kept(client: Client, address: str) -> str:
    """The mark of the page as it is now."""
    response = client.get(address)
    assert response.status_code == 200
    b"".join(response)
    return response["ETag"]


def again(client: Client, address: str, etag: str) -> int:
    return client.get(address, headers={"if-none-match": etag}).status_code


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_costs_one_query_and_is_not_sent_again(address: str, client: Client):
    etag = kept(client, address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag
    assert len(queries) == 1


def test_so_does_the_page_of_an_article_and_what_came_compressed(client: Client, flood: Article):
    address = flood.get_absolute_url()
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response["ETag"].startswith("W/")
    assert again(client, address, response["ETag"]) == 304
    assert "no-cache" in response["Cache-Control"]


def add_tag(article: Article) -> None:
    file_under(article, tags=("ice",))


CHANGES: list[Callable[[Article], object]] = [
    lambda article: make_article("Another"),
    lambda article: Article.objects.filter(pk=article.pk).update(title="Ice"),
    lambda article: editing.change_status([article.pk], Status.WITHHELD),
    lambda article: article.delete(),
    add_tag,
    lambda article: ArticleTag.objects.all().delete(),
    lambda article: naming.rename(Tag.objects.get(), "Floods"),
    lambda article: Tag.objects.update(description="Water where none should be."),
    lambda article: Image.objects.create(article=article, caption="A boat"),
    lambda article: NameRing.objects.create(names="Flood\nInundation"),
    lambda article: FollowedSearch.objects.create(name="Floods", slug="floods", query="q=flood"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_makes_a_new_page(change: Callable[[Article], object], client: Client, flood: Article):
    etag = kept(client, "/articles/")
    change(flood)
    assert again(client, "/articles/", etag) == 200


def test_what_is_withheld_is_gone_at_once_for_who_has_kept_its_page(client: Client, flood: Article):
    etag = kept(client, flood.get_absolute_url())
    editing.change_status([flood.pk], Status.WITHHELD)
    assert again(client, flood.get_absolute_url(), etag) == 404


def test_what_readers_do_not_see_changes_no_page(client: Client):
    original = Original.objects.create(sha256="ab" * 32, size=1, name="a.txt")
    etag = kept(client, "/articles/")
    Original.objects.filter(pk=original.pk).update(verified_at=timezone.now())
    IndexBacklog.objects.all().delete()
    assert again(client, "/articles/", etag) == 304
    Original.objects.filter(pk=original.pk).update(intact=False)
    assert again(client, "/articles/", etag) == 200


def test_a_new_state_of_the_index_makes_new_pages(client: Client):
    make_article("Water again", text="The water came again.")
    etag = kept(client, "/search/?q=water")
    bring_up_to_date()
    assert again(client, "/search/?q=water", etag) == 200


def test_another_language_is_another_page(client: Client):
    etag = kept(client, "/articles/")
    asked = {"if-none-match": etag, "accept-language": "fr"}
    assert client.get("/articles/", headers=asked).status_code == 200


def test_another_day_and_another_program_make_new_pages(client: Client, monkeypatch: pytest.MonkeyPatch):
    etag = kept(client, "/")
    monkeypatch.setattr(unchanged, "code", lambda: 1.0)
    assert again(client, "/", etag) == 200
    etag = kept(client, "/")
    tomorrow = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(unchanged.timezone, "now", lambda: tomorrow)
    assert again(client, "/", etag) == 200


def test_while_the_index_is_away_nothing_is_kept(client: Client, flood: Article, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "generation", lambda: "")
    response = client.get(flood.get_absolute_url())
    assert "Last-Modified" not in response
    assert "no-cache" not in response.get("Cache-Control", "")


def test_by_its_date_a_page_is_known_to_be_unchanged_once_a_moment_has_passed(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    assert "Last-Modified" not in client.get("/articles/")
    later = timezone.now() + dt.timedelta(seconds=5)
    monkeypatch.setattr(unchanged.timezone, "now", lambda: later)
    said = client.get("/articles/")["Last-Modified"]
    assert client.get("/articles/", headers={"if-modified-since": said}).status_code == 304
    make_article("Another")
    Edition.objects.update(changed_at=later + dt.timedelta(seconds=1))
    assert client.get("/articles/", headers={"if-modified-since": said}).status_code == 200


@pytest.mark.parametrize("asked", [{"if-none-match": "*"}, {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}])
def test_what_is_not_there_is_never_said_to_be_unchanged(client: Client, flood: Article, asked: dict[str, str]):
    """Nor what leads elsewhere, or was withheld."""
    assert client.get("/tag/nothing/", headers=asked).status_code == 404
    assert client.get(f"/article/{flood.pk}/another-slug/", headers=asked).status_code == 301
    editing.change_status([flood.pk], Status.WITHHELD)
    assert client.get(flood.get_absolute_url(), headers=asked).status_code == 404


@pytest.mark.parametrize("address", ["/search/complete.json?q=flood", "/followed/", "/no-such-page/", "/admin/login/"])
def test_pages_that_hang_on_more_are_made_each_time(address: str, client: Client):
    assert "Last-Modified" not in client.get(address)
