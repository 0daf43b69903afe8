"""What can follow what is being typed: real things of this archive, each with what it really gives.

A completion leads to the page of a name or of an article, or to the answer of a question. Its count is the one that
stands there: nothing withdrawn is offered, though the index may lag behind.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ...models import Article
from .. import asking
from ..edge import attempt
from ..engine.analysis import rows, written
from ..grammar import LENGTH
from ..names import known
from ..names.known import Name
from ..names.naming import MODELS
from ..question import SINGLE, Question

# How many are offered in all, of names and of titles beside others; and of how many words the hits are counted.
OFFERED, NAMES, TITLES, TRIED = 10, 4, 3, 16
# So long in seconds words are counted; the first few of them in any case.
SECONDS, SURE = 0.05, 4
# Words before the last one that a name may begin with.
BEFORE = 3
# Of a word or title so many letters are to be there.
LETTERS = 2
KINDS = {"source": "source", "section": "section", "tag": "tag", "author": "author", "by": "author"}
TEXTS = ("", "title", "body", "caption")

QUOTE = re.compile('["“”„‟«»″＂]')
FIELD = re.compile(r"(?:(?<![^\s(])(\w+)[:：])?\Z")
VALUE = re.compile(r"(?:(?<![^\s(])(\w+)[:：])?((?:(?<=[\s:：(])|(?<=^))[^\s()|:：]*)\Z")
WORD = re.compile(r"(?<![^\s])\w[\w'’.-]*\Z")
WORDS = re.compile(rf"(?:(?<![^\s(])\w[\w'’.-]*\s+){{0,{BEFORE}}}\Z")
# Where a name cannot be put: behind a sign that asks for more, or inside brackets.
OPEN = re.compile(r"(?:\b(?:OR|AND|NOT)|\bnear(?:/\d*)?|[(|])\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Completion:
    """`kind` is source, section, tag, author, title or word; `words` are shown, `text` is what the box would hold.

    `count` is the number of articles behind `url`.
    """

    kind: str
    words: str
    text: str
    count: int
    url: str


@dataclass(frozen=True)
class Typed:
    """What is being typed: `before` stands in front of it, `value` begins what `field` has, or a phrase if `quoted`."""

    before: str
    field: str
    value: str
    quoted: bool = False

    @property
    def word(self) -> str:
        """The word that is not finished: of a phrase the last one."""
        found = WORD.search(self.value)
        return found[0] if found else ""

    @property
    def lead(self) -> str:
        """All that stands in front of that word."""
        field, quote = f"{self.field}:" if self.field else "", '"' if self.quoted else ""
        return f"{self.before}{field}{quote}{self.value.removesuffix(self.word)}"

    @property
    def starts(self) -> Iterator[tuple[str, str]]:
        """What a name may begin with, and what stands before that: the longest beginning first."""
        found = None if self.field or self.quoted else WORDS.search(self.before)
        start = found.start() if found else len(self.before)
        for place in re.finditer(r"\S+\s+", self.before[start:]):
            at = start + place.start()
            yield self.before[:at], self.before[at:] + self.value
        yield self.before, self.value


def read(text: str) -> Typed | None:
    """None where nothing is begun that can be completed: after a space, a sign, or in a word that is excluded."""
    quotes = list(QUOTE.finditer(text))
    if len(quotes) % 2:
        head, value = text[: quotes[-1].start()], text[quotes[-1].end() :]
        found = FIELD.search(head)
        typed = Typed(head[: found.start()] if found else head, _field(found), value, quoted=True)
    else:
        found = VALUE.search(text)
        typed = Typed(text[: found.start()], _field(found), found[2]) if found else Typed(text, "", "")
    whole = not typed.before or typed.before[-1].isspace() or typed.before[-1] in "(（"
    return typed if whole and typed.word else None


def _field(found: re.Match[str] | None) -> str:
    return (found[1] or "").casefold() if found else ""


def complete(text: str, within: Question | None = None) -> list[Completion]:
    """What `text` can become, at most OFFERED: names, then words, then titles, each with most articles first.

    `within` is narrowed already: counts and addresses are of what it finds besides. While the engine is away only names
    are offered.
    """
    text = text.encode("utf-8", "ignore").decode()
    typed = read(text) if len(text) <= LENGTH else None
    if typed is None:
        return []
    within = (within or Question()).with_(notes=())
    with attempt("completing a search"):
        return Completing(typed, within, asking.Asker()).all()
    return Completing(typed, within).names()


@dataclass(frozen=True)
class Completing:
    """Without `counting` nobody can tell how many articles a question finds."""

    typed: Typed
    within: Question
    counting: asking.Asker | None = None

    def count(self, question: Question) -> int:
        return (self.counting and self.counting.total(question)) or 0

    def all(self) -> list[Completion]:
        found, titles = self.names(), self.titles()
        return [*found, *self.words(OFFERED - len(found) - len(titles)), *titles][:OFFERED]

    def shows(self, word: str) -> bool:
        return self.counting is not None and self.counting.shows(word)

    # Names

    def names(self) -> list[Completion]:
        typed = self.typed
        if typed.field and typed.field not in KINDS:
            return []
        kinds = (KINDS[typed.field],) if typed.field else tuple(MODELS)
        room = OFFERED if typed.field else NAMES
        found: dict[Name, Completion] = {}
        for before, start in typed.starts:
            for name in known.beginning(start, kinds, room):
                completion = None if name in found else self._of_name(name, before.strip())
                found |= {name: completion} if completion else {}
        return list(found.values())[:room]

    def _of_name(self, name: Name, before: str) -> Completion | None:
        """Its own page, or with other words and narrowing what is filed under it as well."""
        asked = self.within.with_(text=before)
        text = f'{before} {name.kind}:"{name.name}"'.strip()
        if not (before or asked.is_narrowed):
            return Completion(name.kind, name.name, text, name.count, name.url)
        if OPEN.search(before) or before.count("(") > before.count(")") or not self._can_add(name):
            return None
        narrowed = asked.narrowed(name.kind, name.slug)
        count = self.count(narrowed)
        return Completion(name.kind, name.name, text, count, narrowed.url()) if count else None

    def _can_add(self, name: Name) -> bool:
        """A second source would find more, not less."""
        return name.kind not in SINGLE or not self.within.chosen(name.kind)

    # Words and titles

    def words(self, room: int) -> list[Completion]:
        if self.typed.field not in TEXTS or len(self.typed.word) < LETTERS:
            return []
        found = (self._of_word(word) for word in self._in_time())
        # Of the same count, the word comes first that more articles have as it is written.
        return sorted(islice(filter(None, found), max(0, room)), key=lambda word: -word.count)

    def _in_time(self) -> Iterator[str]:
        """A phrase of words that are everywhere takes some milliseconds to count."""
        until = time.monotonic() + SECONDS
        for number, word in enumerate(self._possible()):
            if number >= SURE and time.monotonic() > until:
                return
            yield word

    def _possible(self) -> Iterator[str]:
        """The commonest words with this beginning; of those that find each other, one."""
        engine = asking.engine()
        languages = engine.store.snapshot().languages
        seen: set[tuple[str, ...]] = set()
        for word, _ in engine.completions(written(self.typed.word), TRIED):
            terms = {row.terms for row in rows(word, languages)}
            if seen.isdisjoint(terms) and self.shows(word):
                seen |= terms
                yield word

    def _of_word(self, word: str) -> Completion | None:
        text = f"{self.typed.lead}{word}" + ('"' if self.typed.quoted else "")
        asked = self.within.with_(text=text)
        count = self.count(asked)
        return Completion("word", text, text, count, asked.url()) if count else None

    def titles(self) -> list[Completion]:
        typed = self.typed
        if typed.field not in ("", "title") or typed.quoted or len(typed.word) < LETTERS:
            return []
        asked = self.within.with_(text=f"{typed.before}title:{typed.word}*")
        if asked.parsed.notes:
            return []
        keys = self.counting.newest(asked, TITLES) if self.counting else []
        held = Article.objects.published().only("title").in_bulk(keys)
        return [_of_title(held[key]) for key in keys if key in held]


def _of_title(article: Article) -> Completion:
    return Completion("title", article.title, article.title, 1, article.get_absolute_url())
