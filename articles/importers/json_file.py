"""A JSON document: a list of articles, an object that holds such a list under any key, or one article.

Lists are read element by element; no more than one element is held.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO

from articles.importers.columns import Column
from articles.importers.jsonvalues import TOO_MUCH, articles_in, foreign, is_article, is_too_much, reader
from articles.importers.lines import BYTE_ORDER_MARKS
from articles.importers.rows import plan
from articles.records import ArticleRecord, Guidance, Unreadable, UnreadableFile

CHUNK = 256 * 1024
# The longest article, and the longest document that is not read list by list.
LONGEST = 16_000_000
# What leads from one article to the next is no longer than this.
REACH = 16_000
DEEPEST = 6
NO_ARTICLE = (
    "There is no article in the file: what is read is a list of objects with a title or a text, under any key, "
    "or one such object."
)

_DECODER = JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_OPENS = re.compile(r"\s*(?:\[\s*\{|\{\s*[\"}])")
_FIRST_KEY = re.compile(r'\{\s*("(?:[^"\\]|\\.){0,100}")')
# How near the end of what is there a mistake may be the end itself.
_AT_END = 16
NOT_UTF8 = "there is a byte in it that is not UTF-8; save the file as UTF-8"
_NEXT = re.compile(r'\}\s*,\s*(?=\{\s*")')
_NOT_UTF8 = re.compile("[\udc80-\udcff]")

Found = tuple[str, Any]


class _Broken(Exception):
    """What stands here is no JSON, or too much of it; the message says which."""


def looks_like(name: str, head: bytes) -> bool:
    encoding, length = _encoding(head)
    return bool(_OPENS.match(head[length:].decode(encoding, "replace")))


def read(stream: BinaryIO, guidance: Guidance) -> Iterator[ArticleRecord | Unreadable]:
    """Each article; a broken one is `Unreadable`, and the next one that begins alike is read all the same."""
    record_of = reader((value for _, value in _found(stream)), guidance)
    stream.seek(0)
    place = ""
    for place, value in _found(stream):
        yield value if isinstance(value, Unreadable) else record_of(value, place)
    if not place:
        raise UnreadableFile(NO_ARTICLE)


def columns(stream: BinaryIO, guidance: Guidance) -> tuple[Column, ...]:
    """The keys of the objects, with the fields that they go to; () for a file in our own shape."""
    values = (value for _, value in _found(stream))
    return plan(foreign(values, exact=not guidance.columns), guidance).columns()


def _encoding(head: bytes) -> tuple[str, int]:
    """What the file is written in, and how many bytes say so."""
    return next(((name, len(mark)) for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), ("utf-8", 0))


def _found(stream: BinaryIO) -> Iterator[Found]:
    """What may be articles, numbered. `Unreadable` stands for itself."""
    numbers = itertools.count(1)
    for value in _Walk(_Text(stream)).values():
        place = f"item {next(numbers)}"
        yield place, Unreadable(place, str(value)) if isinstance(value, _Broken) else value


class _Text:
    """The text of the file, of which only a part is there: `part`, read up to `at`."""

    def __init__(self, stream: BinaryIO) -> None:
        head = stream.read(CHUNK)
        encoding, length = _encoding(head)
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder(encoding)(errors)
        self.ended = False
        # Whether the value that was taken last has bytes in it that are not UTF-8.
        self.spoiled = False
        self.lines = 1
        self.at = 0
        self.part = self.decoder.decode(head[length:])

    def more(self) -> None:
        """As much again as is there and not read."""
        content = self.stream.read(max(CHUNK, len(self.part) - self.at))
        self.ended = not content
        self.lines += self.part.count("\n", 0, self.at)
        self.part = self.part[self.at :] + self.decoder.decode(content, final=self.ended)
        self.at = 0

    def mark(self) -> str:
        """The next character that is no space; "" at the end of the file."""
        while True:
            self.at = _SPACE.match(self.part, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.part):
                return self.part[self.at]
            if self.ended:
                return ""
            self.more()

    def take(self, marks: str) -> bool:
        """Step over one of these marks, if it is next."""
        found = self.mark()
        self.at += bool(found) and found in marks
        return bool(found) and found in marks

    def value(self, sound: bool = False) -> Any:
        """The whole value that stands here. Raises `_Broken`, and has not moved then; where it must be `sound`, also
        for a byte in it that is not UTF-8."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.part, self.at)
            except JSONDecodeError as error:
                self._go_on(error)
            except (ValueError, RecursionError) as error:
                raise _Broken("the values are nested too deeply, or a number is too long, for an article") from error
            else:
                if end < len(self.part) or self.ended or self.part[end - 1] in '}]"':
                    return self._taken(value, end, sound)
            if len(self.part) - self.at > LONGEST:
                raise _Broken(f"longer than {LONGEST:,} characters, which no article is")
            if is_too_much(self.part):
                raise _Broken(TOO_MUCH)
            self.more()

    def _go_on(self, error: JSONDecodeError) -> None:
        """Raises `_Broken` unless the mistake may be that not all of the value is there."""
        near = error.pos >= len(self.part) - _AT_END or error.msg.startswith("Unterminated")
        if self.ended or not near:
            line = self.lines + self.part.count("\n", 0, error.pos)
            raise _Broken(f"not JSON at line {line}: {error.msg}") from error

    def _taken(self, value: Any, end: int, sound: bool) -> Any:
        found = self.part[self.at : end]
        self.spoiled = not found.isascii() and bool(_NOT_UTF8.search(found))
        if self.spoiled and sound:
            raise _Broken(NOT_UTF8)
        self.at = end
        return value

    def leave(self) -> None:
        """Step to the end of the file."""
        while not self.ended:
            self.at = len(self.part)
            self.more()
        self.at = len(self.part)

    def seek(self, pattern: re.Pattern[str]) -> bool:
        """Step to the end of what matches next; False where nothing does up to the end of the file."""
        self.at += 1
        while True:
            if match := pattern.search(self.part, self.at):
                self.at = match.end()
                return True
            if self.ended:
                self.leave()
                return False
            self.at = max(self.at, len(self.part) - REACH)
            self.more()


