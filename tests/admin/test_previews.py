"""The preview of an import: what each file is, how its articles will look, and what is decided of it."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles import batches, jobs, previewing
from articles.importers.columns import Column
from articles.models import Article, ImportJob, JobState, Original

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/importjob/upload/"
PAGE = """Harbour newsWorld

Otters delay the ferry

By Tom Brisk

The ferry did not sail on Tuesday because otters had built a nest in its engine room, the harbour master said.

The company hopes to sail again on Friday, after the young ones have been carried to the shore by a keeper.

Share this
Related articles
"""


def propose(client: Client, *files: tuple[str, bytes], **values) -> ImportJob:
    uploaded = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post(UPLOAD, {"uploaded": uploaded, "preview": "Preview", **values})
    job = ImportJob.objects.latest("pk")
    assert answer.url == job.get_absolute_url() == f"/admin/articles/importjob/{job.pk}/preview/"
    return job


def page_of(client: Client, job: ImportJob) -> str:
    answer = client.get(job.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def decide(client: Client, job: ImportJob, button: str = "import", **fields) -> ImportJob:
    entry = job.inputs.get()
    answer = client.post(
        job.get_absolute_url(),
        {button: "1", "file": entry.pk, **{f"{name}-{entry.pk}": v for name, v in fields.items()}},
    )
    assert answer.status_code == 302
    return ImportJob.objects.filter(pk=job.pk).first()


def jsonl(*records: dict) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


def test_nothing_is_imported_before_somebody_says_so(uploader):
    job = propose(uploader, ("page.txt", PAGE.encode()))
    page_of(uploader, job)
    assert jobs.catch_up() == 0
    assert not Article.objects.exists()


def test_it_shows_what_a_file_is_and_how_its_article_will_look(uploader):
    shown = text_of(page_of(uploader, propose(uploader, ("page.txt", PAGE.encode()))))
    assert "The text of a page, by its content" in shown
    assert "New" in shown
    assert "Otters delay the ferry" in shown
    assert "By Tom Brisk" in shown
    assert "1 record in all" in shown


def test_the_three_shades_of_a_page_add_up_to_the_file(uploader):
    job = propose(uploader, ("page.txt", PAGE.encode()))
    (preview,) = previewing.preview(job, 0, 10)
    (sample,) = preview.samples
    assert "".join(text for _, text in sample.record.page) == PAGE
    assert sample.page_lines == len(PAGE.splitlines())
    assert all(shade.lines for shade in sample.shades)
    assert f"All {sample.page_lines} lines of the page" in text_of(page_of(uploader, job))


def test_importing_runs_the_job_and_leads_to_its_receipt(uploader):
    job = decide(uploader, propose(uploader, ("page.txt", PAGE.encode())))
    assert job.state == JobState.DONE
    assert job.get_absolute_url().endswith("/receipt/")
    assert Article.objects.get().title == "Otters delay the ferry"


def test_discarding_leaves_nothing(uploader, django_capture_on_commit_callbacks):
    job = propose(uploader, ("page.txt", PAGE.encode()))
    path = Original.objects.get().path
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(uploader, job, "discard") is None
    assert not Original.objects.exists()
    assert not path.exists()


def test_what_is_here_already_is_said_with_a_link(uploader):
    record = {"title": "Otters", "body": "They swim.", "canonical_url": "https://packet.example/otters"}
    decide(uploader, propose(uploader, ("a.jsonl", jsonl(record))))
    new = {"title": "Herons", "body": "They wade."}
    changed = {**record, "body": "They swim well."}
    page = page_of(uploader, propose(uploader, ("b.jsonl", jsonl(record, new, changed))))
    article = Article.objects.get()
    assert f'href="{article.get_absolute_url()}"' in page
    assert "1 new, 1 new version, 1 here already" in text_of(page)


def test_the_rules_of_what_is_the_same_are_shown(uploader):
    shown = text_of(page_of(uploader, propose(uploader, ("page.txt", PAGE.encode()))))
    assert "The same source, title, date and text are here" in shown


def test_a_file_that_cannot_be_read_says_why_and_its_neighbours_are_shown(uploader):
    job = propose(uploader, ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40), ("page.txt", PAGE.encode()))
    shown = text_of(page_of(uploader, job))
    assert "a JPEG image" in shown
    assert "Otters delay the ferry" in shown


def test_a_wrong_guess_is_corrected(uploader):
    job = propose(uploader, ("a.jsonl", jsonl({"title": "Otters", "body": "They swim."})))
    job = decide(uploader, job, "look", format="pagetext")
    assert job.state == JobState.PROPOSED
    assert '<option value="pagetext" selected>' in page_of(uploader, job)
    decide(uploader, job, format="pagetext")
    assert Article.objects.get().title.startswith("{")


def test_a_record_without_a_text_is_seen_to_have_none(uploader):
    page = page_of(uploader, propose(uploader, ("a.csv", b"title,wording\nOtters delay the ferry,It did not sail.\n")))
    assert "No text" in text_of(page)


def test_a_column_with_an_odd_name_is_mapped(uploader):
    table = b"Title;Wortlaut;Number\nOtters;They swim in the harbour.;7\nHerons;They wade at the weir.;8\n"
    job = propose(uploader, ("table.csv", table))
    shown = text_of(page_of(uploader, job))
    assert "Wortlaut" in shown
    assert "2 columns left out" in shown
    decide(uploader, job, header=["Title", "Wortlaut", "Number"], column=["title", "body", ""])
    assert set(Article.objects.values_list("title", "body")) == {
        ("Otters", "They swim in the harbour."),
        ("Herons", "They wade at the weir."),
    }


def test_sections_that_are_none_are_left_out(uploader):
    record = {"title": "Otters", "body": "They swim.", "sections": ["Harbour", "Share this"]}
    job = propose(uploader, ("a.jsonl", jsonl(record)))
    assert "Share this" in page_of(uploader, job)
    decide(uploader, job, found=["Harbour", "Share this"], section=["Harbour"])
    assert list(Article.objects.get().sections.values_list("name", flat=True)) == ["Harbour"]


def test_of_more_sections_than_a_query_can_name_some_are_shown(uploader):
    names = [f"Harbour {number}" for number in range(260_000)]
    job = propose(uploader, ("a.jsonl", jsonl({"title": "Otters", "body": "They swim.", "sections": names})))
    assert page_of(uploader, job).count('<input type="hidden" name="found-') == previewing.MOST_SECTIONS


def test_names_that_run_together_are_split_by_what_is_typed(uploader):
    job = propose(uploader, ("page.txt", PAGE.replace("Harbour newsWorld", "USPoliticsMcDonald Watch").encode()))
    job = decide(uploader, job, "look", also="US\nMcDonald Watch")
    (preview,) = previewing.preview(job, 0, 10)
    assert [section.name for section in preview.sections] == ["US", "Politics", "McDonald Watch"]


def test_repair_of_text_is_offered_and_never_silent(uploader):
    wrong = "The café in the harbour sells crème brûlée to the otters’ keepers.".encode().decode("cp1252")
    job = propose(uploader, ("a.jsonl", jsonl({"title": "Otters", "body": wrong})))
    assert "Repair text that was decoded wrongly once" in page_of(uploader, job)
    decide(uploader, job, mend="on")
    article = Article.objects.get()
    assert "crème brûlée" in article.body
    assert article.received == wrong


class Clock:
    """Goes on by so many seconds each time that somebody looks at it."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


