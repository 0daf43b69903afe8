"""The facts that pages print around an article: who wrote it and where, its sections, its tags, its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles import dates
from articles.records import Precision

FACT_LENGTH = 200
FACT_WORDS = 25
MOST_NAME_WORDS = 5

_NAMES = r"by|von|par|por|di|door|av|af"
_DEEDS = r"written|posted|published|reported|article|story|words|text|report|analysis|interview|reviewed|edited"
_CALLED_AUTHOR = r"author|authors|autor|autorin|auteur|autore|reporter|بقلم|كتب|كتبت|автор|作者|记者|文"
_BYLINE = re.compile(
    rf"[-–—•|*\s]{{0,5}}(?:(?P<deed>(?:{_DEEDS})\s(?:by|von)\b)|(?P<by>(?:{_NAMES})\b)|(?P<called>(?:{_CALLED_AUTHOR})\b))"
    r"(?P<mark>\s?[:：])?\s{0,3}(?P<name>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BY_INSIDE = re.compile(r"[\s/|](?P<by>(?:by|von|par|por)\s)", re.IGNORECASE)
_PARTICLES = frozenset(
    "de da do dos di del della du van von der den ter la le el al bin ibn ben abu and und et y e i mc ten zu".split()
)
_JOINTS = re.compile(r"\s(?:and|und|et|y|e|with|i|و)\s|\s?[,;&/،、]\s?")
_NAME_ENDS = re.compile(
    r"\s[|•·–—-]\s?|[|•·]|\s/|\s\d|\d|\s(?:on|in|at|for|am|le|el|em|send an email|comments?)\s", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(writer|editor|reporter|correspondent|staff|bureau|contributor|columnist|desk|agency|special|redaktion|service)\b",
    re.IGNORECASE,
)
_NOT_DATE = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b(?:on|at|the|am|pm|[a-z]{2,3}t|gmt|utc|last"
    r"|latest|date|um|uhr|le|à|el|em|às|den|a las|updated?|modified|published|posted|first|print|edition|issued"
    r"|created|time|now|local)\b|[^\w\s]|\d",
    re.IGNORECASE,
)
# A date that only the day of saving could make sense of.
_AGO = re.compile(
    r"\b\d+\s?(?:min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?|years?|h|d) ago\b"
    r"|\bvor \d+ (?:minuten?|stunden?|tag(?:en)?|wochen?)\b|\bil y a \d+ (?:minutes?|heures?|jours?|semaines?)\b"
    r"|\bhace \d+ (?:minutos?|horas?|días?|semanas?)\b|(?:قبل|منذ) \d* ?(?:دقيقة|دقائق|ساعة|ساعات|يوم|أيام)",
    re.IGNORECASE,
)
AGO_WORDS = 8
_LABEL = re.compile(
    r"[^\w]{0,3}(?:(?:last |latest |first )?(?:published|posted|updated?|modified|issued|created|date)\b|veröffentlicht"
    r"|aktualisiert|erstellt|publié|mis à jour|publicad|actualizad|atualizad|pubblicat|aggiornat|gepubliceerd"
    r"|опубликован|обновлен|نشر|تاريخ|تحديث|发布)",
    re.IGNORECASE,
)


def is_date_line(text: str) -> bool:
    """Whether the line is there for the date in it: it announces one, or there is little else in it."""
    if len(text) > FACT_LENGTH or text.count(" ") >= FACT_WORDS:
        return False
    if _AGO.search(text):
        return text.count(" ") <= AGO_WORDS
    named = dates.mentions(text)
    if not named:
        return False
    rest = len(_NOT_DATE.sub(" ", text[: named[0].start] + " " + text[named[0].end :]).split())
    if named[0].dating.precision is Precision.MONTH:
        return rest == 0
    if rest <= 1 or _LABEL.match(text) or is_byline(text):
        return True
    opens, closes = named[0].start <= 2, named[-1].end >= len(text) - 20
    return (opens and rest <= 8) or (closes and rest <= 4)


def is_byline(text: str) -> bool:
    if len(text) > FACT_LENGTH or text.count(" ") >= FACT_WORDS:
        return False
    match = _BYLINE.match(text)
    return match is not None and (bool(_parts_of_byline(match)) or _is_label(match))


def _is_label(match: re.Match[str]) -> bool:
    """Whether the line only announces a name: "By", "Article by", "Author:". Without a mark, "Author" heads a box."""
    return not match["name"].strip() and (not match["called"] or bool(match["mark"]))


def _parts_of_byline(match: re.Match[str], certain: bool = False) -> tuple[str, ...]:
    """The names and roles in a byline; none if what follows the label does not read like names."""
    given = match["name"]
    mentioned = dates.mentions(given)
    if mentioned:
        given = given[: mentioned[0].start]
    end = _NAME_ENDS.search(given)
    given = (given[: end.start()] if end else given).strip(" ,-–—|:")
    named = tuple(name for name in (part.strip() for part in _JOINTS.split(given)) if name)
    certain = certain or bool(match["deed"] or match["mark"] or mentioned or end)
    return named if named and all(_is_name(name, certain) for name in named) else ()


def _is_name(text: str, certain: bool) -> bool:
    """Whether all words have a capital or the script has none. If a label makes it certain, one small word will do."""
    words = text.split()
    ends_sentence = text.endswith((".", "?", "!")) and len(words[-1]) > 3
    if len(words) > MOST_NAME_WORDS or ends_sentence:
        return False
    if certain and len(words) == 1:
        return True
    return all(not word[0].islower() or word.casefold() in _PARTICLES for word in words) and words[0][0].isalpha()


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline as it is printed, the authors in it, and the places of the lines that it was read from."""

    text: str = ""
    authors: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


