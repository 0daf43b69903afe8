"""The bytes of a saved web page become its text, and the text becomes a tree that is no more than we can hold."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from articles.importers import charset
from articles.importers.lines import BYTE_ORDER_MARKS, decoded
from articles.importers.markup import refuse_entities
from articles.records import UnreadableFile

FILE_BYTES = 5_000_000
MOST_TAGS = 50_000
DEEPEST = 512
MOST_ATTRIBUTES = 1_000
# Of those in tags that have many; parsers keep each.
MOST_ATTRIBUTES_OF_PAGE = 20_000
LONGEST_HINT = 1_000
HEAD_BYTES = 4096
MOST_CONTROL = 0.02

_DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
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
# Browsers show what stands behind the end of a page; the parser would stop there.
_PAGE_ENDS = re.compile(r"</(?:html|body)(?:[\s/][^<>]{0,100})?>", re.IGNORECASE)


def checked(content: bytes) -> bytes:
    """The bytes of a file, if they can be a web page. Raises `UnreadableFile` for what is too large or no text."""
    if len(content) > FILE_BYTES:
        raise UnreadableFile(f"The page is larger than {FILE_BYTES:,} bytes: save it without its pictures.")
    if content.count(b"<") > MOST_TAGS:
        raise UnreadableFile(f"The page has more than {MOST_TAGS:,} tags: save its text and upload that.")
    marked = content.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS))
    wide = marked or charset.wide(content[:HEAD_BYTES])
    control = 0 if wide else len(content) - len(content.translate(None, _CONTROL_BYTES))
    if control > len(content) * MOST_CONTROL:
        raise UnreadableFile("The file is not a web page but binary: open it with the program it is for.")
    return content


def text_of(content: bytes, declared: str = "") -> str:
    """The text of a page: as its bytes say, which what is declared of it, by others or in itself, may help."""
    found = _DECLARED.search(content[:HEAD_BYTES])
    return decoded(content, declared or (found[1].decode("ascii") if found else ""))


def saved_from(text: str) -> str:
    """The address that a browser wrote into the page when it saved it, or nothing."""
    found = _SAVED_FROM.search(text, 0, HEAD_BYTES) or _SINGLE_FILE.search(text, 0, HEAD_BYTES)
    return found[1] if found else ""


def parsed(text: str) -> HtmlElement:
    """The page as a tree. Raises `UnreadableFile` where there is none, or it is deeper than anybody writes."""
    refuse_entities(text)
    _refuse_attributes(text)
    source = _PAGE_ENDS.sub("", _DECLARATION.sub("", text)).encode("utf-8", errors="replace")
    try:
        tree = document_fromstring(source, parser=HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableFile("The file has no web page in it: save the page again and upload the new file.") from error
    _refuse_depth(tree)
    _shorten_hints(tree)
    return tree


def _refuse_attributes(text: str) -> None:
    """Parsers take quadratic time over the attributes of one tag, so they are counted before."""
    at = total = 0
    while tag := _TAG.search(text, at):
        at = tag.end()
        attributes = tag["attributes"] or ""
        count = sum(1 for _ in _ATTRIBUTES.finditer(attributes)) if len(attributes) > MOST_ATTRIBUTES else 0
        total += count
        if count > MOST_ATTRIBUTES or total > MOST_ATTRIBUTES_OF_PAGE:
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


def _shorten_hints(tree: HtmlElement) -> None:
    """Classes and the like are searched again and again; nobody writes so much into them that it would matter."""
    for element in tree.iter("*"):
        for name in ("class", "id", "style"):
            if len(element.get(name) or "") > LONGEST_HINT:
                element.set(name, element.get(name)[:LONGEST_HINT])
