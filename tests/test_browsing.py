"""The pages of names, of tags together, of any 13 April, and one article by chance."""

from __future__ import annotations

import json
import re
from collections import Counter
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.test import Client

from articles import naming, shelves
from articles.models import Article, Source, Tag
from articles.records import Status

from .makers import make_article, make_source
from .reading import page_at, titles_on, total_on
from .test_pages import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def winter() -> None:
    make_article("Both", date="1911-02-03", tags=("ice", "river"), source="The Gazette", authors=("Ann Day",))
    make_article("All three", date="1920-02-03", tags=("ice", "river", "ferry"), source="The Gazette")
    make_article("Ice alone", date="1913-05-06", tags=("ice",))
    make_article("River alone", date="1913-05-07", tags=("river",))


# -- the page of a name


def test_a_tag_names_the_tags_beside_it_with_the_count_of_both_and_leads_to_them_together(winter):
    page = page_at("/tag/ice/")
    assert '<a href="/tag/ice+river/" dir="auto" rel="nofollow">river</a> <span class="count">2</span>' in page
    assert '<a href="/tag/ferry+ice/" dir="auto" rel="nofollow">ferry</a> <span class="count">1</span>' in page
    assert total_on(page_at("/tag/ice+river/")) == 2


def test_a_name_shows_what_of_other_kinds_is_beside_it_and_leads_to_a_search_of_both(winter):
    page = page_at("/source/the-gazette/")
    assert '<a href="/search/?source=the-gazette&amp;tag=ferry"' in page
    assert '<a href="/search/?author=ann-day&amp;source=the-gazette"' in page
    assert '<a href="/search/?source=the-gazette&amp;tag=ice"' in page_at("/tag/ice/")


def test_a_name_shows_when_there_are_articles_each_year_a_search_of_that_name_in_that_year(winter):
    page = page_at("/tag/ice/")
    assert '<a href="/search/?tag=ice&amp;from=1913&amp;to=1913" tabindex="-1"><title>1913: 1 of 2 held' in page
    assert "As a table" in page


def test_a_source_tells_its_longest_times_with_nothing_held_and_leads_to_its_coverage():
    for date in ("1931-05-01", "1931-05-02", "1931-06-10", "1931-06-12", "1931-07"):
        make_article(date=date, source="The Gazette")
    page = re.sub(r"\s+", " ", re.sub("<[^>]*>", "", page_at("/source/the-gazette/")))
    assert "No day has an article from 3 May 1931 to 9 June 1931 (38 days)." in page
    assert "11 June" not in page
    assert 'href="/coverage/the-gazette/"' in page_at("/source/the-gazette/")


def test_a_payload_in_a_name_beside_stays_text(client: Client):
    make_article(tags=("ice", "<script>alert(1)</script>"))
    for address in ("/tag/ice/", "/tags/", "/tags/by-count/"):
        assert "<script>alert" not in page_at(address)
    [other] = Tag.objects.exclude(slug="ice")
    assert "<script>alert" not in page_at(f"/tag/{'+'.join(sorted(['ice', other.slug]))}/")


# -- tags together


def test_tags_together_show_the_articles_that_have_them_all(winter):
    page = page_at("/tag/ferry+ice+river/")
    assert titles_on(page) == ["All three"]
    assert "<h1" in page
    assert "Articles tagged ferry, ice and river" in page
    assert titles_on(page_at("/tag/ice+river/?order=oldest")) == ["Both", "All three"]


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("/tag/river+ice/", "/tag/ice+river/"),
        ("/tag/river+ice/?order=oldest", "/tag/ice+river/?order=oldest"),
        ("/tag/ice+river+ice/", "/tag/ice+river/"),
        ("/tag/ice+ice/", "/tag/ice/"),
        ("/tag/frost+river/", "/tag/ice+river/"),
        ("/tag/frost+ice/", "/tag/ice/"),
        ("/tag/river+ice.csv", "/tag/ice+river.csv"),
        ("/tag/river+frost.atom?newest=5", "/tag/ice+river.atom?newest=5"),
    ],
)
def test_any_order_and_any_former_name_leads_to_one_address_in_one_step(client: Client, winter, asked, right):
    naming.know_as(Tag.objects.get(slug="ice"), ["Frost"])
    answer = client.get(asked)
    assert (answer.status_code, answer["Location"]) == (301, right)
    assert client.get(right).status_code == 200


def test_each_of_the_tags_can_be_taken_away_and_others_added(winter):
    page = page_at("/tag/ice+river/")
    assert '<a href="/tag/river/" title="Take away">' in page
    assert '<a href="/tag/ferry+ice+river/" dir="auto" rel="nofollow">ferry</a> <span class="count">1</span>' in page
    assert '<input type="hidden" name="tag" value="ice">' in page
    assert '<input type="hidden" name="tag" value="river">' in page


