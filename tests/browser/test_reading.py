"""The reading pages in a real browser: accessible in both colour schemes, whole at every width, usable by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from articles.models import Article
from tests.makers import make_article
from tests.search.indexes import bring_up_to_date, use_index_in

from .pages import addresses, problems

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_empty_archive_has_no_accessibility_problem(page: Page):
    page.goto("/")
    expect(page.get_by_role("heading", name="Nothing is kept here yet")).to_be_visible()
    assert problems(page) == []


def test_the_faces_of_the_archive_are_loaded_and_set(archive: Article, page: Page):
    page.goto(archive.get_absolute_url())
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)")
    assert {name.strip('"') for name in loaded} == {"Newsreader", "Archive Sans"}


def test_a_line_of_an_article_has_about_sixty_five_characters(archive: Article, page: Page):
    page.set_viewport_size({"width": 1440, "height": 900})
    text = "The ferry left the steps for the last time at ten in the evening, and nobody spoke. " * 20
    article = make_article(text=text, date="1999")
    page.goto(article.get_absolute_url())
    page.evaluate("document.fonts.ready")
    lines = page.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector(".text p"));
          return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
        }"""
    )
    assert 55 <= len(text) / lines <= 75


def test_the_first_tab_leads_past_the_masthead_and_the_slash_to_the_search_box(archive: Article, page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search the archive")).to_be_focused()
    page.keyboard.type("and/or")
    expect(page.get_by_role("combobox", name="Search the archive")).to_have_value("and/or")


def test_a_reader_without_scripts_goes_from_the_front_page_to_a_tag_and_back_in_time(
    archive: Article, browser, live_server
):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Latest by date").click()
    page.get_by_role("link", name="Next page").click()
    page.get_by_role("link", name="Water and its date").click()
    page.get_by_role("complementary").get_by_role("link", name="14 March 1911").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 14 March 1911")
    page.get_by_role("link", name="Water and its date").click()
    page.get_by_role("complementary").get_by_role("link", name="flood").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("flood")
    expect(page.get_by_role("link", name="Water without a date")).to_be_visible()
    context.close()


def test_a_reader_without_scripts_searches_narrows_goes_on_quotes_and_cites(
    archive: Article, browser: Browser, live_server, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    use_index_in(monkeypatch, tmp_path / "index")
    bring_up_to_date()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("night OR boat")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("complementary").get_by_role("link", name="The Gazette", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("in source")
    page.get_by_role("link", name="The river rose").click()
    expect(page.locator("mark").first).to_have_text("night")

    page.get_by_text("Link to words of it").click()
    page.get_by_label("Words from one paragraph").fill("came at night")
    page.get_by_role("button", name="Mark them").click()
    expect(page.get_by_role("status")).to_have_text("Quoted: came at night")
    page.get_by_role("link", name="came at night").click()
    expect(page.locator("#mark-1")).to_have_text("came at night")

    page.get_by_role("link", name="Cite this article").click()
    expect(page.locator("p", has_text="The Gazette").first).to_contain_text("Day, A.")
    expect(page.get_by_role("link", name="Download BibTeX")).to_be_visible()
    page.get_by_role("navigation", name="You are here").get_by_role("link").click()
    page.get_by_role("complementary").get_by_role("link", name="flood").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("flood")
    page.get_by_role("searchbox", name="Search within this list").fill("stayed")
    page.get_by_role("searchbox", name="Search within this list").press("Enter")
    page.get_by_role("link", name="Water, day 6").click()
    page.get_by_role("link", name="Next result").click()
    expect(page.get_by_text("Result 2 of 6")).to_be_visible()
    context.close()


def test_right_to_left_paragraphs_start_at_the_right(archive: Article, page: Page):
    page.goto(addresses(archive)["arabic"])
    for part in (".story h1", ".text p"):
        assert page.locator(part).evaluate("element => getComputedStyle(element).textAlign") == "start"
    side = "element => { const range = document.createRange(); "
    side += "range.selectNode([...element.childNodes].find(node => node.nodeType === Node.TEXT_NODE)); "
    side += "return element.getBoundingClientRect().right - range.getBoundingClientRect().right }"
    assert abs(page.locator(".text p").evaluate(side)) < 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_article_is_laid_out_as_it_is_read_whatever_the_language_of_the_page(
    archive: Article, page: Page, language: str
):
    page.set_extra_http_headers({"Accept-Language": language})
    page.set_viewport_size({"width": 1440, "height": 900})
    for name, text_is_first in {"arabic": True, "article": False}.items():
        page.goto(addresses(archive)[name])
        expect(page.locator("html")).to_have_attribute("lang", language)
        text, imprint = page.locator(".text").bounding_box(), page.locator(".imprint").bounding_box()
        assert text
        assert imprint
        assert (text["x"] < imprint["x"]) == text_is_first, name
        first, second = (text, imprint) if text_is_first else (imprint, text)
        assert first["x"] + first["width"] <= second["x"] + 1, name
