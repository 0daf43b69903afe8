"""RSS, Atom and RDF feeds. Nothing is fetched: what a feed only links to stays a link."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from xml.sax import SAXParseException

import feedparser  # type: ignore[import-untyped]

from articles.importers import markup, stamps, wire, wptext
from articles.records import (
    HTML,
    PLAIN,
    ArticleRecord,
    Dating,
    Guidance,
    ImageRecord,
    Known,
    Precision,
    Unreadable,
    UnreadableFile,
    storable,
)

FILE_BYTES = 10_000_000
# feedparser takes quadratic time for the attributes of a tag, and a thirtieth of a second for a thousand tags.
MOST_ATTRIBUTES = 1_000
MOST_TAGS = 100_000
MOST_REFERENCES = 500_000
PROLOGUE_BYTES = 200_000
STANDFIRST_CHARACTERS = 1_000

NO_FEED = "The file is no feed with items in it: save the feed again, from the address that a feed reader uses."
NOT_WELL_FORMED = "the feed is not well-formed here; it was read as well as possible, and something may be missing"

_ROOTS = frozenset({"rss", "feed", "RDF"})
_ROOT_OF_ILL_FORMED = re.compile(rb"<(?:rss|feed|(?:\w+:)?RDF)[\s>]", re.IGNORECASE)
_RDF_OF_FEEDS = (b"purl.org/rss/", b"netscape.com/", b"<item")
_LONG_TAG = re.compile(rb"<[^<>]{4000,}")
_BODIES = {"text/html": HTML, "application/xhtml+xml": HTML, "text/plain": PLAIN}
_MAIL = re.compile(r"[(<]?[^\s(<]{1,100}@[^\s)>]{1,200}[)>]?")
# The DTD of old feeds declares the characters that HTML names, and feedparser knows them without it.
_OF_HTML = "undefined entity"
# What feedparser may stumble over in files that are no feeds; it promises nothing.
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, RecursionError)


def looks_like(name: str, head: bytes) -> bool:
    root = markup.root_of(head)
    if root == "RDF":
        return any(sign in head for sign in _RDF_OF_FEEDS)
    # A feed that is not well-formed from its first line on is still a feed.
    ill_formed = not root and head.lstrip().startswith(b"<") and _ROOT_OF_ILL_FORMED.search(head[:2048]) is not None
    return root in _ROOTS or ill_formed


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each item as an article. A feed that is not well-formed gives what it can, and the line where it breaks."""
    parsed = _parsed(stream)
    if not parsed.entries:
        raise UnreadableFile(NO_FEED)
    feed = parsed.get("feed", {})
    for number, entry in enumerate(parsed.entries, start=1):
        yield _result(entry, feed, str(parsed.get("version", "")), guidance, f"item {number}")
    fault = parsed.get("bozo_exception")
    if isinstance(fault, SAXParseException) and _OF_HTML not in fault.getMessage():
        # A warning, and no record that was refused.
        yield Unreadable(f"line {fault.getLineNumber()}", NOT_WELL_FORMED, passed_over=True)


def _parsed(stream: BinaryIO) -> Any:
    content = stream.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise UnreadableFile(f"The feed is larger than {FILE_BYTES:,} bytes: split it into several files.")
    # In UTF-16, every other byte of a tag is NUL.
    ascii_only = content.replace(b"\x00", b"")
    if any(tag[0].count(b"=") > MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(ascii_only)):
        raise UnreadableFile(f"A tag of the feed has more than {MOST_ATTRIBUTES:,} attributes: take them out.")
    if ascii_only.count(b"<") > MOST_TAGS or ascii_only.count(b"&") > MOST_REFERENCES:
        raise UnreadableFile(
            f"The feed has more than {MOST_TAGS:,} tags, or too many references: split it into several files."
        )
    markup.refuse_entities(ascii_only[:PROLOGUE_BYTES].decode("latin-1"))
    try:
        return feedparser.parse(
            io.BytesIO(content),
            sanitize_html=False,
            response_headers={"content-type": f"application/xml; charset={markup.encoding_of(content)}"},
        )
    except _FAULTS as error:
        raise UnreadableFile(NO_FEED) from error