def test_an_unknown_tag_is_named_beside_those_that_there_are(client: Client, winter):
    answer = client.get("/tag/ice+none+river/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no tag “none”." in page
    assert 'href="/tag/ice/"' in page
    assert 'href="/tag/ice+river/"' in page
    refusal = client.get("/tag/ice+none.json")
    assert (refusal.status_code, refusal.json()) == (404, {"error": "There is no tag “none”."})


def test_a_tag_of_nothing_that_is_published_is_unknown(client: Client, winter):
    make_article(tags=("secret", "ice"), status=Status.WITHHELD)
    assert client.get("/tag/ice+secret/").status_code == 404
    assert "secret" not in page_at("/tag/ice/")


def test_more_than_five_tags_are_refused(client: Client):
    make_article(tags=tuple("abcdef"))
    assert client.get("/tag/a+b+c+d+e/").status_code == 200
    assert "/tag/a+b+c+d+e+f/" not in page_at("/tag/a+b+c+d+e/")
    answer = client.get("/tag/a+b+c+d+e+f/")
    assert answer.status_code == 404
    assert "At most 5 tags" in answer.content.decode()


def test_tags_that_no_article_has_together_say_so(winter):
    make_article(tags=("desert",))
    page = page_at("/tag/desert+ice/")
    assert "No article has all of these tags" in page
    assert '<meta name="robots" content="noindex">' in page


def test_tags_together_are_walked_page_by_page_and_never_counted_otherwise_than_they_are_listed(client: Client):
    for number in range(70):
        make_article(f"{number}", date="1911-01-01" if number % 3 else "", tags=("ice", "river"))
        make_article(tags=("ice",))
    page, seen = page_at("/tag/ice+river/"), []
    while True:
        seen += titles_on(page)
        following = re.search(r'<a href="([^"]*)" rel="next">', page)
        if not following:
            break
        page = page_at(following[1].replace("&amp;", "&"))
    assert sorted(map(int, seen)) == [*range(70)]
    assert total_on(page) == 70
    held = json.loads(b"".join(client.get("/tag/ice+river.json")))
    assert (held["total"], len(held["results"])) == (70, 70)


def test_tags_in_any_script_can_be_asked_for_together(client: Client):
    make_article("Both", tags=("جليد", "نهر"))
    address = Tag.objects.get(name="جليد").get_absolute_url()
    assert "/tag/جليد+نهر/" in unquote(page_at(address))
    assert titles_on(page_at("/tag/جليد+نهر/")) == ["Both"]


# -- all names


def test_names_can_be_listed_the_most_used_first(winter):
    make_article(tags=("river",))
    named = re.findall(r'<a href="/tag/[^"]*" dir="auto">([^<]*)</a>', page_at("/tags/by-count/"))
    assert named == ["river", "ice", "ferry"]


def test_the_most_used_first_is_walked_without_a_gap(monkeypatch):
    for number in range(9):
        make_article(tags=tuple(f"tag {other}" for other in range(number // 2, 9)))
    monkeypatch.setattr(shelves, "NAMES_ON_A_PAGE", 2)
    address, seen = "/tags/by-count/", []
    while address:
        page = page_at(address)
        seen += re.findall(r'<a href="/tag/[^"]*" dir="auto">([^<]*)</a> <span class="count">(\d+)', page)
        following = re.search(r'<a href="([^"]*)" rel="next">', page)
        address = following[1].replace("&amp;", "&") if following else ""
    expected = sorted(Tag.objects.values_list("name", "published_count"), key=lambda pair: (-pair[1], pair[0]))
    assert seen == [(name, str(count)) for name, count in expected]


def test_a_long_list_of_names_has_its_first_letters_with_counts(client: Client, monkeypatch):
    cache.clear()
    make_article(tags=("ash", "Apple", "birch", "écorce"))
    assert "First letters" not in page_at("/tags/")
    monkeypatch.setattr(shelves, "NAMES_ON_A_PAGE", 2)
    page = page_at("/tags/")
    assert '<a href="/tags/letter/a/" dir="auto">A</a> <span class="count">2</span>' in page
    named = re.findall(r'<a href="/tag/[^"]*" dir="auto">([^<]*)</a>', page_at("/tags/letter/a/"))
    assert named == ["Apple", "ash"]
    assert client.get("/tags/letter/z/").status_code == 404
    assert client.get("/tags/letter/ab/").status_code == 404


def test_a_name_that_begins_with_no_part_of_an_address_stands_in_the_list_and_not_among_the_letters(monkeypatch):
    monkeypatch.setattr("articles.shelves.NAMES_ON_A_PAGE", 2)
    make_article("Signs", tags=("/dev/null", ".net", "Ash", "#1"))
    page = page_at("/tags/")
    assert re.findall(r'href="/tags/letter/([^"]*)/"', page) == ["%23", "a"]
    assert ".net" in page


def test_the_list_of_names_says_what_is_said_of_them(winter):
    Tag.objects.filter(slug="ice").update(description="Frozen water, and what it did to the town.")
    assert "Frozen water, and what it did to the town." in page_at("/tags/")


# -- any day of the year


def test_any_day_shows_what_appeared_on_it_newest_year_first(winter):
    make_article("Month alone", date="1915-02", tags=("ice",))
    page = page_at("/on/02-03/")
    assert titles_on(page) == ["All three", "Both"]
    assert total_on(page) == 2
    assert '<a href="/1920/02/03/">1920</a> <span class="count">1</span>' in page


def test_29_february_is_a_day_like_others():
    make_article("Leap", date="1912-02-29")
    page = page_at("/on/02-29/")
    assert titles_on(page) == ["Leap"]
    assert 'href="/on/02-28/"' in page
    assert 'href="/on/03-01/"' in page


def test_after_the_last_day_of_the_year_comes_the_first():
    assert 'href="/on/01-01/"' in page_at("/on/12-31/")
    assert 'href="/on/12-31/"' in page_at("/on/01-01/")


@pytest.mark.parametrize("address", ["/on/02-30/", "/on/13-01/", "/on/00-10/", "/on/2-3/", "/on/13-01.json"])
def test_what_is_no_day_is_not_there(client: Client, address: str):
    assert client.get(address).status_code == 404


def test_any_day_is_walked_through_all_its_years(client: Client):
    for year in range(1900, 1990):
        make_article(f"{year}", date=f"{year}-04-13")
    page, seen = page_at("/on/04-13/"), []
    while True:
        seen += titles_on(page)
        following = re.search(r'<a href="([^"]*)" rel="next">', page)
        if not following:
            break
        page = page_at(following[1].replace("&amp;", "&"))
    assert seen == [f"{year}" for year in range(1989, 1899, -1)]
    held = json.loads(b"".join(client.get("/on/04-13.json")))
    assert (held["total"], len(held["results"]), held["question"]) == (90, 90, "any 13 April")
    assert "13 April" in client.get("/on/04-13.atom?newest=5").content.decode()


def test_a_day_leads_to_the_same_day_of_all_years(winter):
    assert 'href="/on/02-03/"' in page_at("/1911/02/03/")
    assert "/on/" not in page_at("/1911/02/")


# -- what came in last


def test_what_came_in_last_stands_first_whatever_its_date(client: Client):
    for title, date in (("First in", "2020"), ("Second in", "1911"), ("Last in", "")):
        make_article(title, date=date)
    make_article("Hidden", status=Status.DRAFT)
    assert titles_on(page_at("/new/")) == ["Last in", "Second in", "First in"]
    assert "Last in" in client.get("/new.atom?newest=1").content.decode()


# -- one by chance


def test_any_article_is_one_of_those_asked_for_and_is_never_kept(client: Client, winter):
    for address, possible in [
        ("/random/", {"Both", "All three", "Ice alone", "River alone"}),
        ("/tag/ferry/random/", {"All three"}),
        ("/source/the-gazette/random/", {"Both", "All three"}),
    ]:
        answer = client.get(address)
        assert answer.status_code == 302
        assert "no-store" in answer["Cache-Control"]
        assert Article.objects.get(pk=re.findall(r"/article/(\d+)/", answer["Location"])[0]).title in possible


def test_nothing_is_shown_by_chance_where_nothing_is_published(client: Client):
    assert client.get("/random/").status_code == 404
    make_article("Hidden", status=Status.WITHHELD, tags=("ice",))
    assert client.get("/random/").status_code == 404
    assert client.get("/tag/ice/random/").status_code == 404


@pytest.mark.parametrize("drawn", [0, 60], ids=["walking", "drawing"])
def test_each_article_is_as_likely_as_another(monkeypatch, drawn: int):
    monkeypatch.setattr(shelves, "DRAWN", drawn)
    for number in range(40):
        make_article(tags=("ice",) if number % 10 == 0 else (), source="The Gazette", date="1911" if number % 3 else "")
    tag = shelves.of_name(Tag.objects.get())
    source = shelves.of_name(make_source("The Gazette"))
    assert Source.objects.get().published_count == 40
    found = Counter(shelves.one_of(tag, 4) for _ in range(200))
    assert len(found) == 4
    assert min(found.values()) > 20
    assert len({shelves.one_of(source, 40) for _ in range(400)}) == 40


def test_a_count_that_is_too_high_finds_an_article_all_the_same():
    make_article(tags=("ice",))
    listing = shelves.of_name(Tag.objects.get())
    assert {shelves.one_of(listing, 5) for _ in range(30)} == {Article.objects.get().pk}


# -- cost


@pytest.mark.parametrize(
    "address", ["/tag/ice+river/", "/on/02-03/", "/new/", "/tags/by-count/", "/source/the-gazette/", "/"]
)
def test_the_number_of_queries_does_not_grow(client: Client, winter, address: str):
    make_article(date="1930-02-03", tags=("ice", "river", "ferry"), sections=("World",), authors=("Bo",), source="Star")
    few = queries(client, address)
    for number in range(30):
        names = {"sections": (f"S {number}",), "authors": (f"A {number}",), "source": "The Gazette"}
        make_article(date=f"{1931 + number}-02-03", tags=("ice", "river", f"tag {number}"), **names)
    assert queries(client, address) <= few
