"""Containers for tests, whole and spoilt, made of a few bytes."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from articles import importers
from articles.importers import Container
from articles.importers.entries import Entry
from articles.records import ArticleRecord, Guidance, Unreadable

NOTE = "Otters delay the ferry\n\nThe ferry to Port Aldery did not sail on Tuesday, because of otters.\n"
ARTICLE = b'{"title": "Otters delay the ferry", "body": "It did not sail."}\n'
PAGE = b"<!DOCTYPE html>\n<html><head><title>%s</title></head><body><p>The ferry did not sail.</p></body></html>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)

Found = list[ArticleRecord | Unreadable]


def page(title: str) -> bytes:
    return PAGE % title.encode()


def zip_of(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tar_of(files: Mapping[str, bytes], mode: str = "w", **options: Any) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode, **options) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return packed.getvalue()


def tar_with(*headers: tarfile.TarInfo) -> bytes:
    """An archive of headers without bytes, such as links."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for header in headers:
            archive.addfile(header)
    return packed.getvalue()


def warc_record(
    address: str = "https://aldery.example/ferry",
    body: bytes = b"",
    *,
    kind: str = "response",
    http: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
    day: str = "2019-03-14T09:30:00Z",
    media_type: str = "application/http; msgtype=response",
    length: int | None = None,
) -> bytes:
    """`length` is what its header claims."""
    block = http.encode() + (body or page("Otters"))
    size = len(block) if length is None else length
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {address}", f"WARC-Date: {day}"]
    lines += [f"Content-Type: {media_type}", f"Content-Length: {size}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def each_packed(*records: bytes) -> bytes:
    """A web archive as crawlers write it: each record compressed by itself."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def wacz_of(warc: bytes, name: str = "archive/data.warc.gz") -> bytes:
    files = {name: warc, "indexes/index.cdx": b"com,example)/ 2019", "pages/pages.jsonl": b'{"url": "x"}\n'}
    return zip_of(files | {"datapackage.json": b"{}"}, zipfile.ZIP_STORED)


def kind_of(name: str, packed: bytes) -> str:
    return importers.detect(name, packed[: importers.HEAD_BYTES]).name


def read(packed: bytes, name: str = "upload", guidance: Guidance = importers.NOTHING_SAID) -> Found:
    return list(importers.read(name, io.BytesIO(packed), guidance))


def parts(packed: bytes, start: int = 0, name: str = "upload") -> list[tuple[int, str, Found]]:
    walked = importers.walk(name, io.BytesIO(packed), start=start)
    return [(part.number, part.place, list(part.results)) for part in walked]


def entries(packed: bytes, start: int = 0) -> Iterator[Entry | Unreadable]:
    kind = importers.detect("upload", packed[: importers.HEAD_BYTES])
    assert isinstance(kind, Container)
    return kind.entries(io.BytesIO(packed), start)


def contents(packed: bytes) -> dict[str, bytes | Unreadable]:
    """Each entry by its place: its bytes, or why there are none."""
    return {found.place: found if isinstance(found, Unreadable) else found.stream.read() for found in entries(packed)}


def changed(packed: bytes, at: int, form: str, *values: int) -> bytes:
    """The bytes with numbers written over them."""
    spoilt = bytearray(packed)
    struct.pack_into(form, spoilt, at, *values)
    return bytes(spoilt)
