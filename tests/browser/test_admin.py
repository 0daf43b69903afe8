"""The admin in a real browser: from a saved page to a page that is found, and nothing that the strict rules forbid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles import jobs, search
from articles.admin import uploads
from articles.models import Article, ImportJob
from articles.records import Status
from tests.makers import make_article

from .pages import problems

pytestmark = pytest.mark.django_db(transaction=True)

UPLOAD = "/admin/articles/importjob/upload/"
# A page as a browser saves it as text: what stands around an article, and the article.
SAVED = """Skip to content
Home
Subscribe
Log in

Harbour and Shipping

Pilot boat breaks the ice for the last ferry of the year
By Nora Whitlock
January 9, 2016

OSTERBY — The pilot boat Constance broke a lane through the ice yesterday so that the last ferry of the year could cross, nine days late and with eleven passengers.

The harbour master had closed the crossing on New Year's Eve, when the ice off Gannet Head was measured at fourteen inches. Nobody then expected it to be opened again before March.

"She went through it like a spoon through a pie," said the mate, who had stood in the bow with a lantern. "We only had to follow, and not to stop."

A crowd of some two hundred waited on the quay with blankets and soup. The soup, the committee noted afterwards, had frozen in two of the seven kettles.

The company will pay for the lodging of those who waited, it said, and will name its new tug after the cook, Ottoline Farthingale.

Share this
Facebook
Twitter
Email

Related Articles

Harbour dues to rise in spring
Old lighthouse lamp is sold

Leave a Reply
Your email address will not be published. Required fields are marked *
Name *
Email *
Website
Post Comment

