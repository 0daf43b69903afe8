"""An editor's change, and the same for what an older cleaner wrote."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import editing, jobs
from articles.cleaning import CLEANER_VERSION, Cleaned
from articles.models import Article, Image, Tag
from articles.records import Status

from .makers import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported() -> Article:
    line = (
        b'{"title": "The ferry", "body": "<p>It <b>sank</b>.</p>", "body_type": "text/html", "source": "The Gazette"}'
    )
    job = jobs.enqueue([jobs.Incoming("a.jsonl", [line])], label="a", claimed_by="here:1")
    jobs.run(job)
    return Article.objects.get()


def clean_again(*arguments: str) -> str:
    out = StringIO()
    call_command("clean_again", *arguments, stdout=out)
    return out.getvalue().strip()


def test_renewing_an_imported_article_gives_what_the_import_gave(imported):
    before = imported.content_digest
    assert editing.renew(imported) is False
    assert imported.content_digest == before


def test_a_twin_has_the_same_source_title_date_and_text(imported):
    other = make_article("THE ferry", text="It sank.", source="The Gazette")
    editing.renew(other)
    assert editing.twin(other) == imported
    other.title = "Another"
    editing.renew(other)
    assert editing.twin(other) is None


def test_what_was_cleaned_by_this_version_is_left_alone(imported):
    with CaptureQueriesContext(connection) as queries:
        assert clean_again() == "Articles cleaned again: 0. Of them changed: 0."
    assert not any(query["sql"].startswith("UPDATE") for query in queries)


def test_a_better_cleaner_renews_what_an_older_one_wrote(imported):
    Article.objects.update(cleaner_version=0, body_html="<p>old</p>", body_text="old", content_digest="old")
    assert clean_again() == "Articles cleaned again: 1. Of them changed: 1."
    article = Article.objects.get()
    assert (article.body_html, article.body_text) == (imported.body_html, imported.body_text)
    assert (article.content_digest, article.cleaner_version) == (imported.content_digest, CLEANER_VERSION)
    assert article.modified_at > imported.modified_at
    assert article.edited_at is None
    assert article.body == imported.body


def test_cleaning_all_again_changes_nothing_that_readers_see(imported):
    assert clean_again("--all") == "Articles cleaned again: 1. Of them changed: 0."
    assert Article.objects.get().modified_at == imported.modified_at


def test_many_chunks_are_cleaned_each_article_once(monkeypatch):
    monkeypatch.setattr(editing, "CHUNK", 3)
    for number in range(7):
        make_article(text=f"Text {number}")
    assert list(editing.clean_again(Article.objects.all())) == [(3, 3), (3, 3), (1, 1)]


def test_two_articles_that_turn_out_to_be_copies_are_both_kept(imported, monkeypatch):
    other = make_article("The ferry", text="It swam.", source="The Gazette")
    monkeypatch.setattr(editing, "clean", lambda body, kind: Cleaned("<p>It sank.</p>", "It sank."))
    clean_again("--all")
    held = Article.objects.get(pk=other.pk)
    assert held.body_text == "It sank."
    assert held.content_digest == other.content_digest != imported.content_digest


def test_captions_keep_their_paragraphs_when_a_better_cleaner_finds_others(monkeypatch):
    article = make_article(text="One.\n\nThe quay.")
    image = Image.objects.create(article=article, caption="The quay", paragraph=2)
    monkeypatch.setattr(editing, "clean", lambda body, kind: Cleaned("", "Zero.\n\nOne.\n\nThe quay."))
    clean_again("--all")
    image.refresh_from_db()
    assert image.paragraph == 3


def test_the_same_names_in_another_order_change_their_order_alone():
    article = make_article(tags=("a", "b", "c"))
    held = set(Tag.objects.values_list("pk", flat=True))
    editing.file_under(article, "tags", ["c", "A", "b"])
    assert [link.tag.name for link in article.tag_links.all()] == ["c", "a", "b"]
    assert set(Tag.objects.values_list("pk", flat=True)) == held
    assert set(Tag.objects.values_list("published_count", flat=True)) == {1}


def test_bulk_changes_take_the_same_number_of_queries_for_few_and_for_many():
    numbers = [make_article(tags=("a",)).pk for _ in range(20)]

    def cost(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            editing.add_tags(some, ["a", "b", "c"])
            editing.remove_tags(some, ["b"])
            editing.change_status(some, Status.WITHHELD)
        return len(queries)

    cost(numbers)
    assert cost(numbers[:2]) == cost(numbers[2:])


def test_an_article_deleted_meanwhile_is_passed_over():
    kept, gone = make_article(), make_article()
    gone.delete()
    assert editing.add_tags([kept.pk, gone.pk or 10**6], ["a"]) == 1
