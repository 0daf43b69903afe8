"""XML, read as a stream and without trust.

No DTD is loaded, no entity expanded, no address followed. What an element holds is thrown away as soon as its reader
is done with it, so a file of any size needs the memory of one record. A record that is broken becomes `Broken`, and
the next one is read all the same.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeAlias, cast
from xml.sax import saxutils

import webencodings
from lxml import etree

from articles.importers import charset
from articles.records import Unreadable, UnreadableFile

Element: TypeAlias = etree._Element

LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# An article of 20 MB is no article, and neither is one of 200,000 tags.
RECORD_CHARACTERS = 20_000_000
RECORD_TAGS = 200_000
TAG_CHARACTERS = 500_000
OPENING_CHARACTERS = 50_000_000

HEAD_BYTES = 500
_CHUNK_BYTES = 65_536
# A tag, a reference or the end of a CDATA section may be cut in two by the end of a chunk; these are its beginnings.
_CUT = (("<", 100), ("&", 40), ("]]", 2), ("]", 1))

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{2,40})["']""")
_PROLOGUE_PART = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([^\W\d][\w.-]*)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_LONG_TAG = re.compile(rf"<(?!!)[^<>]{{{TAG_CHARACTERS}}}")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,60}):[A-Za-z_]")
_WHERE = re.compile(r"(?:, line \d+, column \d+)?\s*\Z")
_RESOURCE_LIMITS = frozenset({63, 114})
_UNDECLARED_PREFIX = 201
_SAFE: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass(frozen=True, slots=True)
class Item:
    place: str
    element: Element


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 come from older texts in the same file, which were mostly Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows)


@dataclass(frozen=True, slots=True)
class Broken:
    """Where in the file a record could not be read, and why; `of_file` is told of the end of the whole file."""

    line: int
    reason: str
    of_file: bool = False


def root_of(head: bytes) -> str:
    """The name of the root element without its prefix; "" if these bytes hold none."""
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff")
    root = _ROOT.match(text, _prologue_end(text))
    return root[1] if root else ""


def _prologue_end(text: str) -> int:
    at = 0
    while part := _PROLOGUE_PART.match(text, at):
        at = part.end()
    return at


