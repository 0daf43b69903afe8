"""JSON for programs: one shape for an article, in a list and alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import naming, search, trash
from articles.models import Article, ArticleTag, Image, Original, Tag
from articles.records import Dating, Known, Precision, Status
from articles.search.engine.errors import QueryRefused

from .makers import make_article
from .search.conftest import index_path  # noqa: F401
from .search.indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


def answer(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return json.loads(b"".join(response))


def test_an_answer_has_exactly_the_documented_shape(client: Client):
    article = make_article(
        "Flood & <fire>",
        text="The river rose.\n\nAnd fell.",
        date="1923-05",
        source="The Harbour Gazette",
        sections=("World",),
        tags=("New York, NY", "sea"),
        authors=("Ann Day",),
        byline="By ANN DAY",
        language="en",
        dateline="PORT ALDERY",
        kicker="Weather",
        standfirst="Wet.",
        correction="It was the lake.",
        editors_note="Found in a drawer.",
        canonical_url="https://example.org/flood",
        original=Original.objects.create(sha256="ab" * 32, size=3),
    )
    Image.objects.create(
        article=article, caption="The bridge", credit="Bo", alt="A bridge", url="https://example.org/b"
    )
    bring_up_to_date()
    found = answer(client, "/search.json?q=river&page=7")
    assert list(found) == ["question", "url", "total", "notes", "facets", "results", "count"]
    assert (found["question"], found["total"], found["count"], found["notes"]) == ("river", 1, 1, [])
    assert found["url"] == "http://testserver/search/?q=river"
    tag = {"value": "new-york-ny", "name": "New York, NY", "count": 1}
    assert tag | {"active": False, "excluded": False, "adds": False} in found["facets"]["tag"]
    assert found["results"] == [
        {
            "id": article.pk,
            "url": f"http://testserver{article.get_absolute_url()}",
            "title": "Flood & <fire>",
            "date": "1923-05",
            "earliest": "1923-05-01T00:00",
            "latest": "1923-05-31T23:59",
            "precision": "month",
            "known": "printed",
            "evidence": [],
            "source": "The Harbour Gazette",
            "sections": ["World"],
            "tags": ["New York, NY", "sea"],
            "authors": ["Ann Day"],
            "byline": "By ANN DAY",
            "language": "en",
            "dateline": "PORT ALDERY",
            "kicker": "Weather",
            "standfirst": "Wet.",
            "correction": "It was the lake.",
            "editors_note": "Found in a drawer.",
            "text": "The river rose.\n\nAnd fell.",
            "images": [{"caption": "The bridge", "credit": "Bo", "alt": "A bridge", "url": "https://example.org/b"}],
            "published_at": "https://example.org/flood",
            "sha256": "ab" * 32,
            "received": article.original.received_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "verified": None,
            "intact": None,
            "stored": article.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "modified": article.modified_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    ]


def test_an_article_alone_has_the_shape_that_it_has_in_a_list(client: Client):
    article = make_article("Ferry", date="1923", tags=("sea",))
    [row] = answer(client, "/tag/sea.json")["results"]
    assert answer(client, f"{article.get_absolute_url().removesuffix('/')}.json") == row


def test_a_list_says_what_it_is(client: Client):
    make_article("Ferry", date="1923-05-30")
    found = answer(client, "/1923/05/30.json?order=oldest")
    assert list(found) == ["question", "url", "total", "notes", "results", "count"]
    assert found["question"] == "on 30 May 1923, oldest first"
    assert found["url"] == "http://testserver/1923/05/30/?order=oldest"


def between(first: str, last: str) -> Dating:
    return Dating(
        earliest=Dating.parse(first).earliest if first else None,
        latest=Dating.parse(last).latest if last else None,
        precision=Precision.DAY,
        known=Known.INFERRED,
    )


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("1923", "1923"),
        ("1923-05", "1923-05"),
        ("1923-05-30", "1923-05-30"),
        ("1923-05-30T18:45", "1923-05-30T18:45"),
        ("0987-01-02", "0987-01-02"),
        ("", None),
        (between("2017-05-30", ""), "2017-05-30/.."),
        (between("", "2017-05-30"), "../2017-05-30"),
        (between("2017-05-30", "2017-06-02"), "2017-05-30/2017-06-02"),
    ],
)
def test_a_date_says_no_more_than_is_known(client: Client, date, said):
    make_article("Ferry", date=date)
    assert answer(client, "/articles.json")["results"][0]["date"] == said


def test_filters_and_orders_are_those_of_the_search_page(client: Client):
    for year in range(1901, 1926):
        make_article(f"Ferry {year}", date=str(year), tags=("sea",))
    bring_up_to_date()
    found = answer(client, "/search.json?q=ferry&sort=oldest&page=2&tag=sea&from=1902&year=-1910")
    assert found["total"] == 23
    years = [year for year in range(1902, 1926) if year != 1910]
    assert [row["title"] for row in found["results"]] == [f"Ferry {year}" for year in years]


def test_the_database_answers_while_the_index_is_away_and_a_note_says_so(client: Client):
    make_article("Ferry", text="Rain.")
    make_article("Bridge", text="Rain.")
    found = answer(client, "/search.json?q=rain")
    assert [row["title"] for row in found["results"]] == ["Bridge", "Ferry"]
    assert "database" in " ".join(found["notes"])
    bring_up_to_date()
    assert answer(client, "/search.json?q=rain")["notes"] == []
    assert "no date" in " ".join(answer(client, "/search.json?q=rain&from=soon")["notes"])


def test_facets_tell_what_is_chosen_what_is_left_out_and_what_would_add(client: Client):
    for source, tag in [("Post", "sea"), ("Post", "ice"), ("Times", "sea"), ("Herald", "ice")]:
        make_article("Ferry", source=source, tags=(tag,))
    bring_up_to_date()
    found = answer(client, "/search.json?q=ferry&source=post&tag=-ice")
    told = {facet: {value.pop("value"): value for value in found["facets"][facet]} for facet in ("source", "tag")}
    assert found["total"] == 1
    assert told["source"] == {
        "post": {"name": "Post", "count": 1, "active": True, "excluded": False, "adds": False},
        "times": {"name": "Times", "count": 1, "active": False, "excluded": False, "adds": True},
    }
    assert told["tag"] == {
        "sea": {"name": "sea", "count": 1, "active": False, "excluded": False, "adds": False},
        "ice": {"name": "ice", "count": 1, "active": False, "excluded": True, "adds": True},
    }


def test_no_page_is_made_for_the_facets(client: Client, monkeypatch: pytest.MonkeyPatch):
    make_article("Ferry", tags=("sea",))
    on_page = search.find(search.Question("ferry")).facets
    for part in ("_hits", "times", "chips"):
        monkeypatch.delattr(f"articles.search.answers.finding.{part}")
    assert search.walk(search.Question("ferry"), faceted=True).facets == on_page != {}
    bring_up_to_date()
    assert search.walk(search.Question("ferry"), faceted=True).facets == on_page
    assert answer(client, "/search.json?q=ferry")["facets"]["tag"][0]["value"] == "sea"


@pytest.mark.parametrize("address", ["/search.json", "/search.json?q=ferry&sort=oldest"])
def test_rows_and_facets_are_of_one_moment(client: Client, address: str, monkeypatch: pytest.MonkeyPatch):
    make_article("Ferry", tags=("sea",), date="1923")
    bring_up_to_date()
    keys = search.asking.Indexed.keys

    def while_another_is_stored(self: Any, question: search.Question) -> list[int]:
        found = list(keys(self, question))
        make_article("Ferry", tags=("sea",), date="1924")
        bring_up_to_date()
        return found

    monkeypatch.setattr(search.asking.Indexed, "keys", while_another_is_stored)
    found = answer(client, address)
    assert found["total"] == found["count"] == 1
    assert {facet: values[0]["count"] for facet, values in found["facets"].items()} == {"tag": 1, "year": 1, "known": 1}
    assert [value["value"] for value in found["facets"]["year"]] == ["1923"]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "atom"])
def test_what_asks_for_too_much_is_refused_in_a_sentence(client: Client, form: str, monkeypatch: pytest.MonkeyPatch):
    make_article("Ferry")
    bring_up_to_date()
    monkeypatch.setattr("articles.search.asking.Asker.find", refuse)
    response = client.get(f"/search.{form}?q=ferry")
    assert response.status_code == 400
    said = response.content.decode()
    assert (json.loads(said)["error"] if form in ("json", "jsonl") else said.strip()) == "Leave out a word."


def refuse(*_asked: Any, **_how: Any) -> None:
    raise QueryRefused("Leave out a word.")


def test_what_was_withdrawn_is_in_no_answer_though_the_index_lags(client: Client):
    for number in range(3):
        make_article(f"Ferry {number}")
    bring_up_to_date()
    Article.objects.filter(title="Ferry 1").update(status=Status.WITHHELD)
    found = answer(client, "/search.json?q=ferry")
    assert sorted(row["title"] for row in found["results"]) == ["Ferry 0", "Ferry 2"]
    assert found["total"] == found["count"] == 2


@pytest.mark.parametrize("address", ["/search.json", "/articles.csv", "/openapi.json", "/opensearch.xml"])
def test_only_reading_is_allowed(client: Client, address: str):
    assert client.head(address).status_code == 200
    for method in (client.post, client.put, client.delete):
        assert method(address).status_code == 405


def test_any_script_and_direction_is_written_as_it_is(client: Client):
    make_article("中国的桥", text="جسر")
    bring_up_to_date()
    for address in ("/search.json?q=中国", "/articles.json", "/articles.jsonl"):
        text = b"".join(client.get(address)).decode()
        assert "中国的桥" in text
        assert "جسر" in text


# Lists of names


def test_all_names_of_a_kind_are_listed_with_what_leads_to_them(client: Client):
    make_article(tags=("Ferry", "Ice"), source="The Gazette")
    make_article(tags=("Ferry",), source="The Gazette")
    ferry = Tag.objects.get(name="Ferry")
    naming.rename(ferry, "Ferries")
    naming.know_as(ferry, ["Ferry", "Packet boats"])
    Tag.objects.filter(pk=ferry.pk).update(description="Boats & <such>.")
    found = answer(client, "/tags.json")
    assert {**found, "results": None} == {
        "question": "Tags", "url": "http://testserver/tags/", "total": 2, "notes": [], "results": None, "count": 2,
    }  # fmt: skip
    assert found["results"][0] == {
        "name": "Ferries",
        "slug": "ferries",
        "url": "http://testserver/tag/ferries/",
        "count": 2,
        "description": "Boats & <such>.",
        "aliases": [{"name": "Ferry", "slug": "ferry"}, {"name": "Packet boats", "slug": "packet-boats"}],
    }
    assert [name["name"] for name in found["results"]] == ["Ferries", "Ice"]
    assert client.head("/tags.json")["X-Archive-Count"] == "2"
    source = answer(client, "/sources.json")["results"][0]
    assert (source["name"], source["count"], source["homepage"]) == ("The Gazette", 2, "")


def test_a_former_name_leads_to_the_present_one(client: Client):
    make_article(tags=("Ferry", "Ice"))
    naming.rename(Tag.objects.get(name="Ferry"), "Ferries")
    for called in ("FERRY ", "ferries"):
        found = answer(client, f"/tags.json?name={called}")
        assert [name["name"] for name in found["results"]] == ["Ferries"]
        assert (found["total"], found["count"]) == (1, 1)
    assert found["question"] == "Tags called “ferries”"
    assert answer(client, "/tags.json?name=boat%00s")["results"] == []
    (alias,) = found["results"][0]["aliases"]
    assert client.get(f"/tag/{alias['slug']}.json").url == "/tag/ferries.json"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHHELD])
def test_names_of_what_is_not_published_are_in_no_list(client: Client, status: Status):
    names = {"source": "Secret", "sections": ("Secret",), "tags": ("Secret",), "authors": ("Secret",)}
    make_article(status=status, **names)
    trash.discard([make_article(**names).pk])
    naming.know_as(Tag.objects.get(name="Secret"), ["Hidden"])
    for kinds in ("sources", "sections", "tags", "authors"):
        for asked in ("", "?name=Secret", "?name=Hidden"):
            assert answer(client, f"/{kinds}.json{asked}")["results"] == []


def test_a_long_list_of_names_is_whole_and_what_it_asks_grows_with_its_pages(client: Client):
    article = make_article()
    tags = [Tag(name=f"Tag {number}", key=f"tag {number:04}", slug=f"tag-{number}") for number in range(620)]
    Tag.objects.bulk_create(tags)
    ArticleTag.objects.bulk_create(ArticleTag(article=article, tag=tag) for tag in Tag.objects.all())
    with CaptureQueriesContext(connection) as asked:
        found = answer(client, "/tags.json")
    assert [name["slug"] for name in found["results"]] == [f"tag-{number}" for number in range(620)]
    assert found["count"] == found["total"] == 620
    assert len(asked) <= 2 * 7 + 3
