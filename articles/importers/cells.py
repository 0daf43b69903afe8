"""What a cell of a table, or a value in JSON, says: a line, a text, names, pictures. Nothing here raises."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from articles.records import HTML, PLAIN, ImageRecord, Status, storable

# What programs write for "none".
_NOTHING = frozenset({"", "NULL", "\\N", "NaN", "nan", "None", "<NA>"})
# Which value of an object is the one to read, the surest first.
_TELLING = (
    "name", "rendered", "main", "original", "value", "text", "content", "title", "label", "url", "href", "src",
    "displayName", "full_name", "fullName", "term", "slug", "#text", "@value", "_", "$date", "$numberLong",
)  # fmt: skip
DEEPEST = 4

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
# Signs that a text is HTML. Company marks of the wire such as <BP>, <P> or <BR> are none.
_MARKUP = re.compile(
    r"</(?:p|div|a|b|i|em|strong|span|ul|ol|li|h[1-6]|blockquote|figure|table|section|article|body|html)\s*>"
    r"|<br>|<br\s*/>|<p>|<p\s[^<>]{0,200}=|<a\s[^<>]{0,200}href\s*=|<img\s[^<>]{0,200}src\s*=",
    re.IGNORECASE,
)
_SHORT_MARKS = frozenset({"<BR>", "<P>", "<A>"})
_BLOCK = re.compile(
    r"</?(?:p|div|br|ul|ol|li|h[1-6]|blockquote|figure|table|section|article|pre|body)\b", re.IGNORECASE
)
_WHOLE_PAGE = re.compile(r"\s*(?:<!doctype\s+html|<html\b|<head\b)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n\s*\n")

_PARTS = re.compile(r"[;|\n；]")
_COMMAS = re.compile(r"[,，、،]")
# From the first of several spaces on, or each of them would be tried to the end of all.
_MAIL_ADDRESS = re.compile(r"(?<!\s)\s*+[<(\[][^<>()\[\]\s]{1,100}@[^<>()\[\]\s]{1,100}[>)\]]")
_QUOTED = r"""'(?:[^'\\]|\\.){0,500}'|"(?:[^"\\]|\\.){0,500}\""""
_LIST = re.compile(rf"\[\s{{0,9}}(?:(?:{_QUOTED})\s{{0,9}}(?:,\s{{0,9}})?){{0,500}}\]", re.S)
_ITEM = re.compile(_QUOTED, re.S)
LIST_LENGTH = 20_000

_LANGUAGES = {
    "en": "english eng", "de": "german deutsch ger deu", "fr": "french français francais fre fra",
    "es": "spanish español espanol castellano spa", "pt": "portuguese português portugues por",
    "it": "italian italiano ita", "nl": "dutch nederlands dut nld", "sv": "swedish svenska swe",
    "da": "danish dansk dan", "no": "norwegian norsk nor", "fi": "finnish suomi fin", "pl": "polish polski pol",
    "cs": "czech čeština cze ces", "hu": "hungarian magyar hun", "el": "greek ελληνικά gre ell",
    "ru": "russian русский rus", "uk": "ukrainian українська ukr", "tr": "turkish türkçe tur",
    "ar": "arabic العربية ara", "he": "hebrew עברית heb", "fa": "persian farsi فارسی per fas",
    "hi": "hindi हिन्दी hin", "zh": "chinese 中文 汉语 chi zho", "ja": "japanese 日本語 jpn", "ko": "korean 한국어 kor",
}  # fmt: skip
_CODES = {name: code for code, names in _LANGUAGES.items() for name in names.split()}
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "unk"})

_STATUSES = {
    Status.PUBLISHED: "published publish public online live 1 true yes",
    Status.DRAFT: "draft pending auto-draft future in-progress unpublished 0 false no",
    Status.WITHHELD: "withheld private hidden trash deleted withdrawn retracted",
}
_STATUS = {word: status for status, words in _STATUSES.items() for word in words.split()}


def text(value: Any, joint: str = " ", deep: int = 0) -> str:
    """The value as text: of an object the value that tells most, of a list all, with `joint` between."""
    if isinstance(value, str):
        return "" if value in _NOTHING else storable(value)
    if isinstance(value, dict) and deep < DEEPEST:
        return next((found for key in _TELLING if key in value and (found := text(value[key], joint, deep + 1))), "")
    if isinstance(value, list) and deep < DEEPEST:
        return joint.join(filter(None, (text(item, joint, deep + 1) for item in value)))
    return _number(value)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else str(value)


def line(value: Any) -> str:
    """As one line, without tags."""
    if value is None:
        return ""
    return " ".join(prose(value).split())


