"""Strings that have broken programs, in every field, every parameter and every address: none breaks this one, what is
taken is kept as it is, and what is not is refused in words.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import escape

from articles import jobs
from articles.models import Article, ImportJob, ImportOutcome, JobState, Result, Tag
from articles.search import FACETS

from ..makers import make_article
from ..search.indexes import bring_up_to_date, use_index_in
from .naughty import OURS, given
from .site import Rows, as_person, routes

pytestmark = pytest.mark.django_db

LINES = ("title", "kicker", "byline", "dateline", "source")
TEXTS = ("standfirst", "correction", "editors_note")
NAMES = ("sections", "tags", "authors")
PARAMETERS = (
    "q", "sort", "page", "from", "to", "stored", "exact", "not_also", "apart", "bars", "rate", "view", "lines", "more",
    *FACETS, "at", "quote", "before", "after", "order", "newest", "name", "format", "layout", "next", "names",
    "target",
    "p", "o", "e", "status__exact", "state", "query", "numbers",
)  # fmt: skip
# Bytes that are no UTF-8, numbers that no database holds, days that no calendar has.
PATHS = (
    "/%ff%fe/", "/tag/%c0%80/", "/tag/%ed%a0%80/", "/article/99999999999999999999/", f"/article/{'9' * 5000}/",
    "/article/-1/", "/article/٣/", "/0000/", "/9999/", "/9999/12/31/", "/2023/02/30/", "/2023/13/", "/2023/00/00/",
    "/on/13-40/", "/on/02-30/", "/sitemap-articles-99999999999999999999.xml", "/sitemap-x-1.xml", "/0000.csv",
    "/article/99999999999999999999/versions/99999999999999999999/", "/search/why/99999999999999999999/",
    "/admin/articles/article/99999999999999999999/preview/", "/admin/articles/article/1e400/change/",
    "/admin/articles/importjob/99999999999999999999/receipt/",
    "/admin/articles/original/99999999999999999999/download/",
)  # fmt: skip
# Where a string can stand in an address.
PLACES = (
    "/{}/", "/{}", "/tag/{}/", "/tag/flood+{}/", "/tag/{}.json", "/author/{}/", "/tags/letter/{}/", "/coverage/{}/",
    "/followed/{}/", "/followed/{}.atom", "/{}/feed.atom", "/article/1/{}/", "/article/1/{}.json", "/article/{}/",
    "/language/{}/", "/1923/{}/", "/sitemap-{}-1.xml", "/static/{}", "/admin/{}/",
    "/admin/articles/article/{}/change/",
    "/admin/articles/tag/{}/delete/", "/admin/articles/draft/{}/history/", "/admin/auth/user/{}/password/",
)  # fmt: skip


@pytest.fixture(params=["ours", "given"])
def strings(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return OURS if request.param == "ours" else given()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Client:
    """Somebody who may do everything, with an index that is up to date; what breaks is an answer with 500."""
    use_index_in(monkeypatch, tmp_path / "index")
    client = as_person("superuser")
    client.raise_request_exception = False
    return client


def shown(text: str) -> str:
    """What has to be kept of a text: all signs that are not spacing, controls or halves of signs."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cs") and not sign.isspace())


def record_with(text: str, number: int) -> dict[str, object]:
    one = {name: text for name in (*LINES, *TEXTS)} | {name: [text] for name in NAMES}
    picture = {"url": text, "caption": text, "credit": text, "alt": text}
    # Records are told apart by their bodies, as some texts come to the same.
    return one | {"body": f"{text}\n\nNumber {number}.", "images": [picture], "status": "published"}


def imported(strings: tuple[str, ...]) -> list[ImportOutcome]:
    """What becomes of a file with a record for each of these, in all of its fields."""
    lines = "\n".join(json.dumps(record_with(text, number)) for number, text in enumerate(strings))
    job = jobs.enqueue([jobs.Incoming("strings.jsonl", [lines.encode()])], label="strings")
    assert jobs.claim(job, jobs.worker_name())
    jobs.run(job)
    return list(ImportOutcome.objects.filter(job=job).select_related("article__source").order_by("pk"))


def test_what_is_imported_with_them_is_kept_as_it_is_or_refused_in_words(strings: tuple[str, ...]):
    outcomes = imported(strings)
    assert len(outcomes) == len(strings)
    for text, outcome in zip(strings, outcomes, strict=True):
        if outcome.result != Result.CREATED:
            assert outcome.result == Result.FAILED, outcome.reason
            assert "at most" in outcome.reason or "name" in outcome.reason, (text, outcome.reason)
            continue
        article = outcome.article
        held = [getattr(article, name) for name in (*LINES[1:-1], *TEXTS)]
        held += [article.source.name if article.source else "", article.body.rpartition("\n\n")[0]]
        assert {shown(value) for value in held} == {shown(text)}, text


