"""What a web page says of itself for programs: JSON-LD, microdata, OpenGraph and other meta tags.

Nothing is judged here but which of it is about the article; each value stays as the page gives it.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

MOST_SCRIPTS = 50
SCRIPT_LENGTH = 1_000_000
MOST_NODES = 5_000
MOST_META = 1_000
MOST_VALUES = 50
LONGEST = 1_000
# What is cut before tags and entities are taken out of it.
LONGEST_WRITTEN = 10 * LONGEST
MOST_INSIDE = 1_000

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Story|Column)$")
_WEAKER = frozenset({"CreativeWork", "WebPage", "Recipe", "VideoObject", "Event"})
_TAG = re.compile(r"<[^<>]{0,500}>")
_SPACE = re.compile(r"\s+")
_TRAILING_COMMA = re.compile(r",(?=\s{0,50}[}\]])")
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://|/\*)?\s?<!\[CDATA\[(?:\s?\*/)?)|(?:-->|(?://)?\s?\]\]>|;)\s*$")

# Names of meta tags by what they say, the surest first.
_META: Mapping[str, tuple[str, ...]] = {
    "titles": tuple(
        "og:title citation_title headline dc.title dcterms.title parsely-title sailthru.title twitter:title".split()
    ),
    "authors": tuple(
        "citation_author author byl article:author article_author dc.creator dcterms.creator parsely-author "
        "sailthru.author dc.contributor".split()
    ),
    "published": tuple(
        "article:published_time article:published article.published og:article:published_time datepublished "
        "citation_publication_date citation_online_date citation_date dc.date.issued dcterms.issued dc.date "
        "dcterms.date dcterms.created dc.date.created parsely-pub-date sailthru.date pubdate pub_date publishdate "
        "publish-date publish_date published_at publication_date date_published article_date_original "
        "article:post_date originalpublicationdate pdate date".split()
    ),
    "modified": tuple(
        "article:modified_time article:modified article.updated datemodified og:updated_time dcterms.modified "
        "dc.date.modified lastmod last-modified article_date_updated".split()
    ),
    "sites": ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "application-name"),
    "sections": ("article:section", "parsely-section", "citation_section"),
    "tags": ("article:tag", "news_keywords", "parsely-tags", "citation_keywords", "keywords"),
    "languages": ("dc.language", "dcterms.language", "citation_language", "content-language", "og:locale"),
    "addresses": ("og:url", "citation_public_url", "parsely-link"),
    "descriptions": ("og:description", "description", "twitter:description", "dc.description"),
    "pictures": ("og:image", "twitter:image", "og:image:url", "twitter:image:src"),
}
# Fields of schema.org by the same.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "titles": ("headline", "name"),
    "authors": ("author", "creator"),
    "published": ("datePublished", "dateCreated", "uploadDate"),
    "modified": ("dateModified",),
    "sites": ("publisher", "sourceOrganization"),
    "sections": ("articleSection",),
    "tags": ("keywords",),
    "languages": ("inLanguage",),
    "addresses": ("url", "mainEntityOfPage"),
    "descriptions": ("description",),
    "pictures": ("image",),
}
_PROPERTIES = frozenset(name for names in _FIELDS.values() for name in names)


@dataclass(frozen=True, slots=True)
class Value:
    """What is said, and where: "JSON-LD datePublished", "meta article:published_time"."""

    text: str
    by: str


@dataclass
class Said:
    """All that a page says, by field, the surest first."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    article: bool = False

    def of(self, name: str) -> list[Value]:
        return self.values.get(name, [])

    def texts(self, name: str) -> list[str]:
        return list(dict.fromkeys(value.text for value in self.of(name)))

    def first(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def best(self, name: str) -> list[str]:
        """All values that stand in the surest place that has any."""
        values = self.of(name)
        return list(dict.fromkeys(value.text for value in values if value.by == values[0].by))

    def add(self, name: str, texts: Sequence[str], by: str) -> None:
        known = self.values.setdefault(name, [])
        for text in texts[: max(0, MOST_VALUES - len(known))]:
            if (even := _even(text)) and len(known) < MOST_VALUES:
                known.append(Value(even[:LONGEST], by))


def _even(text: str) -> str:
    """A value without the tags, the entities and the line ends that programs leave in it."""
    return _SPACE.sub(" ", _TAG.sub(" ", unescape(unescape(text[:LONGEST_WRITTEN])))).strip() if text else ""


def said(tree: HtmlElement) -> Said:
    found = Said()
    _read_json(found, tree)
    _read_items(found, tree)
    _read_meta(found, tree)
    return found


def _read_json(found: Said, tree: HtmlElement) -> None:
    nodes = [node for document in _documents(tree) for node in _nodes(document)][:MOST_NODES]
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [node for node in nodes if _is(node, _ARTICLE)] or [node for node in nodes if _types(node) & _WEAKER]
    found.article = any(_is(node, _ARTICLE) for node in nodes)
    for node in articles[:1]:
        _take(found, node, known)
    found.path = next((path for node in nodes if (path := _path(node))), ())


def _documents(tree: HtmlElement) -> Iterator[Any]:
    scripts = (script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower())
    for _, script in zip(range(MOST_SCRIPTS), scripts, strict=False):
        text = script.text or ""
        if len(text) <= SCRIPT_LENGTH:
            yield from _parsed(_WRAPPING.sub("", _WRAPPING.sub("", text)))


def _parsed(text: str) -> Iterator[Any]:
    """The JSON in a script, also where it has a comma too many or something stands behind it."""
    for candidate in (text.strip(), _TRAILING_COMMA.sub("", text.strip())):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(candidate)
        except (ValueError, RecursionError):
            continue
        yield value
        return
    yield _salvaged(text)


_SALVAGED = re.compile(
    r'"(?P<name>headline|datePublished|dateModified|articleSection|@type)"\s{0,9}:\s{0,9}"(?P<text>(?:[^"\\\n]|\\.){1,500})"'
)
_SALVAGED_AUTHOR = re.compile(
    r'"author"\s{0,9}:\s{0,9}[\[{\s]{0,20}(?:"@type"\s{0,9}:\s{0,9}"\w{1,40}"\s{0,9},\s{0,9})?(?:"name"\s{0,9}:\s{0,9})?'
    r'"(?P<text>[^"\\\n]{2,100})"'
)


def _salvaged(text: str) -> dict[str, str]:
    """The plain fields of JSON that is broken elsewhere."""
    fields: dict[str, str] = {}
    for match in _SALVAGED.finditer(text):
        fields.setdefault(match["name"], match["text"])
    if author := _SALVAGED_AUTHOR.search(text):
        fields["author"] = author["text"]
    return fields


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """The objects of a document that may be things of their own, from the outermost inwards."""
    waiting = deque([document])
    count = 0
    while waiting and count < MOST_NODES:
        value = waiting.popleft()
        count += 1
        if isinstance(value, list):
            waiting.extend(value[:MOST_NODES])
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in value)


