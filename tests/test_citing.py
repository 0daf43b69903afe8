"""The page that says how an article is cited, its files, and what the heads of pages say to programs."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
import rispy
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Original
from articles.records import Status

from .makers import make_article
from .search.conftest import index_path  # noqa: F401
from .search.indexes import bring_up_to_date

pytestmark = pytest.mark.django_db

HOSTILE = 'A "quote" & </script><!--<script>alert(1)</script>'


def make_flood(title: str = "The River Rose", **values: Any) -> Article:
    filed = {"source": "The Gazette", "sections": ("World",), "tags": ("flood", "ice"), "authors": ("Ann Day",)}
    told = {"date": "2017-06-13", "language": "en", "standfirst": "Water everywhere.", **filed, **values}
    return make_article(title, **told)


class Head(HTMLParser):
    """What the head of a page says: links, metas by name, and JSON for programs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.metas: list[tuple[str, str]] = []
        self.data = ""
        self.is_data = False
        self.feed(page.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link":
            self.links.append(told)
        if tag == "meta":
            self.metas.append((told.get("name") or told.get("property", ""), told.get("content", "")))
        self.is_data = tag == "script" and told.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        self.data += data if self.is_data else ""

    def all(self, name: str) -> list[str]:
        return [content for said, content in self.metas if said == name]

    def linked(self, rel: str) -> list[str]:
        return [link["href"] for link in self.links if link["rel"] == rel]


def head(client: Client, address: str) -> Head:
    response = client.get(address)
    assert response.status_code == 200
    return Head(response.content.decode())


# -- the page and its files


def test_an_article_leads_to_a_page_with_every_style_and_form(client: Client):
    original = Original.objects.create(sha256="ab" * 32, size=1, received_at=timezone.now())
    article = make_flood(original=original)
    assert f'href="/article/{article.pk}/cite/"' in client.get(article.get_absolute_url()).content.decode()
    page = client.get(f"/article/{article.pk}/cite/").content.decode()
    for name in ("APA", "MLA", "Chicago", "Harvard", "Wikipedia", "BibTeX", "RIS", "CSL-JSON"):
        assert re.search(rf"<h2 [^>]*>{name}\b", page), name
    assert "<bdi>Day, A.</bdi> (2017, June 13). <bdi>The River Rose</bdi>. <cite><bdi>The Gazette</bdi></cite>." in page
    assert f"http://testserver/article/{article.pk}/" in page
    assert "ab" * 32 in page
    assert "names no author" not in page


def test_the_page_says_what_is_not_known(client: Client):
    page = client.get(f"/article/{make_article('Nameless').pk}/cite/").content.decode()
    for words in ("names no author", "in which paper", "The day on which it appeared is not known", "no file with a"):
        assert words in page
    guessed = client.get(f"/article/{make_flood(date='2017~').pk}/cite/").content.decode()
    assert "it was worked out" in guessed


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_each_form_can_be_downloaded_under_its_key(client: Client, form: str, kind: str):
    article = make_flood()
    response = client.get(f"/article/{article.pk}/cite.{form}")
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert response["Content-Disposition"] == f'attachment; filename="day2017river-{article.pk}.{form}"'
    assert response["X-Robots-Tag"] == "noindex"
    assert "The River Rose" in response.content.decode()


def test_lines_of_ris_end_as_its_readers_ask(client: Client):
    content = client.get(f"/article/{make_flood().pk}/cite.ris").content
    assert content.count(b"\r\n") == content.count(b"\n") > 5
    assert rispy.loads(content.decode())[0]["title"] == "The River Rose"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHHELD])
def test_what_is_not_published_is_not_cited(client: Client, status: Status):
    article = make_flood(status=status)
    for place in ("cite/", "cite.bib", "cite.ris", "cite.csl.json"):
        assert client.get(f"/article/{article.pk}/{place}").status_code == 404


def test_no_title_takes_the_address_of_the_page(client: Client):
    article = make_flood("Cite")
    assert article.get_absolute_url() == f"/article/{article.pk}/article/"
    assert client.get(article.get_absolute_url()).status_code == 200


def test_the_page_of_a_corrected_article_in_arabic_keeps_directions_apart(client: Client):
    article = make_flood("صعد النهر", correction="<b>", language="ar")
    page = client.get(f"/article/{article.pk}/cite/").content.decode()
    assert "“<bdi>صعد النهر</bdi>.”" in page
    assert "[Correction: <bdi>&lt;b&gt;</bdi>.]" in page


def test_the_page_costs_as_much_for_many_names_as_for_one(client: Client):
    few, many = make_flood(), make_flood(authors=tuple(f"Ann {n}" for n in "ABCDEFGH"), tags=tuple("abcdefgh"))
    # What the foot of every page says is remembered from here on.
    client.get(f"/article/{few.pk}/cite/")
    counts = []
    for article in (few, many):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/article/{article.pk}/cite/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


