"""ninjs 1 and 2: news items as JSON, one alone, several in a list or a feed, or one a line."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from articles.importers import stamps, wire, wptext
from articles.records import HTML, PLAIN, ArticleRecord, Guidance, ImageRecord, Unreadable, UnreadableFile, storable

# Past these, JSON needs more memory than news is worth; lines have no such limit, since each is read by itself.
FILE_BYTES = LINE_BYTES = 10_000_000
MOST_VALUES = 500_000
DEEPEST_ITEM = 4

TOO_LARGE = f"The file is larger than {FILE_BYTES:,} bytes: write each item as one line, and upload that."
NOT_NINJS = "The file is no ninjs with a news item in it: ask the agency for it again."

_OF_NINJS = re.compile(
    rb'"(?:versioncreated|firstcreated|contentcreated|pubstatus|urgency|profile|body_html|body_xhtml|body_text'
    rb"|description_text|description_html|headline|headlines|bodies|copyrightnotice|usageterms|ednote|located|byline"
    rb'|slugline|associations|renditions|representationtype)"\s*:'
)
_IDENTIFIED = re.compile(rb'"(?:uri|guid)"\s*:')
_SIGNS = 3
_OPENS = re.compile(rb"\s*[\[{]")
_BOM = b"\xef\xbb\xbf"
_BODIES = (("body_html", HTML), ("body_xhtml", HTML), ("body_text", PLAIN))
_RENDITIONS = ("original", "baseImage", "viewImage", "main", "preview", "thumbnail")
_STAMPS = ("firstpublished", "firstcreated", "contentcreated", "versioncreated")
_AROUND = ("data", "item", "items", "_items", "newsItems")

Values = dict[str, Any]


def looks_like(name: str, head: bytes) -> bool:
    start = head.removeprefix(_BOM)
    signs = {sign[0].strip(b': \t\r\n"') for sign in _OF_NINJS.finditer(start)}
    return _OPENS.match(start) is not None and len(signs) >= _SIGNS and _IDENTIFIED.search(start) is not None


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each item with a text; pictures and other media that come alone are passed over."""
    empty = True
    for place, value in _values(stream):
        yield value if isinstance(value, Unreadable) else _result(value, guidance, place)
        empty = False
    if empty:
        raise UnreadableFile(NOT_NINJS)


def _values(stream: BinaryIO) -> Iterator[tuple[str, Values | Unreadable]]:
    """The items with their places: the whole file as one value, else each line as one."""
    first = stream.readline(LINE_BYTES + 1)
    second = stream.readline(LINE_BYTES + 1)
    stream.seek(0)
    if second.strip() and isinstance(_loaded(first), dict):
        yield from _of_lines(stream)
        return
    content = stream.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise UnreadableFile(TOO_LARGE)
    value = _loaded(content)
    if isinstance(value, str):
        raise UnreadableFile(f"The file is no JSON that can be read: {value}; ask the agency for it again.")
    for number, item in enumerate(_items(value, 0), start=1):
        yield f"item {number}", item


def _of_lines(stream: BinaryIO) -> Iterator[tuple[str, Values | Unreadable]]:
    lines = iter(lambda: stream.readline(LINE_BYTES + 1), b"")
    for number, line in enumerate(lines, start=1):
        place = f"line {number}"
        if len(line) > LINE_BYTES:
            raise UnreadableFile(f"{place} is longer than {LINE_BYTES:,} bytes: one line holds one item.")
        if not line.strip():
            continue
        value = _loaded(line)
        yield place, value if isinstance(value, dict) else Unreadable(place, f"no item on this line: {value}"[:300])


def _loaded(content: bytes) -> Any:
    """The value, or a sentence that says why there is none."""
    content = content.removeprefix(_BOM)
    if content.count(b"{") + content.count(b"[") > MOST_VALUES:
        return f"it holds more than {MOST_VALUES:,} lists and objects"
    try:
        return json.loads(content)
    except RecursionError:
        return "the values are nested too deeply"
    except ValueError as error:
        return str(error)[:200].encode("utf-8", "replace").decode()


def _items(value: Any, depth: int) -> Iterator[Values]:
    """News items, whatever list or answer of a feed they stand in."""
    if isinstance(value, list) and depth < DEEPEST_ITEM:
        yield from chain.from_iterable(_items(inner, depth + 1) for inner in value)
    elif isinstance(value, dict) and _is_item(value):
        yield value
    elif isinstance(value, dict) and depth < DEEPEST_ITEM:
        yield from chain.from_iterable(_items(value[name], depth + 1) for name in _AROUND if name in value)


def _is_item(value: Values) -> bool:
    return any(
        name in value for name in ("headline", "headlines", "body_html", "body_text", "bodies", "versioncreated")
    )


