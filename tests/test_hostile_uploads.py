"""Hostile files in one upload: each is on the receipt, the rest is taken, memory is bounded, nothing is fetched."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles import jobs
from articles.importers import apart
from articles.models import Article, ImportJob, ImportOutcome, JobState, Result
from tests.importers.packing import NOTE, changed, tar_of, tar_with, warc_record, zip_of

pytestmark = pytest.mark.django_db

MOST_MEMORY = 600_000_000
PAIRS = itertools.pairwise("abcdefg")
LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in PAIRS)
ICE = "Ice on the river\n\nThe river froze at Skerry on Monday, and nobody has crossed it yet, they say.\n"
NITF = "<nitf><head><title>&g;</title></head><body><body.content><p>&g;</p></body.content></body></nitf>"
FEED = "<rss version='2.0'><channel><item><title>&g;</title><description>&g;</description></item></channel></rss>"
PAGE = f"<html><body><h1>Otters</h1><p>&g; {NOTE * 5}</p></body></html>"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ORIGINALS = tmp_path / "originals"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Whoever fetches anything would come here."""
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        waiting.setblocking(False)
        yield waiting


def is_empty(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except BlockingIOError:
        return True
    return False


def imported(files: dict[str, bytes]) -> ImportJob:
    """One upload, with a good file before and behind."""
    all_files = {"first.txt": NOTE.encode(), **files, "last.txt": ICE.encode()}
    job = jobs.enqueue([jobs.Incoming(name, [data]) for name, data in all_files.items()], label="A test")
    assert jobs.claim(job, jobs.worker_name())
    jobs.run(job)
    assert job.state == JobState.DONE
    return job


def told(job: ImportJob) -> dict[str, list[ImportOutcome]]:
    found: dict[str, list[ImportOutcome]] = {}
    for outcome in job.outcomes.select_related("input"):
        found.setdefault(outcome.input.name, []).append(outcome)
    return found


def header_of(claimed: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    header = tarfile.TarInfo("claims.txt")
    header.size, header.type = claimed, kind
    return header.tobuf(tarfile.GNU_FORMAT) + NOTE.encode().ljust(1024, b"\0")


def zip_that_claims(size: int) -> bytes:
    packed = zip_of({"claims.txt": NOTE.encode()})
    return changed(packed, packed.find(b"PK\x01\x02") + 20, "<LL", size, size)


def links() -> bytes:
    link = tarfile.TarInfo("passwd")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return tar_with(link)


def nested(depth: int) -> bytes:
    packed = zip_of({"a.txt": NOTE.encode()})
    for _ in range(depth):
        packed = zip_of({"inner.zip": packed})
    return packed


FOUR_GIGABYTES = (4 << 30) - 16
SPACES = b" " * 30_000_000
# What each is refused with.
REFUSED: dict[str, tuple[bytes, str]] = {
    "billion laughs.nitf": (f"<!DOCTYPE nitf [{LAUGHS}]>{NITF}".encode(), "declares entities"),
    "billion laughs.rss": (f"<!DOCTYPE rss [{LAUGHS}]>{FEED}".encode(), "declares entities"),
    "billion laughs.html": (f"<!DOCTYPE html [{LAUGHS}]>{PAGE}".encode(), "declares entities"),
    "billion laughs in utf-16.xml": (f"<!DOCTYPE nitf [{LAUGHS}]>{NITF}".encode("utf-16"), "declares entities"),
    "bomb.zip": (zip_of({"bomb.txt": b"Otters" + SPACES}), "unpacks to more than"),
    "bomb.txt.gz": (gzip.compress(b"Otters" + SPACES), "unpacks to more than"),
    "bomb.tar.gz": (tar_of({"bomb.txt": b"Otters" + SPACES}, "w:gz"), "unpacks to more than"),
    "nested.zip": (nested(9), "inside a ZIP archive"),
    "nested.gz": (gzip.compress(gzip.compress(NOTE.encode())), "inside a compressed file"),
    "four gigabytes.tar": (header_of(4 << 30), "cut short"),
    "four gigabytes of a name.tar": (header_of(4 << 30, tarfile.GNUTYPE_LONGNAME), "cut short"),
    "four gigabytes.zip": (zip_that_claims(FOUR_GIGABYTES), "more bytes than the archive has"),
    "four gigabytes.warc": (warc_record(length=4 << 30), "damaged"),
    "columns.csv": (b",".join(b"column%d" % number for number in range(100_000)) + b",title\n", "100,001 columns"),
    "keys.jsonl": (json.dumps(dict.fromkeys(map(str, range(100_000)), "x")).encode(), "100,000 keys"),
    "all NUL": (bytes(1_000_000), "not text"),
    "NULs.html": (b"<html>" + bytes(1_000_000), "binary"),
    "gif.html": (b"GIF89a" + bytes(range(256)) * 100, "a GIF image"),
    "tags.html": (b"<html><body>" + b"<div>" * 49_000 + NOTE.encode(), "nests its tags"),
    "more tags.html": (b"<html><body>" + b"<div>" * 50_000 + NOTE.encode(), "50,000 tags"),
    "tags.nitf": (b"<nitf><body><body.content>" + b"<p>" * 50_000, "cut short"),
    "brackets.json": (b'[{"title": ' + b"[" * 100_000, "item 1"),
    "number.jsonl": (b'{"title": ' + b"9" * 100_000 + b"}\n", "digits"),
}


def test_each_hostile_file_is_refused_with_its_reason_and_the_rest_is_taken():
    receipt = told(imported({name: content for name, (content, _) in REFUSED.items()}))
    for name, (_, reason) in REFUSED.items():
        results = {outcome.result for outcome in receipt[name]}
        reasons = " ".join(f"{outcome.place} {outcome.reason}" for outcome in receipt[name])
        assert results == {Result.FAILED}, name
        assert reason in reasons, f"{name}: {reasons}"
    assert [receipt[name][0].result for name in ("first.txt", "last.txt")] == [Result.CREATED] * 2
    assert Article.objects.count() == 2
    assert most_memory() < MOST_MEMORY


def most_memory() -> int:
    """The most bytes that the processes that read files had, and are still there to be asked."""
    found = [Path(f"/proc/{process.running.pid}/status") for process in apart._idle.waiting]
    lines = [line for path in found if path.is_file() for line in path.read_text().splitlines()]
    return max((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), default=0)


def test_paths_that_lead_out_of_an_archive_lead_nowhere(tmp_path):
    names = ["../slip.txt", "/slip.txt", "C:\\slip.txt", "a/../../slip.txt"]
    files = {name: f"{number} otters sit in the harbour.".encode() for number, name in enumerate(names)}
    receipt = told(imported({"slip.zip": zip_of(files), "slip.tar": tar_of(files), "link.tar": links()}))
    assert [outcome.result for outcome in receipt["slip.zip"]] == [Result.CREATED] * len(names)
    assert [outcome.result for outcome in receipt["slip.tar"]] == [Result.DUPLICATE] * len(names)
    assert [outcome.result for outcome in receipt["link.tar"]] == [Result.SKIPPED]
    assert not [path for folder in (tmp_path, tmp_path.parent) for path in folder.glob("**/slip.txt")]


BAD_BYTES = {
    "overlong": b"\xc0\xae\xe0\x80\x80\xf0\x80\x80\x80",
    "halves of pairs": b"\xed\xa0\x80\xed\xb0\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80\xfc\x84\x80\x80\x80\x80",
    "continued": b"\x80\xbf\x80",
    "cut": b"\xc3",
    "too high": b"\xf4\x90\x80\x80\xff\xfe",
    "a NUL": b"\x00",
}


@pytest.mark.parametrize("form", ["text", "page", "table", "feed"])
def test_bytes_that_are_no_utf_8_are_stored_as_something_or_refused(form):
    before, behind, ending = {
        "text": ("Otters delay the ferry\n\n", f"\n\n{NOTE}", "txt"),
        "page": ("<html><body><h1>Otters</h1><p>", f" {NOTE * 4}</p></body></html>", "html"),
        "table": ("title,text\nOtters,", ",\n", "csv"),
        "feed": (
            "<rss><channel><item><title>Otters</title><description>",
            "</description></item></channel></rss>",
            "xml",
        ),
    }[form]
    files = {f"{name}.{ending}": f"{before}{name}".encode() + bad + behind.encode() for name, bad in BAD_BYTES.items()}
    receipt = told(imported(files))
    assert set(receipt) == {"first.txt", "last.txt", *files}
    assert all(outcome.reason or outcome.article for outcomes in receipt.values() for outcome in outcomes)
    assert all("\x00" not in article.body + article.title for article in Article.objects.all())


def test_nothing_that_a_file_names_is_fetched(listener):
    there = f"http://127.0.0.1:{listener.getsockname()[1]}/{{}}".format
    page = f'<link rel=stylesheet href="{there(1)}"><img src="{there(2)}"><iframe src="{there(3)}"></iframe>{NOTE * 5}'
    files = {
        "dtd.nitf": f'<!DOCTYPE nitf SYSTEM "{there(4)}">{NITF}'.replace("&g;", "Otters"),
        "dtd.html": f'<!DOCTYPE html SYSTEM "{there(5)}"><html><body><p>{page}</p></body></html>',
        "entity.nitf": f'<!DOCTYPE nitf [<!ENTITY g SYSTEM "{there(6)}">]>{NITF}',
        "parameter.rss": f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{there(7)}"> %p;]>{FEED}',
        "include.nitf": f'<nitf xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{there(8)}"/><body/></nitf>',
        "sheet.rss": f'<?xml-stylesheet href="{there(9)}"?><rss><channel><link>{there(10)}</link></channel></rss>',
        "link.jsonl": json.dumps({"title": "Otters", "canonical_url": there(11), "images": [{"url": there(12)}]}),
    }
    receipt = told(imported({name: text.encode() for name, text in files.items()}))
    assert set(receipt) == {"first.txt", "last.txt", *files}
    assert is_empty(listener)
