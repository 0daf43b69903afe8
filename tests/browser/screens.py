"""Pictures of pages of the demo archive for docs/screens/: `python -m tests.browser.screens http://127.0.0.1:8000`.

Those of the desk are taken too when the environment has in `PASSWORD` the password of the account `admin`.
"""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from start import find_browser

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screens"
DESK, PHONE = 1280, 390
HEIGHTS = {DESK: 900, PHONE: 844}
# Of WebP, in which letters stay sharp: no picture is larger than 120 kB.
QUALITY = 82


class Screen(NamedTuple):
    """A page at an address, or behind the first links of these kinds there; what is typed into its search box."""

    name: str
    address: str
    width: int = DESK
    scheme: Literal["light", "dark"] = "light"
    language: str = "en"
    links: tuple[str, ...] = ()
    typed: str = ""


LISTED, RESULT = "article.line h3 a", "article.line h2 a"
SCREENS = (
    Screen("home", "/"),
    Screen("home-phone", "/", PHONE),
    Screen("home-arabic", "/", language="ar"),
    Screen("article", "/1926/06/14/", links=("text=The Bridge Is Open",)),
    Screen("article-dark", "/1953/11/16/", scheme="dark", links=(LISTED,)),
    Screen("article-marked", "/search/?q=ferry+patience", links=(RESULT,)),
    Screen("article-arabic", "/search/?q=مرسى الزيتون", language="ar", links=(RESULT,)),
    Screen("cite", "/1953/11/16/", links=(LISTED, ".card a[href$='/cite/']")),
    Screen("search", "/search/?q=bridge+OR+ferry+-toll&from=1911&to=1960&section=local-news"),
    Screen("search-dark", "/search/?q=whale&from=1911&to=1960", scheme="dark"),
    Screen("search-phone", "/search/?q=whale", PHONE),
    Screen("search-arabic-phone", "/search/?q=مرسى الزيتون", PHONE, "dark", "ar"),
    Screen("completion", "/search/", typed="fer"),
    Screen("nothing", "/search/?q=palimsest+marchbank"),
    Screen("lines", "/search/?q=whale&view=lines&lines=right"),
    Screen("why", "/search/?q=whale", links=("article.line a.why",)),
    Screen("printings", "/search/?q=whale", links=("article.line .printed a",)),
    Screen("coverage", "/coverage/the-halvern-mercury/"),
    Screen("help", "/search/help/", scheme="dark"),
)
DESK_SCREENS = (
    Screen("desk", "/admin/"),
    Screen("desk-beside", "/admin/articles/article/?status=draft", links=("#result_list th a",)),
)


def take(browser: Browser, site: str, screen: Screen, state: dict | None = None) -> None:
    context = browser.new_context(
        viewport={"width": screen.width, "height": HEIGHTS[screen.width]},
        color_scheme=screen.scheme,
        locale=screen.language,
        storage_state=state,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(site + screen.address)
    for link in screen.links:
        page.locator(link).first.click()
    if screen.typed:
        page.keyboard.press("/")
        page.keyboard.type(screen.typed, delay=50)
        page.get_by_role("option").first.wait_for()
    page.wait_for_load_state("networkidle")
    keep(context, page, screen.name)
    context.close()


def keep(context: BrowserContext, page: Page, name: str) -> None:
    """Playwright itself writes no WebP; the browser does."""
    taken = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))


def logged_in(browser: Browser, site: str, password: str) -> dict:
    """The cookies of the account `admin`."""
    page = browser.new_page()
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state()
    state = page.context.storage_state()
    page.close()
    return dict(state)


def main(site: str, *names: str) -> None:
    """Take those of these names, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    site, password = site.rstrip("/"), os.environ.get("PASSWORD", "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser())
        state = logged_in(browser, site, password) if password else None
        for screen in (*SCREENS, *(DESK_SCREENS if state else ())):
            if not names or screen.name in names:
                take(browser, site, screen, state if screen in DESK_SCREENS else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
