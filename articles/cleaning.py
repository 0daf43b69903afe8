"""Foreign HTML becomes safe HTML, plain text in paragraphs, and pictures. The allow-list lives here and nowhere else.

nh3 first takes out what goes with its content (scripts, styles, forms), bleach then allows what is listed and nothing
else, and nh3 with the same list has the last word. What the last word still finds is logged: it is a hole in the first.
"""

from __future__ import annotations

import html
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import bleach
import nh3

logger = logging.getLogger(__name__)

# Raised whenever the same body would come out otherwise; `manage.py clean_again` then renews what older versions wrote.
CLEANER_VERSION = 1

# Past these a body is kept as plain text: the parsers take quadratic time beyond them.
MOST_CHARACTERS = 1_000_000
MOST_MARKS = 40_000
DEEPEST = 256
MOST_ATTRIBUTES = 100

BLOCKS = frozenset(
    "p div h2 h3 h4 blockquote pre hr ul ol li dl dt dd figure figcaption".split()
    + "table caption thead tbody tfoot tr th td".split()
)
INLINE = frozenset("a abbr b br cite code em i q s small strong sub sup time u".split())
TAGS = BLOCKS | INLINE
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
PICTURE_ATTRIBUTES = {"src", "alt"}
LINK_SCHEMES = frozenset({"http", "https", "mailto"})
DROPPED_WITH_CONTENT = frozenset(
    "script style noscript template iframe frame frameset object embed applet svg math button select textarea "
    "audio video canvas head title".split()
)
# Blocks that can hold text of a direction of their own.
DIRECTED = ("p", "h2", "h3", "h4", "blockquote", "li", "dt", "dd", "pre", "figcaption", "caption", "th", "td", "div")
# What the list lacks and yet parts paragraphs comes out as the nearest thing on it.
RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4"} | dict.fromkeys(
    "article section main header footer aside nav address center details summary fieldset legend hgroup form".split(),
    "div",
)

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})([^<>]{0,100000})")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# These close themselves before the next of their kind, so that a row of them is no depth.
_SELF_CLOSING = frozenset("p li dt dd tr td th thead tbody tfoot colgroup option".split())
_HIDDEN = re.compile(r"<(script|style)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the body, or a caption whose picture is gone; `paragraph` (from 1) is where the caption stands."""

    url: str = ""
    alt: str = ""
    caption: str = ""
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`text` has a blank line between paragraphs; `note` says what had to be given up, if anything."""

    html: str
    text: str
    pictures: tuple[Picture, ...] = ()
    note: str = ""


def clean(body: str, media_type: str) -> Cleaned:
    """The body made safe. `media_type` is text/plain or text/html. Never raises on bad HTML."""
    body = plain(body)
    if media_type != "text/html":
        return _written_out(_paragraphs_of(body))
    excess = _excess(body)
    if excess:
        return _written_out(_paragraphs_of(_without_tags(body)), note=f"{excess}: kept as plain text")
    shallow = _renamed(_without_content(body))
    pictured = _Outline.of(shallow)
    safe = _guarded(_allowed(shallow))
    outline = _Outline.of(safe)
    return Cleaned(safe, "\n\n".join(outline.paragraphs), tuple(pictured.pictures))


def text_of(body: str, media_type: str) -> str:
    """The text that `clean` finds in the body, in a small part of its time, since nobody is to be shown the HTML."""
    body = plain(body)
    if media_type != "text/html":
        return "\n\n".join(_paragraphs_of(body))
    if _excess(body):
        return "\n\n".join(_paragraphs_of(_without_tags(body)))
    return "\n\n".join(_Outline.of(_renamed(_without_content(body))).paragraphs)


def plain(text: str) -> str:
    """The text with one kind of line end and without control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _written_out(paragraphs: list[str], note: str = "") -> Cleaned:
    blocks = [f'<p dir="auto">{html.escape(paragraph, quote=False)}</p>' for paragraph in paragraphs]
    return Cleaned("\n".join(blocks), "\n\n".join(paragraphs), note=note)


def _paragraphs_of(text: str) -> list[str]:
    """Paragraphs part at blank lines; a text without any, of long lines, has one on each line."""
    parts = _BLANK_LINE.split(text)
    if len(parts) == 1 and max(map(len, text.split("\n"))) > 200:
        parts = text.split("\n")
    return [collapsed for part in parts if (collapsed := " ".join(part.split()))]


def _excess(body: str) -> str:
    """What about the body is too much for a parser, if anything. Linear, and blind to all but tags."""
    if len(body) > MOST_CHARACTERS:
        return f"longer than {MOST_CHARACTERS:,} characters"
    if body.count("<") + body.count("&") > MOST_MARKS:
        return f"more than {MOST_MARKS:,} tags and entities"
    if any(attributes.count("=") > MOST_ATTRIBUTES for _, _, attributes in _TAG.findall(body)):
        return f"more than {MOST_ATTRIBUTES} attributes in one tag"
    return f"nested more than {DEEPEST} deep" if _depth(body) > DEEPEST else ""


def _depth(body: str) -> int:
    """How deep the tags nest at the most; an end without a beginning ends nothing."""
    opened: Counter[str] = Counter()
    depth = deepest = 0
    for closing, name, _ in _TAG.findall(body.lower()):
        if name in _VOID or name in _SELF_CLOSING:
            continue
        if not closing:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        deepest = max(deepest, depth)
    return deepest


def _without_tags(body: str) -> str:
    """The words of a body that is too much for a parser; in one pass."""
    shown = "".join(_shown(body))
    return html.unescape(re.sub(r"</?([a-zA-Z0-9]*)[^<>]*>", _parting, shown))


def _shown(body: str) -> Iterator[str]:
    """The pieces between scripts and styles; one that is never closed hides all that follows it."""
    at = 0
    while hidden := _HIDDEN.search(body, at):
        yield body[at : hidden.start()]
        closing = re.compile(rf"</{hidden[1]}[^<>]*>", re.IGNORECASE).search(body, hidden.end())
        if closing is None:
            return
        at = closing.end()
    yield body[at:]


def _parting(tag: re.Match[str]) -> str:
    return "" if tag[1].lower() in INLINE | {"span", "font"} else "\n\n"


def _without_content(body: str) -> str:
    attributes = {name: set(allowed) for name, allowed in ATTRIBUTES.items()}
    return nh3.clean(
        body,
        tags=set(TAGS | {"img"} | set(RENAMED)),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={**attributes, "img": PICTURE_ATTRIBUTES},
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
    )


def _renamed(body: str) -> str:
    """With what the list lacks under the name that is on it. The body is nh3's, whose tags are written in one way."""
    for name, listed in RENAMED.items():
        body = re.sub(rf"<(/?){name}(?=[ >])", rf"<\1{listed}", body)
    return body


def _allowed(body: str) -> str:
    return bleach.clean(body, tags=TAGS, attributes=_is_allowed, protocols=LINK_SCHEMES, strip=True)


def _is_allowed(tag: str, name: str, value: str) -> bool:
    """Whether bleach keeps an attribute; of links, only whole addresses: a relative one would lead into the archive."""
    if name == "href":
        return scheme_of(value) in LINK_SCHEMES
    return name in ATTRIBUTES.get(tag, ()) or name in ATTRIBUTES["*"]


def scheme_of(url: str) -> str:
    """The scheme of an address in lower case, or "" where it has none or cannot be read."""
    try:
        return urlsplit("".join(url.split())).scheme.lower()
    except ValueError:
        return ""


def _guarded(body: str) -> str:
    attributes = {name: set(allowed) for name, allowed in ATTRIBUTES.items()}
    safe = nh3.clean(
        body,
        tags=set(TAGS),
        attributes=attributes,
        attribute_filter=lambda tag, name, value: value if _is_allowed(tag, name, value) else None,
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
    )
    if _Shape.of(safe) != _Shape.of(body):
        logger.warning("nh3 changed what bleach had allowed in a body of %d characters", len(body))
    return nh3.clean(
        safe,
        tags=set(TAGS),
        attributes=attributes,
        url_schemes=set(LINK_SCHEMES),
        set_tag_attribute_values={tag: {"dir": "auto"} for tag in DIRECTED},
        link_rel="noopener noreferrer nofollow",
    )


class _Shape(HTMLParser):
    """The tags of a text with their attributes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    @classmethod
    def of(cls, body: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
        reader = cls()
        reader.feed(body)
        reader.close()
        return reader.tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(sorted(attrs))))


@dataclass
class _Figure:
    images: list[tuple[str, str]] = field(default_factory=list)
    caption: str = ""
    paragraph: int | None = None


class _Outline(HTMLParser):
    """Paragraphs and pictures of HTML that nh3 has written, hence well formed."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.pictures: list[Picture] = []
        self._words: list[str] = []
        self._breaks = 0
        self._figure: _Figure | None = None

    @classmethod
    def of(cls, body: str) -> _Outline:
        reader = cls()
        reader.feed(body)
        reader.close()
        reader._end_paragraph()
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._end_paragraph()
        if tag == "figure":
            self._figure = _Figure()
        elif tag == "img":
            self._see_image(dict(attrs))
        elif tag == "br":
            self._break_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            ended = self._end_paragraph()
            if tag == "figcaption" and ended and self._figure:
                self._figure.caption, self._figure.paragraph = ended, len(self.paragraphs)
        if tag == "figure":
            self._end_figure()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._breaks = 0
        self._words.append(data)

    def _break_line(self) -> None:
        self._words.append(" ")
        self._breaks += 1
        if self._breaks > 1:
            self._end_paragraph()

    def _end_paragraph(self) -> str:
        text = " ".join("".join(self._words).split())
        self._words, self._breaks = [], 0
        if text:
            self.paragraphs.append(text)
        return text

    def _see_image(self, attributes: dict[str, str | None]) -> None:
        url = attributes.get("src") or ""
        image = (url if scheme_of(url) in {"http", "https"} else "", attributes.get("alt") or "")
        if self._figure:
            self._figure.images.append(image)
        elif any(image):
            self.pictures.append(Picture(*image))

    def _end_figure(self) -> None:
        figure, self._figure = self._figure, None
        if not figure or not (figure.images or figure.caption):
            return
        first, *rest = figure.images or [("", "")]
        self.pictures.append(Picture(*first, figure.caption, figure.paragraph))
        self.pictures.extend(Picture(*image) for image in rest)
