"""Pages: all of them together are the whole answer, in order, once."""

from __future__ import annotations

import pytest
from haystack.query import SearchQuerySet

from articles import search
from articles.models import Article
from articles.search import Question, Sort, find
from tests.makers import make_article
from tests.search.indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]

DATES = ["1911-04-02", "", "2017-05-30", "1923", "1923-05", "2017-05-30T18:45", "1999-12-31"]


def keys(results) -> list[int]:
    return [int(result.pk) for result in results]


def test_the_windows_of_an_answer_are_the_answer_for_every_number_of_articles_and_size_of_page():
    for number in range(31):
        if number:
            make_article(f"Ferry {number}", text="ferry " * (number % 5 + 1), date=DATES[number % len(DATES)])
        bring_up_to_date()
        asked = SearchQuerySet().filter(content="ferry")
        for order in ((), ("-earliest",), ("earliest",)):
            ordered = asked.order_by(*order)
            whole = keys(ordered[: number + 5])
            assert len(whole) == len(set(whole)) == number == ordered.count()
            for size in range(1, 8):
                pages = [keys(ordered.all()[start : start + size]) for start in range(0, number + size, size)]
                assert [key for page in pages for key in page] == whole


def make_ferries(number: int) -> None:
    for at in range(number):
        make_article(f"Ferry {at}", text="The ferry. " * (at % 3 + 1), date=DATES[at % len(DATES)])
    bring_up_to_date()


@pytest.mark.parametrize("asked", [Question("ferry"), Question(), Question(filters=(("known", "printed"),))])
@pytest.mark.parametrize("sort", list(Sort))
def test_the_pages_of_a_question_list_as_many_as_it_says_each_once(asked, sort):
    make_ferries(23)
    for size in (1, 4, 7, 23, 50):
        pages = [find(Question(asked.text, sort, 1, size, asked.filters))]
        pages += [find(pages[0].question.with_(page=number)) for number in range(2, pages[0].pages + 1)]
        shown = [hit.article.pk for page in pages for hit in page.hits]
        assert {page.total for page in pages} == {len(shown)} == {len(set(shown))}
        assert not any(page.degraded for page in pages)


def test_a_page_past_the_last_is_the_last():
    make_ferries(5)
    for asked in (Question("ferry", size=2, page=99), Question(size=2, page=99)):
        page = find(asked)
        assert (page.question.page, page.pages, len(page.hits)) == (3, 3, 1)


def test_undated_articles_come_last_both_ways_and_ties_are_in_the_order_of_the_database():
    make_ferries(14)
    newest = list(Article.objects.newest().values_list("pk", flat=True))
    assert [hit.article.pk for hit in find(Question("ferry", Sort.NEWEST, size=14)).hits] == newest
    oldest = [hit.article for hit in find(Question("ferry", Sort.OLDEST, size=14)).hits]
    dated = [article for article in oldest if article.earliest]
    assert dated == sorted(dated, key=lambda article: (article.earliest, -article.pk))
    assert all(article.earliest is None for article in oldest[len(dated) :])
    assert [hit.article.pk for hit in find(Question(sort=Sort.OLDEST, size=14)).hits] == [
        article.pk for article in oldest
    ]


def test_articles_of_one_score_come_newest_first():
    made = [make_article("Ferry", text="Same.", date=date) for date in ("1999", "", "2017", "1911", "2017")]
    bring_up_to_date()
    shown = [hit.article.pk for hit in find(Question("ferry")).hits]
    assert shown == [made[at].pk for at in (4, 2, 0, 3, 1)]


def test_the_order_does_not_depend_on_how_the_index_came_about():
    def shown() -> dict[Sort, list[int]]:
        return {sort: [hit.article.pk for hit in find(Question("ferry", sort, size=50)).hits] for sort in Sort}

    make_ferries(9)
    for at in range(9, 30):
        make_article(f"Ferry {at}", text="The ferry. " * (at % 3 + 1), date=DATES[at % len(DATES)])
        bring_up_to_date()
    bit_by_bit = shown()
    search.rebuild()
    assert shown() == bit_by_bit
    assert all(len(keys) == 30 for keys in bit_by_bit.values())


def test_years_before_1900_are_in_order():
    for date in ("1899-12-31", "1850", "0987", "1900"):
        make_article("Ferry", date=date)
    bring_up_to_date()
    shown = [hit.article.earliest.year for hit in find(Question("ferry", Sort.OLDEST)).hits]
    assert shown == [987, 1850, 1899, 1900]