def _result(item: Values, guidance: Guidance, place: str) -> ArticleRecord | Unreadable:
    kind = _text(item, "type") or "text"
    body, body_type = _body(item)
    title = wptext.words(_text(item, "headline") or _of_role(item, "headlines", "value")) or _text(item, "title")
    if kind in ("picture", "video", "audio", "graphic", "composite", "planning", "event") and not body:
        return Unreadable(place, f"{kind}: there is no text in it", passed_over=True)
    if kind == "picture":
        return Unreadable(
            place, "picture: it is no article; its caption comes with the story that shows it", passed_over=True
        )
    if not body and not title:
        return Unreadable(place, "there is neither a headline nor a text")
    return _record(item, guidance, place, title, body, body_type)


def _record(item: Values, guidance: Guidance, place: str, title: str, body: str, body_type: str) -> ArticleRecord:
    byline = _text(item, "byline") or _text(item, "by")
    standing = wire.standing(_text(item, "pubstatus"), _text(item, "embargoed"), guidance.received)
    leads = [_text(item, "description_text"), _text(item, "description_html"), _of_role(item, "descriptions", "value")]
    return ArticleRecord(
        title=title,
        body=body,
        body_type=body_type,
        kicker=_text(item, "slugline"),
        standfirst=wire.standfirst(map(wptext.words, leads), title, body),
        byline=byline,
        authors=tuple(_names(item, "authors")) or wire.names(byline),
        source=_source(item),
        sections=tuple(_subjects(item, sections=True)),
        tags=(*_keywords(item), *_subjects(item, sections=False)),
        dateline=_text(item, "dateline") or _text(item, "located"),
        language=wire.language(_text(item, "language")),
        canonical_url=wire.address(_text(item, "uri")) or wire.address(_text(item, "guid")),
        date=stamps.first([_text(item, name) for name in _STAMPS], guidance.received),
        status=standing.status,
        editors_note=wire.paragraphs(standing.note, _text(item, "ednote")),
        images=_images(item),
        place=place,
    )


def _text(values: Any, name: str) -> str:
    """A value as text that can be stored; "" for what is none."""
    value = values.get(name) if isinstance(values, dict) else None
    return storable(value).strip() if isinstance(value, str) else ""


def _list(values: Any, name: str) -> list[Any]:
    """The members of a list, or of an object whose names say what each is for."""
    value = values.get(name) if isinstance(values, dict) else None
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _body(item: Values) -> tuple[str, str]:
    for name, body_type in _BODIES:
        if body := _text(item, name):
            return body, body_type
    bodies = [body for body in _list(item, "bodies") if _text(body, "value")]
    main = next((body for body in bodies if "main" in _text(body, "role").lower()), bodies[0] if bodies else {})
    return _text(main, "value"), PLAIN if _text(main, "contenttype") == "text/plain" else HTML


def _of_role(item: Values, name: str, key: str, role: str = "main") -> str:
    """Of several forms of a line, the main one, else the first."""
    forms = [form for form in _list(item, name) if _text(form, key)]
    return _text(next((form for form in forms if role in _text(form, "role").lower()), forms[0] if forms else {}), key)


def _names(item: Values, name: str) -> Iterator[str]:
    return filter(None, (_text(member, "name") for member in _list(item, name)))


def _source(item: Values) -> str:
    sources = [_text(item, "provider"), _text(item, "source"), *_names(item, "infosources")]
    return next(filter(None, [*sources, _text(item, "copyrightholder")]), "")


def _keywords(item: Values) -> Iterator[str]:
    for word in _list(item, "keywords"):
        if name := _text({"name": word}, "name") or _text(word, "name"):
            yield name


def _subjects(item: Values, *, sections: bool) -> Iterator[str]:
    """The names of the subjects; those that the agency calls a category or a section are sections."""
    for subject in _list(item, "subject") + _list(item, "subjects"):
        is_section = _text(subject, "rel") in ("category", "section")
        if is_section is sections and _text(subject, "name"):
            yield _text(subject, "name").removeprefix("#")


def _images(item: Values) -> tuple[ImageRecord, ...]:
    pictures = [part for part in _list(item, "associations") if _text(part, "type") in ("picture", "image", "graphic")]
    found = dict.fromkeys(_image(picture) for picture in pictures)
    return tuple(image for image in found if image.url or image.caption)


def _image(picture: Values) -> ImageRecord:
    caption = _text(picture, "description_text") or _text(picture, "description_html")
    caption = caption or _of_role(picture, "descriptions", "value", "caption") or _text(picture, "body_text")
    return ImageRecord(
        url=_address(picture),
        caption=html.unescape(wptext.words(caption)),
        credit=_text(picture, "byline") or _text(picture, "by") or _text(picture, "creditline"),
        alt=_text(picture, "altText") or _text(picture, "alttext"),
    )


def _address(picture: Values) -> str:
    """The largest form that the agency names; ninjs 2 lists them, ninjs 1 gives each its name."""
    forms = picture.get("renditions")
    if isinstance(forms, dict):
        ordered = [forms.get(name) for name in _RENDITIONS] + list(forms.values())
    else:
        ordered = forms if isinstance(forms, list) else []
    return next(filter(None, (wire.address(_text(form, "href")) for form in ordered)), "")
