"""The OpenAPI document is true: whatever it allows to be asked is answered as it says."""

from __future__ import annotations

import copy
import dataclasses
import json
import threading
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import negative_data_rejection

from articles import api, citing
from articles.api import FORMS
from articles.importers import jsonl
from articles.openapi import LIST, RECORD, SCHEMAS, SEARCHED, described
from articles.records import HTML, ArticleRecord, Status
from articles.search import Question
from newsarchive.wsgi import application

from .makers import make_article
from .search.conftest import index_path  # noqa: F401
from .search.indexes import bring_up_to_date

pytestmark = pytest.mark.django_db

# A reader's mistake in an address is no error: what cannot be read is left out, and a note says so.
NOT_HELD_TO = [negative_data_rejection]
# Names, numbers and days of which something is held, and others.
PLACES: dict[str, list[Any]] = {
    "slug": ["ice", "gone", "none"],
    "slugs": ["gone+ice", "ice+gone", "ice+none"],
    "month_day": ["05-30", "02-29", "13-01"],
    "in_year": ["1923", "1801", "0000"],
    "in_month": ["05", "13"],
    "in_day": ["30", "31"],
    "id": [1, 9, 10**30],
    "title": ["the-ferry", "the-bridge"],
}
FEW = settings(max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def loaded(**config: Any) -> Any:
    """The document with the archive behind it. Of what stands in a path, only `PLACES` are asked for."""
    document = copy.deepcopy(described("http://testserver"))
    for name, values in PLACES.items():
        document["components"]["parameters"][name]["schema"] = {"enum": values}
    found = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(config))
    found.app = application
    return found


def asked_and_held_to(case: schemathesis.Case) -> None:
    case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=NOT_HELD_TO)


load_all_checks()
# What JSON is asked for goes through every value at the edge of what is allowed, and through other methods.
as_json = loaded().include(path_regex=r"\.json$")
as_others = loaded(phases={"coverage": {"enabled": False}}).exclude(path_regex=r"\.json$")


@pytest.fixture
def archive(index_path: Path) -> None:  # noqa: F811
    """A handful of articles, every list of one with something in it."""
    filed = {"sections": ("ice",), "tags": ("ice", "sea"), "authors": ("ice",)}
    for number, date in enumerate(["1923-05-30", "1923-05-30T18:45", "1923", ""]):
        make_article("The ferry", pk=number + 1, date=date, source="ice", text="Ice on the river.", **filed)
    make_article("Hidden", pk=9, status=Status.WITHHELD, tags=("gone",), sections=("gone",), date="1801")
    bring_up_to_date()


@pytest.mark.usefixtures("archive")
@as_json.parametrize()
@FEW
def test_every_answer_in_json_is_as_the_document_says(case: schemathesis.Case):
    asked_and_held_to(case)


@pytest.mark.usefixtures("archive")
@as_others.parametrize()
@FEW
def test_every_answer_in_another_form_is_as_the_document_says(case: schemathesis.Case):
    asked_and_held_to(case)


# -- the document itself


def test_the_document_is_served_and_names_where_it_is(client: Client):
    response = client.get("/openapi.json")
    assert response["Content-Type"] == "application/json"
    found = response.json()
    assert found == json.loads(json.dumps(described("http://testserver")))
    assert found["servers"] == [{"url": "http://testserver"}]


def test_every_address_in_it_is_one_of_the_archive_and_none_is_missing():
    paths = described("")["paths"]
    assert resolve("/search/complete.json").url_name == "complete"
    paths.pop("/search/complete.json")
    for form in citing.FILES:
        paths.pop(f"/article/{{id}}/cite.{form}")
        assert resolve(f"/article/1/cite.{form}").url_name == "cite_file"
    assert len(paths) == 14 * len(FORMS) + 4
    for path in paths:
        for name, values in PLACES.items():
            path = path.replace(f"{{{name}}}", str(values[0]))
        assert resolve(path).url_name.endswith("_export"), path


def test_every_reference_in_it_leads_somewhere():
    document = described("")
    references = set(find_references(document))
    assert len(references) > 20
    for reference in references:
        _, components, kind, name = reference.split("/")
        assert name in document[components][kind], reference


