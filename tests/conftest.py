"""What many tests start from."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from start import find_browser

BROWSER_ARGUMENTS = ["--disable-background-networking", "--disable-gpu", "--no-default-browser-check", "--no-first-run"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium or Chrome that start.py finds, else the test tool's own. It never skips: no browser is a failure."""
    # Playwright keeps an event loop in this thread, which Django would take for a reason to refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = [*BROWSER_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def connection_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a request closes a connection that it left in a transaction. In a test it is the test's."""
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_outside_tests(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            close(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_outside_tests)


@pytest.fixture
def faults() -> list[str]:
    """What the browser complained of. A test that provokes a complaint looks for it here, and clears the list."""
    return []


@pytest.fixture
def page(browser: Browser, live_server, faults: list[str]) -> Iterator[Page]:
    """A fresh window on the archive. Errors, broken content rules and requests to other hosts fail the test."""
    context = browser.new_context(base_url=live_server.url)
    note_faults(context, live_server.url, faults)
    yield context.new_page()
    context.close()
    assert faults == []


def note_faults(context: BrowserContext, home: str, faults: list[str]) -> None:
    visited: set[str] = set()

    def on_request(request: Request) -> None:
        if request.is_navigation_request():
            visited.add(request.url)
        if urlsplit(request.url).scheme in ("http", "https", "ws", "wss") and not request.url.startswith(f"{home}/"):
            faults.append(f"asked another host for {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        # The browser also calls it an error when the page itself, as a test may want, is a 403 or 404.
        if message.type == "error" and message.location.get("url") not in visited:
            faults.append(f"{message.text} ({message.location})")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: faults.append(str(error.error)))