def five_files(client: Client) -> ImportJob:
    return propose(client, *((f"{n}.jsonl", jsonl({"title": f"Otters {n}", "body": "They swim."})) for n in range(5)))


def test_no_more_files_are_looked_at_than_there_is_time_for(uploader):
    job = five_files(uploader)
    looked_at = [preview.entry.name for preview in previewing.preview(job, 1, 20, Clock(7))]
    assert looked_at == ["1.jsonl", "2.jsonl"]


def test_a_file_has_no_more_time_than_is_left_for_all(uploader, monkeypatch):
    given = []
    look = previewing.apart.look
    monkeypatch.setattr(previewing.apart, "look", lambda *asked: given.append(asked[-1]) or look(*asked[:-1], 60))
    list(previewing.preview(five_files(uploader), 0, 20, Clock(7)))
    assert given == [previewing.PATIENCE_A_FILE, previewing.PATIENCE - 14]


def test_the_page_says_what_was_looked_at_and_leads_on(uploader, monkeypatch):
    job = five_files(uploader)
    preview = previewing.preview
    monkeypatch.setattr(previewing, "preview", lambda *asked: preview(*asked, Clock(7)))
    page = page_of(uploader, job)
    assert "files 1 to 2 of 5, and of each file its first 50 records at most" in text_of(page)
    assert "The files from 3 on are not looked at yet" in text_of(page)
    assert '<button name="from" value="3">Look at the next files</button>' in page
    answer = uploader.post(f"{job.get_absolute_url()}?from=1", {"from": "3"}, follow=True)
    assert "files 3 to 4 of 5" in text_of(answer.content.decode())


