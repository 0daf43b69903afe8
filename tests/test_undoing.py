"""A batch is undone: what it brought goes, what it changed is as it was before, and nothing else is touched."""

from __future__ import annotations

import dataclasses

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User

from articles import editing, trash, undoing
from articles.models import (
    Article,
    ArticleVersion,
    Cause,
    ImportJob,
    IndexBacklog,
    JobState,
    Original,
    Period,
    Result,
    Section,
    Source,
    Tag,
    TagAlias,
)
from articles.records import HTML, ArticleRecord, Dating
from articles.undoing import Fate, NotUndoable

from .makers import make_article
from .turns import Turns
from .undoing_samples import FERRY, LATER, OTTERS, exported, job_of, results, set_already

pytestmark = pytest.mark.django_db

# What a batch did


def test_what_a_batch_brought_goes_and_its_receipt_stays():
    job = job_of(FERRY, OTTERS)
    assert undoing.plan(job).counts == {Fate.REMOVED: 2}
    done = undoing.undo(job)
    assert (done.finished, done.counts) == (True, {Fate.REMOVED: 2})
    assert not Article.objects.exists()
    assert results(job) == [Result.CREATED] * 2
    assert job.undone_at
    assert Original.objects.count() == 1


def test_what_was_undone_can_be_imported_again():
    before = job_of(FERRY, OTTERS)
    there = exported()
    undoing.undo(before)
    assert results(job_of(FERRY, OTTERS)) == [Result.CREATED] * 2
    assert exported() == there


def test_what_a_batch_changed_says_what_it_said_before():
    job_of(FERRY)
    before, sha256 = exported(), Article.objects.get().original.sha256
    job = job_of(LATER)
    assert results(job) == [Result.UPDATED]
    assert undoing.plan(job).counts == {Fate.RESTORED: 1}
    undoing.undo(job)
    assert exported() == before
    article = Article.objects.get()
    assert article.original.sha256 == sha256
    assert article.edited_at is None
    assert [version.cause for version in article.versions.all()] == [Cause.IMPORTED, Cause.UNDONE]


def test_a_text_changed_twice_by_one_batch_is_as_before_it():
    job_of(FERRY)
    before = exported()
    undoing.undo(job_of(LATER, dataclasses.replace(LATER, body="Until six.", place="line 2")))
    assert exported() == before


def test_pictures_and_html_come_back_as_they_were():
    body = '<p>It sank.</p><figure><img src="https://a.example/1.jpg"><figcaption>The quay</figcaption></figure>'
    job_of(dataclasses.replace(FERRY, body=body, body_type=HTML, received="It sank.\n", date=Dating.parse("1926-05")))
    before, text = exported(), Article.objects.get().body_text
    undoing.undo(job_of(LATER))
    assert exported() == before
    assert Article.objects.get().body_text == text


def test_what_waits_for_the_index_and_the_counts_follow():
    job_of(FERRY)
    job = job_of(LATER, OTTERS)
    IndexBacklog.objects.all().delete()
    undoing.undo(job)
    assert IndexBacklog.objects.count() == 2
    assert Period.objects.count_of("all") == 1
    assert Tag.objects.get(name="fog").published_count == 1


def test_a_reprint_that_goes_leaves_the_other_without_a_story():
    text = " ".join(f"word{number}" for number in range(80))
    job_of(dataclasses.replace(FERRY, body=text))
    job = job_of(dataclasses.replace(FERRY, body=f"{text} more", source="The Osterby Mail", canonical_url=""))
    assert Article.objects.exclude(story=None).count() == 2
    assert "another printing of “Ferry held by fog”, /article/" in job.outcomes.get().reason
    undoing.undo(job)
    assert Article.objects.get().story is None


def test_two_articles_that_took_each_others_text_have_their_own_again():
    one, other = (dataclasses.replace(FERRY, canonical_url=f"https://a.example/{n}", body=f"Text {n}.") for n in (1, 2))
    job_of(one, other)
    before = exported()
    urls = one.canonical_url, other.canonical_url
    job = job_of(
        dataclasses.replace(one, body="Between.", canonical_url=urls[0]),
        dataclasses.replace(one, canonical_url=urls[1]),
        dataclasses.replace(other, canonical_url=urls[0]),
    )
    assert results(job) == [Result.UPDATED] * 3
    assert undoing.undo(job).counts == {Fate.RESTORED: 2}
    assert exported() == before


