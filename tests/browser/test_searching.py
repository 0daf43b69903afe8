"""Completions below the search boxes, by keyboard and mouse, in both schemes and directions."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import FollowedSearch
from tests.makers import make_article
from tests.search.indexes import bring_up_to_date, use_index_in

from .pages import problems

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def valley(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("articles.search.names.known._shelves", {})
    use_index_in(monkeypatch, tmp_path / "index")
    make_article("The ferry sank", text="The ferry sank in ice.", tags=("Ferry", "Ice"), source="The Gazette")
    make_article("A ferryman speaks", text="A ferry, he said.", tags=("Ferry",), authors=("Jane <i>Ferrier</i>",))
    make_article("العبارة في النهر", text="غرقت العبارة.", tags=("العبارة",), language="ar")
    bring_up_to_date()


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search the archive")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def test_what_is_typed_is_completed_and_chosen_by_keyboard(page: Page):
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("fer")
    expect(options(page).first).to_have_text("Ferry Tag 2 ")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("completions; the arrow keys choose one.")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == options(page).first.get_attribute("id")
    expect(box(page)).to_have_value("fer")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/tag/ferry/")


def test_the_arrows_go_round_through_the_box(page: Page):
    page.goto("/")
    box(page).type("fer")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("Home")
    page.keyboard.type("=")
    expect(box(page)).to_have_value("=fer")


def test_enter_without_a_choice_searches_for_what_is_typed(page: Page):
    page.goto("/")
    box(page).type("ferry")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?q=ferry")


def test_escape_closes_the_list_and_keeps_the_words(page: Page):
    page.goto("/")
    box(page).type("fer")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_value("fer")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)


def test_the_mouse_chooses_too(page: Page):
    page.goto("/")
    box(page).type("ice")
    options(page).filter(has_text="Tag").click()
    expect(page).to_have_url("/tag/ice/")


def test_a_list_is_completed_from_what_is_in_it(page: Page):
    page.goto("/tag/ice/")
    within = page.get_by_role("combobox", name="Search within this list")
    within.type("ferr")
    expect(options(page).first).to_have_text("Ferry Tag 1 ")
    expect(options(page).filter(has_text="speaks")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?tag=ferry&tag=ice")


def test_nothing_moves_and_what_is_offered_is_text(page: Page):
    page.goto("/")
    before = page.locator("main").bounding_box()
    box(page).type("ferr")
    expect(options(page).filter(has_text="<i>Ferrier</i>")).to_be_visible()
    assert page.locator("main").bounding_box() == before


def test_an_answer_that_is_late_does_not_take_the_place_of_a_newer_one(page: Page):
    waiting = []
    page.route("**/complete.json?q=fer", lambda route: waiting.append(route))
    page.goto("/")
    box(page).type("fer")
    page.wait_for_timeout(300)
    box(page).fill("ice")
    expect(options(page).first).to_have_text("Ice Tag 1 ")
    for route in waiting:
        route.continue_()
    page.wait_for_timeout(200)
    expect(options(page).first).to_have_text("Ice Tag 1 ")
    assert waiting


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("typed", ["fer", "العب"])
def test_the_list_is_accessible_and_stays_in_the_window(page: Page, scheme: str, typed: str):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    box(page).type(typed)
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    # What the list lies on is out of reach until the list is closed.
    assert problems(page, "header") == []
    place = page.get_by_role("listbox").bounding_box()
    assert place
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 390


def test_followed_searches_are_accessible_and_remember_the_look(page: Page):
    FollowedSearch.objects.create(name="Ferries", slug="ferries", query="q=ferry", description="On the Orle.")
    for address in ("/followed/", "/followed/ferries/"):
        page.goto(address)
        assert problems(page) == [], address
    assert page.evaluate("document.cookie") == ""
    assert [cookie["name"] for cookie in page.context.cookies()] == [f"looked-{FollowedSearch.objects.get().pk}"]


def test_without_scripts_the_box_is_a_plain_form(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("ferry")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="The ferry sank")).to_be_visible()
    context.close()
