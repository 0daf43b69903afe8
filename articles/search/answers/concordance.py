"""A concordance: one line for each place where the words of a question stand in what it finds, the word aligned."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...locales import thousands
from ...models import Article, Image
from .. import asking
from ..edge import attempt
from ..engine.analysis import fold, runs
from ..engine.errors import QueryRefused
from ..hints.widening import widening
from ..names.naming import names_in
from ..passages.marked import Marker, texts
from ..passages.marking import rows_of
from ..question import LineSort, Question, Window
from ..question.sentence import Chip, chips
from .finding import additions
from .page import SORTS, Addition, Link, Page

# Articles on a page of lines in the order of the articles; lines on a page in the order of words.
ARTICLES, LINES = 25, 100
# How many articles are looked at to put their lines in the order of words, and about how many lines are.
LOOKED_AT, SORTED = 500, 5_000
# Lines of one article; on a page with many articles about so many lines share the room.
OF_ONE, ON_PAGE = 100, 500
# Characters shown on either side, and words there that lines are ordered by.
CONTEXT, COMPARED = 90, 4
# Articles loaded at once, and seconds after which no more are looked at.
CHUNK, SECONDS = 25, 2.0
COLUMNS = (
    "title", "standfirst", "body_text", "correction", "editors_note", "language", "earliest", "latest", "precision",
    "known", "source__name",
)  # fmt: skip
STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


@dataclass(frozen=True)
class Line:
    """A place in an article, with what stands before and behind it. `url` leads to the mark in the article.

    `direction` is that of the writing, ltr or rtl: what stands before is at the right in Arabic.
    """

    article: Article
    before: str
    words: str
    behind: str
    direction: str
    url: str

    @cached_property
    def left(self) -> tuple[bool, list[str]]:
        """In the order of the words before, the nearest first; where there is none, last."""
        words = [fold(run) for run in reversed(runs(self.before)[-COMPARED:])]
        return not words, words

    @cached_property
    def right(self) -> tuple[bool, list[str]]:
        words = [fold(run) for run in runs(self.behind)[:COMPARED]]
        return not words, words


@dataclass(frozen=True)
class Lines:
    """The lines of one page. `total` is how many there are in the `looked_at` articles that were looked at.

    `listed` is how many results the question has, the printings of one story being one unless they are apart; `pages`
    has the links to other pages of lines. `found` is how many articles those results are. `also` and `widened` say what
    else was looked for, as for a `Page`.
    """

    question: Question
    lines: tuple[Line, ...] = ()
    total: int = 0
    looked_at: int = 0
    listed: int = 0
    notes: tuple[str, ...] = ()
    pages: Page | None = None
    found: int = 0
    also: tuple[Addition, ...] = ()
    widened: str = ""

    @property
    def is_grouped(self) -> bool:
        """Some results stand for several printings, of which one has lines."""
        return self.listed < self.found

    @property
    def together(self) -> str:
        """As for a `Page`."""
        return Page(self.question).together

    @property
    def orders(self) -> list[Link]:
        asked = self.question
        sides = ((LineSort.LEFT, _("Word before")), (LineSort.RIGHT, _("Word after")))
        return [
            *(
                Link(
                    str(name),
                    asked.with_(sort=sort, lines=LineSort.ARTICLES).url(),
                    not asked.lines and sort == asked.order,
                )
                for sort, name in SORTS.items()
            ),
            *(Link(name, asked.with_(lines=side).url(), side == asked.lines) for side, name in sides),
        ]

    @property
    def chips(self) -> tuple[Chip, ...]:
        """What is asked, part by part."""
        return chips(self.question, names_in(self.question))

    @property
    def exactly(self) -> str:
        """As for a `Page`."""
        return Page(self.question).exactly

    @property
    def results(self) -> str:
        """The address of the same as a list of articles."""
        return self.question.with_(view="", lines=LineSort.ARTICLES).url()


def concordance(question: Question) -> Lines:
    """The page of lines that `question` asks for; what stands in the way is told in a note."""
    notes = question.told
    if not question.parsed.sought:
        return Lines(question, notes=(*notes, _("Lines show where words stand: type a word to look for.")))
    with attempt("making a concordance") as tried:
        asker = asking.Asker()
        lines = _by_words(question, asker) if question.lines else _by_articles(question, asker)
        return replace(lines, widened=str(widening(question, asker)))
    refused = isinstance(tried.error, QueryRefused)
    why = str(tried.error) if refused else _("The search index is being rebuilt; lines can be shown when it is ready.")
    return Lines(question, notes=(*notes, why))


def _by_articles(question: Question, asker: asking.Asker) -> Lines:
    found = asker.find(question)
    window = _window(found, question, ARTICLES, question.page)
    reader = Reader(question, found.read)
    reader.of_one = min(OF_ONE, ON_PAGE // max(1, len(window.scores)))
    lines = reader.lines(list(window.scores))
    return _page(lines, Page(window.question, listed=window.listed), reader, found, window)


def _by_words(question: Question, asker: asking.Asker) -> Lines:
    """Lines of the first articles in the order of the question, all in the order of the words beside."""
    found = asker.find(question)
    window = _window(found, question, LOOKED_AT, 1)
    reader = Reader(question, found.read)
    lines = reader.lines(list(window.scores))
    lines.sort(key=lambda line: line.left if question.lines == LineSort.LEFT else line.right)
    shown = question.with_(size=LINES, page=question.page).within(len(lines))
    return _page(lines[shown.window], Page(shown, listed=len(lines)), reader, found, window)


def _page(lines: list[Line], pages: Page, reader: Reader, found: asking.Indexed, window: Window) -> Lines:
    """What is shown of the lines that were read, with links to other `pages` of them."""
    shown = pages.question
    return Lines(
        shown,
        tuple(lines),
        reader.total,
        reader.looked_at,
        window.listed,
        (*shown.told, *reader.notes(window)),
        pages,
        found.total,
        additions(shown, found.read),
    )


def _window(found: asking.Indexed, question: Question, size: int, page: int) -> Window:
    return found.window(question.with_(size=size, page=page))


class Reader:
    """Reads the lines of articles, and counts what was read."""

    def __init__(self, question: Question, read: asking.Read) -> None:
        self.question, self._left_out = question, read.notes
        self._expression = read.expression
        self._query = question.words.querystring()
        self._until = time.monotonic() + SECONDS
        self.of_one = OF_ONE
        self.looked_at, self.total, self.most = 0, 0, 0

    def lines(self, keys: Sequence[int]) -> list[Line]:
        """In the order of the keys; until the time is up, or there are more than can be put in order."""
        lines: list[Line] = []
        for article in self._articles(keys):
            lines += self._of(article) if article else ()
            self.looked_at += 1
            if len(lines) >= SORTED or time.monotonic() > self._until:
                break
        return lines

    def _articles(self, keys: Sequence[int]) -> Iterator[Article | None]:
        """None in the place of what was withdrawn."""
        images = Prefetch("images", Image.objects.only("article_id", "caption", "alt", "paragraph", "position"))
        published = Article.objects.published().select_related("source").only(*COLUMNS).prefetch_related(images)
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            held = published.in_bulk(chunk)
            self._rows = rows_of(self._expression, {article.language for article in held.values()}, self.question.exact)
            yield from map(held.get, chunk)

    def _of(self, article: Article) -> Iterator[Line]:
        marker = Marker(self._rows, article.language)
        address = f"{article.get_absolute_url()}?{self._query}#mark-"
        for text, places in marker.places_in(texts(article)):
            for place in places:
                if place.number <= self.of_one:
                    yield _line(article, text, place.start, place.end, f"{address}{place.number}")
        self.total += marker.total
        self.most = max(self.most, marker.total)

    def notes(self, window: Window) -> Iterator[str]:
        """What was left out, in sentences."""
        yield from self._left_out
        if self.looked_at < len(window.scores) or (self.question.lines and len(window.scores) < window.listed):
            yield ngettext(
                "These are the lines of the first result only, of %(all)s that were found.",
                "These are the lines of the first %(number)s results only, of %(all)s that were found.",
                self.looked_at,
            ) % {"number": thousands(self.looked_at), "all": thousands(window.listed)}
        if self.most > self.of_one:
            yield _("Of an article at most %(number)s lines are shown.") % {"number": self.of_one}


def _line(article: Article, text: str, start: int, end: int, url: str) -> Line:
    return Line(
        article,
        _before(text[max(0, start - CONTEXT) : start], start <= CONTEXT),
        _flat(text[start:end]),
        _behind(text[end : end + CONTEXT], end + CONTEXT >= len(text)),
        direction(text),
        url,
    )


def _before(text: str, is_whole: bool) -> str:
    """Without the end of a word that begins further left."""
    flat = _flat(text)
    cut = flat if is_whole or " " not in flat else flat.partition(" ")[2]
    return cut if is_whole else f"… {cut}"


def _behind(text: str, is_whole: bool) -> str:
    flat = _flat(text)
    cut = flat if is_whole or " " not in flat else flat.rpartition(" ")[0]
    return cut if is_whole else f"{cut} …"


def _flat(text: str) -> str:
    """On one line; a blank at an end stays, since it parts the words on both sides."""
    flat = " ".join(text.split())
    return f"{' ' if text[:1].isspace() else ''}{flat}{' ' if text[-1:].isspace() and flat else ''}"


def direction(text: str) -> str:
    """By the first letter that has one, as a browser tells it."""
    return next((STRONG[kind] for sign in text if (kind := unicodedata.bidirectional(sign)) in STRONG), "ltr")
