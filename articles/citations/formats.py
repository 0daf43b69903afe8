"""The forms that programs read: BibTeX, RIS, CSL-JSON, and Wikipedia's {{cite news}}."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from .facts import Cited, Day
from .people import Person
from .styles import bounds, british

_MONTH_KEYS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Braces are named, since BibTeX counts those that are escaped too.
_TEX = {ord(sign): f"\\{sign}" for sign in "&%$#_"} | {
    ord("\\"): r"\textbackslash{}",
    ord("{"): r"\textbraceleft{}",
    ord("}"): r"\textbraceright{}",
    ord("~"): r"\textasciitilde{}",
    ord("^"): r"\textasciicircum{}",
    ord("<"): r"\textless{}",
    ord(">"): r"\textgreater{}",
    ord("|"): r"\textbar{}",
}
_WIKI = {ord(sign): f"&#{ord(sign)};" for sign in "|[]{}<>"}
# What means something only where it stands twice or more: italics, signatures, switches; and the letters of entities.
_WIKI_RUNS = re.compile(r"'(?=')|(?<=')'|~|_(?=_)|(?<=_)_|&(?=#?\w+;)|(?<=:)//")
_NO_TITLE = "(without a title)"
_FIRST_WORDS = frozenset("a an and at by das der die el en in la las le les los of on the to un und une".split())


def key(article: Cited) -> str:
    """Such as doe1953river-12: who, when, what, and the number that makes it the only one."""
    first = article.people[0] if article.people else Person(literal=article.source)
    who = _letters(first.family or (first.literal.split() or [""])[-1]) or "article"
    words = [word for word in map(_letters, article.title.split()) if word and word not in _FIRST_WORDS]
    return f"{who}{article.date.year}{words[0] if words else ''}-{article.number}"


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)[:20]


def notes(article: Cited) -> list[str]:
    """What no field of a form is for."""
    doubt = bounds(article.date) if not article.date.exact else british(article.date.exact)
    told = [
        f"Correction: {article.correction}" if article.correction else "",
        f"Date inferred: {doubt}" if article.date.inferred else f"Date: {doubt}" if bounds_only(article) else "",
        f"SHA-256 of the file that it came in: {article.sha256}" if article.sha256 else "",
    ]
    return [note for note in told if note]


def bounds_only(article: Cited) -> bool:
    return not article.date.exact and bool(article.date.first or article.date.last)


# -- BibTeX


def as_bibtex(article: Cited) -> str:
    fields = "".join(f"  {name} = {value},\n" for name, value in _bibtex_fields(article))
    return f"@{'article' if article.source else 'misc'}{{{key(article)},\n{fields}}}\n"


def _bibtex_fields(article: Cited) -> Iterator[tuple[str, str]]:
    if article.people:
        yield "author", f"{{{' and '.join(map(_bibtex_name, article.people))}}}"
    # A second pair of braces keeps the capitals as they are printed.
    yield "title", f"{{{{{_tex(article.title or _NO_TITLE)}}}}}"
    if article.source:
        yield "journal", f"{{{_tex(article.source)}}}"
    yield from _bibtex_date(article)
    yield "url", f"{{{_address(article.permalink)}}}"
    yield "howpublished", f"{{{_tex(article.archive)}}}"
    if article.language:
        yield "language", f"{{{_tex(article.language)}}}"
    if article.abstract:
        yield "abstract", f"{{{_tex(article.abstract)}}}"
    if article.keywords:
        yield "keywords", f"{{{_tex(', '.join(article.keywords))}}}"
    if notes(article):
        yield "note", f"{{{_tex('. '.join(notes(article)))}}}"


def _bibtex_date(article: Cited) -> Iterator[tuple[str, str]]:
    date = article.date
    if not date.exact:
        yield "year", "{n.d.}"
        return
    yield "year", f"{{[{date.year}?]}}" if date.inferred else f"{{{date.year}}}"
    if len(date.exact) > 1:
        yield "month", _MONTH_KEYS[date.exact[1] - 1]
    if len(date.exact) > 2:
        yield "day", f"{{{date.exact[2]}}}"


def _bibtex_name(one: Person) -> str:
    if one.literal:
        return f"{{{_tex(one.literal)}}}"
    return ", ".join(_tex(part) for part in (one.family, one.suffix, one.given) if part)


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _address(url: str) -> str:
    """The address with only such signs as no form gives a meaning."""
    return quote(url, safe="/:?#@!$&()*+,;=%-._").replace("~", "%7E")


# -- RIS


def as_ris(article: Cited) -> str:
    """One tag a line; lines end as RIS wants it."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(article))


