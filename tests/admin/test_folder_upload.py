"""A folder in an upload: its files have their paths, and what of it is no article is passed over with the reason."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from articles.admin import uploads
from articles.importers import folders
from articles.models import ImportJob, JobState, Original

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/importjob/upload/"
PAGE = (
    "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1>"
    "<p>{0} was shut on Tuesday, because otters had built on the landing stage and would not be moved by anybody.</p>"
    "<p>The harbour master said that nothing like it had been seen here since the winter of the long ice.</p>"
)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)


def send(client: Client, sent: dict[str, bytes | str], paths: object = None, **values: str) -> HttpResponse:
    """Files by their paths, which are sent beside them as the script does; or `paths` instead."""
    files = [
        SimpleUploadedFile(path.rpartition("/")[2], content if isinstance(content, bytes) else content.encode())
        for path, content in sent.items()
    ]
    beside = json.dumps(list(sent)) if paths is None else paths
    return client.post(UPLOAD, {"uploaded": files, "paths": beside, **values})


def uploaded(client: Client, sent: dict[str, bytes | str], paths: object = None, **values: str) -> ImportJob:
    assert send(client, sent, paths, **values).status_code == 302
    return ImportJob.objects.latest("pk")


def outcomes(job: ImportJob) -> dict[str, tuple[str, str]]:
    rows = job.inputs.values_list("name", "outcomes__result", "outcomes__reason")
    return {name: (result, "" if result == "created" else reason) for name, result, reason in rows}


def shown(path: str) -> str:
    return "/".join(f"<bdi>{part}</bdi>" for part in path.split("/"))


TWO = {"news/2019/ferry.html": PAGE.format("The ferry"), "news/2020/ferry.html": PAGE.format("Another pier")}


def test_files_of_one_name_in_two_folders_are_told_apart_everywhere(uploader):
    job = uploaded(uploader, TWO)
    assert job.label == "news, 2 files"
    assert set(outcomes(job)) == set(TWO)
    page = uploader.get(job.get_absolute_url()).content.decode()
    table = uploader.get(f"/admin/articles/importjob/{job.pk}/receipt.csv").getvalue().decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(table))][1:] == list(TWO)
    assert all(shown(path) in page for path in TWO)


def test_the_preview_says_the_paths_too(uploader):
    job = uploaded(uploader, TWO, preview="Preview")
    page = uploader.get(job.get_absolute_url()).content.decode()
    assert all(shown(path) in page for path in TWO)


@pytest.mark.parametrize("paths", ["", "[", '["news/a.html"]', '{"a": 1}', "[1, 2]", "[" * 100_000])
def test_without_a_path_for_each_file_they_have_their_names(uploader, paths):
    job = uploaded(uploader, {"a.html": PAGE.format("The ferry"), "b.html": PAGE.format("Another pier")}, paths)
    assert set(outcomes(job)) == {"a.html", "b.html"}


def test_a_path_leads_nowhere_and_is_text(uploader):
    paths = json.dumps(["../../etc/./passwd", "/news/\u202e\x00<b>\n.html"])
    job = uploaded(uploader, {"a.html": PAGE.format("The ferry"), "b.html": PAGE.format("Another pier")}, paths)
    assert set(outcomes(job)) == {"etc/passwd", "news/<b>.html"}
    assert "&lt;b&gt;.html" in uploader.get(job.get_absolute_url()).content.decode()


def test_half_characters_in_a_path_stop_nothing(uploader):
    paths = json.dumps(["news/\ud800.html", "news/\udc80 \udfff.html"])
    job = uploaded(uploader, {"a.html": PAGE.format("The ferry"), "b.html": PAGE.format("Another pier")}, paths)
    assert set(outcomes(job)) == {"news/\ufffd.html", "news/\ufffd \ufffd.html"}


def test_the_path_of_a_file_is_not_in_the_name_that_it_is_downloaded_under(boss):
    uploaded(boss, {"news/2019/ferry.html": PAGE.format("The ferry")})
    original = Original.objects.get()
    answer = boss.get(f"/admin/articles/original/{original.pk}/download/")
    answer.close()
    assert answer["Content-Disposition"] == 'attachment; filename="ferry.html"'


def test_parts_of_a_saved_page_hidden_files_and_pictures_are_passed_over(uploader):
    job = uploaded(
        uploader,
        {
            "news/Pier_files/frame.html": PAGE.format("An advertisement"),
            "news/Pier_files/empty.js": "",
            "news/.DS_Store": "x",
            "news/quay.png": PICTURE,
            "news/Pier.html": PAGE.format("The pier"),
        },
    )
    part = ("skipped", "a part of the saved page news/Pier.html")
    assert outcomes(job) == {
        "news/Pier_files/frame.html": part,
        "news/Pier_files/empty.js": part,
        "news/.DS_Store": ("skipped", folders.HIDDEN),
        "news/quay.png": ("skipped", "a picture, not an article"),
        "news/Pier.html": ("created", ""),
    }


def test_a_part_that_is_an_article_all_the_same_is_imported_with_one_click_in_the_preview(uploader):
    sent = {"Pier_files/a.html": PAGE.format("An advertisement"), "Pier.html": PAGE.format("The pier")}
    job = uploaded(uploader, sent, preview="Preview")
    page = uploader.get(job.get_absolute_url()).content.decode()
    assert "a part of the saved page Pier.html" in page
    assert "No article, passed over" in page
    part = job.inputs.get(name="Pier_files/a.html")
    address = job.get_absolute_url()
    uploader.post(address, {"look": "Look again", "file": part.pk})
    assert "a part of the saved page Pier.html" in uploader.get(address).content.decode()
    uploader.post(address, {"import": "Import", "file": part.pk, f"format-{part.pk}": "webpage"})
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert {name: result for name, (result, _) in outcomes(job).items()} == dict.fromkeys(sent, "created")


def test_a_person_can_say_that_a_file_is_no_article(uploader):
    job = uploaded(uploader, {"a.html": PAGE.format("The ferry")}, preview="Preview")
    entry = job.inputs.get()
    uploader.post(job.get_absolute_url(), {"import": "Import", "file": entry.pk, f"format-{entry.pk}": "none"})
    assert outcomes(job) == {"a.html": ("skipped", "somebody said that it is no article")}


def test_a_folder_of_too_many_files_is_refused_with_what_to_do(uploader, settings):
    settings.UPLOAD_FILES = settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    answer = send(uploader, {f"news/{number}.html": "x" for number in range(4)})
    assert answer.status_code == 413
    assert "Make a ZIP archive of them" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_thousand_files_with_their_paths_are_not_too_many_fields(uploader, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE_FILES", 0)
    job = uploaded(uploader, {f"news/{'x' * 100}/{number}.txt": f"{number}" for number in range(1000)})
    assert job.inputs.count() == 1000
    assert job.label == "news, 1,000 files"


def test_files_of_a_folder_are_listed_by_their_paths_whatever_order_they_came_in(uploader):
    job = uploaded(uploader, {"n/b/2.html": "x", "n/9.html": "x", "n/b/1.html": "x", "n/a/3.html": "x"})
    names = list(job.inputs.values_list("name", flat=True))
    assert names == ["n/9.html", "n/a/3.html", "n/b/1.html", "n/b/2.html"]


def test_the_preview_counts_as_the_receipt_does(uploader):
    job = uploaded(
        uploader, {"n/.DS_Store": "x", "n/a.html": PAGE.format("The pier"), "n/b.txt": ""}, preview="Preview"
    )
    page = uploader.get(job.get_absolute_url()).content.decode()
    assert re.search(r"<strong>1</strong> new, <strong>1</strong> skipped, <strong>1</strong> refused", page)


def test_each_part_of_a_path_keeps_its_own_direction(uploader):
    job = uploaded(uploader, {"2021 أوراق/5 <b>.html": "x"})
    page = uploader.get(job.get_absolute_url()).content.decode()
    assert "<bdi>2021 أوراق</bdi>/<bdi>5 &lt;b&gt;.html</bdi>" in page