def _result(entry: Any, feed: Any, version: str, guidance: Guidance, place: str) -> ArticleRecord | Unreadable:
    title = wptext.words(_text(entry, "title"))
    body, body_type = _body(entry)
    if not title and not body:
        return Unreadable(place, "there is neither a title nor a text")
    return ArticleRecord(
        title=title,
        body=body,
        body_type=body_type,
        standfirst=_standfirst(entry, title, body),
        authors=_authors(entry) or (_authors(feed) if version.startswith("atom") else ()),
        source=wptext.words(_text(feed, "title")),
        tags=tuple(filter(None, (_text(tag, "label") or _text(tag, "term") for tag in entry.get("tags", ())))),
        language=wire.language(_text(_detail(entry), "language"), _text(feed, "language")),
        canonical_url=wire.address(_text(entry, "feedburner_origlink") or _text(entry, "link")),
        date=_date(entry, version, guidance.received),
        images=_images(entry),
        place=place,
    )


def _text(values: Any, name: str) -> str:
    """A value as text that can be stored. Not all that feedparser gives is text, and some of it is nothing."""
    value = dict.get(values, name)
    return storable(value).strip() if isinstance(value, str) else ""


def _detail(entry: Any) -> Any:
    """The text of an entry with its type: the longest content, else the summary."""
    contents = [content for content in entry.get("content", ()) if _text(content, "type") in _BODIES]
    return max(contents, key=lambda content: len(_text(content, "value")), default=entry.get("summary_detail", {}))


def _body(entry: Any) -> tuple[str, str]:
    detail = _detail(entry)
    return _text(detail, "value") or _text(entry, "summary"), _BODIES.get(_text(detail, "type"), HTML)


def _standfirst(entry: Any, title: str, body: str) -> str:
    """The summary, where there is a full text that does not begin with it."""
    summary = wptext.words(_text(entry, "summary"))
    return wire.standfirst([summary], title, body) if len(summary) <= STANDFIRST_CHARACTERS else ""


def _authors(values: Any) -> tuple[str, ...]:
    """The names, without the addresses of mail beside them, which feedparser does not always cut off where they end."""
    several = [_text(author, "name") for author in values.get("authors", ())]
    given = several if len(several) > 1 else [_text(values, "author")]
    return tuple(filter(None, (wptext.words(_MAIL.sub(" ", name)).strip("() ") for name in given)))


def _date(entry: Any, version: str, received: datetime | None) -> Dating:
    """When it was published. Atom may say only when it was changed: it was published then or before."""
    published = _dated(entry, "published", received)
    if published.known is not Known.UNKNOWN:
        return published
    changed = _dated(entry, "updated", received)
    if changed.known is Known.UNKNOWN or version.startswith(("rss", "cdf")):
        return changed
    return Dating(latest=changed.latest, precision=Precision.DAY, known=Known.PRINTED, evidence=changed.evidence)


def _dated(entry: Any, name: str, received: datetime | None) -> Dating:
    """The stamp as it is written, else as feedparser understands it, which knows more ways to write one."""
    written = _text(entry, name)
    found = stamps.read(written, received)
    parts = dict.get(entry, f"{name}_parsed")
    if found.known is not Known.UNKNOWN or found.evidence or not parts:
        return found
    try:
        understood = stamps.read(datetime(*parts[:5]).isoformat(), received)
    except ValueError:
        return Dating()
    return Dating(
        earliest=understood.earliest,
        latest=understood.latest,
        precision=understood.precision,
        known=understood.known,
        evidence=(written[:100],),
    )


def _images(entry: Any) -> tuple[ImageRecord, ...]:
    """The pictures that come with an entry, each once."""
    media = [item for item in entry.get("media_content", ()) if _is_image(item, _text(item, "url"))]
    enclosed = [item for item in entry.get("enclosures", ()) if _is_image(item, _text(item, "href"))]
    credit = ", ".join(filter(None, (_text(item, "content") for item in entry.get("media_credit", ()))))
    urls = dict.fromkeys(wire.address(_text(item, "url") or _text(item, "href")) for item in (*media, *enclosed))
    caption = wptext.words(_text(entry, "media_text")) if len(urls) == 1 else ""
    return tuple(ImageRecord(url=url, caption=caption, credit=credit) for url in urls if url)


def _is_image(item: Any, url: str) -> bool:
    kind = _text(item, "type") or _text(item, "medium")
    return kind.startswith("image") or (not kind and url.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp")))
