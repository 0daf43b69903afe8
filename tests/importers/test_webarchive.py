"""Web archives: each captured page is an entry, everything else is counted, and damage costs only what it hit."""

from __future__ import annotations

import gzip
import io
import zlib
from datetime import datetime
from pathlib import Path

import brotli
import pytest

from articles.importers import entries as shared
from articles.importers import warcrecords, webarchive
from articles.records import Unreadable, UnreadableFile
from tests.importers.packing import (
    contents,
    each_packed,
    entries,
    kind_of,
    page,
    parts,
    read,
    wacz_of,
    warc_record,
    zip_of,
)

SAMPLES = Path(__file__).parent.parent / "samples" / "warc"
ARCHIVES = Path(__file__).parent.parent.parent.parent / "shared" / "corpora" / "formats" / "web_archives"

REQUEST = warc_record(kind="request", http="GET /ferry HTTP/1.1\r\nHost: aldery.example\r\n\r\n", body=b" ")


# Moments that fall outside of all years once they are told in universal time.
BEYOND = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")


def answered(media_type: str, status: str = "200 OK", extra: str = "") -> str:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{extra}\r\n"


def others(packed: bytes) -> str:
    last = list(entries(packed))[-1]
    assert isinstance(last, Unreadable)
    assert last.passed_over
    return last.reason


def test_the_sample_gives_its_pages_and_counts_the_rest():
    ferry, ice, rest = contents((SAMPLES / "aldery.warc").read_bytes()).items()
    assert ferry[0] == "https://aldery.example/2019/03/ferry"
    assert b"Otters delay the ferry" in ferry[1]
    assert "Eisbrücke".encode("latin-1") in ice[1]
    assert rest == (
        webarchive.OTHERS,
        Unreadable(
            webarchive.OTHERS,
            "5 other records: 1 description of the archive, 1 error of a server, 1 picture, 1 redirect, 1 request",
            passed_over=True,
        ),
    )


def test_the_pages_of_the_sample_become_articles_with_the_moment_of_their_capture():
    ferry, ice, _ = read((SAMPLES / "aldery.warc").read_bytes())
    assert (ferry.title, ice.title) == ("Otters delay the ferry", "Eisbrücke über den Fluss")
    assert ferry.captured == datetime(2019, 3, 14, 9, 30)
    assert ferry.place == "https://aldery.example/2019/03/ferry"


def test_the_broken_sample_loses_one_page_and_no_other():
    told = contents((SAMPLES / "one_damaged.warc").read_bytes())
    places = list(told)
    assert places[0] == "https://aldery.example/2019/03/ferry"
    assert places[1].startswith("after byte ")
    assert places[2] == "https://aldery.example/2019/05/library"


def test_a_page_has_its_address_its_charset_and_the_moment_of_its_capture():
    http = answered("text/html; charset=ISO-8859-1")
    page_found, *_ = entries(warc_record("https://aldery.example/eis", http=http, day="2019-03-14T09:30:15.250Z"))
    assert isinstance(page_found, shared.Entry)
    assert page_found.place == page_found.address == "https://aldery.example/eis"
    assert page_found.captured == datetime(2019, 3, 14, 9, 30, 15)
    assert page_found.charset == "iso-8859-1"


@pytest.mark.parametrize("address", ["file:///pages/a.html", "urn:uuid:1", "https://aldery.example/" + "x" * 3000])
def test_an_address_that_no_browser_takes_is_only_a_place(address):
    found = next(iter(entries(warc_record(address))))
    assert isinstance(found, shared.Entry)
    assert found.address == ""
    assert found.place == address[:300]


def test_brackets_around_an_address_are_not_part_of_it():
    assert "https://aldery.example/a" in contents(warc_record("<https://aldery.example/a>"))


@pytest.mark.parametrize("day", ["", "yesterday", "0000-00-00T00:00:00Z", *BEYOND])
def test_a_capture_without_a_moment_is_read_all_the_same(day):
    found = next(iter(entries(warc_record(day=day))))
    assert isinstance(found, shared.Entry)
    assert found.captured is None


