"""The lines that a browser would show of a web page, in order, each with what can be seen of it.

Nothing here judges what a line is to the article. Each visible word of the page is in exactly one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from articles.importers import webpage_pictures
from articles.importers.lines import comparable

# Whatever these hold is not shown as text.
_UNSEEN = frozenset(
    "head script style template noscript iframe frame frameset object embed applet svg math audio video canvas "
    "textarea select datalist map".split()
)
_BREAKING = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
_OF_TABLES = frozenset("table tbody thead tfoot tr td th".split())
# What is written out around a line when the body is written as HTML.
FRAMES = frozenset("ul ol li dl dt dd blockquote figure figcaption pre table tr td th".split())
# In these a line needs no paragraph of its own.
_HOLDING = frozenset("li dt dd td th pre".split())
_INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em"} | {
    name: name for name in "cite code q s small sub sup u abbr".split()
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HIDDEN_STYLE = re.compile(r"(?:display\s{0,2}:\s{0,2}none|visibility\s{0,2}:\s{0,2}hidden)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
MOST_STYLE = 2000
MOST_CELL = 400
MOST_ROWS = 20
HINT_LENGTH = 200
LONGEST_ADDRESS = 4_000
# Each line writes out anew what is open around it.
MOST_INLINE = 30


@dataclass(frozen=True, slots=True)
class Frame:
    """An element around a line. `number` tells two lists apart, `hints` are its class and id."""

    name: str
    number: int
    hints: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture before the line numbered `before`. `frame` is the number of its figure, or 0."""

    url: str
    alt: str
    before: int
    frame: int


@dataclass(frozen=True)
class Line:
    """One paragraph, heading, item or cell. `linked` counts its characters that are links, `times` are what its `time`
    elements say to programs."""

    text: str
    markup: str = ""
    frames: tuple[Frame, ...] = ()
    linked: int = 0
    times: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        return comparable(self.text)

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def inside(self) -> frozenset[str]:
        return frozenset(frame.name for frame in self.frames)

    @cached_property
    def heading(self) -> str:
        """The name of the heading that the line is, or nothing."""
        return next((frame.name for frame in reversed(self.frames) if frame.name in HEADINGS), "")

    @property
    def link_share(self) -> float:
        return self.linked / max(1, len(self.text))


@dataclass
class Page:
    lines: list[Line] = field(default_factory=list)
    pictures: list[Seen] = field(default_factory=list)


def visible(tree: HtmlElement, address: str = "") -> Page:
    """What is shown of a page. Links and pictures become whole addresses where `address` or the page's base allows."""
    return _Reading(_base(tree, address)).of(tree)


def _base(tree: HtmlElement, address: str) -> str:
    given = next((element.get("href") or "" for element in tree.iter("base")), "")
    return joined(address, given) or address


def joined(base: str, address: str) -> str:
    """The address as a whole one of http or https, or nothing."""
    given = "".join(address.split()) if len(address) <= LONGEST_ADDRESS else ""
    if not given:
        return ""
    try:
        whole = given if given.startswith(("https://", "http://")) else urljoin(base, given)
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return whole if parts.scheme in ("http", "https") and parts.hostname else ""


