"""What an article said is kept before each change, and can be had again."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import editing, exports, trash, versions
from articles.models import Article, ArticleVersion, Cause, ImportInput, ImportJob, Original, Result
from articles.models.versions import GLANCE, glance_at, looks_of
from articles.records import (
    HTML,
    PLAIN,
    ArticleRecord,
    Dating,
    ImageRecord,
    LineKind,
    Refused,
    Status,
    from_json,
    to_json,
)

from .makers import make_article, stored
from .reading import page_at

pytestmark = pytest.mark.django_db

FIRST = ArticleRecord(
    title="Otters at the weir",
    body="<p>Three otters were <b>seen</b>.</p>",
    body_type=HTML,
    received="Three otters were seen.\n",
    page=((LineKind.BODY, "Three otters were seen.\n"),),
    kicker="Harbour",
    byline="By M. Sedge",
    authors=("M. Sedge",),
    source="The Port Aldery Herald",
    sections=("Local",),
    tags=("otters", "weir"),
    date=Dating.parse("1926-06-13"),
    canonical_url="https://herald.example/otters",
    images=(ImageRecord(caption="An otter", paragraph=1, credit="C. Noon"),),
    place="line 1",
)
SECOND = dataclasses.replace(FIRST, body="<p>Four otters were seen.</p>", place="line 4")


def imported(record: ArticleRecord) -> ImportInput:
    sha256 = hashlib.sha256(repr(record).encode()).hexdigest()
    job, original = ImportJob.objects.create(label="a"), Original.objects.create(sha256=sha256, size=1)
    entry = ImportInput.objects.create(job=job, position=0, name="a", original=original)
    stored([record], entry)
    return entry


def exported() -> str:
    return "".join(exports.jsonl(Article.objects.all()))


def test_an_import_that_changes_an_article_keeps_what_it_said():
    first, second = imported(FIRST), imported(SECOND)
    (version,) = Article.objects.get().versions.all()
    assert (version.number, version.cause, version.job) == (1, Cause.IMPORTED, second.job)
    assert versions.record_of(version) == FIRST
    assert versions.record_of(version).place == "line 1"
    assert versions.original_of(version) == first.original.sha256
    assert second.outcomes.get().version == version


def test_what_an_article_says_now_came_in_the_file_that_changed_it():
    imported(FIRST)
    entry = imported(SECOND)
    article = Article.objects.get()
    assert (article.original, article.place) == (entry.original, "line 4")


def test_a_version_is_read_back_as_any_record():
    imported(FIRST)
    imported(SECOND)
    told = dict(ArticleVersion.objects.get().record)
    del told["original"]
    assert from_json(told) == FIRST


def test_versions_are_numbered_in_a_row():
    for number in range(4):
        imported(dataclasses.replace(FIRST, body=f"<p>{number} otters were seen.</p>"))
    assert list(ArticleVersion.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_two_changes_in_one_batch_are_two_versions():
    entry = imported(FIRST)
    third = dataclasses.replace(FIRST, body="<p>Five.</p>", place="line 5")
    outcomes = stored([SECOND, third], entry, first=2)
    assert [outcome.result for outcome in outcomes] == [Result.UPDATED] * 2
    assert [versions.record_of(version).body for version in ArticleVersion.objects.all()] == [FIRST.body, SECOND.body]


def test_what_did_not_change_has_no_version():
    imported(FIRST)
    article = Article.objects.get()
    assert versions.keep_changed(versions.told_of([article.pk]), Cause.EDITED) == {}
    assert not article.versions.exists()


def test_restoring_makes_the_article_say_what_it_said_and_keeps_what_it_says():
    imported(FIRST)
    before = exported()
    imported(SECOND)
    article = Article.objects.get()
    editing.restore(article.versions.get())
    assert exported() == before
    assert [version.cause for version in article.versions.all()] == [Cause.IMPORTED, Cause.RESTORED]
    assert versions.record_of(article.versions.last()).body == SECOND.body


def test_what_was_restored_is_not_overwritten_by_an_import():
    imported(FIRST)
    imported(SECOND)
    editing.restore(ArticleVersion.objects.get())
    entry = imported(dataclasses.replace(FIRST, body="<p>Six.</p>"))
    assert entry.outcomes.get().result == Result.SKIPPED


def test_restoring_neither_publishes_nor_withholds():
    imported(dataclasses.replace(FIRST, status=Status.DRAFT))
    imported(SECOND)
    Article.objects.update(status=Status.WITHHELD)
    editing.restore(ArticleVersion.objects.get())
    article = Article.objects.get()
    assert (article.status, article.body) == (Status.WITHHELD, FIRST.body)


def test_what_another_article_says_by_now_is_not_restored():
    imported(FIRST)
    imported(SECOND)
    imported(dataclasses.replace(FIRST, canonical_url="https://herald.example/copy"))
    with pytest.raises(Refused, match="Another article has this text"):
        editing.restore(ArticleVersion.objects.get())
    assert ArticleVersion.objects.count() == 1


def test_what_is_in_the_trash_is_not_restored():
    imported(FIRST)
    imported(SECOND)
    trash.discard([Article.objects.get().pk])
    with pytest.raises(Refused, match="in the trash"):
        editing.restore(ArticleVersion.objects.get())


def test_the_first_state_of_an_article_began_when_it_came():
    article = make_article()
    (state,) = versions.states(article)
    assert (state.number, state.since, state.until, state.cause) == (1, article.created_at, None, None)


def test_states_follow_each_other_without_a_gap():
    for number in range(3):
        imported(dataclasses.replace(FIRST, body=f"<p>{number} otters were seen.</p>"))
    article = Article.objects.get()
    states = versions.states(article)
    assert [state.number for state in states] == [1, 2, 3]
    assert [state.until for state in states[:-1]] == [state.since for state in states[1:]]
    assert [record.body[3] for record in versions.records_of(article, *states)] == ["0", "1", "2"]


def test_keeping_takes_as_many_queries_for_many_articles_as_for_few(django_assert_num_queries):
    numbers = [make_article(tags=("a",), authors=("b",)).pk for _ in range(30)]
    for some in (numbers[:2], numbers):
        with django_assert_num_queries(9):
            versions.keep(versions.told_of(some), Cause.EDITED)


# Without their records


def grown(numbers: Iterable[int], size: int) -> Article:
    """The article after these changes, each with a text of its own of so many paragraphs."""
    for number in numbers:
        body = f"<p>{number} otters were seen.</p>" + "<p>Nobody was hurt at the weir.</p>" * size
        imported(dataclasses.replace(FIRST, title=f"Otters {number}", body=body))
    return Article.objects.get()


@pytest.fixture
def records_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the records of versions that are read from the database."""
    field, lengths = ArticleVersion._meta.get_field("record"), []
    read = field.from_db_value

    def reading(value: str, *given: object) -> object:
        lengths.append(len(value))
        return read(value, *given)

    monkeypatch.setattr(field, "from_db_value", reading)
    return lengths