def prose(value: Any) -> str:
    """Words without tags, where it is HTML or an object calls it rendered."""
    found = "" if value is None else text(value, "\n\n")
    if is_markup(found) or (isinstance(value, dict) and "rendered" in value):
        return html.unescape(_TAG.sub("", found)).strip()
    return found.strip()


def body(value: Any, media_type: str = "") -> tuple[str, str, str]:
    """The text, its media type, and the text as it came where it had to be rewritten.

    It is HTML where that is said, or where there are real tags in it; a text with `<BP>` or `a < b` stays as it is.
    """
    found = text(value, "\n\n")
    rendered = isinstance(value, dict) and bool(value.get("rendered"))
    if (media_type or (HTML if rendered or is_markup(found) else PLAIN)) == PLAIN:
        return found, PLAIN, ""
    return (found, HTML, "") if _BLOCK.search(found) else (_in_paragraphs(found), HTML, found)


def is_markup(found: str) -> bool:
    """Whether there are tags in it that no one writes by chance."""
    return "<" in found and any(mark.group() not in _SHORT_MARKS for mark in _MARKUP.finditer(found))


def is_page(found: str) -> bool:
    """Whether it is the source of a whole page, with more in it than the article."""
    return bool(_WHOLE_PAGE.match(found))


def _in_paragraphs(found: str) -> str:
    """HTML whose paragraphs are parted by blank lines, as editors of weblogs keep it."""
    parts = (part.strip() for part in _BLANK_LINE.split(found.replace("\r\n", "\n")))
    return "\n".join(f"<p>{part}</p>" for part in parts if part)


def names(value: Any, commas: bool = False) -> tuple[str, ...]:
    """The names in a list, in a list written as text, or between semicolons or bars; between commas if `commas`."""
    if isinstance(value, list):
        return tuple(name for item in value for name in [_name(line(item))] if name)
    if isinstance(value, dict):
        return names(line(value))
    found = text(value, "; ")
    parts = listed(found) or _PARTS.split(found)
    if commas and len(parts) == 1:
        parts = _COMMAS.split(found)
    return tuple(name for part in parts if (name := _name(part)))


def listed(found: str) -> list[str]:
    """The items of a list that a program wrote into a cell: ["a", "b"] or ['a', 'b']."""
    found = found.strip()
    if not found.startswith("[") or len(found) > LIST_LENGTH or not _LIST.fullmatch(found):
        return []
    return [_unquoted(item) for item in _ITEM.findall(found)] or [""]


def _unquoted(item: str) -> str:
    try:
        return storable(json.loads(item))
    except ValueError:
        return re.sub(r"\\(.)", r"\1", item[1:-1])


def _name(found: str) -> str:
    return " ".join(_MAIL_ADDRESS.sub("", found).split()).strip(" ,;")


def parts_at_commas(found: str) -> list[str]:
    """The parts of a cell that may be a list; none where it is parted otherwise."""
    return [] if _PARTS.search(found) or listed(found) else [part.strip() for part in _COMMAS.split(found)]


def language(value: Any) -> str:
    """The code of a language, also where it is written out; "" for what is neither."""
    found = line(value).replace("_", "-")
    code = _CODES.get(found.casefold(), found)
    return code if _CODE.fullmatch(code) and code.casefold() not in _NO_LANGUAGE else ""


def address(value: Any) -> str:
    found = line(value)
    return found if found.lower().startswith(("http://", "https://")) else ""


def is_status(found: str) -> bool:
    return found.strip().casefold() in _STATUS


def status(value: Any) -> Status:
    """A word that nobody knows makes a draft: nothing is published by mistake."""
    found = "true" if value is True else "false" if value is False else line(value).casefold()
    return _STATUS.get(found, Status.DRAFT) if found else Status.PUBLISHED


def moment(value: Any) -> datetime | None:
    """A time in UTC and without a zone."""
    try:
        found = datetime.fromisoformat(line(value))
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None


def images(value: Any) -> Iterator[ImageRecord]:
    for item in value if isinstance(value, list) else [value]:
        image = _image(item) if isinstance(item, dict) else ImageRecord(url=address(item))
        if image.url or image.caption:
            yield image


def _image(value: dict[str, Any]) -> ImageRecord:
    def first(*keys: str) -> str:
        return next((found for key in keys if (found := line(value.get(key)))), "")

    url = next((found for key in ("url", "src", "href", "source", "link") if (found := address(value.get(key)))), "")
    return ImageRecord(
        url=url,
        caption=first("caption", "description", "title", "legend"),
        credit=first("credit", "byline", "photographer", "copyright", "author"),
        alt=first("alt", "altText", "alt_text"),
    )