def encoding_of(content: bytes) -> str:
    """By the byte order mark, else by how an XML file begins, else UTF-8 if it is that, else as declared or guessed.

    The content may be the beginning of a file.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    found = _DECLARED.search(content[:HEAD_BYTES])
    label = found[1].decode("ascii") if found else ""
    # Of ASCII alone, the declaration says more than the bytes; a character that is cut at the end says nothing.
    return (content.isascii() and _declared(label)) or charset.of(content[: content.rfind(b"<") + 1], label)


def _declared(label: str) -> str:
    known = webencodings.lookup(label)
    return known.codec_info.name if known and known.name != "x-user-defined" and "utf-16" not in known.name else ""


def _texts(stream: BinaryIO) -> Iterator[str]:
    """The file as text in pieces that cut no name of a tag, no reference and no end of a CDATA section in two."""
    chunk = stream.read(_CHUNK_BYTES)
    encoding = encoding_of(chunk)
    decoder = codecs.getincrementaldecoder(encoding)("windows-1252" if encoding == "utf-8" else "replace")
    rest = ""
    while chunk:
        text = rest + decoder.decode(chunk)
        cut = max(text.rfind(sign, -length) for sign, length in _CUT)
        rest = text[cut:] if cut >= 0 else ""
        yield text[: len(text) - len(rest)]
        chunk = stream.read(_CHUNK_BYTES)
    yield rest + decoder.decode(b"", final=True)


def items(stream: BinaryIO, records: Collection[str], beside: Collection[str] = ()) -> Iterator[Item | Unreadable]:
    """As `elements`, with the place of each record; what stands beside them has no place."""
    number = 0
    for found in elements(stream, records, beside):
        counts = not found.of_file if isinstance(found, Broken) else local(found) in records
        number += counts
        place = f"item {number}" if counts else ""
        if isinstance(found, Broken):
            yield Unreadable(place or "end of the file", f"line {found.line}: {found.reason}")
        else:
            yield Item(place, found)


def elements(stream: BinaryIO, records: Collection[str], beside: Collection[str] = ()) -> Iterator[Element | Broken]:
    """The `records` of a file, and the elements called `beside` that stand before the first of them.

    Names are without prefix. Each record is parsed by itself, so that a broken one does not touch its neighbours; each
    element is good until the next one is asked for. Raises `UnreadableFile` if the file declares entities, or has no
    record and is broken.
    """
    mark = re.compile(rf"(?=<(?:[\w.-]+:)?(?:{'|'.join(records)})[\s/>])")
    opening = _Opening(frozenset(beside))
    record: _Record | None = None
    line = 1
    for piece in _pieces(stream, mark):
        begins = mark.match(piece) is not None and not (record and record.in_cdata)
        if record and not begins:
            record.add(piece)
        elif begins:
            if record:
                yield record.parsed(opening)
            record = _Record(piece, line, records)
        else:
            yield from opening.take(piece)
        line += piece.count("\n")
    if record is None:
        opening.end()
    else:
        yield record.parsed(opening)
        yield from record.missing_end(opening.root, line)


def _pieces(stream: BinaryIO, mark: re.Pattern[str]) -> Iterator[str]:
    return (piece for text in _texts(stream) for piece in mark.split(text) if piece)


class _Opening:
    """What stands before the first record: elements that the reader wants to see, and those that stay open."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.open: list[Element] = []
        self.root = ""
        self.characters = self.tag = self.blank_lines = 0
        self.parser = etree.XMLPullParser(events=("start", "end"), **_SAFE)

    def take(self, text: str) -> Iterator[Element]:
        if not self.characters:
            text = self._without_blank_lines(text)
            refuse_entities(text)
        self.characters += len(text)
        self.tag = _characters_of_open_tag(self.tag, text)
        if self.characters > OPENING_CHARACTERS or self.tag > TAG_CHARACTERS:
            raise _unreadable(1, f"no record begins within the first {self.characters:,} characters")
        self._checked(lambda: self.parser.feed(_mended(text).encode()))
        for event, element in self.parser.read_events():
            yield from self._seen(str(event), cast(Element, element))

    def _without_blank_lines(self, text: str) -> str:
        """XML must begin with its first character; many exports begin with an empty line."""
        shown = text.lstrip("\ufeff \t\r\n")
        self.blank_lines += text[: len(text) - len(shown)].count("\n")
        return shown

    def _seen(self, event: str, element: Element) -> Iterator[Element]:
        if event == "start":
            self.root = self.root or local(element)
            self.open.append(element)
            return
        self.open.pop()
        if any(local(outer) in self.wanted for outer in self.open):
            return
        if local(element) in self.wanted:
            yield element
        _drop(element)

    def end(self) -> None:
        """Raises `UnreadableFile` unless all that was open is closed."""
        self._checked(self.parser.close)

    def _checked(self, step: Callable[[], object]) -> None:
        try:
            step()
        except etree.XMLSyntaxError as error:
            raise _unreadable((error.lineno or 1) + self.blank_lines, _said(error)) from error

    def around(self, text: str, spaces: Mapping[str | None, str]) -> str:
        """The text of a record inside of one tag that declares what the open ones did."""
        declared: dict[str | None, str] = {}
        for element in self.open:
            declared.update(element.nsmap)
        declared.update(spaces)
        written = (
            f"xmlns{':' if prefix else ''}{prefix or ''}={saxutils.quoteattr(uri)}" for prefix, uri in declared.items()
        )
        return f"<file {' '.join(written)}>{text}</file>"


