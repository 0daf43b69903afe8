"""NITF: one story of a news agency or a newspaper as XML."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers import markup, stamps, wire
from articles.importers.markup import Element, words
from articles.records import HTML, ArticleRecord, Guidance, Unreadable, UnreadableFile

NOT_NITF = "The file is no NITF that can be read: ask the agency for it again, or save its text as plain text."


def looks_like(name: str, head: bytes) -> bool:
    return markup.root_of(head) == "nitf"


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """The story of the file. Raises `UnreadableFile` where it cannot be read, since there is no other."""
    empty = True
    for found in markup.items(stream, ["nitf"]):
        if isinstance(found, Unreadable) and empty:
            raise UnreadableFile(f"{NOT_NITF} ({found.reason})")
        yield found if isinstance(found, Unreadable) else _result(markup.bare(found.element), guidance, found.place)
        empty = False
    if empty:
        raise UnreadableFile(NOT_NITF)


def _result(nitf: Element, guidance: Guidance, place: str) -> ArticleRecord | Unreadable:
    title = words(nitf.find("body/body.head/hedline/hl1")) or words(nitf.find("body/body.head/hedline"))
    title = title or words(nitf.find("head/title"))
    story, source = _story(nitf), _source(nitf)
    if not title and not story.body:
        return Unreadable(place, "there is neither a headline nor a text")
    standing = wire.standing(_value(nitf, "docdata", "management-status"), _release(nitf), guidance.received)
    return ArticleRecord(
        title=title,
        body=story.body,
        body_type=HTML,
        kicker=_value(nitf, "series", "series.name"),
        standfirst=wire.standfirst(_leads(nitf), title, story.body),
        byline=", ".join(filter(None, (", ".join(_byline(byline)) for byline in _bylines(nitf)))),
        authors=_authors(nitf, source),
        source=source,
        sections=_section(nitf),
        tags=tuple(filter(None, _tags(nitf))),
        dateline=_dateline(nitf),
        language=wire.language(nitf.get(markup.LANG), nitf.get("baselang")),
        canonical_url=wire.address(_value(nitf, "pubdata", "ex-ref")),
        date=stamps.first(_dates(nitf), guidance.received),
        status=standing.status,
        correction=_value(nitf, "correction", "info"),
        editors_note=wire.paragraphs(standing.note, *_notes(nitf)),
        images=story.images,
        place=place,
    )


def _value(nitf: Element, name: str, attribute: str) -> str:
    """An attribute of the first element of this name in the head that has it."""
    values = (element.get(attribute, "") for element in nitf.iterfind(f"head//{name}"))
    return next((" ".join(value.split()) for value in values if value.strip()), "")


def _bylines(nitf: Element) -> Iterator[Element]:
    return nitf.iterfind("body/body.head/byline")


def _byline(byline: Element) -> list[str]:
    """The people, and behind them their offices, which are elements inside of the same text."""
    offices = [words(office) for office in byline.iterfind("byttl")]
    people = " ".join(" ".join(map(str, byline.itertext())).split())
    for office in offices:
        people = people.replace(office, "")
    return [part for part in (people.strip(" ,"), *offices) if part]


def _authors(nitf: Element, source: str) -> tuple[str, ...]:
    """The people in the bylines; an agency that stands there as well is the source."""
    texts = [words(person) for byline in _bylines(nitf) for person in byline.iterfind("person")]
    texts = texts or [text for byline in _bylines(nitf) for text in _byline(byline)[:1]]
    named = (name for text in texts for name in wire.names(text) or (text,))
    return tuple(name for name in named if name.lower() != source.lower() and name[:1].isupper())


def _story(nitf: Element) -> wire.Story:
    parts = [wire.story(part) for part in nitf.iterfind("body/body.content")]
    lines = [words(line) for line in nitf.iterfind("body/body.end/tagline")]
    parts += [wire.Story(f"<p>{html.escape(line, quote=False)}</p>") for line in lines if line]
    heads = [wire.story(part) for part in nitf.iterfind("body/body.head/media/..")]
    images = tuple(image for part in (*heads, *parts) for image in part.images)
    return wire.Story("\n".join(part.body for part in parts if part.body), images)


def _leads(nitf: Element) -> list[str]:
    return [words(nitf.find("body/body.head/abstract")), words(nitf.find("body/body.head/hedline/hl2"))]


def _source(nitf: Element) -> str:
    """The newspaper that printed it, else the agency that sent it."""
    return (
        _value(nitf, "pubdata", "name")
        or words(nitf.find("body/body.head/distributor"))
        or _value(nitf, "doc.copyright", "holder")
        or _value(nitf, "doc-id", "regsrc")
        or _value(nitf, "from-src", "src-name")
    )


def _section(nitf: Element) -> tuple[str, ...]:
    section = _value(nitf, "pubdata", "position.section")
    return (section,) if section else ()


def _tags(nitf: Element) -> Iterator[str]:
    """The keywords, and the subjects that have a name beside their code."""
    for keyword in nitf.iterfind("head//keyword"):
        yield keyword.get("key", "").strip() or words(keyword)
    for subject in nitf.iterfind("head//tobject.subject"):
        names = [subject.get(f"tobject.subject.{part}", "").strip() for part in ("type", "matter", "detail")]
        yield from (name for name in names if name)


def _dateline(nitf: Element) -> str:
    """The place, without the date of the story that stands beside it for programs."""
    dateline = nitf.find("body/body.head/dateline")
    if dateline is None:
        return ""
    for date in list(dateline.iterfind("story.date")):
        wire.take_out(date)
    parts = (" ".join(str(part).split()).strip(" ,") for part in dateline.itertext())
    return ", ".join(filter(None, parts))


def _dates(nitf: Element) -> list[str]:
    story = nitf.find("body/body.head/dateline/story.date")
    return [
        _value(nitf, "pubdata", "date.publication"),
        _value(nitf, "date.release", "norm"),
        _value(nitf, "date.issue", "norm"),
        story.get("norm", "") if story is not None else "",
    ]


def _release(nitf: Element) -> str:
    embargoed = _value(nitf, "docdata", "management-status").lower() == "embargoed"
    return _value(nitf, "date.release", "norm") if embargoed else ""


def _notes(nitf: Element) -> list[str]:
    return [_value(nitf, "ed-msg", "info"), *(words(note) for note in nitf.iterfind("body/body.head/note"))]