def test_what_a_new_article_of_the_batch_had_is_free_once_that_has_gone(monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    job_of(FERRY)
    before = exported()
    job = job_of(LATER, dataclasses.replace(FERRY, canonical_url="https://herald.example/copy"))
    assert undoing.undo(job).counts == {Fate.RESTORED: 1, Fate.REMOVED: 1}
    assert exported() == before


def test_undoing_ends_where_one_article_is_taken_and_another_is_as_it_should_be():
    job_of(FERRY, OTTERS)
    otters = dataclasses.replace(OTTERS, body="Four were seen.", canonical_url="https://a.example/otters")
    undoing.undo(job_of(otters))
    job = job_of(LATER, OTTERS)
    job_of(dataclasses.replace(FERRY, canonical_url="https://herald.example/copy"))
    done = undoing.undo(job, stop=Turns())
    assert (done.finished, done.counts) == (True, {Fate.TAKEN: 1})


def test_what_a_batch_has_changed_back_itself_counts_nowhere():
    job_of(FERRY)
    first = job_of(LATER)
    job_of(dataclasses.replace(LATER, place="line 9"), OTTERS)
    undoing.undo(first)
    before = exported()
    job = job_of(dataclasses.replace(LATER, body="Until six."))
    again = job_of(LATER)
    again.inputs.update(job=job, position=1)
    again.outcomes.update(job=job)
    assert results(job) == [Result.UPDATED] * 2
    assert exported() == before
    assert undoing.undo(job).counts == {}
    assert not ArticleVersion.objects.filter(job=job, cause=Cause.UNDONE).exists()


# What stays


def test_what_was_edited_since_stays_and_the_plan_says_so():
    job = job_of(FERRY, OTTERS)
    article = Article.objects.get(title=FERRY.title)
    editing.add_tags([article.pk], ["kept"])
    plan = undoing.plan(job)
    assert plan.counts == {Fate.REMOVED: 1, Fate.EDITED: 1}
    assert plan.staying == ((article, Fate.EDITED),)
    undoing.undo(job)
    assert Article.objects.get() == article


def test_an_update_that_was_edited_since_stays():
    job_of(FERRY)
    job = job_of(LATER)
    Article.objects.update(title="Edited", edited_at="2026-01-02T00:00Z")
    undoing.undo(job)
    assert Article.objects.get().title == "Edited"


def test_what_another_import_brought_too_stays_until_that_is_undone_as_well():
    first = job_of(FERRY)
    second = job_of(FERRY, OTTERS)
    assert undoing.undo(first).counts == {Fate.SHARED: 1}
    assert Article.objects.count() == 2
    assert undoing.undo(second).counts == {Fate.REMOVED: 2}
    assert not Article.objects.exists()


def test_what_was_here_before_the_batch_stays_although_the_batch_met_it():
    make_article("Ferry held by fog", text=FERRY.body)
    editing.renew(article := Article.objects.get())
    article.save()
    job = job_of(ArticleRecord(title=FERRY.title, body=FERRY.body))
    assert results(job) == [Result.DUPLICATE]
    assert undoing.undo(job).counts == {}
    assert Article.objects.get() == article


def test_what_was_put_back_before_the_batch_met_it_is_no_part_of_it():
    job_of(FERRY)
    undoing.undo(job_of(LATER))
    before, kept = exported(), ArticleVersion.objects.count()
    job = job_of(FERRY, OTTERS)
    assert results(job) == [Result.DUPLICATE, Result.CREATED]
    assert undoing.plan(job).counts == {Fate.REMOVED: 1}
    assert undoing.undo(job).counts == {Fate.REMOVED: 1}
    assert exported() == before
    assert ArticleVersion.objects.count() == kept


def test_what_another_batch_met_before_an_update_that_went_back_is_shared():
    first = job_of(FERRY)
    job_of(FERRY, OTTERS)
    undoing.undo(job_of(LATER))
    assert undoing.plan(first).counts == {Fate.SHARED: 1}
    assert undoing.undo(first).counts == {Fate.SHARED: 1}


def test_an_update_that_a_later_batch_met_goes_back_with_that_one():
    job_of(FERRY)
    before = exported()
    second, third = job_of(LATER), job_of(dataclasses.replace(LATER, place="line 9"), OTTERS)
    assert results(third) == [Result.DUPLICATE, Result.CREATED]
    assert undoing.undo(second).counts == {Fate.SHARED: 1}
    assert undoing.plan(third).counts == {Fate.RESTORED: 1, Fate.REMOVED: 1}
    assert undoing.undo(third).counts == {Fate.RESTORED: 1, Fate.REMOVED: 1}
    assert exported() == before


def test_an_update_that_a_batch_met_goes_back_with_it_although_a_later_one_went_back_before():
    job_of(FERRY)
    before = exported()
    first, second = job_of(LATER), job_of(dataclasses.replace(LATER, body="Until six."))
    undoing.undo(second)
    third = job_of(LATER, OTTERS)
    assert undoing.undo(first).counts == {Fate.SHARED: 1}
    Article.objects.filter(title=OTTERS.title).delete()
    assert undoing.plan(third).counts == undoing.undo(third).counts == {Fate.RESTORED: 1}
    assert exported() == before


def test_a_later_update_by_another_batch_stays_and_undoing_both_goes_back_to_the_beginning():
    job_of(FERRY)
    before = exported()
    second = job_of(LATER)
    third = job_of(dataclasses.replace(LATER, body="Until six."))
    assert undoing.undo(second).counts == {Fate.SHARED: 1}
    assert Article.objects.get().body == "Until six."
    undoing.undo(third)
    assert exported() == before


def test_a_text_that_another_article_has_by_now_is_not_put_back():
    job_of(FERRY)
    job = job_of(LATER)
    job_of(dataclasses.replace(FERRY, canonical_url="https://herald.example/copy"))
    assert undoing.undo(job).counts == {Fate.TAKEN: 1}
    assert Article.objects.get(canonical_url=FERRY.canonical_url).body == LATER.body


def test_an_update_from_before_versions_were_kept_stays():
    job_of(FERRY)
    job = job_of(LATER)
    ArticleVersion.objects.all().delete()
    assert undoing.undo(job).counts == {Fate.UNKEPT: 1}
    assert Article.objects.get().body == LATER.body


def test_what_a_batch_brought_goes_from_the_trash_too():
    job = job_of(FERRY)
    trash.discard([Article.objects.get().pk])
    assert undoing.undo(job).counts == {Fate.REMOVED: 1}


# Names


def test_names_that_only_the_batch_used_go_and_others_stay():
    make_article(tags=("ferry",), sections=("Local",))
    undoing.undo(job_of(FERRY, OTTERS))
    assert set(Tag.objects.values_list("name", flat=True)) == {"ferry"}
    assert Section.objects.get().name == "Local"
    assert not Source.objects.exists()


def test_names_that_somebody_has_touched_stay():
    user = User.objects.create_superuser("boss")
    job = job_of(FERRY, OTTERS)
    Tag.objects.filter(name="fog").update(description="Of the sea.")
    TagAlias.objects.create(name="otter", key="otter", slug="otter", target=Tag.objects.get(name="otters"))
    LogEntry.objects.log_actions(user.pk, Tag.objects.filter(name="ferry"), CHANGE, "Looked at.")
    ImportJob.objects.filter(pk=job.pk).update(source=Source.objects.get())
    undoing.undo(job)
    assert set(Tag.objects.values_list("name", flat=True)) == {"fog", "otters", "ferry"}
    assert Source.objects.exists()
    assert not Section.objects.exists()


# When


@pytest.mark.parametrize(
    ("state", "words"),
    [(JobState.RUNNING, "Cancel it"), (JobState.QUEUED, "Cancel it"), (JobState.PROPOSED, "nothing yet")],
)
def test_a_batch_that_is_not_done_is_not_undone(state: JobState, words: str):
    job = job_of(FERRY)
    job.state = state
    job.save()
    with pytest.raises(NotUndoable, match=words):
        undoing.plan(job)
    with pytest.raises(NotUndoable, match=words):
        undoing.undo(job)
    assert Article.objects.exists()


def test_a_batch_is_undone_once():
    job = job_of(FERRY)
    user = User.objects.create_user("anna")
    undoing.undo(job, by=user)
    assert job.undone_by == user
    with pytest.raises(NotUndoable, match="was undone on"):
        undoing.undo(job)


def test_undoing_that_is_cut_off_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    job_of(FERRY, OTTERS)
    before = exported()
    job = job_of(LATER, dataclasses.replace(OTTERS, title="More otters"), dataclasses.replace(OTTERS, title="Most"))
    assert not undoing.undo(job, stop=set_already()).finished
    assert job.undone_at is None

    def cut_off(*args: object) -> None:
        raise KeyboardInterrupt

    drop = undoing._drop_unused
    monkeypatch.setattr(undoing, "_drop_unused", cut_off)
    with pytest.raises(KeyboardInterrupt):
        undoing.undo(job)
    monkeypatch.setattr(undoing, "_drop_unused", drop)
    assert undoing.plan(job).remaining == 2
    assert undoing.undo(job).finished
    assert exported() == before
    assert ArticleVersion.objects.filter(cause=Cause.UNDONE).count() == 1


def test_many_articles_take_as_many_queries_as_few(django_assert_max_num_queries):
    def brought(number: int) -> ImportJob:
        mark = f"{number}-{ImportJob.objects.count()}"
        records = [ArticleRecord(title=f"{mark} {n}", canonical_url=f"https://a.example/{n}") for n in range(number)]
        return job_of(*records)

    brought(60)
    few, many = brought(3), brought(60)
    for job in (many, few):
        with django_assert_max_num_queries(60 + 4 * len(results(job))):
            undoing.undo(job)