# -- Zotero

# What Zotero's translator "Embedded Metadata" takes for which field of an item.
FIELDS = {
    "citation_title": "title",
    "citation_publication_date": "date",
    "citation_date": "date",
    "citation_journal_title": "publicationTitle",
    "citation_abstract": "abstractNote",
    "citation_public_url": "url",
    "citation_language": "language",
    "article:section": "section",
}


def zotero(said: Head) -> dict[str, Any]:
    """The item that Zotero makes: a kind of source, its fields, its creators in two parts."""
    item: dict[str, Any] = {"itemType": said.all("DC.type")[0], "tags": said.all("citation_keywords")}
    item |= {FIELDS[name]: content for name, content in said.metas if name in FIELDS}
    item["publicationTitle"] = item.get("publicationTitle") or "".join(said.all("og:site_name"))
    item["creators"] = [creator for name in said.all("citation_author") for creator in creators(name)]
    return item


def creators(name: str) -> list[tuple[str, str]]:
    """Last and first name; with a comma and several words on both sides of it they are two authors."""
    names = name.split(";")
    parts = re.split(r"\s*,\s*", name)
    if len(names) == 1 and len(parts) > 1 and " " in parts[0] and " " in parts[1]:
        names = parts
    return [_in_two(each.strip()) for each in names]


def _in_two(name: str) -> tuple[str, str]:
    if "," in name:
        last, _comma, first = name.partition(",")
        return last, first.strip()
    first, _space, last = name.rpartition(" ")
    return last, first


def test_zotero_reads_an_article_of_a_newspaper(client: Client):
    article = make_flood(authors=("Ann Day", "Jan van der Berg", "Ann Mary de la Tour"))
    address = article.get_absolute_url()
    assert zotero(head(client, address)) == {
        "itemType": "newspaperArticle",
        "title": "The River Rose",
        "date": "2017/06/13",
        "publicationTitle": "The Gazette",
        "abstractNote": "Water everywhere.",
        "url": f"http://testserver{address}",
        "language": "en",
        "section": "World",
        "tags": ["flood", "ice"],
        "creators": [("Day", "Ann"), ("van der Berg", "Jan"), ("Tour", "Ann Mary de la")],
    }


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("2017-06-13T18:45", "2017/06/13"),
        ("2017-06", "2017/06"),
        ("2017", "2017"),
        ("2017-06-13~", "13 June 2017?"),
        ("2017-05-30/..~", "not before 30 May 2017"),
        ("", None),
    ],
)
def test_zotero_is_told_a_date_as_far_as_it_is_known(client: Client, date: str, read: str | None):
    said = head(client, make_flood(date=date).get_absolute_url())
    assert zotero(said).get("date") == read
    printed = date.replace("/..", "") if not date.endswith("~") else ""
    assert "".join(said.all("article:published_time")) == printed
    assert json.loads(said.data).get("datePublished", "") == printed


def test_zotero_does_not_take_the_archive_for_the_paper(client: Client):
    said = head(client, make_article("Nameless").get_absolute_url())
    assert zotero(said)["publicationTitle"] == ""
    assert zotero(said)["creators"] == []


# -- other programs


def test_search_engines_read_a_news_article(client: Client):
    original = Original.objects.create(sha256="ab" * 32, size=1, received_at=timezone.now())
    article = make_flood(original=original, correction="It fell.", canonical_url="https://g.example/1", byline="")
    said = head(client, article.get_absolute_url())
    told = json.loads(said.data)
    assert (told["@type"], told["headline"], told["inLanguage"]) == ("NewsArticle", "The River Rose", "en")
    assert told["author"] == [{"@type": "Person", "name": "Ann Day", "familyName": "Day", "givenName": "Ann"}]
    assert told["isPartOf"]["name"] == told["publisher"]["name"] == "The Gazette"
    assert told["correction"]["text"] == "It fell."
    assert told["archivedAt"] == f"http://testserver/article/{article.pk}/"
    assert told["isBasedOn"] == "https://g.example/1"
    assert told["encoding"]["sha256"] == "ab" * 32
    assert told["url"] == told["mainEntityOfPage"] == said.linked("canonical")[0]


@pytest.mark.parametrize(
    ("byline", "kind"), [("By Reuters", "Organization"), ("陳永福", "Person"), ("By the Editor", "Organization")]
)
def test_an_agency_is_no_person(client: Client, byline: str, kind: str):
    said = head(client, make_flood(authors=(), byline=byline).get_absolute_url())
    assert json.loads(said.data)["author"][0]["@type"] == kind


