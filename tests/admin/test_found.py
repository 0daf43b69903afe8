"""All that a search finds, changed at once in the admin."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles import search
from articles.admin import found
from articles.models import Article
from articles.records import Status

from ..makers import make_article
from ..search.indexes import bring_up_to_date, use_index_in
from .conftest import client_of

pytestmark = pytest.mark.django_db

FOUND = "/admin/articles/article/found/"
FERRY = f"{FOUND}?q=ferry"


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("articles.search.indexing.close_old_connections", lambda: None)
    use_index_in(monkeypatch, tmp_path / "index")


@pytest.fixture
def ferries() -> list[Article]:
    """Three that a search for a ferry finds, and others that it does not."""
    held = [make_article(f"The ferry {number}", source="The Star" if number else "") for number in range(3)]
    make_article("Ice")
    make_article("A ferry to come", status=Status.DRAFT)
    bring_up_to_date()
    return held


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def fixed(client: Client, address: str = FERRY, **chosen: str) -> dict[str, str]:
    """What the page that asks sends, if its button is pressed."""
    answer = client.post(address, {"names": "", **chosen})
    return {**chosen, "numbers": answer.context["numbers"]}


def change(client: Client, address: str = FERRY, **chosen: str) -> str:
    return words(client.post(address, fixed(client, address, **chosen), follow=True))


def status_of(articles: list[Article]) -> set[str]:
    return set(Article.objects.filter(pk__in=[article.pk for article in articles]).values_list("status", flat=True))


def test_a_page_of_results_leads_editors_to_its_search(editor, ferries):
    page = words(editor.get("/search/?q=ferry&source=the-star&page=1"))
    assert f"{FERRY}&amp;source=the-star" in page
    assert FOUND not in words(editor.get("/search/?q=nothinglikeit"))


def test_the_search_is_read_out_with_its_count_and_what_it_finds(editor, ferries):
    page = words(editor.get(f"{FERRY}&source=the-star"))
    assert "2 articles" in page
    assert "ferry, in source The Star" in page.replace("\u2068", "").replace("\u2069", "")
    assert "The ferry 2" in page
    assert "The ferry 0" not in page
    assert '<input type="hidden" name="source" value="the-star">' in page
    assert "drafts, and what is withheld, are in the" in page


def test_a_search_for_nothing_offers_nothing_to_do(editor, ferries):
    assert "What is to be done" not in words(editor.get(FOUND))
    assert "What is to be done" not in words(editor.get(f"{FOUND}?q=zeppelin"))
    assert "What is to be done" not in words(editor.post(FOUND, {"action": "withhold"}))
    assert "finds 0 articles now" in words(editor.post(f"{FOUND}?q=zeppelin", {"action": "withhold"}, follow=True))
    assert Article.objects.published().count() == 4


def test_nothing_is_changed_before_it_was_asked(editor, ferries):
    page = words(editor.post(FERRY, {"action": "withhold", "names": ""}))
    assert "Withhold from readers: 3 articles" in page
    assert status_of(ferries) == {Status.PUBLISHED}


def test_what_is_found_is_withheld_and_logged_and_what_is_not_found_stays(editor, ferries):
    assert "3 of 3 articles withheld." in change(editor, action="withhold")
    assert status_of(ferries) == {Status.WITHHELD}
    assert Article.objects.published().get().title == "Ice"
    entry = LogEntry.objects.get().change_message
    assert entry.startswith("Withheld. Found by a search: ferry.")
    assert all(str(article.pk) in entry for article in ferries)


def test_what_is_found_goes_to_the_trash(editor, ferries):
    assert "3 of 3 articles moved to the trash." in change(editor, action="trash")
    assert Article.objects.trashed().count() == 3


def test_tags_are_added_and_removed_and_sections_added(editor, ferries):
    assert "at least one name" in words(editor.post(FERRY, {"action": "add_tags", "names": " "}))
    assert "3 of 3 articles tagged: Ships, old, Ice." in change(editor, action="add_tags", names="Ships, old\r\nIce")
    assert {link.tag.name for link in ferries[0].tag_links.all()} == {"Ships, old", "Ice"}
    assert "0 of 3 articles tagged: Ice, 3 were so already." in change(editor, action="add_tags", names="Ice")
    assert "3 of 3 articles freed of tags: ice." in change(editor, action="remove_tags", names="ice")
    assert [link.tag.name for link in ferries[0].tag_links.all()] == ["Ships, old"]
    change(editor, action="add_sections", names="Harbour")
    assert [link.section.name for link in ferries[2].section_links.all()] == ["Harbour"]


def test_the_whole_result_is_changed_batch_by_batch(editor, monkeypatch):
    monkeypatch.setattr(found, "BATCH", 5)
    articles = [make_article(f"The ferry {number}") for number in range(12)]
    bring_up_to_date()
    assert "12 of 12 articles withheld." in change(editor, action="withhold")
    assert status_of(articles) == {Status.WITHHELD}
    assert LogEntry.objects.count() == 3


def test_what_came_after_the_numbers_were_fixed_is_told_and_not_changed(editor, ferries):
    sent = fixed(editor, action="withhold")
    late = make_article("The ferry is late")
    bring_up_to_date()
    page = words(editor.post(FERRY, sent, follow=True))
    assert "3 of 3 articles withheld." in page
    assert "The search finds 1 article more by now: not changed." in page
    assert status_of([late]) == {Status.PUBLISHED}


def test_what_was_withdrawn_meanwhile_is_passed_over_and_told_whatever_the_index_says(editor, ferries):
    sent = fixed(editor, action="add_tags", names="Ships")
    Article.objects.filter(pk=ferries[1].pk).update(status=Status.WITHHELD)
    page = words(editor.post(FERRY, sent, follow=True))
    assert "2 of 2 articles tagged: Ships." in page
    assert "1 article not changed: withdrawn since" in page
    assert not ferries[1].tag_links.exists()


def test_more_than_are_changed_at_once_are_refused_with_what_to_do(editor, ferries, monkeypatch):
    monkeypatch.setattr(found, "MOST_ROWS", 2)
    page = words(editor.get(FERRY))
    assert "more than 2 articles: narrow the search" in page
    assert "What is to be done" not in page
    assert "finds 3 articles now" in words(editor.post(FERRY, {"action": "withhold"}, follow=True))
    editor.post(FERRY, {"action": "withhold", "numbers": " ".join(str(article.pk) for article in ferries)})
    assert status_of(ferries) == {Status.PUBLISHED}


@pytest.mark.parametrize("numbers", ["x", "1 2 -3", "9" * 30, "1,2"])
def test_numbers_that_are_none_change_nothing(editor, ferries, numbers):
    answer = editor.post(FERRY, {"action": "withhold", "numbers": numbers})
    assert answer.status_code == 200
    assert status_of(ferries) == {Status.PUBLISHED}


def test_a_search_that_cannot_be_read_says_so(editor, ferries):
    assert "was left out" in words(editor.get(f"{FERRY}&known=perhaps"))


def test_the_database_answers_where_the_index_is_away(editor, ferries, monkeypatch):
    monkeypatch.setattr(search.asking.Asker, "find", _broken)
    page = change(editor, action="withhold")
    assert "3 of 3 articles withheld." in page


def _broken(*_: object, **__: object) -> None:
    raise OSError("The disk is gone.")


def test_only_who_may_change_articles_comes_in(stranger, staff, uploader, viewer, ferries):
    for client in (staff, uploader, viewer):
        assert client.get(FERRY).status_code == 403
        assert client.post(FERRY, {"action": "withhold", "numbers": "1"}).status_code == 403
    assert "/login/" in stranger.get(FERRY)["Location"]


def test_what_is_found_is_taken_down_as_it_was_fixed_and_each_article_logs_it(boss, ferries):
    form = boss.post(FERRY, {"names": "", found.TAKE_DOWN: "1"})
    assert "3 articles found, and fixed now" in words(form)
    make_article("The ferry that came later")
    bring_up_to_date()
    step = {"access": "tombstone", "reason": "person", "words": "", "headline": "", "note": "", "apply": "1"}
    fixed_now = {found.TAKE_DOWN: "1", "numbers": form.context["numbers"]}
    assert "Say why" in words(boss.post(FERRY, {**fixed_now, **step, "reason": ""}))
    answer = boss.post(FERRY, {**fixed_now, **step}, follow=True)
    assert "3 articles: tombstone from now on." in words(answer)
    assert set(Article.objects.filter(access="tombstone")) == set(ferries)
    assert LogEntry.objects.filter(change_message__contains="from public to tombstone").count() == 3


def test_only_who_may_take_down_is_offered_it_and_may_do_it(editor, ferries):
    assert f'name="{found.TAKE_DOWN}"' in words(editor.get(FERRY))
    changer = client_of("changer", rights=("change_article", "view_article"))
    assert f'name="{found.TAKE_DOWN}"' not in words(changer.get(FERRY))
    assert changer.post(FERRY, {found.TAKE_DOWN: "1"}).status_code == 403