def byline(lines: Sequence[str]) -> Byline:
    """The first byline in the lines: by itself, behind a date, or with the name on the line below its label."""
    for place, line in enumerate(lines):
        match = _BYLINE.match(line)
        if match and is_byline(line) and _is_label(match):
            below = lines[place + 1 : place + 2]
            found = _read_byline(" ".join([line, *below]), (place, place + len(below)))
        elif match and is_byline(line):
            found = _read_byline(line, (place,))
        else:
            found = _read_byline(_behind_date(line), (place,), certain=True)
        if found.text:
            return found
    return Byline()


def _read_byline(text: str, places: tuple[int, ...], certain: bool = False) -> Byline:
    match = _BYLINE.match(text)
    parts = _parts_of_byline(match, certain) if match else ()
    if not parts:
        return Byline()
    end = text.rindex(parts[-1]) + len(parts[-1])
    authors = tuple(dict.fromkeys(filter(None, map(_without_role, parts))))
    return Byline(text[:end].strip(" -–—•|*"), authors, tuple(dict.fromkeys(places)))


def _without_role(name: str) -> str:
    """The name without a role behind it; nothing where it is not plain where the name ends."""
    role = _ROLE.search(name)
    before = name[: role.start()].strip() if role else name
    return before if not role or before.count(" ") == 1 else ""


def _behind_date(line: str) -> str:
    """What a date line says from its "by" on: 12 October 2018 / World / by A. Writer."""
    named = _BY_INSIDE.search(line) if is_date_line(line) else None
    return line[named.start("by") :] if named else ""


_CAPITALS = r"[A-ZÀ-ÖØ-ÞΑ-ΩА-Я][A-ZÀ-ÖØ-ÞΑ-ΩА-Я .'’/-]{2,40}"
_DATELINE = re.compile(
    rf"(?P<place>{_CAPITALS}(?:, [^\W\d_][\w .'’-]{{1,30}})?)"
    r"(?:,? \([^()]{2,40}\))?(?:, [\w .]{3,20})?\s?(?P<mark>[—–]|--?\s|:\s)"
    r"|(?P<agency_place>[^\W\d_][\w .,'’-]{1,40}?)\s?\((?:[A-Z][\w/. ]{1,20}|[^\W\d_a-zA-Z][^()]{1,30})\)\s?[-—–:]"
)
_DAY_BEHIND_PLACE = re.compile(r",? (?:(?:le|den|am|el) )?(?:[^\W\d_]{3,12}\.? \d{1,2}|\d{1,2} [^\W\d_]{3,12})\.?$")
_CRIES = frozenset(
    "UPDATE UPDATED WATCH NOTE READ BREAKING EXCLUSIVE WARNING SPOILER VIDEO PHOTOS OPINION ANALYSIS CORRECTION".split()
)
SHORTEST_PLACE, SHORTEST_BEFORE_COLON = 3, 5


def dateline(paragraph: str) -> str:
    """The place that a report opens with: BAGHDAD (Reuters) —, DUBAI, United Arab Emirates —, NEW DELHI:"""
    match = _DATELINE.match(paragraph[:FACT_LENGTH])
    if not match:
        return ""
    place = _DAY_BEHIND_PLACE.sub("", (match["place"] or match["agency_place"]).strip(" ,-"))
    shortest = SHORTEST_BEFORE_COLON if (match["mark"] or "").startswith(":") else SHORTEST_PLACE
    return "" if len(place) < shortest or place.split()[0] in _CRIES else place


_TAG_LABEL = re.compile(
    r"(?:tags?|tagged|topics?|keywords?|schlagwörter|schlagworte|mots-clés|étiquettes|etiquetas|tópicos|الوسوم"
    r"|كلمات مفتاحية|标签)(?P<mark>\s?[:：]\s?|\s(?=\S)|$)",
    re.IGNORECASE,
)
MOST_TAGS = 30
TAG_LENGTH = 60