def test_no_headline_breaks_out_of_the_head(client: Client):
    response = client.get(make_flood(HOSTILE, correction=HOSTILE).get_absolute_url())
    page = response.content.decode()
    assert "alert(1)</script>" not in page
    said = Head(page)
    assert json.loads(said.data)["headline"] == HOSTILE
    assert said.all("citation_title") == said.all("og:title") == [HOSTILE]
    # The policy names no source of data blocks: what is not run is not refused.
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_who_shows_a_link_is_told_what_it_leads_to(client: Client):
    said = head(client, make_flood(language="pt-BR").get_absolute_url())
    assert said.all("og:type") == ["article"]
    assert said.all("og:description") == said.all("description") == ["Water everywhere."]
    assert said.all("og:site_name") == ["News Archive"]
    assert said.all("og:locale") == ["pt_BR"]
    assert said.all("article:tag") == ["flood", "ice"]


# -- every page

OWN = [
    ("/", "/", "/articles.atom?newest=50"),
    ("/articles/?utm_source=x&order=oldest", "/articles/?order=oldest", "/articles.atom?newest=50"),
    ("/articles/?page=last&fbclid=1", "/articles/?page=last", "/articles.atom?newest=50"),
    ("/tag/flood/", "/tag/flood/", "/tag/flood.atom?newest=50"),
    ("/section/world/", "/section/world/", "/section/world.atom?newest=50"),
    ("/source/the-gazette/", "/source/the-gazette/", "/source/the-gazette.atom?newest=50"),
    ("/author/ann-day/", "/author/ann-day/", "/author/ann-day.atom?newest=50"),
    ("/2017/", "/2017/", "/2017.atom?newest=50"),
    ("/2017/06/", "/2017/06/", "/2017/06.atom?newest=50"),
    ("/2017/06/13/", "/2017/06/13/", "/2017/06/13.atom?newest=50"),
    ("/tag/flood+ice/", "/tag/flood+ice/", "/tag/flood+ice.atom?newest=50"),
    ("/on/06-13/", "/on/06-13/", "/on/06-13.atom?newest=50"),
    ("/tag/%D0%BB%D1%91%D0%B4/", "/tag/%D0%BB%D1%91%D0%B4/", "/tag/лёд.atom?newest=50"),
    ("/undated/", "/undated/", "/undated.atom?newest=50"),
    ("/tags/?x=1", "/tags/", "/articles.atom?newest=50"),
    ("/coverage/", "/coverage/", "/articles.atom?newest=50"),
    ("/coverage/the-gazette/", "/coverage/the-gazette/", "/source/the-gazette.atom?newest=50"),
    ("/followed/", "/followed/", "/articles.atom?newest=50"),
    ("/search/?q=river&utm_source=x", "/search/?q=river", "/search.atom?q=river&sort=newest&newest=50"),
    ("/search/?q=river&view=lines", "/search/?q=river&view=lines", "/search.atom?q=river&newest=50"),
    ("/search/help/", "/search/help/", "/articles.atom?newest=50"),
]


@pytest.mark.parametrize(("address", "canonical", "feed"), OWN)
def test_every_page_has_one_address_a_feed_that_answers_and_a_description(
    client: Client, address: str, canonical: str, feed: str, index_path  # noqa: F811
):  # fmt: skip
    make_flood(text="river", tags=("flood", "ice", "лёд"))
    bring_up_to_date()
    said = head(client, address)
    assert said.linked("canonical") == [f"http://testserver{canonical}"]
    feeds = [link["href"] for link in said.links if link.get("type") == "application/atom+xml"]
    assert feeds == [feed]
    assert client.get(feed).status_code == 200
    assert len(said.all("description")) == 1
    assert "News Archive" in said.all("description")[0]


def test_an_article_has_one_address_whatever_is_marked_in_it(client: Client):
    address = make_flood(text="river").get_absolute_url()
    said = head(client, f"{address}?q=river&utm_source=x")
    assert said.linked("canonical") == [f"http://testserver{address}"]
    assert len(said.all("description")) == 1


def test_a_list_says_how_much_is_in_it(client: Client):
    make_flood()
    assert head(client, "/tag/flood/").all("description") == ["flood: 1 article in News Archive"]


def test_a_page_that_is_not_there_has_no_address(client: Client):
    said = Head(client.get("/nowhere/").content.decode())
    assert said.linked("canonical") == []


def test_the_archive_can_be_put_on_a_home_screen(client: Client, settings):
    settings.ARCHIVE_NAME = "The Valley & River Papers"
    said = head(client, "/")
    assert said.linked("manifest") == ["/manifest.webmanifest"]
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    told = response.json()
    assert (told["name"], told["short_name"], told["start_url"]) == ("The Valley & River Papers", "The Valley &", "/")
    assert [icon["sizes"] for icon in told["icons"]] == ["any", "192x192", "512x512"]


def test_browsers_find_an_icon_where_they_look_for_it(client: Client):
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert b"".join(response).startswith(b"\0\0\1\0\1\0\x20\x20")
