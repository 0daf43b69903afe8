"""The styles that readers write by hand: APA 7, MLA 9, Chicago 17 and Harvard (Cite Them Right), for news online.

Their words are English, whatever the language of the page: "n.d.", "Available at". The day on which a source was looked
at is the reader's, who writes it in place of "day month year".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .facts import Cited, Day, When
from .people import Person

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
ENDINGS = tuple(".?!…。؟！？۔")
ACCESSED = "day month year"
APA_MOST, CHICAGO_MOST, CHICAGO_SHOWN, HARVARD_MOST = 20, 10, 7, 3


@dataclass(frozen=True)
class Piece:
    """A stretch of a citation. `own` is what the article itself says: it may run in another direction."""

    text: str
    italic: bool = False
    own: bool = False


# What is put together with spaces: words, a piece, or pieces without a space between them.
Part = str | Piece | list[Piece]


@dataclass(frozen=True)
class Citation:
    style: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def apa(article: Cited) -> tuple[Piece, ...]:
    title = _ended(article.title)
    names = _joined([_initialled(one) for one in article.people], "&", APA_MOST)
    date = [Piece(f"({_apa_date(article.date)}).")]
    head = [_ended(names), date, title] if names else [title, date]
    source = [Piece(article.source, italic=True, own=True), Piece(".")] if article.source else []
    return _spaced(*head, source, *_corrected(article), article.permalink)


def _apa_date(date: When) -> str:
    if date.exact:
        return ("ca. " if date.inferred else "") + _year_first(date.exact)
    words = _bounds(date, american)
    return f"n.d., {words}" if words else "n.d."


def _year_first(day: Day) -> str:
    month = f", {MONTHS[day[1] - 1]}" if len(day) > 1 else ""
    return f"{day[0]}{month}{f' {day[2]}' if len(day) > 2 else ''}"


def mla(article: Cited) -> tuple[Piece, ...]:
    head = [_ended(_mla_names(article.people))] if article.people else []
    date = _bracketed(article.date, short)
    printed: list[Piece] = [Piece(article.source, italic=True, own=True)] if article.source else []
    printed += (
        [Piece(f", {date}." if printed else f"{date[:1].upper()}{date[1:]}.")] if date else [Piece(".")] * len(printed)
    )
    held = [Piece(article.archive, italic=True, own=True), Piece(f", {article.permalink}.")]
    accessed = [] if date else [Piece(f"Accessed {ACCESSED}.")]
    return _spaced(*head, _quoted(article.title), printed, *_corrected(article), held, *accessed)


def _mla_names(people: tuple[Person, ...]) -> str:
    first = _inverted(people[0])
    if len(people) > 2:
        return f"{first}, et al"
    return f"{first}, and {people[1].printed}" if len(people) > 1 else first


def chicago(article: Cited) -> tuple[Piece, ...]:
    """As in a bibliography. Where nobody is named the paper stands in the author's place."""
    paper = article.source.removeprefix("The ") if article.source.isascii() else article.source
    date = _bracketed(article.date, american) or "n.d."
    accessed = [Piece(f"Accessed {ACCESSED}.")] if article.date == When() else []
    behind: list[Part] = [*_corrected(article), *accessed, f"{article.permalink}."]
    if article.people:
        names = _joined(
            [_inverted(article.people[0]), *(one.printed for one in article.people[1:])], "and", CHICAGO_MOST
        )
        printed = (
            [Piece(paper, italic=True, own=True), Piece(f", {ended(date)}")] if paper else [Piece(_sentence(date))]
        )
        return _spaced(_ended(names), _quoted(article.title), printed, *behind)
    head = [[Piece(paper, italic=True, own=True), Piece(".")]] if paper else []
    return _spaced(*head, _quoted(article.title), _sentence(date), *behind)


def _sentence(date: str) -> str:
    return ended(date if date == "n.d." else date[:1].upper() + date[1:])


def harvard(article: Cited) -> tuple[Piece, ...]:
    """As in Cite Them Right. Where nobody is named the paper stands in the author's place."""
    title = [Piece("‘"), _own(article.title), Piece("’")]
    year = f"({_harvard_year(article.date)})"
    day = _harvard_day(article.date)
    told = f"Available at: {article.permalink} (Accessed: {ACCESSED})."
    behind: list[Part] = [*_corrected(article), told]
    tail = [Piece(f", {day}." if day else ".")]
    if article.people:
        printed = [Piece(", "), Piece(article.source, italic=True, own=True)] if article.source else []
        return _spaced(_own(_harvard_names(article.people)), year, [*title, *printed, *tail], *behind)
    if article.source:
        return _spaced(Piece(article.source, italic=True, own=True), year, [*title, *tail], *behind)
    return _spaced(title, [Piece(year), *tail], *behind)


