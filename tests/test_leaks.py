"""What was withheld, put back to drafts or deleted shows nowhere, from that moment on, though the index has it still.

Each page is asked for before as well: so it is known to show what it must not show later, and what is cached is cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_plus, urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from articles.models import Article, FollowedSearch, Image, IndexBacklog, NameRing
from articles.records import Status
from articles.search.names import known

from .makers import make_article
from .reading import found_at, page_at
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db

# Words that only the withdrawn articles have, in each place that a word can be in.
SECRETS = (
    "zyxtoria", "quuxtag", "vellumite", "orsolobrandt", "plinthsection", "grimblecaption", "altamond", "creditane",
    "snorvale", "wembrith", "frobkicker", "mumblestand", "bylquist", "notewick", "hiddenquarry", "evidentia",
)  # fmt: skip
KINDS = ("json", "csv", "jsonl", "atom")
# Each finds them as long as they are published.
FINDING = (
    "ferry", "zyxtoria", "zyxtor*", "zyxtorya~", "=Zyxtoria", "=“ferry zyxtoria”", '"ferry zyxtoria"', "title:zyxtoria",
    "ferry near/5 zyxtoria", "atleast2:ferry", "ferry OR wembrith", "ferry -patience", "body:wembrith",
    "caption:grimblecaption", "tag:quuxtag", 'tag:"quuxtag"', "source:vellumite", "by:orsolobrandt",
    "section:plinthsection", "place:snorvale", "lang:sv", "has:correction", "has:image", "date:1888", "before:1900",
    "barge", "lighter",
)  # fmt: skip
OTHER = ("-ferry", "zyxtorea", "zyx", "patience zyxtoria", "ferry mumblestand gone", "")
BESIDES = (
    "rate=1&bars=year&apart=1&more=tag", "sort=oldest", "view=lines", "view=lines&lines=left", "view=lines&lines=right",
    "exact=1", "source=vellumite-observer", "tag=-sea&more=source", "year=1888", "from=1880&to=1930&bars=year",
)  # fmt: skip


@dataclass
class Archive:
    """One article that stays and three that go; all four are printings of one story."""

    kept: int
    gone: list[int]

    def withdraw(self) -> None:
        """What awaits the indexer then is not indexed in any of these tests."""
        withheld, draft, deleted = self.gone
        Article.objects.filter(pk=withheld).update(status=Status.WITHHELD)
        Article.objects.filter(pk=draft).update(status=Status.DRAFT)
        Article.objects.get(pk=deleted).delete()
        assert IndexBacklog.objects.filter(withdrawn=True).count() == 3


def make_secret(number: int) -> int:
    text = (
        "The ferry Zyxtoria sank at Evidentia.\n\nWembrith saw the ferry go down with all that it carried, ferrying "
        "nobody. The barge came late."
    )
    article = make_article(
        f"Ferry Zyxtoria {number}", text=text, source="Vellumite Observer", tags=("quuxtag", "sea"), language="sv",
        sections=("plinthsection",), date="1888-03-04", authors=("Orsolobrandt",), dateline="Snorvale",
        correction="Wembrith was away.", kicker="Frobkicker", standfirst="Mumblestand.", byline="By Bylquist",
        editors_note="Notewick.", canonical_url=f"https://hiddenquarry.example/{number}",
    )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(evidence=["Evidentia"])
    Image.objects.create(article=article, caption="Grimblecaption of the ferry.", alt="Altamond", credit="Creditane")
    return article.pk


@pytest.fixture
def archive(tmp_path, monkeypatch) -> Iterator[Archive]:
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")
    cache.clear()
    known._shelves.clear()
    gone = [make_secret(number) for number in (1, 2, 3)]
    text = "The ferry came.\n\nA deckhand counted the passengers."
    kept = make_article("Ferry Patience", text=text, date="1923-05-30", source="Gazette", tags=("sea",), language="en")
    Article.objects.update(story=gone[0])
    FollowedSearch.objects.create(name="Ferries", slug="ferries", query="q=ferry")
    NameRing.objects.create(names="barge\nlighter")
    bring_up_to_date()
    yield Archive(kept.pk, gone)
    cache.clear()
    known._shelves.clear()


def shown(address: str) -> str:
    client = Client(HTTP_HOST="localhost")
    # Whoever looked long ago is shown what is new since.
    client.cookies.load({f"looked-{follow.pk}": "86400.86400" for follow in FollowedSearch.objects.all()})
    response = client.get(address, follow=True)
    assert response.status_code < 500, address
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode().casefold()


def told(archive: Archive, address: str) -> list[str]:
    """What a page says of the articles that go, besides what its own address says."""
    page, asked = shown(address), unquote_plus(address).casefold()
    secrets = [secret for secret in SECRETS if secret in page and secret not in asked]
    numbers = [str(number) for number in archive.gone if re.search(rf"/article/{number}\b", page)]
    years = ["1888"] if "1888" in page and "1888" not in asked else []
    return [*secrets, *numbers, *years]


def addresses_of(query: str) -> list[str]:
    asked = f"q={quote_plus(query)}"
    pages = [f"/search/?{asked}", *(f"/search/?{asked}&{besides}" for besides in BESIDES)]
    pages += [f"/search.{kind}?{asked}" for kind in KINDS]
    pages += [f"/search.jsonl?{asked}&newest=5", f"/search.json?{asked}&source=vellumite-observer"]
    return [*pages, f"/search/complete.json?{asked}", f"/search/complete.json?{asked}&format=opensearch"]


@pytest.mark.parametrize("query", [*FINDING, *OTHER])
def test_no_search_in_any_form_shows_what_was_withdrawn(archive: Archive, query: str) -> None:
    before = {address: told(archive, address) for address in addresses_of(query)}
    assert query in OTHER or before[addresses_of(query)[0]], query
    archive.withdraw()
    after = {address: told(archive, address) for address in before}
    assert not {address: secrets for address, secrets in after.items() if secrets}


@pytest.mark.parametrize(
    "query", ["ferry", "zyxtoria", "ferry -patience", "tag:quuxtag", "has:correction", "date:1888"]
)
def test_the_database_shows_no_more_while_the_index_cannot_answer(archive: Archive, monkeypatch, query: str) -> None:
    archive.withdraw()
    # So many are not left out of an answer one by one.
    monkeypatch.setattr("articles.search.asking.WITHDRAWN", 1)
    assert found_at(f"/search/?{urlencode({'q': query})}").degraded
    after = {address: told(archive, address) for address in addresses_of(query)}
    assert not {address: secrets for address, secrets in after.items() if secrets}


def test_a_followed_search_tells_that_its_article_was_printed_elsewhere_until_that_is_withdrawn(
    archive: Archive,
) -> None:
    client = Client(HTTP_HOST="localhost")
    assert re.findall("Printed .* times", page_at("/followed/ferries/", client)) == ["Printed 4 times"]
    archive.withdraw()
    assert "Printed" not in page_at("/followed/ferries/", client)


def test_counts_are_of_what_is_left(archive: Archive) -> None:
    client = Client(HTTP_HOST="localhost")
    before = found_at("/search/?q=ferry")
    assert (before.total, before.listed) == (4, 1)
    archive.withdraw()
    page = found_at("/search/?q=ferry")
    assert (page.total, page.listed) == (1, 1)
    counts = {facet: {value.name: value.count for value in values} for facet, values in page.facets.items()}
    assert counts == {
        "source": {"Gazette": 1},
        "tag": {"sea": 1},
        "language": {"English": 1},
        "year": {"1923": 1},
        "known": {"Date printed": 1},
    }
    assert page.chart is None or [bar.label for bar in page.chart.bars] == ["1923"]
    assert found_at("/search/?q=zyxtoria").total == 0
    assert [name["count"] for name in client.get("/search/complete.json?q=fer").json()] == [1, 1]


# Pages that are there as long as one article is.
LASTING = (
    "/", "/articles/", "/tags/", "/sources/", "/sections/", "/authors/", "/undated/", "/coverage/", "/search/help/",
    "/coverage/gazette/", "/followed/", "/followed/ferries/", "/followed/ferries.atom", "/tag/sea/", "/opensearch.xml",
    "/openapi.json", "/robots.txt", "/feed.atom", "/tag/sea/feed.atom",
    *(f"/{name}.{kind}" for name in ("articles", "tag/sea", "1923", "1923/05/30", "undated") for kind in KINDS),
    "/articles/?order=oldest", "/articles.csv?order=oldest", "/articles.json?newest=3",
)  # fmt: skip
OF_THE_KEPT = (
    "/article/{}/", "/article/{}/?q=ferry", "/article/{}/?q=wembrith", "/article/{}/printings/", "/article/{}.json",
    "/article/{}.jsonl", "/article/{}.csv", "/article/{}.atom", "/search/why/{}/?q=ferry", "/search/why/{}/?q=lighter",
    "/search/why/{}/?q=zyxtor*",
)  # fmt: skip
# Pages that go away with what they are about.
ENDING = (
    "/tag/quuxtag/", "/source/vellumite-observer/", "/section/plinthsection/", "/author/orsolobrandt/",
    "/coverage/vellumite-observer/", "/1888/", "/1888/03/", "/1888/03/04/",
    *(f"/{name}.{kind}" for name in ("tag/quuxtag", "source/vellumite-observer", "1888") for kind in KINDS),
)  # fmt: skip
OF_THE_GONE = (
    "/article/{}/", "/article/{}/?q=ferry", "/article/{}/x/", "/article/{}/printings/", "/search/why/{}/?q=ferry",
    *(f"/article/{{}}.{kind}" for kind in KINDS),
)  # fmt: skip


def test_no_other_page_shows_what_was_withdrawn(archive: Archive) -> None:
    addresses = [*LASTING, *(address.format(archive.kept) for address in OF_THE_KEPT)]
    before = {secret for address in addresses for secret in told(archive, address)}
    assert {*SECRETS, "1888"} <= before
    archive.withdraw()
    after = {address: told(archive, address) for address in addresses}
    assert not {address: secrets for address, secrets in after.items() if secrets}


def test_the_addresses_of_what_was_withdrawn_lead_nowhere(archive: Archive) -> None:
    client = Client(HTTP_HOST="localhost")
    addresses = [*ENDING, *(address.format(number) for address in OF_THE_GONE for number in archive.gone)]
    for address in addresses:
        assert client.get(address, follow=True).status_code == 200, address
    archive.withdraw()
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.status_code == 404, address
        words = re.sub(r"\W+", " ", unquote_plus(address)).casefold()
        page = re.sub(r"\W+", " ", response.content.decode()).casefold().replace(words.strip(), "")
        assert not [secret for secret in SECRETS if secret in page and secret not in words], address
