"""The page of a story's printings in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from articles import printings
from articles.models import Article
from tests.makers import make_article

from .pages import LONG_WORD, problems

pytestmark = pytest.mark.django_db(transaction=True)

LINE = "{} people came over the bridge by night, and the keeper counted them."
TEXT = "\n\n".join(LINE.format(number) for number in range(30))
ARABIC = "\n\n".join(f"عبر {number} من الناس الجسر ليلا وعدهم حارس الجسر واحدا بعد واحد." for number in range(20))


@pytest.fixture
def whale() -> Article:
    """A story of three printings, one with a word that is longer than any line."""
    articles = [
        make_article("The bridge by night", text=TEXT, date="1926-06-14", source="The Gazette", language="en"),
        make_article("A count", text=TEXT.replace("7 people", f"7 {LONG_WORD}"), date="1926-06", language="en"),
        make_article(LONG_WORD, text=TEXT.partition("\n\n")[2] + "\n\nNobody else came.", source=LONG_WORD[:150]),
        make_article("الجسر ليلا", text=ARABIC, language="ar", date="1926"),
        make_article("الحارس", text=ARABIC.replace("ليلا", "نهارا", 2), language="ar", source="الميناء"),
    ]
    printings.note(articles)
    return articles[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("title", ["The bridge by night", "الجسر ليلا"])
def test_the_page_has_no_accessibility_problem(whale: Article, page: Page, scheme: str, title: str):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/article/{Article.objects.get(title=title).pk}/printings/")
    expect(page.locator("del, ins").nth(3)).to_be_attached()
    assert problems(page) == []


@pytest.mark.parametrize("width", [320, 1440])
def test_the_page_does_not_scroll_sideways(whale: Article, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/article/{whale.pk}/printings/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reader_goes_from_an_article_to_its_printings_and_on_to_another(whale: Article, page: Page):
    page.goto(whale.get_absolute_url())
    page.get_by_role("link", name="3 times, first here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One story, many printings")
    page.get_by_role("link", name="A count").click()
    expect(page).to_have_title("A count · News Archive")
