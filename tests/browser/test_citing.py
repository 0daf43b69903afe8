"""The page of citations in a real browser: a button for each, and everything readable without."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from articles.models import Article, Original
from tests.makers import make_article

from .pages import LONG_WORD, problems

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flood() -> Article:
    original = Original.objects.create(sha256="ab" * 32, size=1, received_at=timezone.now())
    filed = {"source": "The Gazette", "authors": ("Ann Day",), "tags": ("flood",)}
    return make_article("The River Rose", date="2017-06-13~", original=original, correction="It fell.", **filed)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_has_no_accessibility_problem(flood: Article, page: Page, scheme: str, language: str):
    page.emulate_media(color_scheme=scheme)
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto(f"/article/{flood.pk}/cite/")
    expect(page.locator(".copy")).to_have_count(10)
    assert problems(page) == []


def test_a_citation_is_copied_with_its_italics_and_that_is_said(flood: Article, page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/article/{flood.pk}/cite/")
    button = page.get_by_role("button", name="Copy APA, 7th edition")
    button.click()
    expect(page.get_by_role("status").filter(has_text="Copied: APA, 7th edition")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        "Day, A. (ca. 2017, June 13). The River Rose. The G"
    )
    kept = "navigator.clipboard.read().then(([item]) => item.getType('text/html')).then((held) => held.text())"
    assert "<cite><bdi>The Gazette</bdi></cite>" in page.evaluate(kept)


def test_bibtex_is_copied_with_its_lines(flood: Article, page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/article/{flood.pk}/cite/")
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("button", name="Copied BibTeX")).to_be_visible()
    assert "{Day, Ann},\n  title =" in page.evaluate("navigator.clipboard.readText()")


def test_without_scripts_there_is_no_button_and_nothing_else_is_missing(flood: Article, browser: Browser, live_server):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(flood.get_absolute_url())
    page.get_by_role("link", name="Cite this article").click()
    expect(page.locator("main section")).to_have_count(10)
    expect(page.locator("button.copy")).to_have_count(0)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download RIS").click()
    assert downloading.value.suggested_filename == f"day2017river-{flood.pk}.ris"
    context.close()


@pytest.mark.parametrize("width", [320, 1440])
def test_the_page_does_not_scroll_sideways(page: Page, width: int):
    article = make_article(LONG_WORD, source=LONG_WORD[:150], byline=LONG_WORD, language="de")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/article/{article.pk}/cite/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
