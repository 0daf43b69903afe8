"""An archive that was begun with an older version goes on with all that it holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from articles.models import Article, IndexBacklog, Period
from articles.records import Status

from .makers import make_article

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(name: str = "") -> None:
    call_command("migrate", "articles", *([name] if name else []), verbosity=0)


def triggers() -> set[str]:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def first_version() -> Iterator[None]:
    """An archive of two articles as the first version of the tables holds it."""
    make_article("The river rose", date="1923-05-30", tags=("flood",))
    make_article("The river fell", status=Status.WITHHELD)
    migrate("0001")
    yield
    migrate()


def test_an_archive_of_the_first_version_is_brought_up_to_date_with_its_articles_and_its_books(first_version: None):
    before = triggers()
    migrate()
    assert triggers() == before
    assert "ledger_article_filed" in before
    assert set(Article.objects.values_list("title", "story")) == {("The river rose", None), ("The river fell", None)}
    assert dict(Period.objects.values_list("label", "published_count"))["1923-05-30"] == 1


def test_after_a_migration_what_changes_is_booked_again(first_version: None):
    migrate()
    IndexBacklog.objects.all().delete()
    Article.objects.filter(title="The river rose").update(status=Status.WITHHELD)
    assert [row.withdrawn for row in IndexBacklog.objects.all()] == [True]
    assert Period.objects.count_of("all") == 0
