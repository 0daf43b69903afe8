"""All addresses of the archive as it knows them itself, an archive with something at each, and the people who ask."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from articles import jobs, ladder, trash, versions
from articles.admin.groups import ADMINISTRATORS, CONTRIBUTORS, EDITORS, READERS
from articles.models import (
    Access,
    Article,
    Author,
    Cause,
    FollowedSearch,
    FruitlessSearch,
    NameRing,
    Original,
    Reason,
    Section,
    Source,
    Tag,
)
from articles.records import Status

from ..admin.conftest import client_of
from ..makers import make_article

# In the order of the columns of a table. A clerk is of the staff and has no rights.
PEOPLE = ("stranger", "reader", "clerk", "contributor", "editor", "administrator", "superuser")
GROUPS = {"contributor": CONTRIBUTORS, "editor": EDITORS, "administrator": ADMINISTRATORS}
# Kinds of names have the same addresses, and the same people at each: a table has one line for all four.
NAMES = {"tag": Tag, "section": Section, "source": Source, "author": Author}
ON_THE_SHELF = {"source": "Gazette", "sections": ("World",), "tags": ("flood", "water"), "authors": ("Ann Day",)}
SLUGS = {"tag": "flood", "section": "world", "source": "gazette", "author": "ann-day"}
CHOICES = {"code": "fr", "app_label": "articles", "url": "nowhere"}
PARTS = {"int": "1", "four": "1923", "two": "05", "form": "json", "citation": "bib", "words": "flood+water"}
KIND = re.compile(rf"(?<=/)({'|'.join(NAMES)})(?=s?[/.])")


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every address of the site, as its pattern is written."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).strip("^$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def line_of(route: str) -> str:
    """What stands for this pattern in a table: one kind of names stands for all."""
    return KIND.sub("NAME", re.sub(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", r"<\1\2>", route))


def as_person(name: str) -> Client:
    """A window of somebody with this role."""
    if name == "stranger":
        return Client()
    if name == "superuser":
        client = Client()
        client.force_login(User.objects.create_superuser("superuser"))
        return client
    return client_of(name, staff=name != "reader", group=READERS if name == "reader" else GROUPS.get(name, ""))


class Rows:
    """Something at every address, and an article in each state that hides it from somebody."""

    def __init__(self) -> None:
        self.job = jobs.enqueue([jobs.Incoming("page.txt", [b"Kept words"])], label="of somebody else")
        self.original = Original.objects.get()
        self.articles = {state: self._article(state, status) for state, status in STATES.items()}
        ladder.move([self.articles["for_staff"].pk], ladder.Step(Access.STAFF, Reason.MISTAKE))
        ladder.move([self.articles["tombstone"].pk], ladder.Step(Access.TOMBSTONE, Reason.ORDER))
        ladder.move([self.articles["unlisted"].pk], ladder.Step(Access.UNLISTED))
        trash.discard([self.articles["trashed"].pk])
        # Sections of this name are several that run together, and nobody uses it.
        self.names = {kind: model.objects.create(name="SportWorld").pk for kind, model in NAMES.items()}
        NameRing.objects.create(names="Boat\nShip")
        FollowedSearch.objects.create(name="Floods", slug="floods", query="q=water")
        FruitlessSearch.objects.create(query="q=nothing", words="nothing")
        self.somebody = User.objects.create_user("somebody")
        LogEntry.objects.log_actions(self.somebody.pk, [self.articles["published"]], CHANGE, "Changed.")

    def _article(self, state: str, status: Status) -> Article:
        words = {"text": f"Water of {state}.\n\nIt stayed.", "date": "1923-05-05", "language": "en"}
        article = make_article(f"Water {state}", status=status, original=self.original, **words, **ON_THE_SHELF)
        before = versions.told_of([article.pk])
        Article.objects.filter(pk=article.pk).update(body_text="Water.\n\nIt fell.", body="Water.\n\nIt fell.")
        versions.keep_changed(before, Cause.EDITED)
        return article

    def give_draft_to(self, name: str) -> None:
        """A draft and an import of this person's own."""
        owner = User.objects.filter(username=name).first()
        self.articles["own"] = self._article("own", Status.DRAFT)
        Article.objects.filter(pk=self.articles["own"].pk).update(created_by=owner)
        self.own_job = jobs.enqueue([jobs.Incoming("own.txt", [b"Own words"])], label="own", by=owner)

    def address(self, route: str, state: str = "") -> str:
        """An address of this pattern with something behind it; `state` says which article or import is meant."""
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: CHOICES[found[1]], route)
        kind = next((kind for kind in NAMES if re.search(rf"/{kind}s?\b", route)), "")
        article = self.articles[state or "published"]
        numbers = {"job": (self.own_job if state == "own" else self.job).pk, "article": article.pk}
        for found in list(re.finditer(r"<(?:(\w+):)?(\w+)>", route)):
            own_words = article.get_absolute_url().split("/")[3] if route.startswith("/article/") else ""
            route = route.replace(found[0], self._part(found, route, kind, numbers) or own_words or "x", 1)
        return route

    def _part(self, found: re.Match[str], route: str, kind: str, numbers: dict[str, int]) -> str:
        sort, name = found[1] or "", found[2]
        if name == "version":
            return "1"
        if name in ("pk", "object_id", "number", "id"):
            return str(self._held(route, kind, numbers, name))
        if name == "content_type_id":
            return str(ContentType.objects.get_for_model(Article).pk)
        if name in ("slug", "slugs") and (slug := self._slug(route, kind, sort)):
            return slug
        return {"letter": SLUGS.get(kind, "")[:1], "place": "tag/flood", "kind": "articles"}.get(name) or PARTS.get(
            sort, ""
        )

    def _slug(self, route: str, kind: str, sort: str) -> str:
        if "followed" in route:
            return "floods"
        if "coverage" in route:
            return "gazette"
        return "" if sort == "words" else SLUGS.get(kind, "")

    def _held(self, route: str, kind: str, numbers: dict[str, int], name: str) -> int:
        if name == "number" and ("/versions/" in route or "sitemap" in route) and "/admin/" not in route:
            return 1
        if "/admin/" not in route or "/r/" in route:
            return numbers["article"]
        model = route.split("/")[3]
        if model in ("article", "draft"):
            return numbers["article"]
        rows = {"importjob": numbers["job"], "original": self.original.pk, "user": self.somebody.pk} | self.names
        made = {"namering": NameRing, "followedsearch": FollowedSearch, "fruitlesssearch": FruitlessSearch}
        others = made | {"group": Group, "logentry": LogEntry}
        return rows.get(model) or others[model].objects.earliest("pk").pk


