"""ZIP archives, such as a folder of saved pages; and WACZ, which is one with web archives in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import BinaryIO

from articles.importers import zipdirectory
from articles.importers.entries import (
    LINK,
    THE_REST,
    Entry,
    Places,
    SavedPages,
    is_hidden,
    known_by_head,
)
from articles.importers.unpacking import Allowance, Method, bunzip2, checked, inflate, opened, pieces, unpack, window
from articles.importers.zipdirectory import END_SIGNATURE, LOCAL_SIGNATURE, Contents, Member
from articles.records import Unreadable, UnreadableFile

STORED = 0
METHODS: dict[int, Method] = {8: inflate, 12: bunzip2}
# Others that are met, by their numbers.
_KNOWN = {9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "xz", 98: "PPMd", 99: "AES"}

PACKAGE = "datapackage.json"

EMPTY = "The ZIP archive is empty: put the files into it and upload it again."
LOCKED = "it is locked with a password: unpack it and upload what is in it"
OWN_LIST = "a list that the web archive keeps of itself, not an article"

_OFFICE = {"word/": "a Word document", "xl/": "an Excel workbook", "ppt/": "a PowerPoint presentation"}
_BY_TYPE = (
    (b"application/vnd.oasis.opendocument.", "an OpenDocument file"),
    (b"application/epub+zip", "an EPUB book"),
)


def looks_like(name: str, head: bytes) -> bool:
    return head.startswith((LOCAL_SIGNATURE, END_SIGNATURE)) and not document(head)


def looks_like_wacz(name: str, head: bytes) -> bool:
    inside = [name for name, _ in zipdirectory.names(head)] if head.startswith(LOCAL_SIGNATURE) else []
    return PACKAGE in inside or any(map(_is_warc, inside))


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.endswith((".warc", ".warc.gz"))


def document(head: bytes) -> str:
    """What an archive is that is one document for people, such as "a Word document"; "" if it is none."""
    if not head.startswith(LOCAL_SIGNATURE):
        return ""
    inside = list(zipdirectory.names(head))
    first, content = inside[0] if inside else ("", b"")
    if first == "mimetype":
        return next((what for kind, what in _BY_TYPE if content.startswith(kind)), "")
    names = [name for name, _ in inside]
    parts = [name for name in names if name.startswith(tuple(_OFFICE)) and name.endswith((".xml", ".rels"))]
    if not parts and "[Content_Types].xml" not in names:
        return ""
    return next(
        (what for name in names for folder, what in _OFFICE.items() if name.startswith(folder)), "an office document"
    )


def entries(stream: BinaryIO, start: int) -> Iterator[Entry | Unreadable]:
    contents = zipdirectory.read(stream)
    if not contents.members and not contents.problem:
        raise UnreadableFile(EMPTY)
    allowance = Allowance()
    for number, (place, found) in enumerate(_listed(contents)):
        if number < start:
            continue
        if isinstance(found, Unreadable):
            yield found
        else:
            yield from _entry(stream, place, found, allowance)


def _listed(contents: Contents) -> Iterator[tuple[str, Member | Unreadable]]:
    """Each entry that somebody put there, with its place, or what keeps it from being read."""
    places = Places()
    beside = _beside(contents)
    for member, after in itertools.zip_longest(contents.members, contents.members[1:]):
        if member.name.endswith("/") or is_hidden(member.name):
            continue
        place = places.take(member.name)
        if passed_over := beside(member.name) or (LINK if member.link else ""):
            yield place, Unreadable(place, passed_over, passed_over=True)
        elif problem := _problem(member) or zipdirectory.problem_of(member, after, contents.end):
            yield place, Unreadable(place, problem)
        else:
            yield place, member
    if contents.problem:
        yield THE_REST, Unreadable(places.take(THE_REST), contents.problem)


def _beside(contents: Contents) -> Callable[[str], str]:
    """What says of a name why there is no article of its own under it, or ""."""
    names = {member.name for member in contents.members}
    if PACKAGE in names and any(map(_is_warc, names)):
        return lambda name: "" if _is_warc(name) else OWN_LIST
    return SavedPages(names).around


def _problem(member: Member) -> str:
    if member.locked:
        return LOCKED
    if member.method != STORED and member.method not in METHODS:
        how = _KNOWN.get(member.method, f"method {member.method}")
        return f"it is compressed by {how}, which is not read here: unpack it and upload what is in it"
    return ""


def _entry(stream: BinaryIO, place: str, member: Member, allowance: Allowance) -> Iterator[Entry | Unreadable]:
    try:
        content = _opened(stream, member, allowance)
    except UnreadableFile as error:
        yield Unreadable(place, str(error))
        return
    with closing(content):
        yield from known_by_head(place, member.name, content)


def _opened(stream: BinaryIO, member: Member, allowance: Allowance) -> BinaryIO:
    """Its bytes, checked as they are read. What is stored as it is is read where it stands."""
    begin = zipdirectory.begin_of(stream, member)
    if member.method == STORED:
        return window(stream, begin, member.packed, member.crc)
    stream.seek(begin)
    packed = pieces(stream, member.packed)
    return opened(checked(unpack(packed, METHODS[member.method], allowance), member.crc))
