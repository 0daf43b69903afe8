"""An editor's work in a real browser: a queue of drafts by keyboard, what came in beside the form, and all that a
search finds changed at once.
"""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles import jobs, search
from articles.models import Article
from articles.records import Status
from tests.makers import make_article

from .pages import problems
from .test_admin import SAVED, boss

__all__ = ["boss"]

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/articles/article/"


@pytest.fixture
def drafts() -> list[Article]:
    """Newest first."""
    titles = ("The last", "The ferry sinks", "The river rose")
    return [make_article(title, text="It was at noon.", status=Status.DRAFT) for title in titles][::-1]


def heading(page: Page, words: str) -> None:
    """The page of this article is open, at its head, and its heading has the focus."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.evaluate("scrollY") == 0


def test_an_editor_goes_through_the_drafts_by_keyboard_and_publishes_them(page: Page, boss: User, drafts):
    page.goto(f"{LIST}?status=draft")
    page.get_by_role("link", name="Go through these").click()
    heading(page, "The river rose")
    bar = page.get_by_role("navigation", name="Queue")
    expect(bar).to_contain_text("1 of 3")

    page.keyboard.press("j")
    heading(page, "The ferry sinks")
    page.keyboard.press("[")
    heading(page, "The river rose")

    page.keyboard.press("?")
    expect(bar.get_by_text("Next, without saving")).to_be_visible()
    page.keyboard.press("?")
    expect(bar.get_by_text("Next, without saving")).not_to_be_visible()

    page.get_by_label("Byline").fill("")
    page.keyboard.type("Ann Jopsky")
    page.keyboard.press("Control+Enter")
    heading(page, "The ferry sinks")
    expect(page.locator(".messagelist")).to_contain_text("“The river rose” was saved.")
    assert Article.objects.get(pk=drafts[0].pk).byline == "Ann Jopsky"

    page.keyboard.press("p")
    heading(page, "The last")
    expect(bar).to_contain_text("2 of 2")
    page.keyboard.press("p")
    heading_of_end = page.get_by_role("heading", level=1)
    expect(heading_of_end).to_have_text("The end of the queue")
    page.get_by_role("link", name="From the first").click()
    heading(page, "The river rose")
    page.keyboard.press("p")
    expect(heading_of_end).to_have_text("The queue is done")
    assert Article.objects.published().count() == 3


def test_an_editor_goes_from_the_desk_to_a_draft_publishes_it_and_readers_find_it(page: Page, boss: User):
    make_article("The river rose", text="It was at noon, by the quay.", status=Status.DRAFT)
    page.goto("/admin/")
    page.locator(".desk").get_by_role("link", name="Drafts").click()
    page.get_by_role("link", name="Go through these").click()
    heading(page, "The river rose")
    page.get_by_label("Byline").fill("Ann Jopsky")
    page.get_by_role("button", name="Publish and next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The queue is done")
    search.rebuild()

    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("quay")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="The river rose").click()
    expect(page.locator(".byline")).to_have_text("Ann Jopsky")
    page.goto("/admin/")
    expect(page.locator(".desk").get_by_role("link", name="Drafts")).to_have_count(0)


def test_the_keys_can_be_turned_off_and_stay_so(page: Page, boss: User, drafts):
    page.goto(f"{LIST}queue/?status=draft")
    page.keyboard.press("?")
    page.get_by_label("Single letters are keys").uncheck()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1)).to_have_text("The river rose")
    expect(page.get_by_text("Next, without saving")).not_to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The ferry sinks")


def test_a_key_does_not_throw_away_what_was_typed(page: Page, boss: User, drafts):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"{LIST}queue/?status=draft")
    page.get_by_label("Title").fill("The river fell")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    expect(page.get_by_label("Title")).to_have_value("The river fell")
    assert asked == ["beforeunload"]


def test_the_queue_works_without_scripts(browser, live_server, boss: User, page: Page, drafts):
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(f"{LIST}?status=draft")
    plain.get_by_role("link", name="Go through these").click()
    plain.get_by_role("link", name="Next").click()
    plain.get_by_role("button", name="Publish and next").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("The last")
    expect(plain.get_by_role("navigation", name="Queue")).to_contain_text("2 of 2")
    context.close()


def test_what_a_search_finds_is_changed_at_once_from_its_page(page: Page, boss: User):
    articles = [make_article(f"The ferry {number}", source="The Star") for number in range(13)]
    make_article("Ice")
    search.rebuild()
    page.goto("/search/?q=ferry&source=the-star")
    page.get_by_role("link", name="Change these (editors)").click()
    expect(page.get_by_role("main")).to_contain_text("13 articles")
    page.get_by_label("Add tags").check()
    page.get_by_label("Tags or sections").fill("Ships, old\nRiver")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add tags: 13 articles").click()
    expect(page.locator(".messagelist")).to_contain_text("13 of 13 articles tagged: Ships, old, River.")
    assert {link.tag.name for link in articles[0].tag_links.all()} == {"Ships, old", "River"}
    assert not Article.objects.get(title="Ice").tag_links.exists()


@pytest.fixture
def pages(boss: User, drafts) -> dict[str, str]:
    """Each page of the desk: with a saved page, HTML with a payload, long, from right to left."""
    payload = '<p>One <a href="https://far.example">link</a>.</p><script>alert(1)</script><img src=x onerror=alert(1)>'
    lines = [
        {"title": '"><img src=x onerror=alert(1)>', "body": payload, "body_type": "text/html", "status": "draft"},
        {"title": "الماء في المدينة", "body": "جاء الماء في الليل.", "language": "ar", "status": "draft"},
        {"title": "Long", "body": "A long tale of the river. " * 6000, "status": "draft"},
    ]
    content = "\n".join(map(json.dumps, lines)).encode()
    files = [jobs.Incoming("three.jsonl", [content]), jobs.Incoming("page.txt", [SAVED.encode()])]
    jobs.run(jobs.enqueue(files, label="Two files", by=boss, claimed_by=jobs.worker_name()))
    search.rebuild()
    kept = "?_changelist_filters=status%3Ddraft"
    named = {article.title[:4]: f"{LIST}{article.pk}/change/" for article in Article.objects.all()}
    return {
        "the saved page": named["Pilo"],
        "html": named['"><i'] + kept,
        "arabic": named["الما"] + kept,
        "long": named["Long"] + kept,
        "end of the queue": f"{LIST}queue/?status=draft&after=1",
        "found": f"{LIST}found/?q=ferry",
        "found nothing": f"{LIST}found/?q=zeppelin",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_the_desk_has_a_problem(page: Page, pages: dict[str, str], scheme, width: int, faults: list[str]):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    found = []
    for name, address in pages.items():
        assert page.goto(address).status == 200
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        assert faults == []
        found += [f"{name}: {problem}" for problem in problems(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name}: scrolls sideways")
        # The tool itself tries to apply styles where a stylesheet imports another, as Django's do.
        faults[:] = [fault for fault in faults if "Applying inline style" not in fault]
    assert not found, "\n".join(found)


def test_what_came_in_stands_beside_the_form_and_stays_there_or_below_it_on_a_phone(page: Page, pages: dict[str, str]):
    page.goto(pages["the saved page"])
    page.set_viewport_size({"width": 1440, "height": 900})
    form, aside = page.locator("#article_form"), page.get_by_role("complementary", name="As it came")
    assert aside.bounding_box()["x"] >= form.bounding_box()["x"] + form.bounding_box()["width"]
    page.get_by_label("Body", exact=False).first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 800)
    expect(aside).to_be_in_viewport(ratio=0.5)
    expect(aside.locator("pre .furniture").first).to_contain_text("Skip to content")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(pages["the saved page"])
    assert aside.bounding_box()["y"] >= form.bounding_box()["y"] + form.bounding_box()["height"]
    page.get_by_role("link", name="As it came").click()
    expect(aside.get_by_role("heading", name="As it came")).to_be_in_viewport()
