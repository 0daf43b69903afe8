"""The Atom feeds: well formed, complete, and saying no more than is known."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import feeds
from articles.models import Article
from articles.records import Dating, Known, Precision, Status

from .makers import make_article
from .search.conftest import index_path  # noqa: F401
from .search.indexes import bring_up_to_date

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def read(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(b"".join(response))


def entries(client: Client, address: str) -> list[ElementTree.Element]:
    return read(client, address).findall(f"{ATOM}entry")


def texts(parent: ElementTree.Element, name: str) -> list[str]:
    return [element.text or "" for element in parent.findall(f"{ATOM}{name}")]


def titles(client: Client, address: str) -> list[str]:
    return [texts(entry, "title")[0] for entry in entries(client, address)]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/articles", "News Archive: All articles"),
        ("/tag/flood", "News Archive: flood"),
        ("/section/world", "News Archive: World"),
        ("/source/the-gazette", "News Archive: The Gazette"),
        ("/author/ann-day", "News Archive: Ann Day"),
        ("/2017", "News Archive: 2017"),
        ("/2017/06", "News Archive: June 2017"),
        ("/2017/06/13", "News Archive: Tuesday 13 June 2017"),
    ],
)
def test_every_list_has_a_feed(client: Client, address: str, title: str):
    filed = {"source": "The Gazette", "sections": ("World",), "tags": ("flood",), "authors": ("Ann Day",)}
    make_article("Older", date="2017-06-13", **filed)
    make_article("Newer", date="2017-06-13T09:00", **filed)
    feed = read(client, f"{address}.atom?newest=50")
    assert texts(feed, "title") == [title]
    assert titles(client, f"{address}.atom?newest=50") == ["Newer", "Older"]
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"http://testserver{address}.atom?newest=50", "alternate": f"http://testserver{address}/"}
    assert client.get(links["alternate"]).status_code == 200
    assert titles(client, f"{address}.atom?order=oldest") == ["Older", "Newer"]


def test_a_search_has_a_feed_of_the_newest_that_it_finds(client: Client, index_path):  # noqa: F811
    make_article("Older ferry", text="ferry", date="2017")
    make_article("Newer ferry", date="2018")
    make_article("Bridge", date="2018")
    bring_up_to_date()
    feed = read(client, "/search.atom?q=ferry&newest=50")
    assert texts(feed, "title") == ["News Archive: ferry"]
    assert titles(client, "/search.atom?q=ferry&newest=50") == ["Newer ferry", "Older ferry"]
    assert feed.findtext("{http://a9.com/-/spec/opensearch/1.1/}totalResults") == "2"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/feed.atom", "/articles.atom?newest=50"),
        ("/articles/feed.atom", "/articles.atom?newest=50"),
        ("/undated/feed.atom", "/undated.atom?newest=50"),
        ("/tag/лёд/feed.atom", "/tag/%D0%BB%D1%91%D0%B4.atom?newest=50"),
        ("/2017/06/13/feed.atom", "/2017/06/13.atom?newest=50"),
    ],
)
def test_a_feed_at_its_old_address_has_moved_for_good(client: Client, old: str, new: str):
    make_article(date="2017-06-13", tags=("лёд",))
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/x/", "/%2Fevil.example/", "///evil.example/", "/%5Cevil.example/"])
def test_no_old_address_of_a_feed_leads_to_another_site(client: Client, path: str):
    # The test client would take two slashes for the name of a host.
    response = client.get("/", PATH_INFO=unquote(f"{path}feed.atom"))
    assert response.status_code == 301
    target = urljoin("http://testserver/tag/", response["Location"].replace("\\", "/"))
    assert target.startswith("http://testserver/")


def test_a_mark_in_an_old_address_of_a_feed_stays_in_its_path(client: Client):
    assert client.get("/tag/a%3Fb%23c/feed.atom")["Location"] == "/tag/a%3Fb%23c.atom?newest=50"


def test_an_entry_says_what_the_article_says(client: Client):
    article = make_article(
        "Fish & chips",
        text="Fried.",
        date="2017-06-13",
        standfirst="<b>Salt</b>",
        correction="It was vinegar.",
        sections=("World",),
        tags=("food", "sea"),
        authors=("Ann Day", "Bo"),
        language="en",
    )
    [entry] = entries(client, "/articles.atom?newest=50")
    assert texts(entry, "title") == ["Fish & chips"]
    assert texts(entry, "summary") == ["<p>Correction: It was vinegar.</p><p>&lt;b&gt;Salt&lt;/b&gt;</p>"]
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["World", "food", "sea"]
    assert texts(entry.find(f"{ATOM}author"), "name") == ["Ann Day, Bo"]
    assert texts(entry, "published") == ["2017-06-13T00:00:00+00:00"]
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{article.get_absolute_url()}"
    assert entry.get(f"{XML}lang") == "en"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "1923",
        "1923-05",
        Dating(earliest=Dating.parse("2017-05-30").earliest, precision=Precision.DAY, known=Known.INFERRED),
    ],
)
def test_no_moment_is_invented_for_an_article_whose_day_is_not_known(client: Client, date):
    make_article(date=date)
    [entry] = entries(client, "/articles.atom?newest=50")
    assert texts(entry, "published") == []
    assert len(texts(entry, "updated")) == 1


def test_an_old_article_has_its_date_and_the_undated_have_their_feed(client: Client):
    make_article("Old", date="0999-03-01")
    make_article("Undated")
    assert texts(entries(client, "/0999.atom")[0], "published") == ["0999-03-01T00:00:00+00:00"]
    assert titles(client, "/undated.atom") == ["Undated"]


def test_an_id_outlasts_a_change_of_title(client: Client):
    article = make_article("Before")
    [before] = [texts(entry, "id") for entry in entries(client, "/articles.atom?newest=50")]
    Article.objects.filter(pk=article.pk).update(title="After")
    [after] = [texts(entry, "id") for entry in entries(client, "/articles.atom?newest=50")]
    assert before == after
    assert re.fullmatch(rf"tag:testserver,\d{{4}}-\d\d-\d\d:/article/{article.pk}/", before[0])


def test_what_is_withheld_leaves_the_feed_even_for_who_asks_only_for_changes(client: Client):
    kept, withheld = make_article("Kept"), make_article("Withheld")
    first = client.get("/articles.atom?newest=50")
    Article.objects.filter(pk=withheld.pk).update(status=Status.WITHHELD)
    again = client.get("/articles.atom?newest=50", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert "Last-Modified" not in again.headers
    assert titles(client, "/articles.atom?newest=50") == [kept.title]


def test_a_feed_is_whole_and_the_feed_to_follow_ends_at_the_newest_fifty(client: Client):
    for number in range(53):
        make_article(f"{number}")
    assert len(entries(client, "/articles.atom?newest=50")) == 50
    assert len(entries(client, "/articles.atom")) == 53


def test_a_feed_says_when_something_in_it_changed_last(client: Client, monkeypatch: pytest.MonkeyPatch):
    for day in (3, 1, 2):
        make_article(modified_at=dt.datetime(2020, 1, day, tzinfo=dt.UTC))
    assert texts(read(client, "/articles.atom"), "updated") == ["2020-01-03T00:00:00+00:00"]
    monkeypatch.setattr(feeds, "CHUNK", 3)
    assert texts(read(client, "/articles.atom?order=oldest"), "updated") == ["2020-01-03T00:00:00+00:00"]


def test_a_long_feed_is_of_the_moment_at_which_it_is_sent(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feeds, "CHUNK", 2)
    for day in (3, 1, 2):
        make_article(modified_at=dt.datetime(2020, 1, day, tzinfo=dt.UTC))
    before = timezone.now().replace(microsecond=0)
    with CaptureQueriesContext(connection) as asked:
        [updated] = texts(read(client, "/articles.atom"), "updated")
    assert before <= dt.datetime.fromisoformat(updated) <= timezone.now()
    assert not [query for query in asked if "MAX(" in query["sql"]]


def test_the_pages_name_the_feed_to_follow(client: Client):
    make_article(tags=("ice",))
    link = '<link rel="alternate" type="application/atom+xml" title="News Archive{}" href="{}.atom?newest=50">'
    assert link.format("", "/articles") in client.get("/").content.decode()
    assert link.format(": ice", "/tag/ice") in client.get("/tag/ice/").content.decode()


def test_an_empty_archive_has_an_empty_feed(client: Client):
    assert entries(client, "/articles.atom?newest=50") == []


def test_characters_that_xml_cannot_write_are_left_out(client: Client):
    make_article("A\x0bB\x1f", text="C\x08D", byline="E\x01F", tags=("G\x02H",))
    make_article("<script>alert(1)</script>", tags=("]]>",))
    assert titles(client, "/articles.atom?newest=50") == ["<script>alert(1)</script>", "AB"]
