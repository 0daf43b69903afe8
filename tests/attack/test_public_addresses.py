"""Each address of the reading pages and of the programs' as each role, by two tables: without the wall all roles read
the same, and with it a stranger reads nothing. An address that has no line fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from ..search.indexes import bring_up_to_date, use_index_in
from .site import PEOPLE, Rows, as_person, asked, line_of, lines_of, routes, sign_of

pytestmark = pytest.mark.django_db

STATES = ("published", "unlisted", "draft", "withheld", "for_staff", "tombstone", "trashed")
# . is there, > leads elsewhere, - not found, m not so (the method), t gone (a tombstone),
# s not at work, as nothing works in the background of a test. NAME stands for tag, section, source and author.
SHELVES = """
# address                            get      post
/healthz                             s        m
/language/<code>/                    >        m
/                                    .        .
/feed.atom                           >        >
/<place>/feed.atom                   >        >
/articles/                           .        .
/articles.<form>                     .        m
/NAMEs/                              .        .
/NAMEs/by-count/                     .        .
/NAMEs/letter/<letter>/              .        .
/NAMEs.json                          .        m
/NAME/<slug>/                        .        .
/NAME/<slug>/random/                 >        >
/NAME/<slug>.<form>                  .        m
/NAME/<slugs>/                       .        .
/NAME/<slugs>.<form>                 .        m
/new/                                .        .
/new.<form>                          .        m
/on/<month>-<day>/                   .        .
/on/<month>-<day>.<form>             .        m
/random/                             >        >
/undated/                            .        .
/undated.<form>                      .        m
/takedowns/                          .        .
/coverage/                           .        .
/coverage/<slug>/                    .        .
/search/                             .        .
/search/help/                        .        .
/search.<form>                       .        m
/search/complete.json                .        m
/followed/                           .        m
/followed/<slug>/                    .        m
/followed/<slug>.atom                >        m
/openapi.json                        .        m
/opensearch.xml                      .        m
/login/                              -        -
/logout/                             m        >
/manifest.webmanifest                .        .
/robots.txt                          .        m
/sitemap.xml                         .        m
/sitemap-<kind>-<number>.xml         .        m
/<year>/                             .        .
/<year>.<form>                       .        m
/<year>/<month>/                     .        .
/<year>/<month>.<form>               .        m
/<year>/<month>/<day>/               .        .
/<year>/<month>/<day>.<form>         .        m
"""
# One letter for an article in each of the STATES; editors have the desk for what readers do not see.
OF_AN_ARTICLE = """
# address                            get      post
/article/<pk>/                       >>---t-  >>---t-
/article/<pk>/cite/                  ..---t-  mmmmmmm
/article/<pk>/cite.<form>            ..---t-  mmmmmmm
/article/<pk>/printings/             ..---t-  ..---t-
/article/<pk>/versions/              ..---t-  ..---t-
/article/<pk>/versions/differences/  ..---t-  ..---t-
/article/<pk>/versions/<number>/     ..---t-  ..---t-
/article/<pk>/<slug>/                ..---t-  ..---t-
/article/<pk>.<form>                 >>---t-  mmmmmmm
/article/<pk>/<slug>.<form>          ..---t-  mmmmmmm
/search/why/<pk>/                    ..---t-  ..---t-
"""
LINES = {(address, ""): (get, post) for address, get, post in lines_of(SHELVES)}
LINES |= {
    (address, state): (get[place], post[place])
    for address, get, post in lines_of(OF_AN_ARTICLE)
    for place, state in enumerate(STATES)
}
# Behind the wall a stranger has these, as everybody; and there the login is.
OPEN = {"/healthz": ("s", "m"), "/robots.txt": (".", "m"), "/manifest.webmanifest": (".", "."), "/login/": (".", ".")}


def cases() -> Iterator[tuple[str, str]]:
    """Each public address, and in which state the article is that it is about."""
    for route in routes():
        if not route.startswith("/admin/"):
            yield from ((route, state) for address, state in LINES if address == line_of(route))


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rows:
    use_index_in(monkeypatch, tmp_path)
    rows = Rows()
    bring_up_to_date()
    return rows


def test_every_public_address_has_a_line_and_every_line_an_address():
    there = {line_of(route) for route in routes() if not route.startswith("/admin/")}
    assert {address for address, _ in LINES} == there


@pytest.mark.parametrize("person", PEOPLE)
def test_who_one_is_changes_nothing_of_what_is_public(rows: Rows, person: str):
    client = as_person(person)
    assert otherwise(client, rows, LINES) == []


@pytest.mark.parametrize("person", PEOPLE)
def test_behind_the_wall_a_stranger_sees_nothing_and_all_others_what_readers_see(rows: Rows, person: str, settings):
    settings.LOGIN_WALL = True
    client = as_person(person)
    closed = dict.fromkeys(LINES, ("L", "L")) if person == "stranger" else LINES
    assert otherwise(client, rows, closed | {(address, ""): signs for address, signs in OPEN.items()}) == []


def otherwise(client: Client, rows: Rows, expected: dict[tuple[str, str], tuple[str, str]]) -> list[str]:
    """Where an answer is not as expected."""
    found = []
    for route, state in cases():
        address = rows.address(route, state)
        got = tuple(sign_of(asked(client, method, address)) for method in ("get", "post"))
        if got != expected[line_of(route), state]:
            found.append(f"{address} ({state}): {got}")
    return found