def tags(lines: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The tags in the lines after an article, and how many lines they take; (), 0 where the first line names none.

    They stand behind a label ("Tags: a, b, c") or below it, a line each.
    """
    match = _TAG_LABEL.match(lines[0]) if lines else None
    if not match:
        return (), 0
    rest = lines[0][match.end() :]
    if rest:
        named = tuple(_parts(rest))
        labelled = match["mark"].strip() or len(named) > 1
        return (named, 1) if labelled and _are_tags(named) else ((), 0)
    below = []
    for line in lines[1 : MOST_TAGS + 1]:
        if line.count(" ") > 3 or line.endswith((".", ":", "?", "!")):
            break
        below.append(line)
    return (tuple(dict.fromkeys(below)), len(below) + 1) if below else ((), 0)


def _parts(text: str) -> Iterator[str]:
    seen = set()
    for part in re.split(r"[,;|•·،、#]", text):
        name = part.strip(" .")
        if name and name not in seen:
            seen.add(name)
            yield name


def _are_tags(named: Sequence[str]) -> bool:
    return 0 < len(named) <= MOST_TAGS and all(len(name) <= TAG_LENGTH for name in named)


_HOMES = frozenset(
    {"front page", *"home startseite accueil inicio início homepage hauptseite الرئيسية главная 首页 ホーム".split()}
)
_PATH_LABEL = re.compile(r"you are here\s?:?\s?", re.IGNORECASE)
_PATH = re.compile(r"\s?(?:»|›|>>?|→|\||/|::|\\)\s?")
SECTION_WORDS = 4
_BETWEEN = "|•·"


def path_parts(text: str) -> list[str]:
    """The parts of a path such as Home » World » Title; none if the line is not one. A mark at its end ends nothing."""
    parts = [part.strip() for part in _PATH.split(_PATH_LABEL.sub("", text))]
    return parts if len(parts) > 1 and parts[0].casefold() in _HOMES else []


def path_sections(text: str, title: str) -> tuple[str, ...]:
    """The sections in a path to the article."""
    inner = path_parts(text)[1:]
    if inner and _alike(inner[-1], title):
        inner = inner[:-1]
    return tuple(part for part in inner if part and part.count(" ") < SECTION_WORDS)


def _alike(part: str, title: str) -> bool:
    short = part.rstrip(" .…").casefold()
    return title.casefold().startswith(short[:40]) or short.startswith(title.casefold()[:40])


def run_together(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """The sections in a line that prints them without a space between: OthersWorld News. One name gives one section.

    A known section is taken whole; else a name ends where a small letter meets a capital.
    """
    found = []
    rest = text.strip()
    while rest:
        name = _known_name(rest, known) or _up_to_seam(rest, known)
        found.append(name.strip(f" {_BETWEEN}"))
        rest = rest[len(name) :].lstrip(f" {_BETWEEN}")
    names = tuple(dict.fromkeys(name for name in found if name))
    return names if all(len(name) > 1 for name in names) else (text.strip(),)


def _known_name(text: str, known: frozenset[str]) -> str:
    fitting = [name for name in known if name and text.startswith(name) and _may_end(text, len(name))]
    return max(fitting, key=len, default="")


def _may_end(text: str, at: int) -> bool:
    return at == len(text) or text[at].isupper() or text[at] in _BETWEEN


def _up_to_seam(text: str, known: frozenset[str]) -> str:
    for at in range(1, len(text)):
        seam = text[at - 1].islower() and text[at].isupper()
        if (
            seam
            or text[at] in _BETWEEN
            or (text[at].isupper() and text[at - 1] != " " and _known_name(text[at:], known))
        ):
            return text[:at]
    return text


_FILED = re.compile(
    r"(?:filed under|posted in|this entry was posted in|categor(?:y|ies)|kategorien?|catégories?|categor[ií]as?"
    r"|التصنيفات|分类)"
    r"(?P<mark>\s?[:：])?\s{1,3}(?P<names>[^.]{2,200})",
    re.IGNORECASE,
)


def filed_under(text: str) -> tuple[str, ...]:
    """The sections in a line such as "Posted in World, Trade. Bookmark the permalink."; none if the line is not one."""
    match = _FILED.match(text) if len(text) <= FACT_LENGTH * 2 else None
    named = tuple(_parts(match["names"])) if match else ()
    return named if all(name.count(" ") < SECTION_WORDS for name in named) else ()


_ADDRESS = re.compile(
    r"(?:(?:url|source|link|permalink|original|doi|quelle|article url|retrieved from|available at)\s?:\s{0,2})?(?P<url>https?://[^\s<>\"]{4,500})",
    re.IGNORECASE,
)
_FILES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf", ".mp4", ".mp3", ".css", ".js")


def address(lines: Sequence[str]) -> str:
    """The address of the article, where a line is nothing but one."""
    for line in lines:
        match = _ADDRESS.fullmatch(line)
        if match and not match["url"].lower().split("?")[0].endswith(_FILES):
            return match["url"]
    return ""
