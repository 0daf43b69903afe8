"""Which lines of a web page are the body of its article.

trafilatura says what it takes for the article. Its words are found again among the lines of the page, and then put
right by how the page is built: lines that stand in the same kind of box belong together.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from articles.importers import credits
from articles.importers.furniture import kind_of
from articles.importers.lines import comparable
from articles.importers.webpage_lines import HEADINGS, Frame, Line

# What trafilatura cannot read is told on the receipt, in our words.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

# It takes time in proportion to the elements and how deep they stand; past this it is not asked.
MOST_WEIGHT = 1_000_000
# What it may raise over a page that nobody thought of.
_TRIPS = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError, etree.LxmlError)

GRAM = 12
STRIDE = 3
LONG_KEY = 20
MOST_GUIDE = 1_000_000
CONTEXT_LINES = 4

PROSE_WORDS = 8
LONG_PROSE_WORDS = 25
MOST_LINKED = 0.5
MOST_LINKED_SHORT = 0.6
SHORT_WORDS = 15
TELLING_KEYS = 200
_ENDS = (*'.!?…。！？"”’»):',)
_AWAY = frozenset("nav footer form button aside figcaption".split())
_PLAIN = frozenset([*HEADINGS, *"p li ul ol dl dt dd pre table tbody thead tfoot tr td th center blockquote".split()])
_NO_ARTICLE = re.compile(r"comment|discuss|disqus|reply|footer|related|sidebar|newsletter|promo|cookie|consent")
_CAPTION = re.compile(r"caption|photo-credit|image-credit")

Box = tuple[tuple[str, str], ...]


def guide(tree: HtmlElement) -> str:
    """What trafilatura takes for the body, a paragraph a line; nothing where it finds none or cannot say."""
    if _weight(tree) > MOST_WEIGHT:
        return ""
    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, favor_precision=True)
    except _TRIPS:
        return ""
    return str(getattr(found, "text", None) or "")[:MOST_GUIDE]


def _weight(tree: HtmlElement) -> int:
    depth = weight = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        weight += depth
    return weight


def box(line: Line) -> Box:
    """The kind of box that a line stands in: all that is around it, but for paragraphs, lists and tables of its own."""
    return tuple((frame.name, frame.hints) for frame in _around(line))


def _around(line: Line) -> tuple[Frame, ...]:
    own = itertools.takewhile(_is_plain, reversed(line.frames))
    return line.frames[: len(line.frames) - sum(1 for _ in own)]


def _is_plain(frame: Frame) -> bool:
    return frame.name in _PLAIN and not (frame.name == "blockquote" and frame.hints)


# A page may have hundreds of boxes around each of thousands of lines, most of them the same.
@lru_cache(maxsize=4096)
def _is_no_article(hints: str) -> bool:
    return _NO_ARTICLE.search(hints) is not None


def is_caption(line: Line) -> bool:
    if line.heading or kind_of(line.text):
        return False
    return "figcaption" in line.inside or any(_CAPTION.search(frame.hints) for frame in line.frames[-3:])


def is_fact(line: Line) -> bool:
    """Whether the line only says who wrote the article, or when."""
    return credits.is_byline(line.text) or credits.is_date_line(line.text)


def is_prose(line: Line) -> bool:
    if line.inside & _AWAY or line.link_share >= MOST_LINKED or line.words < PROSE_WORDS:
        return False
    return line.words >= LONG_PROSE_WORDS or (line.text.endswith(_ENDS) and not is_fact(line))


class Choice:
    """The lines taken for the body so far, and the steps that put them right."""

    def __init__(self, lines: Sequence[Line], told: str) -> None:
        self.lines = lines
        self.boxes = [box(line) for line in lines]
        self.prose = [is_prose(line) for line in lines]
        self.taken = _found_again(lines, told) if told else set()

    def size(self, indexes: Iterable[int]) -> int:
        return sum(len(self.lines[index].key) for index in indexes)

    def body(self) -> list[int]:
        self.fall_back()
        self.drop_others()
        self.join_boxes()
        self.drop_others()
        self.whole_tables()
        self.drop_furniture()
        self.drop_head()
        return sorted(self.taken)

    def told(self) -> list[int]:
        """The prose among the lines taken, in order."""
        return sorted(index for index in self.taken if self.prose[index])

    def core(self) -> int:
        """The first prose in the kind of box that holds most of the body."""
        told = self.told() or sorted(self.taken)
        sizes: Counter[Box] = Counter()
        for index in told:
            sizes[self.boxes[index]] += len(self.lines[index].key)
        return next((index for index in told if self.boxes[index] == sizes.most_common(1)[0][0]), 0)

    def fall_back(self) -> None:
        """Take the box with the most prose if nothing of it was taken, and what was taken is less than half of it."""
        groups: dict[Box, list[int]] = defaultdict(list)
        for index, kind in enumerate(self.boxes):
            if self.prose[index]:
                groups[kind].append(index)
        own = (group for kind, group in groups.items() if not any(_is_no_article(hints) for _, hints in kind))
        best = max(own, key=self.size, default=[])
        if self.size(best) > 2 * self.size(self.told()) and not self.taken & set(best):
            self.taken = set(best)

    def drop_others(self) -> None:
        """Of several articles on a page keep the one with the first heading of the page, if any of it was taken."""
        heading = next((line for line in self.lines if line.heading == "h1"), None)
        named = [frame.number for frame in heading.frames if frame.name == "article"] if heading else []
        if not named:
            return
        own = {index for index in self.taken if _stands_in(self.lines[index], named[-1])}
        others = {index for index in self.taken - own if "article" in self.lines[index].inside}
        if own:
            self.taken -= others

    def join_boxes(self) -> None:
        """Take what stands in the same kind of box as most of what was taken."""
        told = self.told()
        if not told:
            return
        sizes: Counter[Box] = Counter()
        for index in told:
            sizes[self.boxes[index]] += len(self.lines[index].key)
        sure = {kind for kind, size in sizes.items() if size >= TELLING_KEYS and size * 5 >= self.size(told)}
        between = range(told[0] + 1, told[-1])
        for index, line in enumerate(self.lines):
            fits = self.boxes[index] in sure and (index in between or self.prose[index])
            if fits and not line.heading and not _is_furniture(line):
                self.taken.add(index)
        self.taken |= {index for index in between if self.boxes[index] in sure and self._heads(index)}

    def _heads(self, index: int) -> bool:
        """Whether a line is a heading over text that was taken."""
        line = self.lines[index]
        below = bool({index + 1, index + 2} & self.taken)
        return bool(line.heading) and below and line.link_share < MOST_LINKED and not kind_of(line.text)

    def whole_tables(self) -> None:
        """A table belongs to the article as a whole or not at all."""
        tables: dict[int, set[int]] = defaultdict(set)
        for index, line in enumerate(self.lines):
            for frame in [frame for frame in line.frames if frame.name == "table"][-1:]:
                tables[frame.number].add(index)
        for cells in tables.values():
            self.taken = self.taken | cells if len(cells & self.taken) * 3 >= len(cells) else self.taken - cells

    def drop_furniture(self) -> None:
        self.taken = {
            index for index in self.taken if not kind_of(self.lines[index].text) and not is_caption(self.lines[index])
        }

    def drop_head(self) -> None:
        """Headline, byline and date over the first paragraph are facts about the article, not its text."""
        first = next(iter(self.told()), 0)
        for index in list(self.taken):
            line = self.lines[index]
            if (index < first and is_fact(line)) or line.heading == "h1":
                self.taken.remove(index)


def _stands_in(line: Line, number: int) -> bool:
    return any(frame.number == number for frame in line.frames)


def _is_furniture(line: Line) -> bool:
    linked = line.link_share > MOST_LINKED_SHORT and line.words < SHORT_WORDS
    return not line.key or linked or kind_of(line.text) is not None


def _found_again(lines: Sequence[Line], told: str) -> set[int]:
    """The lines that are in a text, though it may have joined, cut or left out what a line has."""
    keys = [line.key for line in lines]
    said = [key for key in map(comparable, told.splitlines()) if key]
    whole = "".join(said)
    grams = {whole[at : at + GRAM] for at in range(len(whole) - GRAM + 1)}
    counts = Counter(said)
    taken = {index for index, key in enumerate(keys) if _is_in(index, keys, grams, counts)}
    return _without_repeats(keys, taken, counts)


def _is_in(index: int, keys: Sequence[str], grams: set[str], said: Counter[str]) -> bool:
    key = keys[index]
    if not key or key in said:
        return bool(key)
    if len(key) >= LONG_KEY:
        parts = range(0, len(key) - GRAM + 1, STRIDE)
        return sum(key[at : at + GRAM] in grams for at in parts) * 10 >= len(parts) * 6
    before = "".join(keys[max(0, index - CONTEXT_LINES) : index])[-GRAM:]
    after = "".join(keys[index + 1 : index + 1 + CONTEXT_LINES])[:GRAM]
    return _is_whole(before + key, grams) or _is_whole(key + after, grams)


def _is_whole(text: str, grams: set[str]) -> bool:
    return len(text) >= GRAM and all(text[at : at + GRAM] in grams for at in range(len(text) - GRAM + 1))


def _without_repeats(keys: Sequence[str], taken: set[int], said: Counter[str]) -> set[int]:
    """Of lines with the same words as many as were said, those among the lines that stand only once first."""
    places: dict[str, list[int]] = defaultdict(list)
    for index in sorted(taken):
        places[keys[index]].append(index)
    sure = [found[0] for key, found in places.items() if len(found) == 1 and len(key) >= LONG_KEY]
    if not sure:
        return taken
    core = range(min(sure), max(sure) + 1)
    kept: set[int] = set()
    for key, found in places.items():
        kept.update(([index for index in found if index in core] or found)[: max(1, said[key])])
    return kept
