"""Where the address of a picture stands: pages that load it late, or in several sizes, keep it elsewhere than `src`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from lxml.html import HtmlElement

from articles.importers.entries import in_folder_of_page

LATE = ("data-src", "data-original", "data-lazy-src")
SETS = ("data-srcset", "data-lazy-srcset", "srcset")
LONGEST_SET = 20_000
MOST_BESIDE = 5
# No more than this is a picture that counts its readers.
DOT = ("0", "1", "2")

# An address and, behind it, how wide the picture is. Nothing is tried twice.
_IN_SET = re.compile(r"[\s,]*+(?P<address>\S++)(?:\s++(?P<size>\d[\d.]{0,9})[wx](?=[\s,]|$))?")
_STAND_IN = re.compile(r"(?:blank|spacer|placeholder|pixel|transparent|lazy|loading|1x1)[^/]{0,40}$", re.IGNORECASE)


def is_dot(image: HtmlElement) -> bool:
    return (image.get("width") or "").strip() in DOT and (image.get("height") or "").strip() in DOT


def addresses(image: HtmlElement) -> Iterator[str]:
    """What may be the address of an `img`, the likeliest first; some are no addresses of the Web."""
    given = [address.strip() for address in _given(image)]
    known = [address for address in given if address and not in_folder_of_page(address)]
    yield from sorted(known, key=lambda address: _STAND_IN.search(address.partition("?")[0]) is not None)


def _given(image: HtmlElement) -> Iterator[str]:
    """The parser puts the `img` of a `picture` into the `source` before it."""
    yield from _named(image)
    outermost = image
    for outermost in takewhile(lambda outer: outer.tag in ("source", "picture"), image.iterancestors()):
        for source in (outermost, *outermost.iterchildren("source")):
            yield from _in_sets(source)
    yield from _beside(image)
    yield from _beside(outermost)


def _named(image: HtmlElement) -> Iterator[str]:
    yield from (image.get(name) or "" for name in LATE)
    yield image.get("src") or ""
    yield from _in_sets(image)


def _in_sets(element: HtmlElement) -> Iterator[str]:
    for name in SETS:
        yield from in_set(element.get(name) or "")


def in_set(text: str) -> list[str]:
    """The addresses in a `srcset`, the largest picture first."""
    found = list(_IN_SET.finditer(text)) if len(text) <= LONGEST_SET else []
    found.sort(key=lambda match: -_size(match["size"]))
    return [match["address"].rstrip(",") for match in found]


def _size(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0


def _beside(element: HtmlElement) -> Iterator[str]:
    """The same picture, for browsers that run no scripts."""
    for beside in _neighbours(element):
        if beside.tag == "noscript":
            for image in _images(beside):
                yield from _named(image)


def only_there(noscript: HtmlElement) -> list[HtmlElement]:
    """The pictures that a page shows without scripts, and has no `img` for beside that."""
    return [] if any(beside.tag in ("img", "picture") for beside in _neighbours(noscript)) else _images(noscript)


def _neighbours(element: HtmlElement) -> list[HtmlElement]:
    return [beside for beside in (element.getnext(), element.getprevious()) if beside is not None]


def _images(noscript: HtmlElement) -> list[HtmlElement]:
    return [image for image in islice(noscript.iter("img"), MOST_BESIDE) if not is_dot(image)]
