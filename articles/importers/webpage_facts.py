"""What a web page says about its article: authors, source, address, language, sections, tags, standfirst."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from articles.importers import credits
from articles.importers.lines import comparable
from articles.importers.pagemeta import Said
from articles.importers.webpage_lines import Line, joined

MOST_NAMES = 20
NAME_LENGTH = 100
NAME_WORDS = 6
TAG_LENGTH = 60
MOST_TAGS = 30
# A page that gives more of these words writes them for search engines.
MOST_KEYWORDS = 15
SECTION_WORDS = 5
MOST_SECTIONS = 4
STANDFIRST_WORDS = range(5, 81)
LONGEST_MARKUP = 4_000

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_NO_NAME = re.compile(r"https?:|www\.|\S@\S|\d{3}|^@|^\W*$", re.IGNORECASE)
# Marks by which programs, not readers, find pages.
_NO_TAG = re.compile(r"^[@_/#]|_|https?:|\w:\S|\.(?:com|net|org)$", re.IGNORECASE)
_NOBODY = frozenset(
    "admin administrator author authors by editor editors staff webmaster redaktion redacción redação guest user "
    "root none null unknown wordpress".split()
) | {"site admin", "web admin", "super user", "staff writer"}
_BY = re.compile(
    r"^(?:(?:written|posted|reported|analysis|opinion|review|story|words|text)\s+by|by|von|par|por|di|door|text|текст|words)"
    r"\s*[:：]?\s+",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*[;|•·]\s*|\s+(?:and|und|et|y|&)\s+|\s*,\s*(?!jr\b|sr\b|ph\.?d|m\.?d)", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:writer|editor|reporter|correspondent|columnist|contributor|bureau chief|producer|staff)\b", re.IGNORECASE
)
_NO_PERSON = re.compile(r"\w\.(?:com|net|org|co|de|tv|uk)\b|^(?:[A-Z]\.?){2,5}$|^Ph\.?D$")
_BEHIND_NAME = re.compile(
    r"(?<=\w)\s+(?:\w{3,6}day|Associated Press|Reuters|Agence France-Presse|The Canadian Press|Press Association)$"
)
_AUTHOR_LINK = re.compile(
    r'<a href="[^"]{0,400}/(?:authors?|autor(?:en)?|auteur|people|profile|contributors?|staff|reporters?)/[^"]{0,400}">'
    r"\s{0,9}(?P<name>[^<]{2,100})</a>"
)
_AUTHOR_HINT = re.compile(r"\b(?:author|byline|by-line|authorname)\b|author-?name|byline__name|post-author")
_STANDFIRST_HINT = re.compile(
    r"standfirst|\bdek\b|__dek|-dek|sub-?title|sub-?head|sub-?headline|\bsummary\b|__summary|\bstrapline\b|\bdeck\b|\bchapo\b"
)
_GENERAL = frozenset(
    "post posts article articles story news-story none default uncategorized uncategorised page".split()
)
_HOMES = frozenset({"home", "homepage", "home page", "front page", "startseite", "accueil", "inicio", "início"})


@dataclass(frozen=True, slots=True)
class Found:
    """Values, and the numbers of the lines that print them."""

    values: tuple[str, ...] = ()
    lines: frozenset[int] = frozenset()
    text: str = ""


def address(said: Said, saved: str, given: str) -> str:
    """The address of the article: what the page calls canonical, else where it was saved from, else what is known.

    The front page is no address of an article, if any other is known.
    """
    base = joined("", saved) or joined("", given)
    known = [whole for text in (*said.texts("addresses"), saved, given) if (whole := joined(base, text))]
    return next((whole for whole in known if not _is_front(whole)), known[0] if known else "")


def _is_front(whole: str) -> bool:
    parts = urlsplit(whole)
    return parts.path in ("", "/") and not parts.query


def source(said: Said, whole: str) -> str:
    """The name of the site: as the page gives it, else the host of its address."""
    named = [value.text.lstrip("@") for value in said.of("sites") if value.by == "meta og:site_name"]
    host = (urlsplit(whole).hostname or "").removeprefix("www.")
    names = (*named, *said.texts("sites"), host)
    return next((name for name in names if name and not _NO_NAME.search(name) and len(name) <= NAME_LENGTH), "")


def language(tree: HtmlElement, said: Said) -> str:
    """The language that the page says it is in, as a code."""
    root = tree.getroottree().getroot()
    given = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"))
    for text in (*given, *said.texts("languages")):
        code = (text or "").split(",")[0].strip().replace("_", "-")
        if _LANGUAGE.fullmatch(code):
            return code
    return ""


def authors(said: Said, lines: Sequence[Line], near: Sequence[int], site: str) -> Found:
    """The authors as the page gives them to programs, else as it prints them, with the byline that it prints.

    Where the page gives programs several answers, the one that it prints counts.
    """
    printed = credits.byline([lines[index].text for index in near])
    places = frozenset(near[place] for place in printed.places)
    hinted = [index for index in near if _is_author_line(lines[index])]
    shown = _people(names(printed.text), "") or _linked_authors(lines, near, site)
    stated = _stated(said, site)
    agreed = [people for people in stated if _keys(people) & _keys(shown)]
    named = next(iter([*agreed, *_longer(shown, stated), *stated]), shown) or _hinted(lines, hinted, site)
    return Found(tuple(named), places | frozenset(hinted), printed.text)


def _keys(people: Iterable[str]) -> set[str]:
    return {comparable(name) for name in people}


def _longer(shown: list[str], stated: Sequence[list[str]]) -> list[list[str]]:
    """The printed names, if programs are told them with something behind them."""
    keys = _keys(shown)
    return [shown] if any(key.startswith(own) for people in stated for key in _keys(people) for own in keys) else []


def _stated(said: Said, site: str) -> list[list[str]]:
    """The names that the page gives to programs, in each place that has any."""
    given = said.of("authors")
    places = dict.fromkeys(value.by for value in given)
    found = (
        _people([name for value in given if value.by == by for name in names(value.text, by)], site) for by in places
    )
    return [people for people in found if people]


def _people(given: Iterable[str], site: str) -> list[str]:
    """The names, each once, without that of the site."""
    own = comparable(site)
    others = (name for name in given if not (key := comparable(name)) or not own.startswith(key) or len(key) < 2)
    return _distinct(others)


def _linked_authors(lines: Sequence[Line], near: Sequence[int], site: str) -> list[str]:
    """The names that the first line links to pages on people."""
    for index in near:
        found = [match["name"] for match in _AUTHOR_LINK.finditer(lines[index].markup[:LONGEST_MARKUP])]
        if people := _people([name for text in found for name in names(unescape(text))], site):
            return people
    return []


def _hinted(lines: Sequence[Line], hinted: Sequence[int], site: str) -> list[str]:
    for index in hinted:
        people = _people(names(lines[index].text), site)
        if people and all(name[:1].isupper() or not name[:1].isascii() for name in people):
            return people
    return []


def _is_author_line(line: Line) -> bool:
    hints = any(_AUTHOR_HINT.search(frame.hints) for frame in line.frames[-2:])
    return hints and line.words <= NAME_WORDS + 2 and not credits.is_date_line(line.text)


def names(text: str, by: str = "") -> list[str]:
    """The names of people and agencies in a value, without "by", roles, degrees and addresses."""
    if text.count(",") == 1 and by.startswith(("meta citation_author", "meta dc.creator")):
        text = " ".join(part.strip() for part in reversed(text.split(",")))
    plain = _BY.sub("", " ".join(text.split()))
    parts = [_BEHIND_NAME.sub("", part.strip(" ,-–—/／")) for part in _BETWEEN_NAMES.split(plain)]
    fitting = [part for part in parts if _is_name(part)]
    people = [part for part in fitting if not _ROLE.search(part) and not _NO_PERSON.search(part)]
    return (people or fitting)[:MOST_NAMES]


def _is_name(text: str) -> bool:
    if not 1 < len(text) <= NAME_LENGTH or text.count(" ") >= NAME_WORDS or _NO_NAME.search(text):
        return False
    return text.casefold() not in _NOBODY and not (text.islower() and " " not in text)


def _distinct(texts: Iterable[str]) -> list[str]:
    """Each once; of two spellings the first."""
    return list({comparable(text): text for text in reversed(list(texts)) if comparable(text)}.values())[::-1]


def sections(said: Said, lines: Sequence[Line], above: Sequence[int], title: str, site: str) -> Found:
    """The sections that the page names, else its path of crumbs, else the path that it prints over the headline."""
    stated = [text for text in said.best("sections") if text.casefold() not in _GENERAL | _HOMES]
    path = stated or _crumbs(said.path, title, site)
    for index in reversed(above):
        if printed := credits.path_sections(lines[index].text, title):
            return Found(_fitting(path or printed), frozenset({index}))
    return Found(_fitting(path))


def _crumbs(path: Sequence[str], title: str, site: str) -> list[str]:
    ends = {comparable(title), comparable(site)}
    return [step for step in path if step.casefold() not in _HOMES and comparable(step) not in ends]


def _fitting(names: Sequence[str]) -> tuple[str, ...]:
    short = (name for name in names if len(name.split()) <= SECTION_WORDS and not _NO_TAG.search(name))
    return tuple(_distinct(short)[:MOST_SECTIONS])


def tags(tree: HtmlElement, said: Said) -> tuple[str, ...]:
    """The tags that the page gives or links to; words written for search engines only where they are few."""
    given = said.of("tags")
    keywords = bool(given) and given[0].by in ("meta keywords", "meta news_keywords")
    named = _distinct(_parted(value.text for value in given if value.by == given[0].by))
    linked = _distinct(_linked(tree)) if keywords or not named else []
    chosen = linked or ([] if keywords and len(named) > MOST_KEYWORDS else named)
    return tuple(name for name in chosen if len(name) <= TAG_LENGTH and not _NO_TAG.search(name))[:MOST_TAGS]


def _parted(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (part.strip(" .#") for part in re.split(r"[,;|]", text))


def _linked(tree: HtmlElement) -> Iterator[str]:
    for link in tree.iter("a"):
        if "tag" in (link.get("rel") or "").lower().split():
            yield " ".join("".join(link.itertext()).split()).strip(" ,#")


def standfirst(said: Said, lines: Sequence[Line], head: Sequence[int], title: str) -> Found:
    """The line between headline and body that the page describes itself with, or calls its standfirst."""
    described = {comparable(text) for text in said.texts("descriptions")} - {comparable(title), ""}
    for index in head:
        line = lines[index]
        hinted = any(_STANDFIRST_HINT.search(frame.hints) for frame in line.frames[-2:])
        if line.words in STANDFIRST_WORDS and (hinted or line.key in described) and line.link_share < 0.5:
            return Found((line.text,), frozenset({index}), line.text)
    return Found()
