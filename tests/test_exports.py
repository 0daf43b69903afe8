"""Lists taken home whole: as many rows as the page says, in its order, in bounded memory, and able to come back."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import threading
from itertools import islice, product
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import api, exports, shelves
from articles.importers import jsonl as importer
from articles.models import Article, Original
from articles.paging import PAGE_SIZE
from articles.preparing import content_digest
from articles.records import HTML, ArticleRecord, Dating, Guidance, Known, LineKind, Precision, Status, Unreadable
from articles.search.engine.errors import QueryRefused

from .makers import make_article
from .reading import link_on, page_at, titles_on, total_on
from .search.conftest import index_path  # noqa: F401
from .search.indexes import bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]

ATOM = "{http://www.w3.org/2005/Atom}"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
FORMS = ["json", "csv", "jsonl", "atom"]
LISTS = [
    "/articles/",
    "/undated/",
    "/source/the-gazette/",
    "/section/world/",
    "/tag/ice/",
    "/author/ann-day/",
    "/1923/",
    "/1923/05/",
    "/1923/05/30/",
]
SEARCHES = ["/search/", "/search/?q=river", "/search/?q=river+-bridge&sort=oldest", "/search/?tag=ice&known=printed"]
DATES = ["1923-05-30", "1923-05-30T18:45", "1923-05", "1923", "", "1924"]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, index_path: Path) -> None:  # noqa: F811
    """More articles than a page or a chunk holds, on every list, and one that is on none."""
    monkeypatch.setattr(exports, "CHUNK", 20)
    filed: dict[str, Any] = {
        "source": "The Gazette", "sections": ("World",), "tags": ("ice",), "authors": ("Ann Day",), "text": "The river."
    }  # fmt: skip
    for number in range(5):
        for date in DATES:
            make_article(f"{'Bridge' if number == 2 else 'Ferry'} {number} of {date}", date=date, **filed)
    make_article("Of another list", text="The river.")
    make_article("Hidden", date="1923-05-30", status=Status.WITHHELD, **filed)
    bring_up_to_date()


def exported(page: str, form: str) -> str:
    path, mark, query = page.partition("?")
    return f"{path.removesuffix('/')}.{form}{mark}{query}"


def text_of(response: HttpResponseBase) -> str:
    assert response.status_code == 200
    return b"".join(response).decode()


def titles(form: str, text: str) -> list[str]:
    if form == "json":
        return [row["title"] for row in json.loads(text)["results"]]
    if form == "csv":
        return [row["title"] for row in csv.DictReader(io.StringIO(text.removeprefix(exports.BOM), newline=""))]
    if form == "jsonl":
        return [json.loads(line)["title"] for line in text.splitlines()[:-1]]
    return [entry.findtext(f"{ATOM}title") or "" for entry in ElementTree.fromstring(text).findall(f"{ATOM}entry")]


def told(form: str, text: str, response: HttpResponseBase) -> int:
    """How many articles the export itself says that there are."""
    if form == "json":
        whole = json.loads(text)
        assert whole["total"] == whole["count"]
        return whole["count"]
    if form == "csv":
        return int(response["X-Archive-Count"])
    if form == "jsonl":
        return json.loads(text.splitlines()[-1])["export"]["count"]
    return int(ElementTree.fromstring(text).findtext(TOTAL) or 0)


def shown(client: Client, page: str) -> tuple[int, list[str]]:
    """What the pages say how many there are, and the titles on all of them in their order."""
    found: list[str] = []
    total, address = 0, page
    while address:
        listed = page_at(address, client)
        total = total_on(listed)
        found += titles_on(listed)
        address = link_on(listed, 'rel="next">')
    return total, found


@pytest.mark.usefixtures("shelf")
def test_rows_count_and_order_are_those_of_the_pages_in_every_form(client: Client):
    for page in [*LISTS, *(f"{page}?order=oldest" for page in LISTS), *SEARCHES]:
        total, on_pages = shown(client, page)
        assert total == len(on_pages) > 0, page
        for form in FORMS:
            response = client.get(exported(page, form))
            text = text_of(response)
            assert titles(form, text) == on_pages, (page, form)
            assert told(form, text, response) == int(response["X-Archive-Count"]) == total, (page, form)
            assert "Hidden" not in text


@pytest.mark.usefixtures("shelf")
def test_the_newest_are_as_many_as_asked_for_whatever_the_order(client: Client):
    pages = ("/tag/ice/?order=oldest&newest=3", "/search/?q=ferry&sort=oldest&newest=3")
    for page, form in product(pages, FORMS):
        response = client.get(exported(page, form))
        newest = titles(form, text_of(response))
        assert len(newest) == 3
        assert all(title.endswith("of 1924") for title in newest)
        assert int(response["X-Archive-Count"]) > 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("newest", ["0", "-1", "501", "many", "9" * 99, "٣"])
def test_a_number_of_newest_that_cannot_be_is_refused_in_a_sentence(client: Client, form: str, newest: str):
    for page in ("/articles", "/search"):
        response = client.get(f"{page}.{form}", {"newest": newest})
        assert response.status_code == 400
        assert "newest: write a number from 1 to 500" in response.content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_archive_exports_nothing_and_says_so(client: Client, form: str):
    for page in ("/articles/", "/undated/", "/search/?q=river"):
        response = client.get(exported(page, form))
        text = text_of(response)
        assert titles(form, text) == []
        assert told(form, text, response) == 0


# -- in bounded memory


def make_many(number: int) -> None:
    Article.objects.bulk_create(
        Article(title=f"Article {count}", body="Text.", body_text="Text.", content_digest=f"{count}")
        for count in range(number)
    )


def test_a_list_is_read_as_it_is_sent(client: Client):
    make_many(3 * exports.CHUNK)
    with CaptureQueriesContext(
        connection,
    ) as first:
        rows = iter(exports.loaded(shelves.everything().keys(oldest=False, size=exports.CHUNK), "json"))
        assert len(list(islice(rows, 5))) == 5
    with CaptureQueriesContext(connection) as others:
        assert len(list(rows)) == 3 * exports.CHUNK - 5
    assert 0 < len(first) <= 8
    assert len(first) < len(others) <= 2 * len(first) + 4


def test_queries_grow_with_chunks_and_not_with_rows(client: Client):
    make_many(exports.CHUNK)
    with CaptureQueriesContext(connection) as some:
        text_of(client.get("/articles.csv"))
    Article.objects.update(body_text="Longer.")
    with CaptureQueriesContext(connection) as same:
        text_of(client.get("/articles.json"))
    assert len(same) == len(some) <= 12


@pytest.mark.parametrize("page", ["/articles", "/search"])
def test_pieces_leave_before_the_last_row_is_read_also_compressed(client: Client, page: str):
    make_many(2 * exports.CHUNK)
    # What does not compress well, so that the packer has something to send.
    for article in Article.objects.all():
        Article.objects.filter(pk=article.pk).update(
            body="".join(hashlib.sha256(f"{article.pk} {count}".encode()).hexdigest() for count in range(10))
        )
    response = client.get(f"{page}.jsonl", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    pieces = iter(response)
    with CaptureQueriesContext(connection) as before:
        begun = b"".join(islice(pieces, 2))
    with CaptureQueriesContext(connection) as after:
        rest = b"".join(pieces)
    assert begun
    assert len(after) > 0 < len(before)
    assert len(gzip.decompress(begun + rest).splitlines()) == 2 * exports.CHUNK + 1


def test_what_is_withdrawn_while_a_list_is_sent_is_left_out_and_counted_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    make_many(2 * exports.CHUNK)
    monkeypatch.setattr(exports, "PACKET", 1000)
    pieces = iter(client.get("/articles.jsonl?order=oldest"))
    begun = next(pieces)
    withheld = Article.objects.order_by("-pk").first()
    Article.objects.filter(pk=withheld.pk).update(status=Status.WITHHELD)
    *lines, last = (begun + b"".join(pieces)).splitlines()
    assert len(lines) == json.loads(last)["export"]["count"] == 2 * exports.CHUNK - 1
    assert withheld.title not in [json.loads(line)["title"] for line in lines]


@pytest.mark.parametrize(
    ("form", "unread"),
    [("json", {"body", "body_html"}), ("csv", {"body", "body_html"}), ("atom", {"body", "body_html"}),
     ("jsonl", {"body_text"})],
)  # fmt: skip
def test_no_form_reads_more_of_a_text_than_it_writes(client: Client, form: str, unread: set[str]):
    article = make_article("Ferry", text="The ferry sank.", body_type=HTML)
    alone = exported(article.get_absolute_url(), form)
    for address in (f"/articles.{form}", alone):
        with CaptureQueriesContext(connection) as asked:
            assert "The ferry sank." in text_of(client.get(address))
        for column in unread:
            assert not [query for query in asked if f'"articles_article"."{column}"' in query["sql"]], column


def test_long_texts_are_read_some_at_a_time_in_their_order(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "TEXT", 100)
    lengths = [40, 40, 40, 300, 5, 5, 90]
    for length in lengths:
        make_article(text="x" * length)
    with CaptureQueriesContext(connection) as asked:
        rows = json.loads(text_of(client.get("/articles.json?order=oldest")))["results"]
    assert [len(row["text"]) for row in rows] == lengths
    # 40 and 40; 40; 300; the rest.
    assert len([query for query in asked if 'AS "written"' in query["sql"]]) == 4


def test_what_is_few_but_long_is_sent_while_it_is_read(client: Client, monkeypatch: pytest.MonkeyPatch):
    for _ in range(3):
        make_article(text="The ferry. " * 50)
    whole = b"".join(client.get("/articles.jsonl"))
    monkeypatch.setattr(api, "ROOM", threading.BoundedSemaphore(1))
    monkeypatch.setattr(api, "AT_ONCE", 1000)
    monkeypatch.setattr(exports, "PACKET", 100)
    response = client.get("/articles.jsonl")
    assert response.streaming
    assert client.get("/articles.jsonl?newest=2").status_code == 503
    assert b"".join(response) == whole
    response.close()
    assert client.get("/articles.jsonl?newest=2").streaming
    assert not client.get("/articles.jsonl?newest=1").streaming


def test_a_head_request_reads_no_articles(client: Client):
    make_many(3)
    for form in FORMS:
        with CaptureQueriesContext(connection) as asked:
            response = client.head(f"/articles.{form}")
        assert (response["X-Archive-Count"], b"".join(response)) == ("3", b"")
        assert not [query for query in asked if "body_text" in query["sql"]]


@pytest.mark.parametrize("is_away", [True, False])
def test_a_head_request_counts_a_search_and_does_nothing_else(
    client: Client, is_away: bool, monkeypatch: pytest.MonkeyPatch
):
    for _ in range(3):
        make_article("Ferry")
    if not is_away:
        bring_up_to_date()
    told = {
        address: {name: value for name, value in client.get(address).items() if name.startswith("X-Archive")}
        for address in ("/search.json?q=ferry&from=soon", "/search.csv?q=ferry&sort=oldest", "/search.atom")
    }
    monkeypatch.delattr("articles.search.asking.Indexed.keys")
    monkeypatch.delattr("articles.search.answers.database.Rows.keys")
    monkeypatch.delattr("articles.search.answers.cards.Cards.keys")
    monkeypatch.delattr("articles.search.answers.walking.facets_of")
    for address, headers in told.items():
        response = client.head(address)
        assert response.status_code == 200
        assert "Content-Length" not in response
        assert headers["X-Archive-Count"] == "3"
        assert {name: value for name, value in response.items() if name.startswith("X-Archive")} == headers


@pytest.mark.parametrize("form", FORMS)
def test_a_head_request_for_too_much_is_refused(client: Client, form: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("articles.search.asking.Asker.find", refuse)
    assert client.head(f"/search.{form}?q=ferry").status_code == 400


def refuse(*_asked: Any, **_how: Any) -> None:
    raise QueryRefused("Leave out a word.")


@pytest.mark.parametrize("form", FORMS)
def test_readers_of_long_lists_leave_room_for_others(client: Client, monkeypatch: pytest.MonkeyPatch, form: str):
    monkeypatch.setattr(api, "ROOM", threading.BoundedSemaphore(1))
    monkeypatch.setattr(exports, "CHUNK", 2)
    for _ in range(3):
        make_article(tags=("ice",))
    make_article(date="1923")
    slow = client.get(f"/tag/ice.{form}?newest=")
    assert slow.streaming
    refused = client.get(f"/articles.{form}")
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert "ask again in a minute" in refused.content.decode()
    for short in ("1923", "articles"):
        assert client.get(f"/{short}.{form}?newest=1").status_code == 200
    assert client.get("/tag/ice/").status_code == 200
    slow.close()
    slow.close()
    assert titles(form, text_of(client.get(f"/articles.{form}")))


def test_a_short_list_tells_that_nothing_changed(client: Client):
    article = make_article("Before")
    first = client.get("/articles.json")
    assert client.get("/articles.json", headers={"if-none-match": first["ETag"]}).status_code == 304
    Article.objects.filter(pk=article.pk).update(title="After")
    assert client.get("/articles.json", headers={"if-none-match": first["ETag"]}).status_code == 200


# -- one article


def test_one_article_can_be_had_in_every_form(client: Client):
    article = make_article("The river rose", date="1923-05-30")
    page = article.get_absolute_url()
    assert json.loads(text_of(client.get(exported(page, "json"))))["title"] == "The river rose"
    for form in ("csv", "jsonl", "atom"):
        response = client.get(exported(page, form))
        text = text_of(response)
        assert titles(form, text) == ["The river rose"]
        assert told(form, text, response) == 1


@pytest.mark.parametrize("form", FORMS)
def test_an_article_is_found_by_its_number_and_at_its_old_title(client: Client, form: str):
    article = make_article("The river rose")
    for old in (f"/article/{article.pk}.{form}", f"/article/{article.pk}/the-river.{form}"):
        response = client.get(old)
        assert response.status_code == 301
        assert response["Location"] == f"/article/{article.pk}/the-river-rose.{form}"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [Status.WITHHELD, Status.DRAFT])
def test_what_is_not_published_is_not_found(client: Client, form: str, status: Status):
    filed = {"source": "Post", "sections": ("Desk",), "tags": ("gone",), "authors": ("Bo",), "date": "1801-01-01"}
    article = make_article("Hidden", status=status, **filed)
    pages = ["/source/post", "/section/desk", "/tag/gone", "/author/bo", "/1801", "/1801/01", "/1801/01/01"]
    for page in (article.get_absolute_url(), f"/article/{article.pk}", *pages, "/tag/none", "/1801/13", "/0000"):
        assert client.get(exported(page, form)).status_code == 404, page


@pytest.mark.parametrize("form", ["xml", "html", "JSON", "jsonx"])
def test_there_are_no_other_forms(client: Client, form: str):
    make_article("A", tags=("ice",))
    assert client.get(f"/tag/ice.{form}").status_code == 404


# -- as lines that can be imported


def read(text: str) -> list[ArticleRecord | Unreadable]:
    return list(importer.read(io.BytesIO(text.encode()), Guidance()))


def test_lines_come_back_as_the_same_articles(client: Client):
    article = make_article(
        "Ferry – فيري",
        text="The ferry.\n\nAnd the bridge.",
        date=Dating(
            earliest=Dating.parse("2017-05-30").earliest, precision=Precision.DAY, known=Known.INFERRED, evidence=("x",)
        ),
        source="The Gazette",
        tags=("sea", "ice"),
        authors=("Ann Day",),
        correction="It was a boat.",
    )
    [record] = read(text_of(client.get("/articles.jsonl")))
    assert isinstance(record, ArticleRecord)
    assert record == article.as_record()


def test_no_line_has_what_the_page_does_not_show(client: Client):
    make_article(
        "Redacted",
        text="The name was taken out.",
        body_type=HTML,
        received="John Doe did it.",
        page=[[LineKind.FURNITURE, "John Doe, subscribe now"]],
    )
    Article.objects.update(body="<!-- John Doe --><p>The name was taken out.</p>")
    with CaptureQueriesContext(connection) as asked:
        for form in FORMS:
            assert "John Doe" not in text_of(client.get(f"/articles.{form}"))
    assert not [query for query in asked if '"received"' in query["sql"]]
    [record] = read(text_of(client.get("/articles.jsonl")))
    assert (record.body, record.body_type) == ("<p>The name was taken out.</p>", HTML)
    assert content_digest(record, "The name was taken out.")


def test_the_last_line_says_how_many_and_what_was_asked(client: Client):
    make_article("Ferry", tags=("ice",))
    last = json.loads(text_of(client.get("/tag/ice.jsonl")).splitlines()[-1])
    question = "filed under tag “ice”"
    assert last == {"export": {"count": 1, "question": question, "url": "http://testserver/tag/ice/"}}


ASKED = {
    "/articles": "all articles",
    "/articles.{}?order=oldest": "all articles, oldest first",
    "/articles.{}?newest=7": "all articles, the newest 7 only",
    "/undated": "without a date",
    "/1923": "in 1923",
    "/1923/05": "in May 1923",
    "/1923/05/30.{}?order=oldest": "on 30 May 1923, oldest first",
    "/source/post": "in source Post",
    "/section/world": "in section “World”",
    "/tag/ice": "filed under tag “ice”",
    "/author/ann-day.{}?newest=1": "by Ann Day, the newest 1 only",
    "/search.{}?q=ferry&tag=ice": "ferry, filed under tag “ice”",
    "/search.{}?q=ferry&newest=2": "ferry, newest first, the newest 2 only",
}


@pytest.mark.parametrize(("address", "words"), ASKED.items())
def test_every_form_of_every_list_says_in_full_what_was_asked(client: Client, address: str, words: str):
    make_article("Ferry", date="1923-05-30", source="Post", sections=("World",), tags=("ice",), authors=("Ann Day",))
    make_article("Ferry")
    bring_up_to_date()
    asked = {form: client.get((address if "{}" in address else f"{address}.{{}}").format(form)) for form in FORMS}
    assert {unquote(response["X-Archive-Question"]) for response in asked.values()} == {words}
    assert json.loads(text_of(asked["json"]))["question"] == words
    assert json.loads(text_of(asked["jsonl"]).splitlines()[-1])["export"]["question"] == words
    feed = ElementTree.fromstring(text_of(asked["atom"]))
    assert words in (feed.findtext(f"{ATOM}subtitle") or feed.findtext(f"{ATOM}title"))


def test_a_file_that_lost_lines_is_told_on_import(client: Client):
    for number in range(3):
        make_article(f"Article {number}")
    whole = text_of(client.get("/articles.jsonl"))
    assert all(isinstance(item, ArticleRecord) for item in read(whole))
    assert len(read(whole)) == 3
    short = whole.split("\n", 1)[1]
    *articles, told = read(short)
    assert len(articles) == 2
    assert told.place == "line 3"
    assert "cut short: here it says that it has 3 articles, and there are 2" in told.reason
    assert len(read(whole + whole)) == 6


# -- as a table


def table(client: Client, page: str = "/articles.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client.get(page)).removeprefix(exports.BOM), newline="")))


def test_a_table_says_what_the_article_says(client: Client):
    original = Original.objects.create(sha256="ab" * 32, size=3)
    article = make_article(
        'A "quoted", title',
        text="One.\n\nTwo.",
        date="1923-05",
        source="The Gazette",
        sections=("World", "Sport"),
        tags=("ice",),
        authors=("Ann Day", "Bo"),
        language="en",
        original=original,
        canonical_url="https://example.org/a",
    )
    [row] = table(client)
    assert tuple(row) == exports.COLUMNS
    assert {name: value for name, value in row.items() if value} == {
        "id": str(article.pk),
        "url": f"http://testserver{article.get_absolute_url()}",
        "title": 'A "quoted", title',
        "date": "1923-05",
        "date_known": "printed",
        "source": "The Gazette",
        "sections": "World; Sport",
        "tags": "ice",
        "authors": "Ann Day; Bo",
        "language": "en",
        "published_at": "https://example.org/a",
        "sha256": "ab" * 32,
        "text": "One.\n\nTwo.",
    }


def test_a_table_is_as_rfc_4180_and_spreadsheets_want_it(client: Client):
    make_article("Ça")
    response = client.get("/articles.csv")
    content = b"".join(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert content.startswith(b"\xef\xbb\xbfid,url,title,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\xef\xbb\xbf") == 1


@pytest.mark.parametrize("beginning", ["=1+1", "+1", "-1", "@sum", "＝1", "\t=1", " =1", "\u3000＋1", "\xa0 @sum"])
def test_no_cell_is_taken_for_a_formula(client: Client, beginning: str):
    make_article(f"{beginning} title", standfirst=beginning, text=beginning, tags=(f"{beginning} tag",))
    [row] = table(client)
    for column in ("title", "standfirst", "text", "tags"):
        assert row[column].startswith(f"'{beginning}")
    assert text_of(client.get("/articles.json")).count(f'"{beginning}'.replace("\t", "\\t")) == 4


def test_headers_say_what_was_asked_and_hold_any_script(client: Client):
    bring_up_to_date()
    asked = "ферри " * 100
    response = client.get("/search.csv", {"q": asked, "from": "soon"})
    question = response["X-Archive-Question"]
    assert question.isascii()
    assert len(question) < 4000
    assert unquote(question).startswith("ферри")
    assert unquote(question).endswith("…")
    assert "no date" in unquote(response["X-Archive-Notes"])


# -- links


@pytest.mark.usefixtures("shelf")
def test_every_list_links_to_its_exports(client: Client):
    for page in [*LISTS, "/articles/?order=oldest", "/tag/ice/?order=oldest"]:
        links = set(re.findall(r'href="([^"]+)"', client.get(page).content.decode()))
        assert {exported(page, form) for form in ("json", "csv", "jsonl")} <= links, page
        assert f"{page.partition('?')[0].removesuffix('/')}.atom?newest=50" in links, page


def test_a_page_is_smaller_than_the_lists_of_these_tests():
    assert len(DATES) * 5 + 1 > PAGE_SIZE
