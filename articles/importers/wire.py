"""What the readers of feeds and newswire share: addresses, languages, bylines, and stories marked up as NITF."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from articles.importers import credits, markup, stamps, wptext
from articles.importers.markup import Element
from articles.records import ImageRecord, Status

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_JOINTS = re.compile(r"\s(?:and|und|et|y|e)\s|\s?[,;&]\s?")
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [\w.'’-]+){1,3}")
_BY = re.compile(r"(?:by|von|par|por|di|door|av|af)\b", re.IGNORECASE)

_RENAMED = {"hl1": "h2", "hl2": "h3", "block": "div", "bq": "blockquote", "note": "aside", "nitf-table": "div"}
# These hold codes for programs, and nothing that was printed.
_OF_PROGRAMS = frozenset({"alt-code", "classifier", "nitf-table-metadata", "head", "script", "style"})
_PICTURES = ("image", "photo", "picture", "graphic", "illustration")

BEGINNING = 4_000

WITHHELD_NOTE = "The agency has withheld this item."
CANCELLED_NOTE = "The agency has cancelled this item."
EMBARGO_NOTE = "Embargoed until {}."


def address(text: str) -> str:
    """The text if it is an address on the web; "" otherwise."""
    text = text.strip()
    return text if _ADDRESS.fullmatch(text) else ""


def language(*texts: str | None) -> str:
    """The first text that is a code of a language, such as en or pt-BR."""
    codes = ((text or "").strip() for text in texts)
    return next((code.replace("_", "-") for code in codes if _LANGUAGE.fullmatch(code) and code != "x-default"), "")


def names(byline: str) -> tuple[str, ...]:
    """The people in a byline, with or without "By" at its beginning."""
    if not byline:
        return ()
    found = credits.byline([byline if _BY.match(byline) else f"By {byline}"]).authors
    return found or tuple(part for part in _JOINTS.split(byline) if _NAME.fullmatch(part))


def standfirst(texts: Iterable[str], title: str, body: str) -> str:
    """The first text that says more than the headline and is not the beginning of the body."""
    beginning = wptext.words(body[:BEGINNING])
    said = (text for text in texts if text and text != title)
    return next((text for text in said if not beginning.startswith(text.rstrip(" .…[]")[:100])), "")


def paragraphs(*notes: str) -> str:
    return "\n\n".join(dict.fromkeys(filter(None, notes)))


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an item may be shown, and the sentence that says why not."""

    status: Status = Status.PUBLISHED
    note: str = ""


def standing(status: str, embargo: str = "", received: datetime | None = None) -> Standing:
    """From the agency's own word, such as `stat:canceled`. An embargo holds until it is known to have ended."""
    word = status.rpartition(":")[2].strip().lower()
    if word in ("canceled", "cancelled"):
        return Standing(Status.WITHHELD, CANCELLED_NOTE)
    if word == "withheld":
        return Standing(Status.WITHHELD, WITHHELD_NOTE)
    until = stamps.moment(embargo)
    if (until and (received is None or until > received)) or (word == "embargoed" and not until):
        return Standing(Status.WITHHELD, EMBARGO_NOTE.format(embargo.strip() or "its release"))
    return Standing()


@dataclass(frozen=True, slots=True)
class Story:
    """The text of a story as HTML, and the pictures that stood in it."""

    body: str = ""
    images: tuple[ImageRecord, ...] = field(default=())


def story(content: Element) -> Story:
    """What is between the tags of an element without namespaces, which holds NITF or XHTML. It is changed by this."""
    images = tuple(filter(None, (_picture(media) for media in content.iter("media"))))
    for media in list(content.iter("media", *_OF_PROGRAMS)):
        take_out(media)
    for element in content.iter(etree.Element):
        element.tag = _RENAMED.get(str(element.tag), element.tag)
    return Story(markup.inner_html(content).strip(), images)


def _picture(media: Element) -> ImageRecord | None:
    if media.get("media-type", "image").lower() not in _PICTURES:
        return None
    reference = media.find("media-reference")
    source, alt = (
        (reference.get("source", ""), reference.get("alternate-text", "")) if reference is not None else ("", "")
    )
    caption = " ".join(markup.words(part) for part in media.iter("media-caption"))
    if not address(source) and not caption:
        return None
    return ImageRecord(
        url=address(source),
        caption=caption,
        alt=" ".join(alt.split()),
        credit=markup.words(media.find("media-producer")),
    )


def take_out(element: Element) -> None:
    """Remove an element, and leave the text behind it where it stands."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)
