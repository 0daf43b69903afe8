"""The bytes of a saved web page become its text, and the text becomes a tree that is no more than we can hold."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from articles.importers.lines import BYTE_ORDER_MARKS
from articles.records import UnreadableFile

FILE_BYTES = 5_000_000
MOST_TAGS = 100_000
DEEPEST = 512
MOST_ATTRIBUTES = 1_000
HEAD_BYTES = 4096
SAMPLE_BYTES = 50_000
# Of the letters beyond ASCII in a text that is UTF-8, this share may be broken: a cut at the end, a wrong paste.
MOST_BROKEN = 0.05
MOST_CONTROL = 0.02

_DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
# What browsers read in place of the name that a page gives.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Bytes of these are ASCII too, so that they are valid UTF-8 and yet are not.
_SHIFTING = ("iso2022_jp", "iso2022_jp_2", "iso2022_kr", "hz")
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_SAVED_FROM = re.compile(r"<!--\s{0,9}saved from url=\(\d{1,6}\)(\S{1,2000})", re.IGNORECASE)
_SINGLE_FILE = re.compile(r"<!--\s{0,9}Page saved with SingleFile\s{1,9}url:\s{0,9}(\S{1,2000})", re.IGNORECASE)
# An attribute and a tag as browsers cut them. Nothing is tried twice, so that it takes time in proportion to the page.
_ATTRIBUTE = r"""(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)",
    re.IGNORECASE | re.DOTALL,
)
# In these nothing is a tag but their own end.
_RAW_ENDS = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in "script style title textarea xmp iframe noembed noframes".split()
}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def checked(content: bytes) -> bytes:
    """The bytes of a file, if they can be a web page. Raises `UnreadableFile` for what is too large or no text."""
    if len(content) > FILE_BYTES:
        raise UnreadableFile(f"The page is larger than {FILE_BYTES:,} bytes: save it without its pictures.")
    if content.count(b"<") > MOST_TAGS:
        raise UnreadableFile(f"The page has more than {MOST_TAGS:,} tags: save its text and upload that.")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or _wide(content)
    control = 0 if wide else len(content) - len(content.translate(None, _CONTROL_BYTES))
    if control > len(content) * MOST_CONTROL:
        raise UnreadableFile("The file is not a web page but binary: open it with the program it is for.")
    return content


def decoded(content: bytes, charset: str = "") -> str:
    """The text of a page: by its byte order mark, else as UTF-8, else as it was declared, else as it looks.

    What no database can hold (NUL, bytes without a meaning) becomes U+FFFD.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace").replace("\x00", "\ufffd")
    declared = _known(charset) or _declared(content)
    text = _marked(content, declared) or _as_utf8(content) or _as_declared(content, declared) or _as_it_looks(content)
    return text.replace("\x00", "\ufffd")


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: half of the bytes of its first tag are zero."""
    if content[:4] == b"<\x00!\x00" or content[:4] == b"<\x00h\x00":
        return "utf-16-le"
    return "utf-16-be" if content[:4] in (b"\x00<\x00!", b"\x00<\x00h") else ""


def _marked(content: bytes, declared: str) -> str:
    shape = _wide(content) or (declared if declared in _SHIFTING and (b"\x1b" in content or declared == "hz") else "")
    return content.decode(shape, errors="replace") if shape else ""


def _as_utf8(content: bytes) -> str:
    """The text if it is UTF-8 but for a few broken places, else nothing."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - content.count("\ufffd".encode())
    beyond = len(text) - len(text.encode("ascii", errors="ignore"))
    return text if broken <= beyond * MOST_BROKEN else ""


def _declared(content: bytes) -> str:
    found = _DECLARED.search(content[:HEAD_BYTES])
    return _known(found[1].decode("ascii")) if found else ""


def _known(name: str) -> str:
    """The name by which Python knows an encoding of text, or nothing."""
    try:
        found = codecs.lookup(name.strip().replace("\x00", "")).name if name.isascii() else ""
        "".encode(found)
    except (LookupError, UnicodeError):
        return ""
    return _READ_AS.get(found, found)


def _as_declared(content: bytes, declared: str) -> str:
    try:
        return content.decode(declared) if declared else ""
    except UnicodeError:
        return ""


def _as_it_looks(content: bytes) -> str:
    found = from_bytes(content[:SAMPLE_BYTES]).best()
    return content.decode(found.encoding if found else "cp1252", errors="replace")


def saved_from(text: str) -> str:
    """The address that a browser wrote into the page when it saved it, or nothing."""
    found = _SAVED_FROM.search(text, 0, HEAD_BYTES) or _SINGLE_FILE.search(text, 0, HEAD_BYTES)
    return found[1] if found else ""


def parsed(text: str) -> HtmlElement:
    """The page as a tree. Raises `UnreadableFile` where there is none, or it is deeper than anybody writes."""
    _refuse_attributes(text)
    source = _DECLARATION.sub("", text).encode("utf-8", errors="replace")
    try:
        tree = document_fromstring(source, parser=HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableFile("The file has no web page in it: save the page again and upload the new file.") from error
    _refuse_depth(tree)
    return tree


def _refuse_attributes(text: str) -> None:
    """Parsers take quadratic time over the attributes of one tag, so they are counted before."""
    at = 0
    while tag := _TAG.search(text, at):
        at = tag.end()
        attributes = tag["attributes"] or ""
        if len(attributes) > MOST_ATTRIBUTES and sum(1 for _ in _ATTRIBUTES.finditer(attributes)) > MOST_ATTRIBUTES:
            raise UnreadableFile(
                f"The page has a tag with more than {MOST_ATTRIBUTES:,} attributes: save its text and upload that."
            )
        if not tag["end"] and (raw := _RAW_ENDS.get((tag["name"] or "").lower())):
            closing = raw.search(text, at)
            at = closing.start() if closing else len(text)


def _refuse_depth(tree: HtmlElement) -> None:
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise UnreadableFile(f"The page nests its tags more than {DEEPEST} deep: save its text and upload that.")