def test_a_page_has_twenty_files_and_no_more_fields_than_a_form_takes(uploader):
    files = [(f"{n}.jsonl", jsonl({"title": f"Otters {n}", "body": "They swim."})) for n in range(21)]
    assert "files 1 to 20 of 21" in text_of(page_of(uploader, propose(uploader, *files)))
    header = ";".join(["Title", "Text", *(f"Field {n}" for n in range(80))]).encode()
    wide = [(f"{n}.csv", header + b"\nOtters;They swim" + f"{n}".encode() + b";7" * 80 + b"\n") for n in range(9)]
    page = page_of(uploader, propose(uploader, *wide))
    assert "files 1 to 7 of 9" in text_of(page)
    assert len(re.findall(r"<(?:select|textarea|input)[^>]* name=", page)) < 1000


def test_of_long_records_fewer_are_looked_at_and_the_page_says_so(uploader, monkeypatch):
    monkeypatch.setattr(previewing.apart, "MOST_CHARACTERS", 25)
    records = [{"title": f"Otters {n}", "body": "They swim."} for n in range(4)]
    shown = text_of(page_of(uploader, propose(uploader, ("a.jsonl", jsonl(*records)))))
    assert "the first 2 records were looked at" in shown
    assert "in all" not in shown.split("the first 2 records")[1]
    assert "2 new" in shown


def test_what_is_not_looked_at_keeps_what_was_decided_of_it(uploader, monkeypatch):
    job = five_files(uploader)
    job.inputs.filter(name="4.jsonl").update(guidance={"format": "pagetext"})
    first = job.inputs.get(name="0.jsonl")
    uploader.post(job.get_absolute_url(), {"look": "1", "file": first.pk, f"mend-{first.pk}": "on"})
    assert dict(job.inputs.exclude(guidance={}).values_list("name", "guidance")) == {
        "0.jsonl": {"mend": True},
        "4.jsonl": {"format": "pagetext"},
    }


def test_all_files_are_imported_at_once_whatever_was_looked_at(uploader):
    job = five_files(uploader)
    uploader.post(job.get_absolute_url(), {"import": "1"})
    assert Article.objects.count() == 5


def test_no_bytes_of_a_file_are_read_by_who_shows_it(uploader, monkeypatch):
    job = five_files(uploader)
    monkeypatch.setattr(previewing.apart, "look", lambda *_: previewing.apart.Looked(refusal="The file is none."))
    monkeypatch.setattr(previewing.importers, "detect", lambda *_: pytest.fail("it was read here"))
    assert "The file is none." in text_of(page_of(uploader, job))