def test_what_was_imported_with_them_is_shown_cited_and_exported(strings: tuple[str, ...], desk: Client):
    created = [outcome.article for outcome in imported(strings) if outcome.result == Result.CREATED]
    bring_up_to_date()
    for article in created:
        for of in ("cite/", "cite.bib", "cite.ris", "cite.csl.json"):
            assert desk.get(f"/article/{article.pk}/{of}").status_code == 200, (of, article.title)
        page = desk.get(article.get_absolute_url())
        assert page.status_code == 200, article.title
        assert escape(article.title) in page.content.decode(), article.title
        assert desk.get(f"/admin/articles/article/{article.pk}/change/").status_code == 200, article.title
    titles = sorted(article.title for article in created)
    assert sorted(row["title"] for row in as_lines(desk, "/articles.jsonl") if "title" in row) == titles
    assert len(list(csv.reader(io.StringIO(text_at(desk, "/articles.csv"), newline="")))) >= len(titles) + 1
    assert json.loads(text_at(desk, "/articles.json"))
    for feed in ("/articles.atom", "/sitemap.xml", "/sitemap-articles-1.xml", "/opensearch.xml"):
        ElementTree.fromstring(text_at(desk, feed))


def as_lines(client: Client, address: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text_at(client, address).split("\n") if line]


def text_at(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer).decode()


def test_a_preview_of_them_is_shown_and_so_is_the_receipt(strings: tuple[str, ...], desk: Client):
    lines = "\n".join(json.dumps(record_with(text, number)) for number, text in enumerate(strings))
    kinds = {
        "strings.jsonl": lines,
        "strings.json": f"[{lines.replace(chr(10), ',')}]",
        "strings.csv": as_table(strings),
    }
    for name, content in kinds.items():
        file = io.BytesIO(content.encode("utf-8", "replace"))
        file.name = name
        answer = desk.post("/admin/articles/importjob/upload/", {"uploaded": file, "preview": "1"})
        job = ImportJob.objects.latest("pk")
        assert (answer.status_code, desk.get(f"/admin/articles/importjob/{job.pk}/preview/").status_code) == (302, 200)
        ImportJob.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
        assert jobs.claim(job, jobs.worker_name())
        jobs.run(job)
        receipt = f"/admin/articles/importjob/{job.pk}/receipt"
        for place in ("/", *(f"/?page={number}" for number in range(1, 4)), ".csv", "/progress/"):
            assert not is_broken(desk, f"{receipt}{place}"), name
        assert job.outcomes.count() >= 1


def as_table(strings: tuple[str, ...]) -> str:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["title", "body", "author", "tags", "date", "url", "source"])
    writer.writerows([text, f"{text} {number}", *[text] * 5] for number, text in enumerate(strings))
    return table.getvalue()


def test_what_is_exported_with_them_is_imported_as_the_same(strings: tuple[str, ...], desk: Client):
    imported(strings)
    held = text_at(desk, "/articles.jsonl")
    job = jobs.enqueue([jobs.Incoming("again.jsonl", [held.encode()])], label="again")
    assert jobs.claim(job, jobs.worker_name())
    jobs.run(job)
    assert set(job.outcomes.values_list("result", flat=True)) <= {Result.DUPLICATE}
    assert text_at(desk, "/articles.jsonl") == held


# The forms of the desk: where each is, and what it is sent for a string.
def article_form(text: str) -> dict[str, object]:
    names = (*LINES[:-1], *TEXTS, "body", "language", "address", "source_name", "section_names", "tag_names", "date")
    fixed = {"body_type": "text/html", "status": "draft", "known": "unknown", "seen": "", "author_names": text}
    images = {"images-TOTAL_FORMS": "1", "images-INITIAL_FORMS": "0", "images-0-url": text, "images-0-caption": text}
    return {name: text for name in names} | {"evidence_lines": text} | fixed | images


def of_name(text: str) -> dict[str, object]:
    return {"name": text, "other_names": f"other {text}", "description": text, "homepage": text}


