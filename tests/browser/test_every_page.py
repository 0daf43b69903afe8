"""What holds on every public page, in a real browser: accessible in both colour schemes and both directions, whole at
every width, still while it is read, and light.
"""

from __future__ import annotations

import gzip
import time
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Page, Response, Route, expect

from articles.models import Article
from articles.urls import urlpatterns
from tests.search.indexes import bring_up_to_date, use_index_in

from .pages import COLOURS, MORE_CONTRAST, addresses, problems, problems_of_each

pytestmark = pytest.mark.django_db(transaction=True)

# Addresses that answer with a file, or by leading elsewhere; where readers log in is looked at by itself.
NO_PAGES = {
    "random", "tag_random", "section_random", "source_random", "author_random", "permalink", "cite_file", "complete",
    "followed_atom", "openapi", "opensearch", "login", "logout", "manifest", "robots", "sitemap", "sitemap_part",
}  # fmt: skip
# Kinds of names have the same pages; those of tags stand for all.
SAME = {f"{kind}_{page}" for kind in ("sections", "sources", "authors") for page in ("by_count", "letter")}


@pytest.fixture
def places(archive: Article, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """Every public page of a full archive, by its name."""
    use_index_in(monkeypatch, tmp_path / "index")
    bring_up_to_date()
    return addresses(archive)


def test_every_page_is_in_the_list(places: dict[str, str]):
    there = [address.partition("?")[0] for name, address in places.items() if name != "not found"]
    listed = {resolve(address).url_name for address in there}
    named = {pattern.name for pattern in urlpatterns if pattern.name and not pattern.name.endswith("_export")}
    assert named - NO_PAGES - SAME - listed == set()


@pytest.mark.parametrize(("language", "scheme", "other"), [("en", "light", "dark"), ("ar", "dark", "")])
def test_no_page_has_an_accessibility_problem(
    places: dict[str, str], page: Page, language: str, scheme: str, other: str
):
    """What only the colours can change is looked at in the other scheme too."""

    def look(page: Page) -> list[str]:
        page.emulate_media(color_scheme=scheme)
        found = problems(page)
        if other:
            page.emulate_media(color_scheme=other)
            found += [f"{other}: {problem}" for problem in problems(page, rules=COLOURS)]
        return found

    page.set_extra_http_headers({"Accept-Language": language})
    found = problems_of_each(page, places, look)
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_where_readers_log_in_there_is_no_accessibility_problem(page: Page, settings, language: str, scheme: str):
    settings.LOGIN_WALL = True
    page.emulate_media(color_scheme=scheme)
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto("/login/")
    expect(page.locator("input[type=password]")).to_be_visible()
    assert problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_asks_for_more_contrast_has_it(places: dict[str, str], page: Page, scheme: Literal["light", "dark"]):
    page.emulate_media(contrast="more", color_scheme=scheme)
    few = {name: places[name] for name in ("front", "article", "search", "printings", "coverage")}
    assert problems_of_each(page, few, lambda page: problems(page, rules=MORE_CONTRAST)) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_scrolls_sideways(places: dict[str, str], page: Page, language: str):
    page.set_extra_http_headers({"Accept-Language": language})
    wide = {}
    for name, address in places.items():
        page.goto(address)
        for width in (320, 768, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            wide[name, width] = page.evaluate("document.documentElement.scrollWidth")
    assert {place: found for place, found in wide.items() if found > place[1]} == {}


# One page of each layout: the others are laid out as these are.
LAYOUTS = (
    "front", "tag", "tags", "month", "coverage", "search", "search in lines", "help", "cite", "printings", "article",
    "arabic",
)  # fmt: skip
SHIFTS = """() => new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntries().map(entry => entry.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve([]), 100);
})"""


def late(route: Route) -> None:
    """As over a slow line: the page is painted before this comes."""
    time.sleep(0.15)
    route.continue_()


@pytest.mark.parametrize(("width", "language"), [(390, "ar"), (1440, "en")])
def test_nothing_moves_on_a_page_while_it_loads(places: dict[str, str], page: Page, width: int, language: str):
    page.set_viewport_size({"width": width, "height": 800})
    page.set_extra_http_headers({"Accept-Language": language})
    page.route("**/*.woff2", late)
    moved = {}
    for name in LAYOUTS:
        page.goto(places[name])
        page.evaluate("document.fonts.ready")
        moved[name] = page.evaluate(SHIFTS)
    assert {name: shifts for name, shifts in moved.items() if shifts} == {}


def as_sent(response: Response) -> int:
    """How many bytes this is with the compression that every browser asks for."""
    body = response.body()
    packed = "font" in response.headers["content-type"]
    return len(body if packed else gzip.compress(body))


@pytest.mark.parametrize("name", ["article", "arabic", "long words", "front", "search"])
def test_a_page_at_first_sight_is_less_than_a_hundred_kilobytes(places: dict[str, str], page: Page, name: str):
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: as_sent(response)}))
    page.goto(places[name], wait_until="networkidle")
    assert any("newsreader" in address for address in sizes)
    assert sum(sizes.values()) < 100_000, sizes


def test_the_stylesheet_and_the_scripts_are_small():
    folder = Path(settings.BASE_DIR) / "static"
    assert (folder / "archive.css").stat().st_size < 40_000
    assert sum(script.stat().st_size for script in folder.glob("*.js")) < 20_000
