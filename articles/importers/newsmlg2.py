"""NewsML-G2: news items of an agency, alone or several in a message, whose texts are XHTML, NITF or plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers import markup, stamps, wire
from articles.importers.markup import Element, words
from articles.records import HTML, PLAIN, ArticleRecord, Guidance, ImageRecord, Unreadable, UnreadableFile

NOT_NEWSML = "The file is no NewsML-G2 with a news item in it: ask the agency for it again."

_NO_NEWS = {
    "packageItem": "a package: a list of other items",
    "conceptItem": "a term of a vocabulary",
    "knowledgeItem": "a vocabulary",
    "planningItem": "a plan for coverage",
    "catalogItem": "a catalogue",
}
_ROOTS = frozenset({"newsMessage", "newsItem", *_NO_NEWS})
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|table|ul|ol)\b", re.IGNORECASE)
_SECTION_SCHEMES = ("department", "section")
_OF_EDITORS = ("private", "nonpublic", "contacts", "closingline")


def looks_like(name: str, head: bytes) -> bool:
    return markup.root_of(head) in _ROOTS


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each news item with a text; packages, and pictures that come alone, are passed over."""
    empty = True
    for found in markup.items(stream, ["newsItem", *_NO_NEWS]):
        yield found if isinstance(found, Unreadable) else _result(markup.bare(found.element), guidance, found.place)
        empty = False
    if empty:
        raise UnreadableFile(NOT_NEWSML)


def _result(item: Element, guidance: Guidance, place: str) -> ArticleRecord | Unreadable:
    if item.tag in _NO_NEWS:
        return Unreadable(place, f"{item.tag}: {_NO_NEWS[str(item.tag)]}", passed_over=True)
    kind = _code(item, "itemMeta/itemClass")
    story, body_type = _story(item)
    title = _headline(item, sub=False)
    if not story.body and (kind != "text" or not title):
        return Unreadable(place, f"{kind or 'item'}: there is no text in it", passed_over=kind not in ("text", ""))
    return _record(item, guidance, place, title, story, body_type)


def _record(
    item: Element, guidance: Guidance, place: str, title: str, story: wire.Story, body_type: str
) -> ArticleRecord:
    byline = _first(item, "contentMeta/by")
    correction = any(_code_of(signal).endswith("correction") for signal in item.iterfind("itemMeta/signal"))
    notes = wire.paragraphs(*_notes(item))
    standing = wire.standing(_code(item, "itemMeta/pubStatus"), _first(item, "itemMeta/embargoed"), guidance.received)
    return ArticleRecord(
        title=title or _first(item, "itemMeta/title") or _first(item, "contentMeta/slugline"),
        body=story.body,
        body_type=body_type,
        kicker=_first(item, "contentMeta/slugline"),
        standfirst=wire.standfirst([_headline(item, sub=True), *_summaries(item)], title, story.body),
        byline=byline,
        authors=wire.names(byline) or _creators(item),
        source=_source(item),
        sections=tuple(_subjects(item, sections=True)),
        tags=(*filter(None, map(words, item.iterfind("contentMeta/keyword"))), *_subjects(item, sections=False)),
        dateline=_first(item, "contentMeta/dateline") or _located(item),
        language=_language(item),
        canonical_url=wire.address(item.get("guid", "")),
        date=stamps.first(_dates(item), guidance.received),
        status=standing.status,
        correction=notes if correction else "",
        editors_note=wire.paragraphs(standing.note, "" if correction else notes),
        images=(*story.images, *_pictures(item)),
        place=place,
    )


def _first(item: Element, path: str) -> str:
    return next(filter(None, (words(found) for found in item.iterfind(path))), "")


def _code_of(element: Element) -> str:
    """A code without its scheme: `text` of `icls:text`."""
    return element.get("qcode", "").rpartition(":")[2]


def _code(item: Element, path: str) -> str:
    found = item.find(path)
    return _code_of(found) if found is not None else ""


def _story(item: Element) -> tuple[wire.Story, str]:
    """The first form of the text that is in the file; forms that only have an address are not fetched."""
    for content in item.iterfind("contentSet/inlineXML"):
        story = wire.story(_body_of(content))
        if words(content):
            return story, HTML
    for content in item.iterfind("contentSet/inlineData"):
        text = "".join(map(str, content.itertext())).strip()
        if text and not content.get("encoding"):
            return wire.Story(text), HTML if _MARKUP.search(text) else PLAIN
    return wire.Story(), PLAIN


def _body_of(content: Element) -> Element:
    for name in ("body.content", "body"):
        found = next(content.iter(name), None)
        if found is not None:
            return found
    return content


def _headline(item: Element, *, sub: bool) -> str:
    lines = [*item.iterfind("contentMeta/headline"), *item.iterfind("contentSet/inlineXML//hedline/hl1")]
    lines += item.iterfind("contentSet/inlineXML/nitf/head/title")
    fitting = (words(line) for line in lines if ("sub" in line.get("role", "").lower()) is sub)
    return next(filter(None, fitting), "")


def _summaries(item: Element) -> list[str]:
    told = item.iterfind("contentMeta/description")
    return [words(text) for text in told if "caption" not in text.get("role", "").lower()]


def _name(element: Element) -> str:
    """What a party, a place or a subject is called: its name, else the text that stands for it, else its code."""
    return words(element.find("name")) or element.get("literal", "").strip() or _code_of(element)


def _source(item: Element) -> str:
    for path in ("itemMeta/provider", "contentMeta/infoSource", "rightsInfo/copyrightHolder"):
        if name := next(filter(None, map(_name, item.iterfind(path))), ""):
            return name
    return ""


def _creators(item: Element) -> tuple[str, ...]:
    """People have a first and a last name here; what is one word is an agency or a log-in."""
    named = (words(creator.find("name")) for creator in item.iterfind("contentMeta/creator"))
    return tuple(name for name in named if " " in name)


def _subjects(item: Element, *, sections: bool) -> Iterator[str]:
    """The subjects that have a name; those of the agency's departments are sections."""
    for subject in item.iterfind("contentMeta/subject"):
        scheme = subject.get("qcode", "").partition(":")[0].lower()
        name = words(subject.find("name"))
        if len(name) > 1 and scheme.endswith(_SECTION_SCHEMES) is sections:
            yield name


def _located(item: Element) -> str:
    places = (words(place.find("name")) or place.get("literal", "") for place in item.iterfind("contentMeta/located"))
    return ", ".join(filter(None, places))


def _language(item: Element) -> str:
    told = item.find("contentMeta/language")
    return wire.language(told.get("tag") if told is not None else "", item.get(markup.LANG))


def _dates(item: Element) -> list[str]:
    paths = ("itemMeta/firstCreated", "contentMeta/contentCreated", "itemMeta/versionCreated")
    return [_first(item, path) for path in paths]


def _notes(item: Element) -> Iterator[str]:
    """Notes to editors, without those that are said not to be for the public."""
    for note in (*item.iterfind("itemMeta/edNote"), *item.iterfind("itemMeta/ednote")):
        told = f"{note.get('role', '')} {note.get('pubconstraint', '')}".lower()
        if not any(word in told for word in _OF_EDITORS) and not len(note):
            yield words(note)


def _pictures(item: Element) -> Iterator[ImageRecord]:
    for content in item.iterfind("contentSet/remoteContent"):
        url = wire.address(content.get("href", ""))
        if url and content.get("contenttype", "").startswith("image/"):
            yield ImageRecord(url=url)
