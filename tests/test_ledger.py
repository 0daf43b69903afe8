"""The books that the database keeps: they agree with a recount, whatever is done and however."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from articles.models import Article, ArticleTag, Author, Image, IndexBacklog, Period, Section, Source, Tag
from articles.records import Status

from .makers import file_under, make_article, make_source

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    return dict(Period.objects.filter(published_count__gt=0).values_list("label", "published_count"))


def awaiting() -> set[int]:
    return set(IndexBacklog.objects.values_list("article_id", flat=True))


def recount_disagrees() -> list[str]:
    """Every name or period whose count or copied key is not what a recount gives."""
    published = Article.objects.published()
    wrong = [f"{row}" for row in Source.objects.all() if row.published_count != published.filter(source=row).count()]
    for model, field in ((Tag, "tags"), (Section, "sections"), (Author, "authors")):
        wrong += [
            f"{row}" for row in model.objects.all() if row.published_count != published.filter(**{field: row}).count()
        ]
    links = ArticleTag.objects.select_related("article")
    wrong += [
        f"link {link.pk}"
        for link in links
        if (link.status, link.earliest) != (link.article.status, link.article.earliest)
    ]
    expected = {"all": published.count(), "undated": published.undated().count()}
    for label in Period.objects.filter(kind="year").values_list("label", flat=True):
        expected[label] = published.in_year(int(label)).count()
    for label in Period.objects.filter(kind="month").values_list("label", flat=True):
        expected[label] = published.in_month(int(label[:4]), int(label[5:])).count()
    wrong += [label for label, count in expected.items() if Period.objects.count_of(label) != count]
    return wrong


def test_a_published_article_counts_in_its_source_names_and_periods():
    make_article(
        date="1923-05-30", source="The Harbour Gazette", tags=("flood",), sections=("Local",), authors=("A. Day",)
    )
    assert counts() == {"all": 1, "1923": 1, "1923-05": 1, "1923-05-30": 1}
    assert Source.objects.get().published_count == 1
    assert Tag.objects.get().published_count == 1
    assert Section.objects.get().published_count == 1
    assert Author.objects.get().published_count == 1


def test_an_article_known_by_its_year_counts_in_no_month_and_an_undated_one_in_no_year():
    make_article(date="1923")
    make_article(date="1923-05")
    make_article()
    assert counts() == {"all": 3, "undated": 1, "1923": 2, "1923-05": 1}


def test_withholding_in_bulk_takes_articles_out_of_every_count():
    make_article(date="1923-05-30", source="The Harbour Gazette", tags=("flood",))
    make_article(date="1924", tags=("flood",))
    Article.objects.update(status=Status.WITHHELD)
    assert counts() == {}
    assert Tag.objects.get().published_count == 0
    Article.objects.update(status=Status.PUBLISHED)
    assert counts()["all"] == 2
    assert Tag.objects.get().published_count == 2


def test_every_change_of_an_article_awaits_indexing_and_so_does_its_end():
    article = make_article(tags=("flood",))
    IndexBacklog.objects.all().delete()
    Article.objects.filter(pk=article.pk).update(title="Another")
    assert awaiting() == {article.pk}
    IndexBacklog.objects.all().delete()
    Image.objects.create(article=article, caption="The quay")
    assert awaiting() == {article.pk}
    IndexBacklog.objects.all().delete()
    Tag.objects.update(name="floods")
    assert awaiting() == {article.pk}
    IndexBacklog.objects.all().delete()
    number = article.pk
    article.delete()
    assert awaiting() == {number}


def test_a_change_made_while_an_article_awaits_indexing_raises_its_number():
    article = make_article()
    before = IndexBacklog.objects.get().seq
    Article.objects.filter(pk=article.pk).update(title="Another")
    assert IndexBacklog.objects.get().seq == before + 1


def test_links_made_in_bulk_with_conflicts_ignored_are_counted_once():
    article = make_article(date="1923", tags=("flood",))
    tag = Tag.objects.get()
    ArticleTag.objects.bulk_create([ArticleTag(article=article, tag=tag)], ignore_conflicts=True)
    tag.refresh_from_db()
    assert tag.published_count == 1
    assert IndexBacklog.objects.count() == 1


def test_a_renamed_source_sends_its_articles_to_be_indexed_again():
    article = make_article(source="The Harbour Gazette")
    make_article(source="Another paper")
    IndexBacklog.objects.all().delete()
    Source.objects.filter(pk=article.source_id).update(name="The Gazette")
    assert awaiting() == {article.pk}


@pytest.mark.parametrize("seed", range(5))
def test_after_any_run_of_changes_the_books_agree_with_a_recount(seed: int):
    chance = random.Random(seed)
    dates = ["", "1899", "1923-05", "1923-05-30", "1923-05-30T18:45", "2017-06-13"]
    for _ in range(60):
        article = Article.objects.order_by("?").first()
        act = chance.choice(["make", "make", "move", "status", "tag", "delete", "source"])
        if act == "make" or article is None:
            make_article(date=chance.choice(dates), source=chance.choice(["", "A", "B"]), tags=(chance.choice("xyz"),))
        elif act == "move":
            other = make_article(date=chance.choice(dates))
            values = Article.objects.filter(pk=other.pk).values("earliest", "latest", "precision", "known").get()
            Article.objects.filter(pk=article.pk).update(**values)
        elif act == "status":
            Article.objects.filter(pk=article.pk).update(status=chance.choice(list(Status)))
        elif act == "tag":
            ArticleTag.objects.filter(article=article).delete()
            file_under(article, tags=(chance.choice("xyz"),), sections=(chance.choice("pq"),))
        elif act == "source":
            Article.objects.filter(pk=article.pk).update(source=make_source(chance.choice("AB")))
        else:
            article.delete()
    assert recount_disagrees() == []


@pytest.mark.parametrize("descending", [True, False])
def test_the_newest_of_a_tag_are_found_by_one_walk_along_its_index(descending: bool):
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read from SQLite")
    tag = Tag.objects.create(name="flood")
    order = ["-earliest", "-article"] if descending else ["earliest", "article"]
    plan = ArticleTag.objects.published().filter(tag=tag, earliest__isnull=False).order_by(*order)[:20].explain()
    assert "tag_shelf" in plan
    assert "TEMP B-TREE" not in plan