PAGES = {
    "/article/{}/{}/": 0,
    "/article/{}/{}.json": 0,
    "/article/{}/versions/": 0,
    "/article/{}/versions/1/": 1,
    "/article/{}/versions/differences/?from=1&to=3": 2,
    "/article/{}/versions/differences/": 1,
    "/admin/articles/article/{}/versions/": 1,
    "/admin/articles/article/{}/versions/?changes=2": 2,
}


def visit(page: str, article: Article, client: Client) -> int:
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as asked:
        page_at(page.format(article.pk, article.slug), client)
    return len(asked)


@pytest.mark.parametrize(("page", "records"), PAGES.items())
def test_a_page_reads_the_records_that_it_shows_and_asks_no_more_of_many_versions(
    page, records, admin_client, records_read
):
    article = grown(range(5), size=1)
    visit(page, article, admin_client)
    records_read.clear()
    few = visit(page, article, admin_client)
    assert len(records_read) == records
    article = grown(range(5, 15), size=30)
    visit(page, article, admin_client)
    records_read.clear()
    assert visit(page, article, admin_client) == few
    assert len(records_read) == records


def test_a_list_is_read_off_an_index_that_has_no_records():
    listed = grown(range(3), size=1).versions.order_by("-number").values_list(*versions.LISTED)
    plan = {"sqlite": "COVERING INDEX version_list"}
    assert plan.get(connection.vendor, "") in listed.explain()


def test_a_version_is_listed_as_its_record_says():
    grown(range(3), size=1)
    for version in ArticleVersion.objects.all():
        assert {name: getattr(version, name) for name in GLANCE} == glance_at(version.record)
    last = ArticleVersion.objects.last()
    last.say({**last.record, "title": "Otters again", "status": "withheld"})
    assert list(ArticleVersion.objects.values_list("title", "status"))[1] == ("Otters again", "withheld")


def test_two_records_look_alike_if_readers_see_the_same_of_them():
    looks = looks_of(to_json(FIRST))
    unseen = {"received": "Another.", "page": (), "place": "line 9", "status": Status.WITHHELD, "captured": None}
    assert looks_of(to_json(dataclasses.replace(FIRST, **unseen))) == looks
    for name, value in {"body": "x", "body_type": PLAIN, "tags": (), "images": (), "date": Dating()}.items():
        assert looks_of(to_json(dataclasses.replace(FIRST, **{name: value}))) != looks


@pytest.mark.parametrize("record", ["a text", 7, ["title"]])
def test_what_is_no_record_is_no_version(record):
    with pytest.raises((TypeError, ValueError)):
        glance_at(record)


def test_a_version_that_says_nothing_of_its_status_is_not_stored():
    with pytest.raises(IntegrityError, match="version_status_known"), transaction.atomic():
        ArticleVersion.objects.create(article=make_article(), number=1, record={}, cause=Cause.EDITED)