STATES = {
    "published": Status.PUBLISHED,
    "unlisted": Status.PUBLISHED,
    "draft": Status.DRAFT,
    "withheld": Status.WITHHELD,
    "for_staff": Status.PUBLISHED,
    "tombstone": Status.PUBLISHED,
    "trashed": Status.PUBLISHED,
}


def asked(client: Client, method: str, address: str, given: dict[str, object] | None = None) -> HttpResponseBase:
    """The answer, read to its end; whoever asks stays logged in, and nothing of what was done stays."""
    jar, before = client.cookies.copy(), transaction.savepoint()
    answer = getattr(client, method)(address, given or {})
    if answer.streaming:
        answer.content_length = len(b"".join(answer.streaming_content))
    answer.close()
    transaction.savepoint_rollback(before)
    client.cookies = jar
    return answer


SIGNS = {200: ".", 301: ">", 302: ">", 400: "!", 403: "N", 404: "-", 405: "m", 410: "t", 503: "s"}


def sign_of(answer: HttpResponseBase) -> str:
    """The answer as one letter of a table: `L` where it leads to a login."""
    if answer.status_code == 302 and re.match(r"(/admin)?/login/\?next=", answer["Location"]):
        return "L"
    return SIGNS.get(answer.status_code, f"({answer.status_code})")


def lines_of(table: str) -> list[list[str]]:
    """The lines of a table in their cells; a # stands before what is said to who reads it."""
    lines = (line.partition("#")[0].split() for line in table.splitlines())
    return [line for line in lines if line]