Back to top button
"""  # noqa: E501


@pytest.fixture
def boss(page: Page) -> Iterator[User]:
    user = User.objects.create_superuser("boss", password="a long word")
    page.goto("/admin/")
    page.get_by_label("Username").fill("boss")
    page.get_by_label("Password").fill("a long word")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="Upload articles").first).to_be_visible()
    return user


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "pilot-boat.txt"
    path.write_text(SAVED)
    return path


def test_a_saved_page_is_uploaded_found_by_a_word_of_its_last_paragraph_opened_and_its_tag_followed(
    page: Page, boss: User, saved: Path
):
    search.rebuild()
    page.get_by_role("link", name="Upload articles").first.click()
    page.get_by_label("Files").set_input_files(saved)
    expect(page.locator("#chosen")).to_contain_text("pilot-boat.txt")
    page.get_by_label("Source").fill("The Orle Valley Telegraph")
    page.get_by_label("Tags").fill("Ice, thick\nFerries")
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_role("group", name="pilot-boat.txt")).to_contain_text("Pilot boat breaks the ice")
    shades = page.get_by_text("lines of the page")
    shades.click()
    expect(page.locator("pre .furniture").first).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()

    expect(page.locator(".tally")).to_contain_text("1 stored")
    expect(page.get_by_role("row", name="pilot-boat.txt")).to_contain_text("Pilot boat breaks the ice")

    search.drain()
    page.goto("/")
    page.get_by_role("combobox").fill("Farthingale")
    page.get_by_role("combobox").press("Enter")
    page.get_by_role("main").get_by_role("link", name="Pilot boat breaks the ice for the last ferry").click()

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Pilot boat breaks the ice for the last ferry of the year")
    text = page.get_by_role("article")
    expect(text).to_contain_text("Ottoline Farthingale")
    for furniture in ("Leave a Reply", "Back to top", "Subscribe", "Harbour dues to rise"):
        expect(text).not_to_contain_text(furniture)
    page.get_by_role("link", name="Ice, thick").click()

    expect(heading).to_have_text("Ice, thick")
    expect(page.get_by_role("main")).to_contain_text("Pilot boat breaks the ice")


def test_files_are_dropped_onto_the_page_and_listed_before_they_are_sent(page: Page, boss: User):
    page.goto(UPLOAD)
    drop(page, "one.txt", "two <b>.txt")
    drop(page, "three.txt")
    expect(page.locator("#chosen li")).to_have_count(4)
    expect(page.locator("#chosen")).to_contain_text("two <b>.txt")
    page.get_by_role("button", name="Import at once").click()
    page.wait_for_url("**/receipt/")
    assert sorted(ImportJob.objects.get().inputs.values_list("name", flat=True)) == [
        "one.txt",
        "three.txt",
        "two <b>.txt",
    ]


def drop(page: Page, *names: str) -> None:
    page.evaluate(
        """names => {
          const files = new DataTransfer();
          for (const name of names) files.items.add(new File([`${name}\\n\\nA text of its own.`], name));
          const event = { bubbles: true, cancelable: true, dataTransfer: files };
          document.body.dispatchEvent(new DragEvent("dragover", event));
          document.body.dispatchEvent(new DragEvent("drop", event));
        }""",
        list(names),
    )


def test_what_is_over_the_limit_is_not_even_sent(page: Page, boss: User, settings):
    settings.UPLOAD_FILES = 2
    page.goto(UPLOAD)
    drop(page, "one.txt", "two.txt", "three.txt")
    expect(page.get_by_role("alert")).to_contain_text("more than 2 files")
    page.get_by_role("button", name="Import at once").click()
    expect(page).to_have_url(f"{page.url.split('/admin')[0]}{UPLOAD}")
    assert not ImportJob.objects.exists()


def test_the_receipt_of_a_large_upload_follows_it_to_its_end(page: Page, boss: User, saved: Path, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE_BYTES", 10)
    page.goto(UPLOAD)
    page.get_by_label("Files").set_input_files(saved)
    page.get_by_role("button", name="Import at once").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("waiting for its turn", timeout=5000)
    jobs.run(jobs.claim_next(jobs.worker_name()))
    expect(page.locator(".tally")).to_contain_text("1 stored", timeout=10000)
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_an_upload_works_without_scripts(browser, live_server, boss: User, page: Page, saved: Path):
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(UPLOAD)
    plain.get_by_label("Files").set_input_files(saved)
    plain.get_by_role("button", name="Preview").click()
    plain.get_by_role("button", name="Look again").click()
    plain.get_by_role("button", name="Import", exact=True).click()
    expect(plain.locator(".tally")).to_contain_text("1 stored")
    context.close()


def test_an_article_is_edited_and_read_as_it_was_edited(page: Page, boss: User):
    article = make_article("The river rose", text="It rose at noon.", tags=("Flood",))
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_label("Title").fill("The river rose again")
    page.get_by_label("Date:", exact=True).fill("1923-05")
    page.get_by_label("Known").select_option("printed")
    page.get_by_label("Tags").fill("Flood\nHigh water, sudden")
    page.get_by_role("button", name="Add another Image").click()
    page.get_by_label("Caption:").first.fill("The quay under water")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text("This article is published")
    for words in ("The river rose again", "May 1923", "The quay under water", "High water, sudden"):
        expect(page.locator("body")).to_contain_text(words)
    assert Article.objects.get().tag_links.count() == 2


def test_articles_are_tagged_many_at_once(page: Page, boss: User):
    for number in range(3):
        make_article(f"Article {number}", status=Status.DRAFT)
    page.goto("/admin/articles/article/")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("add_tags")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Tags").fill("Ice")
    page.get_by_role("button", name="Add tags").click()
    expect(page.locator(".messagelist")).to_contain_text("3 of 3 articles tagged: Ice.")


@pytest.fixture
def addresses(boss: User, settings) -> dict[str, str]:
    """The admin with something on each of its pages, payloads and other scripts among it."""
    lines = [
        {"title": '<script>alert(1)</script> "><img src=x onerror=alert(1)>', "body": "One.", "tags": ["<b>bold</b>"]},
        {"title": "الماء في المدينة", "body": "جاء الماء في الليل.", "language": "ar", "source": "The Gazette"},
        {"title": "x" * 300, "body": "Long.", "sections": ["World"], "date": "1923-05"},
    ]
    content = "\n".join([*map(json.dumps, lines), "{broken"]).encode()
    files = [jobs.Incoming('"><img src=x>.jsonl', [content]), jobs.Incoming("page.pdf", [b"%PDF-1.7"])]
    job = jobs.enqueue(files, label="Two files", by=boss, claimed_by=jobs.worker_name())
    jobs.run(job)
    waiting = jobs.enqueue([jobs.Incoming("later.txt", [b"Later"])], label="Later", by=boss)
    original = job.inputs.first().original
    article = Article.objects.get(language="ar")
    Article.objects.filter(pk=article.pk).update(page=[["furniture", "Home\n"], ["body", "جاء\n"]], received="جاء")
    tag = article.tags.model.objects.get()
    return {
        "index": "/admin/",
        "health": "/admin/health/",
        "possible duplicates": "/admin/articles/article/copies/",
        "tags that are offered": "/admin/articles/article/suggested-tags/",
        "upload": UPLOAD,
        "receipt": job.get_absolute_url(),
        "running receipt": waiting.get_absolute_url(),
        "imports": "/admin/articles/importjob/",
        "articles": "/admin/articles/article/",
        "article": f"/admin/articles/article/{article.pk}/change/",
        "new article": "/admin/articles/article/add/",
        "preview": f"/admin/articles/article/{article.pk}/preview/",
        "delete": f"/admin/articles/article/{article.pk}/delete/",
        "originals": "/admin/articles/original/",
        "original": f"/admin/articles/original/{original.pk}/change/",
        "tags": "/admin/articles/tag/",
        "tag": f"/admin/articles/tag/{tag.pk}/change/",
        "rings": "/admin/articles/namering/",
        "new ring": "/admin/articles/namering/add/",
        "upload of rings": "/admin/articles/namering/upload/",
        "followed searches": "/admin/articles/followedsearch/",
        "new followed search": "/admin/articles/followedsearch/add/?query=q%3Dwater",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_admin_has_an_accessibility_problem(
    page: Page, addresses: dict[str, str], scheme: str, faults: list[str]
):
    page.emulate_media(color_scheme=scheme)
    found = []
    for name in addresses:
        page.goto(addresses[name])
        assert faults == []
        found += [f"{name}: {problem}" for problem in problems(page)]
        # The tool itself tries to apply styles where a stylesheet imports another, as Django's do.
        faults[:] = [fault for fault in faults if "Applying inline style" not in fault]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_the_admin_breaks_a_rule_runs_a_payload_or_scrolls_sideways(
    page: Page, addresses: dict[str, str], width: int
):
    """The `page` fixture fails on whatever the browser complains of."""
    page.set_viewport_size({"width": width, "height": 900})
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    wide = {}
    for name, address in addresses.items():
        assert page.goto(address).status == 200
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
        assert page.locator("img[src='x']").count() == 0
    assert all(found <= width for found in wide.values()), wide