def _types(node: Mapping[str, Any]) -> set[str]:
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def _is(node: Mapping[str, Any], kind: re.Pattern[str]) -> bool:
    return any(kind.search(name) for name in _types(node))


def _take(found: Said, node: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    for name, fields in _FIELDS.items():
        for given in fields:
            found.add(name, list(_texts(node.get(given), known)), f"JSON-LD {given}")


def _texts(value: Any, known: Mapping[str, Any], deep: int = 0) -> Iterator[str]:
    """The words of a value: a text, the name or the address of an object, or those of each in a list."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and deep < 3:
        for part in value[:MOST_VALUES]:
            yield from _texts(part, known, deep + 1)
    elif isinstance(value, dict):
        whole = known.get(value.get("@id", ""), value) if isinstance(value.get("@id"), str) else value
        names = (whole.get(name) for name in ("name", "url", "contentUrl", "@id"))
        named = next((name for name in names if name and isinstance(name, str | list)), None)
        yield from _texts(named, {}, deep + 1) if deep < 3 else ()


def _path(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The names in a breadcrumb list, from the front page on."""
    if "BreadcrumbList" not in _types(node) or not isinstance(node.get("itemListElement"), list):
        return ()
    steps = [step for step in node["itemListElement"][:MOST_VALUES] if isinstance(step, dict)]
    names = (_step(step) for step in sorted(steps, key=_position))
    return tuple(even for name in names if (even := _even(name)))


def _position(step: Mapping[str, Any]) -> int:
    given = str(step.get("position", ""))
    return int(given) if given.isdecimal() and len(given) < 4 else 0


def _step(step: Mapping[str, Any]) -> str:
    item = step.get("item")
    named = step.get("name") or (item.get("name") if isinstance(item, dict) else "")
    return named if isinstance(named, str) else ""


def _read_items(found: Said, tree: HtmlElement) -> None:
    """Microdata: the properties of the first thing on the page that is an article."""
    typed = (element for element in tree.iter("*") if element.get("itemscope") is not None)
    scope = next((element for element in typed if _ARTICLE.search((element.get("itemtype") or "").strip())), None)
    if scope is None:
        return
    found.article = True
    given: dict[str, list[str]] = {}
    for element in _about(scope):
        named = _PROPERTIES.intersection((element.get("itemprop") or "").split())
        wanted = [name for name in named if len(given.get(name, ())) < MOST_VALUES]
        text = _said_by(element) if wanted else ""
        for name in wanted:
            given.setdefault(name, []).append(text)
    for name, fields in _FIELDS.items():
        for item in fields:
            found.add(name, given.get(item, []), f"itemprop {item}")


def _about(scope: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that speak of a thing; what is inside of another thing speaks of that."""
    walk = etree.iterwalk(scope, events=("start",))
    for _, element in walk:
        if element is not scope:
            yield element
            if element.get("itemscope") is not None:
                walk.skip_subtree()


def _said_by(element: HtmlElement) -> str:
    """The value of a property: an attribute where the kind of element has it, the name of a person, or its words."""
    for name in ("content", "datetime"):
        if given := element.get(name):
            return str(given)
    within = islice(element.iter("*"), MOST_INSIDE)
    named = next((inner for inner in within if inner.get("itemprop") == "name"), element)
    if element.tag in ("a", "link", "img") and named is element and element.get("itemprop") in ("url", "image"):
        return element.get("href") or element.get("src") or ""
    return named.get("content") or " ".join(str(text) for text in islice(named.itertext(), MOST_INSIDE))


def _read_meta(found: Said, tree: HtmlElement) -> None:
    given: dict[str, list[str]] = {}
    for _, element in zip(range(MOST_META), tree.iter("meta"), strict=False):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if name := (element.get(attribute) or "").strip().lower():
                given.setdefault(name, []).append(element.get("content") or "")
    for name, metas in _META.items():
        for meta in metas:
            found.add(name, given.get(meta, []), f"meta {meta}")
    found.article = found.article or "article" in [text.lower() for text in given.get("og:type", [])]
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            address = Value((link.get("href") or "").strip(), "link canonical")
            found.values.setdefault("addresses", []).insert(0, address)
