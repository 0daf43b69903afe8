"""Each moment in the admin is written in one way, for people and for programs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from articles.models import Article, FollowedSearch, ImportJob, Original

from ..makers import make_article

pytestmark = pytest.mark.django_db

WHEN = dt.datetime(2024, 6, 3, 14, 2, 7, tzinfo=dt.UTC)
WORDS = "3 June 2024, 14:02 UTC"
SHOWN = f'<time datetime="2024-06-03T14:02:07Z">{WORDS}</time>'


@pytest.fixture
def article(boss) -> Article:
    """All that the admin says of it happened at one moment."""
    user = User.objects.get(username="boss")
    original = Original.objects.create(sha256="ab" * 32, size=3, received_at=WHEN, verified_at=WHEN, intact=True)
    ImportJob.objects.create(label="The upload", created_at=WHEN, state="done", finished_at=WHEN)
    FollowedSearch.objects.create(name="Ferries", slug="ferries", query="q=ferry", created_at=WHEN)
    article = make_article("The ferry", original=original)
    kind = ContentType.objects.get_for_model(Article)
    entry = LogEntry(user=user, content_type=kind, object_id=article.pk, object_repr="x", action_flag=CHANGE)
    entry.action_time = WHEN
    entry.save()
    Article.objects.update(created_at=WHEN, modified_at=WHEN, edited_at=WHEN, trashed_at=None)
    return article


@pytest.mark.parametrize(
    ("place", "times"),
    [
        ("importjob/", 1),
        ("importjob/{job}/receipt/", 1),
        ("original/", 2),
        ("original/{original}/change/", 2),
        ("followedsearch/", 1),
        ("article/{article}/change/", 5),
        ("article/{article}/history/", 0),
    ],
)
def test_a_moment_is_written_in_one_way(boss, article, place, times):
    numbers = {"job": ImportJob.objects.get().pk, "original": article.original_id, "article": article.pk}
    page = boss.get(f"/admin/articles/{place.format(**numbers)}").content.decode()
    assert page.count(SHOWN) == times
    # Django writes the page of a history.
    assert page.count(WORDS) == max(times, 1)


@pytest.mark.parametrize("place", ["", "admin/logentry/"])
def test_so_are_those_of_the_first_page_and_of_the_log(boss, article, place):
    assert SHOWN in boss.get(f"/admin/{place}").content.decode()


def test_a_date_of_publication_in_the_list_can_be_read_by_programs(editor):
    make_article("The ferry", date="1923-05")
    assert '<time datetime="1923-05">May 1923</time>' in editor.get("/admin/articles/article/").content.decode()
