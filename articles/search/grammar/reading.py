"""What was typed, read: words, "phrases", -not, OR, brackets, fields and dates. Nothing typed raises.

    query  = either { [AND] either }             all must match
    either = term { OR term }                    OR joins the terms on either side of it
    term   = { - | NOT } [ field: ] ( word | "phrase" | ( query ) )

What cannot be read so is searched as it stands, and a note says so. Time is linear in what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ...records import Refused
from .parts import All, Dated, Either, Expression, Named, Not, Phrase, Sought, Word, sought

LENGTH, TERMS, DEPTH = 512, 64, 16


@dataclass(frozen=True)
class Parsed:
    expression: Expression | None = None
    notes: tuple[str, ...] = ()

    @property
    def sought(self) -> tuple[Sought, ...]:
        """The words and phrases that a found article has, for marking."""
        return tuple(sought(self.expression)) if self.expression else ()


TEXT_FIELDS = {"title": "title", "body": "body", "caption": "caption"}
NAME_FIELDS = {"tag": "tag", "section": "section", "source": "source", "author": "author", "by": "author"}
DATE_FIELDS = ("date", "before", "after")
FIELDS = (*TEXT_FIELDS, *NAME_FIELDS, *DATE_FIELDS)

QUOTES = '"“”„‟«»″＂'
# Spaces, control characters and the marks that turn the direction of writing.
BLANK = "\\s\\x00-\\x1f\\x7f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
BLANKS = re.compile(f"[{BLANK}]+")
QUOTE = re.compile(f"[{QUOTES}]")
TOKEN = re.compile(
    rf"(?P<blank>[{BLANK}]+)|(?P<quote>[{QUOTES}])|(?P<open>[(（])|(?P<close>[)）])|(?P<or>\|+)"
    rf"|(?P<not>(?<!\w)[-−–]+(?=[\w{QUOTES}(（]))|(?P<word>[^{BLANK}{QUOTES}()（）|]+)"
)
PREFIX = re.compile(r"(\w+)[:：]")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str = ""


class Notes(list[str]):
    """Sentences for the reader, each once."""

    def add(self, sentence: str) -> None:
        if sentence not in self:
            self.append(sentence)


@lru_cache(maxsize=256)
def parse(text: str) -> Parsed:
    notes = Notes()
    if len(text) > LENGTH:
        notes.add(f"Only the first {LENGTH} characters were read.")
    expression = Reader(list(_tokens(text[:LENGTH], notes)), notes).read()
    if text.strip() and expression is None:
        notes.add("There is no word to search for in this.")
    return Parsed(expression, tuple(notes))


def _tokens(text: str, notes: Notes) -> Iterator[Token]:
    at, count = 0, 0
    while (match := TOKEN.match(text, at)) and count < TERMS:
        at = match.end()
        kind = str(match.lastgroup)
        if kind == "quote":
            closing = QUOTE.search(text, at)
            if closing is None:
                notes.add("A quotation mark has no partner; its words are searched one by one.")
                continue
            token = Token("phrase", BLANKS.sub(" ", text[at : closing.start()]).strip())
            at = closing.end()
            count += len(token.text.split())
            yield token
        elif kind == "word":
            count += 1
            yield from _word_tokens(match.group(), notes)
        elif kind != "blank":
            yield Token(kind)
    if at < len(text):
        notes.add(f"Only the first {TERMS} words were searched for.")


def _word_tokens(text: str, notes: Notes) -> Iterator[Token]:
    if text in ("OR", "AND", "NOT"):
        yield Token(text.lower())
        return
    prefix = PREFIX.match(text)
    if prefix and prefix[1].casefold() in FIELDS:
        yield Token("field", prefix[1].casefold())
        text = text[prefix.end() :]
    elif prefix and prefix[1].isalpha() and not text.startswith("//", prefix.end()):
        notes.add(f"“{prefix[1]}:” is no field, so “{text}” is searched as it stands. Fields are {', '.join(FIELDS)}.")
    if "*" in text:
        notes.add("The sign * stands for nothing here: whole words are searched, in all their usual endings.")
    if text:
        yield Token("word", text)


@dataclass
class Reader:
    """Reads tokens from left to right; each method takes what it can and leaves the rest."""

    tokens: list[Token]
    notes: Notes
    at: int = 0
    depth: int = 0
    fields: list[str] = field(default_factory=lambda: [""])

    def read(self) -> Expression | None:
        parts: list[Expression | None] = []
        while self.at < len(self.tokens):
            parts.append(self.query())
            if self.take("close"):
                self.notes.add("A closing bracket has no partner and was left out.")
        return together(All, parts)

    def next(self, *kinds: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].kind in kinds

    def take(self, *kinds: str) -> Token | None:
        if not self.next(*kinds):
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def query(self) -> Expression | None:
        parts: list[Expression | None] = []
        while self.at < len(self.tokens) and not self.next("close"):
            parts.append(self.either())
        return together(All, parts)

    def either(self) -> Expression | None:
        parts = [self.term()]
        while self.take("or"):
            parts.append(self.term())
        return together(Either, parts)

    def term(self) -> Expression | None:
        negative = False
        while token := self.take("not", "and"):
            negative ^= token.kind == "not"
        part = self.fielded() if self.next("field") else self.plain()
        return Not(part) if part and negative else part

    def fielded(self) -> Expression | None:
        name = self.tokens[self.at].text
        self.at += 1
        if not self.next("word", "phrase", "open"):
            return literal(name)
        self.fields.append(name)
        part = self.plain()
        self.fields.pop()
        return part

    def plain(self) -> Expression | None:
        if self.take("open"):
            return self.bracket()
        token = self.take("word", "phrase")
        return self.leaf(token) if token else None

    def bracket(self) -> Expression | None:
        if self.depth == DEPTH:
            self.notes.add(f"Brackets are read {DEPTH} deep; deeper ones were left out.")
            return None
        self.depth += 1
        part = self.query()
        self.depth -= 1
        if not self.take("close"):
            self.notes.add("An opening bracket has no partner; it was closed at the end.")
        return part

    def leaf(self, token: Token) -> Expression | None:
        name = self.fields[-1]
        if name in DATE_FIELDS:
            return self.dated(name, token.text)
        if name in NAME_FIELDS:
            return named(NAME_FIELDS[name], token)
        return literal(token.text, TEXT_FIELDS.get(name, ""), phrase=token.kind == "phrase")

    def dated(self, name: str, text: str) -> Expression | None:
        try:
            return date_range(name, text)
        except (Refused, OverflowError):
            self.notes.add(f"“{text}” is no date, so it is searched as a word. Write 2017, 2017-05 or 2017-05-30.")
            return literal(text)


def together(kind: type[All] | type[Either], parts: list[Expression | None]) -> Expression | None:
    found = tuple(part for part in parts if part)
    return kind(found) if len(found) > 1 else found[0] if found else None


def literal(text: str, field: str = "", phrase: bool = False) -> Expression | None:
    """Nothing where there is no letter or digit to search for."""
    if not any(sign.isalnum() for sign in text):
        return None
    return Phrase(text, field) if phrase else Word(text, field)


def named(facet: str, token: Token) -> Expression | None:
    if not any(sign.isalnum() for sign in token.text):
        return None
    return Named(facet, token.text, exact=token.kind == "phrase")


def date_range(name: str, text: str) -> Dated:
    """Raises `Refused` or `OverflowError` for what is no date, or lies beyond all dates."""
    first, dots, last = text.partition("..")
    if name != "date":
        return checked(Dated(name, until=text) if name == "before" else Dated(name, since=text))
    if dots and not (first or last):
        raise Refused("date: neither end is given")
    return period(first, last if dots else first)


def period(since: str, until: str) -> Dated:
    """From the first moment of `since` to the last of `until`; either may be empty. The two are put in order."""
    found = Dated("date", since, until)
    if since and until and checked(found).earliest > checked(Dated("date", until, since)).earliest:  # type: ignore
        return Dated("date", until, since)
    return checked(found)


def checked(dated: Dated) -> Dated:
    """Raises `Refused` or `OverflowError` where a bound is no date."""
    _bounds = dated.earliest, dated.latest
    return dated
