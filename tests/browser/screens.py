"""Pictures of pages of the demo archive for docs/screens/: `python -m tests.browser.screens http://127.0.0.1:8000`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from start import find_browser

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screens"
DESK, PHONE = 1440, 390
HEIGHTS = {DESK: 1000, PHONE: 844}


class Screen(NamedTuple):
    """A page at an address, with what is typed into its search box, if anything."""

    name: str
    address: str
    width: int = DESK
    scheme: Literal["light", "dark"] = "light"
    typed: str = ""


SCREENS = (
    Screen("search", "/search/?q=bridge+OR+ferry+-toll&from=1911&to=1960&section=local-news"),
    Screen("search-dark", "/search/?q=whale&from=1911&to=1960", scheme="dark"),
    Screen("search-phone", "/search/?q=whale", PHONE),
    Screen("search-arabic-phone", "/search/?q=مرسى الزيتون", PHONE, "dark"),
    Screen("completion", "/search/", typed="fer"),
    Screen("nothing", "/search/?q=palimsest+marchbank"),
    Screen("lines", "/search/?q=whale&view=lines&lines=right"),
    Screen("why", "/search/?q=whale"),
    Screen("printings", "/search/?q=whale"),
    Screen("coverage", "/coverage/"),
    Screen("help", "/search/help/", scheme="dark"),
    Screen("article-marked", "/search/?q=ferry+patience"),
    Screen("article-arabic", "/search/?q=مرسى الزيتون"),
)
# Pages that are reached by the first link of this kind.
LINKS = {
    "why": "article.line a.why",
    "printings": "article.line .printed a",
    "article-marked": "article.line h2 a",
    "article-arabic": "article.line h2 a",
}


def take(browser: Browser, site: str, screen: Screen) -> None:
    viewport = {"width": screen.width, "height": HEIGHTS[screen.width]}
    page = browser.new_page(viewport=viewport, color_scheme=screen.scheme)  # type: ignore[arg-type]
    page.goto(site + screen.address)
    if screen.name in LINKS:
        page.locator(LINKS[screen.name]).first.click()
    if screen.typed:
        page.keyboard.press("/")
        page.keyboard.type(screen.typed, delay=50)
        page.get_by_role("option").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{screen.name}.png")
    page.close()


def main(site: str, *names: str) -> None:
    """Take those of these names, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser())
        for screen in SCREENS:
            if not names or screen.name in names:
                take(browser, site.rstrip("/"), screen)


if __name__ == "__main__":
    main(*sys.argv[1:])