@pytest.mark.parametrize("error", [ValueError, OverflowError, LookupError])
@pytest.mark.parametrize("broken", ["_other", "_codings", "_captured", "_charset"])
def test_a_record_that_breaks_its_reader_costs_no_other(broken, error, monkeypatch):
    asked = getattr(webarchive, broken)

    def breaks(record: warcrecords.Record) -> object:
        if record.at == 0:
            raise error
        return asked(record)

    monkeypatch.setattr(webarchive, broken, breaks)
    first, second = entries(warc_record("https://a.example/") + warc_record("https://b.example/"))
    assert first == Unreadable(first.place, webarchive.BROKEN)
    assert first.place.startswith("https://a.example/")
    assert second.place == "https://b.example/"


def test_a_broken_record_without_a_legible_address_is_known_by_its_byte(monkeypatch):
    def breaks(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr(webarchive, "_address", breaks)
    assert [found.place for found in entries(warc_record())] == ["byte 0"]


def test_two_captures_of_a_page_are_two_entries():
    packed = warc_record(body=page("One")) + warc_record(body=page("Two"), day="2020-01-01T00:00:00Z")
    assert list(contents(packed)) == ["https://aldery.example/ferry", "https://aldery.example/ferry (2nd)"]


@pytest.mark.parametrize(
    "pack", [lambda *records: b"".join(records), each_packed, lambda *records: gzip.compress(b"".join(records))]
)
def test_it_is_the_same_however_it_is_packed(pack):
    packed = pack(warc_record("https://a.example/"), REQUEST, warc_record("https://b.example/"))
    assert kind_of("any", packed) == "warc"
    assert list(contents(packed)) == ["https://a.example/", "https://b.example/", webarchive.OTHERS]


CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page("Otters")), page("Otters"))


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress(page("Otters"))),
        ("Content-Encoding: br\r\n", brotli.compress(page("Otters"))),
        ("Content-Encoding: deflate\r\n", zlib.compress(page("Otters"))),
        ("Transfer-Encoding: chunked\r\n", CHUNKED),
        (
            "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(page("Otters"))), gzip.compress(page("Otters"))),
        ),
        # Programs that unpack what they keep, and leave the headers as they were.
        ("Content-Encoding: gzip\r\n", page("Otters")),
        ("Content-Encoding: br\r\n", page("Otters")),
        ("Transfer-Encoding: chunked\r\n", page("Otters")),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", gzip.compress(page("Otters"))),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", CHUNKED),
        ("Content-Encoding: utf-8\r\n", page("Otters")),
    ],
)
def test_a_page_comes_as_a_browser_would_have_it(headers, body):
    (found,) = contents(warc_record(body=body, http=answered("text/html", extra=headers))).values()
    assert found == page("Otters")


def test_a_page_that_is_packed_otherwise_than_it_says_is_told_of():
    packed = warc_record(
        body=b"\x1f\x8b\x08 and nothing more", http=answered("text/html", extra="Content-Encoding: gzip\r\n")
    )
    (found,) = contents(packed).values()
    assert found == Unreadable("https://aldery.example/ferry", webarchive.CANNOT_UNPACK)


