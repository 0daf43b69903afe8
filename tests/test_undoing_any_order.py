"""Random batches come and go in any order: undoing gives back what was before, and says what it changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import editing, undoing, versions
from articles.models import Article, ImportJob, ImportOutcome, Tag
from articles.records import HTML, PLAIN, ArticleRecord, Status
from articles.undoing import Fate

from .makers import make_article
from .undoing_samples import exported, job_of

pytestmark = pytest.mark.django_db


@contextmanager
def undone_afterwards() -> Iterator[None]:
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


RECORDS = st.builds(
    ArticleRecord,
    title=st.sampled_from(["Ferry", "Otters", "Fog"]),
    body=st.sampled_from(["One.", "Two.\n\nThree.", "<p>Four <b>five</b>.</p>"]),
    body_type=st.sampled_from([PLAIN, HTML]),
    canonical_url=st.sampled_from(["", "https://a.example/1", "https://a.example/2", "https://a.example/3"]),
    tags=st.sampled_from([(), ("ferry",), ("otters", "fog"), ("Ferry",)]),
    source=st.sampled_from(["", "Herald", "Mail"]),
    kicker=st.sampled_from(["", "Harbour"]),
    status=st.sampled_from(list(Status)),
)
FILES = st.lists(RECORDS, min_size=1, max_size=5).map(
    lambda records: tuple(
        dataclasses.replace(record, place=f"line {number}") for number, record in enumerate(records, start=1)
    )
)


@settings(deadline=None, max_examples=30)
@given(st.lists(FILES, max_size=3), FILES)
def test_undoing_the_last_batch_gives_back_exactly_what_was_before(earlier, last):
    with undone_afterwards():
        for records in earlier:
            job_of(*records)
        before, names = exported(), set(Tag.objects.in_use())
        job = job_of(*last)
        planned = undoing.plan(job).counts
        assert undoing.undo(job).counts == planned
        assert exported() == before
        assert set(Tag.objects.in_use()) == names


@settings(deadline=None, max_examples=30)
@given(st.lists(FILES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_undoing_all_batches_in_any_order_gives_back_exactly_what_was_before(files, random):
    with undone_afterwards():
        make_article("By hand", text="Written here.", tags=("ferry",), canonical_url="https://a.example/hand")
        before = exported()
        done = [job_of(*records) for records in (*files, files[0])]
        random.shuffle(done)
        for job in done:
            undoing.undo(job)
        assert not ImportOutcome.objects.exclude(article=None).exclude(article__title="By hand").exists()
        assert exported() == before


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(FILES, st.integers(0, 5)), min_size=2, max_size=8))
def test_what_undoing_says_that_it_changes_is_what_changes(acts):
    """Batches come and go in any order, each act a batch or the place of one that is undone."""
    with undone_afterwards():
        done: list[ImportJob] = []
        make_article("By hand", text="Written here.", tags=("ferry",), canonical_url="https://a.example/1")
        for act in acts:
            if not isinstance(act, int):
                done.append(job_of(*act))
            elif done:
                job = done.pop(act % len(done))
                before = versions.told_of(Article.objects.values_list("pk", flat=True))
                planned = undoing.plan(job).counts
                counts = undoing.undo(job).counts
                after = versions.told_of(before)
                assert counts[Fate.REMOVED] == planned[Fate.REMOVED] == len(before) - len(after)
                assert counts[Fate.RESTORED] == sum(said != before[number] for number, said in after.items())
                assert counts[Fate.RESTORED] + counts[Fate.TAKEN] == planned[Fate.RESTORED]


@settings(deadline=None, max_examples=20)
@given(FILES, FILES, st.randoms(use_true_random=False))
def test_what_an_editor_has_changed_since_is_never_touched(first, second, random):
    with undone_afterwards():
        job_of(*first)
        job = job_of(*second)
        numbers = list(Article.objects.values_list("pk", flat=True))
        edited = random.sample(numbers, len(numbers) // 2)
        editing.add_tags(edited, ["seen by an editor"])
        before = versions.told_of(edited)
        undoing.undo(job)
        assert versions.told_of(edited) == before
