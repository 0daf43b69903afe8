"""One file, compressed by itself: `articles.jsonl.gz`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from articles.importers.entries import Entry
from articles.importers.unpacking import Allowance, method_of, opened, pieces, unpack
from articles.records import UnreadableFile


def looks_like(name: str, head: bytes) -> bool:
    return method_of(head) is not None


def entries(stream: BinaryIO, start: int) -> Iterator[Entry]:
    method = method_of(stream.read(16))
    stream.seek(0)
    if method is None:
        raise UnreadableFile("The file is not compressed by gzip, bzip2 or xz: choose another format for it.")
    if start == 0:
        with closing(opened(unpack(pieces(stream), method, Allowance()))) as unpacked:
            yield Entry(place="", name="", stream=unpacked)