def find_references(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [value["$ref"]] if "$ref" in value else find_references(list(value.values()))
    return [found for item in value for found in find_references(item)] if isinstance(value, list) else []


def test_it_knows_all_that_a_question_asks_and_nothing_else():
    everything = Question(
        text="a", filters=(("source", "a"), ("section", "a"), ("tag", "a"), ("author", "a"), ("language", "a"),
        ("year", "1923"), ("known", "printed")), since="1911", until="1912", stored="2020-01-01T00:00", exact=True,
        not_also=("b",), sort="oldest",
    )  # fmt: skip
    assert {name for name, value in everything.plain.parameters() if value} == {*SEARCHED} - {"newest"}


def test_whatever_can_be_long_can_be_put_off(client: Client, monkeypatch: pytest.MonkeyPatch):
    article = make_article()
    monkeypatch.setattr(api, "AT_ONCE", 1)
    monkeypatch.setattr(api, "ROOM", threading.Semaphore(0))
    for form in FORMS:
        pages = {"/articles": "/articles", article.get_absolute_url().rstrip("/"): "/article/{id}/{title}"}
        for address, documented in pages.items():
            status = client.get(f"{address}.{form}").status_code
            assert ("503" in described("")["paths"][f"{documented}.{form}"]["get"]["responses"]) == (status == 503)


def test_lines_are_records_as_the_document_says_and_records_are_lines(client: Client):
    make_article(
        "Ferry", text="Ice.", date="1923-05", source="The Gazette", tags=("ice",), authors=("Bo",), sections=("World",)
    )
    make_article("Bridge", body_type=HTML, language="en", correction="Snow.")
    *lines, last = [json.loads(line) for line in b"".join(client.get("/articles.jsonl")).splitlines()]
    record, ending = (jsonschema_rs.validator_for(of_schema(name)) for name in ("Record", "Ending"))
    for line in lines:
        record.validate(line)
    ending.validate(last)
    assert not record.is_valid({"title": "A", "headline": "B"})
    assert not ending.is_valid(lines[0])
    assert {*RECORD} == {field.name for field in dataclasses.fields(ArticleRecord)} - {"place"}
    assert jsonl.looks_like("a", json.dumps(lines[0]).encode())


DRAFT = "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.usefixtures("archive")
def test_completions_have_the_shapes_of_the_document_whether_there_are_any_or_none(client: Client):
    many, few = (jsonschema_rs.validator_for(of_schema(name)) for name in ("Completions", "Suggestions"))
    for typed, count in (("i", 4), ("ri", 1), ("zzz", 0)):
        found = client.get("/search/complete.json", {"q": typed}).json()
        assert len(found) == count
        many.validate(found)
        few.validate(client.get("/search/complete.json", {"q": typed, "format": "opensearch"}).json())
    assert not many.is_valid([{"kind": "word"}])
    assert not few.is_valid(["i", [], []])
    assert not few.is_valid(["i", [], [], [7]])


def of_schema(name: str) -> dict[str, Any]:
    return {**SCHEMAS[name], "$schema": DRAFT}


def test_what_json_says_of_a_list_stands_in_the_order_of_the_document(client: Client):
    assert list(json.loads(b"".join(client.get("/search.json")))) == list(LIST)


def test_browsers_can_add_the_archive(client: Client, settings):
    settings.ARCHIVE_NAME = "The Valley & River Papers"
    page = client.get("/").content.decode()
    link = '<link rel="search" type="application/opensearchdescription+xml" title="The Valley &amp; River Papers"'
    assert f'{link} href="/opensearch.xml">' in page
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    found = ElementTree.fromstring(response.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert found.findtext(f"{space}ShortName") == "The Valley & Riv"
    assert {url.get("type"): url.get("template") for url in found.findall(f"{space}Url")} == {
        "text/html": "http://testserver/search/?q={searchTerms}",
        "application/x-suggestions+json": "http://testserver/search/complete.json?q={searchTerms}&format=opensearch",
        "application/atom+xml": "http://testserver/search.atom?q={searchTerms}&newest=50",
        "application/opensearchdescription+xml": "http://testserver/opensearch.xml",
    }
