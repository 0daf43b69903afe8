"""Uploading: what is taken in, what is refused at the door, and the receipt that says so."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import resource

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import jobs, originals, undoing
from articles.admin import uploads
from articles.admin.receipts import LINES_ON_A_PAGE, Receipt
from articles.models import Article, ImportJob, ImportOutcome, JobState, Original, Result, Source
from articles.records import Status

from ..makers import make_article

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/importjob/upload/"
PAYLOAD = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


def jsonl(*titles: str, **values) -> bytes:
    records = ({"title": title, "body": f"About {title}.", **values} for title in titles)
    return "\n".join(json.dumps(record) for record in records).encode()


def file(content: bytes, name: str = "articles.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(client: Client, *files: SimpleUploadedFile, **values) -> ImportJob:
    answer = client.post(UPLOAD, {"uploaded": files, **values})
    assert answer.status_code == 302, answer.content.decode()
    job = ImportJob.objects.latest("pk")
    assert answer.url == job.get_absolute_url()
    return job


def receipt_of(client: Client, job: ImportJob, page: int = 1) -> str:
    answer = client.get(job.get_absolute_url(), {"page": page})
    assert answer.status_code == 200
    return answer.content.decode()


def refused(client: Client, *files: SimpleUploadedFile, **values) -> str:
    answer = client.post(UPLOAD, {"uploaded": files, **values})
    assert answer.status_code in (200, 413, 507)
    assert not ImportJob.objects.exists()
    assert not Article.objects.exists()
    return answer.content.decode()


def test_one_file_is_stored_and_its_receipt_links_to_the_article(uploader):
    job = upload(uploader, file(jsonl("The ferry")))
    article = Article.objects.get()
    assert job.state == JobState.DONE
    assert job.label == "articles.jsonl"
    assert job.created_by == User.objects.get(username="uploader")
    assert f'href="{article.get_absolute_url()}">The ferry</a>' in receipt_of(uploader, job)
    assert originals.is_intact(Original.objects.get())


def test_many_files_have_a_line_each_in_the_order_they_came(uploader):
    files = [file(jsonl(f"Article {number}"), f"{number}.jsonl") for number in range(30)]
    job = upload(uploader, *files)
    assert job.label == "30 files, from 0.jsonl"
    rows = [row["file"] for row in Receipt(job).rows()]
    assert rows == [f"{number}.jsonl" for number in range(30)]
    assert Article.objects.count() == 30


@pytest.fixture
def few_open_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_more_files_come_in_than_a_process_may_have_open(uploader, few_open_files):
    upload(uploader, *(file(b"x" * number, f"{number}.bin") for number in range(300)))
    assert ImportJob.objects.get().inputs.count() == 300


def test_a_pasted_text_becomes_a_file_of_its_own(uploader):
    job = upload(uploader, text="The ferry sinks\r\n\r\nIt sank at noon, and all were saved by the pilot boat.\r\n")
    assert job.inputs.get().name == "pasted text.txt"
    assert Original.objects.get().path.read_bytes().startswith(b"The ferry sinks\n\nIt sank")
    assert "pasted text.txt" in receipt_of(uploader, job)


def test_source_status_and_tags_are_given_to_every_article(uploader):
    job = upload(
        uploader,
        file(jsonl("One", "Two")),
        source=" The  Gazette ",
        status="draft",
        tags="Ferry, old\n\nferry, OLD\nRiver",
    )
    assert job.source == Source.objects.get(name="The Gazette")
    for article in Article.objects.all():
        assert article.source == job.source
        assert article.status == Status.DRAFT
        assert [link.tag.name for link in article.tag_links.all()] == ["Ferry, old", "River"]


def test_an_article_that_names_its_source_keeps_it(uploader):
    upload(uploader, file(jsonl("One", source="The Star")), source="The Gazette")
    assert Article.objects.get().source.name == "The Star"


def test_nothing_chosen_is_said_on_the_form(uploader):
    assert "choose at least one file, or paste a text" in refused(uploader, text="  \n ")


def test_a_name_that_is_too_long_is_said_on_the_form(uploader):
    assert "at most 200" in refused(uploader, file(jsonl("One")), tags="x" * 201)
    assert "at most 200" in refused(uploader, file(jsonl("One")), source="x" * 201)


def test_an_empty_file_is_refused_in_the_receipt_and_its_neighbours_are_stored(uploader):
    job = upload(uploader, file(b"", "empty.txt"), file(jsonl("The ferry")))
    assert job.counts() == {Result.FAILED: 1, Result.CREATED: 1}
    page = receipt_of(uploader, job)
    assert "empty.txt" in page
    assert "the file is empty" in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.pdf", b"%PDF-1.7 ...", "a PDF"),
        ("pages.zip", b"PK\x03\x04 ...", "cut short"),
        ("noise.txt", bytes(range(256)) * 40, "not text"),
    ],
)
def test_a_file_that_nobody_reads_is_refused_with_a_sentence(uploader, name, content, words):
    job = upload(uploader, file(content, name))
    assert job.counts() == {Result.FAILED: 1}
    assert words in ImportOutcome.objects.get().reason
    assert words in receipt_of(uploader, job)


def test_a_file_over_the_limit_is_refused_in_the_receipt_with_what_to_do(uploader, settings):
    settings.UPLOAD_FILE_BYTES = settings.MB
    job = upload(uploader, file(b"x" * (settings.MB + 1), "large.txt"), file(jsonl("The ferry")))
    assert job.counts() == {Result.FAILED: 1, Result.CREATED: 1}
    assert "larger than 1 MB: split the file" in receipt_of(uploader, job)
    assert [original.name for original in Original.objects.all()] == ["articles.jsonl"]


def test_an_upload_over_the_limit_is_turned_away_before_it_is_read(uploader, settings, monkeypatch):
    settings.UPLOAD_TOTAL_BYTES = settings.MB
    monkeypatch.setattr(uploads, "envelope_bytes", lambda: 0)
    monkeypatch.setattr(uploads, "Spool", None)
    page = refused(uploader, file(b"x" * (settings.MB + 1)))
    assert "larger than 1 MB" in page
    assert "NEWSARCHIVE_UPLOAD_TOTAL_MB" in page


def test_too_many_files_are_turned_away_with_their_number(uploader, settings):
    settings.UPLOAD_FILES = settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    page = refused(uploader, *(file(jsonl(f"{number}")) for number in range(4)))
    assert "more than 3 files" in page
    assert "NEWSARCHIVE_UPLOAD_FILES" in page


def test_a_pasted_text_that_is_too_long_is_turned_away_with_what_to_do(uploader, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert "Save it as a file" in refused(uploader, text="word " * 1000)


def test_a_full_disk_leaves_nothing_half_kept_and_says_so(uploader, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    page = refused(uploader, file(jsonl("The ferry")))
    assert "nothing was imported" in page
    assert not Original.objects.exists()


def test_a_disk_that_is_full_before_the_files_are_here_says_so_too(uploader, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("articles.admin.spool.tempfile.TemporaryFile", full)
    assert "nothing was imported" in refused(uploader, file(jsonl("The ferry")))


def test_no_other_page_takes_files(client):
    """Anybody may post to the log-in page; what is sent there is not kept anywhere."""
    answer = client.post("/admin/login/", {"username": "x", "password": "y", "more": file(b"x" * 100_000)})
    assert answer.wsgi_request.FILES == {}


def test_the_same_file_twice_is_a_duplicate_with_a_link(uploader):
    upload(uploader, file(jsonl("The ferry")))
    job = upload(uploader, file(jsonl("The ferry"), "again.jsonl"))
    assert job.counts() == {Result.DUPLICATE: 1}
    page = receipt_of(uploader, job)
    assert "already here" in page
    assert Article.objects.get().get_absolute_url() in page
    assert Original.objects.count() == 1


def test_the_same_file_twice_in_one_upload_is_stored_once(uploader):
    job = upload(uploader, file(jsonl("The ferry"), "one.jsonl"), file(jsonl("The ferry"), "two.jsonl"))
    assert job.counts() == {Result.CREATED: 1, Result.DUPLICATE: 1}


def test_a_withheld_article_is_linked_to_its_preview(uploader, editor):
    job = upload(uploader, file(jsonl("The ferry")), status="withheld")
    assert f"/admin/articles/article/{Article.objects.get().pk}/preview/" in receipt_of(editor, job)


def test_an_article_that_is_gone_leaves_its_line_in_the_receipt(uploader):
    job = upload(uploader, file(jsonl("The ferry")))
    Article.objects.get().delete()
    page = receipt_of(uploader, job)
    assert "The ferry" in page
    assert "deleted since" in page


def test_every_line_and_every_count_adds_up_over_all_pages(uploader):
    titles = [f"Article {number}" for number in range(LINES_ON_A_PAGE)]
    lines = jsonl(*titles, titles[0]) + b"\n{broken\n" + jsonl("The last")
    job = upload(uploader, file(lines), file(b"%PDF-1.7", "page.pdf"))
    receipt = Receipt(job)
    assert receipt.total == len(titles) + 4 == sum(count for _, _, count in receipt.tally)
    assert receipt.counts == {"created": len(titles) + 1, "duplicate": 1, "failed": 2}
    pages = [receipt_of(uploader, job, number) for number in (1, 2)]
    kinds = re.compile(f'<tr class="({"|".join(Result)})">')
    assert [len(kinds.findall(page)) for page in pages] == [LINES_ON_A_PAGE, 4]
    assert "line 302" in pages[1]
    assert "page.pdf" in pages[1]


def test_the_receipt_costs_the_same_for_few_lines_and_for_many(uploader):
    def cost(job: ImportJob) -> int:
        with CaptureQueriesContext(connection) as queries:
            receipt_of(uploader, job)
        return len(queries)

    few = upload(uploader, file(jsonl("One", source="A")))
    many = upload(uploader, *(file(jsonl(f"{n}", f"{n} too", source=f"{n}"), f"{n}.jsonl") for n in range(20)))
    assert cost(few) == cost(many)


def csv_rows(client: Client, job: ImportJob) -> list[list[str]]:
    answer = client.get(f"/admin/articles/importjob/{job.pk}/receipt.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{job.pk}.csv"'
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_the_receipt_can_be_had_as_a_table(uploader):
    job = upload(uploader, file(jsonl("The ferry")), file(b"", "empty.txt"))
    url = f"http://testserver{Article.objects.get().get_absolute_url()}"
    assert csv_rows(uploader, job) == [
        ["file", "place", "result", "title", "reason", "address", "undone_at", "undone_by"],
        ["articles.jsonl", "line 1", "stored", "The ferry", "", url, "", ""],
        ["empty.txt", "", "refused", "", "the file is empty", "", "", ""],
    ]


def test_the_table_of_an_import_that_was_undone_says_when_and_by_whom(uploader):
    job = upload(uploader, file(jsonl("The ferry")))
    undoing.undo(job, by=User.objects.get(username="uploader"))
    job.refresh_from_db()
    stamp = f"{job.undone_at:%Y-%m-%dT%H:%M:%SZ}"
    assert csv_rows(uploader, job)[1] == ["articles.jsonl", "line 1", "stored", "The ferry", "", "", stamp, "uploader"]
    ImportJob.objects.update(undone_by=None)
    assert csv_rows(uploader, job)[1][6:] == [stamp, "the command line, or somebody whose account is deleted"]


def test_a_printing_that_a_reason_names_is_a_link_to_where_it_can_be_read(editor):
    first = make_article("The “old” ferry")
    job = upload(editor, file(jsonl("The ferry")))
    place = first.get_absolute_url()

    def told(reason: str) -> str:
        job.outcomes.update(reason=reason)
        return re.search(r'<span class="reason">(.*?)</span>', receipt_of(editor, job))[1]

    link = f'<a href="{place}" dir="auto">'
    assert told(f"another printing of “The ferry”, {place}") == f"another printing of {link}“The ferry”</a>"
    assert told(f"of “The “old” ferry”, {place}; so") == f"of “The “old” ferry”, {link}{place}</a>; so"
    assert told(f"<b>{place} of “<i>”, {place}") == f"&lt;b&gt;{place} of {link}“&lt;i&gt;”</a>"
    for other in (
        "https://gazette.example" + place,
        f"“x”, /article/{10**14}/x/",
        f"x{place}",
        "//article/1/",
        "/article/",
    ):
        assert "<a" not in told(other)
    Article.objects.filter(pk=first.pk).update(status=Status.WITHHELD)
    assert f'<a href="/admin/articles/article/{first.pk}/preview/"' in told(f"“The ferry”, {place}")
    first.delete()
    assert told(f"of “The ferry”, {place}") == f"of “The ferry”, {place}"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_no_cell_of_the_table_begins_like_a_formula(uploader, start):
    job = upload(uploader, file(jsonl(f"{start}1+1"), f"{start}cmd.jsonl"))
    name, _, _, title, *_ = csv_rows(uploader, job)[1]
    assert (name, title) == (f"'{start}cmd.jsonl", f"'{start}1+1")


def test_a_large_upload_waits_for_the_process_that_imports(uploader, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE_FILES", 1)
    job = upload(uploader, file(jsonl("One"), "one.jsonl"), file(jsonl("Two"), "two.jsonl"))
    assert job.state == JobState.QUEUED
    page = receipt_of(uploader, job)
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    assert page.count("not read yet") == 3  # once in the counts
    address = f"/admin/articles/importjob/{job.pk}/receipt/progress/"
    assert uploader.get(address).json()["finished"] is False
    jobs.run(jobs.claim_next(jobs.worker_name()))
    assert uploader.get(address).json() == {
        "state": "done", "finished": True, "counts": {"created": 2},
        "bytes_done": job.bytes_total, "bytes_total": job.bytes_total,
    }  # fmt: skip
    page = receipt_of(uploader, job)
    assert "<progress" not in page
    assert "not read yet" not in page
    assert page.count('<tr class="created">') == 2


def test_an_upload_of_many_bytes_waits_too(uploader, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE_BYTES", 10)
    assert upload(uploader, file(jsonl("One"))).state == JobState.QUEUED


def test_an_import_that_broke_off_lists_what_it_did_not_reach_and_shows_its_trace_to_superusers_alone(
    uploader, boss, monkeypatch
):
    def fail(*args, **kwargs):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("articles.ingest.store", fail)
    job = upload(uploader, file(jsonl("One"), "one.jsonl"), file(b"", "empty.txt"))
    assert job.state == JobState.FAILED
    for client, shown in ((uploader, False), (boss, True)):
        page = receipt_of(client, job)
        assert ("a fault of ours" in page) is shown
        assert "The import broke off" in page
        assert '<tr class="waiting">' in page
        assert '<tr class="failed">' in page
    assert Receipt(job).total == 2


def test_what_a_file_brings_stays_text_in_its_receipt(uploader, editor):
    content = jsonl(PAYLOAD, tags=[PAYLOAD[:200]], source=PAYLOAD) + b'\n{"title": 1, "' + PAYLOAD.encode() + b'": 2}'
    job = upload(uploader, file(content, f"{PAYLOAD.replace('/', '')}.jsonl"), tags=PAYLOAD, source=PAYLOAD)
    assert job.counts() == {Result.CREATED: 1, Result.FAILED: 1}
    pages = [receipt_of(editor, job)]
    addresses = ["", "articles/importjob/", "articles/importjob/upload/", "articles/original/", "articles/source/"]
    addresses += ["articles/article/", f"articles/article/{Article.objects.get().pk}/change/"]
    addresses += [f"articles/original/{Original.objects.get().pk}/change/", "articles/tag/"]
    pages += [editor.get(f"/admin/{address}").content.decode() for address in addresses]
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page
    assert all("&lt;img src=x" in page for page in (pages[0], pages[2], pages[4], pages[6], pages[7], pages[8]))