def test_a_page_that_was_kept_without_its_answer_is_a_page():
    packed = warc_record(kind="resource", http="", media_type='text/html; charset="windows-1252"')
    found = next(iter(entries(packed)))
    assert isinstance(found, shared.Entry)
    assert found.charset == "windows-1252"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (REQUEST, "1 other record: 1 request"),
        (warc_record(kind="revisit"), "1 other record: 1 revisit"),
        (warc_record(kind="conversion"), "1 other record: 1 conversion"),
        (warc_record(kind="otter"), "1 other record: 1 record of an unknown kind"),
        (warc_record(http=answered("text/html", "301 Moved")), "1 other record: 1 redirect"),
        (warc_record(http=answered("text/html", "404 Not Found")), "1 other record: 1 error of a server"),
        (warc_record(http=answered("text/html", "206 Partial")), "1 other record: 1 incomplete answer"),
        (warc_record(http="no HTTP at all"), "1 other record: 1 incomplete answer"),
        (warc_record(http=answered("image/png")), "1 other record: 1 picture"),
        (warc_record(http=answered("application/rss+xml")), "1 other record: 1 XML file"),
        (warc_record(http=answered("application/javascript")), "1 other record: 1 script"),
        (warc_record(http=answered("text/html"), body=b"\x89PNG\r\n\x1a\n"), "1 other record: 1 other file"),
        (warc_record(http=answered("text/plain"), body=b"only words"), "1 other record: 1 other file"),
        (warc_record(kind="resource", http="", media_type="text/css"), "1 other record: 1 style sheet"),
    ],
)
def test_what_is_no_page_is_counted(record, said):
    assert others(record) == said


def test_the_count_names_the_most_first():
    packed = REQUEST * 2 + warc_record(http=answered("image/png")) * 3
    assert others(packed) == "5 other records: 3 pictures, 2 requests"


def test_a_page_of_two_bytes_a_letter_is_a_page():
    body = page("Otters").decode().encode("utf-16")
    assert list(contents(warc_record(body=body)).values()) == [body]


@pytest.mark.parametrize("pack", [lambda *records: b"".join(records), each_packed])
def test_a_record_that_claims_4_gb_is_told_of_and_the_next_is_read(pack):
    liar = warc_record("https://b.example/", length=4_000_000_000)
    told = contents(pack(warc_record("https://a.example/"), liar, warc_record("https://c.example/")))
    first, gap, last = told.items()
    assert (first[0], last[0]) == ("https://a.example/", "https://c.example/")
    assert gap[0].startswith("byte ")
    assert "cut short" in gap[1].reason


def test_damage_in_a_packed_record_costs_that_record():
    one, two, three = (each_packed(warc_record(f"https://{name}.example/")) for name in "abc")
    spoilt = two[:60] + bytes(40) + two[100:]
    told = contents(one + spoilt + three)
    assert list(told) == ["https://a.example/", "after byte 0", "https://c.example/"]


def test_damage_at_the_beginning_is_told_of_before_the_first_page():
    spoilt = each_packed(warc_record())
    spoilt = spoilt[:250] + bytes(30) + spoilt[280:]
    told = contents(spoilt + each_packed(warc_record("https://a.example/")))
    assert list(told) == ["after byte 0", "https://a.example/"]


@pytest.mark.parametrize("pack", [lambda record: record, each_packed])
def test_a_page_that_is_cut_short_is_told_of(pack):
    packed = pack(warc_record("https://a.example/")) + pack(warc_record("https://b.example/"))[:-60]
    told = list(contents(packed).items())
    assert told[0][0] == "https://a.example/"
    assert isinstance(told[1][1], Unreadable)
    assert len(told) == 2


@pytest.mark.parametrize("pack", [lambda record: record, each_packed])
def test_wherever_an_archive_is_cut_off_one_line_tells_it(pack):
    first, second = pack(warc_record("https://a.example/")), pack(warc_record("https://b.example/"))
    # What is left out of a record in the end is not of the page: blank lines, a checksum.
    for size in range(1, len(second) - 12):
        told = contents(first + second[:size])
        refused = [found for found in told.values() if isinstance(found, Unreadable) and not found.passed_over]
        assert len(refused) == 1, size
        assert refused[0].place.startswith(("byte", "after byte")), size


def test_an_archive_without_a_whole_record_is_refused():
    for packed in (b"WARC/1.0\r\nnothing\r\n", b"WARC/1.0", gzip.compress(b"WARC/1.0 and so on"), warc_record()[:100]):
        with pytest.raises(UnreadableFile, match="no record in it is whole"):
            contents(packed)


def test_an_archive_that_is_all_damage_is_given_up(monkeypatch):
    monkeypatch.setattr(warcrecords, "MOST_BREAKS", 3)
    liar = warc_record("https://b.example/", length=4_000_000_000)
    told = contents((warc_record("https://a.example/") + liar) * 10)
    assert told[shared.THE_REST] == Unreadable(shared.THE_REST, warcrecords.GIVEN_UP)