class _Reading:
    """One walk over a page. Text is gathered until an element ends the line."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.page = Page()
        self.frames: list[Frame] = []
        # Name, opening and ending of each.
        self.inline: list[tuple[str, str, str]] = []
        self.written: list[str] = []
        self.text: list[str] = []
        self.times: list[str] = []
        self.linked = 0
        self.breaks = 0
        self.count = 0
        self.data: list[bool] = []

    def of(self, tree: HtmlElement) -> Page:
        walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start" and self._unseen(element):
                self._see_within(element)
                walk.skip_subtree()
            elif event == "start":
                self._open(element)
            elif event == "end":
                self._close(element)
            if event != "start" and element is not tree:
                self._say(element.tail or "")
        self._end_line()
        return self.page

    def _unseen(self, element: HtmlElement) -> bool:
        if element.tag in _UNSEEN:
            return True
        if element.tag in ("html", "body"):
            return False
        style = element.get("style") or ""
        return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(style[:MOST_STYLE]))

    def _open(self, element: HtmlElement) -> None:
        name = element.tag
        if name in _BREAKING:
            self._end_line()
            self.count += 1
            self.frames.append(Frame(self._written_as(element), self.count, _hints(element)))
        elif name == "br":
            self._break()
        elif name == "img" and not webpage_pictures.is_dot(element):
            self._see(element)
        elif name == "a":
            self._mark("a", self._link(element))
        elif name in _INLINE:
            self._mark(_INLINE[name], f"<{_INLINE[name]}>")
        elif name == "time" and element.get("datetime"):
            self.times.append(element.get("datetime") or "")
        self._say(element.text or "")

    def _written_as(self, element: HtmlElement) -> str:
        """The name of the element; what only arranges the page, a table with its cells or a form, is a division."""
        if element.tag == "table":
            self.data.append(_holds_data(element))
        if element.tag == "form" and element.find(".//h1") is not None:
            return "div"
        return "div" if element.tag in _OF_TABLES and not any(self.data[-1:]) else str(element.tag)

    def _close(self, element: HtmlElement) -> None:
        if element.tag in _BREAKING and not self._unseen(element):
            self._end_line()
            self.frames.pop()
            if element.tag == "table":
                self.data.pop()
        elif (element.tag == "a" or element.tag in _INLINE) and not self._unseen(element):
            _, _, ending = self.inline.pop()
            self.written.append(ending)

    def _mark(self, name: str, opening: str) -> None:
        """Note what opens. A link inside of a link is none, and nobody stresses a word thirty times."""
        unwritten = len(self.inline) >= MOST_INLINE or (name == "a" and self._in_link())
        self.inline.append((name, "", "") if unwritten else (name, opening, f"</{name}>"))
        self.written.append(self.inline[-1][1])

    def _in_link(self) -> bool:
        return any(name == "a" for name, _, _ in self.inline)

    def _link(self, element: HtmlElement) -> str:
        target = joined(self.base, element.get("href") or "")
        return f'<a href="{escape(target)}">' if target else "<a>"

    def _say(self, text: str) -> None:
        if not text:
            return
        text = _CONTROL.sub("\ufffd", text)
        if not text.isspace():
            self.breaks = 0
        if self._in_link():
            self.linked += len(_SPACE.sub(" ", text).strip())
        self.text.append(text)
        self.written.append(escape(text, quote=False))

    def _break(self) -> None:
        """A second line break in a row ends the paragraph."""
        self.breaks += 1
        if self.breaks > 1:
            self._end_line()
        else:
            self.text.append("\n")
            self.written.append("<br>")

    def _see_within(self, element: HtmlElement) -> None:
        for image in webpage_pictures.only_there(element) if element.tag == "noscript" else ():
            self._see(image)

    def _see(self, element: HtmlElement) -> None:
        url = next(filter(None, (joined(self.base, given) for given in webpage_pictures.addresses(element))), "")
        figure = next((frame.number for frame in reversed(self.frames) if frame.name == "figure"), 0)
        alt = " ".join((element.get("alt") or "").split())
        self.page.pictures.append(Seen(url, alt, len(self.page.lines), figure))

    def _end_line(self) -> None:
        text = " ".join("".join(self.text).split())
        if text:
            markup = "".join(self.written) + "".join(ending for _, _, ending in reversed(self.inline))
            markup = _EDGE_BREAKS.sub("", _SPACE.sub(" ", markup).strip())
            self.page.lines.append(Line(text, markup, tuple(self.frames), self.linked, tuple(self.times)))
            self.times = []
        self.text, self.linked, self.breaks = [], 0, 0
        self.written = [opening for _, opening, _ in self.inline]


_EDGE_BREAKS = re.compile(r"^(?:<br>\s?){1,3}|(?:\s?<br>){1,3}$")


def _hints(element: HtmlElement) -> str:
    """The class and the id of an element, by which its author may have said what it is."""
    said = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    return said[:HINT_LENGTH].lower().strip()


def _holds_data(table: HtmlElement) -> bool:
    """Whether the table has several rows, of several short cells each, and no table in it."""
    if table.find(".//table") is not None:
        return False
    rows = list(islice(table.iter("tr"), MOST_ROWS))
    cells = [cell for row in rows for cell in islice(row, MOST_ROWS) if cell.tag in ("td", "th")]
    return len(rows) > 1 and len(cells) > len(rows) and all(_length(cell) <= MOST_CELL for cell in cells)


def _length(cell: HtmlElement) -> int:
    return sum(len(text) for text in islice(cell.itertext(), MOST_CELL))


def written(chosen: Sequence[Line]) -> str:
    """Lines as HTML, inside the lists, quotations and tables that they stood in."""
    return "".join(_written(chosen))


def _written(chosen: Sequence[Line]) -> Iterator[str]:
    opened: tuple[Frame, ...] = ()
    for line in chosen:
        frames = tuple(frame for frame in line.frames if frame.name in FRAMES)
        shared = _shared(opened, frames)
        yield "".join(f"</{frame.name}>" for frame in reversed(opened[shared:]))
        yield "".join(f"<{frame.name}>" for frame in frames[shared:])
        opened = frames
        yield _as_block(line)
    yield "".join(f"</{frame.name}>" for frame in reversed(opened))


def _shared(before: tuple[Frame, ...], after: tuple[Frame, ...]) -> int:
    """How many frames, from the outermost, two lines stand in together."""
    pairs = zip(before, after, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one is not other), min(len(before), len(after)))


def _as_block(line: Line) -> str:
    if line.heading:
        name = "h4" if line.heading in ("h5", "h6") else "h2" if line.heading == "h1" else line.heading
        return f"<{name}>{line.markup}</{name}>\n"
    held = line.frames and line.frames[-1].name in _HOLDING
    return line.markup if held else f"<p>{line.markup}</p>\n"
