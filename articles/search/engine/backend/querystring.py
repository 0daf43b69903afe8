"""Conditions written as a string, as Haystack writes them for facets: read, and written.

    either = both { OR both }
    both   = one { [AND] one }
    one    = [ NOT | - ] [ field: ] ( word | "phrase" | [low TO high] | {low TO high} | ( either ) )

A word may begin or end with `*`, or end with `~`. A backslash takes the meaning of the sign behind it away. What is not
of this form raises `Unsupported`: nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from whoosh import query

from ..errors import TooDeep, TooLong, Unsupported

LENGTH, DEPTH = 100_000, 16
TOKEN = re.compile(
    r"""\s+
    | (?P<field>[^\W\d]\w*):
    | "(?P<quoted>(?:[^"\\]|\\.)*)"
    | (?P<range>[\[{]\s*(?P<low>"(?:[^"\\]|\\.)*"|\S+?)\s+TO\s+(?P<high>"(?:[^"\\]|\\.)*"|[^\s\]}]+)\s*[\]}])
    | (?P<sign>[()])
    | (?P<minus>-)(?=[\w"(\[{*])
    | (?P<word>(?:[^\s()"\\\[\]{}]|\\.)+)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
SPECIAL = re.compile(r"""([\s\\"()\[\]{}:*?~-])""")
RANGES = {"gt": "{%s TO *]", "gte": "[%s TO *]", "lt": "[* TO %s}", "lte": "[* TO %s]"}
FAMILIES = {"startswith": "%s*", "endswith": "*%s", "contains": "*%s*", "fuzzy": "%s~"}

# Makes the query of one condition: the field, the lookup, the value, and whether it was quoted.
Condition = Callable[[str, str, Any, bool], query.Query | None]
Join = Callable[[list[query.Query | None]], query.Query | None]


class Reader:
    """Reads one string. The queries themselves are made by whoever knows the fields."""

    def __init__(self, text: str, condition: Condition, both: Join, either: Join, negate: Callable) -> None:
        if len(text) > LENGTH:
            raise TooLong(f"A query string may have {LENGTH:,} letters, and this one has {len(text):,}.")
        self.text, self.at = text, 0
        self.condition, self.both, self.either, self.negate = condition, both, either, negate
        self.tokens = list(self._tokens())

    def read(self, field: str = "content") -> query.Query | None:
        found = self._either(field, 0)
        if self.at < len(self.tokens):
            raise self._unreadable()
        return found

    def _tokens(self) -> Iterator[re.Match[str]]:
        at = 0
        while at < len(self.text):
            token = TOKEN.match(self.text, at)
            if token is None:
                raise Unsupported(f"The query string cannot be read from here on: {self.text[at : at + 40]}")
            at = token.end()
            if token.lastgroup:
                yield token

    def _unreadable(self) -> Unsupported:
        rest = self.text[self.tokens[self.at].start() :] if self.at < len(self.tokens) else "its end"
        return Unsupported(f"The query string cannot be read from here on: {rest[:40]}")

    def _word(self) -> str:
        return (self.tokens[self.at]["word"] or "") if self.at < len(self.tokens) else ""

    def _sign(self) -> str:
        return (self.tokens[self.at]["sign"] or "") if self.at < len(self.tokens) else ""

    def _either(self, field: str, depth: int) -> query.Query | None:
        parts = [self._both(field, depth)]
        while self._word() == "OR":
            self.at += 1
            parts.append(self._both(field, depth))
        return self.either(parts)

    def _both(self, field: str, depth: int) -> query.Query | None:
        parts = [self._one(field, depth)]
        while self.at < len(self.tokens) and self._word() != "OR" and self._sign() != ")":
            self.at += self._word() == "AND"
            parts.append(self._one(field, depth))
        return self.both(parts)

    def _one(self, field: str, depth: int) -> query.Query | None:
        if depth > DEPTH:
            raise TooDeep(f"The brackets of a query string may be {DEPTH} deep.")
        if self.at == len(self.tokens) or self._sign() == ")" or self._word() in ("AND", "OR"):
            raise self._unreadable()
        token = self.tokens[self.at]
        self.at += 1
        if token["minus"] or token["word"] == "NOT":
            return self.negate(self._one(field, depth + 1))
        if token["field"]:
            return self._one(token["field"], depth + 1)
        return self._bracket(field, depth + 1) if token["sign"] else self._leaf(field, token)

    def _bracket(self, field: str, depth: int) -> query.Query | None:
        found = self._either(field, depth)
        if self._sign() != ")":
            raise self._unreadable()
        self.at += 1
        return found

    def _leaf(self, field: str, token: re.Match[str]) -> query.Query | None:
        if token["quoted"] is not None:
            return self.condition(field, "content", unescaped(token["quoted"]), True)
        if token["range"]:
            return self.both(list(self._bounds(field, token)))
        return self.condition(field, *word_lookup(token["word"]), False)

    def _bounds(self, field: str, token: re.Match[str]) -> Iterator[query.Query | None]:
        low, high = (unescaped(bound.strip('"')) for bound in (token["low"], token["high"]))
        if low == high == "*":
            raise Unsupported(f"The range {token['range']} has no bound.")
        if low != "*":
            yield self.condition(field, "gte" if token["range"][0] == "[" else "gt", low, False)
        if high != "*":
            yield self.condition(field, "lte" if token["range"][-1] == "]" else "lt", high, False)


def word_lookup(word: str) -> tuple[str, str]:
    """What a word with a star or a tilde at its ends asks for."""
    if word == "*":
        return "all", ""
    lookup, inside = "content", word
    if word.endswith("~"):
        lookup, inside = "fuzzy", word[:-1]
    elif len(word) > 2 and word[0] == "*" and _is_open(word):
        lookup, inside = "contains", word[1:-1]
    elif word[0] == "*":
        lookup, inside = "endswith", word[1:]
    elif _is_open(word):
        lookup, inside = "startswith", word[:-1]
    if re.search(r"(?<!\\)(?:\\\\)*[*?]", inside):
        raise Unsupported(f"{word} has a sign inside that stands for any letters; they are read at its ends only.")
    return lookup, unescaped(inside)


def _is_open(word: str) -> bool:
    return re.search(r"(?<!\\)(?:\\\\)*\*$", word) is not None


def unescaped(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def quoted(value: Any) -> str:
    if isinstance(value, dt.date):
        value = value.isoformat()
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write(field: str, lookup: str, value: Any, whole: bool) -> str:
    """A condition as a string that `Reader` reads as that condition. `whole` values are not taken word by word."""
    if lookup == "in":
        return f"{field}:({' OR '.join(map(quoted, value))})"
    if lookup == "range":
        return f"{field}:[{quoted(value[0])} TO {quoted(value[1])}]"
    if lookup in RANGES:
        return f"{field}:{RANGES[lookup] % quoted(value)}"
    pieces: Iterable[str] = [str(value)] if whole else str(value).split()
    if lookup in FAMILIES:
        return f"{field}:({' AND '.join(FAMILIES[lookup] % SPECIAL.sub(_escape, piece) for piece in pieces)})"
    if whole or lookup == "exact" or not isinstance(value, str):
        return f"{field}:{quoted(value)}"
    return f"{field}:({' AND '.join(map(quoted, pieces))})"


def _escape(sign: re.Match[str]) -> str:
    return f"\\{sign[1]}"
