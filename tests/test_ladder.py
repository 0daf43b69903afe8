"""The ladder of takedown: each step, what an article goes back to, and that nothing else brings it back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from articles import editing, ladder, trash, undoing
from articles.ladder import Step
from articles.models import Access, Article, Reason, Result, Takedown
from articles.records import Status

from .makers import make_article
from .undoing_samples import FERRY, LATER, OTTERS, job_of

pytestmark = pytest.mark.django_db

TOMBSTONE = Step(Access.TOMBSTONE, reason=Reason.ORDER)


def standing(article: Article) -> tuple[str, str]:
    article.refresh_from_db()
    return article.access, article.status


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("access", [Access.UNLISTED, Access.STAFF, Access.TOMBSTONE])
def test_an_article_that_is_brought_back_has_the_status_that_it_had(status, access):
    article = make_article(status=status)
    ladder.move([article.pk], Step(access))
    assert standing(article)[1] == (Status.WITHHELD if article.is_hidden else status)
    ladder.move([article.pk], TOMBSTONE)
    ladder.move([article.pk], Step(Access.STAFF))
    ladder.move([article.pk], Step(Access.PUBLIC))
    assert standing(article) == (Access.PUBLIC, status)


def test_one_step_of_an_article_holds_and_all_are_kept():
    article = make_article()
    for step in (TOMBSTONE, Step(Access.STAFF), TOMBSTONE):
        ladder.move([article.pk], step)
    assert Takedown.objects.holding().get().step == Access.TOMBSTONE
    assert [step.before for step in article.takedowns.all()] == ["staff", "tombstone", "public"]


def test_a_step_to_where_an_article_stands_changes_nothing_unless_other_words_are_said():
    article = make_article()
    assert ladder.move([article.pk], Step(Access.PUBLIC)) == []
    assert len(ladder.move([article.pk], TOMBSTONE)) == 1
    assert ladder.move([article.pk], TOMBSTONE) == []
    assert len(ladder.move([article.pk], Step(Access.TOMBSTONE, reason=Reason.ORDER, words="File 7"))) == 1


def test_what_is_in_the_trash_stays_as_it_is():
    article = make_article()
    trash.discard([article.pk])
    assert ladder.move([article.pk], TOMBSTONE) == []
    assert standing(article)[0] == Access.PUBLIC


def test_the_database_refuses_to_show_what_is_hidden():
    article = make_article()
    ladder.move([article.pk], TOMBSTONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status=Status.PUBLISHED)


def test_nothing_publishes_many_articles_past_a_takedown():
    article = make_article()
    ladder.move([article.pk], TOMBSTONE)
    assert editing.change_status([article.pk], Status.PUBLISHED) == 0
    assert standing(article) == (Access.TOMBSTONE, Status.WITHHELD)


def test_no_import_brings_back_what_was_taken_down_and_its_receipt_says_why():
    job_of(FERRY)
    article = Article.objects.get()
    ladder.move([article.pk], TOMBSTONE)
    for record in (FERRY, LATER):
        again = job_of(record)
        (outcome,) = again.outcomes.all()
        assert outcome.result == Result.SKIPPED
        assert "the article was taken down" in outcome.reason
    assert standing(article) == (Access.TOMBSTONE, Status.WITHHELD)
    assert article.body == FERRY.body


def test_an_import_changes_an_unlisted_article_and_leaves_it_unlisted():
    job_of(FERRY)
    article = Article.objects.get()
    ladder.move([article.pk], Step(Access.UNLISTED))
    job_of(LATER)
    assert standing(article) == (Access.UNLISTED, Status.PUBLISHED)
    assert article.body == LATER.body


def test_undoing_an_import_leaves_its_tombstones():
    first, later = job_of(FERRY, OTTERS), job_of(LATER)
    ferry, otters = Article.objects.order_by("pk")
    ladder.move([ferry.pk], TOMBSTONE)
    undoing.undo(later)
    assert standing(ferry) == (Access.TOMBSTONE, Status.WITHHELD)
    assert ferry.body == LATER.body
    undoing.undo(first)
    assert not Article.objects.filter(pk=otters.pk).exists()
    assert standing(ferry) == (Access.TOMBSTONE, Status.WITHHELD)


def test_an_earlier_version_is_restored_without_being_shown():
    job_of(FERRY)
    job_of(LATER)
    article = Article.objects.get()
    ladder.move([article.pk], TOMBSTONE)
    editing.restore(article.versions.get())
    assert standing(article) == (Access.TOMBSTONE, Status.WITHHELD)
    assert article.body == FERRY.body
