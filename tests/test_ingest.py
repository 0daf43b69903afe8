"""Records become rows, each with an outcome; what is here already is met, not doubled."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import date

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import ingest
from articles.cleaning import CLEANER_VERSION
from articles.models import Article, ImportInput, ImportJob, ImportOutcome, Original, Result, Source, Tag
from articles.records import HTML, ArticleRecord, Dating, ImageRecord, Known, LineKind, Precision, Status, Unreadable

from .makers import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> ImportInput:
    job = ImportJob.objects.create(label="A test")
    return ImportInput.objects.create(job=job, position=0, name="sample.jsonl")


def store(entry: ImportInput, *records: ArticleRecord | Unreadable) -> list[ImportOutcome]:
    last = entry.outcomes.count()
    return stored(records, entry, first=last + 1)


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


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tags": ("\ufdfa" * 100,)}, "tags: a name of more than 400 characters when its letters are written out"),
        ({"source": "\ufdfa" * 100}, "source: a name of more than 400 characters when its letters are written out"),
        ({"tags": tuple(f"tag {n}" for n in range(40_000))}, "and at most 1,000 are kept"),
        ({"images": (ImageRecord(caption="x"),) * 5001}, "images: 5,001 pictures"),
    ],
    ids=["a tag that grows", "a source that grows", "many tags", "many pictures"],
)
def test_what_would_not_fit_into_the_database_is_refused_before_it(
    entry: ImportInput, change: dict[str, object], reason: str
):
    outcomes = store(entry, dataclasses.replace(WHOLE, **change), ArticleRecord(title="Good", body="Text."))
    assert results(outcomes) == [Result.FAILED, Result.CREATED]
    assert reason in outcomes[0].reason


@pytest.mark.parametrize("paragraph", [10**30, 2**40, 2**31, -1])
def test_a_number_that_no_paragraph_has_is_none(entry: ImportInput, paragraph: int):
    store(entry, dataclasses.replace(WHOLE, images=(ImageRecord(caption="x", paragraph=paragraph),)))
    assert Article.objects.get().images.get(caption="x").paragraph is None


def test_a_picture_keeps_what_can_be_kept_of_it(entry: ImportInput):
    image = ImageRecord(url="https://a.example/" + "x" * 2000, caption="a\x00\ud800b", credit="c" * 501, alt="\ud800")
    store(entry, ArticleRecord(title="A", images=(image,)))
    kept = Article.objects.get().images.get().as_record()
    assert kept == ImageRecord(caption="ab", credit="c" * 500)


def test_a_body_gives_no_more_pictures_than_are_counted(entry: ImportInput):
    store(entry, ArticleRecord(title="A", body='<img src="https://a.example/1" alt="x">' * 6000, body_type=HTML))
    assert Article.objects.get().images.count() == 5000


def test_halves_of_characters_are_stored_nowhere(entry: ImportInput):
    half = "a\x00\ud800b"
    texts = {name: half for name in ("title", "body", "received", "kicker", "standfirst", "byline", "source", "place")}
    lists = {name: (half,) for name in ("sections", "tags", "authors")}
    dated = Dating.on(date(1926, 5, 30), evidence=(half,))
    record = ArticleRecord(**texts, **lists, date=dated, page=((LineKind.BODY, half),))
    assert results(store(entry, record)) == [Result.CREATED]
    article = Article.objects.get()
    told = article.as_record()
    assert {getattr(told, name) for name in ("title", "body", "kicker", "standfirst", "byline", "source")} == {"ab"}
    assert (told.tags, told.page, told.date.evidence) == (("ab",), ((LineKind.BODY, "ab"),), ("ab",))
    assert article.place == "ab"


def test_an_outcome_is_cut_and_freed_of_what_no_database_takes(entry: ImportInput):
    (outcome,) = store(entry, Unreadable("x\x00" * 600, "images[0].\x00k\ud800: no such field"))
    outcome.refresh_from_db()
    assert (outcome.place, outcome.reason) == ("x" * 500, "images[0].k: no such field")


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
        store(entry, *batch("many", 25))


# Who is the same article


def file_of(*records: ArticleRecord) -> ImportInput:
    """A batch of its own with a file of its own: the same records are the same file."""
    sha256 = hashlib.sha256(repr(records).encode()).hexdigest()
    original = Original.objects.get_or_create(sha256=sha256, defaults={"size": 1})[0]
    return ImportInput.objects.create(
        job=ImportJob.objects.create(label="b"), position=0, name="b.jsonl", original=original
    )


def imported(*records: ArticleRecord) -> ImportOutcome:
    """The last outcome of a batch of these records."""
    return stored(records, file_of(*records))[-1]


CASES = {
    "the same file again": (WHOLE, "duplicate", "this file was imported before"),
    "the same text of no address": (
        dataclasses.replace(WHOLE, canonical_url="", tags=("x",)), "duplicate", "the same source, title, date and text",
    ),
    "the same text of another address": (
        dataclasses.replace(WHOLE, canonical_url="https://mail.example/1"), "duplicate", "the same source, title",
    ),
    "the same record in another place": (dataclasses.replace(WHOLE, place="line 8"), "duplicate", "the same source"),
    "a change of what readers do not see": (dataclasses.replace(WHOLE, received="Other"), "duplicate", "the same"),
    "another status alone": (dataclasses.replace(WHOLE, status=Status.DRAFT), "duplicate", "the same source"),
    "a record that is silent": (
        dataclasses.replace(WHOLE, tags=(), authors=(), byline="", kicker=""), "duplicate", "the same source",
    ),
    "another spelling of a tag": (
        dataclasses.replace(WHOLE, tags=("BRIDGE", "Halvern,  Lower Quay")), "duplicate", "the same source",
    ),
    "other tags": (dataclasses.replace(WHOLE, tags=("bridge",)), "updated", "now with other tags: a new version"),
    "another author and kicker": (
        dataclasses.replace(WHOLE, authors=("C. Noon",), kicker="Rails"), "updated", "with other kicker, authors:",
    ),
    "another bound of the date": (
        dataclasses.replace(WHOLE, date=Dating.on(date(1926, 5, 30))), "updated", "with other date: a new version",
    ),
    "another text": (dataclasses.replace(WHOLE, body="<p>Late.</p>"), "updated", "now with another text, title"),
    "another title": (dataclasses.replace(WHOLE, title="Bridge opens late"), "updated", "another text, title, date"),
    "a reprint": (
        dataclasses.replace(WHOLE, source="The Mail", canonical_url="https://mail.example/1"), "created", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_rule_says_what_becomes_of_a_record_and_why(case: str):
    record, result, reason = CASES[case]
    imported(WHOLE)
    (foreseen,) = ingest.foresee([(1, record)], file_of(record))
    outcome = imported(record)
    assert (outcome.result, foreseen.result) == (result, result)
    assert outcome.reason == foreseen.reason
    assert reason in outcome.reason
    assert bool(outcome.version) == (result == "updated")


def test_an_edited_article_is_skipped_only_for_what_differs():
    imported(WHOLE)
    Article.objects.update(edited_at="2026-01-02T00:00Z", title="Edited", content_digest="edited")
    assert imported(dataclasses.replace(WHOLE, place="line 9")).result == Result.DUPLICATE
    assert imported(dataclasses.replace(WHOLE, tags=("late",))).result == Result.SKIPPED


def test_files_that_take_turns_change_an_article_once_each():
    newer = dataclasses.replace(WHOLE, body="<p>Late.</p>")
    assert [imported(record).result for record in (WHOLE, newer, WHOLE, newer, WHOLE)] == [
        Result.CREATED, Result.UPDATED, Result.DUPLICATE, Result.DUPLICATE, Result.DUPLICATE,
    ]  # fmt: skip
    assert Article.objects.get().body_text == "Late."


def test_a_newer_record_takes_nothing_away_that_it_is_silent_about():
    imported(WHOLE)
    bare = ArticleRecord(title="Bridge open", body="Late.", source=WHOLE.source, canonical_url=WHOLE.canonical_url)
    assert imported(bare).result == Result.UPDATED
    record = Article.objects.get().as_record()
    assert (record.tags, record.authors, record.kicker) == (WHOLE.tags, WHOLE.authors, WHOLE.kicker)
    assert (record.title, record.body) == ("Bridge open", "Late.")


def test_an_update_publishes_nothing_unless_its_batch_says_so():
    imported(dataclasses.replace(WHOLE, status=Status.DRAFT))
    imported(dataclasses.replace(WHOLE, body="<p>Late.</p>"))
    assert Article.objects.get().status == Status.DRAFT
    record = dataclasses.replace(WHOLE, body="<p>Later.</p>")
    entry = file_of(record)
    entry.job.status = Status.PUBLISHED
    stored([record], entry)
    assert Article.objects.get().status == Status.PUBLISHED


def test_what_a_batch_gives_to_all_makes_no_record_another():
    ImportJob.objects.create(label="first")
    first, second = file_of(WHOLE), file_of(dataclasses.replace(WHOLE, place="line 8"))
    first.job.tags, second.job.tags = ["box 4"], ["box 5"]
    stored([WHOLE], first)
    (outcome,) = stored([dataclasses.replace(WHOLE, place="line 8")], second)
    assert outcome.result == Result.DUPLICATE


def test_a_copy_of_what_an_article_said_before_a_record_of_this_batch_is_an_article_of_its_own():
    imported(WHOLE)
    newer = dataclasses.replace(WHOLE, body="<p>Late.</p>")
    copy = dataclasses.replace(WHOLE, canonical_url="https://mail.example/1", place="line 8")
    imported(newer, copy)
    assert list(ImportOutcome.objects.order_by("pk").values_list("result", flat=True)) == [
        Result.CREATED, Result.UPDATED, Result.CREATED,
    ]  # fmt: skip
    assert Article.objects.count() == 2


def test_another_printing_is_said_where_it_is_known_at_once():
    text = " ".join(f"word{number}" for number in range(80))
    first = ArticleRecord(title="Bridge opens", body=text, source="The Gazette")
    imported(first)
    outcome = imported(dataclasses.replace(first, source="The Mail", body=f"{text} and more"))
    article = Article.objects.get(source__name="The Gazette")
    assert outcome.reason == f"another printing of “Bridge opens”, {article.get_absolute_url()}"


RECORDS = st.builds(
    ArticleRecord,
    title=st.sampled_from(["Ferry", "Otters", ""]),
    body=st.sampled_from(["One.", "Two.", " "]),
    canonical_url=st.sampled_from(["", "https://a.example/1", "https://a.example/2", "ftp://a.example"]),
    tags=st.sampled_from([(), ("ferry",), ("otters", "Ferry")]),
    place=st.sampled_from(["line 1", "line 2", "line 3"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(RECORDS, max_size=4), st.lists(RECORDS, max_size=4))
def test_what_is_foreseen_is_what_happens_and_nothing_is_written_before(earlier, records):
    point = transaction.savepoint()
    try:
        stored(earlier, file_of(*earlier))
        entry, batch = file_of(*records), list(enumerate(records, start=1))
        with CaptureQueriesContext(connection) as queries:
            foreseen = ingest.foresee(batch, entry)
        assert {query["sql"].split()[0] for query in queries} <= {"SELECT"}
        outcomes = stored(records, entry)
        assert [(told.result, told.reason) for told in foreseen] == [(told.result, told.reason) for told in outcomes]
        again = stored(records, file_of(*records))
        assert not {outcome.result for outcome in again} & {Result.CREATED, Result.UPDATED}
    finally:
        transaction.savepoint_rollback(point)


def of_user(name: str, *rights: str) -> ImportInput:
    user = User.objects.create_user(name)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    job = ImportJob.objects.create(label="A test", created_by=user)
    return ImportInput.objects.create(job=job, position=0, name="sample.jsonl")


def test_who_may_not_edit_changes_only_what_their_own_imports_brought(entry: ImportInput):
    store(entry, WHOLE)
    changed = dataclasses.replace(WHOLE, body="<p>It never opened.</p>", status=Status.WITHHELD)
    (outcome,) = store(of_user("uploader", "upload_article"), changed)
    assert outcome.result == Result.SKIPPED
    assert "an editor must take this over" in outcome.reason
    assert Article.objects.get().as_record() == WHOLE

    own = of_user("author", "upload_article", "publish_article")
    mine = dataclasses.replace(WHOLE, title="Bridge closes", canonical_url="https://gazette.example/closes")
    store(own, mine)
    assert results(store(own, dataclasses.replace(mine, body="<p>It closed.</p>"))) == [Result.UPDATED]
    assert results(store(of_user("editor", "change_article"), changed)) == [Result.UPDATED]
