"""Pages by key: each row once, in order, at the same cost however deep."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import shelves
from articles.models import Article, ArticleTag, Period, Tag
from articles.models.ledger import PeriodKind
from articles.paging import Listing, Page, Place
from articles.records import Status

from .makers import make_article, make_source

pytestmark = pytest.mark.django_db

ORDERS = ["", "order=oldest"]


def small(listing: Listing, size: int) -> Listing:
    return Listing(listing.queryset, listing.order, listing.parts, listing.newest_first, size, listing.load)


def follow(listing: Listing, start: str, step: str) -> list[Page]:
    """The pages from `start` on, by their `next` or `previous` address."""
    pages = [listing.page(QueryDict(start), "/x/")]
    while address := getattr(pages[-1], step):
        pages.append(listing.page(QueryDict(address.partition("?")[2]), "/x/"))
        assert len(pages) < 100
    return pages


def expected(articles: list[Article], order: str) -> list[int]:
    """By date, the undated last, whatever the order."""
    sign = 1 if order else -1
    dated = sorted((a.earliest, a.pk) for a in articles if a.earliest)[::sign]
    undated = sorted(a.pk for a in articles if not a.earliest)[::sign]
    return [pk for _date, pk in dated] + undated


def numbers(pages: list[Page]) -> list[int]:
    return [article.pk for page in pages for article in page.rows]


@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dates=st.lists(st.sampled_from(["", "", "1899", "1923-05", "1923-05-30", "1923-05-30T18:45", "2017"])),
    data=st.data(),
)
def test_walking_forward_or_backward_meets_each_article_once_and_in_order(order, dates, data):
    Article.objects.all().delete()
    articles = [make_article(date=date, tags=("flood",), source="A") for date in dates]
    size = data.draw(st.integers(1, 5))
    tag, source = Tag.objects.get_or_create(name="flood")[0], make_source("A")
    for listing in (shelves.everything(), shelves.of_name(tag), shelves.of_name(source)):
        listing = small(listing, size)
        assert numbers(follow(listing, order, "next")) == expected(articles, order)
        last = f"{order}&page=last"
        assert numbers(follow(listing, last, "previous")[::-1]) == expected(articles, order)


def test_names_are_paged_by_name():
    for name in ["delta", "alpha_beta", "Charlie", "bravo"]:
        make_article(tags=(name,))
    Tag.objects.create(name="unused")
    pages = follow(small(shelves.of_names(Tag), 2), "", "next")
    assert [[tag.name for tag in page.rows] for page in pages] == [["alpha_beta", "bravo"], ["Charlie", "delta"]]
    assert not pages[0].previous
    assert not pages[1].next


def test_the_first_page_has_no_way_back_and_the_last_page_no_way_on():
    for year in range(1901, 1906):
        make_article(date=str(year))
    listing = small(shelves.everything(), 2)
    first, middle, last = follow(listing, "", "next")
    assert (first.first, first.previous) == ("", "")
    assert first.last == "/x/?page=last"
    assert middle.first == "/x/"
    assert (last.next, last.last) == ("", "")
    assert len(listing.page(QueryDict("page=last"), "/x/").rows) == 2


@pytest.mark.parametrize(
    "query",
    [
        "after=",
        "after=x",
        "after=_",
        "after=1_2_3",
        "before=20170613T000000_x",
        "before=yesterday_3",
        "after=99999999999999999999999",
        "after=20170613T000000_99999999999999999999999",
        "after=-1",
        "after=%00",
        "after=" + "9" * 5000,
        "before=1",
        "after=00010101T000000_1",
        "page=3",
        "order=sideways",
    ],
)
def test_an_address_that_asks_for_what_there_is_not_gives_the_first_page(query: str):
    article = make_article(date="1923")
    page = shelves.everything().page(QueryDict(query), "/x/")
    assert page.rows == [article]


@pytest.mark.parametrize("query", ["after=\0", "after=a%00b", "before=99"])
def test_a_list_of_names_takes_any_text_for_a_place(query: str):
    make_article(tags=("flood",))
    assert [tag.name for tag in shelves.of_names(Tag).page(QueryDict(query), "/x/").rows] == ["flood"]


def test_a_place_survives_being_written_to_the_second_and_before_the_year_1000():
    listing = shelves.everything()
    for moment in (
        dt.datetime(999, 3, 1, 4, 5, 6, tzinfo=dt.UTC),
        dt.datetime(2017, 6, 13, 1, 2, 3, 45, tzinfo=dt.UTC),
    ):
        place = Place(0, (moment, 12))
        assert listing.place(str(place)) == place


@pytest.fixture
def ties() -> Tag:
    """Many articles of one day, some of other days, some undated; every other one filed under a tag."""
    chance = random.Random(7)
    tag, source = Tag.objects.create(name="flood"), make_source("A")
    dates = [dt.datetime(1923, 5, 30, tzinfo=dt.UTC)] * 300
    dates += [dt.datetime(1923, chance.randint(1, 12), chance.randint(1, 28), tzinfo=dt.UTC) for _ in range(100)]
    dates += [None] * 100
    Article.objects.bulk_create(
        Article(
            title=f"{n}", source=source, earliest=date, precision="day" if date else "unknown", content_digest=f"{n}"
        )
        for n, date in enumerate(dates)
    )
    ArticleTag.objects.bulk_create(ArticleTag(article=article, tag=tag) for article in Article.objects.all()[::2])
    for number in range(30):
        make_source(f"{number}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return tag


def all_listings(tag: Tag) -> dict[str, Listing]:
    return {
        "article_shelf": shelves.everything(),
        "article_shelf ": shelves.undated(),
        "article_shelf  ": shelves.of_period(Period(label="1923", kind=PeriodKind.YEAR)),
        "article_shelf   ": shelves.of_period(Period(label="1923-05", kind=PeriodKind.MONTH)),
        "article_shelf    ": shelves.of_period(Period(label="1923-05-30", kind=PeriodKind.DAY)),
        "article_source_shelf": shelves.of_name(make_source("A")),
        "tag_shelf": shelves.of_name(tag),
    }


def places(listing: Listing) -> list[Place | None]:
    rows = listing.take(None, ascending=False, forward=True, size=1000)[0]
    return [None, *(listing.place_of(rows[index]) for index in (0, len(rows) // 2, len(rows) - 1))]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is read from SQLite")
def test_every_page_of_every_list_is_read_along_its_index_without_sorting(ties: Tag):
    for index, listing in all_listings(ties).items():
        for place in places(listing):
            for ascending in (True, False):
                for forward in (True, False):
                    walks = list(listing.walks(place, ascending=ascending, forward=forward))
                    assert len(walks) <= 3
                    plans = [walk[:20].explain() for walk in walks]
                    assert all(f"USING INDEX {index.strip()} (" in plan for plan in plans), plans
                    assert not any("TEMP B-TREE" in plan or "SCAN" in plan for plan in plans), plans


def test_a_page_in_the_middle_of_one_day_starts_where_the_one_before_ended(ties: Tag):
    rows = Article.objects.filter(earliest="1923-05-30T00:00Z").order_by("-id")
    place = shelves.everything().place_of(rows[200])
    (walk, *_rest) = shelves.everything().walks(place, ascending=False, forward=True)
    if connection.vendor == "sqlite":
        assert "(status=? AND earliest=? AND id<?)" in walk[:20].explain()
    assert walk[0] == rows[201]


@pytest.mark.parametrize("date", ["", "1923-05-30"])
def test_neighbours_are_the_articles_before_and_after_of_the_same_kind(date: str):
    others = "1911" if not date else ""
    make_article(date=others)
    before, here, after = (make_article(date=date) for _ in range(3))
    make_article(date=others)
    assert shelves.neighbours(here) == (before, after)
    assert shelves.neighbours(before) == (None, here)
    assert shelves.neighbours(after) == (here, None)


def test_a_withheld_article_is_on_no_page_of_any_list():
    make_article(title="Kept back", date="1923-05-30", source="A", tags=("flood",), status=Status.WITHHELD)
    make_article(title="Kept back", source="A", tags=("flood",), status=Status.DRAFT)
    tag = Tag.objects.get()
    assert not any(listing.page(QueryDict(), "/x/").rows for listing in all_listings(tag).values())
