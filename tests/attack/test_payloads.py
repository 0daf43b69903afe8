"""Payloads in every field that reaches a page, in a real browser: none runs, no page has an element, an attribute or a
scheme that is not its own, and each has its frame; with the content security policy and without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from articles.models import Article, Original

from ..search.indexes import bring_up_to_date, use_index_in
from . import payloads, poisoned

pytestmark = pytest.mark.django_db(transaction=True)

# Whatever a payload would do is told here. Dialogues, requests and what is written to the console are watched outside.
WATCH = """
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => toldOutside(name);
Object.defineProperty(window, "ran", { set: () => toldOutside("ran"), get: () => undefined, configurable: false });
"""
# What a page has that is not its own.
LOOK = Path(__file__).with_name("look.js").read_text()
EXPORTS = (
    "/articles.json", "/articles.jsonl", "/articles.csv", "/articles.atom", "/search.json?q=alert",
    "/search.csv?q=alert",
    "/search.jsonl?q=alert", "/search.atom?q=alert", "/search/complete.json?q=a", "/tags.json", "/article/{}/cite.bib",
    "/article/{}/cite.ris", "/article/{}/cite.csl.json", "/article/{}.json", "/sitemap.xml", "/sitemap-articles-1.xml",
    "/opensearch.xml", "/openapi.json", "/manifest.webmanifest", "/robots.txt",
)  # fmt: skip
NO_PAGES = {
    "application/json", "application/jsonl", "text/csv", "application/atom+xml", "application/xml", "text/plain",
    "application/x-bibtex", "application/x-research-info-systems", "application/vnd.citationstyles.csl+json",
    "application/opensearchdescription+xml", "application/manifest+json",
}  # fmt: skip


@pytest.fixture(params=["ours", "given"])
def texts(request: pytest.FixtureRequest) -> Sequence[str]:
    return payloads.OURS if request.param == "ours" else payloads.given()


@pytest.fixture
def archive(texts: Sequence[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sequence[str]:
    use_index_in(monkeypatch, tmp_path / "index")
    cache.clear()
    poisoned.fill(texts)
    bring_up_to_date()
    return texts


@pytest.fixture(params=["without the policy", "with the policy"])
def window(request: pytest.FixtureRequest, browser: Browser, live_server, told: list[str]) -> Iterator[Page]:
    """A window of somebody who may do everything. All that it ought not to do is in `told`."""
    context = browser.new_context(base_url=live_server.url, bypass_csp=request.param == "without the policy")
    context.add_init_script(WATCH)
    context.expose_binding("toldOutside", lambda source, words: told.append(f"{source['frame'].url} ran {words}"))
    context.route(re.compile("."), lambda route: watched(route, live_server.url, told))
    context.on("dialog", lambda dialog: (told.append(f"dialogue {dialog.message}"), dialog.dismiss()))
    context.on("console", lambda message: note(told, message))
    log_in(context, live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def told() -> list[str]:
    return []


def watched(route: Route, home: str, told: list[str]) -> None:
    address = route.request.url
    if not address.startswith(f"{home}/"):
        told.append(f"asked for {address}")
        route.abort()
    elif re.search(r"\.(css|woff2|png|svg)$", address):
        route.fulfill(status=200, body="")
    else:
        route.continue_()


def note(told: list[str], message: ConsoleMessage) -> None:
    """A page that is a 404 is an error for the browser, and none here."""
    if "Failed to load resource" not in message.text:
        told.append(f"{message.location.get('url')}: {message.text}")


def log_in(context: BrowserContext, home: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("watcher"))
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": home}])


def seen(window: Page, address: str, most: int = 1) -> Iterator[str]:
    """What is foreign on this page and on those behind it."""
    for _ in range(most):
        window.goto(address)
        found = window.evaluate(LOOK)
        yield from (f"{window.url}: {foreign}" for foreign in found["foreign"])
        if not found["next"] or most == 1:
            return
        address = urljoin(window.url, found["next"])


def test_no_payload_runs_and_no_page_has_what_is_not_its_own(
    archive: Sequence[str], window: Page, told: list[str], request: pytest.FixtureRequest
):
    """Where the policy holds as well, the pages behind the first of each list are left out, and most of the queries."""
    few = "with the policy" in request.node.callspec.params.values()
    foreign = []
    for address, most in (poisoned.reading() | poisoned.desk()).items():
        foreign += seen(window, address, 1 if few else most)
    for address in (*poisoned.articles(), *poisoned.asked(archive)[:: 5 if few else 1]):
        foreign += seen(window, address)
    window.emulate_media(media="print")
    foreign += seen(window, poisoned.articles()[0])
    assert told == []
    assert foreign == []
    for address in ("/articles.atom", "/articles.json", "/sitemap-articles-1.xml", "/openapi.json"):
        window.goto(address)
    # The browser shows XML in a page of its own, of whose styles the policy complains.
    assert [words for words in told if not words.endswith("The action has been blocked.")] == []


def test_no_browser_takes_an_export_for_a_page(archive: Sequence[str]):
    client, number = Client(), Article.objects.published().earliest("pk").pk
    told = {}
    for address in EXPORTS:
        answer = client.get(address.format(number), follow=True)
        answer.getvalue()
        told[address] = answer["Content-Type"].partition(";")[0], answer["X-Content-Type-Options"], answer.status_code
    taken = {address for address, (kind, nosniff, _) in told.items() if kind not in NO_PAGES or nosniff != "nosniff"}
    assert taken == set()
    assert {status for _, _, status in told.values()} == {200}, told


def test_an_original_is_a_download_in_a_box_of_its_own(archive: Sequence[str]):
    client = Client()
    client.force_login(User.objects.create_superuser("watcher"))
    for number in Original.objects.values_list("pk", flat=True):
        answer = client.get(f"/admin/articles/original/{number}/download/")
        answer.close()
        assert answer["Content-Disposition"].startswith("attachment; filename")
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_samples_run_where_nothing_holds_them(browser: Browser):
    """What the watch tells of is worth something only if it tells of payloads on a page that lets them run."""
    context = browser.new_context()
    told: list[str] = []
    context.add_init_script(WATCH)
    context.expose_binding("toldOutside", lambda source, words: told.append(words))
    window = context.new_page()
    bare = "<body><script>alert(1)</script><img src=x onerror='ran=1'><svg onload=confirm(1)>"
    window.route("**/bare", lambda route: route.fulfill(body=bare, content_type="text/html"))
    window.goto("http://localhost/bare")
    window.wait_for_timeout(200)
    held = window.evaluate(LOOK)["foreign"]
    context.close()
    assert sorted(told) == ["alert", "confirm", "ran"]
    assert any("onload" in foreign for foreign in held)


def test_payloads_of_others_are_read_from_a_folder(tmp_path: Path):
    (tmp_path / "lines.txt").write_text("<b>one</b>\n\n<b>two</b>\n")
    fixtures = [{"title": "x", "payload": "<b>three</b>", "expected": ["y"]}, "<b>four</b>"]
    (tmp_path / "fixtures.json").write_text(json.dumps(fixtures))
    (tmp_path / "page.html").write_text("<b>\nfive")
    held = [text for text in payloads.read(tmp_path) if text]
    assert sorted(held) == ["<b>\nfive", "<b>four</b>", "<b>one</b>", "<b>three</b>", "<b>two</b>"]
