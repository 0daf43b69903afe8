"""Records become rows, each with an outcome; what is here already is met, not doubled."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from articles import ingest
from articles.cleaning import CLEANER_VERSION
from articles.models import Article, ImportInput, ImportJob, ImportOutcome, Result, Source, Tag
from articles.records import HTML, ArticleRecord, Dating, ImageRecord, Known, LineKind, Precision, Status, Unreadable

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> ImportInput:
    job = ImportJob.objects.create(label="A test")
    return ImportInput.objects.create(job=job, position=0, name="sample.jsonl")


def store(entry: ImportInput, *records: ArticleRecord | Unreadable) -> list[ImportOutcome]:
    last = entry.outcomes.count()
    return ingest.store([(last + number, record) for number, record in enumerate(records, start=1)], entry)


def results(outcomes: list[ImportOutcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


WHOLE = ArticleRecord(
    title="Bridge opens",
    body="<p>The bridge opened.</p><figure><figcaption>The ribbon</figcaption></figure>",
    body_type=HTML,
    received="The bridge opened.\nThe ribbon\n",
    page=((LineKind.METADATA, "Bridge opens\n"), (LineKind.BODY, "The bridge opened.\nThe ribbon\n")),
    kicker="Roads",
    standfirst="At last.",
    byline="By A. Day and B. Night",
    authors=("A. Day", "B. Night"),
    source="The Harbour Gazette",
    sections=("Local", "Roads, and rails"),
    tags=("bridge", "Halvern, Lower Quay"),
    dateline="HALVERN",
    language="en-GB",
    canonical_url="https://gazette.example/bridge",
    date=Dating.between(date(1926, 5, 30), None, Precision.DAY, Known.INFERRED, ("It opened on Sunday.",)),
    correction="The mayor was not there.",
    editors_note="Kept by request.",
    images=(ImageRecord(caption="The ribbon", paragraph=2, credit="C. Noon"),),
    place="line 7",
)


def test_a_record_becomes_an_article_with_everything_it_says(entry: ImportInput):
    outcomes = store(entry, WHOLE)
    assert results(outcomes) == [Result.CREATED]
    article = Article.objects.get()
    assert outcomes[0].article == article
    assert article.as_record() == WHOLE
    assert article.body_text == "The bridge opened.\n\nThe ribbon"
    assert article.body_as_received == WHOLE.received
    assert article.cleaner_version == CLEANER_VERSION
    assert article.place == "line 7"
    assert [image.caption for image in article.images.all()] == ["The ribbon"]


def test_the_same_record_again_is_a_duplicate_and_changes_nothing(entry: ImportInput):
    store(entry, WHOLE)
    before = Article.objects.values().get()
    assert results(store(entry, WHOLE)) == [Result.DUPLICATE]
    assert Article.objects.values().get() == before


def test_two_copies_in_one_batch_are_one_article(entry: ImportInput):
    record = ArticleRecord(title="A", body="Text.")
    outcomes = store(entry, record, record)
    assert results(outcomes) == [Result.CREATED, Result.DUPLICATE]
    assert outcomes[1].article == outcomes[0].article


def test_the_same_text_in_another_paper_is_another_article(entry: ImportInput):
    first = ArticleRecord(title="A", body="Text.", source="One")
    assert results(store(entry, first, dataclasses.replace(first, source="Two"))) == [Result.CREATED] * 2


def test_a_newer_record_of_the_same_address_updates_the_article(entry: ImportInput):
    store(entry, WHOLE)
    newer = dataclasses.replace(WHOLE, body="<p>It opened late.</p>", tags=("late",), images=())
    assert results(store(entry, newer)) == [Result.UPDATED]
    article = Article.objects.get()
    assert article.body_text == "It opened late."
    assert [link.tag.name for link in article.tag_links.all()] == ["late"]
    assert article.images.count() == 0
    assert Tag.objects.get(name="bridge").published_count == 0


def test_a_newer_record_in_the_same_batch_updates_the_article_too(entry: ImportInput):
    newer = dataclasses.replace(WHOLE, body="<p>It opened late.</p>")
    assert results(store(entry, WHOLE, newer, newer)) == [Result.CREATED, Result.UPDATED, Result.DUPLICATE]
    assert Article.objects.get().body_text == "It opened late."


def test_an_article_edited_by_hand_is_not_overwritten(entry: ImportInput):
    store(entry, WHOLE)
    Article.objects.update(edited_at="2026-01-02T00:00Z", title="Edited")
    outcomes = store(entry, dataclasses.replace(WHOLE, body="<p>Newer.</p>"))
    assert results(outcomes) == [Result.SKIPPED]
    assert "edited here on 2026-01-02" in outcomes[0].reason
    assert Article.objects.get().title == "Edited"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": "x" * 501}, "title: 501 characters"),
        ({"tags": ("x" * 201,)}, "tags: a name of more than 200"),
        ({"language": "English!"}, "'English!' is not a code"),
        ({"canonical_url": "javascript:alert(1)"}, "does not begin with http"),
        ({"title": "", "body": " "}, "neither a title nor a text"),
    ],
)
def test_a_record_that_cannot_be_stored_says_why_and_does_not_stop_its_neighbours(
    entry: ImportInput, change: dict[str, object], reason: str
):
    bad = dataclasses.replace(WHOLE, **change)
    outcomes = store(entry, bad, ArticleRecord(title="Good", body="Text."))
    assert results(outcomes) == [Result.FAILED, Result.CREATED]
    assert reason in outcomes[0].reason
    assert outcomes[0].place == "line 7"


def test_a_body_that_had_to_be_kept_as_plain_text_says_so(entry: ImportInput):
    (outcome,) = store(entry, ArticleRecord(title="A", body="<div>" * 300 + "x", body_type=HTML))
    assert (outcome.result, outcome.reason) == (Result.CREATED, "nested more than 256 deep: kept as plain text")


def test_an_unreadable_record_is_an_outcome_with_its_place(entry: ImportInput):
    outcomes = store(entry, Unreadable("line 3", "not JSON"))
    assert (outcomes[0].result, outcomes[0].place, outcomes[0].reason) == (Result.FAILED, "line 3", "not JSON")


def test_a_batch_gives_its_source_status_and_tags(entry: ImportInput):
    ImportJob.objects.update(source=Source.objects.create(name="The Gazette"), status=Status.DRAFT, tags=["box 4"])
    entry = ImportInput.objects.select_related("job").get()
    store(entry, ArticleRecord(title="A", body="Text.", tags=("flood",)), ArticleRecord(title="B", source="The Mail"))
    first, second = Article.objects.order_by("id")
    assert (first.source.name, second.source.name) == ("The Gazette", "The Mail")
    assert first.status == Status.DRAFT
    assert [link.tag.name for link in first.tag_links.all()] == ["flood", "box 4"]


def test_a_record_without_a_date_stays_undated(entry: ImportInput):
    store(entry, ArticleRecord(title="A", body="Text."))
    article = Article.objects.get()
    assert (article.earliest, article.latest, article.known) == (None, None, Known.UNKNOWN)


def test_a_record_without_a_title_is_called_by_its_first_words(entry: ImportInput):
    store(entry, ArticleRecord(title="", body="Short.\n\nMore."), ArticleRecord(title="", body="word " * 40))
    short, long = Article.objects.order_by("id").values_list("title", flat=True)
    assert short == "Short."
    assert long.endswith("word…")
    assert len(long) <= 81


def test_names_that_differ_by_case_and_spacing_are_one_name(entry: ImportInput):
    store(entry, ArticleRecord(title="A", body="1", tags=("Middle East", "middle  east")))
    store(entry, ArticleRecord(title="B", body="2", tags=("MIDDLE EAST",)))
    assert Tag.objects.get().published_count == 2


def test_names_whose_addresses_would_be_the_same_stay_apart(entry: ImportInput):
    store(entry, ArticleRecord(title="A", body="1", tags=("C", "C++", "C#", "???", "النهر")))
    slugs = set(Tag.objects.values_list("slug", flat=True))
    assert len(slugs) == 5
    assert {"c", "النهر"} <= slugs


def test_pictures_of_an_html_body_are_kept_beside_those_of_the_record(entry: ImportInput):
    body = (
        '<figure><img src="https://a.example/1.jpg"><figcaption>One</figcaption></figure><img src="/2.jpg" alt="Two">'
    )
    store(entry, ArticleRecord(title="A", body=body, body_type=HTML, images=(ImageRecord(caption="Cover"),)))
    images = [(image.url, image.caption, image.alt) for image in Article.objects.get().images.all()]
    assert images == [("", "Cover", ""), ("https://a.example/1.jpg", "One", ""), ("", "", "Two")]


def test_payloads_in_every_text_stay_text_and_in_the_body_go(entry: ImportInput):
    payload = "<script>alert(1)</script>"
    store(
        entry, ArticleRecord(title=payload, byline=payload, tags=(payload,), body=f"<p>x</p>{payload}", body_type=HTML)
    )
    article = Article.objects.get()
    assert (article.title, article.byline) == (payload, payload)
    assert "script" not in article.body_html
    assert article.body.endswith(payload)


def test_a_batch_takes_as_many_queries_for_many_records_as_for_few(entry: ImportInput, django_assert_max_num_queries):
    def batch(name: str, count: int) -> list[ArticleRecord]:
        return [ArticleRecord(title=f"{name} {n}", body="Text.", tags=("a", "b"), source="S") for n in range(count)]

    store(entry, *batch("warm", 1))
    with django_assert_max_num_queries(20):
        store(entry, *batch("few", 2))
    with django_assert_max_num_queries(20):
        store(entry, *batch("many", 60))
