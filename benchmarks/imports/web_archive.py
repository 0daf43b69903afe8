"""What a large web archive costs: a WARC of invented pages is made, and imported."""

from __future__ import annotations

import gzip
import os
import random
import sys
from html import escape
from pathlib import Path
from typing import Any

from .. import table
from . import archives, rate

MEGABYTES = 1_000
# Scripts make up most of what is archived of a page; so many bytes of them, and so many links in its menu.
SCRIPT_BYTES = 250_000
LINKS = 200
CHANCE = random.Random(1)
HEAD = ["MB of WARC", "MB packed", "pages", "pages a second", "MB of memory"]


def run() -> None:
    """Prints one row; how many MB the archive has can be told in MEGABYTES."""
    wanted = int(os.environ.get("MEGABYTES", MEGABYTES)) * 1_000_000
    with archives.thrown_away() as data:
        file = data.parent / "pages.warc.gz"
        pages, size = write(wanted, file)
        packed = file.stat().st_size
        cost = archives.command(data, "import_articles", "--json", str(file))
    row = (size / 1e6, packed / 1e6, pages, pages / cost.wall, cost.peak)
    for line in table.markdown([HEAD, [f"{value:,.0f}" for value in row]]):
        sys.stdout.write(f"{line}\n")


def write(wanted: int, file: Path) -> tuple[int, int]:
    """How many pages there are, and how many bytes before packing. Each record is packed by itself."""
    size = pages = 0
    with file.open("wb") as archive:
        for pages, record in enumerate(rate.records(10**9), start=1):
            packet = response(pages, page(record))
            archive.write(gzip.compress(packet, 1))
            size += len(packet)
            if size >= wanted:
                break
    return pages, size


def page(record: dict[str, Any]) -> bytes:
    paragraphs = "".join(f"<p>{escape(text)}.</p>\n" for text in record["body"].split("\n\n"))
    menu = "".join(f'<li><a href="/{number}">Harbour {number}</a></li>\n' for number in range(LINKS))
    script = f"<script>x='{CHANCE.randbytes(SCRIPT_BYTES // 2).hex()}'</script>"
    title = escape(record["title"])
    return (
        f"<!doctype html><html lang=en><head><title>{title} - Packet</title>{script}</head><body><ul>{menu}</ul>"
        f"<article><h1>{title}</h1><time datetime={record['date']}>{record['date']}</time>\n{paragraphs}"
        "</article></body>"
    ).encode()


def response(number: int, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Date: 2019-07-11T10:00:00Z\r\nWARC-Target-URI: https://packet.example/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    ).encode()
    return head + http + b"\r\n\r\n"
