"""A filtered list of articles as a queue: gone through by its address, saved and published on the way."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.records import Status

from ..makers import make_article
from .test_article_form import held_in

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
QUEUE = f"{LIST}queue/?status=draft"


def in_queue(article: Article, filters: str = "status=draft") -> str:
    return f"{LIST}{article.pk}/change/?{urlencode({'_changelist_filters': filters})}"


def words(client: Client, address: str) -> str:
    return " ".join(client.get(address, follow=True).content.decode().split())


def step(client: Client, address: str) -> str:
    """Where an address of the queue leads."""
    answer = client.get(address)
    assert answer.status_code == 302
    return answer["Location"]


def press(client: Client, article: Article, button: str, filters: str = "status=draft", **changes: object) -> str:
    """What the next page says, after a button of the form was pressed."""
    address = in_queue(article, filters)
    sent = {**held_in(client, address), **changes, button: "1"}
    return " ".join(client.post(address, sent, follow=True).content.decode().split())


@pytest.fixture
def drafts() -> list[Article]:
    """Newest first, as the list has them; another article is between them."""
    last = make_article("Last", status=Status.DRAFT)
    make_article("Published")
    middle = make_article("Middle", status=Status.DRAFT)
    return [make_article("First", status=Status.DRAFT), middle, last]


def test_the_list_leads_through_what_it_is_narrowed_to(editor, drafts):
    assert "Go through these" not in words(editor, LIST)
    assert "/queue/?status=draft" in words(editor, f"{LIST}?status=draft")
    assert "Go through these" not in words(editor, f"{LIST}?status=withheld")
    assert step(editor, QUEUE) == f"{in_queue(drafts[0])}#at"


def test_each_article_says_its_place_and_has_links_to_its_neighbours(editor, drafts):
    first, middle, last = drafts
    page = words(editor, in_queue(middle))
    assert "2 of 3" in page
    assert step(editor, f"{QUEUE}&after={middle.pk}") == f"{in_queue(last)}#at"
    assert step(editor, f"{QUEUE}&before={middle.pk}") == f"{in_queue(first)}#at"
    assert f"after={middle.pk}" in page
    assert f"before={middle.pk}" in page
    assert 'rel="prev"' not in words(editor, in_queue(first))


def test_an_article_outside_of_a_narrowed_list_is_in_no_queue(editor, drafts):
    assert 'class="queue"' not in words(editor, f"{LIST}{drafts[0].pk}/change/")
    assert 'class="queue"' not in words(editor, in_queue(drafts[0], "p=2"))


def test_to_save_and_go_on_saves_and_opens_the_next(editor, drafts):
    page = press(editor, drafts[0], "_next", title="First of all")
    assert "“First of all” was saved." in page
    assert "<bdi>Middle</bdi>" in page
    assert "2 of 3" in page
    assert Article.objects.get(pk=drafts[0].pk).title == "First of all"


def test_to_publish_and_go_on_publishes_keeps_a_version_and_opens_the_next(editor, drafts):
    page = press(editor, drafts[1], "_publish_next")
    assert "“Middle” was published." in page
    assert "<bdi>Last</bdi>" in page
    assert "2 of 2" in page
    article = Article.objects.get(pk=drafts[1].pk)
    assert article.status == Status.PUBLISHED
    assert article.versions.get().status == Status.DRAFT
    assert "Status" in LogEntry.objects.get().get_change_message()


def test_what_cannot_be_saved_is_not_published_and_the_queue_stays(editor, drafts):
    page = press(editor, drafts[0], "_publish_next", title="")
    assert "This field is required." in page
    assert "1 of 3" in page
    assert Article.objects.get(pk=drafts[0].pk).status == Status.DRAFT


def test_what_another_editor_published_meanwhile_is_passed_over_and_said(editor, drafts):
    first, middle, last = drafts
    Article.objects.filter(pk=middle.pk).update(status=Status.PUBLISHED)
    assert step(editor, f"{QUEUE}&after={first.pk}") == f"{in_queue(last)}#at"
    page = words(editor, in_queue(middle))
    assert "Not in the list any more" in page
    assert "2 left" in page
    assert step(editor, f"{QUEUE}&before={middle.pk}") == f"{in_queue(first)}#at"


def test_the_queue_says_that_it_has_ended_or_that_it_is_done(editor, drafts):
    end = words(editor, f"{QUEUE}&after={drafts[-1].pk}")
    assert "The end of the queue" in end
    assert "3 articles are still in it" in end
    Article.objects.update(status=Status.PUBLISHED)
    assert "The queue is done" in words(editor, QUEUE)


def test_a_queue_can_be_any_filters_and_a_search_together(editor):
    one = make_article("The ferry sinks", tags=("Ice",))
    make_article("The ferry sails")
    other = make_article("A ferry burns", tags=("Ice",))
    filters = "q=ferry&tag=ice"
    assert step(editor, f"{LIST}queue/?{filters}") == f"{in_queue(other, filters)}#at"
    assert "2 of 2" in words(editor, in_queue(one, filters))
    assert "The end of the queue" in press(editor, one, "_next", filters)


@pytest.mark.parametrize("filters", ["nothing=1", "status=none", "tag=%00", "known__exact=x&after=x", "source__id=1"])
def test_no_address_of_a_queue_is_an_error(editor, drafts, filters):
    assert editor.get(f"{LIST}queue/?{filters}", follow=True).status_code == 200
    assert editor.get(in_queue(drafts[0], filters), follow=True).status_code == 200


def test_only_who_may_look_walks_along_a_queue(stranger, staff, drafts):
    assert staff.get(QUEUE).status_code == 403
    assert "/login/" in stranger.get(QUEUE)["Location"]


def test_a_queue_costs_the_same_however_long_it_is(editor, drafts):
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            editor.get(address)
        return len(queries)

    addresses = [in_queue(drafts[1]), f"{QUEUE}&after={drafts[0].pk}"]
    before = [cost(address) for address in addresses]
    for _ in range(20):
        make_article(status=Status.DRAFT)
    assert [cost(address) for address in addresses] == before
