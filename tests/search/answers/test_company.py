"""What names are found with and when: the same from the index, from an index that lags, and from the database."""

from __future__ import annotations

import pytest

from articles import search
from articles.models import Article, IndexBacklog
from articles.records import Status
from articles.search import Question, company
from articles.search.answers import company as counting

from ...makers import file_under, make_article
from ..indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]
ICE = Question(filters=(("tag", "ice"),))


def make_winter() -> None:
    for date in ("1911-01-02", "1911-02", "1913-05-06"):
        make_article(date=date, source="The Gazette", tags=("ice", "river"), authors=("Ann Day",))
    make_article(date="1920-01-01", tags=("ice",), sections=("Letters",))
    make_article(date="1921-01-01", tags=("river",))


def told(question: Question = ICE) -> tuple:
    found = company(question, most=5, daily=True)
    bars = [(bar.label, bar.hits) for bar in found.chart.bars] if found.chart else []
    names = {kind: [(other.name, other.count) for other in others] for kind, others in found.names.items() if others}
    return found.total, bars, sorted(found.days), names, found.note


WINTER = (
    4,
    [("1911", 2), ("1913", 1), ("1920", 1)],
    ["1911-01-02", "1913-05-06", "1920-01-01"],
    {"source": [("The Gazette", 3)], "section": [("Letters", 1)], "tag": [("river", 3)], "author": [("Ann Day", 3)]},
    "",
)


def test_it_is_the_same_from_the_index_and_from_the_database():
    make_winter()
    without_an_index = told()
    bring_up_to_date()
    assert told() == without_an_index == WINTER


def test_it_is_right_while_the_index_has_not_taken_in_what_changed():
    make_winter()
    bring_up_to_date()
    fresh, gone, changed = (make_article(date="1930-01-01", tags=("ice", "snow")) for _ in range(3))
    bring_up_to_date()
    Article.objects.filter(pk=gone.pk).update(status=Status.WITHHELD)
    file_under(changed, tags=("thaw",))
    make_article(date="1931-01-01", tags=("ice", "snow"))
    assert IndexBacklog.objects.exists()
    lagging = told()
    bring_up_to_date()
    assert lagging == told()
    assert lagging[0] == 4 + 3
    assert lagging[3]["tag"] == [("river", 3), ("snow", 3), ("thaw", 1)]
    assert fresh.pk


def test_a_name_that_only_what_awaits_indexing_makes_common_is_counted_with_the_rest():
    for number in range(3):
        make_article(tags=("ice", "river"))
        make_article(tags=("ice", *(f"other {number} {each}" for each in range(2))))
    make_article(tags=("ice", "snow"))
    bring_up_to_date()
    for _ in range(3):
        make_article(tags=("ice", "snow"))
    assert [(other.name, other.count) for other in company(ICE, ("tag",), 2).names["tag"]] == [
        ("snow", 4),
        ("river", 3),
    ]


def test_where_more_awaits_indexing_than_can_be_counted_the_database_answers(monkeypatch):
    make_winter()
    bring_up_to_date()
    make_article(tags=("ice",))
    monkeypatch.setattr(counting, "AWAITING", 0)
    monkeypatch.setattr(counting.asking, "Asker", None)
    assert told()[0] == 5


def test_of_too_many_for_the_database_the_number_is_right_and_a_note_says_that_the_rest_is_not_counted(monkeypatch):
    make_winter()
    monkeypatch.setattr(counting, "MOST", 3)
    total, bars, days, names, note = told()
    assert (total, bars, days, names) == (4, [], [], {})
    assert "counted again when the search index is ready" in note


def test_the_count_of_a_name_is_what_its_address_finds():
    make_winter()
    bring_up_to_date()
    for others in company(ICE, most=5).names.values():
        for other in others:
            facet = next(kind for kind in company(ICE, most=5).names if other in company(ICE, most=5).names[kind])
            assert search.total(ICE.narrowed(facet, other.slug)) == other.count
            assert other.url == ICE.narrowed(facet, other.slug).url()


def test_what_is_of_one_year_is_shown_by_less_than_years():
    for date in ("1911-01-02", "1911-03-04"):
        make_article(date=date, tags=("ice",))
    chart = company(ICE, most=1).chart
    assert chart
    assert chart.unit != "year"
