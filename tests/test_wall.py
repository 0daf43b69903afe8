"""With NEWSARCHIVE_LOGIN nothing is shown to a stranger, whatever the address; who has an account reads all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from .makers import make_article

pytestmark = pytest.mark.django_db

# What a stranger may ask for: to log in, and what machines need to know.
OPEN = {"/login/", "/admin/login/", "/robots.txt", "/manifest.webmanifest", "/healthz"}
SAMPLES = {"int": "1", "four": "1923", "two": "05", "form": "json", "citation": "bib"}


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """One address for each pattern of the site, the admin's among them."""
    for pattern in patterns:
        route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "", "x"), str(pattern.pattern))
        route = before + re.sub(r"\(\?P.*", "x", route).strip("^$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route


EVERY = sorted(set(addresses(get_resolver().url_patterns)))


@pytest.fixture
def walled(settings) -> None:
    settings.LOGIN_WALL = True


@pytest.fixture
def reader(walled: None) -> Client:
    User.objects.create_user("ann", password="by the quay")
    client = Client()
    client.login(username="ann", password="by the quay")
    return client


def test_the_addresses_are_all_there_are():
    assert {"/", "/search/", "/tag/x.json", "/1923/05/", "/admin/", "/admin/articles/article/1/preview/"} <= {*EVERY}
    assert len(EVERY) > 100
    assert {*EVERY} >= OPEN - {"/healthz"}


@pytest.mark.parametrize("address", [*(address for address in EVERY if address not in OPEN), "/nowhere/", "/tag/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_led_to_the_login_from_everywhere(walled, client: Client, address: str, method: str):
    answer = getattr(client, method)(address)
    assert answer.status_code == 302
    # An address without a slash at its end is completed first where the archive is open, and not here.
    assert answer.url.startswith(("/login/?next=", "/admin/login/?next=", "/admin/"))
    assert "private" in answer["Cache-Control"]


def test_a_stranger_sees_nothing_of_the_archive_where_they_log_in(walled, client: Client):
    make_article("The river rose", tags=("flood",))
    page = client.get("/login/?next=/tag/flood/").content.decode()
    assert "The river rose" not in page
    assert 'name="next" value="/tag/flood/"' in page
    assert "/coverage/" not in page


def test_an_account_that_is_not_of_the_staff_reads_and_is_not_cached_for_others(reader: Client):
    article = make_article("The river rose")
    answer = reader.get(article.get_absolute_url())
    assert "The river rose" in answer.content.decode()
    assert "private" in answer["Cache-Control"]
    assert reader.get("/articles.jsonl").status_code == 200
    assert reader.get("/nowhere/").status_code == 404


def test_logging_in_leads_back_to_where_one_came_from_and_to_no_other_site(walled, client: Client):
    User.objects.create_user("ann", password="by the quay")
    told = {"username": "ann", "password": "by the quay"}
    assert client.post("/login/", {**told, "next": "/tags/"}).url == "/tags/"
    assert client.post("/login/", {**told, "next": "https://elsewhere.example/"}).url == "/"
    assert client.post("/login/", told).url == "/"


def test_what_was_wrong_with_a_name_or_a_password_is_not_told(walled, client: Client):
    User.objects.create_user("ann", password="by the quay")
    said = set()
    for name in ("ann", "nobody"):
        page = client.post("/login/", {"username": name, "password": "wrong"}).content.decode()
        said.add(re.sub(r"\s+", " ", re.search(r'role="alert">(.*?)</p>', page, re.DOTALL)[1]))
        assert "wrong" not in page
    assert len(said) == 1


def test_an_account_that_is_locked_does_not_get_in(walled, client: Client):
    User.objects.create_user("ann", password="by the quay", is_active=False)
    assert client.post("/login/", {"username": "ann", "password": "by the quay"}).status_code == 200


def test_the_masthead_lets_a_reader_log_out_and_takes_no_link_for_it(reader: Client):
    assert 'action="/logout/"' in reader.get("/").content.decode()
    assert reader.get("/logout/").status_code == 405
    assert reader.post("/logout/").url == "/"
    assert reader.get("/").status_code == 302


def test_no_robot_is_asked_in(walled, client: Client):
    assert client.get("/robots.txt").content.decode().split("\n")[:2] == ["User-agent: *", "Disallow: /"]


def test_an_open_archive_has_no_login_for_readers_and_knows_nobody(client: Client):
    assert client.get("/login/").status_code == 404
    answer = client.get("/")
    assert "private" not in answer.get("Cache-Control", "")
    assert "logout" not in answer.content.decode()
