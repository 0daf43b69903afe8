"""What stands around an article: of the same days, and like it, by date and not by chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles import surroundings
from articles.models import Article, IndexBacklog
from articles.records import Status
from articles.surroundings import around

from .makers import make_article
from .reading import page_at
from .search.indexes import bring_up_to_date, use_index_in

pytestmark = pytest.mark.django_db
STRIKE = "The dockers of the harbour struck for bread and coal."


@pytest.fixture(autouse=True)
def other_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that is not there yet, and articles of something else."""
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")
    for number in range(30):
        make_article(f"Council {number}", text="The council met and spoke of drains.", date="1926-05-12")


def strike(title: str, date: str, **values) -> Article:
    return make_article(title, text=STRIKE, date=date, **values)


def test_the_story_of_the_days_around_is_told_in_its_order_with_the_article_in_its_place():
    late, early = strike("It ends", "1926-05-30"), strike("It begins", "1926-05-01")
    article = strike("It goes on", "1926-05-12")
    strike("A strike of long ago", "1911-08-01")
    bring_up_to_date()
    assert around(article).thread == [early, article, late]
    page = page_at(article.get_absolute_url()).partition('class="thread"')[2]
    assert page.index("It begins") < page.index("This article") < page.index("It ends")


def test_what_is_in_the_thread_is_not_listed_once_more_among_what_is_like_it():
    article, near, far = strike("On", "1926-05-12"), strike("Near", "1926-05-14"), strike("Far", "1911-08-01")
    bring_up_to_date()
    found = around(article)
    assert found.thread == [article, near]
    assert found.related == [far]


def test_another_printing_stands_in_neither():
    article, other = strike("On", "1926-05-12"), strike("On", "1926-05-13")
    Article.objects.filter(pk__in=[article.pk, other.pk]).update(story=article.pk)
    article.refresh_from_db()
    bring_up_to_date()
    found = around(article)
    assert (found.thread, found.related) == ([], [])


@pytest.mark.parametrize("date", ["1926", "1926-05-02/1926-08"])
def test_an_article_whose_month_is_not_known_has_no_thread(date: str):
    article = strike("At some time", date)
    strike("It begins", "1926-05-01")
    bring_up_to_date()
    assert around(article).thread == []


@pytest.mark.parametrize("date", ["0001-01-03", "9999-12-28"])
def test_the_ends_of_time_are_no_obstacle(date: str):
    article = strike("At the end of time", date)
    near = strike("The same", date)
    bring_up_to_date()
    assert set(around(article).thread) == {article, near}


def test_what_was_withheld_a_moment_ago_is_gone_from_the_thread():
    article, hidden = strike("On", "1926-05-12"), strike("Hidden", "1926-05-14")
    bring_up_to_date()
    Article.objects.filter(pk=hidden.pk).update(status=Status.WITHHELD)
    assert IndexBacklog.objects.exists()
    assert around(article).thread == []


def test_while_the_index_is_away_only_the_order_of_dates_is_known():
    article, after = strike("On", "1926-05-13"), strike("Next", "1926-05-14")
    found = around(article)
    assert found.after == after
    assert (found.thread, found.related) == ([], [])
    assert surroundings.Surroundings().thread == ()


def test_the_words_that_tell_an_article_are_read_anew_when_the_index_has_changed():
    article, other = strike("On", "1926-05-12"), strike("Far", "1911-08-01")
    bring_up_to_date()
    assert around(article).related == [other]
    article.body_text = "The council met and spoke of drains."
    article.save()
    bring_up_to_date()
    assert around(article).related == []
