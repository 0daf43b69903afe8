"""One article with the words of a question in marks: numbered from the top, each with links to its neighbours.

Without a script a reader steps from mark to mark: the one that an address ends in shows two arrows.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ...models import Article, Image
from .. import asking
from ..question import Question
from .marking import Rows, Told, marks_of, rows_of
from .snippets import PARAGRAPH, Mark, joined, marks

# Of an article with more places the first are marked; so many of the words in them are named.
MOST, NAMED = 500, 6
# Tags inside of a line. Every other one ends a block, and nothing that is marked goes across.
INLINE = frozenset("a abbr b cite code em i q s small strong sub sup time u".split())
# A text where a sign that opens a tag opens none is left as it is.
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?>[^<>\"']+|\"[^\"]*\"|'[^']*')*>")


@dataclass(frozen=True)
class Steps:
    """The arrows behind a mark, or behind a link with several marks in it."""

    first: int
    last: int

    def write(self, total: int) -> str:
        back = _arrow("back", self.first - 1, _("Previous place")) if self.first > 1 else ""
        on = _arrow("on", self.last + 1, _("Next place")) if self.last < total else ""
        return f'<span class="steps">{back}{on}</span>' if back or on else ""


def _arrow(kind: str, number: int, words: str) -> str:
    return f'<a class="{kind}" href="#mark-{number}" aria-label="{html.escape(words)}"></a>'


# HTML, and what can be written only when the number of marks is known.
Pieces = list[str | Steps]


@dataclass(frozen=True)
class Place:
    """From where to where a text is marked, and which mark of the article that is."""

    start: int
    end: int
    number: int


@dataclass(frozen=True)
class Stands:
    """A word as it stands in the article, how often, and where first."""

    words: str
    times: int
    first: int


@dataclass(frozen=True)
class Marked:
    """The texts of an article as HTML, with marks called mark-1, mark-2 ...; `captions` by the keys of the pictures.

    `is_cut` means that more places may follow.
    """

    question: Question
    title: SafeString
    standfirst: SafeString
    correction: SafeString
    editors_note: SafeString
    text: SafeString
    captions: dict[int, SafeString]
    total: int
    words: tuple[Stands, ...]
    is_cut: bool

    @property
    def named(self) -> tuple[Stands, ...]:
        """The words that stand there, the commonest first."""
        return tuple(sorted(self.words, key=lambda word: (-word.times, word.first)))[:NAMED]


def mark(article: Article, question: Question, body: str) -> Marked:
    """`body` is the HTML of the text as it is shown, which is safe."""
    expression = asking.read(question).expression
    marker = Marker(rows_of(expression, [article.language], question.exact), article.language)
    title, standfirst, correction, note = map(marker.text, _around(article))
    text = marker.body(body)
    captions = {image.pk: marker.text(_caption(image)) for image in _loose(article)}
    return Marked(
        question=question,
        title=marker.write(title),
        standfirst=marker.write(standfirst),
        correction=marker.write(correction),
        editors_note=marker.write(note),
        text=marker.write(text),
        captions={key: marker.write(pieces) for key, pieces in captions.items()},
        total=marker.total,
        words=tuple(Stands(words, len(places), places[0]) for words, places in marker.stands.items()),
        is_cut=marker.total == MOST,
    )


def texts(article: Article) -> list[Told]:
    """What is marked on the page of an article, in its order: as many places are in it as there are marks."""
    body = (Told("body", paragraph) for paragraph in article.paragraphs)
    return [*_around(article), *body, *map(_caption, _loose(article))]


def _around(article: Article) -> tuple[Told, ...]:
    others = (article.standfirst, article.correction, article.editors_note)
    return Told("title", article.title), *(Told("body", text) for text in others)


def _loose(article: Article) -> list[Image]:
    """The pictures whose captions are not in the text."""
    return [image for image in article.images.all() if not image.paragraph]


def _caption(image: Image) -> Told:
    return Told("caption", image.caption or image.alt)


@dataclass
class Marker:
    """Marks the texts of one article, one behind the other."""

    rows: Rows
    language: str
    total: int = 0
    # The numbers of the marks with each word, as it stands in the text.
    stands: dict[str, list[int]] = field(default_factory=dict)

    def places(self, field: str, text: str) -> list[Place]:
        return self._numbered(text, marks(text, self.rows.of(field), self.language))

    def places_in(self, told: Sequence[Told]) -> list[tuple[str, list[Place]]]:
        """The same of several texts, each beside what was found in it."""
        texts = [text for _, text in told]
        starts = [0, *accumulate(len(text) + len(PARAGRAPH) for text in texts)]
        held: list[list[Mark]] = [[] for _ in texts]
        for found in marks_of(told, self.rows, self.language):
            at = bisect_right(starts, found.start) - 1
            # A phrase does not go from one text to the next.
            if found.end <= starts[at] + len(texts[at]):
                held[at].append(Mark(found.start - starts[at], found.end - starts[at], found.row))
        return [(text, self._numbered(text, found)) for text, found in zip(texts, held, strict=True)]

    def _numbered(self, text: str, found: Sequence[Mark]) -> list[Place]:
        places: list[Place] = []
        for start, end in islice(joined(found, 0, len(text)), MOST - self.total):
            self.total += 1
            places.append(Place(start, end, self.total))
            self.stands.setdefault(" ".join(text[start:end].casefold().split()), []).append(self.total)
        return places

    def text(self, told: Told) -> Pieces:
        """A text that is no HTML."""
        return list(Writer().text(html.escape(told.text), told.text, self.places(*told)))

    def body(self, body: str) -> Pieces:
        """The HTML of the text, marked between its tags. What could not be told apart from a tag stays as it is."""
        blocks = list(_blocks(body))
        if any("<" in part for block in blocks for part in block[::2]):
            return [body]
        writer = Writer()
        return [piece for block in blocks for piece in self._block(writer, block)]

    def _block(self, writer: Writer, block: list[str]) -> Iterator[str | Steps]:
        texts = [_spoken(part) if at % 2 else html.unescape(part) for at, part in enumerate(block)]
        places = self.places("body", "".join(texts))
        start = 0
        for at, (part, text) in enumerate(zip(block, texts, strict=True)):
            yield from writer.tag(part) if at % 2 else writer.text(part, text, places, start)
            start += len(text)

    def write(self, pieces: Pieces) -> SafeString:
        """Safe, since all of it was escaped or cleaned."""
        written = (piece if isinstance(piece, str) else piece.write(self.total) for piece in pieces)
        return mark_safe("".join(written))  # noqa: S308


def _blocks(body: str) -> Iterator[list[str]]:
    """What stands between tags, and these tags, in turn: each list ends before what parts it from the next."""
    block: list[str] = []
    at = 0
    for tag in TAG.finditer(body):
        text = body[at : tag.start()]
        at = tag.end()
        name = tag[2].lower()
        block += [text, tag[0]]
        if name not in INLINE and not (name == "br" and not _is_break(block)):
            yield block
            block = []
    yield [*block, body[at:]]


def _is_break(block: list[str]) -> bool:
    """Whether two ends of a line with nothing between them end a block."""
    return len(block) > 3 and not block[-2].strip() and block[-3].lower().startswith("<br")


def _spoken(tag: str) -> str:
    """What a tag is to the words around it: the end of a line parts them."""
    return " " if tag.lower().startswith("<br") else ""


@dataclass
class Writer:
    """Writes texts and tags one behind the other, with places in marks."""

    in_link: bool = False
    # The marks without arrows as yet.
    waiting: list[int] = field(default_factory=list)

    def tag(self, tag: str) -> Iterator[str | Steps]:
        """A link cannot stand in a link: arrows wait for its end."""
        yield tag
        name = TAG.match(tag)
        if name and name[2].lower() == "a":
            self.in_link = not name[1]
            yield from self._steps()

    def text(self, part: str, text: str, places: Sequence[Place], start: int = 0) -> Iterator[str | Steps]:
        """`part` is `text` as HTML, which stands from `start` on in what has the places."""
        end = start + len(text)
        first_here = bisect_right(places, start, key=lambda place: place.end)
        here = places[first_here : bisect_left(places, end, key=lambda place: place.start)]
        if not here:
            yield part
            return
        done = start
        for place in here:
            first, last = max(place.start, start), min(place.end, end)
            yield html.escape(text[done - start : first - start])
            # Of a mark that goes across a tag, the last piece has its name.
            is_last = place.end <= end
            yield _mark(text[first - start : last - start], place.number if is_last else 0)
            if is_last:
                self.waiting.append(place.number)
                yield from self._steps()
            done = last
        yield html.escape(text[done - start :])

    def _steps(self) -> Iterator[Steps]:
        if self.waiting and not self.in_link:
            yield Steps(self.waiting[0], self.waiting[-1])
            self.waiting = []


def _mark(text: str, number: int) -> str:
    name = f' id="mark-{number}"' if number else ""
    return f"<mark{name}>{html.escape(text)}</mark>"
