"""From mark to mark in a real browser, with the keyboard and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from articles.models import Article
from tests.makers import make_article

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address() -> str:
    paragraphs = "\n\n".join("The ferry left the quay. " + "The water was high and grey. " * 30 for _ in range(3))
    article: Article = make_article("Boats", text=paragraphs, language="en")
    return f"{article.get_absolute_url()}?q=ferry"


def test_n_and_p_go_from_mark_to_mark(page: Page, address: str):
    page.goto(address)
    expect(page.locator(".places .keys")).to_be_visible()
    for key, number in (("n", 1), ("n", 2), ("p", 1), ("p", 3), ("n", 1)):
        page.keyboard.press(key)
        expect(page.locator("mark:target")).to_have_id(f"mark-{number}")
        expect(page.locator("mark:target")).to_be_in_viewport()


def test_n_in_the_search_box_is_a_letter(page: Page, address: str):
    page.goto(address)
    page.locator(".masthead input[name=q]").press_sequentially("n")
    assert page.locator("mark:target").count() == 0


def test_without_a_script_arrows_lead_to_the_neighbours(browser: Browser, live_server, address: str):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}#mark-1")
    expect(page.locator(".steps:visible")).to_have_count(1)
    page.get_by_label("Next place").locator("visible=true").click()
    expect(page.locator("mark:target")).to_have_id("mark-2")
    expect(page.locator("mark:target")).to_be_in_viewport()
    page.get_by_label("Previous place").locator("visible=true").click()
    expect(page.locator("mark:target")).to_have_id("mark-1")
    context.close()