class _Record:
    """The text of one record, and what follows it up to the next."""

    def __init__(self, text: str, line: int, names: Collection[str]) -> None:
        self.line = line
        self.ending = re.compile(rf"</(?:[\w.-]+:)?(?:{'|'.join(names)})\s*>|\A<[^<>]*/>")
        self.parts: list[str] = []
        self.tail: str | None = None
        self.characters = 0
        self.in_cdata = False
        self.add(text)

    def add(self, text: str) -> None:
        opened, closed = text.rfind("<![CDATA["), text.rfind("]]>")
        self.in_cdata = opened > closed if max(opened, closed) >= 0 else self.in_cdata
        self.characters += len(text)
        # Of one that is too long, only the end is still of interest.
        if self.characters > RECORD_CHARACTERS:
            self.parts.clear()
        self.parts.append(text)

    def parsed(self, opening: _Opening) -> Element | Broken:
        text = "".join(self.parts)
        ends = [match.end() for match in self.ending.finditer(text)]
        self.tail = text[ends[-1] :] if ends else None
        reason = self._excess(text)
        if not reason and not ends:
            reason = "the record has no end: the file is cut short, or a closing tag is missing"
        return Broken(self.line, reason) if reason else self._element(text[: ends[-1]], opening)

    def _excess(self, text: str) -> str:
        if self.characters > RECORD_CHARACTERS:
            return f"the record has more than {RECORD_CHARACTERS:,} characters"
        if text.count("<") > RECORD_TAGS:
            return f"the record has more than {RECORD_TAGS:,} tags"
        if _LONG_TAG.search(text):
            return f"a tag has more than {TAG_CHARACTERS:,} characters"
        return ""

    def _element(self, text: str, opening: _Opening) -> Element | Broken:
        text = _mended(text)
        try:
            return _first(etree.fromstring(opening.around(text, {}), etree.XMLParser(**_SAFE)))
        except etree.XMLSyntaxError as error:
            if error.code != _UNDECLARED_PREFIX:  # type: ignore[attr-defined]
                return Broken(self.line + max(error.lineno or 1, 1) - 1, _said(error))
        return self._element_of_undeclared(text, opening)

    def _element_of_undeclared(self, text: str, opening: _Opening) -> Element | Broken:
        """Some exports leave out what their prefixes stand for; the prefixes are plain enough."""
        known = {prefix for element in opening.open for prefix in element.nsmap}
        spaces: dict[str | None, str] = {
            prefix: prefix for prefix in _PREFIX.findall(text) if prefix not in {"xml", "xmlns", *known}
        }
        try:
            return _first(etree.fromstring(opening.around(text, spaces), etree.XMLParser(**_SAFE)))
        except etree.XMLSyntaxError as error:
            return Broken(self.line + max(error.lineno or 1, 1) - 1, _said(error))

    def missing_end(self, root: str, line: int) -> Iterator[Broken]:
        """Whether the root element ends behind this record, which is the last one."""
        if root and self.tail is not None and not re.search(rf"</(?:[\w.-]+:)?{re.escape(root)}\s*>", self.tail):
            yield Broken(
                line, f"the file is cut short: </{root}> is missing, and there may have been more records", of_file=True
            )


def _first(wrapper: Element) -> Element:
    return wrapper[0]


def _unreadable(line: int, reason: str) -> UnreadableFile:
    return UnreadableFile(f"The file is no XML that can be read: line {line}: {reason}; export it again.")


def _characters_of_open_tag(before: int, piece: str) -> int:
    """How long a tag is so far that is not closed at the end of the piece; libxml2 would hold ten megabytes of it."""
    opened, closed = piece.rfind("<"), piece.rfind(">")
    if opened < 0 and closed < 0:
        return before and before + len(piece)
    return len(piece) - opened if opened > closed and not piece.startswith("<!", opened) else 0


def refuse_entities(text: str) -> None:
    """Raises `UnreadableFile` where entities are declared before the root of the document that begins here."""
    start = _ROOT.match(text, _prologue_end(text))
    if "<!ENTITY" in text[: start.start() if start else len(text)]:
        raise UnreadableFile(
            "The file declares entities of its own (<!ENTITY), which are not read here: remove its DOCTYPE, or export "
            "it again without one."
        )


def _mended(text: str) -> str:
    """Without characters that XML forbids, and with the characters that HTML has names for."""
    return _REFERENCE.sub(_character, _NOT_XML.sub(" ", text))


def _character(reference: re.Match[str]) -> str:
    number, name = reference.groups()
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        return " " if code > 0x10FFFF or _NOT_XML.match(chr(code)) else reference[0]
    return reference[0] if name in _OF_XML else html.unescape(reference[0])


def _said(error: etree.XMLSyntaxError) -> str:
    if error.code in _RESOURCE_LIMITS:  # type: ignore[attr-defined]
        return "more than can be read in one piece: nested 256 deep, or a text of 10,000,000 characters"
    return f"the XML is broken here ({_WHERE.sub('', error.msg or 'cut short')})"


def _drop(element: Element) -> None:
    """Forget an element and all before it in its parent; it stays itself, because the parser may still stand there."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local(element: Element) -> str:
    """The name of an element without its namespace, and without a prefix that nothing declares."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def bare(element: Element) -> Element:
    """The element with all names in it without namespaces, so that each has one spelling; attributes of others go."""
    for inner in element.getroottree().iter(etree.Element):
        inner.tag = local(inner)
        for name in [name for name in inner.attrib if str(name).startswith("{") and name != LANG]:
            del inner.attrib[name]
    etree.cleanup_namespaces(element.getroottree())
    return element


def words(element: Element | None) -> str:
    """The text of an element on one line; "" for none."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def inner_html(element: Element) -> str:
    """What stands between the tags of an element, as HTML."""
    parts = [html.escape(element.text or "", quote=False)]
    parts += (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return "".join(parts)
