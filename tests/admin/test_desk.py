"""The first page of the admin: what needs a human, each matter with its count, its list and its cure."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from articles import desk
from articles.models import (
    Article,
    Distinct,
    FruitlessSearch,
    ImportJob,
    IndexBacklog,
    Original,
    Section,
    Source,
)
from articles.records import Status

from ..makers import make_article

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/importjob/upload/"
COPIES = "/admin/articles/article/copies/"


def shown(client) -> list[tuple[str, str, str]]:
    """Each matter: its words, its count, its address."""
    page = client.get("/admin/").content.decode()
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a> <strong>([^<]*)</strong>', page)
    return [(words, count, url.replace("&amp;", "&")) for url, words, count in found]


def counts(client) -> dict[str, str]:
    return {words: count for words, count, _url in shown(client)}


@pytest.fixture
def quiet(db) -> None:
    IndexBacklog.objects.all().delete()


def two_copies(**values) -> list[Article]:
    source = Source.objects.create(name="The Harbour Gazette")
    rows = [make_article("The river rose", **values) for _ in range(2)]
    Article.objects.update(story=rows[0].pk, source=source)
    return rows


def test_an_empty_list_says_that_nothing_needs_you(boss, quiet):
    assert "Nothing needs you." in boss.get("/admin/").content.decode()
    assert shown(boss) == []


def test_every_matter_leads_to_a_list_that_has_as_many_rows(boss):
    two_copies(date="1923-05-30")
    make_article("No date")
    make_article("A draft", status=Status.DRAFT, date="1923")
    make_article(date="1923", sections=("Middle EastOthersWorld News",))
    boss.post(UPLOAD, {"text": "{"})
    FruitlessSearch.objects.create(query="q=zeppelin", words="zeppelin")
    Original.objects.update(intact=False)
    matters = shown(boss)
    assert len(matters) == 8
    for words, count, url in matters:
        page = boss.get(url)
        assert page.status_code == 200, words
        if "cl" in page.context_data:
            assert page.context_data["cl"].result_count == int(count), words


def test_more_than_are_counted_are_told_as_more(boss, monkeypatch, quiet):
    monkeypatch.setattr(desk, "MOST_COUNTED", 1)
    for _ in range(3):
        make_article(date="1923", status=Status.DRAFT)
    assert counts(boss)["Drafts"] == "more than 1"


def test_the_number_of_queries_does_not_grow_with_what_waits(boss, django_assert_max_num_queries):
    for _ in range(5):
        make_article(status=Status.DRAFT)
    with django_assert_max_num_queries(40) as few:
        boss.get("/admin/")
    for _ in range(20):
        make_article(status=Status.DRAFT)
    with django_assert_max_num_queries(len(few)):
        boss.get("/admin/")


def test_who_may_only_upload_is_shown_their_own_imports_and_no_articles(contributor, boss):
    boss.post(UPLOAD, {"text": "{"})
    make_article("No date")
    assert shown(contributor) == []
    contributor.post(UPLOAD, {"text": "{"})
    assert counts(contributor) == {"Imports of which something was refused": "1"}


# Refused inputs


def test_what_was_refused_stands_there_until_it_is_settled(boss, quiet):
    boss.post(UPLOAD, {"text": "{"})
    job = ImportJob.objects.get()
    assert counts(boss)["Imports of which something was refused"] == "1"
    assert "It is settled" in boss.get(job.get_absolute_url()).content.decode()
    boss.post(f"/admin/articles/importjob/{job.pk}/settle/")
    assert "Imports of which something was refused" not in counts(boss)
    assert "It is settled" not in boss.get(job.get_absolute_url()).content.decode()


def test_what_was_refused_long_ago_needs_nobody(boss, quiet):
    boss.post(UPLOAD, {"text": "{"})
    ImportJob.objects.update(created_at=timezone.now() - dt.timedelta(days=31))
    assert "Imports of which something was refused" not in counts(boss)


def test_nobody_settles_the_import_of_another_without_the_right(contributor, boss):
    boss.post(UPLOAD, {"text": "{"})
    assert contributor.post(f"/admin/articles/importjob/{ImportJob.objects.get().pk}/settle/").status_code == 403


# Names that run together


@pytest.mark.parametrize(
    ("name", "together"),
    [
        ("Middle EastOthersWorld News", True),
        ("OthersSport", True),
        ("YouTube", False),
        ("McDonald and iPhone", False),
        ("World News", False),
        ("الشرق الأوسط", False),
    ],
)
def test_a_name_is_several_where_it_has_three_parts_or_one_that_is_known(name, together):
    assert desk.runs_together(name, {"sport"}) is together


def test_splitting_a_name_files_its_articles_under_each(boss, quiet):
    article = make_article(date="1923", sections=("Middle EastOthersWorld News", "Others"))
    line = Section.objects.get(name__startswith="Middle")
    assert counts(boss)["Category lines that are not split"] == "1"
    chosen = {"action": "split_selected", "_selected_action": [line.pk]}
    boss.post("/admin/articles/section/", chosen)
    named = Article.objects.get(pk=article.pk).section_links.values_list("section__name", flat=True)
    assert sorted(named) == ["Middle East", "Others", "World News"]
    assert not Section.objects.filter(pk=line.pk).exists()
    assert Section.objects.get(name="Others").published_count == 1


def test_splitting_leaves_a_name_alone_that_is_one(boss):
    make_article(sections=("YouTube",))
    chosen = {"action": "split_selected", "_selected_action": [Section.objects.get().pk]}
    boss.post("/admin/articles/section/", chosen)
    assert Section.objects.get().name == "YouTube"


# Possible duplicates


def test_printings_of_other_papers_are_no_copies(boss):
    rows = two_copies(date="1923-05-30")
    assert {article.pk for article in desk.copies()} == {row.pk for row in rows}
    Article.objects.filter(pk=rows[0].pk).update(source=Source.objects.create(name="Another"))
    assert not desk.copies().exists()


def test_articles_of_one_story_and_no_source_are_compared_too():
    two_copies()
    Article.objects.update(source=None)
    assert desk.copies().count() == 2


def test_a_copy_is_moved_to_the_trash_by_a_button(editor):
    first, second = two_copies(date="1923-05-30")
    page = editor.get(COPIES).content.decode()
    assert f'name="discard" value="{second.pk}"' in page
    assert "The same words" in page
    editor.post(f"{COPIES}decide/", {"number": [first.pk, second.pk], "discard": second.pk})
    assert [article.pk for article in Article.objects.trashed()] == [second.pk]
    assert "There are none." in editor.get(COPIES).content.decode()


def test_what_is_no_copy_is_not_asked_about_again_until_a_third_comes(editor):
    first, second = two_copies(date="1923-05-30")
    editor.post(f"{COPIES}decide/", {"number": [first.pk, second.pk], "decision": "distinct"})
    assert Distinct.objects.count() == 2
    assert not desk.copies().exists()
    third = make_article("The river rose", date="1923-05-30", story=first.story)
    Article.objects.filter(pk=third.pk).update(story=first.pk, source=Source.objects.get())
    assert [article.pk for article in desk.copies()] == [third.pk]


def test_who_may_not_change_articles_decides_nothing(viewer):
    first, _second = two_copies(date="1923-05-30")
    assert viewer.get(COPIES).status_code == 403
    assert viewer.post(f"{COPIES}decide/", {"number": [first.pk], "discard": first.pk}).status_code == 403