class _Walk:
    """The way through a document to the values that may be articles."""

    def __init__(self, text: _Text) -> None:
        self.text = text
        self.next_one: re.Pattern[str] | None = None

    def values(self) -> Iterator[Any]:
        while mark := self.text.mark():
            if mark == "[":
                yield from self._elements()
            elif mark == "{":
                yield from self._object(0)
            elif not self.text.take(","):
                yield _Broken(f"not JSON at line {self.text.lines}: what follows is neither a list nor an object")
                return

    def _object(self, deep: int) -> Iterator[Any]:
        """Whole, if it is short and sound; else key by key, since only a part of it may be neither."""
        try:
            value = self.text.value(sound=True)
        except _Broken as error:
            if deep < DEEPEST:
                yield from self._members(error, deep)
            else:
                yield error
                self.text.leave()
            return
        found = articles_in(value)
        if deep == 0 or is_article(found[0]):
            yield from found

    def _members(self, error: _Broken, deep: int) -> Iterator[Any]:
        """What the lists and objects give that an object holds; what is wrong with it as a whole where none does."""
        count = 0
        self.text.take("{")
        while self.text.mark() == '"':
            try:
                self.text.value()
                if not self.text.take(":"):
                    break
                for value in self._member(deep):
                    count += 1
                    yield value
            except _Broken:
                break
            self.text.take(",")
        if not self.text.take("}"):
            if not count:
                yield error
            self._to_next_object()

    def _member(self, deep: int) -> Iterator[Any]:
        mark = self.text.mark()
        if mark == "[":
            yield from self._elements(only_articles=True)
        elif mark == "{":
            yield from self._object(deep + 1)
        else:
            self.text.value()

    def _elements(self, only_articles: bool = False) -> Iterator[Any]:
        """Those of a list; of one among others in an object, only where the first is an article."""
        self.text.take("[")
        value: Any = None
        while not self.text.take("]"):
            if self.text.take(","):
                continue
            if not self.text.mark():
                if not isinstance(value, _Broken):
                    yield _Broken("the file is cut short: it ends within a list; get it once more")
                return
            value = self._element()
            if only_articles and not isinstance(value, _Broken | dict):
                continue
            if not (only_articles and isinstance(value, dict) and not is_article(value)):
                yield value

    def _element(self) -> Any:
        """The next element, or what is wrong with it."""
        self._learn()
        try:
            value = self.text.value()
            return _Broken(NOT_UTF8) if self.text.spoiled else value
        except _Broken as error:
            self.text.seek(self.next_one or _NEXT)
            return error

    def _learn(self) -> None:
        """Articles of a list begin with the same key, by which the next one is found behind one that is broken."""
        if self.next_one is None and (match := _FIRST_KEY.match(self.text.part, self.text.at)):
            self.next_one = re.compile(r"\}\s*,\s*(?=\{\s*" + re.escape(match[1]) + r")")

    def _to_next_object(self) -> None:
        self.text.seek(re.compile(r"^(?=\{)", re.M))