def _harvard_names(people: tuple[Person, ...]) -> str:
    names = [_initialled(one) for one in people]
    if len(names) > HARVARD_MOST:
        return f"{names[0]} et al."
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _harvard_year(date: When) -> str:
    if date.exact:
        return f"c. {date.year}" if date.inferred else date.year
    words = _bounds(date, british)
    return f"no date, {words}" if words else "no date"


def _harvard_day(date: When) -> str:
    if len(date.exact) < 2:
        return ""
    day = f"{date.exact[2]} " if len(date.exact) > 2 else ""
    words = f"{day}{MONTHS[date.exact[1] - 1]}"
    return f"[{words}?]" if date.inferred else words


STYLES: tuple[tuple[str, Callable[[Cited], tuple[Piece, ...]]], ...] = (
    ("APA", apa),
    ("MLA", mla),
    ("Chicago", chicago),
    ("Harvard", harvard),
)


# -- dates


def american(day: Day) -> str:
    if len(day) == 3:
        return f"{MONTHS[day[1] - 1]} {day[2]}, {day[0]}"
    return british(day)


def british(day: Day) -> str:
    return _day_first(day, MONTHS)


def short(day: Day) -> str:
    return _day_first(day, SHORT_MONTHS)


def _day_first(day: Day, months: tuple[str, ...]) -> str:
    return " ".join([*(str(number) for number in day[2:]), *(months[number - 1] for number in day[1:2]), str(day[0])])


def _bracketed(date: When, written: Callable[[Day], str]) -> str:
    """In brackets what the article does not print, with a question mark where it was worked out."""
    if date.exact:
        return f"[{written(date.exact)}?]" if date.inferred else written(date.exact)
    words = _bounds(date, written)
    return f"[{words}]" if words and date.inferred else words


def _bounds(date: When, written: Callable[[Day], str]) -> str:
    if date.first and date.last:
        return f"between {written(date.first)} and {written(date.last)}"
    if date.first:
        return f"not before {written(date.first)}"
    return f"not after {written(date.last)}" if date.last else ""


def bounds(date: When) -> str:
    """The bounds of a date that is not known exactly, in words."""
    return _bounds(date, british)


# -- names


def _inverted(one: Person) -> str:
    if one.literal:
        return one.literal
    return ", ".join(part for part in (one.family, one.given, one.suffix) if part)


def _initialled(one: Person) -> str:
    """Doe, J. of Jane Doe; Le Goff, J.-Y. of Jean-Yves Le Goff."""
    if one.literal:
        return one.literal
    words = re.findall(r"[^\s.]+", one.given)
    initials = " ".join("-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in words)
    return ", ".join(part for part in (one.family, initials, one.suffix) if part)


def _joined(names: list[str], word: str, most: int) -> str:
    if len(names) > most and word == "and":
        return f"{', '.join(names[:CHICAGO_SHOWN])}, et al"
    if len(names) > most:
        return f"{', '.join(names[: most - 1])}, . . . {names[-1]}"
    return f"{', '.join(names[:-1])}, {word} {names[-1]}" if len(names) > 1 else "".join(names)


# -- putting together


def ended(text: str) -> str:
    """With a full stop, unless it ends in a mark of its own, within quotation marks or not."""
    return text if text.rstrip("”’\"'»)").endswith(ENDINGS) else f"{text}."


def _own(text: str) -> Piece:
    return Piece(text, own=True)


def _ended(text: str) -> list[Piece]:
    """As `ended`; the full stop is not the article's, so that it stays at its end in either direction."""
    return [_own(text), *([Piece(".")] if ended(text) != text else [])]


def _quoted(title: str) -> list[Piece]:
    return [Piece("“"), *_ended(single_quotes(title)), Piece("”")]


def single_quotes(title: str) -> str:
    """The quotation marks of a title as they are within others."""
    turned = title.translate({ord("“"): "‘", ord("”"): "’"})
    return re.sub(r'"', lambda found: "‘" if re.match(r"(^|.*[\s([{—–-])$", turned[: found.start()]) else "’", turned)


def _corrected(article: Cited) -> list[list[Piece]]:
    """A correction travels with what it corrects."""
    if not article.correction:
        return []
    return [[Piece("[Correction: "), *_ended(article.correction), Piece("]")]]


def _spaced(*parts: Part) -> tuple[Piece, ...]:
    """The parts that there are, with a space between each two."""
    pieces: list[Piece] = []
    for part in parts:
        some = [Piece(part)] if isinstance(part, str) else [part] if isinstance(part, Piece) else part
        if some and pieces:
            pieces.append(Piece(" "))
        pieces += some
    return tuple(pieces)