def test_a_wrong_guess_is_corrected_by_one_button(uploader):
    job = propose(uploader, ("a.jsonl", jsonl({"titel": "Otters", "body": "They swim."})))
    entry = job.inputs.get()
    assert f'<button name="as" value="{entry.pk}:pagetext">the text of a page</button>' in page_of(uploader, job)
    fields = {"as": f"{entry.pk}:pagetext", "file": entry.pk, f"header-{entry.pk}": "titel", f"column-{entry.pk}": ""}
    answer = uploader.post(job.get_absolute_url(), fields)
    assert answer.url.endswith(f"/preview/?from=1#file-{entry.pk}")
    entry.refresh_from_db()
    assert entry.guidance == {"format": "pagetext"}
    assert f'<button name="as" value="{entry.pk}:">what its content says</button>' in page_of(uploader, job)
    uploader.post(job.get_absolute_url(), {"as": f"{entry.pk}:", "file": entry.pk, f"format-{entry.pk}": "pagetext"})
    entry.refresh_from_db()
    assert entry.guidance == {}


def test_a_table_without_a_known_column_can_be_mapped(uploader):
    table = b"Kopfzeile;Wortlaut\nOtters;They swim in the harbour.\nHerons;They wade at the weir.\n"
    job = propose(uploader, ("table.csv", table))
    shown = text_of(page_of(uploader, job))
    assert "names no title and no text" in shown
    assert "Wortlaut goes to" in page_of(uploader, job)
    decide(uploader, job, header=["Kopfzeile", "Wortlaut"], column=["title", "body"])
    assert Article.objects.count() == 2


def test_a_table_in_an_archive_can_be_mapped(uploader):
    table = b"Title;Wortlaut\nOtters;They swim in the harbour.\nHerons;They wade at the weir.\n"
    job = propose(uploader, ("table.csv.gz", gzip.compress(table)))
    assert "Wortlaut goes to" in page_of(uploader, job)
    decide(uploader, job, header=["Title", "Wortlaut"], column=["title", "body"])
    assert set(Article.objects.values_list("body", flat=True)) == {
        "They swim in the harbour.",
        "They wade at the weir.",
    }


OTTERS = {"title": "Otters", "body": "They swim in the harbour.", "source": "The Gazette"}


def test_a_copy_in_another_file_of_the_upload_is_foreseen(uploader):
    herons = {"title": "Herons", "body": "They wade."}
    job = propose(uploader, ("a.jsonl", jsonl(herons, OTTERS)), ("b.jsonl", jsonl({**OTTERS, "tags": ["otters"]})))
    shown = text_of(page_of(uploader, job))
    assert "2 new, 1 in this upload already" in shown
    assert "In this upload already the same text comes in a.jsonl, record 2 of this upload" in shown
    uploader.post(job.get_absolute_url(), {"import": "1"})
    assert job.counts() == {"created": 2, "duplicate": 1}


def test_the_same_record_twice_in_one_file_is_foreseen(uploader):
    job = propose(uploader, ("a.jsonl", jsonl(OTTERS, OTTERS)))
    assert "the same text comes in a.jsonl, record 1 of this upload" in text_of(page_of(uploader, job))


def test_a_newer_text_of_the_same_address_in_one_upload_is_foreseen(uploader):
    first = {**OTTERS, "canonical_url": "https://packet.example/otters"}
    job = propose(uploader, ("a.jsonl", jsonl(first)), ("b.jsonl", jsonl({**first, "body": "They swim well."})))
    shown = text_of(page_of(uploader, job))
    assert "1 new, 1 new version" in shown
    assert "of a.jsonl, record 1 of this upload: the same address, now with another text" in shown
    uploader.post(job.get_absolute_url(), {"import": "1"})
    assert job.counts() == {"created": 1, "updated": 1}


