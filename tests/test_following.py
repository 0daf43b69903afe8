"""Followed searches: named pages that tell what is new in the archive since the reader looked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from articles import following
from articles.following import LAG, LOOK, Look, asked
from articles.models import Article, FollowedSearch
from articles.records import Status
from articles.search import Question, Sort
from articles.search.asking import Asker

from .makers import make_article
from .reading import link_on
from .search.indexes import bring_up_to_date, use_index_in

NOON = int(dt.datetime(2026, 5, 30, 12, tzinfo=dt.UTC).timestamp())
HOUR = 3600


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the clock of the pages."""
    return lambda now: monkeypatch.setattr(following.time, "time", lambda: float(now))


def store(title: str, when: int, **values) -> Article:
    moment = dt.datetime.fromtimestamp(when, dt.UTC)
    return make_article(title, text="The ferry.", created_at=moment, **values)


@pytest.fixture
def follow(db) -> FollowedSearch:
    store("Ferry, of old", NOON - 30 * 24 * HOUR, date="1911")
    store("Ferry of 2020", NOON - 20 * 24 * HOUR, date="2020")
    bring_up_to_date()
    return FollowedSearch.objects.create(
        name="The <b>ferry</b>", slug="the-ferry", query="q=ferry", description="All of <it>."
    )


