"""What crawlers are told: everything that they may have, once, in parts, and nothing else."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import sitemaps
from articles.models import Article, Tag
from articles.models.takedown import Access
from articles.records import Status

from .makers import make_article

pytestmark = pytest.mark.django_db

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://testserver"


def entries(client: Client, address: str) -> list[tuple[str, str | None]]:
    """The addresses of an index or a part, with when each changed."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    tree = ElementTree.fromstring(b"".join(response))
    return [(found.findtext(f"{SPACE}loc", ""), found.findtext(f"{SPACE}lastmod")) for found in tree]


def parts(client: Client) -> list[str]:
    return [address.removeprefix(SITE) for address, _changed in entries(client, "/sitemap.xml")]


@pytest.fixture
def articles(monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """Five, three to a part, with a gap in which there is none."""
    monkeypatch.setattr(sitemaps, "SIZE", 3)
    filed = {"source": "The Gazette", "tags": ("flood",), "authors": ("Ann Day",), "sections": ("World",)}
    return [make_article(f"Article & {n}", pk=n, date="2017-06-13", **filed) for n in (1, 3, 4, 10, 12)]


def test_the_index_names_every_part_in_which_there_is_something(client: Client, articles: list[Article]):
    assert [part for part in parts(client) if "articles" in part] == [
        "/sitemap-articles-1.xml",
        "/sitemap-articles-2.xml",
        "/sitemap-articles-4.xml",
    ]
    # Which number the part of a tag has hangs on how many tags the database has had.
    tag = f"/sitemap-tags-{(Tag.objects.get().pk - 1) // sitemaps.SIZE + 1}.xml"
    assert {"/sitemap-pages-1.xml", "/sitemap-periods-21.xml", tag} < {*parts(client)}


def test_the_parts_have_every_article_once_and_when_it_changed(client: Client, articles: list[Article]):
    told = [entry for part in parts(client) if "articles" in part for entry in entries(client, part)]
    assert told == [
        (SITE + article.get_absolute_url(), f"{article.modified_at:%Y-%m-%dT%H:%M:%SZ}") for article in articles
    ]


def test_every_address_in_it_is_answered(client: Client, articles: list[Article]):
    told = [address for part in parts(client) for address, _changed in entries(client, part)]
    assert len(told) == len({*told}) > 15
    for place in ("/", "/articles/", "/2017/", "/2017/06/", "/2017/06/13/", "/tag/flood/", "/author/ann-day/"):
        assert SITE + place in told
    for address in told:
        assert client.get(unquote(address.removeprefix(SITE))).status_code == 200, address


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHHELD])
def test_what_is_not_published_is_in_no_part(client: Client, articles: list[Article], status: Status):
    Article.objects.filter(pk=4).update(status=status)
    assert "/sitemap-articles-2.xml" not in parts(client)
    assert client.get("/sitemap-articles-2.xml").status_code == 404


def test_what_search_engines_may_not_have_is_in_no_part(client: Client, articles: list[Article]):
    Article.objects.filter(pk=4).update(access=Access.UNLISTED)
    assert "/sitemap-articles-2.xml" not in parts(client)


NOWHERE = [
    "articles-3",
    "articles-0",
    f"articles-{10**20}",
    "people-1",
    "pages-2",
    "periods-3",
    "periods-500",
    "tags-9",
]


@pytest.mark.parametrize("part", NOWHERE)
def test_a_part_that_is_not_there_is_not_found(client: Client, articles: list[Article], part: str):
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


def test_titles_of_any_script_are_written_as_addresses(client: Client, monkeypatch: pytest.MonkeyPatch):
    make_article("Лёд & <вода>")
    (part,) = [part for part in parts(client) if "articles" in part]
    ((address, _changed),) = entries(client, part)
    assert address.isascii()
    assert unquote(address).endswith("/лёд-вода/")


def test_a_part_costs_as_much_whatever_is_in_the_others(client: Client, articles: list[Article]):
    costs = []
    for number in range(2):
        with CaptureQueriesContext(connection) as asked:
            entries(client, "/sitemap-articles-1.xml")
        costs.append(len(asked))
        for other in range(20 + number * 30, 40 + number * 30):
            make_article(pk=other)
    assert costs == [2, 2]


def test_a_part_is_never_larger_than_the_protocol_allows():
    longest = 300 + 9 * 80
    assert sitemaps.SIZE <= 50_000
    assert sitemaps.SIZE * longest < 50 * 1024 * 1024


def test_robots_are_told_where_it_is_and_what_is_not_for_them(client: Client):
    response = client.get("/robots.txt", headers={"host": "localhost"})
    told = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert told[-1] == "Sitemap: http://localhost/sitemap.xml"
    for place in ("/search/", "/search.", "/*.json$", "/*.csv$", "/*.jsonl$", "/admin/", "/language/"):
        assert f"Disallow: {place}" in told
