"""Undoing an import in the admin: what would become of each article is said first."""

from __future__ import annotations

from io import StringIO
from threading import Event

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles import editing
from articles.admin import undoing as desk
from articles.models import Article, ImportInput, ImportJob, JobState
from articles.records import ArticleRecord

from ..makers import stored

pytestmark = pytest.mark.django_db


def job_of(*titles: str, by: str = "") -> ImportJob:
    owner = User.objects.get(username=by) if by else None
    job = ImportJob.objects.create(label="A box of letters", state=JobState.DONE, created_by=owner)
    entry = ImportInput.objects.create(job=job, position=0, name="a.jsonl")
    stored([ArticleRecord(title=title) for title in titles], entry)
    return job


def address(job: ImportJob) -> str:
    return f"/admin/articles/importjob/{job.pk}/undo/"


def test_what_would_become_of_the_articles_is_said_and_nothing_is_done(boss):
    job = job_of("Fog", "Ice")
    editing.add_tags([Article.objects.get(title="Ice").pk], ["kept"])
    page = boss.get(address(job)).content.decode()
    assert "Removed: this import brought it" in page
    assert ">Ice</a>: kept: it was edited here since" in page
    assert Article.objects.count() == 2


def test_an_import_is_undone_and_it_is_logged(boss):
    job = job_of("Fog", "Ice")
    answer = boss.post(address(job), follow=True)
    assert "The import is undone. Articles: 2 removed: this import brought it." in answer.content.decode()
    assert not Article.objects.exists()
    job.refresh_from_db()
    assert ", by boss: 2 articles removed, and 0 put back" in desk.undone_words(job)
    assert LogEntry.objects.get().change_message == "Undone: 2 articles removed, 0 put back, 0 stay."


def test_an_import_is_undone_once(boss):
    job = job_of("Fog")
    boss.post(address(job))
    for answer in (boss.get(address(job), follow=True), boss.post(address(job), follow=True)):
        assert "Nothing is left to undo." in answer.content.decode()
    assert LogEntry.objects.count() == 1


def test_a_running_import_is_not_undone(boss):
    job = job_of("Fog")
    ImportJob.objects.update(state=JobState.RUNNING)
    assert "Cancel it, or wait" in boss.post(address(job), follow=True).content.decode()
    assert Article.objects.exists()


def test_a_large_import_is_undone_in_the_background_and_its_receipt_says_how_far_it_is(boss, monkeypatch):
    monkeypatch.setattr(desk, "AT_ONCE", 1)
    monkeypatch.setattr(desk.undoing, "CHUNK", 1)
    job = job_of("Fog", "Ice")
    assert "undone in the background" in boss.get(address(job)).content.decode()
    receipt = boss.post(address(job), follow=True).content.decode()
    assert "Being undone in the background, as boss asked: of 2 articles at most, 0 are removed" in receipt
    assert address(job) not in receipt
    stop = Event()
    stop.set()
    desk.undoing.undo(job, stop=stop)
    assert "of 2 articles at most, 1 are removed" in boss.get(address(job), follow=True).content.decode()
    assert desk.undoing.catch_up(Event()) == 1
    assert not Article.objects.exists()
    receipt = boss.get(job.get_absolute_url()).content.decode()
    assert "Undone on " in receipt
    assert "by boss: 2 articles removed, and 0 put back" in receipt
    assert "<dd>undone</dd>" in receipt
    told = list(LogEntry.objects.order_by("pk").values_list("user__username", "change_message"))
    assert told == [
        ("boss", "Undoing asked for, in the background."),
        ("boss", "Undone: 2 articles removed, 0 put back, 0 stay."),
    ]


def test_of_very_many_articles_some_are_counted_and_some_are_named(boss, monkeypatch):
    job = job_of("Fog", "Ice", "Hail", "Sun")
    editing.add_tags(list(Article.objects.values_list("pk", flat=True)), ["kept"])
    monkeypatch.setattr(desk.undoing, "MOST_COUNTED", 3)
    monkeypatch.setattr(desk.undoing, "MOST_NAMED", 1)
    page = boss.get(address(job)).content.decode()
    assert "Counted are the first 3 articles; there are more." in page
    assert "And 2 more." in page
    assert page.count("kept: it was edited here since") == 1


def test_who_uploads_undoes_their_own_imports_and_no_others(uploader):
    own, other = job_of("Fog", by="uploader"), job_of("Ice")
    assert uploader.post(address(other)).status_code == 403
    assert uploader.post(address(own)).status_code == 302
    assert Article.objects.get().title == "Ice"


@pytest.mark.parametrize("who", ["stranger", "reader", "staff", "viewer", "editor"])
def test_who_may_not_delete_articles_undoes_no_import_of_others(who, request):
    client, job = request.getfixturevalue(who), job_of("Fog")
    assert client.get(address(job)).status_code in (302, 403)
    assert client.post(address(job)).status_code in (302, 403)
    assert Article.objects.exists()


def test_a_command_says_what_it_would_do_and_does_it():
    job = job_of("Fog", "Ice")
    out = StringIO()
    call_command("undo_import", f"{job.pk}", "--plan", stdout=out)
    assert Article.objects.count() == 2
    call_command("undo_import", f"{job.pk}", stdout=out)
    assert not Article.objects.exists()
    assert out.getvalue() == "Would be: 2 removed.\nArticles: 2 removed.\n"
    with pytest.raises(CommandError, match="was undone on"):
        call_command("undo_import", f"{job.pk}")
    with pytest.raises(CommandError, match="There is no import 0"):
        call_command("undo_import", "0")
