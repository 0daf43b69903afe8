"""What is deleted goes to the trash: hidden from readers at once, restored as it was, deleted for ever only there."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from articles import jobs, trash
from articles.models import Article, ImportOutcome, IndexBacklog, Original, Period, Result, Source, Tag
from articles.records import Status
from articles.wording.archive import period_url

from .makers import make_article

pytestmark = pytest.mark.django_db


def state_of(article: Article) -> tuple[str, bool, str]:
    article.refresh_from_db()
    return article.status, article.trashed_at is not None, article.trashed_from


def bring_in(*records: dict[str, str]) -> list[ImportOutcome]:
    """The outcomes of a batch with these records."""
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    job = jobs.enqueue([jobs.Incoming("batch.jsonl", [lines.encode()])], label="batch", claimed_by=jobs.worker_name())
    jobs.run(job)
    return list(job.outcomes.all())


@pytest.mark.parametrize("status", list(Status))
def test_an_article_comes_back_with_the_status_that_it_had(status):
    article = make_article(status=status)
    assert trash.discard([article.pk]) == 1
    assert state_of(article) == (Status.WITHHELD, True, status)
    assert trash.discard([article.pk]) == 0
    assert trash.put_back([article.pk]) == 1
    assert state_of(article) == (status, False, "")
    assert trash.put_back([article.pk]) == 0


def test_no_reader_meets_what_is_in_the_trash(client):
    article = make_article("The ferry is late", date="1923-05-30", tags=("ferry",), source="The Gazette")
    name, source = Tag.objects.get().get_absolute_url(), Source.objects.get().get_absolute_url()
    pages = ("/articles/", "/articles.json", "/articles.atom", period_url("1923-05"), name, source)
    assert all("The ferry is late" in read(client, page) for page in pages)
    trash.discard([article.pk])
    assert not any("The ferry is late" in read(client, page) for page in pages)
    assert client.get(article.get_absolute_url()).status_code == 404


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_the_books_and_the_index_follow():
    article = make_article(date="1923-05-30", tags=("ferry",))
    IndexBacklog.objects.all().delete()
    trash.discard([article.pk])
    assert Period.objects.count_of("all") == Period.objects.count_of("1923-05") == 0
    assert Tag.objects.get().published_count == 0
    assert IndexBacklog.objects.get().withdrawn
    trash.put_back([article.pk])
    assert Period.objects.count_of("all") == Period.objects.count_of("1923-05") == 1
    assert Tag.objects.get().published_count == 1
    assert not IndexBacklog.objects.get().withdrawn


def test_only_what_is_in_the_trash_is_deleted_for_ever_and_its_original_stays():
    original = Original.objects.create(sha256="ab" * 32, size=3)
    kept, gone = make_article(), make_article(original=original)
    trash.discard([gone.pk])
    assert trash.delete_for_ever([kept.pk, gone.pk]) == 1
    assert Article.objects.get() == kept
    assert Original.objects.get() == original


@pytest.mark.parametrize(
    "again",
    [
        {"title": "One", "body": "Text."},
        {"title": "One, corrected", "body": "Other text.", "canonical_url": "https://gazette.example/1"},
    ],
    ids=["the same text", "another text of the same address"],
)
def test_an_article_in_the_trash_does_not_come_back_by_itself(again, settings, tmp_path):
    settings.ORIGINALS = tmp_path
    bring_in({"title": "One", "body": "Text.", "canonical_url": "https://gazette.example/1"})
    article = Article.objects.get()
    trash.discard([article.pk])
    (outcome,) = bring_in(again)
    assert outcome.result == Result.SKIPPED
    assert outcome.article == article
    assert "in the trash" in outcome.reason
    assert state_of(article) == (Status.WITHHELD, True, Status.PUBLISHED)


def test_the_newest_in_the_trash_comes_first():
    first, second, held = make_article(), make_article(), make_article()
    trash.discard([second.pk])
    trash.discard([first.pk])
    assert list(trash.newest()) == [first, second]
    assert held not in trash.newest()
