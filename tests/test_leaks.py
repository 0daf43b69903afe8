"""What was withheld or deleted shows nowhere, from the moment it is, though the index has it still."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from articles.models import Article, FollowedSearch, Image, IndexBacklog
from articles.records import Status

from .makers import make_article
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db

# Words that only the withdrawn articles have, in each place that a word can be in.
SECRETS = (
    "zyxtoria",
    "quuxtag",
    "vellumite",
    "orsolobrandt",
    "plinthsection",
    "grimblecaption",
    "snorvale",
    "wembrith",
)
KINDS = ("json", "csv", "jsonl", "atom")
QUERIES = (
    "ferry", "zyxtoria", "zyxtor*", "zyxtorya~", "=Zyxtoria", '"ferry zyxtoria"', "ferry near/5 zyxtoria", "-ferry",
    "zyxtorea",
    "tag:quuxtag", "source:vellumite", "by:orsolobrandt", "section:plinthsection", "caption:grimblecaption",
    "place:snorvale", "has:correction", "has:image", "date:1888", "ferry OR wembrith", "atleast1:ferry", "",
)  # fmt: skip


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")
    cache.clear()
    secret = {
        "source": "Vellumite Observer", "tags": ("quuxtag", "sea"), "sections": ("plinthsection",),
        "date": "1888-03-04", "authors": ("Orsolobrandt",), "dateline": "Snorvale", "correction": "Wembrith was away.",
    }  # fmt: skip
    text = "The ferry Zyxtoria sank.\n\nWembrith saw the ferry go down with all that it carried, ferrying nobody."
    withheld, deleted = (make_article(f"Ferry Zyxtoria {number}", text=text, **secret) for number in (1, 2))
    for article in (withheld, deleted):
        Image.objects.create(article=article, caption="Grimblecaption of the ferry.")
    kept = make_article("Ferry Patience", text="The ferry came.", date="1923-05-30", source="Gazette", tags=("sea",))
    Article.objects.filter(pk__in=[withheld.pk, deleted.pk, kept.pk]).update(story=withheld.pk)
    FollowedSearch.objects.create(name="Ferries", slug="ferries", query="q=ferry")
    bring_up_to_date()
    gone = [withheld.pk, deleted.pk]
    Article.objects.filter(pk=withheld.pk).update(status=Status.WITHHELD)
    deleted.delete()
    assert IndexBacklog.objects.filter(withdrawn=True).count() == 2
    return {"gone": gone, "kept": kept.pk}


def shown(address: str) -> str:
    response = Client(HTTP_HOST="localhost").get(address, follow=True)
    assert response.status_code < 500, address
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode().casefold()


def asked(address: str, query: str) -> str:
    return f"{address}?q={query}" if query else address


@pytest.mark.parametrize("query", QUERIES)
def test_no_search_in_any_form_shows_or_counts_what_was_withdrawn(archive, query):
    addresses = [asked("/search/", query), *(asked(f"/search.{kind}", query) for kind in KINDS)]
    addresses += [f"{asked('/search/', query)}{'&' if query else '?'}view=lines", asked("/search/complete.json", query)]
    addresses += [f"{asked('/search/', query)}{'&' if query else '?'}rate=1&bars=year&apart=1&more=tag"]
    for address in addresses:
        page = shown(address)
        for typed in (query.casefold(), query.casefold().replace('"', "&quot;")):
            page = page.replace(typed, "") if typed else page
        told = [secret for secret in SECRETS if secret in page and secret not in query.casefold()]
        assert not told, address
        assert not any(f"/article/{number}/" in page for number in archive["gone"]), address
        assert "1888" not in page or "1888" in query, address


def test_counts_are_of_what_is_left(archive):
    found = Client(HTTP_HOST="localhost").get("/search/?q=ferry").context["page"]
    assert (found.total, found.listed) == (1, 1)
    assert {value.value: value.count for value in found.facets["tag"]} == {"sea": 1}
    assert [value.count for value in found.facets["source"]] == [1]
    assert Client(HTTP_HOST="localhost").get("/search/?q=zyxtoria").context["page"].total == 0


def test_no_other_page_shows_what_was_withdrawn(archive):
    kept = archive["kept"]
    addresses = [
        "/", "/articles/", "/tags/", "/sources/", "/sections/", "/authors/", "/undated/", "/coverage/", "/search/help/",
        "/followed/", "/followed/ferries/", "/followed/ferries.atom", "/tag/sea/", "/1888/", "/1888/03/04/",
        "/tag/quuxtag/", "/source/vellumite-observer/", "/coverage/vellumite-observer/", "/coverage/gazette/",
        "/author/orsolobrandt/", f"/article/{kept}/", f"/article/{kept}/?q=zyxtoria", f"/article/{kept}/printings/",
        f"/search/why/{kept}/?q=ferry", "/opensearch.xml", "/openapi.json",
        *(f"/{name}.{kind}" for name in ("articles", "tag/sea", "1923") for kind in KINDS),
        *(f"/article/{number}{rest}" for number in archive["gone"] for rest in ("/", ".json", ".jsonl", "/printings/")),
        *(f"/search/why/{number}/?q=ferry" for number in archive["gone"]),
    ]  # fmt: skip
    for address in addresses:
        page = shown(address).replace('value="zyxtoria"', "").replace("q=zyxtoria", "")
        for part in address.casefold().split("/"):
            page = page.replace(part, "") if part in ("quuxtag", "vellumite-observer", "orsolobrandt") else page
        told = [secret for secret in SECRETS if secret in page]
        assert not told, address


@pytest.mark.parametrize("rest", ["/", "/x/", ".json", ".csv", ".jsonl", ".atom", "/printings/"])
def test_the_addresses_of_a_withdrawn_article_lead_nowhere(archive, rest):
    for number in archive["gone"]:
        assert Client(HTTP_HOST="localhost").get(f"/article/{number}{rest}").status_code == 404