def test_pages_beyond_the_limit_are_told_of(monkeypatch):
    monkeypatch.setattr(webarchive, "MOST_PAGES", 3)
    told = contents(b"".join(warc_record(f"https://{number}.example/") for number in range(9)))
    assert list(told)[-1] == shared.THE_REST
    assert len(told) < 6


def test_a_page_that_is_too_large_is_told_of_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(webarchive, "PAGE_BYTES", 100_000)
    large = page("Otters") + b"x" * 300_000
    unpacked = warc_record(
        "https://b.example/", http=answered("text/html", extra="Content-Encoding: gzip\r\n"), body=gzip.compress(large)
    )
    told = contents(warc_record("https://a.example/", body=large) + warc_record("https://c.example/"))
    assert told["https://a.example/"] == Unreadable("https://a.example/", webarchive.TOO_LARGE)
    assert told["https://c.example/"] == page("Otters")
    unread = entries(unpacked)
    found = next(unread)
    assert isinstance(found, shared.Entry)
    with pytest.raises(UnreadableFile, match="too large"):
        found.stream.read()


@pytest.mark.parametrize("start", range(6))
@pytest.mark.parametrize("pack", [lambda *records: b"".join(records), each_packed])
def test_it_goes_on_from_any_part(start, pack):
    records = [warc_record(f"https://{name}.example/") for name in "abc"]
    packed = pack(REQUEST, records[0], records[1], warc_record(length=4_000_000_000), REQUEST, records[2], records[0])
    assert parts(packed, start) == parts(packed)[start:]


def test_a_web_archive_in_a_packed_one_says_which_it_was_in():
    packed = wacz_of(each_packed(warc_record("https://a.example/"), REQUEST))
    places = [item.place for _, _, results in parts(packed) for item in results]
    assert "archive/data.warc.gz, https://a.example/" in places
    assert "archive/data.warc.gz, other records" in places


def test_damage_in_the_archive_around_it_keeps_the_pages_before():
    many = b"".join(warc_record(f"https://{number * 7919}.example/{number**5}") for number in range(2000))
    packed = bytearray(zip_of({"a.warc": many}))
    middle = len(packed) // 2
    packed[middle : middle + 300] = b"\xff" * 300
    around = entries(bytes(packed))
    outer = next(around)
    assert isinstance(outer, shared.Entry)
    places = [found.place for found in webarchive.entries(outer.stream, 0)]
    assert len(places) > 500
    assert places[-1] == shared.THE_REST


@pytest.mark.skipif(not ARCHIVES.is_dir(), reason="the corpora are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("py-wacz/example-collection.warc", 1),
        ("py-wacz/example-warcinfo-metadata.warc", 1),
        ("py-wacz/example-resource.warc.gz", 1),
        ("warcio/example.warc", 1),
        ("warcio/example.warc.gz", 1),
        ("warcio/example-trunc.warc", 1),
        ("warcio/example-bad-non-chunked.warc.gz", 1),
        ("warcio/example-iana.org-chunked.warc", 1),
        ("warcio/example-resource.warc.gz", 1),
        ("warcio/example-wget-bad-target-uri.warc.gz", 1),
        ("warcio/example-wrong-chunks.warc.gz", 1),
        ("warcio/example-bad.warc.gz.bad", 1),
        ("warcio/example-digest.warc", 0),
        ("warcio/example-space-in-target-uri.warc.gz", 0),
        ("warcio/post-test.warc.gz", 0),
    ],
)
def test_real_web_archives_give_their_pages(name, pages):
    packed = (ARCHIVES / name).read_bytes()
    found = [
        found.stream.read() for found in webarchive.entries(io.BytesIO(packed), 0) if isinstance(found, shared.Entry)
    ]
    assert len(found) == pages
    assert all(b"</html>" in body.lower() for body in found)