def _ris_lines(article: Cited) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield from (("AU", _ris_name(one)) for one in article.people)
    yield "TI", article.title or _NO_TITLE
    if article.source:
        yield "T2", article.source
    if article.date.exact:
        yield "PY", article.date.year
        yield "DA", _ris_date(article.date.exact)
    if article.abstract:
        yield "AB", article.abstract
    yield from (("KW", keyword) for keyword in article.keywords if keyword)
    if article.language:
        yield "LA", article.language
    yield from (("N1", note) for note in notes(article))
    yield "DB", article.archive
    yield "ID", key(article)
    yield "UR", _address(article.permalink)
    yield "ER", ""


def _ris_date(day: Day) -> str:
    """YYYY/MM/DD/, with nothing where nothing is known."""
    year, *others = day
    return "/".join([f"{year:04}", *(f"{number:02}" for number in others), *[""] * (3 - len(others))])


def _ris_name(one: Person) -> str:
    # A comma would part the name.
    return re.sub(r"\s*,\s*", " – ", one.literal) or ", ".join(
        part for part in (one.family, one.given, one.suffix) if part
    )


# -- CSL-JSON


def as_csl(article: Cited) -> dict[str, Any]:
    told = {
        "id": key(article),
        "type": "article-newspaper",
        "title": article.title or _NO_TITLE,
        "author": [_csl_name(one) for one in article.people],
        "container-title": article.source,
        "issued": _csl_date(article),
        "abstract": article.abstract,
        "keyword": ", ".join(article.keywords),
        "language": article.language,
        "archive": article.archive,
        "URL": article.permalink,
        "note": ". ".join(notes(article)),
    }
    return {name: value for name, value in told.items() if value}


def _csl_name(one: Person) -> dict[str, str]:
    named = {"family": one.family, "given": one.given, "suffix": one.suffix, "literal": one.literal}
    return {part: text for part, text in named.items() if text}


def _csl_date(article: Cited) -> dict[str, Any]:
    date = article.date
    circa = {"circa": True} if date.inferred else {}
    if date.exact:
        return {"date-parts": [list(date.exact)], **circa}
    if date.first and date.last:
        return {"date-parts": [list(date.first), list(date.last)], **circa}
    return {"literal": bounds(date)} if bounds_only(article) else {}


# -- Wikipedia


def as_wikitext(article: Cited) -> str:
    """A {{cite news}} in one line, with the correction behind it."""
    told = " ".join(f"|{name}={value}" for name, value in _wiki_fields(article) if value)
    corrected = f" Correction: {_wiki(article.correction)}" if article.correction else ""
    return f"{{{{cite news {told}}}}}{corrected}"


def _wiki_fields(article: Cited) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(article.people, start=1):
        yield from _wiki_name(one, number)
    yield "title", _wiki(article.title or _NO_TITLE)
    yield "newspaper", _wiki(article.source)
    yield from _wiki_date(article)
    yield "language", _wiki(article.language)
    first_seen = _address(article.published_at) if article.published_at.startswith(("http://", "https://")) else ""
    yield "url", first_seen or _address(article.permalink)
    if first_seen:
        yield "archive-url", _address(article.permalink)
        yield "archive-date", british((article.kept.year, article.kept.month, article.kept.day))
        yield "url-status", "live"
    yield "via", _wiki(article.archive)


def _wiki_name(one: Person, number: int) -> Iterator[tuple[str, str]]:
    if one.literal:
        yield f"author{number}", _wiki(one.literal)
        return
    yield f"last{number}", _wiki(one.family)
    yield f"first{number}", _wiki(" ".join(part for part in (one.given, one.suffix) if part))


def _wiki_date(article: Cited) -> Iterator[tuple[str, str]]:
    """What the template takes for a date: of one that was worked out the year, of bounds nothing; the rest in words."""
    date = article.date
    if date.exact and not date.inferred:
        yield "date", british(date.exact)
    elif date.exact:
        yield "date", f"c. {date.year}"
        yield "orig-date", f"inferred: {british(date.exact)}" if len(date.exact) > 1 else ""
    else:
        yield "date", "n.d."
        yield "orig-date", bounds(date)


def _wiki(text: str) -> str:
    escaped = _WIKI_RUNS.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), text)
    return escaped.translate(_WIKI)