FORMS = {
    "article/add/": article_form,
    "tag/add/": of_name,
    "source/add/": of_name,
    "author/add/": of_name,
    "section/add/": of_name,
    "namering/add/": lambda text: {"names": f"{text}\nBoat"},
    "followedsearch/add/": lambda text: {"name": text, "query": text, "description": text},
    "importjob/upload/": lambda text: {"text": f"{text}\n\nSome words.", "source": text, "tags": text},
    "article/{article}/takedown/": lambda text: {
        "access": "tombstone", "reason": "other", "words": text, "headline": text, "note": text,
    },
    "article/": lambda text: {"action": "add_tags", "apply": "1", "names": text, "_selected_action": ["{article}"]},
    "article/found/": lambda text: {"q": text, "numbers": text, "names": text, "action": text, "apply": text},
    "tag/merge/?names={tag}": lambda text: {"names": text, "into": text, "target": text, "described": text},
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_the_desk_takes_them_or_says_what_is_wrong(form: str, strings: tuple[str, ...], desk: Client):
    numbers = {"article": make_article("The river rose").pk, "tag": Tag.objects.create(name="flood").pk}
    for text in strings:
        before = transaction.savepoint()
        sent = {
            name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else numbers["article"]
            for name, value in FORMS[form](text).items()
        }
        answer = desk.post(f"/admin/articles/{form.format(**numbers)}", sent)
        assert answer.status_code in (200, 302), (form, text)
        if answer.status_code == 302 and form == "article/add/":
            assert_kept(Article.objects.latest("pk"), sent)
        transaction.savepoint_rollback(before)


def assert_kept(article: Article, sent: dict[str, object]) -> None:
    for name in ("title", *TEXTS):
        assert shown(getattr(article, name)) == shown(str(sent[name])), name


def test_files_are_taken_under_any_name(strings: tuple[str, ...], desk: Client):
    for text in strings:
        before = transaction.savepoint()
        file = io.BytesIO(b"A headline\n\nSome words of a text that is long enough to be an article.")
        file.name = text.encode("utf-8", "replace").decode().replace("\x00", "")[:200] or "empty"
        answer = desk.post("/admin/articles/importjob/upload/", {"uploaded": file})
        assert answer.status_code in (200, 302), text
        for job in ImportJob.objects.all():
            assert desk.get(job.get_absolute_url()).status_code == 200, text
            assert desk.get(f"{job.get_absolute_url()}progress/").status_code == 200, text
        transaction.savepoint_rollback(before)


# These read most of what is asked: each of their parameters has each string once.
ASKED_MOST = ("/search/", "/search.<form:form>", "/search/complete.json", "/search/why/<int:pk>/", "/articles/")
ELSEWHERE = 17


def pages() -> list[str]:
    """Every address that can be asked with parameters, but those that lead elsewhere or take none."""
    left_out = ("random", ".bib", "/manifest", "/robots", "/sitemap", "healthz", "/logout", "/r/")
    return [route for route in routes() if not any(word in route for word in left_out)]


@pytest.mark.parametrize("part", range(4))
def test_no_parameter_of_any_address_breaks_it(part: int, strings: tuple[str, ...], desk: Client):
    """Parameters are asked together, each with another string; from turn to turn the strings move on."""
    rows = Rows()
    rows.give_draft_to("superuser")
    bring_up_to_date()
    broken = []
    for number, route in list(enumerate(pages()))[part::4]:
        for turn in range(number % ELSEWHERE, len(strings), 1 if route in ASKED_MOST else ELSEWHERE):
            asked = {name: strings[(turn + 7 * place) % len(strings)] for place, name in enumerate(PARAMETERS)}
            address = f"{rows.address(route)}?{urlencode(asked, errors='replace')}"
            if is_broken(desk, address):
                broken.append(address)
    assert broken == []


def test_no_string_in_an_address_breaks_it(strings: tuple[str, ...], desk: Client):
    Rows()
    bring_up_to_date()
    broken = [address for address in PATHS if is_broken(desk, address)]
    for text in strings:
        part = quote(text, safe="", errors="replace")
        broken += [address for place in PLACES if is_broken(desk, address := place.format(part))]
    assert broken == []


@pytest.mark.parametrize(
    "header", ["Accept", "Accept-Language", "Cookie", "If-None-Match", "If-Modified-Since", "Range"]
)
def test_no_string_in_what_a_browser_says_of_itself_breaks_a_page(header: str, strings: tuple[str, ...], desk: Client):
    address = make_article("The river rose").get_absolute_url()
    for text in strings:
        line = "".join(sign for sign in text if sign.isprintable()).encode("utf-8", "replace").decode("latin-1")
        if header == "Cookie":
            line = f"language={line}; sessionid={line}; messages={line}; csrftoken={line}"
        for asked in (address, "/articles.csv", "/search/complete.json?q=r"):
            assert Client(raise_request_exception=False).get(asked, headers={header: line}).status_code < 500, text


def is_broken(client: Client, address: str) -> bool:
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer)
    return answer.status_code >= 500
