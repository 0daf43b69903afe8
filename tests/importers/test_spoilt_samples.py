"""Samples of every format, spoilt in every way: each is answered, the same each time, and nothing else is raised."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers.lines import decoded
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile, storable, to_json
from tests.importers.packing import NOTE, each_packed, tar_of, warc_record, zip_of

SAMPLES = Path(__file__).parent.parent / "samples"
LONGEST_SAMPLE = 60_000
FORMATS = ("feed", "json", "jsonl", "newsml", "newsmlg2", "ninjs", "nitf", "pagetext", "table", "webpage", "wordpress")
CONTENTS = {
    path.relative_to(SAMPLES).as_posix(): path.read_bytes()
    for name in FORMATS
    for path in sorted((SAMPLES / name).rglob("*"))
    if path.is_file() and path.stat().st_size < LONGEST_SAMPLE
}
TELLING = (b"\x00", b"<", b'"', b"&", b"\xff\xfe", b"]]>", b"\n\n")
CAME = datetime(2020, 5, 1, 12, 0)

# How a sample may lie in another file.
WRAPPED: dict[str, Callable[[bytes], bytes]] = {
    "by itself": bytes,
    "in a ZIP": lambda content: zip_of({"a.txt": NOTE.encode(), "b": content}),
    "in a TAR": lambda content: tar_of({"a.txt": NOTE.encode(), "b": content}),
    "in a TAR in gzip": lambda content: tar_of({"b": content, "a.txt": NOTE.encode()}, "w:gz"),
    "in gzip": lambda content: gzip.compress(content, mtime=0),
    "in xz": lzma.compress,
    "in bzip2": bz2.compress,
    "in a web archive": lambda content: each_packed(warc_record("https://a.example/", body=content or b" ")),
    "in a ZIP in a ZIP": lambda content: zip_of({"b.zip": zip_of({"b": content})}),
}


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """The content cut, with bytes flipped, and with pieces of it repeated, moved or taken out."""
    made = bytearray(content)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(made)))
        how = draw(st.sampled_from(["flip", "cut", "repeat", "drop", "put"]))
        if how == "flip" and at < len(made):
            made[at] ^= draw(st.integers(1, 255))
        elif how == "cut":
            del made[at:]
        elif how == "repeat":
            made[at:at] = made[at : at + draw(st.integers(1, 200))] * draw(st.integers(1, 20))
        elif how == "drop":
            del made[at : at + draw(st.integers(1, 200))]
        else:
            made[at:at] = draw(st.one_of(st.binary(max_size=8), st.sampled_from(TELLING)))
    return bytes(made)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    name = draw(st.sampled_from(sorted(CONTENTS)))
    inner = draw(spoilt(CONTENTS[name]))
    return name.rpartition("/")[2], WRAPPED[draw(st.sampled_from(sorted(WRAPPED)))](inner)


Answer = list[ArticleRecord | Unreadable] | str


def answer(name: str, content: bytes, guidance: Guidance) -> Answer:
    try:
        return list(importers.read(name, io.BytesIO(content), guidance))
    except UnreadableFile as refusal:
        return str(refusal)


@settings(deadline=None, max_examples=300, database=None)
@given(files(), st.sampled_from(["", *sorted(importers.KINDS)]))
def test_a_spoilt_sample_is_answered_the_same_each_time(file, chosen):
    """Also where a person said that it is something else."""
    guidance = Guidance(received=CAME, format=chosen)
    told = answer(*file, guidance)
    assert told == answer(*file, guidance)
    if isinstance(told, str):
        assert told.strip()
        return
    places = [result.place for result in told]
    assert len(set(places)) == len(places)
    for result in told:
        check(result)


def check(result: ArticleRecord | Unreadable) -> None:
    if isinstance(result, Unreadable):
        assert result.reason.strip()
        assert result.place == storable(result.place)
        return
    written = json.dumps(to_json(result), ensure_ascii=False)
    assert written == storable(written)
    assert "\\u0000" not in written
    date = result.date
    assert not (date.earliest and date.latest and date.earliest > date.latest)
    assert not date.earliest or date.earliest.year >= 1450
    assert not date.earliest or date.earliest < datetime(2020, 5, 3)
    assert date.earliest or date.latest or date.known == "unknown"


@settings(deadline=None, max_examples=150, database=None)
@given(st.data())
def test_the_three_kinds_of_lines_of_a_spoilt_page_add_up_to_it(data):
    name = data.draw(st.sampled_from([name for name in sorted(CONTENTS) if name.startswith("pagetext/")]))
    content = data.draw(spoilt(CONTENTS[name]))
    told = answer("a", content, Guidance(format="pagetext"))
    for record in told if not isinstance(told, str) else ():
        assert isinstance(record, ArticleRecord)
        assert "".join(text for _, text in record.page) == decoded(content)
        assert record.received == "".join(text for kind, text in record.page if kind == "body")
