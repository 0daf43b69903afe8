"""An archive that was begun with an older version goes on with all that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from articles import ledger, printings, undoing, versions
from articles.admin.groups import ADMINISTRATORS, CONTRIBUTORS, EDITORS, READERS, RIGHTS
from articles.models import Article, ArticleVersion, Cause, ImportJob, IndexBacklog, Period, Sketch, Tag
from articles.models.versions import GLANCE
from articles.records import ImageRecord, Status
from newsarchive import preparing

from .makers import make_article
from .undoing_samples import FERRY, OTTERS, job_of

pytestmark = pytest.mark.django_db(transaction=True)


# What the group Editors of the first version had.
BEFORE = (
    "upload_article", "add_article", "change_article", "view_article", "view_original", "view_importjob", "add_image",
    "change_image", "delete_image", "view_image",
    *(f"{right}_{name}" for right in ("add", "change", "view") for name in ("source", "section", "tag", "author")),
)  # fmt: skip


def migrate(name: str = "") -> None:
    call_command("migrate", "articles", *([name] if name else []), verbosity=0)


def triggers() -> dict[str, str]:
    """The triggers of the database, and what each does."""
    names = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) || prosrc FROM pg_trigger"
        " JOIN pg_proc ON tgfoid = pg_proc.oid WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        return dict(cursor.fetchall())


def run(sqlite: str, postgresql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute({"sqlite": sqlite, "postgresql": postgresql}[connection.vendor])


def start() -> list[str]:
    """What the archive does with its database at each start, and what it says of that."""
    said: list[str] = []
    preparing.prepare_database(said.append)
    return said


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
    assert triggers().items() >= before.items()
    assert "ledger_article_filed" in before
    assert "ledger_article_edition_insert" in triggers().keys() - before.keys()
    assert set(Article.objects.values_list("title", "story")) == {("The river rose", None), ("The river fell", None)}
    assert dict(Period.objects.values_list("label", "published_count"))["1923-05-30"] == 1


def test_after_a_migration_what_changes_is_booked_again(first_version: None):
    migrate()
    IndexBacklog.objects.all().delete()
    Article.objects.filter(title="The river rose").update(status=Status.WITHHELD)
    assert [row.withdrawn for row in IndexBacklog.objects.all()] == [True]
    assert Period.objects.count_of("all") == 0


def test_a_start_puts_triggers_in_place_that_a_kill_after_the_last_migration_left_out():
    before = triggers()
    for name in before:
        run(f"DROP TRIGGER {name}", f"DROP FUNCTION {name}() CASCADE")
    assert triggers() == {}
    assert start() == []
    assert triggers() == before


def test_a_start_puts_a_single_trigger_back():
    before = triggers()
    run("DROP TRIGGER ledger_tag_linked", "DROP TRIGGER ledger_tag_linked ON articles_articletag")
    assert triggers() != before
    start()
    assert triggers() == before
    make_article(tags=("flood",))
    assert Tag.objects.get().published_count == 1


def test_a_start_replaces_triggers_of_another_version_and_takes_away_those_that_are_no_more(
    monkeypatch: pytest.MonkeyPatch,
):
    before = triggers()
    with monkeypatch.context() as older:
        written = list(ledger.triggers(ledger.DIALECTS[connection.vendor].day))
        others = [replace(written[0], body="DELETE FROM articles_period;"), replace(written[1], name="of_old")]
        older.setattr(ledger, "triggers", lambda day: iter([*others, *written[2:]]))
        ledger.install(connection)
    assert "ledger_of_old" in triggers()
    start()
    assert triggers() == before


def test_a_start_writes_nothing_where_the_triggers_stand(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        ledger.install(connection)
    assert asked[0]["sql"].startswith("SELECT")


@pytest.fixture
def second_version() -> Iterator[None]:
    """The tables of the second version, with the groups that the first one made."""
    migrate("0002")
    ContentType.objects.filter(app_label="articles", model__in=("namering", "followedsearch")).delete()
    Group.objects.all().delete()
    for name, rights in (("Uploaders", ("upload_article",)), ("Editors", BEFORE)):
        group = Group.objects.create(name=name)
        group.permissions.set(Permission.objects.filter(content_type__app_label="articles", codename__in=rights))
    yield
    migrate()


def rights() -> set[str]:
    return set(Group.objects.get(name="Editors").permissions.values_list("codename", flat=True))


def test_an_upgrade_gives_editors_the_rights_on_what_is_new_and_no_other(second_version: None):
    assert "add_namering" not in rights()
    taken = Permission.objects.get(codename="change_article")
    Group.objects.get(name="Editors").permissions.remove(taken)
    migrate()
    assert rights() == set(RIGHTS[EDITORS]) - {"change_article"}
    assert not Group.objects.get(name="Uploaders").permissions.filter(codename__contains="namering").exists()


def test_an_upgrade_makes_the_new_roles_and_takes_no_right_from_anybody(second_version: None):
    clerk = User.objects.create_user("clerk")
    clerk.user_permissions.add(Permission.objects.get(codename="upload_article"))
    migrate()
    start()
    for name in (READERS, CONTRIBUTORS, ADMINISTRATORS):
        held = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert sorted(held) == sorted(set(RIGHTS[name])), name
    uploaders = Group.objects.get(name="Uploaders").permissions.values_list("codename", flat=True)
    assert {*uploaders} == {"upload_article", "publish_article"}
    assert User.objects.get().has_perm("articles.publish_article")
    assert Permission.objects.filter(codename__in=("publish_article", "view_logentry")).count() == 2


def test_of_drafts_from_before_it_is_known_who_imported_them():
    job = job_of(FERRY, OTTERS)
    by = User.objects.create_user("anna")
    ImportJob.objects.update(created_by=by)
    Article.objects.filter(pk=job.outcomes.first().article_id).update(status=Status.DRAFT)
    migrate("0009")
    migrate()
    assert [article.created_by for article in Article.objects.order_by("status")] == [by, None]


def test_rights_that_staff_took_from_editors_are_not_given_again(second_version: None):
    migrate()
    Group.objects.get(name="Editors").permissions.remove(Permission.objects.get(codename="delete_namering"))
    migrate()
    start()
    assert "delete_namering" not in rights()
    assert "add_namering" in rights()


def test_an_upgrade_of_an_archive_without_the_group_makes_none(second_version: None):
    Group.objects.get(name="Editors").delete()
    migrate()
    assert {group.name for group in Group.objects.all()} == {"Uploaders", "Readers", "Contributors", "Administrators"}


def test_texts_are_sketched_anew_after_sketches_are_made_otherwise():
    """Until then printings stay together."""
    text = "The keeper of the bridge rang the bell for a quarter of an hour and nobody came to hear why he did. " * 2
    first, second = make_article(text=text), make_article(text=text)
    Article.objects.update(story=first.pk)
    migrate("0003")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO articles_sketch (article_id, hashes) VALUES (%s, %s)", [second.pk, b"otherwise"])
    migrate()
    assert not Sketch.objects.exists()
    assert printings.catch_up() == second.pk
    assert set(Article.objects.values_list("story", flat=True)) == {first.pk}
    assert {len(sketch.hashes) for sketch in Sketch.objects.all()} == {128}


def test_what_was_to_be_undone_before_an_upgrade_is_undone_after_it():
    by = User.objects.create_user("anna")
    kept = [ImportJob.objects.create(undone_by=by), ImportJob.objects.create()]
    migrate("0007")
    migrate()
    assert [bool(ImportJob.objects.get(pk=job.pk).undo_asked_at) for job in kept] == [True, False]


def test_how_much_was_undone_before_an_upgrade_is_still_told_after_it():
    job = job_of(FERRY, OTTERS)
    undoing.undo(job)
    migrate("0007")
    migrate()
    assert ImportJob.objects.get().removed == 2


def test_what_lists_show_of_versions_is_read_off_the_records_that_there_are():
    """More than are read at once, and of all that a reader may see."""
    article = make_article("The river rose", date="1923-05-30", tags=("flood",), authors=("M. Sedge",), byline="By me")
    article.images.create(caption="The quay", credit="M. Sedge", paragraph=1)
    for number in range(45):
        before = versions.told_of([article.pk])
        Article.objects.update(title=f"The river rose {number}", status=list(Status)[number % 3], kicker="Harbour")
        versions.keep_changed(before, Cause.EDITED)
    kept = list(ArticleVersion.objects.values("record", *GLANCE))
    assert len({row["looks"] for row in kept}) == 45
    assert {row["status"] for row in kept} == set(Status)
    migrate("0006")
    migrate()
    assert list(ArticleVersion.objects.values("record", *GLANCE)) == kept
    assert versions.record_of(ArticleVersion.objects.first()).images == (
        ImageRecord(caption="The quay", credit="M. Sedge", paragraph=1),
    )