def text(client: Client, address: str = "/followed/the-ferry/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# The page


def test_a_followed_search_has_a_page_of_its_own(client, follow):
    page = text(client)
    assert "The &lt;b&gt;ferry&lt;/b&gt;" in page
    assert "All of &lt;it&gt;." in page
    assert "2 articles" in page
    assert page.index("Ferry</mark> of 2020") < page.index("Ferry</mark>, of old")
    assert "From now on" in page
    assert client.get("/followed/none/").status_code == 404
    assert client.post("/followed/the-ferry/").status_code == 405


def test_what_came_in_since_the_last_look_is_told_and_stands_first(client, follow, at):
    at(NOON)
    text(client)
    at(NOON + HOUR)
    assert "Nothing new in the archive since 30 May 2026, 12:00 UTC" in text(client)
    store("Ferry, just in", NOON + 2 * HOUR, date="1905")
    store("Another thing", NOON + 2 * HOUR, date="1905", standfirst="x")
    bring_up_to_date()
    at(NOON + 3 * HOUR)
    page = text(client)
    assert "2 new in the archive since 30 May 2026, 13:00 UTC" in page
    assert page.index("just in") < page.index("Held before") < page.index("of 2020")
    assert page.count("just in</a>") == 1


def test_what_is_new_stays_so_for_the_length_of_a_look(client, follow, at):
    at(NOON)
    text(client)
    store("Ferry, just in", NOON + HOUR)
    bring_up_to_date()
    for minutes in (120, 140, 160):
        at(NOON + minutes * 60)
        assert "1 new in the archive since 30 May 2026, 12:00 UTC" in text(client)
    at(NOON + 160 * 60 + LOOK + 1)
    assert "Nothing new in the archive since 30 May 2026, 14:40 UTC" in text(client)


def test_what_was_stored_before_and_is_published_later_is_shown_and_not_called_new(client, follow, at):
    draft = store("Ferry, long a draft", NOON - 9 * 24 * HOUR, status=Status.DRAFT)
    at(NOON)
    text(client)
    Article.objects.filter(pk=draft.pk).update(status=Status.PUBLISHED)
    bring_up_to_date()
    at(NOON + HOUR)
    page = text(client)
    assert "long a draft" in page
    assert "Nothing new in the archive since" in page


def test_only_what_is_new_is_shown_at_an_address_of_its_own(client, follow, at):
    at(NOON)
    text(client)
    store("Ferry, just in", NOON + HOUR)
    bring_up_to_date()
    at(NOON + 2 * HOUR)
    address = link_on(text(client), ">Show only new")
    assert parse_qs(urlsplit(address).query)["stored"] == ["2026-05-30T11:55"]
    only = text(client, address)
    assert "just in" in only
    assert "of 2020" not in only


def test_what_came_in_a_moment_before_a_look_is_told_rather_than_lost(client, follow, at):
    at(NOON)
    text(client)
    store("Ferry, in between", NOON - LAG + 60)
    bring_up_to_date()
    at(NOON + HOUR)
    assert "1 new in the archive since" in text(client)


def test_what_is_withheld_is_not_new_and_not_shown_though_it_is_indexed(client, follow, at):
    at(NOON)
    text(client)
    article = store("Ferry, secret", NOON + HOUR)
    bring_up_to_date()
    Article.objects.filter(pk=article.pk).update(status=Status.WITHHELD)
    at(NOON + 2 * HOUR)
    for address in ("/followed/the-ferry/", "/followed/"):
        page = text(client, address)
        assert "secret" not in page
        assert "1 new" not in page
        assert "2 articles" in page


def test_while_the_index_is_away_the_database_answers(client, follow, at, monkeypatch, tmp_path):
    at(NOON)
    text(client)
    store("The ferry, just in", NOON + HOUR)
    use_index_in(monkeypatch, tmp_path / "none")
    at(NOON + 2 * HOUR)
    page = text(client)
    assert "1 new in the archive since" in page
    assert "comes from the database" in page
    page = text(client, "/followed/")
    assert "The &lt;b&gt;ferry&lt;/b&gt;" in page
    assert "articles</p>" not in page


# The cookie


def test_the_cookie_is_kept_from_scripts_and_the_page_from_caches(client, follow, settings):
    answer = client.get("/followed/the-ferry/")
    cookie = answer.cookies[f"looked-{follow.pk}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/followed/"
    assert cookie["max-age"] == 365 * 24 * HOUR
    assert not cookie["secure"]
    for address in ("/followed/the-ferry/", "/followed/"):
        answer = client.get(address)
        assert "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]
    settings.HTTPS = True
    assert client.get("/followed/the-ferry/").cookies[f"looked-{follow.pk}"]["secure"]


@pytest.mark.parametrize("cookie", ["", "x", "1", "1.2.3", "-1.5", f"1.{NOON + 99}", "9" * 30, "<script>", f"{NOON}.0"])
def test_a_cookie_that_is_none_means_a_first_look(client, follow, at, cookie):
    at(NOON)
    client.cookies[f"looked-{follow.pk}"] = cookie
    page = text(client)
    assert Look.after(cookie, NOON) in (Look(0, NOON), Look(1, NOON))
    assert "<script>" not in page.split("<main")[1]


def test_a_look_begins_where_the_one_before_ended():
    first = Look.after("", NOON)
    assert first == Look.after("٣.٤", NOON) == Look(0, NOON)
    assert Look.after(str(first), NOON + LOOK) == Look(0, NOON + LOOK)
    second = Look.after(str(first), NOON + LOOK + 1)
    assert second == Look(NOON, NOON + LOOK + 1)
    assert Look.after(str(second), NOON + LOOK + 2) == Look(NOON, NOON + LOOK + 2)


def test_a_search_of_what_came_in_later_still_stays_so():
    question = Question("ferry", stored="2027-01-01T00:00")
    assert Look(NOON, NOON).new(question).stored == "2027-01-01T00:00"


# The list and the feed


def test_the_list_tells_of_each_what_it_has_and_what_is_new(client, follow, at):
    FollowedSearch.objects.create(name="Too much", slug="too-much", query="q=a*+OR+b*+OR+%3F%3F*")
    at(NOON)
    text(client)
    store("Ferry, just in", NOON + HOUR)
    bring_up_to_date()
    at(NOON + 2 * HOUR)
    page = text(client, "/followed/")
    assert "3 articles" in page
    assert "1 new in the archive since 30 May 2026, 12:00 UTC" in page
    assert "Too much" in page


def test_totals_are_counted_once_for_all_readers_until_something_changes(client, follow, monkeypatch):
    counted: list[Question] = []
    total = Asker.total
    monkeypatch.setattr(Asker, "total", lambda asker, question: counted.append(question) or total(asker, question))

    def visited() -> tuple[str, int]:
        counted.clear()
        numbers = re.search(r"[0-9]+ articles?</", text(Client(), "/followed/").split("<main")[1])
        return numbers[0].removesuffix("</") if numbers else "", len(counted)

    assert visited() == ("2 articles", 1)
    assert visited() == ("2 articles", 0)
    gone = Article.objects.get(title="Ferry of 2020")
    Article.objects.filter(pk=gone.pk).update(status=Status.WITHHELD)
    assert visited() == ("1 article", 1)
    assert visited() == ("1 article", 0)
    bring_up_to_date()
    assert visited() == ("1 article", 1)
    FollowedSearch.objects.update(query="q=nothing")
    assert visited()[1] == 1


def test_an_empty_list_says_so(client, db):
    assert "No search is followed yet." in text(client, "/followed/")


def test_the_footer_leads_to_the_list_once_there_is_something_in_it(client, db):
    cache.clear()
    assert "/followed/" not in text(client, "/").split("<footer")[1]
    cache.clear()
    FollowedSearch.objects.create(name="Ferry", slug="ferry", query="q=ferry")
    assert "/followed/" in text(client, "/").split("<footer")[1]
    cache.clear()


def test_the_feed_is_that_of_the_search_as_it_is_now(client, follow):
    page = text(client)
    assert 'type="application/atom+xml" title="News Archive: The &lt;b&gt;ferry&lt;/b&gt;"' in page
    answer = client.get("/followed/the-ferry.atom")
    address = urlsplit(answer["Location"])
    assert (answer.status_code, address.path) == (302, "/search.atom")
    assert parse_qs(address.query) == {"q": ["ferry"], "sort": ["newest"], "newest": ["50"]}
    assert client.get(answer["Location"]).status_code == 200
    assert client.get("/followed/none.atom").status_code == 404


# What can be followed


@pytest.mark.parametrize(
    "given",
    [
        "ferry tag:ice",
        "q=ferry+tag%3Aice",
        "?q=ferry+tag:ice&page=3&sort=oldest",
        "/search/?q=ferry+tag:ice&view=lines",
        "https://archive.example/search/?q=ferry%20tag%3Aice#x",
    ],
)
def test_words_a_query_and_an_address_say_the_same(given):
    assert asked(given) == Question("ferry tag:ice", sort=Sort.NEWEST)
    assert asked(given).notes == ()


@pytest.mark.django_db
def test_words_with_a_sign_of_equality_are_words():
    assert asked("=Ferry").text == "=Ferry"
    assert asked("a=b").text == "a=b"
    assert asked("tag=ice").filters == (("tag", "ice"),)


def test_what_cannot_be_read_is_told():
    assert asked("q=ferry&from=yesterday").notes


@pytest.mark.parametrize("given", ["http://[", "https://[::1/search/?q=ferry", "q=ferry" + "&tag=ice" * 2000])
def test_an_address_that_cannot_be_read_asks_for_nothing_and_is_told(given):
    question = asked(given)
    assert question.is_open
    assert question.notes == (following.UNREADABLE,)