def test_the_same_file_twice_is_foreseen_wherever_its_first_copy_is(uploader):
    job = propose(uploader, ("a.jsonl", jsonl(OTTERS)), ("b.jsonl", jsonl(OTTERS)))
    (preview,) = previewing.preview(job, 1, 10)
    assert preview.same_as == "a.jsonl"
    assert preview.counts == {previewing.COPY: 1}
    uploader.post(job.get_absolute_url(), {"import": "1"})
    assert job.counts() == {"created": 1, "duplicate": 1}


def test_what_is_not_new_is_named_behind_the_records_that_are_shown(uploader):
    records = [{"title": f"Otters {n}", "body": "They swim."} for n in range(4)]
    shown = text_of(page_of(uploader, propose(uploader, ("a.jsonl", jsonl(*records, records[0])))))
    assert "Not new, of the other records In this upload already : Otters 0 the same text comes in a.jsonl" in shown


def test_what_a_file_brings_stays_text(uploader):
    payload = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    record = {"title": payload, "body": payload, "sections": [payload], "byline": payload}
    page = page_of(uploader, propose(uploader, (f"{payload[:40]}.jsonl", jsonl(record))))
    assert "<img src=x" not in page
    assert "<script>alert" not in page


def test_only_who_uploaded_sees_the_preview(uploader, editor, client):
    job = propose(uploader, ("page.txt", PAGE.encode()))
    assert client.get(job.get_absolute_url()).status_code in (302, 403)


def test_an_import_under_way_is_cancelled_and_goes_on(uploader):
    job = decide(uploader, propose(uploader, ("page.txt", PAGE.encode())), "look")
    jobs.confirm(job)
    uploader.post(f"/admin/articles/importjob/{job.pk}/cancel/")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    page = page_of(uploader, job)
    assert "was cancelled" in page
    uploader.post(f"/admin/articles/importjob/{job.pk}/go-on/")
    jobs.catch_up()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert Article.objects.count() == 1
    told = uploader.post(f"/admin/articles/importjob/{job.pk}/go-on/", follow=True).content.decode()
    assert "The import does not go on: it was not cut off, or it goes on already." in told


def receipt_of(client: Client, job: ImportJob) -> str:
    return text_of(client.get(f"/admin/articles/importjob/{job.pk}/receipt/").content.decode())


def test_a_receipt_says_for_ever_which_columns_were_left_out(uploader):
    rows = (b"Titel;Text;Number\nOtters;They swim;7\n", b"Titel;Text;Number\nHerons;They wade;8\n")
    uploaded = [SimpleUploadedFile(f"{number}.csv", row) for number, row in enumerate(rows)]
    uploader.post(UPLOAD, {"uploaded": uploaded})
    said = "Columns left out: Number; columns taken by their names: Titel as title, Text as body ( 0.csv, 1.csv )"
    assert said in receipt_of(uploader, ImportJob.objects.get())


def test_columns_that_a_person_left_out_are_on_the_receipt_too(uploader):
    job = propose(uploader, ("a.csv", b"title;body;Number\nOtters;They swim;7\n"))
    job = decide(uploader, job, header=["title", "body", "Number"], column=["title", "body", ""])
    assert "Columns left out: Number ( a.csv )" in receipt_of(uploader, job)


def test_a_receipt_says_nothing_of_columns_where_all_were_taken(uploader):
    job = decide(uploader, propose(uploader, ("a.jsonl", jsonl(OTTERS))))
    assert "olumns" not in receipt_of(uploader, job)


def test_of_many_columns_some_are_named_and_the_others_counted():
    columns = [Column(f"c{number}", "", ()) for number in range(batches.MOST_COLUMNS + 5)]
    noted = batches.column_notes(columns, {})
    assert len(noted["left_out"]) == batches.MOST_COLUMNS
    assert batches.column_words(noted)[0].endswith(", c99, 5 more")


def test_a_draft_is_called_one(uploader):
    shown = text_of(page_of(uploader, propose(uploader, ("a.jsonl", jsonl({**OTTERS, "status": "draft"}, OTTERS)))))
    assert shown.count("Status draft") == 1
