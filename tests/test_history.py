"""The pages of what an article said before: what they show, and what they never show."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from django.test import Client

from articles import editing, trash, versions
from articles.models import Article, ArticleVersion, Cause, ImportInput, ImportJob
from articles.records import HTML, ArticleRecord, Dating, ImageRecord, Status
from articles.wording import versions as wording

from .growth import assert_in_proportion
from .makers import make_article, stored
from .reading import page_at

pytestmark = pytest.mark.django_db

FIRST = ArticleRecord(
    title="Ferry held by fog",
    body="The ferry lay at the Lower Quay until noon.\n\nNobody was hurt.",
    source="The Port Aldery Herald",
    tags=("ferry",),
    date=Dating.parse("1926-06-13"),
    canonical_url="https://herald.example/ferry",
)
SECOND = dataclasses.replace(FIRST, body="The ferry lay at the Lower Quay until four.\n\nNobody was hurt.")
THIRD = dataclasses.replace(SECOND, title="Ferry held by ice", tags=("ferry", "ice"), authors=("M. Sedge",))


def imported(*records: ArticleRecord) -> Article:
    """The article that these records, each a batch of its own, make."""
    for record in records:
        entry = ImportInput.objects.create(job=ImportJob.objects.create(label="a"), position=0, name="a")
        stored([record], entry)
    return Article.objects.get()


def at(article: Article, *parts: object) -> str:
    return f"/article/{article.pk}/versions/{''.join(f'{part}/' for part in parts)}"


def differences_at(article: Article, query: str = "") -> str:
    return at(article, "differences") + query


def status_of(address: str) -> int:
    return Client().get(address).status_code


def words(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


# The article


def test_an_article_says_how_often_it_changed():
    article = imported(FIRST, SECOND, THIRD)
    page = page_at(article.get_absolute_url())
    assert f'<a href="{at(article)}">2 times, last on ' in page


def test_an_article_that_has_not_changed_says_nothing_of_it():
    article = imported(FIRST)
    assert at(article) not in page_at(article.get_absolute_url())
    assert "It has not changed since it came." in page_at(at(article))
    assert status_of(differences_at(article)) == 404


def test_one_change_is_said_in_one_word():
    article = imported(FIRST, SECOND)
    assert ">once, on " in page_at(article.get_absolute_url())


def test_a_change_that_readers_do_not_see_is_none():
    article = imported(FIRST)
    Article.objects.update(received="As it came.")
    before = versions.told_of([article.pk])
    Article.objects.update(received="As it came, with a blank.")
    versions.keep_changed(before, Cause.EDITED)
    assert article.versions.count() == 1
    assert versions.changes(article) is None
    assert at(article) not in page_at(article.get_absolute_url())


def test_no_title_takes_the_address_of_the_versions():
    assert make_article("Versions").get_absolute_url().endswith("/article/")


# The states


def test_the_states_are_listed_with_when_and_why():
    article = imported(FIRST, SECOND)
    said = words(page_at(at(article)))
    assert said.index("The article now") < said.index("Version 1")
    assert "A newer text came in" in said
    assert "As it came" in said


def test_who_changed_an_article_is_not_said(django_user_model):
    article = imported(FIRST, SECOND)
    ArticleVersion.objects.update(ended_by=django_user_model.objects.create_user("anna.secret"))
    pages = [at(article), at(article, 1), differences_at(article)]
    assert not any("anna.secret" in page_at(page) for page in pages)


def test_each_state_can_be_read_and_says_that_it_is_an_earlier_one():
    article = imported(FIRST, SECOND)
    page = page_at(at(article, 1))
    assert "until noon" in page
    assert "This is an earlier version." in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in page


def test_the_state_that_holds_now_is_at_the_address_of_the_article():
    article = imported(FIRST, SECOND)
    answer = Client().get(at(article, 2))
    assert (answer.status_code, answer["Location"]) == (302, article.get_absolute_url())
    assert status_of(at(article, 3)) == 404


def test_the_html_of_a_state_is_cleaned_as_any_other():
    body = '<p onclick="x()">It sank.</p><script>alert(1)</script>'
    caption = ImageRecord(caption="<b>The quay</b>", credit="M. Sedge")
    bad = dataclasses.replace(FIRST, title="<i>Ferry</i>", body=body, body_type=HTML, images=(caption,))
    page = page_at(at(imported(bad, SECOND), 1))
    assert ">It sank.<a class" in page
    assert "alert(1)" not in page
    assert "&lt;i&gt;Ferry&lt;/i&gt;" in page
    assert "&lt;b&gt;The quay&lt;/b&gt;" in page


def test_html_of_very_many_marks_is_shown_as_its_words(monkeypatch):
    body = "<p>It <i>sank</i>.</p><script>alert(1)</script>" + "<p>Nobody was <b>hurt</b>.</p>" * 1300
    article = imported(dataclasses.replace(FIRST, body=body, body_type=HTML), SECOND)
    page = page_at(at(article, 1))
    assert '<p id="p1" dir="auto">It sank.<a class="pin"' in page
    assert "alert(1)" not in page
    assert "without its layout" in page
    monkeypatch.setattr(wording, "MOST_MARKS", 10_000)
    page = page_at(at(article, 1))
    assert '<p id="p1" dir="auto">It <i>sank</i>.<a class="pin"' in page
    assert "without its layout" not in page


# What nobody may see


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHHELD])
def test_of_an_article_that_is_not_published_no_version_is_shown(status: Status):
    article = imported(FIRST, SECOND)
    Article.objects.update(status=status)
    assert [status_of(page) for page in (at(article), at(article, 1), differences_at(article))] == [404] * 3


def test_of_an_article_in_the_trash_no_version_is_shown():
    article = imported(FIRST, SECOND)
    trash.discard([article.pk])
    assert [status_of(page) for page in (at(article), at(article, 1), differences_at(article))] == [404] * 3


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHHELD])
def test_what_was_no_more_than_a_draft_or_was_withheld_is_shown_nowhere(status: Status):
    article = imported(dataclasses.replace(FIRST, status=status), SECOND)
    Article.objects.update(status=Status.PUBLISHED)
    assert article.versions.count() == 1
    pages = [article.get_absolute_url(), at(article), f"/article/{article.pk}/{article.slug}.json"]
    assert not any("until noon" in page_at(page) or "/versions/1" in page_at(page) for page in pages)
    assert status_of(at(article, 1)) == 404
    assert status_of(differences_at(article, "?from=1&to=2")) == 404


# What was changed


def test_words_taken_out_and_put_in_are_marked():
    page = page_at(differences_at(imported(FIRST, SECOND)))
    assert re.search(r"until <del>\s*noon\.</del>\s*<ins>four\.</ins>", page)
    assert "Nobody was hurt" not in page


def test_facts_that_changed_are_listed_under_their_names():
    page = page_at(differences_at(imported(FIRST, SECOND, THIRD), "?from=1&to=now"))
    said = words(page)
    assert "Headline Ferry held by fog ice" in said
    assert "Tags ice" in said
    assert "Authors M. Sedge" in said
    assert "<h2>Text</h2>" in page
    assert "<h2>Source</h2>" not in page


def test_side_by_side_each_side_has_its_own_words():
    page = page_at(differences_at(imported(FIRST, SECOND), "?layout=beside"))
    (before, after) = re.findall(r"<span class=\"side\">\w+</span><p dir=\"auto\">(.*?)</p>", page, re.DOTALL)
    assert "noon" in before
    assert "four" not in before
    assert "four" in after
    assert "noon" not in after


def test_two_states_are_compared_in_the_order_of_time_whichever_is_named_first():
    article = imported(FIRST, SECOND, THIRD)
    turned, straight = (words(page_at(differences_at(article, asked))) for asked in ("?from=3&to=1", "?from=1&to=3"))
    assert turned == straight


@pytest.mark.parametrize("query", ["?from=9", "?to=0", "?from=x", "?from=-1", "?from=1&to=%00"])
def test_a_state_that_is_not_there_is_not_found(query: str):
    assert status_of(differences_at(imported(FIRST, SECOND), query)) == 404


def test_a_state_beside_itself_differs_in_nothing():
    assert "one and the same version" in page_at(differences_at(imported(FIRST, SECOND), "?from=1&to=1"))


def test_a_change_near_the_end_of_a_long_text_is_found():
    paragraphs = [f"Paragraph {number} of a long report on the tolls of the bridge." for number in range(900)]
    changed = [*paragraphs[:-2], "Somebody wrote this instead.", paragraphs[-1]]
    long, other = (dataclasses.replace(FIRST, body="\n\n".join(body)) for body in (paragraphs, changed))
    found = versions.compare(long, other, {})
    assert not found.cut
    assert len(found.passages) == 2


def test_the_work_is_bounded_whatever_the_texts_are():
    def act(size: int) -> None:
        one, other = "a b\n\n" * size, "a c\n\n" * size
        versions.compare(dataclasses.replace(FIRST, body=one), dataclasses.replace(FIRST, body=other), {})

    assert_in_proportion(act, 20_000)


# For programs


def test_json_of_an_article_tells_its_versions():
    article = imported(FIRST, SECOND)
    told = json.loads(page_at(f"/article/{article.pk}/{article.slug}.json"))["versions"]
    assert [version["number"] for version in told] == [1, 2]
    assert told[0]["url"] == f"http://testserver{at(article, 1)}"
    assert told[1]["url"] == f"http://testserver{article.get_absolute_url()}"
    assert told[0]["until"] == told[1]["since"]
    assert told[1]["until"] is None


def test_json_of_an_article_that_has_not_changed_says_nothing_of_versions():
    article = imported(FIRST)
    assert "versions" not in json.loads(page_at(f"/article/{article.pk}/{article.slug}.json"))


def test_an_article_that_changes_for_ever_has_a_page_of_the_last_changes(monkeypatch):
    monkeypatch.setattr(versions, "MOST_LISTED", 3)
    article = imported(*(dataclasses.replace(FIRST, body=f"Text {number}.") for number in range(7)))
    said = words(page_at(at(article)))
    assert "The last 3 changes are listed." in said
    assert re.findall(r"Version (\d)", said) == ["6", "5", "4"]
    assert editing.restore(article.versions.first()) is None
