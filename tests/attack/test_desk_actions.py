"""Each action of each list of the desk, taken by each role, by one table: what was done shows in the rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model
from django.test import Client

from articles.models import (
    Article,
    ArticleTag,
    Author,
    FollowedSearch,
    FruitlessSearch,
    ImportJob,
    NameRing,
    Original,
    Section,
    Source,
    Tag,
    Takedown,
)

from .site import PEOPLE, Rows, as_person, lines_of, sign_of

pytestmark = pytest.mark.django_db

# * it is done, ? it is asked for first, . nothing is done; L, N, > as for addresses. The roles are in the order of
# PEOPLE. "told" is the second step: with what was asked for. What Django offers for every list is looked for in each.
TABLE = """
# list           action           step   signs
group            delete_selected  asked  LLNNN.?
group            delete_selected  told   LLNNN.*
user             delete_selected  asked  LLNNN??
user             delete_selected  told   LLNNN**
logentry         delete_selected  asked  LLNNN..
logentry         delete_selected  told   LLNNN..
namering         delete_selected  asked  LLNN???
namering         delete_selected  told   LLNN***
followedsearch   delete_selected  asked  LLNN???
followedsearch   delete_selected  told   LLNN***
original         delete_selected  asked  LLNN>>>
original         delete_selected  told   LLNN>>>
original         verify_selected  asked  LLNN***
article          add_tags         asked  LLNN???
article          add_tags         told   LLNN***
article          delete_selected  asked  LLNN***
article          delete_selected  told   LLNN***
article          publish          asked  LLNN***
article          remove_tags      asked  LLNN???
article          remove_tags      told   LLNN***
article          take_down        asked  LLNN???
article          take_down        told   LLNN***
article          withhold         asked  LLNN***
draft            delete_selected  asked  LLN.NN.
draft            delete_selected  told   LLN.NN.
fruitlesssearch  delete_selected  asked  LLNN???
fruitlesssearch  delete_selected  told   LLNN***
importjob        delete_selected  asked  LLN....
importjob        delete_selected  told   LLN....
tag              delete_selected  asked  LLNN.**
tag              delete_selected  told   LLNN.**
tag              merge_selected   asked  LLNN.??
author           delete_selected  asked  LLNN.**
author           delete_selected  told   LLNN.**
author           merge_selected   asked  LLNN.??
source           delete_selected  asked  LLNN.**
source           delete_selected  told   LLNN.**
source           merge_selected   asked  LLNN.??
section          delete_selected  asked  LLNN.**
section          delete_selected  told   LLNN.**
section          merge_selected   asked  LLNN.??
section          split_selected   asked  LLNN.**
"""
TOLD: dict[str, dict[str, str]] = {
    "add_tags": {"apply": "1", "names": "ice"},
    "remove_tags": {"apply": "1", "names": "flood"},
    "take_down": {"apply": "1", "access": "staff", "reason": "mistake"},
    "delete_selected": {"post": "yes"},
}
WATCHED: tuple[type[Model], ...] = (
    Article, ArticleTag, Takedown, Tag, Section, Source, Author, Original, ImportJob, NameRing, FollowedSearch,
    FruitlessSearch, User, Group,
)  # fmt: skip
UNWATCHED = {"last_login"}


def held() -> list[Any]:
    """All that an action can change."""
    names = [[field.name for field in kind._meta.concrete_fields if field.name not in UNWATCHED] for kind in WATCHED]
    return [
        list(kind._base_manager.order_by("pk").values_list(*named)) for kind, named in zip(WATCHED, names, strict=True)
    ]


def lists() -> dict[str, tuple[type[Model], list[str]]]:
    """Each list of the desk, with its actions and with that which Django has for all lists."""
    return {
        kind._meta.model_name or "": (kind, sorted({"delete_selected", *(site.actions or ())}))
        for kind, site in admin.site._registry.items()
    }


def taken(client: Client, kind: str, action: str, number: int, told: dict[str, str]) -> str:
    """What came of an action on the row with this number; nothing of it stays."""
    before, point = held(), transaction.savepoint()
    app = lists()[kind][0]._meta.app_label
    answer = client.post(f"/admin/{app}/{kind}/", {"action": action, "_selected_action": [number], **told})
    done = held() != before
    transaction.savepoint_rollback(point)
    if done:
        return "*"
    asks = answer.status_code == 200 and f'value="{action}"' in answer.content.decode().partition("actions-")[0]
    asks = asks or "/merge/?" in answer.headers.get("Location", "")
    return "?" if asks else sign_of(answer)


def number_of(kind: str, action: str, rows: Rows) -> int:
    """A row that the action would change."""
    model = lists()[kind][0]
    if kind in rows.names:
        return rows.names[kind]
    if issubclass(model, Article):
        return rows.articles["withheld" if action == "publish" else "published"].pk
    if model is User:
        return User.objects.get_or_create(username="leaving")[0].pk
    return model._default_manager.earliest("pk").pk


LINES = [(kind, action, step, signs) for kind, action, step, signs in lines_of(TABLE)]


def test_every_action_has_a_line_and_every_line_an_action():
    there = {(kind, action) for kind, (_, actions) in lists().items() for action in actions}
    assert {(kind, action) for kind, action, *_ in LINES} == there
    assert {(action, "told") for action in TOLD} <= {(action, step) for _, action, step, _ in LINES}


@pytest.mark.parametrize("person", PEOPLE)
def test_each_action_is_taken_by_those_whose_it_is_and_by_no_others(person: str):
    client, rows, column = as_person(person), Rows(), PEOPLE.index(person)
    rows.give_draft_to(person if person == "contributor" else "somebody")
    otherwise = []
    for kind, action, step, signs in LINES:
        came = taken(client, kind, action, number_of(kind, action, rows), TOLD[action] if step == "told" else {})
        if came != signs[column]:
            otherwise.append(f"{kind} {action} {step}: {came}")
    assert not otherwise, "\n".join(otherwise)
