"""The reading pages in a real browser: accessible in both colour schemes, whole at every width, usable by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from articles.models import Article, Image, Original
from articles.records import Dating, Known, Precision
from tests.makers import make_article

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "front": "/",
    "everything": "/articles/",
    "oldest first": "/articles/?order=oldest",
    "tag": "/tag/flood/",
    "source": "/source/the-gazette/",
    "tags": "/tags/",
    "year": "/2017/",
    "month": "/2017/06/",
    "day": "/2017/06/13/",
    "undated": "/undated/",
    "coverage": "/coverage/",
    "coverage of a source": "/coverage/the-gazette/",
    "search": "/search/?q=water",
    "search by tag": "/search/?q=&tag=flood",
    "search without an answer": "/search/?q=nonesuch",
    "not found": "/2017/the-ferrymans-case/",
}
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3
# Target sizes are a rule of WCAG 2.2 that the tool leaves out unless asked.
RULES = {"rules": {"target-size": {"enabled": True}}}


@pytest.fixture
def archive() -> Article:
    """An archive with everything in it that a page can show; the article that has most."""
    shelved = {"source": "The Gazette", "sections": ("World", "Local"), "tags": ("flood", "الماء", LONG_WORD[:150])}
    for number in range(32):
        make_article(
            f"Water, day {number}",
            text="The water came.\n\nIt stayed.",
            date=f"2017-06-{number % 28 + 1:02}",
            **shelved,
        )
    make_article("Water and its date", date="1911-03-14T18:45", language="en", **shelved)
    make_article("الماء في المدينة", text="جاء الماء في الليل.", date="1923-05", language="ar", **shelved)
    make_article("水来了", text="水在夜里来了。", date="1958", language="zh", **shelved)
    make_article(LONG_WORD, text=LONG_WORD, byline=LONG_WORD, kicker=LONG_WORD, date="2018", **shelved)
    make_article("Water without a date", **shelved)
    inferred = Dating(
        earliest=Dating.parse("2017-05-30").earliest,
        precision=Precision.DAY,
        known=Known.INFERRED,
        evidence=("May 29, 2017", "on Tuesday"),
    )
    article = make_article(
        "The river rose",
        text="The water came at night.\n\nA boat in the square.",
        date=inferred,
        authors=("Ann Day", "ليلى"),
        byline="By Ann Day",
        kicker="Flood",
        standfirst="Forty streets under water",
        dateline="Osterby",
        language="en",
        canonical_url=f"https://gazette.example/{LONG_WORD}",
        correction="It was thirty streets.",
        editors_note="From a damaged copy.",
        original=Original.objects.create(sha256="ab" * 32, size=5, name=f"{LONG_WORD}.txt"),
        **shelved,
    )
    table = "<h2>The gauge</h2><table><tr><th>Hour</th>" + "<th>Feet and inches</th>" * 12 + "</tr></table>"
    quote = (
        '<blockquote>As <a href="https://other.example/">they</a> said</blockquote><pre>a  b</pre><ul><li>one</li></ul>'
    )
    Article.objects.filter(pk=article.pk).update(body_html=article.body_html + table + quote)
    Image.objects.create(article=article, caption="A boat in the square.", paragraph=2)
    Image.objects.create(article=article, caption="The mayor", credit="J. Bell")
    return article


def addresses(article: Article) -> dict[str, str]:
    others = {"arabic": "الماء في المدينة", "chinese": "水来了", "long words": LONG_WORD}
    pages = {name: Article.objects.get(title=title).get_absolute_url() for name, title in others.items()}
    return PAGES | pages | {"article": article.get_absolute_url()}


def problems(page: Page, part: str = "html") -> list[str]:
    found: dict[str, Any] = Axe().run(page, part, RULES).response
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_accessibility_problem(archive: Article, page: Page, scheme: str):
    page.emulate_media(color_scheme=scheme)
    found = []
    for name, address in addresses(archive).items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        found += [f"{name}: {problem}" for problem in problems(page)]
    assert not found, "\n".join(found)


def test_an_empty_archive_has_no_accessibility_problem(page: Page):
    page.goto("/")
    expect(page.get_by_role("heading", name="Nothing is kept here yet")).to_be_visible()
    assert problems(page) == []


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_no_page_scrolls_sideways(archive: Article, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for name, address in addresses(archive).items():
        page.goto(address)
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
    assert all(found <= width for found in wide.values()), wide


def test_the_faces_of_the_archive_are_loaded_and_set(archive: Article, page: Page):
    page.goto(archive.get_absolute_url())
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)")
    assert {name.strip('"') for name in loaded} == {"Newsreader", "Source Sans"}


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
    page.get_by_role("link", name="Last page").click()
    expect(page.get_by_role("link", name="Water without a date")).to_be_visible()
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


def test_a_page_and_its_fonts_are_light(archive: Article, page: Page):
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(archive.get_absolute_url(), wait_until="networkidle")
    assert sum(sizes) < 150_000
